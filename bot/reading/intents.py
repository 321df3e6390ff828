"""Decide what a message asks of the desk: a refund, a cancellation, a person, and so on."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from bot.reading.clauses import Text
from bot.reading.languages import words
from bot.reading.lexicon import Mark, Tag
from bot.reading.phrases import Hit
from bot.reading.scope import Scope
from bot.reading.tokens import Kind


class Intent(StrEnum):
    """What a message asks for; of several, the first in this order."""

    KEY_COMPROMISE = "key_compromise"
    HUMAN = "human"
    REFUND = "refund"
    CANCEL = "cancel"
    REVOKE = "revoke"
    REISSUE = "reissue"
    STATUS = "status"
    THANKS = "thanks"
    GREETING = "greeting"
    OTHER = "other"


_FAR = 6  # tokens between a refusal and what is refused
_NOT_FROM_QUOTES = frozenset({Intent.STATUS, Intent.THANKS, Intent.GREETING})
_WEAK = frozenset({Intent.THANKS, Intent.GREETING})


def intent(text: Text, scope: Scope, hits: Sequence[Hit[Tag]], *, for_desk: bool) -> Intent:
    """Return what a text asks for. `for_desk`: it is about certificates or orders at all."""
    wanted = [hit for hit in hits if hit.tag.mark is Mark.INTENT and not _refused(text, scope, hit)]
    own = {Intent(hit.tag.name) for hit in wanted if not text.clause(hit.start).quoted}
    said = own or {Intent(hit.tag.name) for hit in wanted} - _NOT_FROM_QUOTES
    for each in Intent:
        if each in said and (
            for_desk or each in _WEAK or each is Intent.HUMAN or each is Intent.KEY_COMPROMISE
        ):
            if each in _WEAK and not _short(text, each, for_desk=for_desk):
                continue
            if each is Intent.REFUND and Intent.THANKS in said and _has_come(text, scope, wanted):
                continue
            return each
    return Intent.OTHER


def _has_come(text: Text, scope: Scope, wanted: Sequence[Hit[Tag]]) -> bool:
    """Return whether the refund has already been granted, and nothing is asked or denied about it."""
    if any(clause.closed == "?" or clause.has("negator") for clause in text.clauses):
        return False
    return any(hit.tag.name == Intent.REFUND and scope.begins("granted", hit.start) for hit in wanted)


def _refused(text: Text, scope: Scope, hit: Hit[Tag]) -> bool:
    """Return whether the thing is explicitly not wanted, or has not happened."""
    clause = text.clause(hit.start)
    if hit.tag.name == Intent.KEY_COMPROMISE:
        return any(scope.begins("negator", at) for at in range(max(clause.start, hit.start - 3), hit.end))
    if hit.tag.name == Intent.GREETING and hit.end == hit.start + 1 and hit.start > clause.start + 1:
        return True  # *yesterday evening*
    if any(scope.begins("not_intent", at) for at in range(max(clause.start, hit.start - 1), hit.end)):
        return True
    if hit.tag.name == Intent.STATUS and text.tokens[hit.start].norm in words("be_asked"):
        return not text.asks(clause)
    needless = any(scope.begins("not_needed", at) for at in range(hit.end, min(hit.end + 2, clause.end)))
    if needless and clause.has("negator"):
        return True
    for at in range(max(clause.start, hit.start - _FAR), hit.start):
        if scope.begins("refusal", at):
            between = range(at, hit.start)
            return not any(scope.ends("negator", each + 1) and each > at + 3 for each in between)
    return False


def _short(text: Text, each: Intent, *, for_desk: bool) -> bool:
    """Return whether a message is only thanks or a greeting, rather than beginning with one."""
    said = sum(1 for token in text.tokens if token.kind is Kind.WORD)
    if each is Intent.THANKS:
        asks = any(clause.closed == "?" for clause in text.clauses)
        return not asks or not for_desk or said <= 5  # noqa: PLR2004
    meaningful = [t for t in text.tokens if t.kind is Kind.WORD and t.norm not in words("greeting_words")]
    return len(meaningful) <= 9  # noqa: PLR2004
