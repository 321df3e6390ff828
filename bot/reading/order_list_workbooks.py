"""Read the sheets of a workbook, or of an HTML page that is named like one, row by row."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import IO, Final

from bot.reading.order_list_csv import (
    BLOCK,
    SAMPLE,
    DamagedWorkbookError,
    LockedWorkbookError,
    Row,
    TooLargeError,
    encoding_of,
)
from bot.reading.order_list_formulas import valueless_cells
from bot.reading.order_list_html import rows_of_page

MOST_UNPACKED: Final = 1_500_000_000  # bytes of a workbook
MOST_SHEETS: Final = 50
LARGEST_PAGE: Final = 64 * 1024 * 1024  # bytes
NO_VALUE: Final = "#VALUE!"  # in place of a formula without a stored value, as in Excel
_CHARSET: Final = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?([\w-]{1,40})", re.IGNORECASE)
_WINDOWS_CHARSETS: Final = frozenset({b"windows-1252", b"iso-8859-1", b"latin1"})
_LOCKED: Final = "EncryptedPackage".encode("utf-16-le")  # in the OLE directory of an encrypted XLSX
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0"


def is_workbook(stream: IO[bytes]) -> bool:
    """Return whether a file begins as a workbook does, whatever its name says."""
    stream.seek(0)
    return stream.read(4) in (_ZIP, _OLE)


# --- pages


def page_of(stream: IO[bytes]) -> SheetTable | None:
    """Return the tables of an HTML or XML page as one sheet, or None if the file is not a page.

    Raises:
        TooLargeError: The page is too large to read.
    """
    stream.seek(0)
    sample = stream.read(SAMPLE)
    encoding = encoding_of(sample)
    if not sample.decode(encoding, "ignore").lstrip("\ufeff \t\r\n").startswith("<"):
        return None
    if stream.seek(0, io.SEEK_END) > LARGEST_PAGE:
        raise TooLargeError
    stream.seek(0)
    said = _CHARSET.search(sample)
    if encoding == "utf-8" and said is not None and said[1].lower() in _WINDOWS_CHARSETS:
        encoding = "cp1252"
    return SheetTable("", 1, rows_of_page(stream.read().decode(encoding, "certdesk-windows")))


# --- workbooks


class SheetTable:
    """A sheet of a workbook; cells give dates in ISO 8601, and a merged cell's text in each of its rows."""

    def __init__(self, name: str, first_line: int, values: Sequence[Sequence[object]]) -> None:
        self.name = name
        self._first_line = first_line
        self._values = values
        self._read = 0

    @property
    def share_read(self) -> float:
        """Say how much of it has been read in this pass, from 0 to 1."""
        return self._read / max(1, len(self._values))

    def values_of(self, line: int) -> Sequence[object]:
        """Return the values of a row with the types that the workbook gives them."""
        return self._values[line - self._first_line]

    def rows(self) -> Iterator[Row]:
        """Yield all the rows from the first on, blank ones left out."""
        for number, values in enumerate(self._values):
            self._read = number
            cells = [*map(_cell, values)]
            if any(cells):
                yield Row(self._first_line + number, cells)


def sheets_of(stream: IO[bytes]) -> Iterator[SheetTable]:
    """Yield the visible sheets of a workbook, in order.

    Raises:
        DamagedWorkbookError: The file is not a workbook, or cannot be opened.
        LockedWorkbookError: It needs a password.
        TooLargeError: It is too large to unpack.
    """
    from python_calamine import (  # noqa: PLC0415  only needed for workbooks
        CalamineError,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
        load_workbook,
    )

    _check_size(stream)
    try:
        workbook = load_workbook(stream)
        seen = [
            each.name
            for each in workbook.sheets_metadata
            if each.typ == SheetTypeEnum.WorkSheet and each.visible == SheetVisibleEnum.Visible
        ]
        for name in seen[:MOST_SHEETS]:
            sheet = workbook.get_sheet_by_name(name)
            if sheet.start is None:
                continue
            values: list[list[object]] = [[*row] for row in sheet.to_python(skip_empty_area=True)]
            for row, column in valueless_cells(stream, name):
                _put(values, row - sheet.start[0], column - sheet.start[1], NO_VALUE)
            _fill_merged(values, sheet.merged_cell_ranges or [], sheet.start)
            yield SheetTable(name, sheet.start[0] + 1, values)
    except PasswordError as error:
        raise LockedWorkbookError from error
    except (CalamineError, ValueError, OSError) as error:
        raise LockedWorkbookError if _is_locked(stream) else DamagedWorkbookError from error


def _is_locked(stream: IO[bytes]) -> bool:
    """Return whether a file that could not be opened is a password-protected XLSX, by its OLE directory."""
    stream.seek(0)
    before = b""
    while piece := stream.read(BLOCK):
        if _LOCKED in before + piece:
            return True
        before = piece[-len(_LOCKED) :]
    return False


def _check_size(stream: IO[bytes]) -> None:
    stream.seek(0)
    if stream.read(4) == _ZIP:
        try:
            with zipfile.ZipFile(stream) as packed:
                size = sum(member.file_size for member in packed.infolist())
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise DamagedWorkbookError from error
        if size > MOST_UNPACKED:
            raise TooLargeError
    stream.seek(0)


def _put(values: list[list[object]], row: int, column: int, value: object) -> None:
    if 0 <= row < len(values) and 0 <= column < len(values[row]):
        values[row][column] = value


def _fill_merged(
    values: list[list[object]],
    ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]],
    start: tuple[int, int],
) -> None:
    """Copy the value of each merged cell into all rows that it covers."""
    for (top, left), (bottom, _) in ranges:
        row, column = top - start[0], left - start[1]
        if row < 0 or column < 0 or row >= len(values) or column >= len(values[row]):
            continue
        for each in values[row + 1 : bottom - start[0] + 1]:
            each[column] = values[row][column]


def _cell(value: object) -> str:
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004  exact up to there
            return str(int(value))
        case datetime() | date():
            return value.isoformat()
        case timedelta():
            return ""
        case _:
            return str(value)
