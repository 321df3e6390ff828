"""Detect what the writer doubts (*I think*) or reports from others (*the customer says*)."""

from __future__ import annotations

from typing import Final

from bot.reading.clauses import Clause
from bot.reading.grammar_matches import NEAR, QUOTES, GrammarMatches
from bot.reading.languages import words
from bot.reading.tokens import Kind

_SPEECH_MARKS: Final = ('"', "\u201c", "\u201d", "\u201e", "\u00ab", "\u00bb")
# Tables whose words begin a sentence somebody says, but not the value of a field.
_BEGINS_SPEECH: Final = ("yes", "no", "asked_of", "own_voice", "openers", "definite", "finite")


class Doubts:
    """Finds the doubts and the hearsay in a text; `speech` are the tokens that quote somebody else."""

    def __init__(self, grammar: GrammarMatches) -> None:
        self.grammar = grammar
        self._hearsay = self._hearsay_tokens()
        self.speech = self._spoken_by_others()

    def hearsay(self, start: int) -> bool:
        """Return whether a token is attributed to somebody else."""
        return start in self._hearsay

    def doubted(self, clause: Clause, start: int, *, of_state: bool) -> bool:
        """Return whether a token is in doubt or hearsay; `of_state`: it begins a state, not a name."""
        if start in self._hearsay and (of_state or self._predicate(clause, start)):
            return True
        expected = self.grammar.adjacent("should", clause, start) and not self._is_to_be_done(clause, start)
        if not of_state and (
            self.grammar.adjacent("could_be", clause, start) or self._said_by_another(clause, start)
        ):
            return True
        if expected or self.grammar.begins("or_not", start + 1):
            return True
        for hit in clause.marks.get("hedge", ()):
            if self.grammar.begins("not_hedge", hit.start):
                continue
            if any(hit.end <= other.start < start for other in clause.marks.get("correction", ())):
                continue  # *I think it's Sectigo, no wait, definitely QuickSSL*
            between = range(min(hit.end, start), max(hit.start, start))
            if not any(self.grammar.begins("request", at) for at in between):
                return True
        following = self.grammar.neighbor(clause, 1)
        if (
            following is not None
            and following.has("hedge", "tag")
            and self._has_only(following, "hedge", "tag")
        ):
            if following.has("hedge"):
                return True
            return self.grammar.text.asks(clause) and (of_state or clause.end - start <= NEAR)
        previous = self.grammar.neighbor(clause, -1)
        return previous is not None and previous.has("hedge") and self._has_only(previous, "hedge")

    def _said_by_another(self, clause: Clause, start: int) -> bool:
        """Return whether a name's source is neither a document nor the writer: *my gut says EV*."""
        said = self.grammar.text.tokens
        at = self.grammar.leading_up_to(clause, start) - 1
        if at <= clause.start or said[at].norm not in words("saying"):
            return False
        if any(hit.start < at for hit in clause.marks.get("document", ())):
            return False
        return not any(
            self._is_source(each) or said[each].norm in words("speakers") | words("it")
            for each in range(clause.start, at)
        )

    def _is_to_be_done(self, clause: Clause, start: int) -> bool:
        """Return whether a request follows the name: *soll das DV storniert werden*."""
        return any(hit.start >= start for hit in clause.marks.get("request", ()))

    def _has_only(self, clause: Clause, *tables: str) -> bool:
        """Return whether a clause says hardly more than words of these tables."""
        covered = {
            at for table in tables for hit in clause.marks.get(table, ()) for at in range(hit.start, hit.end)
        }
        rest = [at for at in range(clause.start, clause.end) if at not in covered]
        if any(
            at in self.grammar.names or self.grammar.text.tokens[at].kind in (Kind.HOST, Kind.DAY)
            for at in rest
        ):
            return False
        return len(rest) <= 2  # noqa: PLR2004

    def _predicate(self, clause: Clause, start: int) -> bool:
        """Return whether a name is a predicate or object: *it is EV*, *says EV*, not *the EV was issued*."""
        at = start
        while at > clause.start and (
            self.grammar.text.tokens[at - 1].norm in words("articles")
            or (at - 1) in self.grammar.names
            or self.grammar.text.tokens[at - 1].norm in QUOTES
        ):
            at -= 1
        before = self.grammar.text.tokens[at - 1].norm if at > clause.start else ""
        return (
            before in words("be")
            or at == clause.start
            or before in words("says")
            or before in words("toward")
        )

    def _hearsay_tokens(self) -> set[int]:
        """Return the tokens that are attributed to somebody else."""
        said: set[int] = set()
        for hit in self.grammar.hits("hearsay"):
            clause = self.grammar.text.clause(hit.start)
            if hit.start > clause.start and self.grammar.text.tokens[hit.start - 1].norm in words("modals"):
                continue  # *can someone tell me how*
            sentence = self.grammar.text.sentence(clause)
            end = clause.end
            for each in sentence:
                if each.number > clause.number:
                    own = self.grammar.text.tokens[each.start].norm in words("own_voice")
                    if each.opened in words("contrast") or each.has("document") or own:
                        break
                    end = each.end
            said.update(range(hit.end, end))
            if hit.end >= clause.end and clause.number and hit.start - clause.start <= 1:
                previous = self.grammar.text.clauses[clause.number - 1]
                if previous.sentence == clause.sentence:
                    said.update(range(previous.start, previous.end))
        return said | self._transcribed() | self._according()

    def _according(self) -> set[int]:
        """Return the tokens that are said *according to* somebody other than a document or page."""
        said: set[int] = set()
        text = self.grammar.text
        for hit in self.grammar.hits("according"):
            clause = text.clause(hit.start)
            source = range(hit.end, min(hit.end + NEAR, clause.end))
            if any(self._is_source(at) for at in source):
                continue
            following = self.grammar.neighbor(clause, 1)
            alone = clause.end - hit.start <= NEAR + 1 and hit.start - clause.start <= 1
            end = following.end if alone and following is not None else clause.end
            said.update(range(clause.start, end))
        return said

    def _is_source(self, at: int) -> bool:
        token = self.grammar.text.tokens[at]
        known = token.norm in words("sources") or token.kind in (Kind.HOST, Kind.DAY, Kind.NUMBER)
        return known or at in self.grammar.names or self.grammar.begins("document", at)

    def _transcribed(self) -> set[int]:
        """Return the tokens that others say in a transcript: *Customer: yes, since Friday*."""
        said: set[int] = set()
        text, nouns = self.grammar.text, words("leading") | words("other_voices")
        for label, speech in zip(text.clauses, text.clauses[1:], strict=False):
            speaker = [token.norm for token in text.tokens[label.start : label.end]]
            others = words("other_voices").intersection(speaker) and nouns.issuperset(speaker)
            first = text.tokens[speech.start].norm if speech.end > speech.start else ""
            if label.closed == ":" and others and any(first in words(table) for table in _BEGINS_SPEECH):
                same = (each for each in text.clauses[speech.number :] if each.line == label.line)
                for each in same:
                    if each.closed == ":":
                        break
                    said.update(range(each.start, each.end))
        return said

    def _spoken_by_others(self) -> set[int]:
        """Return the tokens in quotation marks that are attributed to somebody else."""
        marks = [at for at, token in enumerate(self.grammar.text.tokens) if token.norm in _SPEECH_MARKS]
        spans = (range(begin, end) for begin, end in zip(marks[::2], marks[1::2], strict=False))
        return {
            at
            for span in spans
            if span.start in self._hearsay or span.start + 1 in self._hearsay
            for at in span
        }
