"""Read a TOML file and remember the line of each of its tables and keys."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeAlias

from policy.errors import Finding

__all__ = ["MAX_BYTES", "TomlFile", "parse_toml", "read_toml"]

MAX_BYTES: Final = 1_000_000  # the rules of one page take about a hundredth of that

# Where something is in a file: keys, and indexes from 0 for the tables of a list.
Place: TypeAlias = tuple[str | int, ...]

_NAME: Final = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_KEY: Final = re.compile(rf"\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*=")
_TABLE: Final = re.compile(rf"\s*(\[\[?)\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*\]")
_PIECE: Final = re.compile(rf"\s*({_NAME})\s*\.?")
# The tokens that show where a value ends.
_TOKEN: Final = re.compile(r"""\"\"\"|'''|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|#[^\n]*|[\[\]{}]""")
_AT_LINE: Final = re.compile(r" \(at line ([0-9]+), column [0-9]+\)")


@dataclass(frozen=True)
class TomlFile:
    """A file's contents; `line` finds the line of something in them."""

    path: str
    text: str
    contents: Mapping[str, Any]

    def line(self, place: Place) -> int | None:
        """Return the line, from 1, of a place or of the innermost table or key around it, or None."""
        for length in range(len(place), 0, -1):
            if line := self._lines.get(place[:length]):
                return line
        return None

    @cached_property
    def _lines(self) -> Mapping[Place, int]:
        return dict(_places(self.text))


def read_toml(path: Path) -> TomlFile | Finding:
    """Return a file's contents, or why it cannot be used."""
    file = str(path)
    try:
        if path.exists() and not path.is_file():
            return Finding(file, None, "cannot be read: it is a folder, or not a text file")
        if (length := path.stat().st_size) > MAX_BYTES:
            size = f"{length:,} bytes; a policy file has at most {MAX_BYTES:,}"
            return Finding(file, None, f"has {size}: split it into several programs, or take out the rest", 1)
        text = path.read_bytes().decode("utf-8-sig")  # some editors begin a file with a byte order mark
    except OSError as error:
        return Finding(file, None, f"cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].count(b"\n")
        return Finding(file, None, "is not UTF-8 text; save it as UTF-8", before + 1)
    return parse_toml(file, text.replace("\r\n", "\n"))


def parse_toml(file: str, text: str) -> TomlFile | Finding:
    """Return the contents of a file's text, or why it cannot be used."""
    try:
        return TomlFile(file, text, tomllib.loads(text))
    except (ValueError, RecursionError) as error:
        # not only TOMLDecodeError: Python's reader also fails on very long numbers and very deep nesting
        words = str(error)
        found = _AT_LINE.search(words)
        line = int(found[1]) if found else _last_line(text) if "end of document" in words else 1
        return Finding(file, None, f"is not TOML: {_AT_LINE.sub('', words)}", line)


def _last_line(text: str) -> int:
    return text.rstrip("\n").count("\n") + 1


def _places(text: str) -> Iterator[tuple[Place, int]]:
    """Yield the first line of each table and key. `text` must be valid TOML."""
    counts: dict[Place, int] = {}
    table: Place = ()
    lines = text.split("\n")
    number = 0
    while number < len(lines):
        line, first = lines[number], number + 1
        if found := _TABLE.match(line):
            table = _table(counts, found[1], _split(found[2]))
            yield table, first
        elif found := _KEY.match(line):
            place = (*table, *_split(found[1]))
            yield from ((place[:length], first) for length in range(len(table) + 1, len(place) + 1))
            number = _end_of_value(lines, number, found.end())
        number += 1


def _table(counts: dict[Place, int], brackets: str, name: Place) -> Place:
    """Return a table's place, with its index if it is in a list, and count it in `counts`."""
    place: Place = ()
    for piece in name[:-1]:
        place = (*place, piece)
        if place in counts:
            place = (*place, counts[place] - 1)
    place = (*place, name[-1])
    if brackets == "[":
        return place
    counts[place] = counts.get(place, 0) + 1
    return (*place, counts[place] - 1)


def _split(name: str) -> Place:
    return tuple(piece.strip("\"'") for piece in _PIECE.findall(name))


def _end_of_value(lines: list[str], number: int, start: int) -> int:
    """Return the index of the line on which a value ends."""
    depth, quotes = 0, ""
    while number < len(lines):
        line, at = lines[number], start
        while True:
            if quotes:
                end = line.find(quotes, at)
                if end < 0:
                    break
                at, quotes = end + len(quotes), ""
            found = _TOKEN.search(line, at)
            if found is None:
                break
            at, piece = found.end(), found[0]
            if piece in ('"""', "'''"):
                quotes = piece
            elif piece in "[{":
                depth += 1
            elif piece in "]}":
                depth -= 1
        if not quotes and depth <= 0:
            return number
        number, start = number + 1, 0
    return number
