"""The list that is written back: in its own form, every row where it was, answers in columns of their own."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

from python_calamine import load_workbook

from tests.triage.lists import GERMAN, LISTS, TITLES, workbook
from tests.triage.test_lists import triaged

HEADINGS = ["How to cancel", "Refund", "Last day", "Days left", "Why"]


def test_a_csv_file_keeps_its_rows_and_its_delimiter() -> None:
    text = triaged(GERMAN.encode("cp1252"))[2].decode("utf-8")
    before = [row for row in csv.reader(GERMAN.splitlines(), delimiter=";") if row]
    after = [*csv.reader(text.splitlines(), delimiter=";")]
    assert [row[: len(was)] for row, was in zip(after, before, strict=True)] == before
    header, first, second, third, blank, total = after[2:]
    assert header[6:] == HEADINGS
    assert first[6:10] == ["support ticket", "yes", "2026-12-03", "10"]
    assert second[6:10] == ["self service portal", "yes", "2026-11-23", "0"]
    assert third[6:10] == ["control panel", "the page does not say", "", ""]
    assert [len(row) for row in (blank, total)] == [6, 6]


def test_each_csv_is_written_in_the_encoding_and_quoting_that_it_had() -> None:
    spanish = LISTS["Spanish, in UTF-16, with months by name"].content
    assert triaged(spanish)[2].decode("utf-16").startswith("Dominio|Producto|Estado|Fecha de emisión|How to")
    panel = LISTS["a panel's export, quoted, with a mark"].content
    assert triaged(panel)[2].startswith(b"\xef\xbb\xbf")
    several = LISTS["of several sellers, as Excel is told"].content
    assert triaged(several)[2].startswith(b"sep=;\r\nBought from;")


def test_a_workbook_keeps_days_as_days_and_numbers_as_numbers() -> None:
    content = workbook(TITLES, [("B4:B6", "PositiveSSL")])
    [sheet] = (book := load_workbook(io.BytesIO(triaged(content)[2]))).sheet_names
    rows = book.get_sheet_by_name(sheet).to_python()
    assert rows[0][0] == "Orders of November"
    assert rows[2][5:] == HEADINGS
    day = date(2026, 11, 3)
    assert rows[3][:5] == ["a.example.com", "PositiveSSL", day, 10493321, 9.5]
    assert rows[3][5:9] == ["support ticket", "yes", date(2026, 12, 3), 10]
    assert rows[4][1:3] == ["PositiveSSL", datetime(2026, 10, 24, 23, 30)]  # noqa: DTZ001
    assert rows[7][0] == "Total"
    assert not any(rows[7][5:])


def test_a_formula_comes_back_as_a_text() -> None:
    content = b'Domain,Product,Note\na.example.com,PositiveSSL,"=HYPERLINK(""https://example.net"")"\n'
    assert b'"=HYPERLINK(""https://example.net"")"' in triaged(content)[2]
    sheet = workbook({"S": [["Domain", "Product", "Note"], ["a.example.com", "PositiveSSL", "'=1+1"]]})
    [name] = (book := load_workbook(io.BytesIO(triaged(sheet)[2]))).sheet_names
    assert book.get_sheet_by_name(name).to_python()[1][2] == "'=1+1"
