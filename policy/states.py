"""The states of a program's interview: what is left of its two tables after some answers.

Each answer refutes some rules and settles some conditions of others. Two sets of answers that leave the same
rules with the same open conditions lead to the same decisions, so they are one state. A program with many
facts has millions of sets of answers, but few states, so all of them can be walked, and the most questions
that can follow each are known.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, TypeAlias

from policy.conditions import Age, Answer
from policy.decision import Decision, PolicyRef, Verdict
from policy.facts import UNKNOWN, Fact, Facts, Value
from policy.rules import CancellationRule, Gap, RefundRule, Rule, TableName, Tables
from policy.tree import decision_from
from policy.vocabulary import FactKind, FactSpec

__all__ = ["Decided", "Given", "Next", "QuestionsLeft", "Reached", "State", "States", "TooLargeError"]

# What is left of a table: each rule's index with its open conditions as bits, up to the first that holds.
Left: TypeAlias = tuple[tuple[int, int], ...]
Given: TypeAlias = tuple[tuple[Fact, Answer], ...]

NOTHING: Final[frozenset[Fact]] = frozenset()
MAX_LOOKED_AT: Final = 20_000


class TooLargeError(Exception):
    """A program has more states than can be walked."""


@dataclass(frozen=True, slots=True)
class State:
    """What is left of both tables, which facts were answered "unknown", and which are absent.

    `unknown` is kept only while a rule is left whose verdict may name it.
    """

    cancellation: Left
    refund: Left
    unknown: tuple[Fact, ...] = ()
    absent: frozenset[Fact] = NOTHING


@dataclass(frozen=True, slots=True)
class Reached:
    """A state, and the answers that first led to it."""

    state: State
    given: Given


@dataclass(frozen=True, slots=True)
class Next:
    """The fact that is looked at next; `unasked` if it is absent, so that it is the next question."""

    fact: Fact
    unasked: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """The two rules that decide."""

    cancellation: CancellationRule
    refund: RefundRule


class _Table:
    """One table's rules as bits: the conditions of each rule, and which answers meet them."""

    def __init__(self, rules: Sequence[Rule], answers: Mapping[Fact, Sequence[Answer]]) -> None:
        self.rules = rules
        self.facts = [tuple(fact for fact, _ in rule.when) for rule in rules]
        self.all: Left = _cut((index, (1 << len(facts)) - 1) for index, facts in enumerate(self.facts))
        self.meets: dict[tuple[Fact, Answer], list[tuple[int, bool] | None]] = {}
        for fact, choices in answers.items():
            for answer in choices:
                self.meets[fact, answer] = [_met(rule, fact, answer) for rule in rules]
        self.blames = [
            isinstance(rule, RefundRule) and rule.verdict is Verdict.UNDETERMINED for rule in rules
        ]

    def after(self, left: Left, fact: Fact, answer: Answer) -> Left:
        """Return what is left of the table after an answer."""
        meets = self.meets[fact, answer]
        kept: list[tuple[int, int]] = []
        for index, bits in left:
            met = meets[index]
            if met is None or not bits & met[0]:
                kept.append((index, bits))
            elif met[1]:
                bits ^= met[0]  # noqa: PLW2901
                kept.append((index, bits))
                if not bits:
                    break
        return tuple(kept)

    def open(self, left: Left, absent: frozenset[Fact]) -> Next | Rule | None:
        """Return the fact that the first rule left depends on, or the rule if it holds; None is a gap."""
        for index, bits in left[:1]:
            if not bits:
                return self.rules[index]
            facts = [fact for bit, fact in enumerate(self.facts[index]) if bits >> bit & 1]
            unexplored = next((fact for fact in facts if fact not in absent), None)
            return Next(unexplored, unasked=False) if unexplored else Next(facts[0], unasked=True)
        return None


def _cut(left: Iterator[tuple[int, int]]) -> Left:
    kept: list[tuple[int, int]] = []
    for index, bits in left:
        kept.append((index, bits))
        if not bits:
            break
    return tuple(kept)


def _met(rule: Rule, fact: Fact, answer: Answer) -> tuple[int, bool] | None:
    for bit, (each, condition) in enumerate(rule.when):
        if each == fact:
            return 1 << bit, condition.holds(answer)
    return None


class States:
    """The states of one program's interviews, or of the front's."""

    def __init__(self, tables: Tables, facts: Mapping[Fact, FactSpec], policy: PolicyRef | None) -> None:
        self.tables = tables
        self.policy = policy
        self.facts = facts
        thresholds = tables.thresholds
        self.answers: dict[Fact, tuple[Answer, ...]] = {
            fact: _answers(spec, thresholds.get(fact, ()))
            for fact, spec in facts.items()
            if fact in tables.mentioned
        }
        self._cancellation = _Table(tables.cancellation, self.answers)
        self._refund = _Table(tables.refund, self.answers)
        self.first = State(self._cancellation.all, self._refund.all)

    def end(self, state: State) -> Next | Gap | Decided:
        """Return where a state leads: to the next fact, a gap, or a decision."""
        cancellation = self._cancellation.open(state.cancellation, state.absent)
        if cancellation is None:
            return Gap("cancellation")
        if not isinstance(cancellation, CancellationRule):
            return _next(cancellation)
        refund = self._refund.open(state.refund, state.absent)
        if refund is None:
            return Gap("refund")
        if not isinstance(refund, RefundRule):
            return _next(refund)
        return Decided(cancellation, refund)

    def because(self, state: State) -> str:
        """Return the rule that makes a state's next question necessary."""
        for table, left in ((self._cancellation, state.cancellation), (self._refund, state.refund)):
            index, bits = left[0]
            if bits:
                return table.rules[index].ref
        raise ValueError(state)

    def after(self, state: State, fact: Fact, answer: Answer) -> State:
        """Return the state after an answer to the state's next fact."""
        refund = self._refund.after(state.refund, fact, answer)
        blames = any(self._refund.blames[index] for index, _ in refund)
        unknown = (*state.unknown, fact) if answer == UNKNOWN else state.unknown
        return State(
            self._cancellation.after(state.cancellation, fact, answer),
            refund,
            unknown if blames else (),
            state.absent,
        )

    def interviews(self, most: int) -> Iterator[Reached]:
        """Yield the states of all interviews, each once, those with the fewest answers first.

        Raises:
            TooLargeError: There are more than `most`.
        """
        yield from self._walk(most, partial=False)

    def partial(self, most: int) -> Iterator[Reached]:
        """Yield the states of all sets of facts given in any order, each once, and at most `most`."""
        try:
            yield from self._walk(most, partial=True)
        except TooLargeError:
            return

    def decision(self, reached: Reached) -> Decision:
        """Return the decision of a state, without its dates. Raises ValueError if the state has none."""
        end = self.end(reached.state)
        if not isinstance(end, Decided):
            raise ValueError(reached)  # noqa: TRY004
        used = dict(reached.given)
        ordered = {fact: used[fact] for fact in self.facts if fact in used}
        return decision_from(end.cancellation, end.refund, ordered, self.policy)

    def _walk(self, most: int, *, partial: bool) -> Iterator[Reached]:
        seen = {self.first}
        waiting = [Reached(self.first, ())]
        while waiting:
            following: list[Reached] = []
            for reached in waiting:
                yield reached
                for later in self._next(reached, partial=partial):
                    if later.state not in seen:
                        if len(seen) >= most:
                            raise TooLargeError
                        seen.add(later.state)
                        following.append(later)
            waiting = following

    def _next(self, reached: Reached, *, partial: bool) -> Iterator[Reached]:
        state, end = reached.state, self.end(reached.state)
        if not isinstance(end, Next) or end.unasked:
            return
        for answer in self.answers[end.fact]:
            yield Reached(self.after(state, end.fact, answer), (*reached.given, (end.fact, answer)))
        if partial:
            yield Reached(replace(state, absent=state.absent | {end.fact}), reached.given)


def _next(found: Next | Rule) -> Next:
    if isinstance(found, Next):
        return found
    raise TypeError(found)  # unreachable: a rule of the other table


def _answers(spec: FactSpec, thresholds: tuple[int, ...]) -> tuple[Answer, ...]:
    """Return every answer that can make a difference; for a day, one age per span between thresholds."""
    if spec.kind is FactKind.CHOICE:
        return spec.answers
    beyond = thresholds[-1] + 1 if thresholds else 0
    return (*spec.answers, *(Age(days) for days in (*thresholds, beyond)))


def table_of(ref: str) -> TableName:
    """Return the table that a rule's ref names."""
    return "cancellation" if ref.startswith("cancellation/") else "refund"


class QuestionsLeft:
    """The most questions that can follow each state of a program's interviews, computed on demand."""

    def __init__(self, states: States) -> None:
        self._states = states
        self._known: dict[State, int] = {}

    @property
    def first(self) -> int:
        """The most questions from the start."""
        return self._most(self._states.first)

    def after(self, facts: Facts, today: date) -> int:
        """Return the most questions that can follow these answers."""
        state, given = self._states.first, 0
        while isinstance(end := self._states.end(state), Next) and end.fact in facts:
            answer = self._answer(end, facts[end.fact], today)
            state, given = self._states.after(state, end.fact, answer), given + 1
        return self._most(state, given)

    def _answer(self, asked: Next, value: Value, today: date) -> Answer:
        if not isinstance(value, date):
            return value
        ages = [answer.days for answer in self._states.answers[asked.fact] if isinstance(answer, Age)]
        span = min(bisect_left(ages, (today - value).days), len(ages) - 1)
        return Age(ages[span])

    def _most(self, state: State, given: int = 0) -> int:
        """Return the length of the longest way on; if there are too many, the number of facts not given."""
        if state not in self._known:
            if len(self._known) > MAX_LOOKED_AT:
                return len(self._states.answers) - given
            self._known[state] = self._longest(state, given)
        return self._known[state]

    def _longest(self, state: State, given: int) -> int:
        end = self._states.end(state)
        if not isinstance(end, Next):
            return 0
        later = [self._states.after(state, end.fact, answer) for answer in self._states.answers[end.fact]]
        return 1 + max(self._most(each, given + 1) for each in later)
