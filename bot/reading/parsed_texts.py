"""Parse a text once into words, clauses, phrases, names and dates, before looking for what they state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Final

from bot.reading.clauses import Text, mark_clauses, split, tokens_that_speak
from bot.reading.date_expression import DateExpression
from bot.reading.dates import dates_in
from bot.reading.details import is_host
from bot.reading.grammar_matches import GrammarMatches
from bot.reading.languages import Language, languages, spellings
from bot.reading.lexicon import Lexicon, Mark
from bot.reading.message_parts import lines
from bot.reading.phrases import Hit
from bot.reading.product_names import NameMatch
from bot.reading.scope import Scope
from bot.reading.slack_markup import unmarked
from bot.reading.tokens import Kind, Token, folded, tokens

# Of a longer text only the beginning and the end are read: nobody says what they want in between.
HEAD: Final = 4500
TAIL: Final = 1000
LONGEST: Final = 40_000  # characters
MOST_TOKENS: Final = 1600
MOST_DATES: Final = 60
KEPT: Final = 8  # texts: several callers read the same message, one after the other


@lru_cache(maxsize=KEPT)
def parsed(known: Lexicon, text: str, today: date) -> ParsedText:
    """Return a text parsed; the latest ones are kept."""
    return ParsedText(known, text, today)


class ParsedText:
    """A text with the tokens, clauses, phrases, names and dates in it; immutable once built."""

    def __init__(self, known: Lexicon, text: str, today: date) -> None:
        self.lexicon, self.raw, self.today = known, text, today
        plain = _shortened(unmarked(text[:LONGEST]))
        found_lines = lines(plain)
        kept = tokens_that_speak(tokens(plain, MOST_TOKENS), found_lines)
        kept = [(each, number) for token, number in kept for each in self._checked(token, plain)]
        norms = [(self._spelled(token), number) for token, number in kept]
        self.known = {
            at: token.norm in known.known or token.kind is not Kind.WORD for at, (token, _) in enumerate(kept)
        }
        self.text: Text = split(norms, found_lines)
        everything = list(known.phrases.find(self.text.tokens))
        grammar = [
            Hit(hit.tag.name, hit.start, hit.end) for hit in everything if hit.tag.mark is Mark.GRAMMAR
        ]
        mark_clauses(self.text, grammar)
        plain_tokens = [token for token, _ in kept]
        self.found: list[NameMatch] = known.names.find(plain_tokens, self.known)
        names = {at for each in self.found for at in range(each.start, each.end)}
        level = known.level.id if known.level else None
        names |= {
            at
            for hit in everything
            if hit.tag.mark is Mark.CHOICE and hit.tag.name == level
            for at in range(hit.start, hit.end)
        }
        self.hits = [hit for hit in everything if hit.tag.mark is not Mark.GRAMMAR]
        language = _language_of(self.text)
        self.days: list[DateExpression] = dates_in(
            self.text.tokens,
            today,
            dots_day_first=language.days.get("dots_day_first", False),
            foreign=_foreign_days(language),
        )[:MOST_DATES]
        in_days = {at for said in self.days for at in range(said.start, said.end)}
        strange = {at for at, known_ in self.known.items() if not known_ and at not in in_days}
        self.scope = Scope(GrammarMatches(self.text, grammar, names, strange, self._capital(plain)))

    def _capital(self, plain: str) -> set[int]:
        """Return the words that begin with a capital letter; empty if all of the text is in capitals."""
        if plain.isupper():
            return set()
        said = enumerate(self.text.tokens)
        return {at for at, token in said if token.kind is Kind.WORD and plain[token.start].isupper()}

    def _checked(self, token: Token, plain: str) -> Iterable[Token]:
        """Return the token, or the words that it is made of if it only looks like a host."""
        if token.kind is not Kind.HOST:
            return (token,)
        linked = plain[max(token.start - 3, 0) : token.start].endswith("://")
        labels = token.norm.split(".")
        if site := self._site(token, plain):
            return (site,)
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

    def _site(self, token: Token, plain: str) -> Token | None:
        """Return the name of the seller whose domain a token is, as in *bought at trustico.com*, or None.

        The address of a page on such a site becomes a token that means nothing.
        """
        name, _, ending = token.norm.removeprefix("www.").partition(".")
        path = plain[token.end : token.end + 2]
        paged = path[:1] == "/" and bool(path[1:].strip())
        if name not in self.lexicon.sites or ending.count(".") > 1:
            return None
        if paged:
            return Token("", token.start, token.end, Kind.NOTHING, token.spaced)
        begin = token.start + token.norm.index(name)
        return Token(name, begin, begin + len(name), Kind.WORD, token.spaced)

    def _spelled(self, token: Token) -> Token:
        """Return a word with its spelling corrected, if it is clear what is meant."""
        if token.kind is not Kind.WORD or token.norm in self.lexicon.known:
            return token
        if (word := spellings().get(token.norm)) is not None:
            return replace(token, norm=word)
        meant = self.lexicon.spelling.meant(token.norm)
        if len(meant) != 1:
            return token
        return Token(next(iter(meant)), token.start, token.end, token.kind, token.spaced)


def _shortened(plain: str) -> str:
    """Return a long text with its middle blanked out, so that offsets stay the same."""
    passed_over = len(plain) - HEAD - TAIL
    if passed_over <= 0:
        return plain
    return plain[:HEAD] + "\n" + " " * (passed_over - 2) + "\n" + plain[HEAD + passed_over :]


@lru_cache(maxsize=1)
def _signs() -> Mapping[str, frozenset[str]]:
    """Return the words that identify each language."""
    return {
        language.id: frozenset(folded(word) for word in language.words.get("signs", ()))
        for language in languages()
    }


def _language_of(text: Text) -> Language:
    """Return the language that most words belong to, or English if none stands out."""
    norms = [token.norm for token in text.tokens if token.kind is Kind.WORD]
    counts = {name: sum(1 for norm in norms if norm in signs) for name, signs in _signs().items()}
    return max(languages(), key=lambda language: counts[language.id])


def _foreign_days(own: Language) -> frozenset[str]:
    """Return words that are dates in another language and something else in the text's own."""
    others = (each for each in languages() if each.id != own.id)
    return frozenset(folded(word) for each in others for word in each.words.get("only_here", ()))
