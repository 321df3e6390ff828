"""Read the rows of a list of orders from CSV of any delimiter, encoding and quoting.

Rows come one after the other, each with the line on which it starts, and none is left out: a row whose quotes
do not close is told as broken, and reading goes on with the next line.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import IO, TYPE_CHECKING, Final, NamedTuple, Protocol, TypeAlias

from bot.reading.file_kinds import HEAD, FileForm, form_of_head

MOST_LINES: Final = 100  # of one row, whose cells may hold line ends
BLOCK: Final = 1024 * 1024  # bytes that are read at a time, up to the end of their last line
SAMPLE: Final = 64 * 1024  # bytes by which encoding and delimiter are told
DELIMITERS: Final = (",", ";", "\t", "|", "^", ":")
_ONE_BYTE_LINE_ENDS: Final = frozenset({"utf-8", "utf-8-sig"})  # where a line end is one byte
_NO_TABLES: Final = frozenset({FileForm.IMAGE, FileForm.PDF, FileForm.ARCHIVE})
_NO_TABLE: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\{\\rtf|(?:\[\s*)?\{\s*[\"}]|\[\s*\])")  # RTF, JSON
_NOTHING: Final = b" \t\r\n\0\xef\xbb\xbf\xff\xfe"

Cells: TypeAlias = list[str]
if TYPE_CHECKING:
    from _csv import Reader


class Row(NamedTuple):
    """A row of the file.

    `is_broken`: its quotes do not close, so where its cells end is not known; `had_key`: a private key was
    taken out of it.
    """

    line: int
    cells: Cells
    is_broken: bool = False
    had_key: bool = False


class UnreadableListError(ValueError):
    """The file is no list of orders that can be read."""


class EmptyListError(UnreadableListError):
    """Nothing is in the file."""


class NoTableError(UnreadableListError):
    """The file is of another kind, such as a PDF, a picture, an archive or JSON, whatever its name says."""


class DamagedWorkbookError(UnreadableListError):
    """The workbook is damaged, or none."""


class LockedWorkbookError(UnreadableListError):
    """The workbook is locked by a password."""


class NoHeaderError(UnreadableListError):
    """No row has the names of columns that are known, and no column has contents that are."""


class TooLargeError(UnreadableListError):
    """The workbook would be too large to unpack, or the page to read."""


class Table(Protocol):
    """A sheet of a workbook, or a CSV file."""

    def rows(self) -> Iterator[Row]:
        """Yield all the rows from the first on, blank ones left out."""

    @property
    def share_read(self) -> float:
        """Say how much of it has been read in this pass, from 0 to 1."""


def look_at_kind(stream: IO[bytes]) -> None:
    """Look whether a file may be a table at all.

    Raises:
        EmptyListError: Nothing is in it.
        NoTableError: It is of another kind.
    """
    stream.seek(0)
    head = stream.read(HEAD)
    if not head.strip(_NOTHING) and not stream.read(1):
        raise EmptyListError
    if form_of_head(head) in _NO_TABLES or _NO_TABLE.match(head):
        raise NoTableError


# --- CSV


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Decode bytes that are no UTF-8 as Windows does: files are often put together from both."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    data = error.object[error.start : error.end]
    return data.decode("cp1252", "replace").replace("\ufffd", "?"), error.end


codecs.register_error("certdesk-windows", _as_windows)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV file is written; `said_on_top`: its first line says which delimiter it has, as for Excel."""

    encoding: str
    delimiter: str
    quote: str = '"'
    escape: str | None = None
    said_on_top: bool = False


class Block(NamedTuple):
    """Some whole lines of a file: from which byte, how many, and the number of the first line."""

    start: int
    size: int
    line: int


class CsvTable:
    """A CSV file, read anew in each pass."""

    def __init__(self, stream: IO[bytes], dialect: Dialect) -> None:
        self.dialect = dialect
        self.blocks: Sequence[Block] = ()  # of the whole file, once every row is known to be one line
        self._stream = stream
        self._size = max(1, stream.seek(0, io.SEEK_END))

    @property
    def share_read(self) -> float:
        """Say how much of it has been read in this pass, from 0 to 1."""
        return min(1.0, self._stream.tell() / self._size)

    def rows(self) -> Iterator[Row]:
        """Yield all the rows from the first on, blank ones left out."""
        if self.blocks:
            yield from chain.from_iterable(map(self.rows_in, self.blocks))
            return
        with self._text() as text:
            rows = rows_of(text, self.dialect)
            if self.dialect.said_on_top:
                next(rows, None)
            yield from rows

    def rows_in(self, block: Block) -> list[Row]:
        """Return the rows of a block, blank ones left out."""
        self._stream.seek(block.start)
        reader = self._reader_of(self._stream.read(block.size), block.start)
        numbered = enumerate(reader, start=block.line)
        if self.dialect.said_on_top and not block.start:
            next(numbered, None)
        return [
            Row(line, cells) for line, cells in numbered if len(cells) > 1 or (cells and cells[0].strip())
        ]

    def plain_cells(self) -> Iterator[list[Cells]]:
        """Yield the cells of all rows, many rows at a time, as long as each row is one line.

        Then the file has blocks, and `rows` is quick.

        Raises:
            SeveralLinesError: A row takes several lines, or seems to, as its quotes do not close.
        """
        if self.dialect.encoding not in _ONE_BYTE_LINE_ENDS:
            raise SeveralLinesError
        blocks, start, line = list[Block](), 0, 1
        self._stream.seek(0)
        while data := self._stream.read(BLOCK):
            data += self._stream.readline(BLOCK)
            if not data.endswith(b"\n") and start + len(data) < self._size:
                raise SeveralLinesError
            reader = self._reader_of(data, start)
            try:
                rows = [*reader]
            except csv.Error as error:
                raise SeveralLinesError from error
            # each row takes a line at least
            if not rows or reader.line_num != len(rows) or (rows[-1] and rows[-1][-1].endswith(("\n", "\r"))):
                raise SeveralLinesError
            yield rows
            blocks.append(Block(start, len(data), line))
            start, line = start + len(data), line + len(rows)
        self.blocks = blocks

    def _reader_of(self, data: bytes, start: int) -> Reader:
        encoding = "utf-8" if start else self.dialect.encoding
        return _reader(io.StringIO(data.decode(encoding, "certdesk-windows"), newline=""), self.dialect)

    @contextmanager
    def _text(self) -> Iterator[io.TextIOWrapper]:
        self._stream.seek(0)
        text = io.TextIOWrapper(self._stream, self.dialect.encoding, "certdesk-windows", newline="")
        try:
            yield text
        finally:
            text.detach()


class SeveralLinesError(Exception):
    """A row takes several lines, so each has to be looked at closely."""


class _RunawayError(Exception):
    """A row takes more lines than any does."""


def rows_of(lines: Iterator[str], dialect: Dialect) -> Iterator[Row]:
    """Yield the rows of a text, blank ones left out."""
    waiting: deque[str] = deque()
    taken: list[str] = []  # the lines of the row that is being read

    def feed() -> Iterator[str]:
        while True:
            while waiting:
                taken.append(line := waiting.popleft())
                yield line
            for line in lines:
                taken.append(line)
                if len(taken) > MOST_LINES:
                    raise _RunawayError
                yield line
                if waiting:
                    break
            else:
                return

    at = 1
    while True:
        broken = False
        try:
            for cells in _reader(feed(), dialect):
                count = len(taken)
                if count > 1 and "".join(taken).count(dialect.quote) % 2:
                    broken = True
                    break
                if len(cells) > 1 or (cells and cells[0].strip()):
                    yield Row(at, cells)
                at += count
                taken.clear()
        except (csv.Error, _RunawayError):
            broken = True
        if not broken:
            return
        first, *rest = taken
        waiting.extendleft(reversed(rest))
        taken.clear()
        yield Row(at, first.rstrip("\r\n").split(dialect.delimiter), is_broken=True)
        at += 1


def _reader(lines: Iterator[str], dialect: Dialect) -> Reader:
    return csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        escapechar=dialect.escape,
        skipinitialspace=dialect.delimiter != "\t",
    )


def dialects_of(stream: IO[bytes]) -> Iterator[tuple[Dialect, list[Row]]]:
    """Yield the ways in which a file may be written, each with the first rows that it makes."""
    stream.seek(0)
    sample = stream.read(SAMPLE)
    encoding = encoding_of(sample)
    text = codecs.getincrementaldecoder(encoding)("certdesk-windows").decode(sample)
    lines = text.splitlines(keepends=True)
    whole = lines[:-1] if len(sample) == SAMPLE and len(lines) > 1 else lines
    said = text[4:5] if text[:4].lower() == "sep=" else ""
    quote = "'" if '"' not in text and text.count("'") > len(lines) else '"'
    escape = "\\" if f"\\{quote}" in text else None
    for delimiter in (said,) if said else DELIMITERS:
        dialect = Dialect(encoding, delimiter, quote, escape, said_on_top=bool(said))
        rows = [*rows_of(iter(whole), dialect)]
        yield dialect, rows[1:] if said else rows


def encoding_of(sample: bytes) -> str:
    """Return the encoding of a text by how it begins."""
    for mark, encoding in (
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
        (codecs.BOM_UTF8, "utf-8-sig"),
    ):
        if sample.startswith(mark):
            return encoding
    few = len(sample) // 8
    if sample[1::2].count(0) > few:
        return "utf-16-le"
    return "utf-16-be" if sample[::2].count(0) > few else "utf-8"
