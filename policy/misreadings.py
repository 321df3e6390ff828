"""Turn what pydantic says about a program file into findings that name the rule and what is accepted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from policy.errors import Finding
from policy.schema import BrandRow, CancellationRow, CiteRow, LinksTable, ProgramFile, RefundRow
from policy.wording import named

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

__all__ = ["findings_of"]

_TABLES: Final = ("cancellation", "refund")
_PARTS: Final[Mapping[str, type[BaseModel]]] = {
    "cancellation": CancellationRow,
    "refund": RefundRow,
    "cite": CiteRow,
    "links": LinksTable,
    "brand": BrandRow,
}
# pydantic's kinds of error that an operator is likely to meet, in TOML's words.
_PLAIN: Final = {
    "missing": "is missing",
    "date_type": "takes a day without quotes, such as 2026-11-23",
    "date_from_datetime_inexact": "takes a day without a time, such as 2026-11-23",
    "string_type": "takes a text in quotes",
    "string_too_short": "takes a text that is not empty",
    "string_too_long": "takes a shorter text",
    "bool_type": "takes true or false, without quotes",
    "list_type": "takes a list in [ ], or for a table [[double brackets]]",
    "model_type": "takes a table of keys",
    "dict_type": "takes a table of keys",
    "too_short": "takes at least one",
}


def findings_of(error: ValidationError, file: str, raw: Mapping[str, Any]) -> list[Finding]:
    """Return a finding for each error, with the rule's id where it has one.

    What is missing comes last, since a misspelt key explains it.
    """
    details = sorted(error.errors(include_url=False), key=lambda detail: detail["type"] == "missing")
    return [_finding(detail, file, raw) for detail in details]


def _finding(detail: ErrorDetails, file: str, raw: Mapping[str, Any]) -> Finding:
    where = list(detail["loc"])
    rule: str | None = None
    if len(where) > 1 and where[0] in _TABLES:
        table, index, *where = where
        rule = f"{table}/{_id_of(raw, str(table), index)}"
    place = ".".join(str(part + 1 if isinstance(part, int) else part) for part in where)
    message = _message(detail)
    return Finding(file, rule, f"{place}: {message}" if place else message)


def _id_of(raw: Mapping[str, Any], table: str, index: int | str) -> str:
    row = raw[table][index]
    given = row.get("id") if isinstance(row, dict) else None
    return given if isinstance(given, str) else f"#{int(index) + 1}"


def _message(detail: ErrorDetails) -> str:
    match detail["type"]:
        case "extra_forbidden":
            part = _PARTS.get(str(detail["loc"][0]), ProgramFile) if len(detail["loc"]) > 1 else ProgramFile
            return f"unknown key {named(str(detail['loc'][-1]), part.model_fields)}"
        case "enum":
            accepted = re.findall(r"'([^']*)'", detail["ctx"]["expected"])
            return f"unknown value {named(str(detail['input']), accepted)}"
        case "value_error":
            return str(detail["ctx"]["error"])
        case kind:
            return _PLAIN.get(kind, detail["msg"])
