"""The decision: facts and a day in, the next question or the answer out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from policy.conditions import ABSENT, Absent, OneOf
from policy.days import last_day
from policy.decision import Ask, Caveat, Decision, Refund, Route, Verdict
from policy.errors import TableHasGapError, UnknownValueError
from policy.facts import UNKNOWN, Fact, Facts, Value
from policy.names import Names, Recognizing
from policy.program import Program
from policy.rules import CancellationRule, RefundRule, Rule, Tables
from policy.tree import Branch, Grower, Leaf, Node, choices, walk

__all__ = ["FRONT", "Policy"]

_ONE_DAY: Final = timedelta(days=1)


def _front() -> Tables:
    """Return the rules that hold before a program is chosen; no page is behind them, so they cite none."""
    not_known = ((Fact.PROGRAM, OneOf(frozenset({UNKNOWN}))),)
    not_ours = ((Fact.PROGRAM, OneOf(frozenset({"other"}))),)
    asks = "Each program has a refund page of its own, so the answer depends on where the order was placed."
    none = "The desk has no refund page for other programs, so a person has to look into it."
    return Tables(
        cancellation=(
            CancellationRule("cancellation/program-unknown", not_known, asks, None, Route.PERSON),
            CancellationRule("cancellation/program-other", not_ours, none, None, Route.PERSON),
        ),
        refund=(
            RefundRule("refund/program-unknown", not_known, asks, None, Verdict.UNDETERMINED),
            RefundRule("refund/program-other", not_ours, none, None, Verdict.UNSTATED),
        ),
    )


FRONT: Final = _front()


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """The loaded programs, grown together; nothing of it changes and nothing of it reads a clock."""

    programs: Mapping[str, Program]
    _root: Node = field(init=False, repr=False)
    _names: Names = field(init=False, repr=False)
    _rules: Mapping[tuple[str | None, str], Rule] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        names = (name for program in self.programs.values() for name in program.names)
        tables = {None: FRONT} | {program.id: program.tables for program in self.programs.values()}
        rules = {(key, rule.ref): rule for key, table in tables.items() for rule in table.rules}
        object.__setattr__(self, "_root", _root(self.programs))
        object.__setattr__(self, "_names", Names(names))
        object.__setattr__(self, "_rules", rules)

    def decide(self, facts: Facts, today: date) -> Ask | Decision:
        """Return the decision on that day, or the next fact to ask for.

        A fulfillment date after `today` is refused where answers are read; here it is simply not yet past
        any day of a window.

        Raises:
            UnknownValueError: A fact has a value that no question offers.
            TableHasGapError: No rule holds; `policy.check` finds each such gap.
        """
        fulfilled_on = facts.get(Fact.FULFILLED_ON)
        age = (today - fulfilled_on).days if isinstance(fulfilled_on, date) else None
        try:
            end = walk(self._root, facts, age)
        except KeyError as error:
            raise self._stranger(facts) from error
        if isinstance(end, Leaf):
            if end.thresholds and isinstance(fulfilled_on, date) and age is not None:
                return self._dated(end, facts, fulfilled_on, age)
            return end.decision
        if isinstance(end, Ask):
            return end
        raise TableHasGapError(str(facts.get(Fact.PROGRAM, "")), end.table)

    def choices(self, fact: Fact) -> tuple[Value, ...]:
        """Return all the answers a question offers, `UNKNOWN` last; for a date that is the only one."""
        return choices(fact, self.programs)

    def rule(self, program: str | None, ref: str) -> Rule:
        """Return the rule behind a question or a decision; without a loaded program, that of the front.

        Raises:
            KeyError: That program has no such rule.
        """
        return self._rules[program if program in self.programs else None, ref]

    def recognize(self, text: str) -> Recognizing:
        """Recognize a brand, product or provider as a person types it."""
        return self._names.recognize(text)

    def _dated(self, leaf: Leaf, facts: Facts, fulfilled_on: date, age: int) -> Decision:
        """Add the days: the window's last, whether it is that close, and when the answer changes."""
        plain, refund, window = leaf.decision, leaf.decision.refund, leaf.window
        return Decision(
            plain.cancellation,
            Refund(
                refund.verdict,
                refund.rule,
                refund.depends_on,
                None if window is None else last_day(fulfilled_on, window),
                refund.credit,
            ),
            plain.needs,
            (Caveat.BOUNDARY,) if window is not None and 0 <= age - window <= 1 else (),
            self._changes_on(leaf, facts, fulfilled_on, age),
            plain.citations,
            plain.facts_used,
            plain.policy,
        )

    def _changes_on(self, leaf: Leaf, facts: Facts, fulfilled_on: date, age: int) -> date | None:
        """Return the first later day with another route or verdict, found by deciding on each that may be."""
        for days in leaf.thresholds:
            if days >= age:
                later = walk(self._root, facts, days + 1)
                if not isinstance(later, Leaf) or later.outcome != leaf.outcome:
                    return last_day(fulfilled_on, days) + _ONE_DAY
        return None

    def _stranger(self, facts: Facts) -> UnknownValueError:
        """Name the fact whose value no question offers."""
        return next(
            UnknownValueError(fact, facts[fact])
            for fact in Fact
            if fact in facts and facts[fact] not in self.choices(fact) and not _is_date(fact, facts[fact])
        )


def _is_date(fact: Fact, value: Value) -> bool:
    return fact is Fact.FULFILLED_ON and isinstance(value, date)


def _root(programs: Mapping[str, Program]) -> Node:
    """Return the question for the program, with each loaded one's tree below it."""
    front = Grower(FRONT, None, tuple(programs))
    children: dict[Value | Absent, Node] = {
        program.id: Grower(program.tables, program.ref).grow({Fact.PROGRAM: program.id})
        for program in programs.values()
    }
    front = Grower(FRONT, None, tuple(programs))
    for answer in ("other", UNKNOWN, ABSENT):
        children[answer] = front.grow({Fact.PROGRAM: answer})
    return Branch(Fact.PROGRAM, children)
