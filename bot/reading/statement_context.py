"""What all finders of statements share: the parsed text, what was asked, and labels with their answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.reading.clauses import Clause
from bot.reading.languages import words
from bot.reading.lexicon import Mark, Tag
from bot.reading.parsed_texts import ParsedText
from bot.reading.phrases import Hit
from bot.reading.tokens import Kind
from policy.vocabulary import FactSpec

MOST_HITS: Final = 300


class StatementContext:
    """A parsed text, with the fact that was `asked` for, if any."""

    def __init__(self, parsed: ParsedText, asked: str | None = None) -> None:
        self.raw, self.text, self.scope, self.lexicon = parsed.raw, parsed.text, parsed.scope, parsed.lexicon
        self.found, self.days, self.today = parsed.found, parsed.days, parsed.today
        self.hits = _longest(parsed.hits)[:MOST_HITS]
        self.asked = asked
        self.in_days = {at for said in self.days for at in range(said.start, said.end)}

    def spec(self, name: str) -> FactSpec | None:
        """Return the specification of a fact, or None if there is no such fact."""
        return next((spec for fact, spec in self.lexicon.facts.items() if fact == name), None)

    # --- Labels, as in "Issued: no" ---

    def label(self, start: int, end: int) -> Clause | None:
        """Return the clause that answers a label or question which these tokens end, or None."""
        clause = self.text.clause(start)
        if end != clause.end or clause.number + 1 >= len(self.text.clauses):
            return None
        answer = self.text.clauses[clause.number + 1]
        if answer.closed == ":" and answer.end - answer.start == 1 and answer is not self.text.clauses[-1]:
            answer = self.text.clauses[answer.number + 1]  # the A of Q and A
        if clause.closed == ":" and answer.line == clause.line:
            return answer
        if clause.closed == "?" and self.answered(answer) is not None and answer.line - clause.line <= 1:
            return answer
        return None

    def answered(self, clause: Clause) -> bool | None:
        """Return whether a clause begins with yes or no, or None if it does neither."""
        said = " ".join(
            token.norm for token in self.text.tokens[clause.start : clause.end] if token.kind is Kind.WORD
        )
        if said in words("not_applicable"):
            return None
        first = said.split(" ")[0] if said else ""
        if said in words("yes") or first in words("yes"):
            return True
        return False if said in words("no") or first in words("no") else None


def _longest(hits: Sequence[Hit[Tag]]) -> list[Hit[Tag]]:
    """Return the matches for facts and details, without those inside a longer one about the same thing."""
    wide = [hit for hit in hits if hit.tag.mark in (Mark.CHOICE, Mark.DAY_WORD, Mark.DETAIL)]
    over: dict[int, list[Hit[Tag]]] = {}
    for hit in wide:
        if hit.end - hit.start > 1:
            for at in range(hit.start, hit.end):
                over.setdefault(at, []).append(hit)
    return [hit for hit in wide if not any(_lies_in(hit, other) for other in over.get(hit.start, ()))]


def _lies_in(hit: Hit[Tag], other: Hit[Tag]) -> bool:
    wider = other.end - other.start > hit.end - hit.start and hit.end <= other.end
    return wider and _of_one_thing(hit.tag, other.tag)


def _of_one_thing(inner: Tag, outer: Tag) -> bool:
    """Return whether the longer phrase is about the same thing as the shorter one."""
    if outer.mark is Mark.DETAIL:
        return inner.mark is Mark.DETAIL
    return inner.mark is not Mark.DETAIL and (
        inner.name == outer.name or {inner.mark, outer.mark} == {Mark.CHOICE, Mark.DAY_WORD}
    )
