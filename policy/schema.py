"""The tables and keys of each policy file; anything else in a file is refused.

This is about form alone. What the entries mean (which facts a program asks, what a rule's `when` may name)
depends on the vocabulary and is checked in `policy.program_builder`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field

from policy.decision import Verdict
from policy.schema_values import (
    ByLanguage,
    Choice,
    CreditValue,
    DetailWords,
    Email,
    Id,
    Name,
    Needs,
    Oid,
    RuleId,
    SaidWords,
    Url,
    When,
    Words,
)
from policy.vocabulary import DetailKind, Draft, FactKind, Means

__all__ = [
    "MAX_ROWS",
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

# How many rows of each kind a file may have: far more than any refund page needs or Slack's menus can show.
MAX_ROWS: Final = {
    "ask": 40,
    "detail": 40,
    "route": 40,
    "cancellation": 400,
    "refund": 400,
    "brand": 2000,
    "issuer": 2000,
    "certificate_policy": 400,
}
MAX_CHOICES: Final = 60


class _Strict(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True, strict=True)


class AskRow(_Strict):
    """An `[[ask]]`: a shared fact, perhaps narrowed to some of its choices, or the program's own fact."""

    fact: Id
    kind: Annotated[FactKind | None, Field(strict=False)] = None
    choices: Annotated[list[Choice] | None, Field(min_length=1, max_length=MAX_CHOICES)] = None
    words: SaidWords = {}
    phrases: SaidWords = {}
    columns: ByLanguage = {}
    means: Annotated[Means | None, Field(strict=False)] = None
    implies: dict[Id, Choice] = {}
    where_asked: bool = False
    remembered: bool = False


class DetailRow(_Strict):
    """A `[[detail]]`: a piece of information about an order that a draft may need."""

    id: Id
    kind: Annotated[DetailKind, Field(strict=False)]
    words: DetailWords = {}
    columns: ByLanguage = {}
    identifies: bool = False
    offered: bool = False
    remembered: bool = False


class RouteRow(_Strict):
    """A `[[route]]`: a way to cancel."""

    id: Id
    draft: Annotated[Draft, Field(strict=False)]
    handoff: bool


class _Row(_Strict):
    """The keys that both tables share: when the row holds, and what the page says."""

    id: RuleId
    when: When
    says: Words


class FrontCancellationRow(_Row):
    """A row of `[[cancellation]]` in `front.toml`: it rests on no page, so it cites none."""

    route: str


class FrontRefundRow(_Row):
    """A row of `[[refund]]` in `front.toml`: it rests on no page, so it cites none."""

    verdict: Annotated[Verdict, Field(strict=False)]


class CancellationRow(FrontCancellationRow):
    """A row of a program's `[[cancellation]]`."""

    cite: str
    silent: bool = False
    needs: Needs = []
    credit: CreditValue = None


class RefundRow(FrontRefundRow):
    """A row of a program's `[[refund]]`."""

    cite: str
    silent: bool = False
    needs: Needs = []


class CiteRow(_Strict):
    """A `[cite.<key>]`: a section of a page, named by the page's own headings."""

    title: Words
    section: Words


class LinksTable(_Strict):
    """The `[links]`, each empty until an operator fills it in."""

    portal: Url = ""
    support_form: Url = ""
    support_email: Email = ""


class BrandRow(BaseModel):
    """A `[[brand]]`: a brand or product; each further key is a fact whose value the name settles."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="allow", frozen=True, strict=True)
    __pydantic_extra__: dict[str, Choice]

    name: Name
    aliases: list[Name] = []


class IssuerRow(BaseModel):
    """An `[[issuer]]`: how to recognize an issuer; each further key is a fact that it settles."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="allow", frozen=True, strict=True)
    __pydantic_extra__: dict[str, Choice]

    name: Name
    organizations: Annotated[list[Name], Field(min_length=1)]
    common_names: list[Name] = []


class CertificatePolicyRow(BaseModel):
    """A `[[certificate_policy]]`: an object identifier; each further key is a fact that it settles."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="allow", frozen=True, strict=True)
    __pydantic_extra__: dict[str, Choice]

    oid: Oid


class OrderListsTable(_Strict):
    """The `[order_lists]`: the words by which order lists are read, by language.

    `totals`: how a row begins that is a total rather than an order. `empty`: cells that mean nothing.
    `around_days`: words beside the day in a column's heading. `terms`: words beside a product's name.
    `months`: the names of the twelve months.
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
    """The rules for when no program is known, or for another seller's: `policy/front.toml`."""

    sellers: list[Name] = []
    cancellation: list[FrontCancellationRow] = []
    refund: list[FrontRefundRow] = []
