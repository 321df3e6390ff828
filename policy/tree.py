"""A program's tables as a decision tree that is fast to walk and is grown as it is walked.

`rules.first_match` defines what a table means. The tree is grown by calling it with nothing known, branching
on the fact that it looks at first, and calling it again for each answer (*absent* is one) until it returns a
rule or a question. So a walk gives exactly what the tables give, in a few look-ups. A branch is grown only
once somebody's answers reach it, so a program with many facts loads quickly.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, TypeAlias

from policy.conditions import ABSENT, Age, Answer
from policy.days import Deadlines, Turn, Turns, length
from policy.decision import Ask, Cancellation, Decision, PolicyRef, Refund, Verdict
from policy.facts import UNKNOWN, Fact, Facts, Value
from policy.rules import CancellationRule, Gap, RefundRule, Tables, Undecided, Unexplored, first_match
from policy.vocabulary import FactKind, FactSpec

__all__ = ["Branch", "DayBranch", "End", "Grower", "Leaf", "Node", "walk"]

CREDITED: Final = frozenset({Verdict.ELIGIBLE, Verdict.LIKELY})
MAX_GROWN: Final = 50_000  # nodes kept in a tree; any further node is grown again each time


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """A decision without its dates, and what they are computed from; None if no day was looked at."""

    decision: Decision
    outcome: tuple[str, Verdict]
    deadlines: Deadlines | None


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """A node with a child for each answer to a choice."""

    fact: Fact
    grower: Grower
    known: Mapping[Fact, Answer]
    children: dict[object, Node]

    def grow(self, answer: object) -> Node:
        """Return the child for an answer that has not been given before.

        Raises:
            KeyError: The question does not offer the answer.
        """
        counted = self.grower.counts_as(self.fact, answer)
        if counted != answer and counted in self.children:
            node = self.children[counted]
        else:
            node = self.grower.grow({**self.known, self.fact: counted})
        return self.grower.keep(self.children, answer, node)


@dataclass(frozen=True, slots=True, eq=False)
class DayBranch:
    """A node with a child for each span of days ago, and for the answers that are no day.

    `ages[i]` covers days up to and including `thresholds[i]`; the last covers everything longer ago.
    """

    fact: Fact
    thresholds: tuple[int, ...]
    grower: Grower
    known: Mapping[Fact, Answer]
    ages: dict[object, Node]
    children: dict[object, Node]

    def grow_age(self, index: int) -> Node:
        """Return the child for a span of days that has not been reached before."""
        past_all = self.thresholds[-1] + 1 if self.thresholds else 0
        age = Age(self.thresholds[index] if index < len(self.thresholds) else past_all)
        return self.grower.keep(self.ages, index, self.grower.grow({**self.known, self.fact: age}))

    def grow(self, answer: object) -> Node:
        """Return the child for an answer that is no day: absent or unknown.

        Raises:
            KeyError: The question does not offer the answer.
        """
        counted = self.grower.counts_as(self.fact, answer)
        return self.grower.keep(self.children, answer, self.grower.grow({**self.known, self.fact: counted}))


End: TypeAlias = Ask | Leaf | Gap
Node: TypeAlias = Branch | DayBranch | End


def walk(node: Node, facts: Facts, today: date) -> End:
    """Follow the facts down the tree to a question, a decision or a gap.

    Raises:
        KeyError: A fact has a value that no question offers.
    """
    while True:
        if isinstance(node, Branch):
            answer = facts.get(node.fact, ABSENT)
            node = node.children.get(answer) or node.grow(answer)
        elif isinstance(node, DayBranch):
            answer = facts.get(node.fact, ABSENT)
            if isinstance(answer, date):
                index = bisect_left(node.thresholds, (today - answer).days)
                node = node.ages.get(index) or node.grow_age(index)
            else:
                node = node.children.get(answer) or node.grow(answer)
        else:
            return node


@dataclass(slots=True)
class Grower:
    """Grows the tree of one program, or of the front, whose `policy` is None.

    `facts` are those that the program asks, in order. `shared` are the vocabulary's; a value that only the
    shared fact has counts as "other".
    """

    tables: Tables
    policy: PolicyRef | None
    facts: Mapping[Fact, FactSpec]
    shared: Mapping[Fact, FactSpec] = field(default_factory=dict)
    thresholds: Mapping[Fact, tuple[int, ...]] = field(init=False)
    changes: tuple[tuple[Fact, tuple[timedelta, ...]], ...] = field(init=False)
    room: int = MAX_GROWN

    def __post_init__(self) -> None:
        self.thresholds = self.tables.thresholds
        self.changes = tuple(
            (fact, tuple(length(each + 1) for each in days)) for fact, days in self.thresholds.items()
        )

    def keep(self, among: dict[object, Node], answer: object, node: Node) -> Node:
        """Return a node, after storing it for the next walk if there is room."""
        if self.room > 0:
            self.room -= 1
            among[answer] = node
        return node

    def counts_as(self, fact: Fact, answer: object) -> Answer:
        """Return the answer that a given one counts as. Raises KeyError if it is not one."""
        if answer is ABSENT:
            return ABSENT
        counted = None
        if isinstance(answer, str | bool):
            counted = self.facts[fact].counts_as(answer, self.shared.get(fact))
        if counted is None:
            raise KeyError(answer)
        return counted

    def grow(self, known: Mapping[Fact, Answer]) -> Node:
        """Return the node that the tables lead to from what is known."""
        cancellation = first_match(self.tables.cancellation, known)
        if cancellation is None:
            return Gap("cancellation")
        if not isinstance(cancellation, CancellationRule):
            return self._open(cancellation, known)
        refund = first_match(self.tables.refund, known)
        if refund is None:
            return Gap("refund")
        if not isinstance(refund, RefundRule):
            return self._open(refund, known)
        return self._leaf(cancellation, refund, known)

    def _open(self, outcome: Undecided | Unexplored, known: Mapping[Fact, Answer]) -> Node:
        spec = self.facts[outcome.fact]
        if isinstance(outcome, Undecided):
            return Ask(outcome.fact, spec.kind, spec.answers, outcome.because.ref)
        if spec.kind is FactKind.DAY:
            return DayBranch(outcome.fact, self.thresholds.get(outcome.fact, ()), self, known, {}, {})
        return Branch(outcome.fact, self, known, {})

    def _leaf(self, cancellation: CancellationRule, refund: RefundRule, known: Mapping[Fact, Answer]) -> Leaf:
        decision = decision_from(cancellation, refund, self._used(known), self.policy)
        outcome = (cancellation.route.id, refund.verdict)
        if not any(isinstance(answer, Age) for answer in known.values()):
            return Leaf(decision, outcome, None)
        windows = tuple((window, length(window.days)) for window in refund.last_day_windows)
        over = refund.verdict is Verdict.EXPIRED
        return Leaf(decision, outcome, Deadlines(windows, over, self._turn(outcome, known)))

    def _turn(self, outcome: tuple[str, Verdict], known: Mapping[Fact, Answer]) -> Turn | Turns | None:
        """Return when an outcome changes, by growing the tree at the next age of the day that was looked at.

        If several days were looked at, or another fact matters from the next age on, every possible day of
        change has to be decided by itself.
        """
        (fact, age), *others = [(fact, age) for fact, age in known.items() if isinstance(age, Age)]
        if others:
            return Turns(self.changes)
        ahead = [days for days in self.thresholds.get(fact, ()) if days >= age.days]
        if not ahead:
            return None
        match self.grow({**known, fact: Age(ahead[0] + 1)}):
            case Leaf(outcome=later, deadlines=Deadlines(turn=turn)) if later == outcome:
                return turn
            case Branch() | DayBranch():
                return Turns(self.changes)
            case _:
                return Turn(fact, length(ahead[0] + 1))

    def _used(self, known: Mapping[Fact, Answer]) -> dict[Fact, Answer]:
        """Return the facts that were looked at and are not absent, in the order of asking."""
        return {fact: known[fact] for fact in self.facts if known.get(fact, ABSENT) is not ABSENT}


def decision_from(
    cancellation: CancellationRule,
    refund: RefundRule,
    used: Mapping[Fact, Value | Answer],
    policy: PolicyRef | None,
) -> Decision:
    """Return the decision that two rules give, without its dates."""
    unknown = tuple(fact for fact, answer in used.items() if answer == UNKNOWN)
    cited = (rule.citation for rule in (cancellation, refund) if rule.citation)
    route = cancellation.route
    return Decision(
        cancellation=Cancellation(route.id, cancellation.ref, route.draft, route.handoff),
        refund=Refund(
            verdict=refund.verdict,
            rule=refund.ref,
            depends_on=unknown if refund.verdict is Verdict.UNDETERMINED else (),
            last_day=None,
            credit=cancellation.credit if refund.verdict in CREDITED else None,
        ),
        needs=tuple(dict.fromkeys((*cancellation.needs, *refund.needs))),
        caveats=(),
        changes_on=None,
        citations=tuple(dict.fromkeys(cited)),
        facts_used=tuple(used),
        policy=policy,
    )
