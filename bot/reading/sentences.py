"""Read a message: the facts and details that it states, those it leaves open, and what it asks for.

The entry point of the grammar, and a pure function: the same text, day and programs give the same reading.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Final

from bot.reading.answers import SHORTEST_ORDER_NUMBER, detail_answers, fact_answers
from bot.reading.details import Details
from bot.reading.intents import Intent, intent
from bot.reading.languages import words
from bot.reading.lexicon import Mark, lexicon
from bot.reading.mention_resolution import Resolved, resolve, resolve_date
from bot.reading.mentions import Force, Mention
from bot.reading.parsed_texts import KEPT, ParsedText, parsed
from bot.reading.pasted_certificates import without_certificates
from bot.reading.statements import Statements
from bot.reading.tokens import Kind
from policy import Policy
from policy.facts import PROGRAM, Detail, Fact, Value
from policy.vocabulary import DetailKind, FactKind, Means

FEW_WORDS: Final = 5
FEW_ABOUT_WRITER: Final = 8  # words: so short a text about the writer answers a question
# Intents that are about certificates by themselves; *cancel* may be about a meeting.
_OF_CERTIFICATES: Final = frozenset({Intent.REFUND, Intent.REVOKE, Intent.REISSUE})


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text that say something about a fact or detail, by offsets in code points.

    A date that is not `exact` is the first or last possible day.
    """

    fact: str
    value: Value | None
    text: str
    start: int
    end: int
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Read:
    """What a text states for certain, what it leaves open, what it asks for, and its words for all that.

    `offered` are details that a number may be, though the text does not say so: a bare *order 1234567890*.
    `corrects`: it begins by correcting what was said before: *no, Sectigo after all*.
    `speaks_of_another`: it is about a further order: *another one*, *also*.
    """

    facts: Mapping[Fact, Value]
    details: Mapping[Detail, str]
    ambiguous: tuple[str, ...]
    intent: Intent
    found: tuple[Words, ...]
    offered: Mapping[Detail, str]
    corrects: bool
    speaks_of_another: bool


@lru_cache(maxsize=KEPT, typed=True)
def read(
    policy: Policy, text: str, today: date, program: str | None = None, asked: Fact | Detail | None = None
) -> Read:
    """Return what a text says.

    `program` is the program if it is already known, so that its own names and facts count, too. `asked` is
    the fact or detail that was asked for, which a bare answer need not name. Certificates in the text are
    ignored. The latest readings are kept, since several callers read the same message.
    """
    text = without_certificates(text)
    known = lexicon(policy, program)
    first = _Reading(parsed(known, text, today), _Context(program, asked)).result()
    named = first.facts.get(PROGRAM)
    if isinstance(named, str) and (own := lexicon(policy, named)) is not known:
        return _Reading(parsed(own, text, today), _Context(named, asked)).result()
    return first


def get_ready(policy: Policy) -> None:
    """Build the lexicons of a policy, so that the first message is read as fast as any other."""
    for program in (None, *policy.programs):
        read(policy, "I bought it there on 3 November", date.min, program)


@dataclass(frozen=True, slots=True)
class _Context:
    """What the conversation already knows, and what it asked for."""

    program: str | None
    asked: Fact | Detail | None


class _Reading:
    def __init__(self, text: ParsedText, context: _Context) -> None:
        self.context, self.parsed = context, text
        self.lexicon, self.raw, self.today = text.lexicon, text.raw, text.today
        self.text, self.scope, self.hits = text.text, text.scope, text.hits
        self.found, self.days = text.found, text.days

    def result(self) -> Read:
        statements = Statements(self.parsed, self.context.asked)
        mentions = statements.all()
        called = [hit for hit in self.hits if hit.tag.mark is Mark.DETAIL]
        finder = Details(self.raw, self.text, self.scope, called)
        details = [*finder.find([*self.lexicon.details.values()])]
        mentions += self._fact_answers(statements.dates_of_other_events, mentions)
        details += self._detail_answers(finder, details)
        for_desk = self.context.asked is not None or self._for_desk(mentions, details)
        if not for_desk:
            mentions, details = [], []
        wanted = intent(self.text, self.scope, self.hits, for_desk=for_desk)
        facts, opened = self._resolve(mentions)
        kept_details, opened_details = self._resolve_details(details)
        order: dict[str, int] = {
            name: number for number, name in enumerate((*self.lexicon.facts, *self.lexicon.details))
        }
        ambiguous = sorted({*opened, *opened_details}, key=lambda name: order.get(name, 0))
        found = self._found([*mentions, *details], {*facts, *kept_details, *ambiguous})
        told = {mention.fact for mention in details}
        offered = self._offered(told) if for_desk else {}
        return Read(
            facts,
            kept_details,
            tuple(ambiguous),
            wanted,
            found,
            offered,
            self._corrects(),
            bool(self.scope.hits("further_order")),
        )

    def _offered(self, told: Collection[str]) -> dict[Detail, str]:
        """Return a bare order number as the one detail that is an order's number, if neither is ambiguous."""
        numbers = {self.text.tokens[hit.end - 1].norm for hit in self.scope.hits("bare_order")}
        named = [
            detail
            for detail, spec in self.lexicon.details.items()
            if spec.kind is DetailKind.DIGITS and spec.identifies and detail not in told
        ]
        numbers = {
            number for number in numbers if number.isdecimal() and len(number) >= SHORTEST_ORDER_NUMBER
        }
        return {named[0]: numbers.pop()} if len(named) == len(numbers) == 1 else {}

    def _fact_answers(self, other_dates: set[int], mentions: Sequence[Mention]) -> list[Mention]:
        spec = next((spec for fact, spec in self.lexicon.facts.items() if fact == self.context.asked), None)
        return [*fact_answers(self.text, spec, self.days, other_dates, mentions)] if spec else []

    def _detail_answers(self, finder: Details, details: Sequence[Mention]) -> list[Mention]:
        spec = next((spec for name, spec in self.lexicon.details.items() if name == self.context.asked), None)
        if spec is None:
            return []
        if spec.kind is DetailKind.NAME and not any(mention.fact == spec.id for mention in details):
            return [*finder.alone(spec.id)]
        return [*detail_answers(self.text, spec, details)]

    # --- The result ---

    def _for_desk(self, mentions: Sequence[Mention], details: Sequence[Mention]) -> bool:
        """Return whether a text is about certificates at all, or short enough to be an answer."""
        said = sum(1 for token in self.text.tokens if token.kind is Kind.WORD)
        if self.scope.hits("off_topic") and not self.scope.hits("named_certificate"):
            return False
        if self.scope.hits("other_goods") and not (self.found or self.scope.hits("of_certificates")):
            return False
        wishes = any(hit.tag.mark is Mark.INTENT and hit.tag.name in _OF_CERTIFICATES for hit in self.hits)
        if said <= FEW_WORDS or wishes or self.scope.hits("topical"):
            return True
        named = {each.start for each in self.found}
        if any(mention.start in named for mention in mentions):
            return True
        about_themselves = {name for name, spec in self.lexicon.facts.items() if spec.remembered}
        if said <= FEW_ABOUT_WRITER and any(mention.fact in about_themselves for mention in mentions):
            return True
        level = self.lexicon.level.id if self.lexicon.level else None
        if any(mention.fact == level for mention in mentions):
            return True
        kinds = {mention.fact for mention in mentions} | {detail.fact for detail in details}
        implied = {
            fact for name, spec in self.lexicon.facts.items() if name in kinds for fact, _ in spec.implies
        }
        if len(kinds - implied) > 1:
            return True
        opening = min((mention.start for mention in mentions), default=-1)
        return len(kinds) > 1 and (opening == 0 or bool(self.scope.hits("the_order")))

    def _resolve(self, mentions: Sequence[Mention]) -> tuple[dict[Fact, Value], list[str]]:
        corrections = self._corrections
        facts: dict[Fact, Value] = {}
        opened: list[str] = []
        resolved: dict[Fact, Resolved] = {}
        for fact, spec in self.lexicon.facts.items():
            own = [mention for mention in mentions if mention.fact == fact]
            if not own or (spec.where_asked and not self._asked_somewhere(fact, mentions)):
                continue
            one = (
                resolve_date(own, corrections, self.today)
                if spec.kind is FactKind.DAY
                else resolve(own, corrections, asked_is_nothing=spec.means is Means.ISSUED)
            )
            if one is not None:
                resolved[fact] = one
        self._imply(resolved)
        for fact, one in resolved.items():
            value = self._counted(fact, one.value, resolved)
            if value is None:
                opened.append(fact)
            else:
                facts[fact] = value
        return facts, opened

    @cached_property
    def _corrections(self) -> list[int]:
        """Return the tokens where corrections begin."""
        said = []
        for hit in self.scope.hits("correction"):
            if self.scope.within("not_correction", hit.start):
                continue
            clause = self.text.clause(hit.start)
            said.append(clause.start if hit.end >= clause.end else hit.start)
        return sorted([*said, *self._noes()])

    def _corrects(self) -> bool:
        """Return whether the text begins by correcting what was said before it."""
        if not self.text.clauses:
            return False
        first = self.text.clauses[0]
        is_no = first.end == first.start + 1 and self.text.tokens[first.start].norm in words("noes")
        return is_no or first.start in self._corrections or bool(self.scope.hits("after_all"))

    def _noes(self) -> list[int]:
        """Return the tokens where a *no* corrects the rest of its sentence before it."""
        return [
            clause.start
            for clause in self.text.clauses
            if clause.end - clause.start == 1
            and self.text.tokens[clause.start].norm in words("noes")
            and clause.number > 0
            and self.text.clauses[clause.number - 1].closed != "?"
            and self.text.clauses[clause.number - 1].sentence == clause.sentence
        ]

    def _imply(self, resolved: dict[Fact, Resolved]) -> None:
        """Withdraw dates of events that did not happen, and add the facts that others imply."""
        for fact, spec in self.lexicon.facts.items():
            for other, value in spec.implies:
                known = resolved.get(other)
                if spec.kind is FactKind.DAY:
                    if (
                        fact in resolved
                        and fact != self.context.asked
                        and (known is None or known.value != value)
                    ):
                        resolved[fact] = Resolved(None)
                elif fact in resolved and other not in resolved and self._may_be_implied(other, resolved):
                    resolved[other] = Resolved(value)

    def _may_be_implied(self, fact: Fact, resolved: Mapping[Fact, Resolved]) -> bool:
        spec = self.lexicon.facts.get(fact)
        program = resolved[PROGRAM].value if PROGRAM in resolved else self.context.program
        programs = self.lexicon.policy.programs
        asked = str(program) in programs and fact in programs[str(program)].facts
        return spec is not None and (not spec.where_asked or asked)

    def _asked_somewhere(self, fact: Fact, mentions: Sequence[Mention]) -> bool:
        """Return whether the program, known or mentioned, asks for a fact."""
        programs = self.lexicon.policy.programs
        named = {each.value for each in mentions if each.fact == PROGRAM and each.force is not Force.DENIED}
        named |= {self.context.program}
        return any(fact in programs[str(each)].facts for each in named if str(each) in programs)

    def _counted(self, fact: Fact, value: Value | None, resolved: Mapping[Fact, Resolved]) -> Value | None:
        """Return a value as the named program classifies it."""
        if value is None:
            return None
        program = resolved[PROGRAM].value if PROGRAM in resolved else self.context.program
        return self.lexicon.policy.counts_as(fact, value, program) if not isinstance(value, date) else value

    def _resolve_details(self, details: Sequence[Mention]) -> tuple[dict[Detail, str], list[str]]:
        corrections = self._corrections
        kept: dict[Detail, str] = {}
        opened: list[str] = []
        for detail in self.lexicon.details:
            own = [mention for mention in details if mention.fact == detail]
            one = resolve(own, corrections, asked_is_nothing=False) if own else None
            if one is None:
                continue
            if one.value is None:
                opened.append(detail)
            else:
                kept[detail] = str(one.value)
        return kept, opened

    def _found(self, mentions: Sequence[Mention], names: set[str]) -> tuple[Words, ...]:
        found = {
            Words(mention.fact, value, self.raw[start:end], start, end, mention.exact)
            for mention in mentions
            if mention.fact in names and mention.force in (Force.STATED, Force.DOUBTED, Force.ASKED)
            for start, end in [self._place(mention)]
            for value in self._values(mention)
        }
        return tuple(sorted(found, key=lambda each: (each.start, each.end, each.fact, str(each.value))))

    def _values(self, mention: Mention) -> Sequence[Value | None]:
        if mention.days or mention.alternatives:
            return mention.days or mention.alternatives
        return (mention.value,)

    def _place(self, mention: Mention) -> tuple[int, int]:
        pieces = self.text.tokens[mention.start : mention.end]
        return pieces[0].start, pieces[-1].end
