"""Find the choices that a text states: in a phrase, as a bare word, or after a label such as *Issued:*."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from bot.reading.clauses import Clause
from bot.reading.languages import words
from bot.reading.lexicon import Mark, Tag
from bot.reading.mentions import Force, Mention
from bot.reading.phrases import Hit
from bot.reading.statement_context import StatementContext
from bot.reading.tokens import Kind
from policy.facts import PROGRAM
from policy.vocabulary import FactSpec, Means


class ChoiceStatements:
    """Finds the choices that a text states, each with its force."""

    def __init__(self, context: StatementContext) -> None:
        self.context = context
        self.text, self.scope = context.text, context.scope

    def in_phrases(self) -> Iterator[Mention]:
        """Yield the choices that phrases and labeled answers state."""
        named = {at for found in self.context.found for at in range(found.start, found.end)}
        for hit in self.context.hits:
            if hit.tag.mark is not Mark.CHOICE:
                continue
            spec = self.context.spec(hit.tag.name)
            if spec is None or (spec.means is Means.LEVEL and hit.start in named):
                continue
            clause = self.text.clause(hit.start)
            if self._is_not_asked_by(spec.id, range(hit.start, hit.end)) or self._is_sellers_role(spec, hit):
                continue
            if spec.means is None and self._in_apposition(clause):
                continue
            label = self.context.label(hit.start, hit.end)
            if label is not None and self.context.answered(label) is not None:
                yield from self._labeled(spec, hit, label)
                continue
            force = self._force_of(spec, hit)
            if spec.means is None and force is Force.STATED and self._is_alternative(spec, hit):
                force = Force.DOUBTED
            weak = spec.means is Means.ISSUED and hit.tag.value is False and self.scope.past(hit.start)
            if force is Force.DENIED and spec.means is Means.ISSUED:
                continue
            yield Mention(spec.id, hit.start, hit.end, force, clause.quoted, hit.tag.value, weak=weak)

    def _is_alternative(self, spec: FactSpec, hit: Hit[Tag]) -> bool:
        """Return whether *or* and another choice follow: *was it placed as retail or partner?*."""
        at = hit.end
        if at + 1 >= len(self.text.tokens) or self.text.tokens[at].norm not in words("or"):
            return False
        said = self.context.lexicon.alone.get(self.text.tokens[at + 1].norm)
        others = (each for each in self.context.hits if each.start == at + 1 and each.tag.name == spec.id)
        return (said is not None and said[0] == spec.id) or any(others)

    def _is_not_asked_by(self, fact: str, within: range) -> bool:
        """Return whether every program named in the range never asks for the fact: *an OpenSRS partner*."""
        programs = self.context.lexicon.policy.programs
        named = {
            str(name.get(PROGRAM))
            for found in self.context.found
            if found.start in within
            for name in found.names
        }
        asking = [fact in programs[program].facts for program in named if program in programs]
        return bool(asking) and not any(asking)

    def _is_sellers_role(self, spec: FactSpec, hit: Hit[Tag]) -> bool:
        """Return whether the role is the seller's: *bought from a Trustico partner*."""
        clause, at = self.text.clause(hit.start), hit.start
        own = self.text.tokens[at].norm in words("own_voice")
        if own or spec.means is not None or spec.where_asked:
            return False
        if at > clause.start and self.text.tokens[at - 1].norm in words("indefinite") | {"the"}:
            at -= 1
        if at > clause.start and self.text.tokens[at - 1].norm in words("bought_by"):
            return True
        named = hit.start in {found.start for found in self.context.found}
        return named and self._is_somebody_else(clause, at)

    def _is_somebody_else(self, clause: Clause, at: int) -> bool:
        """Return whether the role is a third person's: *our supplier is an OpenSRS reseller*."""
        if at - 1 <= clause.start:
            return False
        verb, subject = self.text.tokens[at - 1].norm, self.text.tokens[at - 2].norm
        if verb in words("of"):
            return True
        return verb in words("is_third") and subject not in words("it_is")

    def _labeled(self, spec: FactSpec, hit: Hit[Tag], answer: Clause) -> Iterator[Mention]:
        said = self.context.answered(answer)
        if said is None:
            return
        quoted = answer.quoted
        if said:
            force = Force.DOUBTED if self.scope.hearsay(answer.start) else Force.STATED
            yield Mention(spec.id, hit.start, hit.end, force, quoted, hit.tag.value)
        elif spec.means is not Means.ISSUED:
            yield Mention(spec.id, hit.start, hit.end, Force.DENIED, quoted, hit.tag.value)

    def alone(self, programs: Collection[int]) -> Iterator[Mention]:
        """Yield the choices in clauses that say nothing else: *partner, not issued*, *partner or retail?*."""
        spoken = self.context.lexicon.alone
        for clause in self.text.clauses:
            pieces = [
                at
                for at in range(clause.start, clause.end)
                if self.text.tokens[at].kind is Kind.WORD and at not in programs
            ]
            parts = {
                " ".join(self.text.tokens[at].norm for at in part): part
                for part in self._alternatives(pieces)
            }
            label = self.context.label(clause.start, clause.end) if clause.closed == ":" else None
            answered = self.context.answered(label) if label is not None else None
            if self._in_apposition(clause) or (label is not None and answered is None):
                continue
            if any(said not in spoken for said in parts):
                continue
            for said, part in parts.items():
                fact, value = spoken[said]
                lone = len(part) == len(pieces)
                asked = clause.closed == "?" and (not lone or len(self.text.sentence(clause)) == 1)
                force = Force.ASKED if asked else Force.DENIED if answered is False else Force.STATED
                if force is Force.STATED and self._has_phrase(fact, part):
                    continue  # the phrase states it, and with what force
                if force is Force.STATED and self.scope.doubted(part[0]):
                    force = Force.DOUBTED
                if force is Force.STATED:
                    force = self.scope.governed(part[0]) or force
                role = len(part) == 1 and self._is_possessed(part[0], clause)
                if role or self._is_not_asked_by(fact, range(clause.start, clause.end)):
                    continue
                yield Mention(fact, part[0], part[-1] + 1, force, clause.quoted, value)

    def _is_possessed(self, at: int, clause: Clause) -> bool:
        """Return whether the role belongs to somebody else: *our reseller*."""
        return at > clause.start and self.text.tokens[at - 1].norm in words("possessive")

    def _in_apposition(self, clause: Clause) -> bool:
        """Return whether a clause describes somebody else: *our agency, a Trustico partner, ordered it*."""
        previous = self.scope.grammar.neighbor(clause, -1)
        if previous is None or (previous.closed, clause.closed) not in ((",", ","), ("(", ")")):
            return False
        first, before = self.text.tokens[clause.start].norm, self.text.tokens[previous.start].norm
        return first in words("indefinite") and before in words("definite")

    def _has_phrase(self, fact: str, part: Sequence[int]) -> bool:
        return any(
            hit.tag.mark is Mark.CHOICE and hit.tag.name == fact and part[0] <= hit.start <= part[-1]
            for hit in self.context.hits
        )

    def of_several(self) -> Iterator[Mention]:
        """Yield a doubted mention of each value where orders differ: *one is issued, the other isn't*."""
        spec = next(
            (spec for spec in self.context.lexicon.facts.values() if spec.means is Means.ISSUED), None
        )
        yield from self._of_some(spec) if spec is not None else ()
        for hit in self.scope.hits("one_not") if spec is not None else ():
            clause = self.text.clause(hit.start)
            before = self.text.tokens[hit.start - 1].norm if hit.start > clause.start else ""
            if spec is not None and before in {"", *words("and"), *words("contrast")}:
                for value in spec.choices:
                    yield Mention(spec.id, hit.start, hit.end, Force.DOUBTED, clause.quoted, value)

    def _of_some(self, spec: FactSpec) -> Iterator[Mention]:
        """Yield a doubted mention of each value where only some match: *2 of 3 are issued*."""
        told = {spec.id, *(fact for fact, each in self.context.lexicon.facts.items() if each.implies)}
        for hit in self.scope.hits("some_of"):
            clause = self.text.clause(hit.start)
            states = (
                each
                for each in self.context.hits
                if each.tag.name in told and each.tag.mark in (Mark.CHOICE, Mark.DAY_WORD)
            )
            if any(hit.end <= each.start < clause.end for each in states):
                for value in spec.choices:
                    yield Mention(spec.id, hit.start, hit.end, Force.DOUBTED, clause.quoted, value)

    def _alternatives(self, pieces: Sequence[int]) -> Iterator[list[int]]:
        """Yield the parts of a clause that are joined by *or*."""
        part: list[int] = []
        for at in pieces:
            if self.text.tokens[at].norm in words("or"):
                yield part
                part = []
            elif part or self.text.tokens[at].norm not in words("leading") | words("contrast"):
                part.append(at)
        yield part

    def _force_of(self, spec: FactSpec, hit: Hit[Tag]) -> Force:
        if spec.means is Means.ISSUED:
            return self.scope.of_state(hit.start, hit.end)
        if spec.means is Means.LEVEL:
            return self._level_force(hit)
        if spec.where_asked:
            denied = self.scope.negation(hit.start, words("name_fillers")) is not None
            return Force.DENIED if denied else Force.STATED
        return self.scope.of_role(hit.start, hit.end)

    def _level_force(self, hit: Hit[Tag]) -> Force:
        after = self.text.tokens[hit.end].norm if hit.end < self.text.clause(hit.start).end else ""
        before = self.text.tokens[hit.start - 1] if hit.start > self.text.clause(hit.start).start else None
        if after in words("not_a_level") or (before is not None and before.norm in words("in_progress_of")):
            return Force.PASSED_OVER
        if before is not None and before.norm in words("no_level_after"):
            return Force.PASSED_OVER
        if before is None and self.scope.begins("too_much", hit.end):
            return Force.PASSED_OVER  # *EV is too expensive*
        force = self.scope.of_name(hit.start, hit.end)
        left = before is not None and before.norm in words("from") and after in words("toward")
        return Force.DOUBTED if left and force is Force.STATED else force  # *from DV to OV*
