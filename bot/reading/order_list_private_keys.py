"""Remove private keys from the rows of a list, whether in one cell or in pieces over several rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Final

from bot.reading.order_list_csv import Row
from bot.reading.private_keys import MARK, holds_private_key

BLOCK: Final = 1024 * 1024
OVERLAP: Final = 128
MOST_TOGETHER: Final = 200  # rows over which one key may be spread

# A key without a name is at least this long; domain labels are shorter, and a SHA-256 in hex is recognized.
_FEWEST_DIGITS: Final = 43
_FEWEST_HEX: Final = 72
_NAMES: Final = (
    "private key",
    "private-key",
    "private_key",
    "privatekey",
    "private-lines",
    "putty-user",
    "privateexponent",
    "private exponent",
    "age-secret-key",
    "rsakeyvalue",
    "kty",
    "priv:",
)
_NAMES_AS_BYTES: Final = tuple(name.encode() for name in _NAMES)
_DIGITS: Final = rb"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-"
_AS_DIGITS: Final = bytes(120 if byte in _DIGITS else 32 for byte in range(256))
_HEX_PAIRS: Final = rb"0123456789abcdefABCDEF: "
_AS_HEX: Final = bytes(120 if byte in _HEX_PAIRS else 46 for byte in range(256))
_MAY_BE: Final = re.compile(
    rf"[A-Za-z0-9+/_-]{{{_FEWEST_DIGITS},}}|[0-9A-Fa-f: ]{{{_FEWEST_HEX},}}|{'|'.join(_NAMES)}", re.IGNORECASE
)
_REST: Final = re.compile(rf"{_MAY_BE.pattern}|[A-Za-z0-9+/=]{{16,}}", re.IGNORECASE)  # the end may be short
_BEGINS: Final = re.compile(r"BEGIN[A-Z0-9 ]{0,40}PRIVATE KEY", re.IGNORECASE)
_ENDS: Final = re.compile(r"END[A-Z0-9 ]{0,40}PRIVATE KEY", re.IGNORECASE)
_HASH: Final = re.compile(r"[0-9a-f]{64}", re.IGNORECASE)


def may_hold_key(stream: IO[bytes]) -> bool:
    """Return whether a quick look at a file's bytes finds anything as long as a key, or named as one."""
    stream.seek(0)
    kept = b""
    while block := stream.read(BLOCK):
        data = (kept + block).replace(b"\0", b"")
        if b"x" * _FEWEST_DIGITS in data.translate(_AS_DIGITS):
            return True
        if b"x" * _FEWEST_HEX in data.translate(_AS_HEX):
            return True
        lower = data.lower()
        if any(name in lower for name in _NAMES_AS_BYTES):
            return True
        kept = data[-OVERLAP:]
    return False


def without_keys(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield all rows, in order, with keys and pieces of keys removed and their rows marked `had_key`."""
    together: list[Row] = []
    for row in rows:
        if _may_be_part(row, _REST if together else _MAY_BE):
            together.append(row)
            if len(together) < MOST_TOGETHER:
                continue
            yield from _cleared(together)
            together = []
        else:
            yield from _cleared(together)
            together = []
            yield row
    yield from _cleared(together)


def _may_be_part(row: Row, pattern: re.Pattern[str]) -> bool:
    return any(pattern.search(cell) and not _HASH.fullmatch(cell) for cell in row.cells)


def _cleared(rows: Sequence[Row]) -> list[Row]:
    """Return neighboring rows without the keys that they contain, singly or together."""
    if not rows or not _hold_key(rows):
        return [*rows]
    alone = {number for number, row in enumerate(rows) if _hold_key([row])}
    affected = alone | _between_edges(rows) or {*range(len(rows))}
    return [_without(row) if number in affected else row for number, row in enumerate(rows)]


def _between_edges(rows: Sequence[Row]) -> set[int]:
    """Return the indexes of rows from the BEGIN of a PEM key to its END."""
    between: set[int] = set()
    is_open = False
    for number, row in enumerate(rows):
        begins, ends = (any(edge.search(cell) for cell in row.cells) for edge in (_BEGINS, _ENDS))
        if is_open or begins:
            between.add(number)
        is_open = (is_open or begins) and not ends
    return between


def _hold_key(rows: Sequence[Row]) -> bool:
    width = max(len(row.cells) for row in rows)
    columns = ("\n".join(row.cells[at] for row in rows if at < len(row.cells)) for at in range(width))
    whole = "\n".join(",".join(row.cells) for row in rows)
    return holds_private_key(whole) or any(map(holds_private_key, filter(_MAY_BE.search, columns)))


def _without(row: Row) -> Row:
    return row._replace(cells=[MARK if _REST.search(cell) else cell for cell in row.cells], had_key=True)
