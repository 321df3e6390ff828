"""`Policy`: decide from facts and a day, and look up what the policy files declare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import Final

from policy.days import Deadlines, Turn, Turns
from policy.decision import Ask, Caveat, Decision, Refund
from policy.errors import TableHasGapError, UnknownValueError
from policy.facts import OTHER, PROGRAM, UNKNOWN, Detail, Fact, Facts, Value
from policy.names import Levels, Names, Recognition
from policy.program import Program
from policy.rules import Rule, Tables
from policy.states import QuestionsLeft, States
from policy.tree import Branch, Grower, Leaf, Node, walk
from policy.vocabulary import DetailSpec, FactKind, FactSpec, Means, Vocabulary

__all__ = ["Front", "Policy"]

_ONE_DAY: Final = timedelta(days=1)
_BOUNDARY: Final = (Caveat.BOUNDARY,)


@dataclass(frozen=True, slots=True)
class Front:
    """The rules for when no program is known, or another seller's, and the names of other sellers."""

    tables: Tables
    sellers: tuple[str, ...] = ()
    file: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Policy:
    """The loaded policy files. Immutable; never reads a clock."""

    programs: Mapping[str, Program]
    vocabulary: Vocabulary
    front: Front

    def decide(self, facts: Facts, today: date) -> Ask | Decision:
        """Return the decision as of `today`, or the next fact to ask for.

        Dates after `today` are refused where answers are read; here such a date is within every window.

        Raises:
            UnknownValueError: A fact has a value that no question offers.
            TableHasGapError: No rule holds; `policy.check` finds each such gap.
        """
        try:
            end = walk(self._root, facts, today)
        except KeyError as error:
            raise self._unknown_value(facts) from error
        if isinstance(end, Leaf):
            return (
                end.decision if end.deadlines is None else self._with_dates(end, end.deadlines, facts, today)
            )
        if isinstance(end, Ask):
            return end
        raise TableHasGapError(str(facts.get(PROGRAM, "")), end.table)

    def most_questions(self, facts: Facts, today: date) -> int:
        """Return the most questions that can still follow after these answers."""
        program = facts.get(PROGRAM)
        if program is None:
            return 1 + max((each.first for each in self._questions_left.values()), default=0)
        lengths = self._questions_left.get(program)
        return lengths.after(facts, today) if lengths is not None else 0

    def facts(self, program: object = None) -> Mapping[Fact, FactSpec]:
        """Return the facts that a program accepts, shared ones first; the shared facts if none is loaded."""
        return self._facts.get(program) or self._facts[None]

    def spec(self, fact: Fact, program: object = None) -> FactSpec | None:
        """Return how a fact is declared under a program, or None if it is not declared."""
        return self.facts(program).get(fact)

    def declares(self, name: str) -> bool:
        """Tell whether any program, or the vocabulary, declares a fact of this name."""
        return any(name in facts for facts in self._facts.values())

    def details(self, program: object = None) -> Mapping[Detail, DetailSpec]:
        """Return the details that a program may use; the shared ones if no program is loaded."""
        known = self.programs.get(str(program))
        return known.details if known is not None else self.vocabulary.details

    def choices(self, fact: Fact, program: object = None) -> tuple[Value, ...]:
        """Return the answers that a question offers, `UNKNOWN` last; a day offers only that."""
        spec = self.spec(fact, program)
        return spec.answers if spec is not None else (UNKNOWN,)

    def counts_as(self, fact: Fact, value: Value, program: object = None) -> Value | None:
        """Return the choice that a value counts as under a program, or None if it is no answer there."""
        spec = self.spec(fact, program)
        return spec.counts_as(value, self.vocabulary.facts.get(fact)) if spec is not None else None

    def rule(self, program: str | None, ref: str) -> Rule:
        """Return the rule behind a question or a decision; without a loaded program, the front's rule.

        Raises:
            KeyError: That program has no such rule.
        """
        return self._rules[program if program in self.programs else None, ref]

    def recognize(self, text: str, program: object = None) -> Recognition:
        """Recognize a brand, product or maker as typed; under a program, its own brands as well."""
        names = self._names.get(program)
        return (names or self._names[None]).recognize(text)

    def names(self, program: str | None) -> Names:
        """Return the brands known under a program, or the shared ones."""
        own = self.programs[program].names if program is not None else ()
        return Names(self.vocabulary.names, self._levels, outranking=own)

    @cached_property
    def _root(self) -> Branch:
        """Return the tree's root: it branches into each program's tree, or else into the front's."""
        shared = self.vocabulary.facts
        trees: dict[object, Node] = {
            program.id: Grower(program.tables, program.ref, program.facts, shared).grow({PROGRAM: program.id})
            for program in self.programs.values()
        }
        front = Grower(self.front.tables, None, {PROGRAM: self._facts[None][PROGRAM]})
        return Branch(PROGRAM, front, {}, trees)

    @cached_property
    def _questions_left(self) -> Mapping[object, QuestionsLeft]:
        return {
            program.id: QuestionsLeft(States(program.tables, program.facts, program.ref))
            for program in self.programs.values()
        }

    @cached_property
    def _facts(self) -> Mapping[object, Mapping[Fact, FactSpec]]:
        """Return the facts that each program accepts, shared ones narrowed as the program narrows them."""
        shared = dict(self.vocabulary.facts)
        asked = shared[PROGRAM]
        chosen = FactSpec(
            PROGRAM,
            FactKind.CHOICE,
            (*self.programs, OTHER),
            self._called(asked),
            remembered=asked.remembered,
            columns=asked.columns,
        )
        shared[PROGRAM] = chosen
        by_program: dict[object, Mapping[Fact, FactSpec]] = {None: MappingProxyType(shared)}
        for program in self.programs.values():
            by_program[program.id] = MappingProxyType({**shared, **program.facts, PROGRAM: chosen})
        return by_program

    def _called(self, asked: FactSpec) -> Mapping[str, tuple[str, ...]]:
        """Return what people call each program, by its id, and the names of other sellers."""
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

    def _with_dates(self, leaf: Leaf, deadlines: Deadlines, facts: Facts, today: date) -> Decision:
        """Add the dates: the window's last day, the boundary caveat, and the day the answer changes."""
        plain, refund = leaf.decision, leaf.decision.refund
        last_day, window = deadlines.last_day(facts)
        turn = deadlines.turn
        if isinstance(turn, Turn):
            changes_on: date | None = turn.day(facts)
        else:
            changes_on = None if turn is None else self._first_of(turn, leaf, facts, today)
        return Decision(
            plain.cancellation,
            Refund(refund.verdict, refund.rule, refund.depends_on, last_day, refund.credit, window),
            plain.needs,
            _BOUNDARY if last_day is not None and last_day <= today <= last_day + _ONE_DAY else (),
            changes_on,
            plain.citations,
            plain.facts_used,
            plain.policy,
        )

    def _first_of(self, turns: Turns, leaf: Leaf, facts: Facts, today: date) -> date | None:
        """Return the first day that has another route or verdict, or a question, by deciding on each day."""
        for day in turns.days(facts, today):
            later = walk(self._root, facts, day)
            if not isinstance(later, Leaf) or later.outcome != leaf.outcome:
                return day
        return None

    def _unknown_value(self, facts: Facts) -> UnknownValueError:
        """Return the error for the fact whose value no question offers."""
        program = facts.get(PROGRAM)
        return next(
            UnknownValueError(fact, facts[fact])
            for fact, spec in self.facts(program).items()
            if fact in facts
            and not (spec.kind is FactKind.DAY and isinstance(facts[fact], date))
            and self.counts_as(fact, facts[fact], program) is None
        )
