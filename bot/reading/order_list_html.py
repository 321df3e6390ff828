"""Read the tables of HTML pages, which panels save as *.xls*, and of Excel 2003 XML.

Rows are numbered as a spreadsheet shows them, wherever the file's lines end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

MOST_SPANNED: Final = 2_000  # columns or rows that a cell may span

_ROWS: Final = frozenset({"tr", "row"})
_CELLS: Final = frozenset({"td", "th", "cell"})
_UNSEEN: Final = frozenset({"script", "style", "title", "comment"})
_SPACE: Final = re.compile(r"\s+")


@dataclass(slots=True)
class _Table:
    """An open table: its current row and cell, and the cells of rows above that span further rows.

    `hanging` has the rows left and the text of each of those, by column.
    """

    row: list[object] | None = None
    cell: list[str] | None = None
    columns: int = 1
    rows: int = 1
    hanging: dict[int, tuple[int, str]] = field(default_factory=dict)


class _Rows(HTMLParser):
    """Collects the rows of all tables in the order in which they begin; tags may be unclosed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[object]] = []
        self._tables = [_Table()]
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row or a cell."""
        name, table = tag.rpartition(":")[2], self._tables[-1]
        if name == "table":
            self._tables.append(_Table())
        elif name in _ROWS:
            self._end_row(table)
            self._begin_row(table)
        elif name in _CELLS:
            self._end_cell(table)
            self._begin_cell(table, {each.rpartition(":")[2]: value or "" for each, value in attrs})
        elif name in _UNSEEN:
            self._unseen += 1
        elif name in {"br", "p", "div"}:
            self.handle_data(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Add an empty cell of XML."""
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """End a table, a row or a cell."""
        name, table = tag.rpartition(":")[2], self._tables[-1]
        if name == "table":
            self._end_row(table)
            self._tables = self._tables[:-1] or [_Table()]
        elif name in _ROWS:
            self._end_row(table)
        elif name in _CELLS:
            self._end_cell(table)
        elif name in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)

    def handle_data(self, data: str) -> None:
        """Add text to the open cell, if there is one."""
        cell = self._tables[-1].cell
        if cell is not None and not self._unseen:
            cell.append(data)

    def close(self) -> None:
        """End the rows that are still open."""
        super().close()
        for table in reversed(self._tables):
            self._end_row(table)

    def _begin_row(self, table: _Table) -> None:
        table.row = []
        self.rows.append(table.row)

    def _begin_cell(self, table: _Table, attributes: dict[str, str]) -> None:
        if table.row is None:
            self._begin_row(table)
        table.cell = []
        table.columns = _number(attributes.get("colspan"), 1) + _number(attributes.get("mergeacross"), 0)
        table.rows = _number(attributes.get("rowspan"), 1) + _number(attributes.get("mergedown"), 0)
        missing = _number(attributes.get("index"), 0) - 1 - len(table.row or ())
        if table.row is not None and missing > 0:
            table.row += [""] * missing

    def _end_cell(self, table: _Table) -> None:
        if table.cell is None or table.row is None:
            return
        text = _SPACE.sub(" ", "".join(table.cell)).strip()
        table.cell = None
        _let_hang(table, table.row)
        if table.rows > 1:
            table.hanging[len(table.row)] = (table.rows - 1, text)
        table.row += [text, *[""] * (max(1, table.columns) - 1)]

    def _end_row(self, table: _Table) -> None:
        self._end_cell(table)
        if table.row is not None:
            _let_hang(table, table.row)
        table.row = None


def _let_hang(table: _Table, row: list[object]) -> None:
    """Add the cells of rows above that span the next columns of a row."""
    while (hanging := table.hanging.pop(len(row), None)) is not None:
        left, text = hanging
        if left > 1:
            table.hanging[len(row)] = (left - 1, text)
        row.append(text)


def _number(text: str | None, default: int) -> int:
    return min(int(text), MOST_SPANNED) if text and text.isascii() and text.isdecimal() else default


def rows_of_page(text: str) -> list[list[object]]:
    """Return the rows of all tables of a page, one table after the other."""
    page = _Rows()
    page.feed(text)
    page.close()
    return page.rows
