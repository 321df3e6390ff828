"""Parse DER (X.690) tags and lengths, enough to tell keys from certificates, even if the data is cut off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

INTEGER: Final = 0x02
OCTET_STRING: Final = 0x04
OID: Final = 0x06
SEQUENCE: Final = 0x30

_LONG: Final = 0x80  # the other bits say how many bytes the length takes
_LONGEST_LENGTH: Final = 4
_HEADERS: Final = (2, 3, 4, 5)  # bytes that a tag and its length take


@dataclass(frozen=True, slots=True)
class Value:
    """A DER value: where it begins, its tag, where its content begins, and the stated length of that."""

    at: int
    tag: int
    start: int
    length: int

    @property
    def end(self) -> int:
        """Return where the content ends, which may be past the end of the data."""
        return self.start + self.length


def value_at(data: bytes, at: int) -> Value | None:
    """Return the value whose header begins at an index, or None if no header does."""
    if at < 0 or at + 2 > len(data):
        return None
    tag, first = data[at], data[at + 1]
    if first < _LONG:
        return Value(at, tag, at + 2, first)
    count = first & 0x7F
    if count > _LONGEST_LENGTH or at + 2 + count > len(data):
        return None
    if count == 0:  # BER's indefinite length: taken as all that follows
        return Value(at, tag, at + 2, len(data))
    return Value(at, tag, at + 2 + count, int.from_bytes(data[at + 2 : at + 2 + count]))


def sequence_before(data: bytes, at: int) -> Value | None:
    """Return the sequence whose content begins at an index, or None."""
    for size in _HEADERS:
        found = value_at(data, at - size)
        if found is not None and found.tag == SEQUENCE and found.start == at:
            return found
    return None
