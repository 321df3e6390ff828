"""What the core answers: the next question, or the decision with everything that it rests on.

The two words that must not be confused: `UNSTATED` means that the page is silent, `UNDETERMINED` that the
page decides but a fact is unknown (`Refund.depends_on` names it).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from policy.facts import Detail, Fact, Value
from policy.vocabulary import Draft, FactKind


class Verdict(StrEnum):
    """What the page says about the money, as hedged as the page says it."""

    ELIGIBLE = "eligible"
    LIKELY = "likely"
    EXPIRED = "expired"
    NOT_ELIGIBLE = "not_eligible"
    UNLIKELY = "unlikely"
    UNSTATED = "unstated"
    UNDETERMINED = "undetermined"


class Caveat(StrEnum):
    """What the reply must add."""

    BOUNDARY = "boundary"


@dataclass(frozen=True, slots=True)
class Credit:
    """How soon a credit is expected on the reseller account: an expectation, not a promise."""

    unit: Literal["hours", "business_days"]
    amount: int


@dataclass(frozen=True, slots=True)
class Citation:
    """A section of a source page; `silent` where it was consulted and does not say."""

    title: str
    section: str
    silent: bool


@dataclass(frozen=True, slots=True)
class Cancellation:
    """The route, the rule (`cancellation/<rule id>`) that chose it, and what the route's declaration says."""

    route: str
    rule: str
    draft: Draft
    handoff: bool


@dataclass(frozen=True, slots=True)
class Window:
    """The days that a refund's last day was counted by: so many from the day of a fact."""

    fact: Fact
    days: int


@dataclass(frozen=True, slots=True)
class Refund:
    """The verdict, the rule (`refund/<rule id>`) that gave it, and the days it hangs on."""

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
    """The next fact to ask for. `choices` ends with `UNKNOWN`; a day's only choice is that."""

    fact: Fact
    kind: FactKind
    choices: tuple[Value, ...]
    because: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer. `needs` is a tuple of alternatives, each of which wants one detail."""

    cancellation: Cancellation
    refund: Refund
    needs: tuple[tuple[Detail, ...], ...]
    caveats: tuple[Caveat, ...]
    changes_on: date | None
    citations: tuple[Citation, ...]
    facts_used: tuple[Fact, ...]
    policy: PolicyRef | None
