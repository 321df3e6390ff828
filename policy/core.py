"""The decision: facts and a day in, the next question or the answer out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import Final

from policy.decision import Ask, Caveat, Decision, Refund, Verdict, Window
from policy.errors import TableHasGapError, UnknownValueError
from policy.facts import OTHER, PROGRAM, UNKNOWN, Detail, Fact, Facts, Value
from policy.lengths import Lengths
from policy.names import Levels, Names, Recognizing
from policy.program import Program
from policy.rules import Rule, Tables
from policy.states import States
from policy.tree import Grower, Leaf, Node, walk
from policy.vocabulary import DetailSpec, FactKind, FactSpec, Means, Vocabulary

__all__ = ["Front", "Policy"]

_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Front:
    """The rules that hold before a program is chosen, and what other sellers are called."""

    tables: Tables
    sellers: tuple[str, ...] = ()
    file: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Policy:
    """The loaded programs; nothing of it changes and nothing of it reads a clock."""

    programs: Mapping[str, Program]
    vocabulary: Vocabulary
    front: Front

    def decide(self, facts: Facts, today: date) -> Ask | Decision:
        """Return the decision on that day, or the next fact to ask for.

        A day after `today` is refused where answers are read; here it is simply not yet past any day of a
        window.

        Raises:
            UnknownValueError: A fact has a value that no question offers.
            TableHasGapError: No rule holds; `policy.check` finds each such gap.
        """
        root = self._roots.get(facts.get(PROGRAM), self._front)
        try:
            end = walk(root, facts, today)
        except KeyError as error:
            raise self._stranger(facts) from error
        if isinstance(end, Leaf):
            return self._dated(end, root, facts, today) if end.thresholds else end.decision
        if isinstance(end, Ask):
            return end
        raise TableHasGapError(str(facts.get(PROGRAM, "")), end.table)

    def most_questions(self, facts: Facts, today: date) -> int:
        """Return how many more questions there can be after some answers, at the most."""
        program = facts.get(PROGRAM)
        if program is None:
            return 1 + max((each.first for each in self._lengths.values()), default=0)
        lengths = self._lengths.get(program)
        return lengths.after(facts, today) if lengths is not None else 0

    def facts(self, program: object = None) -> Mapping[Fact, FactSpec]:
        """Return the facts that are legal under a program, or before one is known: the shared ones first."""
        return self._facts.get(program) or self._facts[None]

    def spec(self, fact: Fact, program: object = None) -> FactSpec | None:
        """Return how a fact is declared under a program, None where it is not."""
        return self.facts(program).get(fact)

    def declares(self, name: str) -> bool:
        """Say whether some program, or all, know a fact by that name."""
        return any(name in facts for facts in self._facts.values())

    def details(self, program: object = None) -> Mapping[Detail, DetailSpec]:
        """Return the details that are legal under a program, or before one is known."""
        known = self.programs.get(str(program))
        return known.details if known is not None else self.vocabulary.details

    def choices(self, fact: Fact, program: object = None) -> tuple[Value, ...]:
        """Return all the answers a question offers, `UNKNOWN` last; for a day that is the only one."""
        spec = self.spec(fact, program)
        return spec.answers if spec is not None else (UNKNOWN,)

    def counted(self, fact: Fact, value: Value, program: object = None) -> Value | None:
        """Return the choice as which a value counts under a program, None where it is none."""
        spec = self.spec(fact, program)
        return spec.counted(value, self.vocabulary.facts.get(fact)) if spec is not None else None

    def rule(self, program: str | None, ref: str) -> Rule:
        """Return the rule behind a question or a decision; without a loaded program, that of the front.

        Raises:
            KeyError: That program has no such rule.
        """
        return self._rules[program if program in self.programs else None, ref]

    def recognize(self, text: str, program: object = None) -> Recognizing:
        """Recognize a brand, product or maker as a person types it; under a program, its own too."""
        names = self._names.get(program)
        return (names or self._names[None]).recognize(text)

    def names(self, program: str | None) -> Names:
        """Return the brands that are known under a program, or those that all share."""
        own = self.programs[program].names if program is not None else ()
        return Names(self.vocabulary.names, self._levels, outranking=own)

    @cached_property
    def _roots(self) -> Mapping[object, Node]:
        shared = self.vocabulary.facts
        return {
            program.id: Grower(program.tables, program.ref, program.facts, shared).grow({PROGRAM: program.id})
            for program in self.programs.values()
        }

    @cached_property
    def _lengths(self) -> Mapping[object, Lengths]:
        return {
            program.id: Lengths(States(program.tables, program.facts, program.ref))
            for program in self.programs.values()
        }

    @cached_property
    def _front(self) -> Node:
        return Grower(self.front.tables, None, {PROGRAM: self._facts[None][PROGRAM]}).grow({})

    @cached_property
    def _facts(self) -> Mapping[object, Mapping[Fact, FactSpec]]:
        """Return the legal facts by program; of a shared fact, those of its values that the program lists."""
        shared = dict(self.vocabulary.facts)
        asked = shared[PROGRAM]
        chosen = FactSpec(
            PROGRAM,
            FactKind.CHOICE,
            (*self.programs, OTHER),
            self._called(asked),
            remembered=asked.remembered,
        )
        shared[PROGRAM] = chosen
        by_program: dict[object, Mapping[Fact, FactSpec]] = {None: MappingProxyType(shared)}
        for program in self.programs.values():
            by_program[program.id] = MappingProxyType({**shared, **program.facts, PROGRAM: chosen})
        return by_program

    def _called(self, asked: FactSpec) -> Mapping[str, tuple[str, ...]]:
        """Return what people call each program, by its id, and the others."""
        called = {OTHER: (*asked.words.get(OTHER, ()), *self.front.sellers)}
        called |= {each.id: (each.name, *each.aliases) for each in self.programs.values()}
        return {token: tuple(name.casefold() for name in names) for token, names in called.items()}

    @cached_property
    def _names(self) -> Mapping[object, Names]:
        own = [name for program in self.programs.values() for name in program.names]
        shared = Names(self.vocabulary.names, self._levels, clashing=own)
        plain = self.names(None)
        by_program: dict[object, Names] = {None: shared}
        for program in self.programs.values():
            by_program[program.id] = self.names(program.id) if program.names else plain
        return by_program

    @property
    def _levels(self) -> Levels:
        maker, level = (self.vocabulary.meaning(each) for each in (Means.MAKER, Means.LEVEL))
        return Levels(
            maker.id if maker else None,
            level.id if level else None,
            {str(choice): level.words.get(str(choice), ()) for choice in level.choices} if level else {},
        )

    @cached_property
    def _rules(self) -> Mapping[tuple[str | None, str], Rule]:
        tables: dict[str | None, Tables] = {None: self.front.tables}
        tables |= {program.id: program.tables for program in self.programs.values()}
        return {(key, rule.ref): rule for key, table in tables.items() for rule in table.rules}

    def _dated(self, leaf: Leaf, root: Node, facts: Facts, today: date) -> Decision:
        """Add the days: the window's last, whether it is that close, and when the answer changes."""
        plain, refund = leaf.decision, leaf.decision.refund
        counted = _counted(leaf, facts)
        ends, window = counted if counted is not None else (None, None)
        return Decision(
            plain.cancellation,
            Refund(refund.verdict, refund.rule, refund.depends_on, ends, refund.credit, window),
            plain.needs,
            (Caveat.BOUNDARY,) if ends is not None and ends <= today <= ends + _ONE_DAY else (),
            self._changes_on(leaf, root, facts, today),
            plain.citations,
            plain.facts_used,
            plain.policy,
        )

    def _changes_on(self, leaf: Leaf, root: Node, facts: Facts, today: date) -> date | None:
        """Return the first later day with another route or verdict, found by deciding on each that may be."""
        days = [
            since + length
            for fact, lengths in leaf.thresholds
            if isinstance(since := facts.get(fact), date)
            for length in lengths
        ]
        if len(days) > 1:
            days.sort()
        for day in days:
            if day > today:
                later = walk(root, facts, day)
                if not isinstance(later, Leaf) or later.outcome != leaf.outcome:
                    return day
        return None

    def _stranger(self, facts: Facts) -> UnknownValueError:
        """Name the fact whose value no question offers."""
        program = facts.get(PROGRAM)
        return next(
            UnknownValueError(fact, facts[fact])
            for fact, spec in self.facts(program).items()
            if fact in facts
            and not (spec.kind is FactKind.DAY and isinstance(facts[fact], date))
            and self.counted(fact, facts[fact], program) is None
        )


def _counted(leaf: Leaf, facts: Facts) -> tuple[date, Window] | None:
    """Return the last day of the windows that count, with the one that it is counted by."""
    ends = [
        (since + length, window)
        for window, length in leaf.counted
        if isinstance(since := facts.get(window.fact), date)
    ]
    if len(ends) < 2:  # noqa: PLR2004
        return ends[0] if ends else None
    choose = max if leaf.outcome[1] is Verdict.EXPIRED else min
    return choose(ends, key=lambda end: end[0])
