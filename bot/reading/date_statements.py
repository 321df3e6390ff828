"""Find the dates that a text states for facts, and the facts implied by an event having happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from bot.reading.clauses import Clause
from bot.reading.date_events import DateEvents, Event
from bot.reading.date_expression import DateExpression
from bot.reading.languages import words
from bot.reading.mentions import Force, Mention
from bot.reading.statement_context import StatementContext
from policy.vocabulary import FactKind, FactSpec

NEAR: Final = 3  # tokens between an event and its date


class DateStatements:
    """Finds the dates that a text states; `of_other_events` has the first tokens of dates of other events."""

    def __init__(self, context: StatementContext) -> None:
        self.context = context
        self.text, self.scope = context.text, context.scope
        self.events = DateEvents(context)
        self.of_other_events: set[int] = set()

    def dated(self, events: Sequence[Event]) -> Iterator[Mention]:
        """Yield each date that belongs to a fact."""
        by_clause: dict[int, list[Event]] = {}
        for event in events:
            by_clause.setdefault(self.text.of[event.start], []).append(event)
        for said in self.context.days:
            clause = self.text.clause(said.start)
            if self.scope.negation(said.start, words("articles")) is not None:
                continue
            of = self.events.event_of(said, clause, by_clause)
            if of is None:
                yield from self._bare(said, clause, events)
            elif of.fact is None:
                self.of_other_events.add(said.start)
            elif self._dates(of) and not (said.loose and self._better_day(said, of, clause)):
                yield self._day_mention(of, said, clause)

    def _dates(self, event: Event) -> bool:
        """Return whether the date of an event is a fact's, even if the event is only planned."""
        if event.fact is None:
            return False
        return event.force is not Force.PASSED_OVER or not self.scope.of_unrelated_thing(
            self.text.clause(event.start), event.start, event.end
        )

    def _better_day(self, said: DateExpression, event: Event, clause: Clause) -> bool:
        """Return whether a loose date such as *today* competes with a better one for the same event."""
        own = self.events.distance(said, event)
        return any(
            other is not said
            and (not other.loose or self.events.distance(other, event) < own)
            and self.text.of[other.start] in (clause.number, self.text.of[event.start])
            for other in self.context.days
        )

    def _day_mention(self, event: Event, said: DateExpression, clause: Clause) -> Mention:
        later = clause.number > self.text.of[event.start]
        answers = later and (
            event.force is Force.ASKED or (event.force is Force.DENIED and clause.opened in words("contrast"))
        )
        reported = self.scope.hearsay(said.start) and later
        force = Force.STATED if (event.force is Force.STATED or answers) and not reported else Force.DOUBTED
        hedged = clause.has("hedge") or self.text.clause(event.start).has("hedge")
        following = self.text.clauses[clause.number + 1 : clause.number + 2]
        hedged = hedged or any(
            each.has("hedge") and each.sentence == clause.sentence and each.end - each.start <= 3  # noqa: PLR2004
            for each in following
        )
        exact, days = said.exact and not hedged, said.days
        if self.events.not_until(event, said) and not hedged:
            force, exact, days = Force.STATED, True, _middle(days)
        return Mention(str(event.fact), said.start, said.end, force, clause.quoted, days=days, exact=exact)

    def _asked_for(self, spec: FactSpec) -> bool:
        """Return whether the conversation asked for the date, or for a fact that it implies."""
        return self.context.asked in {spec.id, *(fact for fact, _ in spec.implies)}

    def _bare(self, said: DateExpression, clause: Clause, events: Sequence[Event]) -> Iterator[Mention]:
        """Yield a mention for a date without an event: stated if it was asked for, else doubted."""
        days = [spec for spec in self.context.lexicon.facts.values() if spec.kind is FactKind.DAY]
        sentence = {each.number for each in self.text.sentence(clause)}
        near = any(self.text.of[event.start] in sentence for event in events)
        if days and self._asked_for(days[0]):
            force = Force.STATED if not clause.has("hedge") else Force.DOUBTED
            yield Mention(
                days[0].id, said.start, said.end, force, clause.quoted, days=said.days, exact=said.exact
            )
            return
        if len(days) != 1 or said.loose or near or not self.events.date_only(said, clause):
            return
        yield Mention(
            days[0].id, said.start, said.end, Force.DOUBTED, clause.quoted, days=said.days, exact=said.exact
        )

    def implied(self, events: Sequence[Event], dated: Sequence[Mention]) -> Iterator[Mention]:
        """Yield the facts that an event implies if it has happened, and their opposites if it has not."""
        for event in events:
            spec = self.context.spec(event.fact) if event.fact else None
            if spec is None or not spec.implies:
                continue
            clause = self.text.clause(event.start)
            near = [
                mention
                for mention in dated
                if mention.fact == event.fact and abs(self.text.of[mention.start] - clause.number) <= 4  # noqa: PLR2004
            ]
            answer = self.context.label(event.start, event.end) or self._answer_with_date(event, near)
            for fact, value in spec.implies:
                force, happened = self._happened(event, near, answer)
                if force is not Force.PASSED_OVER:
                    said = value if happened else (not value if isinstance(value, bool) else None)
                    if said is not None:
                        weak = self.scope.past(event.start) and not happened
                        yield Mention(fact, event.start, event.end, force, clause.quoted, said, weak=weak)

    def _other_date_follows(self, event: Event) -> bool | None:
        """Return whether another date follows *not issued on the 10th*, or None if no date is denied."""
        clause = self.text.clause(event.start)
        if any(
            self.events.not_until(event, said) and said.start - event.end <= NEAR
            for said in self.context.days
        ):
            return True
        if not any(event.end <= said.start < clause.end and not said.loose for said in self.context.days):
            return None
        following = self.text.clauses[clause.number + 1 : clause.number + 2]
        return any(each.opened in words("contrast") and self.events.has_day(each) for each in following)

    def _answer_with_date(self, event: Event, near: Sequence[Mention]) -> Clause | None:
        """Return the clause that answers a question about an event with a date, or None."""
        clause = self.text.clause(event.start)
        if clause.closed != "?" or clause.number + 1 >= len(self.text.clauses):
            return None
        following = self.text.clauses[clause.number + 1]
        return following if any(self.text.of[each.start] == following.number for each in near) else None

    def _happened(self, event: Event, near: Sequence[Mention], answer: Clause | None) -> tuple[Force, bool]:
        """Return whether an event has happened, with the force of that statement before it."""
        here = [m for m in near if not m.days or min(m.days) <= self.context.today]
        if answer is not None and event.force is not Force.DENIED:
            said = self.context.answered(answer)
            if said is not None:
                return (Force.DOUBTED if self.scope.hearsay(answer.start) else Force.STATED), said
            has_day = any(self.text.of[m.start] == answer.number for m in near)
            return (
                (Force.STATED, True)
                if has_day and event.force is not Force.PASSED_OVER
                else (Force.PASSED_OVER, True)
            )
        if event.force is Force.DENIED and (contrast := self._other_date_follows(event)) is not None:
            return (Force.STATED, True) if contrast else (Force.PASSED_OVER, True)
        if event.force is Force.DENIED:
            return (Force.STATED if event.tells else Force.PASSED_OVER), False
        if not event.tells:
            close = [m for m in here if abs(self.text.of[m.start] - self.text.of[event.start]) <= 1]
            return (
                (event.force if event.force is not Force.ASKED else Force.PASSED_OVER, True)
                if close
                else (Force.PASSED_OVER, True)
            )
        if event.force is Force.DOUBTED and near and self._doubts_only_the_date(event, near):
            return Force.STATED, True
        return event.force, True

    def _doubts_only_the_date(self, event: Event, near: Sequence[Mention]) -> bool:
        """Return whether only the date is in doubt, as in *I guess it was around the 20th*."""
        start = event.start
        if self.scope.hearsay(start) or self.scope.expected(start):
            return False
        hedges = self.text.clause(start).marks.get("hedge", ())
        doubted = self.scope.believed(start) or any(hit.start < start for hit in hedges)
        return not doubted or any(not each.exact for each in near)


def _middle(days: Sequence[date]) -> tuple[date, ...]:
    """Return the middle of a range of dates."""
    return (days[0] + (days[-1] - days[0]) // 2,) if days else ()
