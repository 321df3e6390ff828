"""Rules, and the two first-match tables that they form."""

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
    "first_match",
]

TableName: TypeAlias = Literal["cancellation", "refund"]


class Standing(Enum):
    """Whether a rule holds, once the facts it looks at are known."""

    HOLDS = "holds"
    REFUTED = "refuted"


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of a table: when it holds, what the page says in our own words, and where it says so.

    `ref` is "cancellation/<id>" or "refund/<id>"; the conditions are in the order of asking.
    """

    ref: str
    when: tuple[tuple[Fact, Condition], ...]
    says: str
    citation: Citation | None

    def test(self, known: Mapping[Fact, Answer]) -> Standing | Undecided | Unexplored:
        """Tell whether the rule holds or is refuted, or which fact has to be asked or looked at first.

        A known fact that refutes the rule counts before an absent one.
        """
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
        """Return the rule's windows of these kinds, or all of them."""
        return tuple(
            Window(fact, condition.days)
            for fact, condition in self.when
            if isinstance(condition, Within | After) and (not kinds or isinstance(condition, kinds))
        )


@dataclass(frozen=True, slots=True)
class CancellationRule(Rule):
    """A row that gives the route of a cancellation, what it needs, and how soon a credit is expected."""

    route: RouteSpec
    needs: tuple[tuple[Detail, ...], ...] = ()
    credit: Credit | None = None


@dataclass(frozen=True, slots=True)
class RefundRule(Rule):
    """A row that gives the verdict on the refund."""

    verdict: Verdict
    needs: tuple[tuple[Detail, ...], ...] = ()

    @property
    def last_day_windows(self) -> tuple[Window, ...]:
        """The windows that set the last day: those that are over if it is expired, else those still open."""
        return self.windows(After if self.verdict is Verdict.EXPIRED else Within) or self.windows()


@dataclass(frozen=True, slots=True)
class Undecided:
    """The first rule that may still hold depends on this fact, which is absent and so has to be asked."""

    fact: Fact
    because: Rule


@dataclass(frozen=True, slots=True)
class Unexplored:
    """A rule depends on this fact, and the tree has not branched on it yet: it may still be absent."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class Gap:
    """Every rule of the table is refuted."""

    table: TableName


@dataclass(frozen=True, slots=True)
class Tables:
    """A program's cancellation and refund rules, each in the order in which they are tried."""

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
        """For each day fact, the numbers of days after which some rule starts or stops holding, ascending."""
        days: dict[Fact, set[int]] = {}
        for rule in self.rules:
            for window in rule.windows():
                days.setdefault(window.fact, set()).add(window.days)
        return {fact: tuple(sorted(found)) for fact, found in days.items()}


_R = TypeVar("_R", bound=Rule)


def first_match(table: Sequence[_R], known: Mapping[Fact, Answer]) -> _R | Undecided | Unexplored | None:
    """Return the first rule that holds, or the fact the first open one depends on; None for a gap."""
    for rule in table:
        standing = rule.test(known)
        if standing is Standing.HOLDS:
            return rule
        if not isinstance(standing, Standing):
            return standing
    return None
