"""Decide how words are meant: stated, denied, doubted, asked, or about something other than the order."""

from __future__ import annotations

from bot.reading.alternatives import Alternatives
from bot.reading.clauses import Clause
from bot.reading.doubts import Doubts
from bot.reading.embedded_clauses import EmbeddedClauses
from bot.reading.grammar_matches import NEAR, GrammarMatches
from bot.reading.languages import words
from bot.reading.mentions import Force
from bot.reading.questions import Questions
from bot.reading.unrelated_names import UnrelatedNames
from bot.reading.unrelated_things import UnrelatedThings


class Scope:
    """Decides the force of names, roles and states in a text."""

    def __init__(self, grammar: GrammarMatches) -> None:
        self.text, self.names, self.strange = grammar.text, grammar.names, grammar.strange
        self.grammar = grammar
        self.hits, self.ends = self.grammar.hits, self.grammar.ends
        self.begins, self.within = self.grammar.begins, self.grammar.within
        self.negation, self.past = self.grammar.negation, self.grammar.past
        self._alternatives, self._questions = Alternatives(self.grammar), Questions(self.grammar)
        self._doubts, self._unrelated_things = Doubts(self.grammar), UnrelatedThings(self.grammar)
        self._embedded, self._unrelated_names = EmbeddedClauses(self.grammar), UnrelatedNames(self.grammar)
        self.of_unrelated_thing = self._unrelated_things.is_about
        self.believed, self.governed = self._embedded.believed, self._embedded.force_of_voice

    def hearsay(self, start: int) -> bool:
        """Return whether a token is not the writer's own statement."""
        return self._doubts.hearsay(start) or self._embedded.reported(start)

    def expected(self, start: int) -> bool:
        """Return whether what begins at a token should have happened: *should be issued*."""
        return self.grammar.before("should", start, 2)

    def of_name(self, start: int, end: int) -> Force:
        """Return the force of a name or validation level."""
        clause = self.text.clause(start)
        if self._alternatives.is_alternative(clause, start, end):
            return Force.PASSED_OVER
        if self._unrelated_names.is_unrelated(clause, start, end):
            return Force.PASSED_OVER
        if (governed := self._embedded.force(start)) is not None:
            return governed
        if self.negation(start, words("name_fillers")) is not None or self.grammar.is_negated_after(
            clause, end
        ):
            return Force.DENIED
        if self._alternatives.supposed(clause, start):
            return Force.PASSED_OVER
        if self._questions.asked(clause, start, end, of_state=False):
            return Force.ASKED
        doubted = self._doubts.doubted(clause, start, of_state=False)
        return Force.DOUBTED if doubted and not self._embedded.is_subject(start) else Force.STATED

    def of_role(self, start: int, end: int) -> Force:
        """Return the force of a phrase about the writer, such as *we are a reseller*."""
        clause = self.text.clause(start)
        if self._unrelated_names.is_role_modifier(clause, end):
            return Force.PASSED_OVER  # *our partner application*
        if start in self._doubts.speech:
            return Force.PASSED_OVER  # *he writes: "I am the owner"*
        if (governed := self._embedded.force_of_voice(start)) is not None:
            return governed
        inside = [at for at in range(start, end) if self.grammar.negates(at)]
        if inside or self.negation(start, words("name_fillers")) is not None:
            return Force.DENIED
        if self._alternatives.supposed(clause, start):
            return Force.PASSED_OVER
        if self._former(start, end):
            return Force.DOUBTED
        if self._questions.asked(clause, start, end, of_state=False) or self._questions.is_whole_question(
            clause, start
        ):
            return Force.ASKED
        return Force.DOUBTED if self._doubts.doubted(clause, start, of_state=True) else Force.STATED

    def of_state(self, start: int, end: int) -> Force:
        """Return the force of a state or event of the certificate."""
        clause = self.text.clause(start)
        if self.of_unrelated_thing(clause, start, end):
            return Force.PASSED_OVER
        if (governed := self._embedded.force(start)) is not None:
            return governed
        if self.expected(start):
            return Force.DOUBTED
        negation = self.negation(start, words("negation_fillers"))
        if negation is None and self.grammar.fronted_negation(clause, start):
            return Force.DENIED
        if self.grammar.adjacent("excepting", clause, start):
            return Force.PASSED_OVER
        if self.grammar.before("degree", start, 0):
            return Force.PASSED_OVER  # *almost issued*, *partially fulfilled*
        if self.grammar.before("planned", start, 1) or (negation is None and self._not_yet(clause, start)):
            return Force.PASSED_OVER
        if self._wanted(clause, start) or self._planned_after(clause, end):
            return Force.PASSED_OVER
        if negation is not None or self.grammar.is_negated_after(clause, end):
            return Force.DOUBTED if self._doubts.doubted(clause, start, of_state=True) else Force.DENIED
        if self._questions.asked(clause, start, end, of_state=True) or self._questions.asked_when(
            clause, start
        ):
            return Force.ASKED
        if self._alternatives.supposed(clause, start):
            return Force.PASSED_OVER
        return Force.DOUBTED if self._doubts.doubted(clause, start, of_state=True) else Force.STATED

    def doubted(self, start: int) -> bool:
        """Return whether a state that begins at a token is in doubt."""
        return self._doubts.doubted(self.text.clause(start), start, of_state=True)

    def former(self, start: int, end: int) -> bool:
        """Return whether words are about what used to be."""
        return self._former(start, end)

    def _planned_after(self, clause: Clause, end: int) -> bool:
        """Return whether an event is only planned: *delivery was promised for 4 November*."""
        while end < clause.end and self.text.tokens[end].norm in words("state_verbs") | words("adverbs"):
            end += 1
        return end < clause.end and self.text.tokens[end].norm in words("planned_after")

    def _not_yet(self, clause: Clause, start: int) -> bool:
        if self.past(start):
            return False
        return any(clause.start <= hit.start and hit.end <= start for hit in clause.marks.get("not_yet", ()))

    def _wanted(self, clause: Clause, start: int) -> bool:
        """Return whether an event is only wanted: *needs it issued*, *didn't want it issued*."""
        for hit in clause.marks.get("want", ()):
            between = range(hit.end, start)
            if (
                hit.end <= start
                and len(between) <= NEAR
                and all(self.grammar.may_stand_between(at) for at in between)
            ):
                return True
        return False

    def _former(self, start: int, end: int) -> bool:
        clause = self.text.clause(start)
        return any(hit.start <= end for hit in clause.marks.get("former", ()))
