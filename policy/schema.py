"""What may stand in a policy file, key by key; anything else is refused.

Here is the form alone. What a file's words mean (which facts it asks, what a rule's `when` may name) depends
on the vocabulary, and is for `policy.assembling` to tell.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, ClassVar, Final, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    WithJsonSchema,
)

from policy.conditions import LONGEST_WINDOW
from policy.decision import Credit, Verdict
from policy.facts import LONGEST_ID, UNKNOWN
from policy.vocabulary import DetailKind, Draft, FactKind, Means
from policy.wording import shown

__all__ = [
    "MOST_ROWS",
    "AskRow",
    "BrandRow",
    "CancellationRow",
    "CertificatePolicyRow",
    "CiteRow",
    "DetailRow",
    "FrontCancellationRow",
    "FrontFile",
    "FrontRefundRow",
    "IssuerRow",
    "LinksTable",
    "OrderListsTable",
    "ProgramFile",
    "RefundRow",
    "RouteRow",
    "VocabularyFile",
]

_HOURS_AT_MOST: Final = 24 * 365
_BUSINESS_DAYS_AT_MOST: Final = 365
# How many rows of each kind a file may have: more than a page can mean, or Slack's menus can show.
MOST_ROWS: Final = {
    "ask": 40,
    "detail": 40,
    "route": 40,
    "cancellation": 400,
    "refund": 400,
    "brand": 2000,
    "issuer": 2000,
    "certificate_policy": 400,
}
MOST_CHOICES: Final = 60


def _matching(pattern: str, accepted: str) -> Any:  # noqa: ANN401  two pieces of metadata
    """Refuse a text that does not match, in words rather than with the pattern."""
    compiled = re.compile(pattern)

    def match(text: str) -> str:
        if compiled.fullmatch(text):
            return text
        raise ValueError(f"cannot be {shown(text)}; accepted: {accepted}")

    return AfterValidator(match)


def _id(text: str) -> str:
    if re.fullmatch(r"[a-z][a-z0-9_]*", text) and len(text) <= LONGEST_ID and text != UNKNOWN:
        return text
    accepted = f'at most {LONGEST_ID} small letters, digits and _, such as "order_number"'
    raise ValueError(f"cannot be {shown(text)}; accepted: {accepted}, but not {shown(UNKNOWN)}")


def _choice(raw: object) -> str | bool:
    if isinstance(raw, bool):
        return raw
    if raw == UNKNOWN:
        raise ValueError(f"{shown(UNKNOWN)} is an answer to every question and stands in no list of choices")
    if raw in ("true", "false"):
        raise ValueError(f"{shown(raw)} stands without quotes")
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
_WINDOW: Final = {"type": "integer", "minimum": 0, "maximum": LONGEST_WINDOW}
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


# Read against the facts that the program asks, once these are known.
When: TypeAlias = Annotated[dict[str, object], PlainValidator(_when), WithJsonSchema(_WHEN_SCHEMA)]


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


def _span(key: str, most: int) -> dict[str, Any]:
    amount = {"type": "integer", "minimum": 1, "maximum": most}
    return {"type": "object", "properties": {key: amount}, "required": [key], "additionalProperties": False}


CreditValue: TypeAlias = Annotated[
    Credit | None,
    PlainValidator(_credit),
    WithJsonSchema(
        {"anyOf": [_span("hours", _HOURS_AT_MOST), _span("business_days", _BUSINESS_DAYS_AT_MOST)]}
    ),
]


def _alternatives(raw: object) -> object:
    """Take a detail that has no alternative without its own list."""
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
    """Return what people say, by language and by choice; a day's words stand under ""."""
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
# Texts by language, such as the names of a column.
ByLanguage: TypeAlias = dict[str, list[Annotated[str, StringConstraints(min_length=1, max_length=80)]]]


class _Strict(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True, strict=True)


class AskRow(_Strict):
    """An `[[ask]]`: a shared fact by its id, narrowed or not, or a fact of the program's own."""

    fact: Id
    kind: Annotated[FactKind | None, Field(strict=False)] = None
    choices: Annotated[list[Choice] | None, Field(min_length=1, max_length=MOST_CHOICES)] = None
    words: SaidWords = {}
    phrases: SaidWords = {}
    columns: ByLanguage = {}
    means: Annotated[Means | None, Field(strict=False)] = None
    implies: dict[Id, Choice] = {}
    where_asked: bool = False
    remembered: bool = False


class DetailRow(_Strict):
    """A `[[detail]]`: what a draft needs to say about an order."""

    id: Id
    kind: Annotated[DetailKind, Field(strict=False)]
    words: DetailWords = {}
    columns: ByLanguage = {}
    identifies: bool = False
    offered: bool = False
    remembered: bool = False


class RouteRow(_Strict):
    """A `[[route]]`: a way that a cancellation takes."""

    id: Id
    draft: Annotated[Draft, Field(strict=False)]
    handoff: bool


class _Row(_Strict):
    """What the rows of both tables have: when they hold, and what the page says."""

    id: RuleId
    when: When
    says: Words


class FrontCancellationRow(_Row):
    """A row of `[[cancellation]]` for no program known, or another: no page is behind it."""

    route: str


class FrontRefundRow(_Row):
    """A row of `[[refund]]` for no program known, or another: no page is behind it."""

    verdict: Annotated[Verdict, Field(strict=False)]


class CancellationRow(FrontCancellationRow):
    """A row of `[[cancellation]]`."""

    cite: str
    silent: bool = False
    needs: Needs = []
    credit: CreditValue = None


class RefundRow(FrontRefundRow):
    """A row of `[[refund]]`."""

    cite: str
    silent: bool = False
    needs: Needs = []


class CiteRow(_Strict):
    """A `[cite.<key>]`: a section of a page, by the page's own headings."""

    title: Words
    section: Words


class LinksTable(_Strict):
    """The `[links]`, each of them empty where it is not known."""

    portal: Url = ""
    support_form: Url = ""
    support_email: Email = ""


class BrandRow(BaseModel):
    """A `[[brand]]`: a brand or product; every further key is a fact, with what the name makes certain."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="allow", frozen=True, strict=True)
    __pydantic_extra__: dict[str, Choice]

    name: Name
    aliases: list[Name] = []


class IssuerRow(BaseModel):
    """An `[[issuer]]`: whose certificates an organization issues; every further key is a fact."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="allow", frozen=True, strict=True)
    __pydantic_extra__: dict[str, Choice]

    name: Name
    organizations: Annotated[list[Name], Field(min_length=1)]
    common_names: list[Name] = []


class CertificatePolicyRow(BaseModel):
    """A `[[certificate_policy]]`: what a policy's object identifier makes certain of a certificate."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="allow", frozen=True, strict=True)
    __pydantic_extra__: dict[str, Choice]

    oid: Oid


class OrderListsTable(_Strict):
    """The `[order_lists]`: words by which lists of orders are read, by language.

    `totals` begin a row that is no order, `empty` cells say nothing, `around_days` stand in the name of a
    day's column, `terms` beside a product's name; of `months` there are twelve.
    """

    totals: ByLanguage = {}
    empty: ByLanguage = {}
    around_days: ByLanguage = {}
    terms: ByLanguage = {}
    months: dict[str, Annotated[list[str], Field(min_length=12, max_length=12)]] = {}


class ProgramFile(_Strict):
    """A program: `policy/programs/<id>.toml`."""

    name: Name
    aliases: list[Name] = []
    effective: date
    support: Name | None = None
    links: LinksTable = LinksTable()
    ask: Annotated[list[AskRow], Field(min_length=1)]
    detail: list[DetailRow] = []
    route: list[RouteRow] = []
    cite: dict[str, CiteRow] = {}
    cancellation: Annotated[list[CancellationRow], Field(min_length=1)]
    refund: Annotated[list[RefundRow], Field(min_length=1)]
    brand: list[BrandRow] = []


class VocabularyFile(_Strict):
    """What programs share: `policy/vocabulary.toml`."""

    ask: list[AskRow] = []
    detail: list[DetailRow] = []
    route: list[RouteRow] = []
    brand: list[BrandRow] = []
    issuer: list[IssuerRow] = []
    certificate_policy: list[CertificatePolicyRow] = []
    order_lists: OrderListsTable = OrderListsTable()


class FrontFile(_Strict):
    """The rules for no program known and for another one: `policy/front.toml`."""

    sellers: list[Name] = []
    cancellation: list[FrontCancellationRow] = []
    refund: list[FrontRefundRow] = []
