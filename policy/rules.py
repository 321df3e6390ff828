"""Rules and the two first-match tables they stand in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Literal, TypeAlias, TypeVar

from policy.conditions import ABSENT, After, Answer, Condition, Within
from policy.decision import Citation, Credit, Detail, Route, Verdict
from policy.facts import Fact

__all__ = [
    "CancellationRule",
    "Gap",
    "RefundRule",
    "Rule",
    "TableName",
    "Tables",
    "Undecided",
    "Unexplored",
    "first",
]

TableName: TypeAlias = Literal["cancellation", "refund"]


class Standing(Enum):
    """How one rule stands to facts that are all known."""

    HOLDS = "holds"
    REFUTED = "refuted"


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of a table: when it holds, what the page says about it in our own words, and where.

    `ref` is "cancellation/<id>" or "refund/<id>"; conditions stand in the order of asking.
    """

    ref: str
    when: tuple[tuple[Fact, Condition], ...]
    says: str
    citation: Citation | None

    def test(self, known: Mapping[Fact, Answer]) -> Standing | Undecided | Unexplored:
        """Refute the rule by any known fact; else name its first absent fact; else say that it holds."""
        missing: Fact | None = None
        for fact, condition in self.when:
            if fact not in known:
                return Unexplored(fact)
            if known[fact] is ABSENT:
                missing = missing or fact
            elif not condition.holds(known[fact]):
                return Standing.REFUTED
        return Undecided(missing, self) if missing else Standing.HOLDS

    @property
    def window(self) -> int | None:
        """The days of its date condition, None where it has none."""
        days = [condition.days for _, condition in self.when if isinstance(condition, Within | After)]
        return days[0] if days else None


@dataclass(frozen=True, slots=True)
class CancellationRule(Rule):
    """A row that chooses the way a cancellation takes, what it needs, and how soon a credit may show."""

    route: Route
    needs: tuple[tuple[Detail, ...], ...] = ()
    credit: Credit | None = None


@dataclass(frozen=True, slots=True)
class RefundRule(Rule):
    """A row that gives the verdict about the money."""

    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Undecided:
    """The first rule that is neither refuted nor holds turns on this fact, which is absent."""

    fact: Fact
    because: Rule


@dataclass(frozen=True, slots=True)
class Unexplored:
    """A rule looks at this fact, of which it is not known yet whether it is absent."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class Gap:
    """Every rule of the table is refuted."""

    table: TableName


@dataclass(frozen=True, slots=True)
class Tables:
    """A program's cancellation and refund rules, in the order in which they are tried."""

    cancellation: tuple[CancellationRule, ...]
    refund: tuple[RefundRule, ...]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All the rules of both tables."""
        return (*self.cancellation, *self.refund)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts that any rule looks at, in the order of asking."""
        mentioned = {fact for rule in self.rules for fact, _ in rule.when}
        return tuple(fact for fact in Fact if fact in mentioned)

    @property
    def thresholds(self) -> tuple[int, ...]:
        """The days after which some rule starts or stops to hold, ascending."""
        return tuple(sorted({rule.window for rule in self.rules if rule.window is not None}))


_R = TypeVar("_R", bound=Rule)


def first(table: Sequence[_R], known: Mapping[Fact, Answer]) -> _R | Undecided | Unexplored | None:
    """Return the first rule that holds, or the fact on which the first open one turns; None is a gap."""
    for rule in table:
        standing = rule.test(known)
        if standing is Standing.HOLDS:
            return rule
        if not isinstance(standing, Standing):
            return standing
    return None
