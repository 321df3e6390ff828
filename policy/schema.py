"""What may stand in a program file, key by key; anything else is refused."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, ClassVar, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
)

from policy import conditions
from policy.conditions import Condition
from policy.decision import Credit, Detail, Route, Verdict
from policy.facts import Fact, Provider, Validation
from policy.wording import shown

__all__ = [
    "BrandRow",
    "CancellationRow",
    "CiteRow",
    "LinksTable",
    "ProgramFile",
    "RefundRow",
    "Row",
]

_HOURS_AT_MOST = 24 * 365
_BUSINESS_DAYS_AT_MOST = 365


def _matching(pattern: str, accepted: str) -> AfterValidator:
    """Refuse a text that does not match, in words rather than with the pattern."""
    compiled = re.compile(pattern)

    def match(text: str) -> str:
        if compiled.fullmatch(text):
            return text
        raise ValueError(f"cannot be {shown(text)}; accepted: {accepted}")

    return AfterValidator(match)


Words: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
Id: TypeAlias = Annotated[
    str,
    _matching(r"[a-z][a-z0-9]*(-[a-z0-9]+){0,9}", 'small letters, digits and hyphens, such as "window-open"'),
]
# Empty, or something that a reply can turn into a link.
Url: TypeAlias = Annotated[
    str, _matching(r"(https://[^\s<>|]{1,500})?", 'an address with https://, or "" for none')
]
Email: TypeAlias = Annotated[
    str, _matching(r"([^\s@<>|]+@[^\s@<>|]+\.[^\s@<>|]+)?", 'an email address, or "" for none')
]
When: TypeAlias = Annotated[tuple[tuple[Fact, Condition], ...], PlainValidator(conditions.read)]


def _credit(raw: object) -> Credit:
    if isinstance(raw, dict) and len(raw) == 1:
        match raw:
            case {"hours": int(amount)} if type(amount) is int and 0 < amount <= _HOURS_AT_MOST:
                return Credit("hours", amount)
            case {"business_days": int(amount)} if (
                type(amount) is int and 0 < amount <= _BUSINESS_DAYS_AT_MOST
            ):
                return Credit("business_days", amount)
    raise ValueError("accepted is { hours = 48 } or { business_days = 5 }")


def _alternatives(raw: object) -> object:
    """Take a detail that has no alternative without its own list."""
    return [item if isinstance(item, list) else [item] for item in raw] if isinstance(raw, list) else raw


class _Strict(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True, strict=True)


class Row(_Strict):
    """What the rows of both tables have: when they hold, which section they rest on, and what it says."""

    id: Id
    when: When
    cite: str
    silent: bool = False
    says: Words


class CancellationRow(Row):
    """A row of `[[cancellation]]`."""

    route: Annotated[Route, Field(strict=False)]
    needs: Annotated[
        list[Annotated[list[Annotated[Detail, Field(strict=False)]], Field(min_length=1)]],
        BeforeValidator(_alternatives),
    ] = []
    credit: Annotated[Credit | None, PlainValidator(_credit)] = None


class RefundRow(Row):
    """A row of `[[refund]]`."""

    verdict: Annotated[Verdict, Field(strict=False)]


class CiteRow(_Strict):
    """A `[cite.<key>]`: a section of a page, by the page's own headings."""

    title: Words
    section: Words


class LinksTable(_Strict):
    """The `[links]`, each of them empty where it is not known."""

    portal: Url = ""
    support_form: Url = ""
    support_email: Email = ""


class BrandRow(_Strict):
    """A `[[brand]]`: a brand or product, and what its name makes certain."""

    name: Words
    provider: Annotated[Provider, Field(strict=False)]
    validation: Annotated[Validation | None, Field(strict=False)] = None
    aliases: list[Words] = []


class ProgramFile(_Strict):
    """A whole file."""

    name: Words
    effective: date
    links: LinksTable = LinksTable()
    cite: dict[str, CiteRow] = {}
    cancellation: Annotated[list[CancellationRow], Field(min_length=1)]
    refund: Annotated[list[RefundRow], Field(min_length=1)]
    brand: list[BrandRow] = []
