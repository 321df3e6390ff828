"""Write a list back in its original format, with the answers in additional columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import IO, Any, Final, Protocol, TypeVar

from bot.reading.order_list_csv import Dialect, Row
from bot.reading.order_list_workbooks import SheetTable
from bot.render.screen_labels import ListColumns
from bot.triage.wording import WordedAnswer

MAX_CELL_LENGTH: Final = 32_767  # characters, in Excel
WIDTHS: Final = (20, 16, 12, 10, 60)  # of the columns of answers, in characters


P = TypeVar("P")


class Annotated(Protocol[P]):
    """Writes a list back, many rows at a time."""

    def part(self, rows: Sequence[tuple[Row, WordedAnswer | None]]) -> P:
        """Return rows in the form that `write` takes; each order comes with its answer."""

    def write(self, part: P) -> None:
        """Write a part, which may have been made in another process."""

    def close(self) -> None:
        """Finish the file."""


def headings(columns: ListColumns) -> list[str]:
    """Return the headings of the answer columns."""
    return [columns.route, columns.verdict, columns.last_day, columns.days_left, columns.why]


class AnnotatedCsv:
    """Writes a CSV file in the dialect of the original list."""

    def __init__(
        self, stream: IO[bytes], dialect: Dialect, width: int, columns: ListColumns, header: int | None
    ) -> None:
        self._text = io.TextIOWrapper(stream, dialect.encoding, "replace", newline="", write_through=False)
        self._dialect = dialect
        self._width, self._headings, self._header = width, headings(columns), header
        if dialect.declared:
            self._text.write(f"sep={dialect.delimiter}\r\n")

    def part(self, rows: Sequence[tuple[Row, WordedAnswer | None]]) -> str:
        """Return rows as CSV text, orders with their answers."""
        text = io.StringIO(newline="")
        writer = csv.writer(
            text,
            delimiter=self._dialect.delimiter,
            quotechar=self._dialect.quote,
            escapechar=self._dialect.escape,
            lineterminator="\r\n",
        )
        writer.writerows([self._with_answer(row, said) for row, said in rows])
        return text.getvalue()

    def write(self, part: str) -> None:
        """Write a part, which may have been made in another process."""
        self._text.write(part)

    def _with_answer(self, row: Row, said: WordedAnswer | None) -> Sequence[object]:
        answer = self._headings if row.line == self._header else said
        if answer is None:
            return row.cells
        return [*row.cells, *[""] * (self._width - len(row.cells)), *answer]

    def close(self) -> None:
        """Flush the text; the stream stays open."""
        self._text.flush()
        self._text.detach()


class AnnotatedSheet:
    """Writes a workbook with the one sheet that was read; no cell becomes a formula."""

    def __init__(
        self, stream: IO[bytes], table: SheetTable, width: int, columns: ListColumns, header: int | None
    ) -> None:
        import xlsxwriter  # type: ignore[import-untyped]  # noqa: PLC0415  only who writes a workbook needs it

        self._table, self._width, self._headings, self._header = table, width, headings(columns), header
        options = {"constant_memory": True, "in_memory": False}
        self._book: Any = xlsxwriter.Workbook(stream, options)
        self._sheet = self._book.add_worksheet()
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._bold = self._book.add_format({"bold": True})
        for index, wide in enumerate(WIDTHS):
            self._sheet.set_column(width + index, width + index, wide)

    def part(
        self, rows: Sequence[tuple[Row, WordedAnswer | None]]
    ) -> Sequence[tuple[Row, WordedAnswer | None]]:
        """Return the rows as they are: only one process can write a sheet."""
        return rows

    def write(self, part: Sequence[tuple[Row, WordedAnswer | None]]) -> None:
        """Write rows, orders with their answers."""
        for row, said in part:
            is_header = row.line == self._header
            style = self._bold if is_header else None
            values = row.cells if row.had_key else self._table.values_of(row.line)
            answer = self._headings if is_header else said or ()
            for index, value in (*enumerate(values), *enumerate(answer, self._width)):
                self._put(row.line - 1, index, value, style)

    def close(self) -> None:
        """Finish the workbook."""
        self._book.close()

    def _put(self, row: int, column: int, value: object, style: object = None) -> None:
        match value:
            case None | "":
                return
            case bool():
                self._sheet.write_boolean(row, column, value)
            case datetime() | date():
                self._sheet.write_datetime(row, column, value, self._day)
            case int() | float():
                self._sheet.write_number(row, column, value)
            case _:
                self._sheet.write_string(row, column, str(value)[:MAX_CELL_LENGTH], style)
