"""Find embedded clauses, governed by a word that reports, asks, supposes, denies or takes them back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.reading.clauses import Clause
from bot.reading.grammar_matches import GrammarMatches
from bot.reading.languages import words
from bot.reading.mentions import Force
from bot.reading.phrases import Hit
from bot.reading.tokens import Kind

# The force that words of each table give to what they govern; of several, the first table counts.
_GOVERNORS: Final = {
    "governs_example": Force.PASSED_OVER,
    "governs_supposition": Force.PASSED_OVER,
    "governs_denial": Force.PASSED_OVER,
    "governs_question": Force.ASKED,
    "governs_request": Force.ASKED,
    "governs_question_of_mark": Force.ASKED,
    "governs_reserve": Force.DOUBTED,
    "governs_belief": Force.DOUBTED,
    "governs_report": Force.DOUBTED,
    "governs_elsewhere": Force.DOUBTED,
    "governs_unknown": Force.DOUBTED,
    "takes_back": Force.DOUBTED,
}
_TO_SENTENCE_END: Final = ("governs_report", "governs_elsewhere", "governs_example")
# The subject of what these govern is an order that exists.
_OF_ACTUAL_ORDERS: Final = (
    "governs_question",
    "governs_request",
    "governs_question_of_mark",
    "governs_belief",
    "governs_report",
    "governs_unknown",
)
_SUBJECTS: Final = ("definite", "indefinite", "own_voice", "it", "new_subject", "asked_of")
_SURE: Final = ("sure_that", "and", "contrast", "or", "subordinators", "it", "prepositions", "be", "cites")
_PAUSES: Final = (",", ";", "-", "(", ")", ":")


class EmbeddedClauses:
    """Finds the tokens of embedded clauses, each with the word that governs it."""

    def __init__(self, grammar: GrammarMatches) -> None:
        self.grammar, self.text = grammar, grammar.text
        self._governors: dict[int, Hit[str]] = {}
        for table in _GOVERNORS:
            for hit in grammar.hits(table):
                for at in self._reach(table, hit):
                    self._governors.setdefault(at, hit)
        for hit in self._unknown_governors():
            for at in self._reach(hit.tag, hit):
                self._governors.setdefault(at, hit)

    def _unknown_governors(self) -> Iterator[Hit[str]]:
        """Yield each *that* which begins a full clause, unless a word before it makes the clause certain.

        *We know that it was issued* is certain; *legend has it that it was issued* is not.
        """
        for clause in self.text.clauses:
            at = clause.start
            if clause.opened not in words("complementizers") or at == 0 or at + 1 >= clause.end:
                continue
            first, before = self.text.tokens[at + 1], self.text.tokens[at - 1]
            whole = at + 1 in self.grammar.names or any(first.norm in words(each) for each in _SUBJECTS)
            sure = before.kind is not Kind.WORD or any(before.norm in words(each) for each in _SURE)
            if whole and not sure and not self._is_antecedent(at - 1):
                yield Hit("governs_unknown", at - 1, at + 1)

    def _is_antecedent(self, at: int) -> bool:
        """Return whether the *that* after a word begins a relative clause: *the certificate that we sold*."""
        if at in self.grammar.names or any(
            self.grammar.begins(each, at) for each in ("order_noun", "the_order")
        ):
            return True
        return at > 0 and self.text.tokens[at - 1].norm in words("determiners")

    def force(self, start: int) -> Force | None:
        """Return the force of a governed word, or None if it is not governed or is its clause's subject.

        *I'm not sure whether the Thawte was issued* doubts that it was issued, not that it is Thawte's.
        """
        governor = self._governors.get(start)
        return None if governor is None or self.is_subject(start) else _GOVERNORS[governor.tag]

    def is_subject(self, start: int) -> bool:
        """Return whether a word is in the subject of a governed clause, or is an object that exists.

        *The customer says he doesn't want the Thawte* leaves no doubt that it is Thawte's.
        """
        governor = self._governors.get(start)
        if governor is None or governor.tag not in _OF_ACTUAL_ORDERS:
            return False
        clause = self.text.clause(start)
        if start - 2 > governor.start and self.text.tokens[start - 1].norm in words("definite"):
            return self.text.tokens[start - 2].norm not in words("be") | words("toward") | words(
                "prepositions"
            )
        end = self.text.sentence(clause)[-1].end if clause.closed == "(" else clause.end
        verbs = (at for at in range(governor.start + 1, end) if self.text.tokens[at].norm in words("finite"))
        return start < next(verbs, -1)

    def force_of_voice(self, start: int) -> Force | None:
        """Return the force of a governed phrase that is a clause, such as *we are a reseller*, or None."""
        governor = self._governors.get(start)
        return _GOVERNORS[governor.tag] if governor is not None else None

    def reported(self, at: int) -> bool:
        """Return whether a token is governed by anything but the writer's own belief."""
        governor = self._governors.get(at)
        return governor is not None and governor.tag != "governs_belief"

    def believed(self, at: int) -> bool:
        """Return whether a token is governed by the writer's own belief, hope or doubt."""
        governor = self._governors.get(at)
        return governor is not None and governor.tag == "governs_belief"

    def _reach(self, table: str, hit: Hit[str]) -> Iterator[int]:
        clause = self.text.clause(max(hit.end - 1, hit.start))
        if table == "takes_back":
            yield from self._before(clause, hit)
            return
        if not self._governs(table, clause, hit):
            return
        yield from range(hit.start, clause.end)
        for following in self.text.sentence(clause):
            if following.number <= clause.number:
                continue
            if self._stops(table, hit, following):
                return
            yield from range(following.start, following.end)

    def _governs(self, table: str, clause: Clause, hit: Hit[str]) -> bool:
        begun = self.text.clause(hit.start)
        subjects = self.text.tokens[max(hit.start - 2, begun.start) : hit.start]
        own = any(token.norm in words("own_voice") for token in subjects)
        match table:
            case "governs_question_of_mark":
                return self.text.asks(clause)
            case "governs_report":
                documented = any(each.start < hit.start for each in begun.marks.get("document", ()))
                return not documented and not own
            case "governs_example":
                return hit.start <= self.grammar.opening(self.text.sentence(begun)[0]) + 1
            case "governs_elsewhere":
                first = self.grammar.neighbor(clause, -1) is None
                return first and hit.start <= self.grammar.opening(clause) + 1
            case _:
                return True

    def _stops(self, table: str, hit: Hit[str], clause: Clause) -> bool:
        """Return whether a later clause of the sentence is no longer governed."""
        if table == "governs_reserve":
            return False
        if clause.opened in words("contrast"):
            return True
        if self.text.tokens[hit.end - 1].norm == ":":
            return False
        if table not in _TO_SENTENCE_END:
            before = self.text.clauses[clause.number - 1]
            return before.closed in _PAUSES
        return clause.has("document") or self.text.tokens[clause.start].norm in words("own_voice")

    def _before(self, clause: Clause, hit: Hit[str]) -> Iterator[int]:
        """Yield the tokens that are taken back: those before it in the sentence, else the clause before."""
        first = self.text.sentence(clause)[0]
        if hit.start - first.start > 1:
            yield from range(first.start, hit.start)
        elif first.number:
            previous = self.text.clauses[first.number - 1]
            yield from range(previous.start, previous.end)
