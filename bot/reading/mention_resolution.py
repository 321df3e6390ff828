"""Resolve all mentions of a fact to one value, to an open question, or to nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.reading.mentions import Force, Mention
from policy.facts import Value

CORRECTED_WITHIN: Final = 40  # tokens


@dataclass(frozen=True, slots=True)
class Resolved:
    """A fact's value, or None if the mentions leave it open."""

    value: Value | None


def resolve(
    mentions: Sequence[Mention], corrections: Sequence[int], *, asked_is_nothing: bool
) -> Resolved | None:
    """Return the value of a choice or detail, or None if the mentions neither state nor touch it.

    `corrections` are the tokens where something said before is corrected. `asked_is_nothing`: a mere question
    does not leave the fact open.
    """
    heard = _own_first(_corrected(mentions, corrections))
    stated = [each for each in heard if each.force is Force.STATED]
    stated = [each for each in stated if not each.weak] or stated
    open_ = [
        each
        for each in heard
        if each.force is Force.DOUBTED or (each.force is Force.ASKED and not asked_is_nothing)
    ]
    denied = {each.value: each.start for each in heard if each.force is Force.DENIED}
    kept = [each for each in stated if not (each.value in denied and denied[each.value] > each.start)]
    contradicted = len(kept) < len(stated) and not kept
    values = {each.value for each in kept}
    if contradicted or len(values) > 1:
        return Resolved(None)
    if values:
        value = next(iter(values))
        differs = [each for each in open_ if not _agrees(each, value)]
        return Resolved(None) if differs else Resolved(value)
    return Resolved(None) if open_ else None


def resolve_date(mentions: Sequence[Mention], corrections: Sequence[int], today: date) -> Resolved | None:
    """Return the date that mentions agree on, or None if there are no mentions."""
    heard = _own_first(_corrected(mentions, corrections))
    if not heard:
        return None
    exact = [each for each in heard if each.exact and each.force is Force.STATED]
    if not exact:
        return Resolved(None)
    readings = [_not_future(each.days, today) for each in exact]
    certain = [days[0] for days in readings if len(days) == 1]
    if not certain or len(set(certain)) > 1 or certain[0] > today:
        return Resolved(None)
    if any(certain[0] not in days for days in readings):
        return Resolved(None)
    doubted = [each for each in heard if each.exact and each.force is not Force.STATED and each.days]
    if any(certain[0] not in each.days for each in doubted):
        return Resolved(None)
    return Resolved(certain[0])


def _not_future(days: Sequence[date], today: date) -> tuple[date, ...]:
    """Return the days up to today, or all of them if all are in the future."""
    past = tuple(day for day in days if day <= today)
    return past or tuple(days)


def _agrees(mention: Mention, value: Value | None) -> bool:
    if mention.alternatives:
        return value in mention.alternatives
    return mention.value == value


def _own_first(mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions in the writer's own words if these say something, else the quoted ones."""
    own = [each for each in mentions if not each.quoted]
    telling = [each for each in own if each.force is not Force.DENIED]
    if telling:
        return own
    denied = {each.value for each in own}
    return [each for each in mentions if each.quoted and each.value not in denied] or own


def _corrected(mentions: Sequence[Mention], corrections: Sequence[int]) -> list[Mention]:
    """Return the mentions without those that a correction, with a mention soon after it, replaces."""
    kept = sorted(mentions, key=lambda each: each.start)
    for at in corrections:
        before = [each for each in kept if each.start < at]
        after = [each for each in kept if each.start >= at and each.force in (Force.STATED, Force.DOUBTED)]
        replaced = [each for each in before if not after or each.quoted == after[0].quoted]
        if after and replaced and after[0].start - at <= CORRECTED_WITHIN:
            kept = [each for each in kept if each.start >= at or each not in replaced]
    return kept
