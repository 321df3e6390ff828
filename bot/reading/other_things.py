"""Tell certificates that were issued from invoices, sites and handbooks."""

from __future__ import annotations

from bot.reading.clauses import Clause
from bot.reading.languages import words
from bot.reading.word_tables import FAR, NEAR, WordTables


class OtherThings:
    """What a text says of other things than a certificate."""

    def __init__(self, tables: WordTables) -> None:
        self.tables = tables

    def speaks_of(self, clause: Clause, start: int, end: int) -> bool:
        """Say whether it is an invoice, a refund or the like that was issued."""
        if self.tables.begins("order_noun", end) and not self.tables.begins("no_certificate", end + 1):
            return False  # *money for the unissued cert*
        nouns, certificates = self.tables.starts("no_certificate"), self.tables.starts("the_order")
        subjects = {**nouns, **self.tables.starts("other_subject")}
        for at in range(start - 1, max(clause.start, start - FAR) - 1, -1):
            joined = at == start - 1 and not self._of_paper(clause, at)
            placed = at in self.tables.names and self.tables.is_object(clause, at) and not joined
            if at in certificates or (at in self.tables.names and not placed) or self._cites(at):
                break
            if at in subjects and not self.tables.is_object(clause, at):
                return True
        if self._shares_subject(clause, start):
            return True
        if self._strange_subject(clause, start) or self._strange_object(clause, start, end):
            return True
        after = range(end, min(end + NEAR, clause.end))
        for at in after:
            if at in nouns and self.tables.text.tokens[at].norm not in words("checking"):
                return True
            if self.tables.text.tokens[at].norm not in words("leading") | words("asked_of"):
                break
        return False

    def _shares_subject(self, clause: Clause, start: int) -> bool:
        """Say whether a clause has but the subject of the one before: *the refund … but never arrived*."""
        said, previous = self.tables.text.tokens, self.tables.neighbor(clause, -1)
        joins = words("contrast") | words("and")
        if previous is None or start == clause.start or clause.opened not in joins | {","}:
            return False
        own = joins | words("adverbs") | words("state_verbs")
        if not all(said[at].norm in own or self.tables.negates(at) for at in range(clause.start, start)):
            return False
        nouns, orders = self.tables.starts("no_certificate"), self.tables.starts("order_noun")
        opening = range(previous.start, min(previous.start + NEAR, previous.end))
        subjects = [at for at in opening if at in nouns and not self.tables.is_object(previous, at)]
        return bool(subjects) and not any(
            at in self.tables.names or at in orders for at in range(subjects[0] + 1, previous.end)
        )

    def _of_paper(self, clause: Clause, at: int) -> bool:
        """Say whether an invoice or the like stands before a name, which may be what was issued."""
        before = range(max(clause.start, at - FAR), at)
        return any(self.tables.text.tokens[each].norm in words("papers") for each in before)

    def _strange_subject(self, clause: Clause, start: int) -> bool:
        """Say whether a noun that no table knows is what is so: *the handbook is installed*."""
        said, at = self.tables.text.tokens, start - 1
        while at > clause.start and (said[at].norm in words("adverbs") or self.tables.negates(at)):
            at -= 1
        if at <= clause.start or said[at].norm not in words("state_verbs"):
            return False
        while at > clause.start and said[at].norm in words("state_verbs") | words("adverbs"):
            at -= 1
        if at not in self.tables.strange or said[at].norm.endswith("ly") or self.tables.is_object(clause, at):
            return False
        known = {*self.tables.starts("the_order"), *self.tables.names}
        leading = range(at - 1, max(clause.start, at - NEAR) - 1, -1)
        return bool(leading) and not any(each in known for each in leading)

    def _strange_object(self, clause: Clause, start: int, end: int) -> bool:
        """Say whether such a noun is what somebody completed or delivered: *completed the repair*."""
        said = self.tables.text.tokens
        passive = start > clause.start and said[start - 1].norm in words("state_verbs")
        article = end + 1 < clause.end and said[end].norm in words("definite") | words("indefinite")
        return article and not passive and end + 1 in self.tables.strange

    def _cites(self, at: int) -> bool:
        return self.tables.text.tokens[at].norm in words("cites")
