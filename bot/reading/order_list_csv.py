"""Read the rows of an order list from CSV with any delimiter, encoding and quoting.

Each row comes with the line on which it starts, and none is lost: a row with an unclosed quote is returned as
broken, and reading continues on the next line.
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

MOST_LINES: Final = 100  # of one row, whose cells may contain line ends
BLOCK: Final = 1024 * 1024  # bytes that are read at a time, extended to the next line end
SAMPLE: Final = 64 * 1024  # bytes that decide encoding and delimiter
DELIMITERS: Final = (",", ";", "\t", "|", "^", ":")
_ONE_BYTE_LINE_ENDS: Final = frozenset({"utf-8", "utf-8-sig"})  # encodings in which b"\n" is a line end
_NO_TABLES: Final = frozenset({FileForm.IMAGE, FileForm.PDF, FileForm.ARCHIVE})
_NO_TABLE: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\{\\rtf|(?:\[\s*)?\{\s*[\"}]|\[\s*\])")  # RTF, JSON
_NOTHING: Final = b" \t\r\n\0\xef\xbb\xbf\xff\xfe"

Cells: TypeAlias = list[str]
if TYPE_CHECKING:
    from _csv import Reader


class Row(NamedTuple):
    """A row of the file, and the line (or the sheet's row) on which it starts, from 1.

    `is_broken`: a quote is not closed, so its cells are uncertain; `had_key`: a private key was removed.
    """

    line: int
    cells: Cells
    is_broken: bool = False
    had_key: bool = False


class UnreadableListError(ValueError):
    """The file is not an order list that can be read."""


class EmptyListError(UnreadableListError):
    """The file is empty."""


class NoTableError(UnreadableListError):
    """The file is something else, such as a PDF, image, archive or JSON, whatever its name says."""


class DamagedWorkbookError(UnreadableListError):
    """The workbook is damaged, or the file is not a workbook."""


class LockedWorkbookError(UnreadableListError):
    """The workbook needs a password."""


class NoHeaderError(UnreadableListError):
    """No row has known column names, and no column has recognizable contents."""


class TooLargeError(UnreadableListError):
    """The workbook is too large to unpack, or the HTML page too large to read."""


class Table(Protocol):
    """What rows can be read from: a CSV file, or a sheet of a workbook."""

    def rows(self) -> Iterator[Row]:
        """Yield all rows from the first on, without blank ones."""

    @property
    def share_read(self) -> float:
        """Return how much of it has been read in this pass, from 0 to 1."""


def check_may_be_table(stream: IO[bytes]) -> None:
    """Check that a file may be a table at all.

    Raises:
        EmptyListError: It is empty.
        NoTableError: It is another kind of file.
    """
    stream.seek(0)
    head = stream.read(HEAD)
    if not head.strip(_NOTHING) and not stream.read(1):
        raise EmptyListError
    if form_of_head(head) in _NO_TABLES or _NO_TABLE.match(head):
        raise NoTableError


# --- CSV


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Decode invalid UTF-8 as Windows-1252 (a codec error handler): files often mix the two."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    data = error.object[error.start : error.end]
    return data.decode("cp1252", "replace").replace("\ufffd", "?"), error.end


codecs.register_error("certdesk-windows", _as_windows)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV file is written; `declared`: its first line is `sep=` with the delimiter, as for Excel."""

    encoding: str
    delimiter: str
    quote: str = '"'
    escape: str | None = None
    declared: bool = False


class Block(NamedTuple):
    """Whole lines of a file: the offset and number of their bytes, and the number of the first line."""

    start: int
    size: int
    line: int


class CsvTable:
    """A CSV file, which can be read several times."""

    def __init__(self, stream: IO[bytes], dialect: Dialect) -> None:
        self.dialect = dialect
        self.blocks: Sequence[Block] = ()  # the whole file, once every row is known to be one line
        self._stream = stream
        self._size = max(1, stream.seek(0, io.SEEK_END))

    @property
    def share_read(self) -> float:
        """Return how much of it has been read in this pass, from 0 to 1."""
        return min(1.0, self._stream.tell() / self._size)

    def rows(self) -> Iterator[Row]:
        """Yield all rows from the first on, without blank ones."""
        if self.blocks:
            yield from chain.from_iterable(map(self.rows_in, self.blocks))
            return
        with self._text() as text:
            rows = rows_of(text, self.dialect)
            if self.dialect.declared:
                next(rows, None)
            yield from rows

    def rows_in(self, block: Block) -> list[Row]:
        """Return the rows of a block, without blank ones."""
        self._stream.seek(block.start)
        reader = self._reader_of(self._stream.read(block.size), block.start)
        numbered = enumerate(reader, start=block.line)
        if self.dialect.declared and not block.start:
            next(numbered, None)
        return [
            Row(line, cells) for line, cells in numbered if len(cells) > 1 or (cells and cells[0].strip())
        ]

    def plain_cells(self) -> Iterator[list[Cells]]:
        """Yield the cells of all rows, many rows at a time, if each row is one line.

        Afterwards `blocks` is set, and `rows` is fast.

        Raises:
            SeveralLinesError: A row takes several lines, or seems to, since a quote is not closed.
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
            # each row takes at least one line
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
    """Some row takes several lines, so the file must be read row by row."""


class _RunawayError(Exception):
    """A row takes more than `MOST_LINES` lines."""


def rows_of(lines: Iterator[str], dialect: Dialect) -> Iterator[Row]:
    """Yield the rows of lines of CSV, without blank ones; one with an unclosed quote is one line."""
    waiting: deque[str] = deque()
    taken: list[str] = []  # the lines of the current row

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
    """Yield each dialect in which a file may be written, with the first rows that it gives."""
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
        dialect = Dialect(encoding, delimiter, quote, escape, declared=bool(said))
        rows = [*rows_of(iter(whole), dialect)]
        yield dialect, rows[1:] if said else rows


def encoding_of(sample: bytes) -> str:
    """Return the encoding that a text seems to have, by its first bytes."""
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
