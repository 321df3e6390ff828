"""DER (X.690), as much of it as tells keys from certificates: tags and lengths, also of what is cut off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

INTEGER: Final = 0x02
OCTET_STRING: Final = 0x04
OID: Final = 0x06
SEQUENCE: Final = 0x30

_LONG: Final = 0x80  # the length follows, in so many bytes
_LONGEST_LENGTH: Final = 4
_HEADERS: Final = (2, 3, 4, 5)  # how many bytes a tag and its length take


@dataclass(frozen=True, slots=True)
class Value:
    """One value: where it begins, its tag, where its content begins and how long that says it is."""

    at: int
    tag: int
    start: int
    length: int

    @property
    def end(self) -> int:
        """Return where the content ends, which may lie behind what is there."""
        return self.start + self.length


def value_at(data: bytes, at: int) -> Value | None:
    """Return the value whose header begins at an index, None where no header is there."""
    if at < 0 or at + 2 > len(data):
        return None
    tag, first = data[at], data[at + 1]
    if first < _LONG:
        return Value(at, tag, at + 2, first)
    count = first & 0x7F
    if count > _LONGEST_LENGTH or at + 2 + count > len(data):
        return None
    if count == 0:  # BER: as long as it takes
        return Value(at, tag, at + 2, len(data))
    return Value(at, tag, at + 2 + count, int.from_bytes(data[at + 2 : at + 2 + count]))


def sequence_before(data: bytes, at: int) -> Value | None:
    """Return the sequence whose content begins at an index, None where none does."""
    for size in _HEADERS:
        found = value_at(data, at - size)
        if found is not None and found.tag == SEQUENCE and found.start == at:
            return found
    return None
