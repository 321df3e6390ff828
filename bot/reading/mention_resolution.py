"""Settle what a text says of each fact: one value for sure, or left open, or nothing."""

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
    """A fact's value, None where it is left open."""

    value: Value | None


def resolve(
    mentions: Sequence[Mention], corrections: Sequence[int], *, asked_is_nothing: bool
) -> Resolved | None:
    """Return what mentions of one choice come to, None where they state nothing and leave nothing open."""
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
    """Return the one day that mentions come to, None where there are none."""
    heard = _own_first(_corrected(mentions, corrections))
    if not heard:
        return None
    exact = [each for each in heard if each.exact and each.force is Force.STATED]
    if not exact:
        return Resolved(None)
    readings = [_come(each.days, today) for each in exact]
    certain = [days[0] for days in readings if len(days) == 1]
    if not certain or len(set(certain)) > 1 or certain[0] > today:
        return Resolved(None)
    if any(certain[0] not in days for days in readings):
        return Resolved(None)
    doubted = [each for each in heard if each.exact and each.force is not Force.STATED and each.days]
    if any(certain[0] not in each.days for each in doubted):
        return Resolved(None)
    return Resolved(certain[0])


def _come(days: Sequence[date], today: date) -> tuple[date, ...]:
    """Return the readings that have come, all where none has."""
    past = tuple(day for day in days if day <= today)
    return past or tuple(days)


def _agrees(mention: Mention, value: Value | None) -> bool:
    if mention.alternatives:
        return value in mention.alternatives
    return mention.value == value


def _own_first(mentions: Sequence[Mention]) -> list[Mention]:
    """Return the writer's own words where there are any, else the quoted ones."""
    own = [each for each in mentions if not each.quoted]
    telling = [each for each in own if each.force is not Force.DENIED]
    if telling:
        return own
    denied = {each.value for each in own}
    return [each for each in mentions if each.quoted and each.value not in denied] or own


def _corrected(mentions: Sequence[Mention], corrections: Sequence[int]) -> list[Mention]:
    """Return the mentions that count after the last correction that is followed by one of its own."""
    kept = sorted(mentions, key=lambda each: each.start)
    for at in corrections:
        before = [each for each in kept if each.start < at]
        after = [each for each in kept if each.start >= at and each.force in (Force.STATED, Force.DOUBTED)]
        voice = [each for each in before if not after or each.quoted == after[0].quoted]
        if after and voice and after[0].start - at <= CORRECTED_WITHIN:
            kept = [each for each in kept if each.start >= at or each not in voice]
    return kept
