"""Guess quickly whether a file may be an order list, before a process is started to read it."""

from __future__ import annotations

from typing import Final

HEAD: Final = 64 * 1024  # bytes to look at
ROWS: Final = 3  # a header and two orders
_NAMES: Final = (".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
_TYPES: Final = (
    "text/csv",
    "text/tab-separated-values",
    "application/vnd.ms-excel",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.openxmlformats-officedocument.spr",
)
_OLE: Final = b"\xd0\xcf\x11\xe0"
_OLD_WORKBOOK: Final = "Workbook".encode("utf-16-le")
_OPEN_DOCUMENT: Final = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
_WORKBOOK: Final = (b"xl/workbook", b"xl/worksheets/", b"[Content_Types].xml")
_DELIMITERS: Final = (";", "\t", "|", ",")
_ENCODINGS: Final = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def is_named_as_list(name: str, mimetype: str) -> bool:
    """Return whether a file's name or media type says that it is a table."""
    return name.casefold().endswith(_NAMES) or mimetype.startswith(_TYPES)


def may_be_list(content: bytes) -> bool:
    """Return whether a file looks like a workbook, or like rows with the same number of cells."""
    head = content[:HEAD]
    if head.startswith(_OLE):
        return _OLD_WORKBOOK in content
    if head.startswith(b"PK"):
        return _OPEN_DOCUMENT in head[:128] or any(
            name in head or name in content[-HEAD:] for name in _WORKBOOK[:2]
        )
    encoding = next((name for mark, name in _ENCODINGS if head.startswith(mark)), "utf-8")
    rows = [row for row in head.decode(encoding, "replace").splitlines() if row.strip()][: -1 or None]
    return any(_is_table(rows, delimiter) for delimiter in _DELIMITERS)


def _is_table(rows: list[str], delimiter: str) -> bool:
    """Return whether most rows have the same number of delimiters, at least two."""
    counts = [row.count(delimiter) for row in rows[:50]]
    most = max(counts, default=0)
    return most > 1 and len(counts) >= ROWS and counts.count(most) * 2 > len(counts)
