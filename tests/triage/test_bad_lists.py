"""What somebody may take for a list, or make to do harm: bounded, none of its orders lost, no key kept."""

from __future__ import annotations

import base64
import gzip
import io
import re
import time
import zipfile
from itertools import count
from random import Random

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import load_workbook

from bot.reading.order_list_csv import (
    DamagedWorkbookError,
    Dialect,
    EmptyListError,
    LockedWorkbookError,
    NoHeaderError,
    NoTableError,
    TooLargeError,
    UnreadableListError,
    rows_of,
)
from bot.reading.order_list_facts import Given
from bot.reading.order_list_workbooks import LARGEST_PAGE
from bot.reading.order_lists import OrderList, PrivateKeyError
from policy.facts import PROGRAM, Fact
from tests.conftest import shipped
from tests.reading import certificates as c
from tests.triage.lists import COUNTED, PANEL, TODAY, workbook
from tests.triage.test_lists import short, triaged
from tests.triage.workbooks import ODS, XLS

HEADER = "Domain,Product,Status,Issued on"
GOOD = "a.example.com,PositiveSSL,completed,2026-11-03"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
KEY = c.key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
BARE = base64.b64encode(c.key().private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())).decode()


def answers(*lines: str, encoding: str = "utf-8") -> dict[int, str]:
    content = "\n".join([HEADER, *lines]).encode(encoding)
    return {line["line"]: short(line) for line in triaged(content)[0]}


def packed(size: int) -> bytes:
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("xl/worksheets/sheet1.xml", bytes(size))
    return octets.getvalue()


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", EmptyListError),
        (b"\n\n\n", EmptyListError),
        (b"\xef\xbb\xbf", EmptyListError),
        (bytes(500), EmptyListError),
        (b"hello", NoHeaderError),
        (b"one column\nof words\n", NoHeaderError),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, NoTableError),
        (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\n" + GOOD.encode(), NoTableError),
        (gzip.compress(f"{HEADER}\n{GOOD}\n".encode()), NoTableError),
        (b"{\\rtf1\\ansi Domain, Product\\par a.example.com, PositiveSSL\\par}", NoTableError),
        (b'[{"domain": "a.example.com", "product": "PositiveSSL"}]', NoTableError),
        (b'{"domain": "a.example.com", "product": "PositiveSSL"}\n' * 3, NoTableError),
        (
            b'\xef\xbb\xbf[\n  {\n    "domain": "a.example.com",\n    "product": "PositiveSSL"\n  }\n]',
            NoTableError,
        ),
        (b"<!DOCTYPE html><html><body><h1>Sign in</h1><p>Domain, Product</p></body></html>", NoHeaderError),
        (b"<html><table><tr><td>hello</td></tr></table></html>", NoHeaderError),
        (b'{"orders": []}', NoTableError),
        (b"[]", NoTableError),
        (b"PK\x03\x04 is no workbook", DamagedWorkbookError),
        (OLE + bytes(600), DamagedWorkbookError),
        (OLE + bytes(3000) + "EncryptedPackage".encode("utf-16-le") + bytes(3000), LockedWorkbookError),
        (packed(1000), DamagedWorkbookError),
        (workbook({"One": [["hello"]], "Two": []}), NoHeaderError),
        (workbook({"One": []}), NoHeaderError),
        (KEY.encode(), PrivateKeyError),
    ],
    ids=map(str, count()),  # some of them are made anew in each process
)
def test_what_is_no_list_has_a_reason(content: bytes, error: type[UnreadableListError]) -> None:
    with pytest.raises(error):
        triaged(content)


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (f"{HEADER}\n", {}),
        (f"{HEADER}\n{GOOD}\n".encode("utf-16-le"), {2: "eligible 2026-12-03"}),
        (f"{HEADER}\n{GOOD}\n".replace("P", "\0P"), {2: "eligible 2026-12-03"}),
        (
            "| Domain | Product | Issued on |\n| - | :-: | -: |\n| a.example.com | QuickSSL | 2026-11-03 |\n",
            {3: "eligible 2026-12-03"},
        ),
        (
            "Domain | Product | Issued on\n--- | --- | ---\na.example.com | PositiveSSL | 2026-11-03\n",
            {3: "eligible 2026-12-03"},
        ),
        (
            "+---+---+\n| Domain | Product |\n+---+---+\n| a.example.com | QuickSSL |\n+---+---+\n",
            {4: "? issued"},
        ),
        (
            'Domain;Product;Note;Issued on\n"a.example.com";QuickSSL;"urgent; call; 3 x";2026-11-03\n',
            {2: "eligible 2026-12-03"},
        ),
        (
            f'Note,{HEADER}\n"a; b; c; d; e; f",{GOOD}\n',
            {2: "eligible 2026-12-03"},
        ),
        (
            f"{HEADER},{','.join(f'column {each}' for each in range(1_000))}\n"
            + f"{GOOD},{','.join('x' * 1_000)}\n" * 20,
            dict.fromkeys(range(2, 22), "eligible 2026-12-03"),
        ),
        (XLS, {2: "eligible 2026-12-03", 3: "eligible 2026-11-23", 4: "unstated"}),
        (ODS, {2: "eligible 2026-12-03", 3: "eligible 2026-11-23", 4: "unstated"}),
    ],
    ids=[
        "a header alone",
        "utf-16 without a mark",
        "NULs",
        "Markdown",
        "Markdown without edges",
        "drawn",
        "semicolons in quotes",
        "other semicolons in quotes",
        "a thousand columns",
        "XLS",
        "ODS",
    ],
)
def test_what_looks_odd_is_read_all_the_same(content: str | bytes, wanted: dict[int, str]) -> None:
    lines = triaged(content.encode() if isinstance(content, str) else content)[0]
    assert {line["line"]: short(line) for line in lines} == wanted


def test_a_page_that_is_too_large_is_not_read_whole() -> None:
    class Large(io.BytesIO):
        def seek(self, offset: int, whence: int = 0) -> int:
            return LARGEST_PAGE + 1 if whence == io.SEEK_END else super().seek(offset, whence)

    with pytest.raises(TooLargeError):
        OrderList(
            Large(b"<table><tr><td>Domain</td></tr></table>"), CORE, GIVEN, lambda _share, _orders: None
        )


def test_a_workbook_that_would_burst_is_not_unpacked() -> None:
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/worksheets/sheet1.xml", "<worksheet/>")
        file.infolist()[0].file_size = 1_600_000_000
    began = time.process_time()
    with pytest.raises(TooLargeError):
        triaged(octets.getvalue())
    assert time.process_time() - began < 1


def test_a_list_of_one_column() -> None:
    assert [short(line) for line in triaged(b"Product\nPositiveSSL\nQuickSSL\n")[0]] == ["? issued"] * 2
    assert [short(line) for line in triaged(b"domain\na.example.com\nb.example.com\n")[0]] == ["? issued"] * 2


def test_very_many_columns() -> None:
    names = ",".join(f"column {number}" for number in range(10_000))
    cells = ",".join("x" for _ in range(10_000))
    began = time.process_time()
    lines, _, _ = triaged(f"{HEADER},{names}\n{GOOD},{cells}\n".encode())
    assert [short(line) for line in lines] == ["eligible 2026-12-03"]
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    "row",
    [
        'b.example.com,"PositiveSSL,completed,2026-11-03',
        'b.example.com,PositiveSSL,completed,"2026-11-03',
        f'b.example.com,"{"x" * 200_000}',
    ],
)
def test_a_quote_that_does_not_close_takes_no_other_row_with_it(row: str) -> None:
    found = answers(GOOD, row, *[GOOD] * 150, 'c.example.com,"Thawte, Inc",completed,2026-11-03')
    assert [*found] == [*range(2, 155)]
    assert found[3].startswith("! A quotation mark")
    assert {found[line] for line in range(4, 154)} == {"eligible 2026-12-03"}


def test_a_row_longer_than_any_order_says_so_and_takes_no_other_with_it() -> None:
    found = answers(GOOD, f"b.example.com,PositiveSSL,completed,{'x ' * 100_000}", GOOD)
    assert [*found] == [2, 3, 4]
    assert found[3].startswith("! This row is longer than any order")


def test_leading_zeros_stay_and_digits_that_a_sheet_has_rounded_off_are_no_order() -> None:
    lines, _, _ = triaged(COUNTED.encode())
    assert [line["details"].get("supplier_order_id") for line in lines] == ["0010493321", None, "10493323"]


@pytest.mark.parametrize(
    "page",
    [
        "<table>" * 3_000,
        "<tr><td>" * 3_000,
        "<td rowspan=99999 colspan=99999>x" * 50,
        "<!--" + "<tr><td>" * 3_000,
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "&c;&c;">]><Row><Cell>&b;</Cell></Row>',
        "<html>" + "&amp" * 20_000,
    ],
)
def test_a_page_that_is_made_to_be_slow_is_not(page: str) -> None:
    began = time.process_time()
    with pytest.raises(NoHeaderError):
        triaged(page.encode())
    assert time.process_time() - began < 4


def test_a_page_in_which_a_key_stands_comes_back_without_it() -> None:
    cells = (f"<td>{cell}</td>" for cell in ("a.example.com", "PositiveSSL", KEY.replace("\n", "<br>")))
    page = f"<table><tr><th>Domain<th>Product<th>Note</tr><tr>{''.join(cells)}</tr></table>"
    [line], _, annotated = triaged(page.encode())
    assert "private key" in line["unreadable"]
    book = load_workbook(io.BytesIO(annotated))
    assert KEY.splitlines()[1] not in repr(book.get_sheet_by_index(0).to_python())


def test_cells_with_line_ends_count_by_the_line_on_which_their_row_begins() -> None:
    address = '"Company\nStreet 1\r\nTown"'
    found = answers(GOOD, f"b.example.com,{address},completed,2026-11-03", "", GOOD)
    assert [*found] == [2, 3, 7]


def test_nuls_and_mixed_encodings() -> None:
    text = f"{HEADER},Kunde\n{GOOD},M\N{LATIN SMALL LETTER U WITH DIAERESIS}ller\n"
    mixed = (
        text.encode()
        + text.splitlines()[1].encode("cp1252")
        + b"\na\0.example.com,Positive\0SSL,completed,2026-11-03\0,x\n"
    )
    assert [short(line) for line in triaged(mixed)[0]] == ["eligible 2026-12-03"] * 3
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "cp1252"):
        assert answers(GOOD, encoding=encoding) == {2: "eligible 2026-12-03"}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^"])
def test_every_delimiter_and_line_end(delimiter: str, end: str) -> None:
    content = end.join([HEADER, GOOD, GOOD]).replace(",", delimiter).encode()
    assert {line["line"]: short(line) for line in triaged(content)[0]} == dict.fromkeys(
        (2, 3), "eligible 2026-12-03"
    )


def test_single_quotes_and_backslashes() -> None:
    quoted = "\n".join("'" + line.replace(",", "','") + "'" for line in (HEADER, GOOD))
    assert [short(line) for line in triaged(quoted.encode())[0]] == ["eligible 2026-12-03"]
    escaped = f'{HEADER},Note\n{GOOD},"a \\"good\\", old, customer"\n'
    assert [short(line) for line in triaged(escaped.encode())[0]] == ["eligible 2026-12-03"]


def test_a_formula_without_its_value_and_an_error_cannot_be_read() -> None:
    """As what other programs than Excel write, and nobody has opened since."""
    rows = [HEADER.split(","), *(GOOD.split(",") for _ in range(4))]
    octets = io.BytesIO(workbook({"Cover": [["hello"]], "A & B": rows}))
    with zipfile.ZipFile(octets) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    sheet = files["xl/worksheets/sheet2.xml"].decode()
    for cell, inside in (
        ("D2", "><f>DATE(2026,11,3)</f><v></v>"),
        ("D3", "><f>TODAY()</f>"),
        ("B4", ' t="e"><v>#N/A</v>'),
        ("D5", ' t="str"><f>TEXT(1,2)</f><v>2026-11-03</v>'),
    ):
        sheet, changed = re.subn(rf'(<c r="{cell}")[^>]*>.*?(?=</c>)', rf"\1{inside}", sheet)
        assert changed == 1
    files["xl/worksheets/sheet2.xml"] = sheet.encode()
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    found = {line["line"]: short(line) for line in triaged(octets.getvalue())[0]}
    assert [answer[:3] for answer in found.values()] == ["! T", "! T", "! T", "eli"]


# --- keys


@pytest.mark.parametrize("key", [KEY, BARE, f"the key is {BARE}"], ids=["pem", "base64", "words"])
def test_a_private_key_in_a_cell_is_told_and_not_kept(key: str) -> None:
    row = f'b.example.com,PositiveSSL,completed,2026-11-03,"{key}"'
    content = f"{HEADER},Note\n{GOOD},\n{row}\n{GOOD},fine\n".encode()
    lines, summary, annotated = triaged(content)
    assert [short(line) for line in lines][::2] == ["eligible 2026-12-03"] * 2
    assert (lines[1]["details"], lines[1]["facts"]) == ({}, {})
    assert "private key" in lines[1]["unreadable"]
    everything = repr((lines, summary)).encode() + annotated
    assert not [line for line in key.split() if len(line) > 30 and line.encode() in everything]


def test_a_private_key_line_by_line_in_a_column_is_told_too() -> None:
    rows = [f"{GOOD},{piece}" for piece in KEY.splitlines()]
    lines, _, annotated = triaged("\n".join([f"{HEADER},Note", f"{GOOD},", *rows, f"{GOOD},"]).encode())
    assert [short(line) for line in lines][:: len(lines) - 1] == ["eligible 2026-12-03"] * 2
    assert all("private key" in line["unreadable"] for line in lines[1:-1])
    assert not [line for line in KEY.splitlines()[1:-1] if line.encode() in annotated]


def test_fingerprints_and_requests_are_no_keys() -> None:
    chance = Random(3)  # noqa: S311
    rows = [f"{GOOD},{chance.randbytes(32).hex()},{chance.randbytes(20).hex(':')}" for _ in range(50)]
    found = triaged("\n".join([f"{HEADER},SHA-256,SHA-1", *rows]).encode())[0]
    assert {short(line) for line in found} == {"eligible 2026-12-03"}
    assert len(found) == len(rows)


# --- anything at all


CORE = shipped()
GIVEN = Given({PROGRAM: "opensrs", Fact("requester"): "reseller"}, TODAY)


@pytest.mark.long
@settings(deadline=None)
@given(st.binary(max_size=300), st.integers(0, len(PANEL)), st.booleans())
def test_any_octets_are_a_list_or_have_a_reason(noise: bytes, at: int, whole: bool) -> None:  # noqa: FBT001
    panel = PANEL.encode()
    content = noise if whole else panel[:at] + noise + panel[at:]
    try:
        orders = OrderList(io.BytesIO(content), CORE, GIVEN, lambda _share, _orders: None)
        orders.find_date_order()
        answer = orders.answering(lambda _facts, outcome: outcome)
        lines = [answered.row.line for rows in orders.rows() for answered in answer(rows)]
    except UnreadableListError:
        return
    assert lines == sorted({*lines})


@given(
    st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), min_size=2, max_size=4))
)
def test_no_row_is_lost_whatever_its_cells(rows: list[list[str]]) -> None:
    import csv

    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    text.seek(0)
    read = [
        row.cells for row in rows_of(iter(text.getvalue().splitlines(keepends=True)), Dialect("utf-8", ","))
    ]
    assert len(read) <= len(rows) * 14
    if not any(set("\v\f\x1c\x1d\x1e\x85\u2028\u2029") & set(cell) for row in rows for cell in row):
        assert read == rows
