"""Detect what a text asks rather than states: *is it EV?*, *was it issued already?*."""

from __future__ import annotations

from bot.reading.clauses import Clause
from bot.reading.grammar_matches import FAR, NEAR, GrammarMatches
from bot.reading.languages import words
from bot.reading.tokens import Kind


class Questions:
    """Finds the questions in a text."""

    def __init__(self, grammar: GrammarMatches) -> None:
        self.grammar = grammar

    def asked(self, clause: Clause, start: int, end: int, *, of_state: bool) -> bool:
        """Return whether a question asks about these tokens; `of_state`: they are a state, not a name."""
        opening = self.grammar.opening(clause)
        whole = {
            self.grammar.text.tokens[at].norm
            for at in range(clause.start, clause.end)
            if at not in range(start, end)
        }
        alone = whole <= words("leading")
        before = self.grammar.text.clauses[clause.number - 1] if clause.number else None
        labeled = before is not None and before.closed == ":" and before.line == clause.line
        if alone and clause.closed == "?" and (labeled or len(self.grammar.text.sentence(clause)) == 1):
            return True
        embedded = (
            self.grammar.begins("whether", opening) and opening < start and not self._closed_by_comma(clause)
        )
        which = self.grammar.text.tokens[opening].norm in words("which_of") and self.grammar.text.asks(clause)
        if (
            which
            and not of_state
            and start > opening
            and self.grammar.text.tokens[start - 1].norm in words("be")
        ):
            return True  # *which of our certificates are EV?*
        related = clause.number > 0 and self.grammar.text.tokens[clause.start].norm in words("relative")
        inverted = (
            self.grammar.begins("ask", opening)
            and opening < start
            and (self.grammar.text.asks(clause) or of_state)
        )
        inverted = inverted and not (related and self.grammar.neighbor(clause, -1) is not None)
        previous = self.grammar.neighbor(clause, -1)
        introduced = previous is not None and previous.has("ask") and previous.end - previous.start <= NEAR
        if introduced and self.grammar.text.asks(clause):  # est-ce que, cut in two
            opening, inverted = clause.start, True
        if inverted and of_state and start == opening + 1 and clause.end - end > 1:
            return False  # *was issued on the 3rd, refund?* has no subject
        if inverted and not of_state and self._asks_what_it_is(opening, start):
            return True
        if inverted and any(hit.start < start for hit in clause.marks.get("not_negator", ())):
            return False
        if not embedded and not inverted:
            return self._is_question_by_mark(clause, start, end, of_state=of_state)
        if (
            embedded
            and not inverted
            and not any(self.grammar.text.tokens[at].norm in words("be") for at in range(opening, start))
        ):
            return False
        leading = (self.grammar.starts(table).get(opening) for table in ("whether", "ask"))
        begin = next((hit.end for hit in leading if hit), opening + 1)
        subject = self.grammar.text.tokens[begin].norm
        if inverted and not self.grammar.text.asks(clause) and not self._asks_of(subject):
            return False
        if not of_state and self._identifies_subject(clause, begin, start, end):
            return False
        between = range(begin, start)
        if len(between) > FAR or not all(self.grammar.may_stand_between(at) for at in between):
            return False
        if of_state:
            return True
        return not self._is_subject(clause, start, end) and all(
            self._may_follow(at) for at in range(end, clause.end)
        )

    def _asks_what_it_is(self, opening: int, start: int) -> bool:
        """Return whether only *this* or *it* comes between verb and name: *is this an OpenSRS thing*."""
        said = [self.grammar.text.tokens[at].norm for at in range(opening + 1, start)]
        match said:
            case ["it"]:
                return True
            case [pronoun, article]:
                return pronoun in words("it_is") and article in words("indefinite")
            case _:
                return False

    @staticmethod
    def _asks_of(subject: str) -> bool:
        """Return whether the word after the verb makes it a question even without a mark: *is it issued*."""
        return subject in words("asked_of") and subject not in words("participles")

    def _identifies_subject(self, clause: Clause, begin: int, start: int, end: int) -> bool:
        """Return whether the name identifies what is asked about: *is our GeoTrust cert an EV?*."""
        definite = begin == start - 1 and self.grammar.text.tokens[begin].norm in words("definite")
        noun = self.grammar.starts("order_noun").get(end)
        return definite and noun is not None and not (noun.end == clause.end and clause.closed == "?")

    def _is_subject(self, clause: Clause, start: int, end: int) -> bool:
        """Return whether a name is the subject of the question, as in *is this GeoTrust cert EV?*."""
        before = self.grammar.text.tokens[start - 1].norm if start > clause.start else ""
        after = next((at for at in range(end, clause.end) if at in self.grammar.names), None)
        joined = after is not None and not any(
            self.grammar.text.tokens[at].norm in words("or") for at in range(end, after)
        )
        return before in words("definite") and joined

    def _may_follow(self, at: int) -> bool:
        token = self.grammar.text.tokens[at]
        return (
            at in self.grammar.names
            or token.kind is Kind.MARK
            or token.norm in words("asked_of") | words("asked_after")
        )

    def _is_question_by_mark(self, clause: Clause, start: int, end: int, *, of_state: bool) -> bool:
        """Return whether only the question mark makes a question: *the certificate is issued already?*."""
        if clause.closed != "?" or clause.opened in words("relative"):
            return False
        rest = [self.grammar.text.tokens[at].norm for at in range(end, clause.end)]
        if rest and (of_state or not words("asked_after").issuperset(rest)):
            return False
        subject = range(self.grammar.opening(clause), start)
        if not all(self.grammar.may_stand_between(at) for at in subject):
            return False
        before = [self.grammar.text.tokens[at].norm for at in subject]
        return bool(before) and (
            before[-1] in words("be") | words("adverbs")
            if of_state
            else not words("be").isdisjoint(before) and before[0] not in words("be")
        )

    def _closed_by_comma(self, clause: Clause) -> bool:
        return (
            clause.closed == "," and self.grammar.text.clauses[clause.number - 1].sentence != clause.sentence
        )

    def is_whole_question(self, clause: Clause, start: int) -> bool:
        """Return whether the phrase is itself the question: *are we a partner?*."""
        return clause.closed == "?" and self.grammar.begins("ask", start)

    def asked_when(self, clause: Clause, start: int) -> bool:
        """Return whether a clause asks when, or by whom, something was done."""
        return any(
            hit.start < start and hit.start <= clause.start + 2 for hit in clause.marks.get("ask_when", ())
        )
