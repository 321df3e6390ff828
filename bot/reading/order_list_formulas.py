"""Find workbook cells that look empty but are not: formulas without a stored value, and errors."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import IO, Final
from xml.etree import ElementTree as ET

CHUNK: Final = 4 * 1024 * 1024
LARGEST_INDEX: Final = 4 * 1024 * 1024
MOST_FOUND: Final = 1_000_000
_LETTERS: Final = 26

_CELL: Final = re.compile(rb"<c\b([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
_PLACE: Final = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_VALUE: Final = re.compile(rb"<(?:v|is|t)\b[^>/]*>[^<]|<t\b")
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def valueless_cells(stream: IO[bytes], sheet: str) -> Iterator[tuple[int, int]]:
    """Yield row and column, from 0, of each cell of a sheet that has content but no value."""
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as packed:
            path = _paths(packed).get(sheet)
            if path is not None:
                with packed.open(path) as file:
                    yield from _in_sheet(file)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, NotImplementedError, ET.ParseError):
        return  # opening the workbook reports what is wrong with it


def _paths(packed: zipfile.ZipFile) -> Mapping[str, str]:
    """Return the path of each sheet in the archive, by the sheet's name."""
    targets = {
        each.get("Id"): each.get("Target", "").removeprefix("/xl/")
        for each in _tree(packed, "xl/_rels/workbook.xml.rels")
    }
    sheets = [each for each in _tree(packed, "xl/workbook.xml").iter() if each.tag.endswith("}sheet")]
    return {each.get("name", ""): f"xl/{targets.get(each.get(_RELATION))}" for each in sheets}


def _tree(packed: zipfile.ZipFile, path: str) -> ET.Element:
    with packed.open(path) as file:
        return ET.fromstring(file.read(LARGEST_INDEX))  # noqa: S314  as above


def _in_sheet(file: IO[bytes]) -> Iterator[tuple[int, int]]:
    kept, found = b"", 0
    while chunk := file.read(CHUNK):
        text = kept + chunk
        end = text.rfind(b"</row>")
        whole, kept = (text[:end], text[end:]) if end >= 0 else (b"", text[-CHUNK:])
        if b"<f" not in whole and b't="e"' not in whole:
            continue
        for cell in _CELL.finditer(whole):
            attributes, content = cell[1], cell[2] or b""
            is_error = b't="e"' in attributes
            if not is_error and (b"<f" not in content or _VALUE.search(content)):
                continue
            place = _PLACE.search(attributes)
            if place is not None and found < MOST_FOUND:
                found += 1
                yield int(place[2]) - 1, _column(place[1])


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * _LETTERS + letter - ord("A") + 1
    return number - 1
