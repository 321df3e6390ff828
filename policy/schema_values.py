"""The values that a policy file may hold, each with the check that refuses anything else.

Each type also carries its JSON Schema, for editors. `policy.schema` says under which keys the values stand.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, StringConstraints, WithJsonSchema

from policy.conditions import MAX_WINDOW_DAYS
from policy.decision import Credit
from policy.facts import MAX_ID_LENGTH, UNKNOWN
from policy.wording import shown

__all__ = [
    "ByLanguage",
    "Choice",
    "CreditValue",
    "DetailWords",
    "Email",
    "Id",
    "Name",
    "Needs",
    "Oid",
    "RuleId",
    "SaidWords",
    "Url",
    "When",
    "Words",
]

_MAX_HOURS: Final = 24 * 365
_MAX_BUSINESS_DAYS: Final = 365


def _matching(pattern: str, accepted: str) -> Any:  # noqa: ANN401  two pieces of metadata
    """Return a check that refuses a text that does not match, and says what is `accepted` in words."""
    compiled = re.compile(pattern)

    def match(text: str) -> str:
        if compiled.fullmatch(text):
            return text
        raise ValueError(f"cannot be {shown(text)}; accepted: {accepted}")

    return AfterValidator(match)


def _id(text: str) -> str:
    if re.fullmatch(r"[a-z][a-z0-9_]*", text) and len(text) <= MAX_ID_LENGTH and text != UNKNOWN:
        return text
    accepted = f'at most {MAX_ID_LENGTH} small letters, digits and _, such as "order_number"'
    raise ValueError(f"cannot be {shown(text)}; accepted: {accepted}, but not {shown(UNKNOWN)}")


def _choice(raw: object) -> str | bool:
    if isinstance(raw, bool):
        return raw
    if raw == UNKNOWN:
        raise ValueError(
            f"{shown(UNKNOWN)} is an answer to every question and must not be listed as a choice"
        )
    if raw in ("true", "false"):
        raise ValueError(f"{shown(raw)} is written without quotes")
    if isinstance(raw, str):
        return _id(raw)
    raise ValueError(f"cannot be {shown(raw)}; accepted: a name in quotes, or true and false without")


Words: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
Name: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
RuleId: TypeAlias = Annotated[
    str,
    _matching(r"[a-z][a-z0-9]*(-[a-z0-9]+){0,9}", 'small letters, digits and hyphens, such as "window-open"'),
    WithJsonSchema({"type": "string", "pattern": "^[a-z][a-z0-9]*(-[a-z0-9]+){0,9}$"}),
]
Id: TypeAlias = Annotated[
    str, AfterValidator(_id), WithJsonSchema({"type": "string", "pattern": "^[a-z][a-z0-9_]{0,39}$"})
]
# Empty, or something that a reply can turn into a link.
Url: TypeAlias = Annotated[
    str,
    _matching(r"(https://[^\s<>|]{1,500})?", 'an address with https://, or "" for none'),
    WithJsonSchema({"type": "string", "pattern": "^(https://.*)?$"}),
]
Email: TypeAlias = Annotated[
    str, _matching(r"([^\s@<>|]+@[^\s@<>|]+\.[^\s@<>|]+)?", 'an email address, or "" for none')
]
Choice: TypeAlias = Annotated[
    str | bool,
    PlainValidator(_choice),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": "^[a-z][a-z0-9_]{0,39}$"}, {"type": "boolean"}]}),
]

Oid: TypeAlias = Annotated[
    str,
    _matching(r"[0-2](\.(0|[1-9][0-9]{0,17})){1,30}", 'an object identifier, such as "2.23.140.1.1"'),
    WithJsonSchema({"type": "string", "pattern": "^[0-2](\\.(0|[1-9][0-9]*))+$"}),
]

_VALUE: Final[dict[str, Any]] = {"type": ["string", "boolean"]}
_WINDOW: Final = {"type": "integer", "minimum": 0, "maximum": MAX_WINDOW_DAYS}
_WHEN_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "description": "What must be so, by fact. {} always holds.",
    "additionalProperties": {
        "anyOf": [
            _VALUE,
            {"type": "array", "items": _VALUE, "minItems": 1},
            *(
                {
                    "type": "object",
                    "properties": {key: _WINDOW},
                    "required": [key],
                    "additionalProperties": False,
                }
                for key in ("within_days", "after_days")
            ),
        ]
    },
}


def _when(raw: object) -> dict[str, object]:
    if isinstance(raw, dict):
        return raw
    raise ValueError("takes a table of facts, such as { issued = true }")


# `policy.conditions` reads it later, once it is known which facts the program asks.
When: TypeAlias = Annotated[dict[str, object], PlainValidator(_when), WithJsonSchema(_WHEN_SCHEMA)]


def _credit(raw: object) -> Credit:
    if isinstance(raw, dict) and len(raw) == 1:
        match raw:
            case {"hours": int(amount)} if type(amount) is int and 0 < amount <= _MAX_HOURS:
                return Credit("hours", amount)
            case {"business_days": int(amount)} if type(amount) is int and 0 < amount <= _MAX_BUSINESS_DAYS:
                return Credit("business_days", amount)
    raise ValueError("accepted is { hours = 48 } or { business_days = 5 }")


def _span(key: str, most: int) -> dict[str, Any]:
    amount = {"type": "integer", "minimum": 1, "maximum": most}
    return {"type": "object", "properties": {key: amount}, "required": [key], "additionalProperties": False}


CreditValue: TypeAlias = Annotated[
    Credit | None,
    PlainValidator(_credit),
    WithJsonSchema({"anyOf": [_span("hours", _MAX_HOURS), _span("business_days", _MAX_BUSINESS_DAYS)]}),
]


def _alternatives(raw: object) -> object:
    """Wrap each detail that has no alternative in a list of its own."""
    return [item if isinstance(item, list) else [item] for item in raw] if isinstance(raw, list) else raw


_NEEDS_SCHEMA: Final[dict[str, Any]] = {
    "type": "array",
    "description": 'Details of the order: ["a", "b"], or [["a", "b"], "c"] for one of a and b, and c.',
    "items": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]},
}
Needs: TypeAlias = Annotated[
    list[Annotated[list[str], Field(min_length=1)]],
    BeforeValidator(_alternatives),
    WithJsonSchema(_NEEDS_SCHEMA),
]


def _words(raw: object) -> dict[str, dict[str, list[str]]]:
    """Return what people say, by language and then by choice; the words for a day are under ""."""
    accepted = 'accepted: words.en = ["bought", …] for a day, words.en = { a_choice = ["…"] } for a choice'
    if not isinstance(raw, dict):
        raise ValueError(f"cannot be {shown(raw)}; {accepted}")  # noqa: TRY004
    read: dict[str, dict[str, list[str]]] = {}
    for language, said in raw.items():
        read[language] = {"": said} if isinstance(said, list) else said
        if not isinstance(read[language], dict):
            raise ValueError(f"{language} cannot be {shown(said)}; {accepted}")  # noqa: TRY004
        for words in read[language].values():
            if not isinstance(words, list) or not all(
                isinstance(each, str) and each.strip() for each in words
            ):
                raise ValueError(f"{language}: takes lists of texts in quotes; {accepted}")
    return read


_TEXTS: Final[dict[str, Any]] = {"type": "array", "items": {"type": "string", "minLength": 1}}
SaidWords: TypeAlias = Annotated[
    dict[str, dict[str, list[str]]],
    PlainValidator(_words),
    WithJsonSchema(
        {
            "type": "object",
            "description": "How people say it, by language: a list for a day, a list for each choice.",
            "additionalProperties": {"anyOf": [_TEXTS, {"type": "object", "additionalProperties": _TEXTS}]},
        }
    ),
]


DetailWords: TypeAlias = dict[
    str, list[Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]]
]
# Texts by language, such as the possible headings of a column.
ByLanguage: TypeAlias = dict[str, list[Annotated[str, StringConstraints(min_length=1, max_length=80)]]]
