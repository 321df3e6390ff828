"""What the core answers: the next question (`Ask`), or the `Decision` with everything it rests on.

Two verdicts must not be confused: `UNSTATED` means that the page is silent, `UNDETERMINED` that the page
decides but a fact is unknown (`Refund.depends_on` names it).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from policy.facts import Detail, Fact, Value
from policy.vocabulary import Draft, FactKind


class Verdict(StrEnum):
    """What the page says about the refund, hedged exactly as the page hedges it."""

    ELIGIBLE = "eligible"
    LIKELY = "likely"
    EXPIRED = "expired"
    NOT_ELIGIBLE = "not_eligible"
    UNLIKELY = "unlikely"
    UNSTATED = "unstated"
    UNDETERMINED = "undetermined"


class Caveat(StrEnum):
    """A warning that the reply must add. `BOUNDARY`: it is the last day of the window, or the day after."""

    BOUNDARY = "boundary"


@dataclass(frozen=True, slots=True)
class Credit:
    """How soon a credit is expected on the reseller account: an expectation, not a promise."""

    unit: Literal["hours", "business_days"]
    amount: int


@dataclass(frozen=True, slots=True)
class Citation:
    """A section of a source page; `silent` if it was consulted and does not say."""

    title: str
    section: str
    silent: bool


@dataclass(frozen=True, slots=True)
class Cancellation:
    """The route, the rule (`cancellation/<rule id>`) that chose it, and the route's `draft` and `handoff`."""

    route: str
    rule: str
    draft: Draft
    handoff: bool


@dataclass(frozen=True, slots=True)
class Window:
    """The window that determines a refund's last day: so many days from the day of a fact."""

    fact: Fact
    days: int


@dataclass(frozen=True, slots=True)
class Refund:
    """The verdict, the rule (`refund/<rule id>`) that gave it, and the dates that go with it."""

    verdict: Verdict
    rule: str
    depends_on: tuple[Fact, ...]
    last_day: date | None
    credit: Credit | None
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class PolicyRef:
    """Which program file decided, and its effective date."""

    id: str
    version: str


@dataclass(frozen=True, slots=True)
class Ask:
    """The next fact to ask for, and the rule that needs it. `choices` ends with `UNKNOWN`."""

    fact: Fact
    kind: FactKind
    choices: tuple[Value, ...]
    because: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer. `needs` lists groups of alternatives; one detail of each group is needed."""

    cancellation: Cancellation
    refund: Refund
    needs: tuple[tuple[Detail, ...], ...]
    caveats: tuple[Caveat, ...]
    changes_on: date | None
    citations: tuple[Citation, ...]
    facts_used: tuple[Fact, ...]
    policy: PolicyRef | None
