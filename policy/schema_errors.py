"""Turn pydantic's errors about a policy file into findings with line, rule and what is accepted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, get_args

from pydantic import BaseModel

from policy.errors import Finding
from policy.facts import PROGRAM
from policy.schema import MAX_ROWS
from policy.toml_file import TomlFile
from policy.wording import suggest

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

__all__ = ["findings_from_schema", "too_many"]

_TABLES: Final = ("cancellation", "refund")
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
    "too_long": "takes fewer",
}


def findings_from_schema(
    error: ValidationError, file: TomlFile, model: type[BaseModel], program: str | None
) -> list[Finding]:
    """Return a finding for each error, with the rule's id if it is in a rule.

    Missing keys come last, since a misspelled key often explains them.
    """
    details = sorted(error.errors(include_url=False), key=lambda detail: detail["type"] == "missing")
    return [_finding(detail, file, model, program) for detail in details]


def too_many(file: TomlFile, program: str | None) -> Finding | None:
    """Return a finding for the first table with more rows than are accepted, or None."""
    for table, most in MAX_ROWS.items():
        rows = file.contents.get(table)
        if isinstance(rows, list) and len(rows) > most:
            words = f"has {len(rows)} [[{table}]]; at most {most} are taken"
            return Finding(file.path, None, words, file.line((table, most)), program)
    return None


def _finding(detail: ErrorDetails, file: TomlFile, model: type[BaseModel], program: str | None) -> Finding:
    where = list(detail["loc"])
    line = file.line(tuple(where))
    if detail["type"] == "missing" and where == ["ask"]:
        return Finding(file.path, None, _unasked(file.contents), 1, program)
    rule: str | None = None
    if len(where) > 1 and where[0] in _TABLES:
        table, index, *where = where
        rule = f"{table}/{_id_of(file.contents, str(table), index)}"
    place = ".".join(str(part + 1 if isinstance(part, int) else part) for part in where)
    message = _message(detail, model)
    return Finding(file.path, rule, f"{place}: {message}" if place else message, line, program)


def _id_of(raw: Mapping[str, Any], table: str, index: int | str) -> str:
    row = raw[table][index]
    given = row.get("id") if isinstance(row, dict) else None
    return given if isinstance(given, str) else f"#{int(index) + 1}"


def _message(detail: ErrorDetails, model: type[BaseModel]) -> str:
    match detail["type"]:
        case "extra_forbidden":
            loc = detail["loc"]
            return f"unknown key {suggest(str(loc[-1]), _keys(model, loc[:-1]))}"
        case "enum":
            accepted = re.findall(r"'([^']*)'", detail["ctx"]["expected"])
            return f"unknown value {suggest(str(detail['input']), accepted)}"
        case "value_error":
            return str(detail["ctx"]["error"])
        case kind:
            return _PLAIN.get(kind, detail["msg"])


def _keys(model: type[BaseModel], loc: Iterable[int | str]) -> list[str]:
    """Return the keys that are accepted at a place in a file."""
    for part in loc:
        if isinstance(part, str) and part in model.model_fields:
            inner = _model_in(model.model_fields[part].annotation)
            model = inner if inner is not None else model
    return list(model.model_fields)


def _model_in(annotation: object) -> type[BaseModel] | None:
    """Return the model that a field's type contains, such as the row of a list, or None."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in get_args(annotation) if (found := _model_in(each)) is not None), None)


def _unasked(raw: Mapping[str, Any]) -> str:
    """Return the message for a file without `[[ask]]`, with a block to paste for each fact its rules use."""
    kinds: dict[str, str] = {}
    for table in _TABLES:
        rows = raw.get(table)
        for row in rows if isinstance(rows, list) else []:
            when = row.get("when") if isinstance(row, dict) else None
            for fact, value in when.items() if isinstance(when, dict) else []:
                kinds[fact] = "day" if isinstance(value, dict) else kinds.get(fact, "")
    blocks = [f'[[ask]]\nfact = "{fact}"' for fact in kinds if fact != PROGRAM]
    pasted = "\n\n".join(blocks or ['[[ask]]\nfact = "…"'])
    return f"has no [[ask]]: which facts it asks for, in the order of asking; put these in\n\n{pasted}\n"
