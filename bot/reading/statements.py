"""Find all that a text says of the facts: choices, names, days and states, each with its force."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.reading.clauses import Clause, Text
from bot.reading.dates import DaySaid
from bot.reading.languages import words
from bot.reading.lexicon import Lexicon, Mark, Tag
from bot.reading.mentions import Force, Mention
from bot.reading.phrases import Hit
from bot.reading.product_names import Found
from bot.reading.scope import Scope
from bot.reading.tokens import Kind
from policy.facts import OTHER, PROGRAM, Value
from policy.vocabulary import FactKind, FactSpec, Means

MOST_EVENTS: Final = 100
MOST_HITS: Final = 300


@dataclass(frozen=True, slots=True)
class Event:
    """A word that tells which day one is: of a fact, or of something else where `fact` is None."""

    start: int
    end: int
    fact: str | None
    force: Force
    tells: bool


class Statements:
    """What one text says, before it is settled."""

    def __init__(  # noqa: PLR0913, PLR0917
        self,
        raw: str,
        text: Text,
        scope: Scope,
        lexicon: Lexicon,
        hits: Sequence[Hit[Tag]],
        found: Sequence[Found],
        days: Sequence[DaySaid],
        today: date,
        asked: str | None = None,
    ) -> None:
        self.raw, self.text, self.scope, self.lexicon = raw, text, scope, lexicon
        self.hits = _longest(hits)[:MOST_HITS]
        self.found = found
        self.days = days
        self.today = today
        self.asked = asked
        self.elsewhere: set[int] = set()
        self._in_days = {at for said in days for at in range(said.start, said.end)}

    def all(self) -> list[Mention]:
        """Return every mention of a fact."""
        events = self._events()
        mentions = [*self._programs(), *self._products(), *self._choices(), *self._fragments()]
        mentions += self._one_of_several()
        dated = [*self._dated(events)]
        mentions += dated
        mentions += self._told(events, dated)
        return [mention for mention in mentions if mention.force is not Force.PASSED_OVER]

    # --- Names ---

    def _programs(self) -> Iterator[Mention]:
        settled = any(self.text.clause(found.start).has("this_order") for found in self._named_programs())
        for found in self.found:
            programs = {dict(name.facts)[PROGRAM] for name in found.names if name.get(PROGRAM) is not None}
            if not programs:
                continue
            force = self._place_force(
                found, sure=OTHER not in programs, brand=len(programs) < len(found.names)
            )
            clause = self.text.clause(found.start)
            weak = (clause.has("accounts") and not clause.has("bought")) or (
                settled and not clause.has("this_order")
            )
            yield Mention(
                PROGRAM, found.start, found.end, force, clause.quoted, next(iter(programs)), weak=weak
            )
        yield from self._unknown_places()

    def _named_programs(self) -> Iterator[Found]:
        for found in self.found:
            named = any(name.get(PROGRAM) is not None for name in found.names)
            if named and self._place_force(found, sure=True, brand=False) is Force.STATED:
                yield found

    def _place_force(self, found: Found, *, sure: bool, brand: bool) -> Force:
        """Return the force with which a place of purchase is named; other sellers need words that say so."""
        force = self.scope.of_name(found.start, found.end)
        clause = self.text.clause(found.start)
        own = force is Force.PASSED_OVER and self.scope.begins("own_business", found.end)
        if own and (clause.has("bought") or self.text.tokens[clause.start].norm in words("greets")):
            force = Force.STATED  # bought off its website, or its support is written to
        if force in (Force.DOUBTED, Force.ASKED) and self._voiced(clause):
            force = Force.STATED  # what is in doubt is who speaks, and not where
        moved = clause.has("move") and not sure
        if self.scope.former(found.start, found.end) or moved:
            return Force.PASSED_OVER
        if force is Force.STATED and not sure and not self._is_place(clause, found, brand=brand):
            return Force.PASSED_OVER
        return force

    def _voiced(self, clause: Clause) -> bool:
        return any(
            hit.tag.mark is Mark.CHOICE
            and self.text.of[hit.start] == clause.number
            and (spec := self._spec(hit.tag.name)) is not None
            and spec.means is None
            and not spec.where_asked
            for hit in self.hits
        )

    def _is_place(self, clause: Clause, found: Found, *, brand: bool) -> bool:
        start = found.start
        while start > clause.start and self.text.tokens[start - 1].norm in words("leading"):
            start -= 1
        alone = found.end - found.start == clause.end - clause.start
        named = self.scope.ends("bought_at", start) or self.scope.begins("at_place", found.end)
        named = named or (clause.has("bought") and self.scope.ends("host_noun", found.start))
        elsewhere = clause.has("hosting") and not clause.has("bought")
        return (named and not elsewhere) or (alone and not brand)

    def _unknown_places(self) -> Iterator[Mention]:
        """Yield sellers that no file names: *bought it from Strato*."""
        taken = {at for found in self.found for at in range(found.start, found.end)}
        for hit in self.scope.hits("bought_from"):
            at = hit.end
            while at < len(self.text.tokens) and self.text.tokens[at].norm in words("articles") | {",", "("}:
                at += 1
            end = at
            while end < len(self.text.tokens) and end - at < 3 and self._is_own_name(end, taken):  # noqa: PLR2004
                end += 1
            clause = self.text.clause(hit.start)
            if end > at and clause.has("bought") and self.text.of[at] - clause.number <= 1:
                force = self.scope.of_name(at, end)
                yield Mention(PROGRAM, at, end, force, self.text.clause(at).quoted, OTHER, weak=True)

    def _is_own_name(self, at: int, taken: set[int]) -> bool:
        token = self.text.tokens[at]
        if token.kind is Kind.NUMBER and not token.spaced:
            return True
        if token.kind is not Kind.WORD or at in taken or at in self._in_days:
            return False
        said = self.raw[token.start : token.end]
        return (
            said[:1].isupper()
            and len(said) > 2  # noqa: PLR2004
            and not self.raw.isupper()
            and token.norm not in self.lexicon.known | words("leading") | words("asked_of")
        ) or (not token.spaced and said.isalpha() and at > 0 and self.text.tokens[at - 1].kind is Kind.NUMBER)

    def _products(self) -> Iterator[Mention]:
        """Yield whose a product is and at what level; a name under two makers leaves open which."""
        makers = self._makers()
        for found in self.found:
            names = [name for name in found.names if name.get(PROGRAM) is None]
            if len(names) < len(found.names) and (self._as_place(found) or self._hosts(found)):
                continue
            if not names or self.scope.begins("maker_role", found.end):
                continue
            force = self.scope.of_name(found.start, found.end)
            quoted = self.text.clause(found.start).quoted
            maker = self.lexicon.maker.id if self.lexicon.maker else None
            if len(names) > 1 and makers:
                fitting = [name for name in names if name.get(maker) in makers]
                names = fitting if len(fitting) == 1 else names
            facts = {fact for name in names for fact, _ in name.facts}
            for fact in facts:
                values = {value for name in names if (value := name.get(fact)) is not None}
                certain = len(values) == 1 and all(name.get(fact) is not None for name in names)
                if certain:
                    yield Mention(fact, found.start, found.end, force, quoted, next(iter(values)))
                elif fact == maker and force is not Force.DENIED:
                    doubted = Force.DOUBTED if force is Force.STATED else force
                    yield Mention(fact, found.start, found.end, doubted, quoted, alternatives=tuple(values))

    def _hosts(self, found: Found) -> bool:
        clause = self.text.clause(found.start)
        return clause.has("hosting") and not clause.has("bought", "the_order")

    def _as_place(self, found: Found) -> bool:
        clause = self.text.clause(found.start)
        return self._is_place(clause, found, brand=True)

    def _makers(self) -> set[Value]:
        """Return the makers that are named by their own names."""
        maker = self.lexicon.maker.id if self.lexicon.maker else None
        level = self.lexicon.level.id if self.lexicon.level else None
        return {
            value
            for found in self.found
            for name in found.names
            if len(found.names) == 1 and name.get(level) is None and (value := name.get(maker)) is not None
            if self.scope.of_name(found.start, found.end) in (Force.STATED, Force.DOUBTED)
        }

    # --- Choices ---

    def _choices(self) -> Iterator[Mention]:
        named = {at for found in self.found for at in range(found.start, found.end)}
        for hit in self.hits:
            if hit.tag.mark is not Mark.CHOICE:
                continue
            spec = self._spec(hit.tag.name)
            if spec is None or (spec.means is Means.LEVEL and hit.start in named):
                continue
            clause = self.text.clause(hit.start)
            label = self._label(hit.start, hit.end)
            if label is not None and self._answered(label) is not None:
                yield from self._labeled(spec, hit, label)
                continue
            force = self._force_of(spec, hit)
            weak = spec.means is Means.ISSUED and hit.tag.value is False and self.scope.past(hit.start)
            if force is Force.DENIED and spec.means is Means.ISSUED:
                continue
            yield Mention(spec.id, hit.start, hit.end, force, clause.quoted, hit.tag.value, weak=weak)

    def _fragments(self) -> Iterator[Mention]:
        """Yield choices that stand alone, as in *partner, not issued*, or in *partner or retail?*."""
        spoken = self.lexicon.alone
        programs = {at for found in self._named_programs() for at in range(found.start, found.end)}
        for clause in self.text.clauses:
            pieces = [
                at
                for at in range(clause.start, clause.end)
                if self.text.tokens[at].kind is Kind.WORD and at not in programs
            ]
            parts = {
                " ".join(self.text.tokens[at].norm for at in part): part
                for part in self._alternatives(pieces)
            }
            label = self._label(clause.start, clause.end) if clause.closed == ":" else None
            answered = self._answered(label) if label is not None else None
            if (label is not None and answered is None) or any(said not in spoken for said in parts):
                continue
            for said, part in parts.items():
                fact, value = spoken[said]
                lone = len(part) == len(pieces)
                asked = clause.closed == "?" and (not lone or len(self.text.sentence(clause)) == 1)
                force = Force.ASKED if asked else Force.DENIED if answered is False else Force.STATED
                yield Mention(fact, part[0], part[-1] + 1, force, clause.quoted, value)

    def _one_of_several(self) -> Iterator[Mention]:
        """Leave open what is so of one order and not of another: *one is issued, the other isn't*."""
        spec = next((spec for spec in self.lexicon.facts.values() if spec.means is Means.ISSUED), None)
        for hit in self.scope.hits("one_not") if spec is not None else ():
            clause = self.text.clause(hit.start)
            before = self.text.tokens[hit.start - 1].norm if hit.start > clause.start else ""
            if spec is not None and before in {"", *words("and"), *words("contrast")}:
                for value in spec.choices:
                    yield Mention(spec.id, hit.start, hit.end, Force.DOUBTED, clause.quoted, value)

    def _alternatives(self, pieces: Sequence[int]) -> Iterator[list[int]]:
        """Yield the parts of a clause between its *or*s."""
        part: list[int] = []
        for at in pieces:
            if self.text.tokens[at].norm in words("or"):
                yield part
                part = []
            elif part or self.text.tokens[at].norm not in words("leading") | words("contrast"):
                part.append(at)
        yield part

    def _force_of(self, spec: FactSpec, hit: Hit[Tag]) -> Force:
        if spec.means is Means.ISSUED:
            return self.scope.of_state(hit.start, hit.end)
        if spec.means is Means.LEVEL:
            return self._level_force(hit)
        if spec.where_asked:
            denied = self.scope.negation(hit.start, words("name_fillers")) is not None
            return Force.DENIED if denied else Force.STATED
        return self.scope.of_voice(hit.start, hit.end)

    def _level_force(self, hit: Hit[Tag]) -> Force:
        after = self.text.tokens[hit.end].norm if hit.end < self.text.clause(hit.start).end else ""
        before = self.text.tokens[hit.start - 1] if hit.start > self.text.clause(hit.start).start else None
        if after in words("not_a_level") or (before is not None and before.norm in words("in_progress_of")):
            return Force.PASSED_OVER
        if before is not None and before.norm in words("no_level_after"):
            return Force.PASSED_OVER
        return self.scope.of_name(hit.start, hit.end)

    def _spec(self, name: str) -> FactSpec | None:
        return next((spec for fact, spec in self.lexicon.facts.items() if fact == name), None)

    # --- Labels, as in "Issued: no" ---

    def _label(self, start: int, end: int) -> Clause | None:
        """Return the clause that answers a label, where the words are the label's last."""
        clause = self.text.clause(start)
        if end != clause.end or clause.number + 1 >= len(self.text.clauses):
            return None
        answer = self.text.clauses[clause.number + 1]
        if answer.closed == ":" and answer.end - answer.start == 1 and answer is not self.text.clauses[-1]:
            answer = self.text.clauses[answer.number + 1]  # the A of Q and A
        if clause.closed == ":" and answer.line == clause.line:
            return answer
        if clause.closed == "?" and self._answered(answer) is not None and answer.line - clause.line <= 1:
            return answer
        return None

    def _answered(self, clause: Clause) -> bool | None:
        """Return whether a clause says yes or no first, None where it says neither."""
        said = " ".join(
            token.norm for token in self.text.tokens[clause.start : clause.end] if token.kind is Kind.WORD
        )
        first = said.split(" ")[0] if said else ""
        if said in words("yes") or first in words("yes"):
            return True
        return False if said in words("no") or first in words("no") else None

    def _labeled(self, spec: FactSpec, hit: Hit[Tag], answer: Clause) -> Iterator[Mention]:
        said = self._answered(answer)
        if said is None:
            return
        quoted = answer.quoted
        if said:
            yield Mention(spec.id, hit.start, hit.end, Force.STATED, quoted, hit.tag.value)
        elif spec.means is not Means.ISSUED:
            yield Mention(spec.id, hit.start, hit.end, Force.DENIED, quoted, hit.tag.value)

    # --- Days ---

    def _events(self) -> list[Event]:
        events = [
            Event(hit.start, hit.end, None, Force.STATED, tells=False) for hit in self.scope.hits("other_day")
        ]
        covered = {
            at
            for hit in self.hits
            if hit.tag.mark in (Mark.CHOICE, Mark.DAY_WORD) and hit.end - hit.start > 1
            for at in range(hit.start, hit.end)
        }
        events = [event for event in events if event.start not in covered and not self._cited(event)]
        wider = [hit for hit in self.scope.hits("other_day") if hit.end - hit.start > 1]
        within = {at for hit in wider for at in range(hit.start, hit.end)}
        for hit in self.hits:
            if hit.tag.mark is Mark.DAY_WORD and not (hit.start in within and hit.end - hit.start == 1):
                force = self.scope.of_state(hit.start, hit.end)
                events.append(Event(hit.start, hit.end, hit.tag.name, force, tells=bool(hit.tag.value)))
        return sorted(events, key=lambda event: (event.start, event.fact is None))[:MOST_EVENTS]

    def _cited(self, event: Event) -> bool:
        """Say whether a paper is what says the day, and not what happened on it."""
        clause = self.text.clause(event.start)
        alone = event.end - event.start == 1 and self.scope.begins("document", event.start)
        return alone and any(
            self.text.tokens[at].norm in words("cites") for at in range(clause.start, clause.end)
        )

    def _dated(self, events: Sequence[Event]) -> Iterator[Mention]:
        by_clause: dict[int, list[Event]] = {}
        for event in events:
            by_clause.setdefault(self.text.of[event.start], []).append(event)
        for said in self.days:
            clause = self.text.clause(said.start)
            if self.scope.negation(said.start, words("articles")) is not None:
                continue
            of = self._event_of(said, clause, by_clause)
            if of is None:
                yield from self._bare(said, clause, events)
            elif of.fact is None:
                self.elsewhere.add(said.start)
            elif self._dates(of) and not (said.loose and self._better_day(said, of, clause)):
                yield self._day_mention(of, said, clause)

    def _dates(self, event: Event) -> bool:
        """Say whether an event's day is a fact's, be it planned."""
        if event.fact is None:
            return False
        return event.force is not Force.PASSED_OVER or not self.scope.of_other_thing(
            self.text.clause(event.start), event.start, event.end
        )

    def _better_day(self, said: DaySaid, event: Event, clause: Clause) -> bool:
        """Say whether a *today* stands beside the day that an event has."""
        own = self._distance(said, event)
        return any(
            other is not said
            and (not other.loose or self._distance(other, event) < own)
            and self.text.of[other.start] in (clause.number, self.text.of[event.start])
            for other in self.days
        )

    def _day_mention(self, event: Event, said: DaySaid, clause: Clause) -> Mention:
        later = clause.number > self.text.of[event.start]
        answers = later and (
            event.force is Force.ASKED or (event.force is Force.DENIED and clause.opened in words("contrast"))
        )
        force = Force.STATED if event.force is Force.STATED or answers else Force.DOUBTED
        hedged = clause.has("hedge") or self.text.clause(event.start).has("hedge")
        following = self.text.clauses[clause.number + 1 : clause.number + 2]
        hedged = hedged or any(
            each.has("hedge") and each.sentence == clause.sentence and each.end - each.start <= 3  # noqa: PLR2004
            for each in following
        )
        exact, days = said.exact and not hedged, said.days
        if self._not_until(event, said) and not hedged:
            force, exact, days = Force.STATED, True, _middle(days)
        return Mention(str(event.fact), said.start, said.end, force, clause.quoted, days=days, exact=exact)

    def _not_until(self, event: Event, said: DaySaid) -> bool:
        """Say whether it happened on the day: *wasn't issued until 9 November*."""
        between = [self.text.tokens[at].norm for at in range(event.end, said.start)]
        denied = event.force is Force.DENIED and not said.loose and len(said.days) <= 2  # noqa: PLR2004
        return denied and bool(between) and between[0] in words("until")

    def _event_of(self, said: DaySaid, clause: Clause, by_clause: dict[int, list[Event]]) -> Event | None:
        """Return the event whose day a day is: the nearest in its clause, else in those that lead to it."""
        previous = self.text.clauses[clause.number - 1] if clause.number else None
        labeled = previous is not None and previous.closed == ":" and previous.line == clause.line
        if labeled and previous is not None and self._begins(said, clause) and by_clause.get(previous.number):
            return by_clause[previous.number][-1]
        inside = by_clause.get(clause.number, [])
        beside = self._apposition(clause, by_clause)
        if beside is not None and all(event.fact is None for event in inside):
            return beside
        if inside:
            return min(inside, key=lambda event: self._distance(said, event))
        if not self._date_only(said, clause):
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
        taken = left is not None and self._has_day(left) and right is not None and not self._has_day(right)
        if left is not None and not taken:
            return by_clause[left.number][-1]
        if right is not None and not self._has_day(right):
            return by_clause[right.number][0]
        return self._from_before(clause, by_clause)

    def _from_before(self, clause: Clause, by_clause: dict[int, list[Event]]) -> Event | None:
        """Return the event of the sentence before, or the one that a correction takes up."""
        for number in range(clause.number - 1, max(clause.number - 8, -1), -1):
            other = self.text.clauses[number]
            if clause.sentence - other.sentence > 2:  # noqa: PLR2004
                return None
            if number in by_clause:
                return by_clause[number][-1]
        return None

    def _apposition(self, clause: Clause, by_clause: dict[int, list[Event]]) -> Event | None:
        """Return the event that stands alone after a day, as in *20 October (day of issue)*."""
        event = next(iter(by_clause.get(clause.number + 1, ())), None)
        if event is None or event.fact is None or clause.closed not in ("(", ","):
            return None
        beside = self.text.clauses[clause.number + 1]
        return event if event.end == beside.end and event.start - beside.start <= 1 else None

    def _has_day(self, clause: Clause) -> bool:
        return any(at in self._in_days for at in range(clause.start, clause.end))

    def _begins(self, said: DaySaid, clause: Clause) -> bool:
        return all(self._is_noise(at) for at in range(clause.start, said.start))

    def _date_only(self, said: DaySaid, clause: Clause) -> bool:
        stopped = self.text.tokens[said.end - 1].norm.endswith(".")  # the dot of *10.11.* ends a sentence too
        return all(
            at in self._in_days
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

    def _distance(self, said: DaySaid, event: Event) -> int:
        if event.end <= said.start:
            between = range(event.end, said.start)
            passed = sum(1 for at in between if at in self._in_days)
            return (said.start - event.end) * 2 + passed * 20
        if event.start >= said.end:
            between = range(said.end, event.start)
            passed = sum(1 for at in between if at in self._in_days)
            return (event.start - said.end) * 2 + 5 + passed * 20
        return 0

    def _asked_for(self, spec: FactSpec) -> bool:
        """Say whether a day was asked for, or what is certain where it is known."""
        return self.asked in {spec.id, *(fact for fact, _ in spec.implies)}

    def _bare(self, said: DaySaid, clause: Clause, events: Sequence[Event]) -> Iterator[Mention]:
        """Yield a day alone, without a word for what happened: it touches the one day that is asked for."""
        days = [spec for spec in self.lexicon.facts.values() if spec.kind is FactKind.DAY]
        sentence = {each.number for each in self.text.sentence(clause)}
        near = any(self.text.of[event.start] in sentence for event in events)
        if days and self._asked_for(days[0]):
            force = Force.STATED if not clause.has("hedge") else Force.DOUBTED
            yield Mention(
                days[0].id, said.start, said.end, force, clause.quoted, days=said.days, exact=said.exact
            )
            return
        if len(days) != 1 or said.loose or near or not self._date_only(said, clause):
            return
        yield Mention(
            days[0].id, said.start, said.end, Force.DOUBTED, clause.quoted, days=said.days, exact=said.exact
        )

    # --- What an event tells ---

    def _told(self, events: Sequence[Event], dated: Sequence[Mention]) -> Iterator[Mention]:
        """Yield what is certain where an event has happened, and its opposite where it has not."""
        for event in events:
            spec = self._spec(event.fact) if event.fact else None
            if spec is None or not spec.implies:
                continue
            clause = self.text.clause(event.start)
            near = [
                mention
                for mention in dated
                if mention.fact == event.fact and abs(self.text.of[mention.start] - clause.number) <= 4  # noqa: PLR2004
            ]
            answer = self._label(event.start, event.end) or self._answer_day(event, near)
            for fact, value in spec.implies:
                force, told = self._told_force(event, near, answer)
                if force is not Force.PASSED_OVER:
                    said = value if told else (not value if isinstance(value, bool) else None)
                    if said is not None:
                        weak = self.scope.past(event.start) and not told
                        yield Mention(fact, event.start, event.end, force, clause.quoted, said, weak=weak)

    def _other_day(self, event: Event) -> bool | None:
        """Tell of *not issued on the 10th* whether another day follows; None where no day is denied."""
        clause = self.text.clause(event.start)
        if any(self._not_until(event, said) and said.start - event.end <= 3 for said in self.days):  # noqa: PLR2004
            return True
        if not any(event.end <= said.start < clause.end and not said.loose for said in self.days):
            return None
        following = self.text.clauses[clause.number + 1 : clause.number + 2]
        return any(each.opened in words("contrast") and self._has_day(each) for each in following)

    def _answer_day(self, event: Event, near: Sequence[Mention]) -> Clause | None:
        """Return the clause that answers a question for the day with one."""
        clause = self.text.clause(event.start)
        if clause.closed != "?" or clause.number + 1 >= len(self.text.clauses):
            return None
        following = self.text.clauses[clause.number + 1]
        return following if any(self.text.of[each.start] == following.number for each in near) else None

    def _told_force(self, event: Event, near: Sequence[Mention], answer: Clause | None) -> tuple[Force, bool]:
        """Return with what force an event says that it has happened, and whether it has."""
        here = [m for m in near if not m.days or min(m.days) <= self.today]
        if answer is not None and event.force is not Force.DENIED:
            said = self._answered(answer)
            if said is not None:
                return Force.STATED, said
            has_day = any(self.text.of[m.start] == answer.number for m in near)
            return (
                (Force.STATED, True)
                if has_day and event.force is not Force.PASSED_OVER
                else (Force.PASSED_OVER, True)
            )
        if event.force is Force.DENIED and (contrast := self._other_day(event)) is not None:
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
        if event.force is Force.DOUBTED and near and not self.scope.hearsay(event.start):
            return Force.STATED, True
        return event.force, True


def _middle(days: Sequence[date]) -> tuple[date, ...]:
    """Return the day that a time around it was made of."""
    return (days[0] + (days[-1] - days[0]) // 2,) if days else ()


def _longest(hits: Sequence[Hit[Tag]]) -> list[Hit[Tag]]:
    """Return the hits without those that lie inside a longer one that says something of a fact."""
    wide = [hit for hit in hits if hit.tag.mark in (Mark.CHOICE, Mark.DAY_WORD, Mark.DETAIL)]
    over: dict[int, list[Hit[Tag]]] = {}
    for hit in wide:
        if hit.end - hit.start > 1:
            for at in range(hit.start, hit.end):
                over.setdefault(at, []).append(hit)
    return [hit for hit in wide if not any(_lies_in(hit, other) for other in over.get(hit.start, ()))]


def _lies_in(hit: Hit[Tag], other: Hit[Tag]) -> bool:
    wider = other.end - other.start > hit.end - hit.start and hit.end <= other.end
    return wider and _of_one_thing(hit.tag, other.tag)


def _of_one_thing(inner: Tag, outer: Tag) -> bool:
    """Say whether the longer phrase speaks of what the shorter one would."""
    if outer.mark is Mark.DETAIL:
        return inner.mark is Mark.DETAIL
    return inner.mark is not Mark.DETAIL and (
        inner.name == outer.name or {inner.mark, outer.mark} == {Mark.CHOICE, Mark.DAY_WORD}
    )
