"""Where the words of each table of the grammar stand in a text, and what stands beside them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from bot.reading.clauses import Clause, Text
from bot.reading.languages import words
from bot.reading.phrases import Hit
from bot.reading.tokens import Kind

NEAR: Final = 4
FAR: Final = 7
SLIP: Final = 3  # letters: a word so short that nobody knows is *yet* or *been*, misspelled
QUOTES: Final = ("-", '"', "'")


class GrammarMatches:
    """The words of the tables that stand in a text.

    `names` are the tokens that belong to names of products or programs, `strange` words that no table knows,
    and `capital` ones that are written with a capital.
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

    # --- Where a table's words stand ---

    def hits(self, table: str) -> Sequence[Hit[str]]:
        """Return where the words of a table of the grammar stand."""
        return self._hits.get(table, [])

    def starts(self, table: str) -> Mapping[int, Hit[str]]:
        """Return the words of a table by the tokens that they begin at."""
        return self._starts.get(table, {})

    def ends(self, table: str, at: int) -> bool:
        """Return whether a word of a table ends right before a token."""
        return at in self._ends.get(table, {})

    def within(self, table: str, at: int) -> bool:
        """Return whether a token is part of a word of a table."""
        return any(hit.start <= at < hit.end for hit in self.text.clause(at).marks.get(table, ()))

    def begins(self, table: str, at: int) -> bool:
        """Return whether a word of a table begins at a token."""
        return at in self._starts.get(table, {})

    # --- Negation ---

    def negation(self, start: int, fillers: Collection[str]) -> int | None:
        """Return the token of the word that denies what begins at `start`, None where none does."""
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
        """Return whether a token is a word that denies."""
        hit = self._starts.get("negator", {}).get(at)
        return hit is not None and hit.end == at + 1 and at not in self._excused

    def fronted_negation(self, clause: Clause, start: int) -> bool:
        """Find the denial that begins a sentence and turns it round: *never in nine weeks was it issued*."""
        hit = self._starts.get("front_negator", {}).get(self.opening(clause))
        if hit is None or hit.end > start:
            return False
        between = range(hit.end, start)
        return any(self.text.tokens[at].norm in words("finite") | words("state_verbs") for at in between)

    def denied_after(self, clause: Clause, end: int) -> bool:
        """Find the denial that German puts after the word, as in *ausgestellt wurde noch nichts*."""
        for at in range(end, min(end + NEAR, clause.end)):
            hit = self._starts.get("right_negator", {}).get(at)
            if hit is not None and hit.end == clause.end:
                return True
        return False

    # --- What stands before a word ---

    def past(self, start: int) -> bool:
        """Return whether a state is one that was."""
        return self.before("past", start, 1)

    def opening(self, clause: Clause) -> int:
        """Return the first token of a clause that is more than a greeting or an *and*."""
        at = clause.start
        while at < clause.end - 1 and (
            self.text.tokens[at].norm in words("openers") or self.text.tokens[at].kind is Kind.MARK
        ):
            at += 1
        return at

    def neighbor(self, clause: Clause, step: int) -> Clause | None:
        """Return the clause some steps away, None where that is of another sentence."""
        number = clause.number + step
        if not 0 <= number < len(self.text.clauses):
            return None
        other = self.text.clauses[number]
        return other if other.sentence == clause.sentence else None

    def leading_up_to(self, clause: Clause, start: int) -> int:
        """Return the first of the articles, adjectives and names that lead up to a token."""
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
        """Return whether a token is the verb of *it's a …*, which begins something new."""
        said = self.text.tokens
        verb = said[at].norm in words("be") and at > clause.start
        return verb and said[at - 1].norm in words("it") and at - 1 >= clause.start

    def adjacent(self, table: str, clause: Clause, start: int) -> bool:
        """Return whether a word of a table stands before, with nothing but articles and names between."""
        at = self.leading_up_to(clause, start)
        return any(
            self.ends(table, each) for each in range(at, start + 1) if each >= clause.start and each > 0
        ) and not (at == start and not self.ends(table, start))

    def is_object(self, clause: Clause, at: int) -> bool:
        """Return whether a noun stands after a preposition, as in *the cert for our site*."""
        leading = range(at - 1, max(clause.start, at - NEAR) - 1, -1)
        for each in leading:
            if self.text.tokens[each].norm in words("prepositions"):
                return True
            if self.text.tokens[each].norm not in words("leading"):
                return False
        return False

    def before(self, table: str, start: int, most: int) -> bool:
        """Return whether a word of a table stands before, with few fillers between."""
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
        """Return whether a token may stand between a question's verb and what it asks about."""
        token = self.text.tokens[at]
        return (
            at in self.names
            or token.kind in (Kind.MARK, Kind.HOST)
            or token.norm in words("articles") | words("asked_of")
            or self.negates(at)
        )
