"""Which files are taken for lists of orders before anything reads them."""

from __future__ import annotations

import pytest

from bot.reading.order_list_detection import is_named_as_list, may_be_list
from tests.triage.lists import GERMAN, TITLES, workbook


@pytest.mark.parametrize(
    ("name", "mimetype", "is_list"),
    [
        ("orders.CSV", "", True),
        ("orders.xls", "application/octet-stream", True),
        ("orders.ods", "", True),
        ("export", "application/vnd.ms-excel", True),
        ("export", "application/vnd.oasis.opendocument.spreadsheet", True),
        ("letter.odt", "application/vnd.oasis.opendocument.text", False),
        ("screenshot.png", "image/png", False),
    ],
)
def test_by_its_name(name: str, mimetype: str, is_list: bool) -> None:  # noqa: FBT001
    assert is_named_as_list(name, mimetype) is is_list


@pytest.mark.parametrize(
    ("content", "is_list"),
    [
        (GERMAN.encode("cp1252"), True),
        (workbook(TITLES), True),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(500) + "Workbook".encode("utf-16-le"), True),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(500) + "WordDocument".encode("utf-16-le"), False),
        (b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", True),
        (b"PK\x03\x04" + bytes(400), False),
        (b"Dear all,\nthe order is wrong, and late.\nRosa\n", False),
    ],
)
def test_by_its_contents(content: bytes, is_list: bool) -> None:  # noqa: FBT001
    assert may_be_list(content) is is_list
