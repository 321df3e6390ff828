"""Look up where the words of each grammar table occur in a text, and what is next to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from bot.reading.clauses import Clause, Text
from bot.reading.languages import words
from bot.reading.phrases import Hit
from bot.reading.tokens import Kind

NEAR: Final = 4
FAR: Final = 7
SLIP: Final = 3  # letters: an unknown word this short is taken for a misspelled *yet* or *been*
QUOTES: Final = ("-", '"', "'")


class GrammarMatches:
    """The matches of the grammar's tables in a text.

    `names` are the tokens in names of products or programs, `strange` the words that no table has, and
    `capital` the words that begin with a capital letter.
    """

    def __init__(
        self,
        text: Text,
        hits: Sequence[Hit[str]],
        names: Collection[int],
        strange: Collection[int],
        capital: Collection[int],
    ) -> None:
        self.text, self.names, self.strange, self.capital = text, names, strange, capital
        self._hits: dict[str, list[Hit[str]]] = {}
        for hit in hits:
            self._hits.setdefault(hit.tag, []).append(hit)
        self._ends = {table: {hit.end: hit for hit in found} for table, found in self._hits.items()}
        self._starts = {table: {hit.start: hit for hit in found} for table, found in self._hits.items()}
        self._excused = {at for hit in self._hits.get("not_negator", ()) for at in range(hit.start, hit.end)}

    # --- Matches of a table ---

    def hits(self, table: str) -> Sequence[Hit[str]]:
        """Return the matches of a table, in the order of the text."""
        return self._hits.get(table, [])

    def starts(self, table: str) -> Mapping[int, Hit[str]]:
        """Return the matches of a table by their first tokens."""
        return self._starts.get(table, {})

    def ends(self, table: str, at: int) -> bool:
        """Return whether a match of a table ends right before a token."""
        return at in self._ends.get(table, {})

    def within(self, table: str, at: int) -> bool:
        """Return whether a token is part of a match of a table."""
        return any(hit.start <= at < hit.end for hit in self.text.clause(at).marks.get(table, ()))

    def begins(self, table: str, at: int) -> bool:
        """Return whether a match of a table begins at a token."""
        return at in self._starts.get(table, {})

    # --- Negation ---

    def negation(self, start: int, fillers: Collection[str]) -> int | None:
        """Return the token of the word that negates what begins at `start`, or None."""
        first = self.text.clause(start).start
        at = start - 1
        while at >= first:
            token = self.text.tokens[at]
            if self.negates(at):
                return at
            if (hit := self._ends.get("negator", {}).get(at + 1)) and hit.start not in self._excused:
                return hit.start
            slip = at in self.strange and len(token.norm) <= SLIP
            if token.kind is Kind.MARK or token.norm in fillers or at in self.names or slip:
                at -= 1
                continue
            return None
        return None

    def negates(self, at: int) -> bool:
        """Return whether a token is a word that negates."""
        hit = self._starts.get("negator", {}).get(at)
        return hit is not None and hit.end == at + 1 and at not in self._excused

    def fronted_negation(self, clause: Clause, start: int) -> bool:
        """Return whether a negation begins the clause: *never in nine weeks was it issued*."""
        hit = self._starts.get("front_negator", {}).get(self.opening(clause))
        if hit is None or hit.end > start:
            return False
        between = range(hit.end, start)
        return any(self.text.tokens[at].norm in words("finite") | words("state_verbs") for at in between)

    def is_negated_after(self, clause: Clause, end: int) -> bool:
        """Return whether a negation ends the clause, as in German: *ausgestellt wurde noch nichts*."""
        for at in range(end, min(end + NEAR, clause.end)):
            hit = self._starts.get("right_negator", {}).get(at)
            if hit is not None and hit.end == clause.end:
                return True
        return False

    # --- What precedes a word ---

    def past(self, start: int) -> bool:
        """Return whether a state is a past one: *it had been issued*."""
        return self.before("past", start, 1)

    def opening(self, clause: Clause) -> int:
        """Return the first token of a clause that is not a greeting, an *and* or a mark."""
        at = clause.start
        while at < clause.end - 1 and (
            self.text.tokens[at].norm in words("openers") or self.text.tokens[at].kind is Kind.MARK
        ):
            at += 1
        return at

    def neighbor(self, clause: Clause, step: int) -> Clause | None:
        """Return the clause `step` places away, or None if it is in another sentence."""
        number = clause.number + step
        if not 0 <= number < len(self.text.clauses):
            return None
        other = self.text.clauses[number]
        return other if other.sentence == clause.sentence else None

    def leading_up_to(self, clause: Clause, start: int) -> int:
        """Return the first of the articles, adjectives and names right before a token."""
        at = start
        while at > clause.start and start - at < FAR:
            before = self.text.tokens[at - 1]
            chained = before.norm in words("from") and at - 2 >= clause.start and (at - 2) in self.names
            if self._says_what_it_is(at - 1, clause):
                break
            if chained or before.norm in words("leading") or (at - 1) in self.names or before.norm in QUOTES:
                at -= 1
            else:
                break
        return at

    def _says_what_it_is(self, at: int, clause: Clause) -> bool:
        """Return whether a token is the verb of *it's a …*, which begins a new phrase."""
        said = self.text.tokens
        verb = said[at].norm in words("be") and at > clause.start
        return verb and said[at - 1].norm in words("it") and at - 1 >= clause.start

    def adjacent(self, table: str, clause: Clause, start: int) -> bool:
        """Return whether a match of a table precedes a token, with only articles and names between."""
        at = self.leading_up_to(clause, start)
        return any(
            self.ends(table, each) for each in range(at, start + 1) if each >= clause.start and each > 0
        ) and not (at == start and not self.ends(table, start))

    def is_object(self, clause: Clause, at: int) -> bool:
        """Return whether a noun follows a preposition, as in *the cert for our site*."""
        leading = range(at - 1, max(clause.start, at - NEAR) - 1, -1)
        for each in leading:
            if self.text.tokens[each].norm in words("prepositions"):
                return True
            if self.text.tokens[each].norm not in words("leading"):
                return False
        return False

    def before(self, table: str, start: int, most: int) -> bool:
        """Return whether a match of a table precedes a token, with at most `most` fillers between."""
        clause = self.text.clause(start)
        at, passed = start, 0
        while at > clause.start and passed <= most:
            if self.ends(table, at):
                return True
            norm = self.text.tokens[at - 1].norm
            if norm not in words("adverbs"):
                passed += 1
                if norm not in words("negation_fillers"):
                    return False
            at -= 1
        return self.ends(table, at) and at >= clause.start and at > 0 and passed <= most

    def may_stand_between(self, at: int) -> bool:
        """Return whether a token may come between a question's verb and what it asks about."""
        token = self.text.tokens[at]
        return (
            at in self.names
            or token.kind in (Kind.MARK, Kind.HOST)
            or token.norm in words("articles") | words("asked_of")
            or self.negates(at)
        )
