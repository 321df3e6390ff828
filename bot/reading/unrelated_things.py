"""Detect states and events of something other than the certificate: an invoice, a website, a handbook."""

from __future__ import annotations

from bot.reading.clauses import Clause
from bot.reading.grammar_matches import FAR, NEAR, GrammarMatches
from bot.reading.languages import words
from bot.reading.subjects import Subjects


class UnrelatedThings:
    """Finds what a text says about things other than the certificate."""

    def __init__(self, grammar: GrammarMatches) -> None:
        self.grammar, self._subjects = grammar, Subjects(grammar)

    def is_about(self, clause: Clause, start: int, end: int) -> bool:
        """Return whether a state is about an invoice, a refund or the like."""
        if self._subjects.of_a_kind(clause, start, end):
            return True
        if self.grammar.begins("order_noun", end) and not self.grammar.begins("no_certificate", end + 1):
            return False  # *money for the unissued cert*
        nouns, certificates = self.grammar.starts("no_certificate"), self.grammar.starts("the_order")
        nouns_of_others = {
            at for hit in self.grammar.hits("other_certificate") for at in range(hit.start, hit.end)
        }
        subjects = {**nouns, **self.grammar.starts("other_subject")}
        for at in range(start - 1, max(clause.start, start - FAR) - 1, -1):
            joined = at == start - 1 and not self._of_paper(clause, at)
            placed = at in self.grammar.names and self.grammar.is_object(clause, at) and not joined
            if at in nouns_of_others:
                return True
            if at in certificates or (at in self.grammar.names and not placed) or self._cites(at):
                break
            if at in subjects and not self.grammar.is_object(clause, at):
                return True
        if self._shares_subject(clause, start):
            return True
        if self._subjects.are_other(clause, start, end):
            return True
        after = range(end, min(end + NEAR, clause.end))
        for at in after:
            if at in nouns and self.grammar.text.tokens[at].norm not in words("checking"):
                return True
            if self.grammar.text.tokens[at].norm not in words("leading") | words("asked_of"):
                break
        return False

    def _shares_subject(self, clause: Clause, start: int) -> bool:
        """Return whether a clause shares the subject before it: *the refund came but never arrived*."""
        said, previous = self.grammar.text.tokens, self.grammar.neighbor(clause, -1)
        joins = words("contrast") | words("and")
        if previous is None or start == clause.start or clause.opened not in joins | {","}:
            return False
        own = joins | words("adverbs") | words("state_verbs")
        if not all(said[at].norm in own or self.grammar.negates(at) for at in range(clause.start, start)):
            return False
        nouns, orders = self.grammar.starts("no_certificate"), self.grammar.starts("order_noun")
        opening = range(previous.start, min(previous.start + NEAR, previous.end))
        subjects = [at for at in opening if at in nouns and not self.grammar.is_object(previous, at)]
        return bool(subjects) and not any(
            at in self.grammar.names or at in orders for at in range(subjects[0] + 1, previous.end)
        )

    def _of_paper(self, clause: Clause, at: int) -> bool:
        """Return whether the name of an invoice or similar precedes: *the invoice for the GeoTrust*."""
        before = range(max(clause.start, at - FAR), at)
        return any(self.grammar.text.tokens[each].norm in words("papers") for each in before)

    def _cites(self, at: int) -> bool:
        return self.grammar.text.tokens[at].norm in words("cites")
