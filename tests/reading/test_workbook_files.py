"""Which archives are workbooks and nothing else, and that keys in their cells are found."""

from __future__ import annotations

import base64
import io
import time
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from bot.reading.private_keys import KeyScanner
from bot.reading.workbook_files import WorkbookWatcher
from tests.reading import keys

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def workbook(*cells: object, picture: bool = False) -> bytes:
    octets = io.BytesIO()
    book = xlsxwriter.Workbook(octets, {"in_memory": True})
    sheet = book.add_worksheet("M\N{LATIN SMALL LETTER U WITH DIAERESIS}ller & Co")
    for row, cell in enumerate(("Domain", date(2026, 11, 3), 4711, *cells)):
        sheet.write(row, 0, cell)
    if picture:
        sheet.insert_image(0, 3, "logo.png", {"image_data": io.BytesIO(PNG)})
    book.close()
    return octets.getvalue()


def packed_anew(
    change: Callable[[dict[str, bytes]], object] = lambda _files: None,
    *,
    method: int = zipfile.ZIP_DEFLATED,
    comment: bytes = b"",
    streamed: bool = False,
) -> bytes:
    """Pack a workbook's members again, changed; `streamed`: their sizes stand behind them."""
    with zipfile.ZipFile(io.BytesIO(workbook())) as whole:
        files = {name: whole.read(name) for name in whole.namelist()}
    change(files)
    octets = _Stream() if streamed else io.BytesIO()
    with zipfile.ZipFile(octets, "w", method) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
        packed.comment = comment
    return octets.getvalue()


class _Stream(io.BytesIO):
    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        raise OSError


def with_member(name: str, content: bytes) -> bytes:
    return packed_anew(lambda files: files.update({name: content}))


ARCHIVE = io.BytesIO()
with zipfile.ZipFile(ARCHIVE, "w") as _packed:
    _packed.writestr("a.txt", "hello")
ZIP = ARCHIVE.getvalue()

WORKBOOKS = {
    "as it is written": workbook(),
    "with a picture": workbook(picture=True),
    "packed again": packed_anew(),
    "not compressed": packed_anew(method=zipfile.ZIP_STORED),
    "in a stream": packed_anew(streamed=True),
    "with a printer's settings": with_member("xl/printerSettings/printerSettings1.bin", b"P\0r\0i\0n\0t"),
}
OTHERS = {
    "an archive": ZIP,
    "nothing": b"",
    "a picture": PNG,
    "a workbook and an archive": workbook() + ZIP,
    "an archive and a workbook": ZIP + workbook(),
    "a workbook with something behind it": workbook() + b"x",
    "half a workbook": workbook()[:-100],
    "with a comment": packed_anew(comment=ZIP),
    "with macros": with_member("xl/vbaProject.bin", b"macros"),
    "with a document in it": with_member("xl/embeddings/oleObject1.bin", b"x"),
    "with a program in it": with_member("setup.exe", b"MZ"),
    "with a program that is called a sheet": with_member("xl/worksheets/sheet9.xml", b"MZ\0\0"),
    "with an archive that is called a picture": with_member("xl/media/image1.png", ZIP),
    "with an archive for the printer": with_member("xl/printerSettings/printerSettings1.bin", ZIP),
    "that leaves its folder": with_member("xl/../../x.xml", b"<x/>"),
    "without its main part": packed_anew(lambda files: files.pop("xl/workbook.xml")),
    "that bursts": with_member("xl/worksheets/sheet9.xml", b"<" + b"a " * 35_000_000),
    "with octets that no XML has": with_member("xl/worksheets/sheet9.xml", b"<a>" + bytes(900) + b"</a>"),
}


def is_workbook(octets: bytes, size: int = 64 * 1024) -> bool:
    """Tell whether octets that come in pieces are a workbook."""
    watcher = WorkbookWatcher()
    for at in range(0, len(octets), size):
        for _ in watcher.feed(octets[at : at + size]):
            pass
    return watcher.close()


@pytest.mark.parametrize("size", [7, 64 * 1024])
@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_workbook_is_recognized_however_its_bytes_are_split(name: str, size: int) -> None:
    assert is_workbook(WORKBOOKS[name], size)


@pytest.mark.long
@pytest.mark.parametrize("name", OTHERS)
def test_an_archive_with_other_content_is_not_a_workbook(name: str) -> None:
    began = time.process_time()
    assert not is_workbook(OTHERS[name])
    assert time.process_time() - began < 5


@pytest.mark.parametrize("form", ["PKCS #8, RSA", "PKCS #1, RSA 2048"])
@pytest.mark.parametrize("is_split", [False, True])
def test_a_key_in_a_cell_is_found(form: str, is_split: bool) -> None:  # noqa: FBT001
    key = keys.pems()[form]
    cells = key.splitlines() if is_split else [f"the key is {key}".replace("\n", "\r\n")]
    scanner = KeyScanner()
    for text in WorkbookWatcher().feed(workbook("before", *cells, "after")):
        scanner.feed(text)
    assert scanner.close()
