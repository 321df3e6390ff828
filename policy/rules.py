"""Rules and the two first-match tables they stand in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Literal, TypeAlias, TypeVar

from policy.conditions import ABSENT, After, Answer, Condition, Within
from policy.decision import Citation, Credit, Verdict, Window
from policy.facts import Detail, Fact
from policy.vocabulary import RouteSpec

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

    def windows(self, *kinds: type[Within | After]) -> tuple[Window, ...]:
        """Return its windows of these kinds, or of any."""
        return tuple(
            Window(fact, condition.days)
            for fact, condition in self.when
            if isinstance(condition, Within | After) and (not kinds or isinstance(condition, kinds))
        )


@dataclass(frozen=True, slots=True)
class CancellationRule(Rule):
    """A row that chooses the way a cancellation takes, what it needs, and how soon a credit may show."""

    route: RouteSpec
    needs: tuple[tuple[Detail, ...], ...] = ()
    credit: Credit | None = None


@dataclass(frozen=True, slots=True)
class RefundRule(Rule):
    """A row that gives the verdict about the money."""

    verdict: Verdict
    needs: tuple[tuple[Detail, ...], ...] = ()

    @property
    def counted(self) -> tuple[Window, ...]:
        """The windows that its last day is counted by: the latest end where it is over, else the earliest."""
        return self.windows(After if self.verdict is Verdict.EXPIRED else Within) or self.windows()


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
    def mentioned(self) -> frozenset[Fact]:
        """The facts that any rule looks at."""
        return frozenset(fact for rule in self.rules for fact, _ in rule.when)

    @property
    def thresholds(self) -> Mapping[Fact, tuple[int, ...]]:
        """For each day, after how many days some rule starts or stops to hold, ascending."""
        days: dict[Fact, set[int]] = {}
        for rule in self.rules:
            for window in rule.windows():
                days.setdefault(window.fact, set()).add(window.days)
        return {fact: tuple(sorted(found)) for fact, found in days.items()}


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
