"""What a file is, by its bytes: what may be passed on, archives however disguised, and everything else."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import lzma
import tarfile
import zipfile

import pytest

from bot.reading.file_kinds import FileForm, FormWatcher
from tests.reading import keys

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
MAIL = b"From: rosa@example.com\r\nSubject: order\r\n\r\nIt was ordered twice.\r\n"
OUTLOOK = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
NAMED = "__substg1.0_0037001F".encode("utf-16-le")


def zipped(comment: bytes = b"") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.txt", b"hello")
        archive.comment = comment
    return made.getvalue()


def tarred() -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"))
    return made.getvalue()


DER = keys.certificate().public_bytes(keys.Encoding.DER)
FORMS = {
    "PNG": (PNG, FileForm.IMAGE),
    "JPEG": (b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(50), FileForm.IMAGE),
    "GIF": (b"GIF89a" + bytes(50), FileForm.IMAGE),
    "WebP": (b"RIFF\x10\0\0\0WEBPVP8 " + bytes(50), FileForm.IMAGE),
    "HEIC": (b"\0\0\0\x18ftypheic" + bytes(50), FileForm.IMAGE),
    "bitmap": (b"BM\x36\0\x10\0\0\0\0\0" + bytes(50), FileForm.IMAGE),
    "a sound in the same wrapper": (b"\0\0\0\x18ftypM4A " + bytes(50), FileForm.OTHER),
    "PDF": (PDF, FileForm.PDF),
    "text": ("Größe: 3 €\n".encode(), FileForm.TEXT),
    "text of an old machine": ("Größe\r\n".encode("cp1252"), FileForm.TEXT),
    "wide text": ("\ufeffGröße\n".encode("utf-16-le"), FileForm.TEXT),
    "text with colors": (b"\x1b[31mred\x1b[0m\n", FileForm.TEXT),
    "mail": (MAIL, FileForm.TEXT),
    "mail with a picture": (MAIL + base64.encodebytes(PNG), FileForm.TEXT),
    "mail of Outlook": (OUTLOOK + NAMED + bytes(80), FileForm.MAIL),
    "a document as Outlook wraps mail": (OUTLOOK + bytes(80), FileForm.OTHER),
    "a certificate": (DER, FileForm.CERTIFICATE),
    "a certificate and more": (DER + bytes(9), FileForm.OTHER),
    "a certificate in letters": (keys.certificate().public_bytes(keys.Encoding.PEM), FileForm.TEXT),
    "text that ends in octets": (b"hello\n" * 2000 + b"\0\1\2", FileForm.OTHER),
    "a program": (b"\x7fELF" + bytes(range(256)), FileForm.OTHER),
    "ZIP": (zipped(), FileForm.ARCHIVE),
    "ZIP behind a picture": (PNG + zipped(), FileForm.ARCHIVE),
    "ZIP with words behind a picture": (PNG + zipped(b"c" * 60_000), FileForm.ARCHIVE),
    "ZIP behind words": (b"hello\n" + zipped(), FileForm.ARCHIVE),
    "ZIP in a mail": (MAIL + base64.encodebytes(zipped()), FileForm.ARCHIVE),
    "gzip": (gzip.compress(b"hello"), FileForm.ARCHIVE),
    "bzip2": (bz2.compress(b"hello"), FileForm.ARCHIVE),
    "xz": (lzma.compress(b"hello"), FileForm.ARCHIVE),
    "7z": (b"7z\xbc\xaf\x27\x1c\0\4", FileForm.ARCHIVE),
    "RAR": (b"Rar!\x1a\x07\x01\0", FileForm.ARCHIVE),
    "tar": (tarred(), FileForm.ARCHIVE),
}


@pytest.mark.parametrize("size", [7, 1 << 20])
@pytest.mark.parametrize("name", FORMS)
def test_a_file_is_identified_by_its_bytes_however_they_are_split(name: str, size: int) -> None:
    octets, form = FORMS[name]
    watcher = FormWatcher()
    for at in range(0, len(octets), size if len(octets) < 20_000 else 1 << 20):
        watcher.feed(octets[at : at + size] if len(octets) < 20_000 else octets[at : at + (1 << 20)])
    assert watcher.close() is form
