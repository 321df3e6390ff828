"""Identify a file by its bytes, not its name: image, PDF, text, mail, certificate, archive or other.

Text must be text to its end, and a file that ends as an archive is one, however it begins.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from bot.reading.der import SEQUENCE, value_at

HEAD: Final = 4096  # bytes to look at
TAIL: Final = 65_557  # bytes that a ZIP archive's last record can take: 22 and a comment


class FileForm(StrEnum):
    """What a file is, by its bytes."""

    IMAGE = "image"
    PDF = "pdf"
    TEXT = "text"
    MAIL = "mail"
    CERTIFICATE = "certificate"
    ARCHIVE = "archive"
    OTHER = "other"


_IMAGES: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*")
_BRANDS: Final = frozenset({b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis"})
_ARCHIVES: Final = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"PK\x07\x08",
    b"\x1f\x8b",
    b"\x1f\x9d",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"BZh",
    b"\xfd7zXZ\0",
    b"\x28\xb5\x2f\xfd",
    b"\x04\x22\x4d\x18",
    b"LZIP",
    b"MSCF",
    b"xar!",
    b"!<arch>\n",
    b"\x60\xea",
)
_TAR: Final = (257, b"ustar")
_CPIO: Final = (b"070701", b"070702", b"070707")
_OUTLOOK: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OUTLOOK_MARK: Final = "__substg1.0_".encode("utf-16-le")  # in its directory, which may be anywhere
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")
_ZIP_END: Final = b"PK\x05\x06"
_ZIP_END_LENGTH: Final = 22
# The beginnings of archives in base64 at the start of a line, as in mail attachments.
_ATTACHED: Final = re.compile(rb"(?:\A|[\r\n])(?:UEsDB|UEsFB|N3q8ryc|UmFyIRoH|H4sI|/Td6WF|QlpoO)")
# Control characters that text does not contain: all but tab, line ends, form feed and escape.
_NOT_TEXT: Final = bytes(byte for byte in range(32) if byte not in b"\t\n\x0b\x0c\r\x1b")


class FormWatcher:
    """Tell what a file is while its bytes arrive, in bounded memory."""

    def __init__(self) -> None:
        self._head = b""
        self._tail = b""
        self._form: FileForm | None = None
        self._text = True
        self._marked = False
        self._size = 0

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""
        if len(self._head) < HEAD:
            self._head += chunk[: HEAD - len(self._head)]
        self._size += len(chunk)
        seen = self._tail[-32:] + chunk
        self._text = self._text and (self._head.startswith(_WIDE) or not _has_controls(chunk))
        self._marked = self._marked or _OUTLOOK_MARK in seen
        if self._text and _ATTACHED.search(seen):
            self._form = FileForm.ARCHIVE
        self._tail = (self._tail + chunk)[-TAIL:]

    def close(self) -> FileForm:
        """Return what the file is, once all of it has been fed."""
        if self._form is not None or _ends_as_archive(self._tail):
            return FileForm.ARCHIVE
        begun = form_of_head(self._head)
        if begun is FileForm.MAIL:
            return FileForm.MAIL if self._marked else FileForm.OTHER
        if begun is FileForm.CERTIFICATE:
            outer = value_at(self._head, 0)
            return begun if outer is not None and outer.end == self._size else FileForm.OTHER
        if begun is FileForm.TEXT:
            return FileForm.TEXT if self._text else FileForm.OTHER
        return begun


def form_of_head(head: bytes) -> FileForm:
    """Return what a file seems to be by its first bytes."""
    if head.startswith((*_ARCHIVES, *_CPIO)) or head[_TAR[0] :].startswith(_TAR[1]):
        return FileForm.ARCHIVE
    if head.startswith(_IMAGES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP") or _is_bitmap(head):
        return FileForm.IMAGE
    if head[4:8] == b"ftyp" and head[8:12] in _BRANDS:
        return FileForm.IMAGE
    if b"%PDF-" in head[:1024]:
        return FileForm.PDF
    if head.startswith(_OUTLOOK):
        return FileForm.MAIL
    outer = value_at(head, 0)
    if outer is not None and outer.tag == SEQUENCE and _is_binary(head):
        return FileForm.CERTIFICATE
    return FileForm.OTHER if _is_binary(head) else FileForm.TEXT


def _is_binary(head: bytes) -> bool:
    return not head.startswith(_WIDE) and _has_controls(head)


def _is_bitmap(head: bytes) -> bool:
    return head.startswith(b"BM") and head[6:10] == b"\0\0\0\0"


def _has_controls(data: bytes) -> bool:
    return len(data.translate(None, _NOT_TEXT)) != len(data)


def _ends_as_archive(tail: bytes) -> bool:
    """Return whether a file ends as a ZIP archive, which programs read from its end."""
    at = tail.rfind(_ZIP_END)
    while at >= 0:
        comment = int.from_bytes(tail[at + 20 : at + 22], "little")
        if len(tail) - at >= _ZIP_END_LENGTH and at + _ZIP_END_LENGTH + comment <= len(tail):
            return True
        at = tail.rfind(_ZIP_END, 0, at)
    return False
