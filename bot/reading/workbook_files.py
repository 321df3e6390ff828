"""Check that a ZIP archive is an Excel workbook while its bytes arrive, and yield the text in it.

Archives are not passed on to agents, but workbooks are, if all of the file is what Excel writes: sheets as
XML, pictures and printer settings; no macros, no other files. Memory is bounded, whatever the file unpacks
to.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Final

MOST_UNPACKED: Final = 64 * 1024 * 1024  # bytes of all members of a workbook
MOST_MEMBERS: Final = 2_000
PIECE: Final = 64 * 1024

LOCAL: Final = b"PK\x03\x04"
_CENTRAL: Final = b"PK\x01\x02"
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _SIZE_FOLLOWS = 1, 8
_NEEDED: Final = frozenset({"[Content_Types].xml", "xl/workbook.xml"})
_MARKUP_NAMES: Final = ("xml", "rels", "vml")
_PICTURE_NAMES: Final = ("png", "jpg", "jpeg", "gif")
_MEMBER: Final = re.compile(
    r"\[Content_Types\]\.xml"
    r"|(?:_rels|docProps|customXml|xl)/(?:[A-Za-z_]{1,40}/){0,3}[\w .-]{0,80}\."
    rf"(?:{'|'.join(_MARKUP_NAMES)})"
    rf"|(?:docProps|xl/media)/[\w .-]{{1,80}}\.(?:{'|'.join(_PICTURE_NAMES)})"
    r"|xl/printerSettings/[\w-]{1,80}\.bin"
)
_PICTURES: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")
_MARKUP: Final = (b"<", b"\xef\xbb\xbf<", b"\r\n<", b"\n<")
_TAGS: Final = re.compile(rb"(?:<[^<>]*>\s*)+")
_ENOUGH: Final = 8  # bytes that show what a member is
_LONGEST_TAG: Final = 8 * 1024
_RETURN: Final = b"_x000D_"  # how Excel writes a carriage return
_LONGEST_DESCRIPTOR: Final = 24


class NoWorkbookError(Exception):
    """The file is not a workbook, or it has other things in it."""


class WorkbookWatcher:
    """Reads the members of a workbook as its bytes arrive."""

    def __init__(self) -> None:
        self._waiting = b""
        self._names: set[str] = set()
        self._listed: set[str] = set()
        self._member: _Member | None = None
        self._described = False  # the sizes of the last member may follow
        self._is_at_end = False
        self._left = MOST_UNPACKED
        self.is_refused = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Add the next bytes and yield the text in them, in pieces."""
        if self.is_refused:
            return
        self._waiting += chunk
        try:
            yield from self._texts()
        except (NoWorkbookError, zlib.error):
            self.is_refused, self._waiting, self._member = True, b"", None

    def close(self) -> bool:
        """Return whether it was a complete workbook."""
        is_whole = self._is_at_end and not self._waiting and self._listed == self._names
        return is_whole and not self.is_refused and self._names >= _NEEDED

    def _texts(self) -> Iterator[bytes]:
        while True:
            if self._member is not None:
                yield from self._unpacked(self._member)
                if not self._member.is_over:
                    return
                yield self._member.text.rest()
                self._described, self._member = self._member.is_described, None
            if not self._header():
                return

    def _unpacked(self, member: _Member) -> Iterator[bytes]:
        while self._waiting and not member.is_over:
            piece, self._waiting = member.take(self._waiting)
            self._left -= len(piece)
            if self._left < 0:
                raise NoWorkbookError
            yield member.text.of(piece)

    def _header(self) -> bool:
        """Read the next header, and return whether all of it was there."""
        if self._described and not self._past_descriptor():
            return False
        mark = self._waiting[:4]
        if len(mark) < len(LOCAL) or self._is_at_end:
            if self._is_at_end and self._waiting:
                raise NoWorkbookError  # something follows the archive
            return False
        match mark:
            case b"PK\x03\x04" if not self._listed:
                return self._begun()
            case b"PK\x01\x02":
                if (fixed := self._fixed(46)) is None:
                    return False
                lengths = [_number(fixed, at, 2) for at in (28, 30, 32)]
                if (whole := self._taken(46 + sum(lengths))) is not None:
                    self._listed.add(_name(whole[46 : 46 + lengths[0]]))
                return whole is not None
            case b"PK\x06\x06":
                fixed = self._fixed(12)
                return fixed is not None and self._taken(12 + _number(fixed, 4, 8)) is not None
            case b"PK\x06\x07":
                return self._taken(20) is not None
            case b"PK\x05\x06":
                fixed = self._fixed(22)
                if fixed is not None and _number(fixed, 20, 2):
                    raise NoWorkbookError  # a comment could be anything
                self._is_at_end = self._taken(22) is not None
                return self._is_at_end
        raise NoWorkbookError

    def _begun(self) -> bool:
        """Read the header of a member, and return whether all of it was there."""
        if (fixed := self._fixed(30)) is None:
            return False
        flags, method, size = _number(fixed, 6, 2), _number(fixed, 8, 2), _number(fixed, 18, 4)
        length, extra = _number(fixed, 26, 2), _number(fixed, 28, 2)
        if (whole := self._taken(30 + length + extra)) is None:
            return False
        name = _name(whole[30 : 30 + length])
        is_described = bool(flags & _SIZE_FOLLOWS)
        fits = method == _DEFLATED or (method == _STORED and not is_described)
        if not fits or flags & _ENCRYPTED or name in self._names or len(self._names) >= MOST_MEMBERS:
            raise NoWorkbookError
        if _MEMBER.fullmatch(name) is None:
            raise NoWorkbookError
        self._names.add(name)
        self._member = _Member(name, size if method == _STORED else None, is_described=is_described)
        return True

    def _past_descriptor(self) -> bool:
        """Skip the sizes after a member, with or without a signature; return whether that was possible."""
        marks = [self._waiting.find(mark, 0, _LONGEST_DESCRIPTOR + 4) for mark in (LOCAL, _CENTRAL)]
        found = [at for at in marks if at >= 0]
        if not found:
            if len(self._waiting) >= _LONGEST_DESCRIPTOR + 4:
                raise NoWorkbookError
            return False
        self._waiting, self._described = self._waiting[min(found) :], False
        return True

    def _fixed(self, length: int) -> bytes | None:
        return self._waiting[:length] if len(self._waiting) >= length else None

    def _taken(self, length: int) -> bytes | None:
        if length > 4 * PIECE:
            raise NoWorkbookError
        if len(self._waiting) < length:
            return None
        taken, self._waiting = self._waiting[:length], self._waiting[length:]
        return taken


class _Member:
    """A member, unpacked as it arrives; its first bytes must fit its name."""

    def __init__(self, name: str, stored: int | None, *, is_described: bool) -> None:
        self.is_described = is_described
        self.text = _Text()
        ending = name.rpartition(".")[2]
        self._is_picture, self._is_markup = ending in _PICTURE_NAMES, ending in _MARKUP_NAMES
        self._left = stored
        self._unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
        self._first: bytes | None = b""

    @property
    def is_over(self) -> bool:
        """Return whether all of it has arrived."""
        return self._unpacking.eof if self._left is None else self._left == 0

    def take(self, data: bytes) -> tuple[bytes, bytes]:
        """Return the next piece, unpacked, and the bytes that were not used."""
        if self._left is not None:
            piece, rest = data[: min(self._left, PIECE)], data[min(self._left, PIECE) :]
            self._left -= len(piece)
        else:
            piece = self._unpacking.decompress(data, PIECE)
            rest = self._unpacking.unconsumed_tail or self._unpacking.unused_data
        if self._is_markup and b"\0" in piece:
            raise NoWorkbookError
        if self._first is not None:
            self._first += piece[:_ENOUGH]
            if len(self._first) >= _ENOUGH or self.is_over:
                self._check(self._first)
                self._first = None
        return piece, rest

    def _check(self, first: bytes) -> None:
        starts = _PICTURES if self._is_picture else _MARKUP if self._is_markup else ()
        if starts and not first.startswith(starts):
            raise NoWorkbookError
        if not starts and first.startswith((b"PK", b"7z", b"Rar!", b"\x1f\x8b")):
            raise NoWorkbookError


class _Text:
    """Strips the tags from XML that arrives in pieces, leaving the text of each cell on its own line."""

    def __init__(self) -> None:
        self._open = b""

    def of(self, piece: bytes) -> bytes:
        """Return the text of a piece, without a tag that continues in the next one."""
        data = self._open + piece
        at = data.rfind(b"<")
        if at >= 0 and b">" not in data[at:] and len(data) - at <= _LONGEST_TAG:
            data, self._open = data[:at], data[at:]
        else:
            self._open = b""
        return _TAGS.sub(b"\n", data).replace(_RETURN, b"")

    def rest(self) -> bytes:
        """Return the text that was held back for an unfinished tag."""
        rest, self._open = self._open, b""
        return rest + b"\n"


def _number(data: bytes, at: int, length: int) -> int:
    return int.from_bytes(data[at : at + length], "little")


def _name(data: bytes) -> str:
    return data.decode("utf-8", "replace").replace("\\", "/").removeprefix("/")
