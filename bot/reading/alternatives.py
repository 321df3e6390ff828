"""Detect names that are not the order's but alternatives: wanted, moved to, compared with or supposed."""

from __future__ import annotations

from bot.reading.clauses import Clause
from bot.reading.grammar_matches import FAR, GrammarMatches
from bot.reading.languages import words
from bot.reading.tokens import Kind


class Alternatives:
    """Finds names of other certificates and companies than the order's."""

    def __init__(self, grammar: GrammarMatches) -> None:
        self.grammar = grammar

    def is_alternative(self, clause: Clause, start: int, end: int) -> bool:
        """Return whether a name is something moved to, wanted or compared with, or a mere topic."""
        return (
            self._is_destination(clause, start)
            or self._is_topic(clause, start)
            or self._is_to_be_kept(clause, start)
            or self._names_a_category(clause, start, end)
            or (self._is_compared(clause, start, end) and not self._in_panel(clause, start, end))
            or (self._is_wanted(clause, start) and not self._request_after(clause, end))
            or self.grammar.begins("own_business", end)
            or any(self.grammar.begins("stays", at) for at in range(end, min(end + 2, clause.end)))
        )

    def _is_destination(self, clause: Clause, start: int) -> bool:
        if self.grammar.adjacent("destination", clause, start):
            return True
        at = self.grammar.leading_up_to(clause, start)
        if at <= clause.start or self.grammar.text.tokens[at - 1].norm not in words("toward"):
            return False
        sentence = self.grammar.text.sentence(clause)
        moved = [
            hit for each in sentence if each.number <= clause.number for hit in each.marks.get("move", ())
        ]
        after = any(hit.start >= start for hit in clause.marks.get("move_after", ()))
        return after or any(0 <= at - hit.end <= FAR * 2 for hit in moved)

    def _is_topic(self, clause: Clause, start: int) -> bool:
        """Return whether a bare name is only a topic: *the rule for Trustwave EV*."""
        while start > clause.start and start - 1 in self.grammar.names:
            start -= 1
        return self.grammar.ends("topic_of", start)

    def _is_to_be_kept(self, clause: Clause, start: int) -> bool:
        """Return whether a name is what should stay as it is: *don't cancel the A, only the B*."""
        refused = any(hit.start < start for hit in clause.marks.get("spare", ()))
        following = self.grammar.text.clauses[clause.number + 1 : clause.number + 2]
        return refused and any(
            self.grammar.text.tokens[each.start].norm in words("sparing")
            and any(at in self.grammar.names for at in range(each.start, each.end))
            for each in following
        )

    def _names_a_category(self, clause: Clause, start: int, end: int) -> bool:
        """Return whether a name means a category, not an order: *do you refund EV certificates?*."""
        said = self.grammar.text.tokens
        if end >= clause.end or said[end].norm not in words("plurals"):
            return False
        every = start > clause.start and said[start - 1].norm in words("every")
        if every and start - 1 == self.grammar.opening(clause):
            return True  # *all EV orders need a letter*
        if not self.grammar.text.asks(clause):
            return False
        at = start
        while at > clause.start and at - 1 in self.grammar.names:
            at -= 1
        before = said[at - 1].norm if at > clause.start else ""
        counted = at > clause.start and said[at - 1].kind is Kind.NUMBER
        return not counted and before not in words("definite") | words("counts") | words("leading")

    def _is_compared(self, clause: Clause, start: int, end: int) -> bool:
        wishes = {at for hit in clause.marks.get("want", ()) for at in range(hit.start, hit.end)}
        found = [hit for hit in clause.marks.get("compare", ()) if hit.start not in wishes]
        if any(hit.end <= start <= hit.end + FAR for hit in found) or clause.has("comparing"):
            return True
        following = self.grammar.neighbor(clause, 1)
        habit = following is not None and following.opened in words("relative") and following.has("comparing")
        if any(self.grammar.begins("evaluated", each) for each in (end, end + 1)):
            return True  # *Trustico is cheaper*
        opening = self.grammar.opening(clause)
        precedent = start == opening and clause.has("back_then") and clause.has("deals")
        return habit or precedent or self.grammar.begins("back_then", opening)

    def _in_panel(self, clause: Clause, start: int, end: int) -> bool:
        """Return whether a name says whose panel is meant: *two instead of one in the OpenSRS panel*."""
        if not self.grammar.begins("own_place", end):
            return False
        first = max(clause.start, self.grammar.leading_up_to(clause, start) - 1)
        leading = [
            at for at in range(first, start) if self.grammar.text.tokens[at].norm in words("prepositions")
        ]
        return bool(leading) and not self.grammar.ends("compare", leading[-1])

    def _is_wanted(self, clause: Clause, start: int) -> bool:
        """Return whether a name is what somebody wants, unless it is what they no longer want."""
        if not self.grammar.adjacent("want", clause, start):
            return False
        found = [hit for hit in clause.marks.get("want", ()) if hit.end <= start]
        if not found:
            return False
        refused = any(
            hit.end <= found[-1].start + 1 and found[-1].start - hit.end <= 1
            for table in ("negator", "not_negator", "former", "refusal")
            for hit in clause.marks.get(table, ())
        )
        definite = any(
            self.grammar.text.tokens[at].norm in words("definite") for at in range(found[-1].end, start)
        )
        return not (refused and definite)

    def _request_after(self, clause: Clause, end: int) -> bool:
        after = range(end, min(end + FAR, clause.end))
        return any(self.grammar.begins(table, at) for table in ("request", "undoing") for at in after)

    def supposed(self, clause: Clause, start: int) -> bool:
        """Return whether a clause is conditional: it begins with *if*, or says what would be."""
        previous = self.grammar.neighbor(clause, -1)
        role = previous is not None and clause.opened in words("role_leads") and previous.has("hypothetical")
        if clause.has("hypothetical") or role:
            return True
        opening = self.grammar.opening(clause)
        if opening >= start or not self.grammar.begins("condition", opening):
            return False
        before = self.grammar.text.tokens[max(opening - 2, 0) : opening]
        if any(token.norm in words("asks_if") for token in before):
            return False
        return not any(hit.start < start for hit in clause.marks.get("request", ()))
