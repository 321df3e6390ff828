"""The tables of a program as a tree of questions that is fast to walk, grown as it is walked.

`rules.first` says what a table means. Growing asks `first` with nothing known, branches on the fact that
it looks at first, and goes on with each answer, *absent* being one of them, until there is a decision or a
question. So a walk gives what the tables give, in a handful of look-ups, and of a program with many facts
only those branches are kept that somebody's answers have come to.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, TypeAlias

from policy.conditions import ABSENT, Age, Answer
from policy.days import length
from policy.deadlines import Deadlines, Turn, Turns
from policy.decision import Ask, Cancellation, Decision, PolicyRef, Refund, Verdict
from policy.facts import UNKNOWN, Fact, Facts, Value
from policy.rules import CancellationRule, Gap, RefundRule, Tables, Undecided, Unexplored, first
from policy.vocabulary import FactKind, FactSpec

__all__ = ["Branch", "DayBranch", "End", "Grower", "Leaf", "Node", "walk"]

CREDITED: Final = frozenset({Verdict.ELIGIBLE, Verdict.LIKELY})
MOST_KEPT: Final = 50_000  # branches; what lies beyond is grown anew each time


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """A decision as it stands without its days, and what these hang on, None where no day was looked at."""

    decision: Decision
    outcome: tuple[str, Verdict]
    deadlines: Deadlines | None


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """Go on by the answer to a choice."""

    fact: Fact
    grower: Grower
    known: Mapping[Fact, Answer]
    children: dict[object, Node]

    def grow(self, answer: object) -> Node:
        """Return what an answer leads to that nobody has given yet.

        Raises:
            KeyError: The question does not offer it.
        """
        counted = self.grower.counted(self.fact, answer)
        if counted != answer and counted in self.children:
            node = self.children[counted]
        else:
            node = self.grower.grow({**self.known, self.fact: counted})
        return self.grower.kept(self.children, answer, node)


@dataclass(frozen=True, slots=True, eq=False)
class DayBranch:
    """Go on by how many days ago a day was: `ages[i]` up to and with `thresholds[i]`, then the last."""

    fact: Fact
    thresholds: tuple[int, ...]
    grower: Grower
    known: Mapping[Fact, Answer]
    ages: dict[object, Node]
    children: dict[object, Node]

    def grow_age(self, index: int) -> Node:
        """Return what a day leads to that lies as far back as no other one did yet."""
        past_all = self.thresholds[-1] + 1 if self.thresholds else 0
        age = Age(self.thresholds[index] if index < len(self.thresholds) else past_all)
        return self.grower.kept(self.ages, index, self.grower.grow({**self.known, self.fact: age}))

    def grow(self, answer: object) -> Node:
        """Return what no day leads to: absent, or unknown.

        Raises:
            KeyError: The question does not offer it.
        """
        counted = self.grower.counted(self.fact, answer)
        return self.grower.kept(self.children, answer, self.grower.grow({**self.known, self.fact: counted}))


End: TypeAlias = Ask | Leaf | Gap
Node: TypeAlias = Branch | DayBranch | End


def walk(node: Node, facts: Facts, today: date) -> End:
    """Follow the facts to an end.

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
    """Grow the tree of one program; `policy` is None where none has been chosen.

    `facts` are what it asks, in order, `shared` the facts that all programs know, whose further values count
    as another.
    """

    tables: Tables
    policy: PolicyRef | None
    facts: Mapping[Fact, FactSpec]
    shared: Mapping[Fact, FactSpec] = field(default_factory=dict)
    thresholds: Mapping[Fact, tuple[int, ...]] = field(init=False)
    changes: tuple[tuple[Fact, tuple[timedelta, ...]], ...] = field(init=False)
    left: int = MOST_KEPT

    def __post_init__(self) -> None:
        self.thresholds = self.tables.thresholds
        self.changes = tuple(
            (fact, tuple(length(each + 1) for each in days)) for fact, days in self.thresholds.items()
        )

    def kept(self, among: dict[object, Node], answer: object, node: Node) -> Node:
        """Return a branch, kept for the next walk while there is room."""
        if self.left > 0:
            self.left -= 1
            among[answer] = node
        return node

    def counted(self, fact: Fact, answer: object) -> Answer:
        """Return the answer as which a given one counts. Raises KeyError where it is none."""
        if answer is ABSENT:
            return ABSENT
        counted = None
        if isinstance(answer, str | bool):
            counted = self.facts[fact].counted(answer, self.shared.get(fact))
        if counted is None:
            raise KeyError(answer)
        return counted

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
        spec = self.facts[outcome.fact]
        if isinstance(outcome, Undecided):
            return Ask(outcome.fact, spec.kind, spec.answers, outcome.because.ref)
        if spec.kind is FactKind.DAY:
            return DayBranch(outcome.fact, self.thresholds.get(outcome.fact, ()), self, known, {}, {})
        return Branch(outcome.fact, self, known, {})

    def _leaf(self, cancellation: CancellationRule, refund: RefundRule, known: Mapping[Fact, Answer]) -> Leaf:
        decision = decision_of(cancellation, refund, self._used(known), self.policy)
        outcome = (cancellation.route.id, refund.verdict)
        if not any(isinstance(answer, Age) for answer in known.values()):
            return Leaf(decision, outcome, None)
        windows = tuple((window, length(window.days)) for window in refund.counted)
        over = refund.verdict is Verdict.EXPIRED
        return Leaf(decision, outcome, Deadlines(windows, over, self._turn(outcome, known)))

    def _turn(self, outcome: tuple[str, Verdict], known: Mapping[Fact, Answer]) -> Turn | Turns | None:
        """Return when an outcome becomes another: follow the one day that was looked at to its next age.

        Where several were, or where the next age makes another fact count, each day has to be decided on.
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
        """Return the facts that were looked at and given, in the order of asking."""
        return {fact: known[fact] for fact in self.facts if known.get(fact, ABSENT) is not ABSENT}


def decision_of(
    cancellation: CancellationRule,
    refund: RefundRule,
    used: Mapping[Fact, Value | Answer],
    policy: PolicyRef | None,
) -> Decision:
    """Return the decision of two rules, without its days."""
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
