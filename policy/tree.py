"""The tables of a program grown, once on load, into a tree of questions that is fast to walk.

`rules.first` says what a table means. Growing it asks `first` with nothing known, branches on the fact that
it looks at first, and goes on with each answer, *absent* being one of them, until there is a decision or a
question. So a walk gives what the tables give, in a handful of look-ups.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from policy.conditions import ABSENT, Absent, Age, Answer
from policy.decision import Ask, Cancellation, Decision, PolicyRef, Refund, Route, Verdict
from policy.facts import CHOICES, UNKNOWN, Fact, Facts, Value
from policy.rules import CancellationRule, Gap, RefundRule, Tables, Undecided, Unexplored, first

__all__ = ["Branch", "DateBranch", "End", "Grower", "Leaf", "Node", "choices", "walk"]

_CREDITED = frozenset({Verdict.ELIGIBLE, Verdict.LIKELY})


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """A decision as it stands without its days; `thresholds` and `window` say which days to add.

    `thresholds` is empty where no date was looked at, `window` None where none decided the refund.
    """

    decision: Decision
    outcome: tuple[Route, Verdict]
    thresholds: tuple[int, ...]
    window: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """Go on by the answer to a choice."""

    fact: Fact
    children: Mapping[Value | Absent, Node]


@dataclass(frozen=True, slots=True, eq=False)
class DateBranch:
    """Go on by how many days ago a date was: `ages[i]` up to and with `thresholds[i]`, then the last."""

    thresholds: tuple[int, ...]
    ages: tuple[Node, ...]
    children: Mapping[Value | Absent, Node]


End: TypeAlias = Ask | Leaf | Gap
Node: TypeAlias = Branch | DateBranch | End


def walk(node: Node, facts: Facts, age: int | None) -> End:
    """Follow the facts to an end; `age` is the fulfillment's in days, None where no date is given.

    Raises:
        KeyError: A fact has a value that no question offers.
    """
    while True:
        if isinstance(node, Branch):
            node = node.children[facts.get(node.fact, ABSENT)]
        elif isinstance(node, DateBranch):
            if age is None:
                node = node.children[facts.get(Fact.FULFILLED_ON, ABSENT)]
            else:
                node = node.ages[bisect_left(node.thresholds, age)]
        else:
            return node


def choices(fact: Fact, programs: Iterable[str]) -> tuple[Value, ...]:
    """Return the answers that a question offers, `UNKNOWN` last; a date itself is not among them."""
    if fact is Fact.PROGRAM:
        return (*programs, "other", UNKNOWN)
    return (*CHOICES.get(fact, ()), UNKNOWN)


@dataclass(frozen=True, slots=True)
class Grower:
    """Grow the tree of one program; `policy` is None where none has been chosen."""

    tables: Tables
    policy: PolicyRef | None
    programs: tuple[str, ...] = ()

    def grow(self, known: Mapping[Fact, Answer]) -> Node:
        """Return what the tables lead to from what is known."""
        cancellation = first(self.tables.cancellation, known)
        if cancellation is None:
            return Gap("cancellation")
        if not isinstance(cancellation, CancellationRule):
            return self._open(cancellation, known)
        refund = first(self.tables.refund, known)
        if refund is None:
            return Gap("refund")
        if not isinstance(refund, RefundRule):
            return self._open(refund, known)
        return self._leaf(cancellation, refund, known)

    def _open(self, outcome: Undecided | Unexplored, known: Mapping[Fact, Answer]) -> Node:
        if isinstance(outcome, Undecided):
            return Ask(outcome.fact, choices(outcome.fact, self.programs), outcome.because.ref)
        fact = outcome.fact
        answers = (*choices(fact, self.programs), ABSENT)
        children = {answer: self.grow({**known, fact: answer}) for answer in answers}
        if fact is not Fact.FULFILLED_ON:
            return Branch(fact, children)
        days = self.tables.thresholds
        beyond = days[-1] + 1 if days else 0
        ages = tuple(self.grow({**known, fact: Age(age)}) for age in (*days, beyond))
        return DateBranch(days, ages, children)

    def _leaf(self, cancellation: CancellationRule, refund: RefundRule, known: Mapping[Fact, Answer]) -> Leaf:
        used = tuple(fact for fact in Fact if known.get(fact, ABSENT) is not ABSENT)
        unknown = tuple(fact for fact in used if known[fact] is UNKNOWN)
        cited = (rule.citation for rule in (cancellation, refund) if rule.citation)
        decision = Decision(
            cancellation=Cancellation(cancellation.route, cancellation.ref),
            refund=Refund(
                verdict=refund.verdict,
                rule=refund.ref,
                depends_on=unknown if refund.verdict is Verdict.UNDETERMINED else (),
                last_day=None,
                credit=cancellation.credit if refund.verdict in _CREDITED else None,
            ),
            needs=cancellation.needs,
            caveats=(),
            changes_on=None,
            citations=tuple(dict.fromkeys(cited)),
            facts_used=used,
            policy=self.policy,
        )
        dated = isinstance(known.get(Fact.FULFILLED_ON), Age)
        return Leaf(
            decision=decision,
            outcome=(cancellation.route, refund.verdict),
            thresholds=self.tables.thresholds if dated else (),
            window=refund.window,
        )
