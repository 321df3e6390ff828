"""Read a message: which facts and details it states, which it leaves open, and what it wants.

Pure: the same text, day and programs give the same reading. What is read is certain, or left open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Final

from bot.reading.answers import detail_answers, fact_answers
from bot.reading.clauses import Text, cut, spoken, spread
from bot.reading.date_ranges import days_said
from bot.reading.dates import DaySaid
from bot.reading.details import Details, is_host
from bot.reading.intents import Intent, intent
from bot.reading.languages import Language, languages, words
from bot.reading.lexicon import Lexicon, Mark, lexicon
from bot.reading.mentions import Force, Mention
from bot.reading.message_parts import lines
from bot.reading.phrases import Hit
from bot.reading.product_names import Found
from bot.reading.scope import Scope
from bot.reading.settling import Settled, settle, settle_day
from bot.reading.slack_markup import unmarked
from bot.reading.statements import Statements
from bot.reading.tokens import Kind, Token, folded, tokens
from policy import Policy
from policy.facts import PROGRAM, Detail, Fact, Value
from policy.vocabulary import FactKind, Means

# Of a longer text the beginning and the end are read: nobody says what they want in between.
HEAD: Final = 4500
TAIL: Final = 1000
LONGEST_TAKEN: Final = 40_000
MOST_TOKENS: Final = 1600
MOST_DAYS: Final = 60
FEW_WORDS: Final = 4


@dataclass(frozen=True, slots=True)
class Words:
    """Where a text says something of a fact or detail, by offsets in code points."""

    fact: str
    value: Value | None
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Read:
    """What a text states for certain, what it leaves open, what it wants, and its own words for all that."""

    facts: Mapping[Fact, Value]
    details: Mapping[Detail, str]
    ambiguous: tuple[str, ...]
    intent: Intent
    found: tuple[Words, ...]


def read(
    policy: Policy, text: str, today: date, program: str | None = None, asked: Fact | Detail | None = None
) -> Read:
    """Return what a text says. `program` is the one that is known already, whose own words count too.

    `asked` is the fact or detail that was asked for: what answers it need not say so.
    """
    prepared = _prepare(text)
    first = _Reading(lexicon(policy, program), text, prepared, today, _Context(program, asked)).result()
    named = first.facts.get(PROGRAM)
    if isinstance(named, str) and lexicon(policy, named) is not lexicon(policy, program):
        return _Reading(lexicon(policy, named), text, prepared, today, _Context(named, asked)).result()
    return first


@dataclass(frozen=True, slots=True)
class _Context:
    """What the conversation knows already, and what it asked for."""

    program: str | None
    asked: Fact | Detail | None


@dataclass(frozen=True, slots=True)
class _Prepared:
    plain: str
    pieces: list[Token]


def _prepare(text: str) -> _Prepared:
    plain = _shortened(unmarked(text[:LONGEST_TAKEN]))
    return _Prepared(plain, tokens(plain, MOST_TOKENS))


def _shortened(plain: str) -> str:
    """Return a long text with its middle blanked out, so that every offset stays true."""
    passed_over = len(plain) - HEAD - TAIL
    if passed_over <= 0:
        return plain
    return plain[:HEAD] + "\n" + " " * (passed_over - 2) + "\n" + plain[HEAD + passed_over :]


class _Reading:
    def __init__(
        self, known: Lexicon, text: str, prepared: _Prepared, today: date, context: _Context
    ) -> None:
        self.lexicon, self.raw, self.today, self.context = known, text, today, context
        found_lines = lines(prepared.plain)
        kept = spoken(prepared.pieces, found_lines)
        kept = [(each, number) for token, number in kept for each in self._checked(token, prepared.plain)]
        norms = [(self._spelled(token), number) for token, number in kept]
        self.known = {
            at: token.norm in known.known or token.kind is not Kind.WORD for at, (token, _) in enumerate(kept)
        }
        self.text: Text = cut(norms, found_lines)
        everything = list(known.phrases.find(self.text.tokens))
        grammar = [
            Hit(hit.tag.name, hit.start, hit.end) for hit in everything if hit.tag.mark is Mark.GRAMMAR
        ]
        spread(self.text, grammar)
        plain_tokens = [token for token, _ in kept]
        self.found: list[Found] = known.names.find(plain_tokens, self.known)
        names = {at for each in self.found for at in range(each.start, each.end)}
        level = known.level.id if known.level else None
        names |= {
            at
            for hit in everything
            if hit.tag.mark is Mark.CHOICE and hit.tag.name == level
            for at in range(hit.start, hit.end)
        }
        self.scope = Scope(self.text, grammar, names)
        self.hits = [hit for hit in everything if hit.tag.mark is not Mark.GRAMMAR]
        language = _language_of(self.text)
        self.days: list[DaySaid] = days_said(
            self.text.tokens,
            today,
            dots_day_first=language.days.get("dots_day_first", False),
            foreign=_foreign_days(language),
        )[:MOST_DAYS]

    def result(self) -> Read:
        statements = Statements(
            self.raw,
            self.text,
            self.scope,
            self.lexicon,
            self.hits,
            self.found,
            self.days,
            self.today,
            self.context.asked,
        )
        mentions = statements.all()
        called = [hit for hit in self.hits if hit.tag.mark is Mark.DETAIL]
        in_days = {at for said in self.days for at in range(said.start, said.end)}
        details = [
            *Details(self.raw, self.text, self.scope, called).find([*self.lexicon.details.values()], in_days)
        ]
        mentions += self._fact_answers(statements.elsewhere, mentions)
        details += self._detail_answers(details)
        for_desk = self.context.asked is not None or self._for_desk(mentions, details)
        if not for_desk:
            mentions, details = [], []
        wanted = intent(self.text, self.scope, self.hits, for_desk=for_desk)
        facts, opened = self._settle(mentions)
        kept_details, opened_details = self._settle_details(details)
        order: dict[str, int] = {
            name: number for number, name in enumerate((*self.lexicon.facts, *self.lexicon.details))
        }
        ambiguous = sorted({*opened, *opened_details}, key=lambda name: order.get(name, 0))
        found = self._found([*mentions, *details], {*facts, *kept_details, *ambiguous})
        return Read(facts, kept_details, tuple(ambiguous), wanted, found)

    def _fact_answers(self, elsewhere: set[int], mentions: Sequence[Mention]) -> list[Mention]:
        spec = next((spec for fact, spec in self.lexicon.facts.items() if fact == self.context.asked), None)
        return [*fact_answers(self.text, spec, self.days, elsewhere, mentions)] if spec else []

    def _detail_answers(self, details: Sequence[Mention]) -> list[Mention]:
        spec = next((spec for name, spec in self.lexicon.details.items() if name == self.context.asked), None)
        return [*detail_answers(self.text, spec, details)] if spec else []

    # --- Tokens ---

    def _checked(self, token: Token, plain: str) -> Iterable[Token]:
        """Yield a host as it is, and what only looks like one as the words that it is made of."""
        if token.kind is not Kind.HOST:
            return (token,)
        linked = plain[max(token.start - 3, 0) : token.start].endswith("://")
        labels = token.norm.split(".")
        if is_host(
            token,
            linked=linked or "|" in self.raw[max(token.start - 1, 0) : token.start],
            known=self.lexicon.known,
        ):
            return (token,)
        made: list[Token] = []
        at = token.start
        for number, label in enumerate(labels):
            if number:
                made.append(Token(".", at, at + 1, Kind.MARK, spaced=False))
                at += 1
            made += [
                replace(each, start=at + each.start, end=at + each.end, spaced=number > 0 and each.spaced)
                for each in tokens(plain[at : at + len(label)])
            ]
            at += len(label)
        return made

    def _spelled(self, token: Token) -> Token:
        """Return a word as the known one that it is meant for."""
        if token.kind is not Kind.WORD or token.norm in self.lexicon.known:
            return token
        meant = self.lexicon.spelling.meant(token.norm)
        if len(meant) != 1:
            return token
        return Token(next(iter(meant)), token.start, token.end, token.kind, token.spaced)

    # --- What it comes to ---

    def _for_desk(self, mentions: Sequence[Mention], details: Sequence[Mention]) -> bool:
        """Say whether a text is about certificates at all, or so short that it is an answer."""
        said = sum(1 for token in self.text.tokens if token.kind is Kind.WORD)
        if self.scope.hits("off_topic") and not self.scope.hits("named_certificate"):
            return False
        if said <= FEW_WORDS or self.scope.hits("topical"):
            return True
        named = {each.start for each in self.found}
        if any(mention.start in named for mention in mentions):
            return True
        level = self.lexicon.level.id if self.lexicon.level else None
        if any(mention.fact == level for mention in mentions):
            return True
        kinds = {mention.fact for mention in mentions} | {detail.fact for detail in details}
        return len(kinds) > 1

    def _settle(self, mentions: Sequence[Mention]) -> tuple[dict[Fact, Value], list[str]]:
        corrections = self._corrections()
        facts: dict[Fact, Value] = {}
        opened: list[str] = []
        settled: dict[Fact, Settled] = {}
        for fact, spec in self.lexicon.facts.items():
            own = [mention for mention in mentions if mention.fact == fact]
            if not own or (spec.where_asked and not self._asked_somewhere(fact, mentions)):
                continue
            one = (
                settle_day(own, corrections, self.today)
                if spec.kind is FactKind.DAY
                else settle(own, corrections, asked_is_nothing=spec.means is Means.ISSUED)
            )
            if one is not None:
                settled[fact] = one
        self._imply(settled)
        for fact, one in settled.items():
            value = self._counted(fact, one.value, settled)
            if value is None:
                opened.append(fact)
            else:
                facts[fact] = value
        return facts, opened

    def _corrections(self) -> list[int]:
        """Return from which tokens on something is put right."""
        said = []
        for hit in self.scope.hits("correction"):
            clause = self.text.clause(hit.start)
            said.append(clause.start if hit.end >= clause.end else hit.start)
        return sorted([*said, *self._noes()])

    def _noes(self) -> list[int]:
        """Return where a *no* puts right what was said before it."""
        return [
            clause.start
            for clause in self.text.clauses
            if clause.end - clause.start == 1
            and self.text.tokens[clause.start].norm in words("noes")
            and clause.number > 0
            and self.text.clauses[clause.number - 1].closed != "?"
            and self.text.clauses[clause.number - 1].sentence == clause.sentence
        ]

    def _imply(self, settled: dict[Fact, Settled]) -> None:
        """Take back days of what is not so, and add what is certain where something else is said."""
        for fact, spec in self.lexicon.facts.items():
            for other, value in spec.implies:
                known = settled.get(other)
                if spec.kind is FactKind.DAY:
                    if (
                        fact in settled
                        and fact != self.context.asked
                        and (known is None or known.value != value)
                    ):
                        settled[fact] = Settled(None)
                elif fact in settled and other not in settled and self._may_be_implied(other, settled):
                    settled[other] = Settled(value)

    def _may_be_implied(self, fact: Fact, settled: Mapping[Fact, Settled]) -> bool:
        spec = self.lexicon.facts.get(fact)
        program = settled[PROGRAM].value if PROGRAM in settled else self.context.program
        programs = self.lexicon.policy.programs
        asked = str(program) in programs and fact in programs[str(program)].facts
        return spec is not None and (not spec.where_asked or asked)

    def _asked_somewhere(self, fact: Fact, mentions: Sequence[Mention]) -> bool:
        """Say whether a program that asks for a fact is named as the order's, for sure or not."""
        programs = self.lexicon.policy.programs
        named = {each.value for each in mentions if each.fact == PROGRAM and each.force is not Force.DENIED}
        named |= {self.context.program}
        return any(fact in programs[str(each)].facts for each in named if str(each) in programs)

    def _counted(self, fact: Fact, value: Value | None, settled: Mapping[Fact, Settled]) -> Value | None:
        """Return the value as the named program counts it."""
        if value is None:
            return None
        program = settled[PROGRAM].value if PROGRAM in settled else self.context.program
        return self.lexicon.policy.counted(fact, value, program) if not isinstance(value, date) else value

    def _settle_details(self, details: Sequence[Mention]) -> tuple[dict[Detail, str], list[str]]:
        corrections = self._corrections()
        kept: dict[Detail, str] = {}
        opened: list[str] = []
        for detail in self.lexicon.details:
            own = [mention for mention in details if mention.fact == detail]
            one = settle(own, corrections, asked_is_nothing=False) if own else None
            if one is None:
                continue
            if one.value is None:
                opened.append(detail)
            else:
                kept[detail] = str(one.value)
        return kept, opened

    def _found(self, mentions: Sequence[Mention], names: set[str]) -> tuple[Words, ...]:
        found = {
            Words(mention.fact, value, self.raw[start:end], start, end)
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


@lru_cache(maxsize=1)
def _signs() -> Mapping[str, frozenset[str]]:
    """Return the words by which each language is known."""
    return {
        language.id: frozenset(folded(word) for word in language.words.get("signs", ()))
        for language in languages()
    }


def _language_of(text: Text) -> Language:
    """Return the language that most words are of, English where none stands out."""
    norms = [token.norm for token in text.tokens if token.kind is Kind.WORD]
    counts = {name: sum(1 for norm in norms if norm in signs) for name, signs in _signs().items()}
    return max(languages(), key=lambda language: counts[language.id])


def _foreign_days(own: Language) -> frozenset[str]:
    """Return words that are days in another language, and something else in the text's."""
    others = (each for each in languages() if each.id != own.id)
    return frozenset(folded(word) for each in others for word in each.words.get("only_here", ()))
