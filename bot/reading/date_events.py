"""Find the words for events (*issued*, *ordered*) and the event that each date belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.reading.clauses import Clause
from bot.reading.date_expression import DateExpression
from bot.reading.languages import words
from bot.reading.lexicon import Mark
from bot.reading.mentions import Force
from bot.reading.statement_context import StatementContext
from bot.reading.tokens import Kind

MOST_EVENTS: Final = 100


@dataclass(frozen=True, slots=True)
class Event:
    """A word for an event that a date can belong to; `fact` is None if no fact is about that event.

    `tells`: the word alone says that the event has happened.
    """

    start: int
    end: int
    fact: str | None
    force: Force
    tells: bool


class DateEvents:
    """Finds the events of a text, and the event of each date."""

    def __init__(self, context: StatementContext) -> None:
        self.context = context
        self.text, self.scope = context.text, context.scope

    def all(self) -> list[Event]:
        """Return the events, in the order of the text."""
        events = [
            Event(hit.start, hit.end, None, Force.STATED, tells=False)
            for hit in self.scope.hits("other_day")
            if not (hit.start in self.context.in_days and hit.end - 1 in self.context.in_days)
        ]
        covered = {
            at
            for hit in self.context.hits
            if hit.tag.mark in (Mark.CHOICE, Mark.DAY_WORD) and hit.end - hit.start > 1
            for at in range(hit.start, hit.end)
        }
        events = [event for event in events if event.start not in covered and not self._cited(event)]
        begun = {hit.start for hit in self.context.hits if hit.tag.mark is Mark.DAY_WORD}
        events = [event for event in events if event.end not in begun]  # *got issued*
        wider = [hit for hit in self.scope.hits("other_day") if hit.end - hit.start > 1]
        within = {at for hit in wider for at in range(hit.start, hit.end)}
        for hit in self.context.hits:
            if hit.tag.mark is Mark.DAY_WORD and not (hit.start in within and hit.end - hit.start == 1):
                force = self.scope.of_state(hit.start, hit.end)
                events.append(Event(hit.start, hit.end, hit.tag.name, force, tells=bool(hit.tag.value)))
        return sorted(events, key=lambda event: (event.start, event.fact is None))[:MOST_EVENTS]

    def _cited(self, event: Event) -> bool:
        """Return whether the word only names a document with a date: *the invoice says 3 November*."""
        clause = self.text.clause(event.start)
        alone = event.end - event.start == 1 and self.scope.begins("document", event.start)
        return alone and any(
            self.text.tokens[at].norm in words("cites") for at in range(clause.start, clause.end)
        )

    def event_of(
        self, said: DateExpression, clause: Clause, by_clause: dict[int, list[Event]]
    ) -> Event | None:
        """Return the event that a date belongs to: the nearest in its clause, else in those around it."""
        previous = self.text.clauses[clause.number - 1] if clause.number else None
        if previous is not None and self._asks_when(previous) and self.date_only(said, clause):
            return next(
                (each[-1] for each in reversed(by_clause.values()) if each[-1].start < said.start), None
            )
        labeled = previous is not None and previous.closed == ":" and previous.line == clause.line
        if labeled and previous is not None and self._begins(said, clause) and by_clause.get(previous.number):
            led = by_clause[previous.number]
            return next((event for event in led if event.fact is not None), led[-1])
        inside = by_clause.get(clause.number, [])
        beside = self._apposition(clause, by_clause)
        if beside is not None and all(event.fact is None for event in inside):
            return beside
        if inside:
            return min(inside, key=lambda event: self.distance(said, event))
        if not self.date_only(said, clause):
            return None
        if self.text.tokens[clause.start].norm in words("since"):
            return next(iter(reversed(by_clause.get(clause.number - 1, []))), None)
        sentence = [each for each in self.text.sentence(clause) if each is not clause]
        left = next(
            (each for each in reversed(sentence) if each.number < clause.number and each.number in by_clause),
            None,
        )
        right = next(
            (
                each
                for each in sentence
                if clause.number < each.number <= clause.number + 2 and each.number in by_clause
            ),
            None,
        )
        taken = left is not None and self.has_day(left) and right is not None and not self.has_day(right)
        if left is not None and not taken:
            return by_clause[left.number][-1]
        if right is not None and not self.has_day(right):
            return by_clause[right.number][0]
        return self._from_before(clause, by_clause)

    def _asks_when(self, clause: Clause) -> bool:
        """Return whether a clause is only *When?*, which asks about the last event mentioned."""
        said = {token.norm for token in self.text.tokens[clause.start : clause.end]}
        asks = clause.closed == "?" and bool(said & words("when"))
        return asks and said <= words("when") | words("around_days")

    def _from_before(self, clause: Clause, by_clause: dict[int, list[Event]]) -> Event | None:
        """Return the latest event in the sentences just before."""
        for number in range(clause.number - 1, max(clause.number - 8, -1), -1):
            other = self.text.clauses[number]
            if clause.sentence - other.sentence > 2:  # noqa: PLR2004
                return None
            if number in by_clause:
                return by_clause[number][-1]
        return None

    def _apposition(self, clause: Clause, by_clause: dict[int, list[Event]]) -> Event | None:
        """Return the event that follows a date by itself, as in *20 October (day of issue)*."""
        event = next(iter(by_clause.get(clause.number + 1, ())), None)
        if event is None or event.fact is None or clause.closed not in ("(", ","):
            return None
        beside = self.text.clauses[clause.number + 1]
        return event if event.end == beside.end and event.start - beside.start <= 1 else None

    def has_day(self, clause: Clause) -> bool:
        """Return whether a clause contains a date."""
        return any(at in self.context.in_days for at in range(clause.start, clause.end))

    def _begins(self, said: DateExpression, clause: Clause) -> bool:
        return all(self._is_noise(at) for at in range(clause.start, said.start))

    def date_only(self, said: DateExpression, clause: Clause) -> bool:
        """Return whether a clause contains hardly more than the date."""
        stopped = self.text.tokens[said.end - 1].norm.endswith(".")  # *10.11.* may end a sentence too
        return all(
            at in self.context.in_days
            or self._is_noise(at)
            or (stopped and at >= said.end and at in self.scope.names)
            for at in range(clause.start, clause.end)
            if not said.start <= at < said.end
        )

    def _is_noise(self, at: int) -> bool:
        token = self.text.tokens[at]
        if token.kind in (Kind.MARK, Kind.LINE_END, Kind.NUMBER):
            return True
        opens = at == self.text.clause(at).start and token.norm in words("contrast")
        return (
            opens
            or token.norm in words("around_days")
            or self.scope.begins("document", at)
            or self.scope.within("correction", at)
        )

    def distance(self, said: DateExpression, event: Event) -> int:
        """Return how far a date is from an event; other dates between them count for more."""
        if event.end <= said.start:
            between = range(event.end, said.start)
            passed = sum(1 for at in between if at in self.context.in_days)
            return (said.start - event.end) * 2 + passed * 20
        if event.start >= said.end:
            between = range(said.end, event.start)
            passed = sum(1 for at in between if at in self.context.in_days)
            return (event.start - said.end) * 2 + 5 + passed * 20
        return 0

    def not_until(self, event: Event, said: DateExpression) -> bool:
        """Return whether a denied event did happen on the date: *wasn't issued until 9 November*."""
        between = [self.text.tokens[at].norm for at in range(event.end, said.start)]
        denied = event.force is Force.DENIED and not said.loose and len(said.days) <= 2  # noqa: PLR2004
        return denied and bool(between) and between[0] in words("until")
