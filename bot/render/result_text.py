"""An answer in words, piece by piece: a message or a form draws only the pieces that it shows."""

from __future__ import annotations

from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from bot.conversation.answer_tokens import YES
from bot.conversation.derive import has_draft
from bot.conversation.interview import program_in
from bot.conversation.screens import Result
from bot.render import contexts_answers as a
from bot.render.answer_texts import (
    changes_part,
    draft_part,
    money_parts,
    route_part,
    verdict_part,
    why_of,
)
from bot.render.document import Block, Document, Heading, plain_spans, to_plain
from policy.vocabulary import Means

if TYPE_CHECKING:
    from bot.render.texts import Texts

__all__ = ["ResultText"]


class ResultText:
    """An answer's words; each piece is rendered when it is first asked for. Raises TemplateError then."""

    def __init__(self, texts: Texts, result: Result) -> None:
        self._texts = texts
        self._result = result

    @cached_property
    def _route(self) -> Document:
        return route_part(self._texts, self._result).document

    @cached_property
    def _headed(self) -> tuple[str, tuple[Block, ...]]:
        """Return the verdict, split into its first heading and the rest."""
        match verdict_part(self._texts, self._result, self._route).document.blocks:
            case (Heading(spans=spans), *rest):
                return plain_spans(spans, " "), tuple(rest)
            case blocks:
                return "", tuple(blocks)

    @property
    def headline(self) -> str:
        """Return the answer in one line."""
        return self._headed[0]

    @cached_property
    def verdict(self) -> Document:
        """Return what there is to say about the money below the headline."""
        money = (part.document.blocks for part in money_parts(self._texts, self._result))
        return Document((*self._headed[1], *chain.from_iterable(money)))

    @property
    def steps(self) -> Document:
        """Return how to cancel."""
        return self._route

    @cached_property
    def changes(self) -> Document | None:
        """Return on which day the answer will be another, None if it stays."""
        later = changes_part(self._texts, self._result)
        return later.document if later else None

    @cached_property
    def advice(self) -> Document | None:
        """Return what to mind before an issued certificate is canceled, None if there is none to lose."""
        program = program_in(self._result.answers)
        issued = any(
            answer.token == YES and spec.means is Means.ISSUED
            for answer in self._result.answers
            if (spec := self._texts.policy.spec(answer.fact, program)) is not None
        )
        is_live = issued and self._result.decision.cancellation.handoff
        return self._texts.say(a.Advice()) if is_live else None

    @cached_property
    def why(self) -> Document:
        """Return the reasons and the pages that they rest on."""
        return self._texts.say(why_of(self._result))

    @cached_property
    def draft(self) -> str | None:
        """Return the ticket or message as plain text to be copied, None if the route takes none.

        It is the person's own text if they changed it.
        """
        if self._result.ticket is not None:
            return self._result.ticket
        drafted = draft_part(self._texts, self._result)
        return to_plain(drafted.document) if drafted else None

    @cached_property
    def changed(self) -> Document | None:
        """Return what has changed since the answer before, None if nothing has."""
        result = self._result
        if not result.changes and not result.redrafted:
            return None
        program = program_in(result.answers)
        lines = tuple(self._texts.changed(change, program) for change in result.changes)
        return self._texts.say(a.ChangedAnswer(has_draft(result.decision), lines, result.redrafted))
