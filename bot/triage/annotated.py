"""Write a list back in the form in which it came, with the answers in columns of their own."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import IO, Any, Final, Protocol

from bot.reading.order_list_files import Dialect, Row, SheetTable
from bot.render.screen_labels import ListColumns
from bot.triage.wording import Said

LONGEST_CELL: Final = 32_767  # characters, in Excel
WIDTHS: Final = (20, 16, 12, 10, 60)  # of the columns of answers, in characters


class Annotated(Protocol):
    """A list that is written back, row by row."""

    def write(self, row: Row, said: Said | None, *, is_header: bool) -> None:
        """Write a row, with its answer where it is an order."""

    def close(self) -> None:
        """Write what is left."""


def headings(columns: ListColumns) -> list[str]:
    """Return what the columns of answers are called."""
    return [columns.route, columns.verdict, columns.last_day, columns.days_left, columns.why]


class AnnotatedCsv:
    """A CSV file in the dialect of the list."""

    def __init__(self, stream: IO[bytes], dialect: Dialect, width: int, columns: ListColumns) -> None:
        self._text = io.TextIOWrapper(stream, dialect.encoding, "replace", newline="", write_through=False)
        self._rows = csv.writer(
            self._text,
            delimiter=dialect.delimiter,
            quotechar=dialect.quote,
            escapechar=dialect.escape,
            lineterminator="\r\n",
        )
        self._width, self._headings = width, headings(columns)
        if dialect.said_on_top:
            self._text.write(f"sep={dialect.delimiter}\r\n")

    def write(self, row: Row, said: Said | None, *, is_header: bool) -> None:
        """Write a row, with its answer where it is an order."""
        answer: Sequence[object] = self._headings if is_header else _cells(said) if said is not None else ()
        blank = [""] * (self._width - len(row.cells)) if answer else []
        self._rows.writerow([*row.cells, *blank, *answer])

    def close(self) -> None:
        """Write what is left."""
        self._text.flush()
        self._text.detach()


def _cells(said: Said) -> list[object]:
    last_day = said.last_day.isoformat() if said.last_day is not None else ""
    return [said.route, said.verdict, last_day, "" if said.days_left is None else said.days_left, said.why]


class AnnotatedSheet:
    """A workbook of the one sheet that was read: numbers and days stay what they are, formulas are none."""

    def __init__(self, stream: IO[bytes], table: SheetTable, width: int, columns: ListColumns) -> None:
        import xlsxwriter  # type: ignore[import-untyped]  # noqa: PLC0415  only who writes a workbook needs it

        self._table, self._width, self._headings = table, width, headings(columns)
        options = {"constant_memory": True, "in_memory": False}
        self._book: Any = xlsxwriter.Workbook(stream, options)
        self._sheet = self._book.add_worksheet()
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._bold = self._book.add_format({"bold": True})
        for index, wide in enumerate(WIDTHS):
            self._sheet.set_column(width + index, width + index, wide)

    def write(self, row: Row, said: Said | None, *, is_header: bool) -> None:
        """Write a row, with its answer where it is an order."""
        at = row.line - 1
        values = row.cells if row.had_key else self._table.values_of(row.line)
        for index, value in enumerate(values):
            self._put(at, index, value, self._bold if is_header else None)
        if is_header:
            for index, heading in enumerate(self._headings):
                self._sheet.write_string(at, self._width + index, heading, self._bold)
        elif said is not None:
            answer = (said.route, said.verdict, said.last_day, said.days_left, said.why)
            for index, value in enumerate(answer):
                self._put(at, self._width + index, value)

    def close(self) -> None:
        """Write what is left."""
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
                self._sheet.write_string(row, column, str(value)[:LONGEST_CELL], style)
