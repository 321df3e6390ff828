"""Separate several orders in one message, where it is clear what belongs to which.

Orders are told apart by their host names, else by their numbers. Something said once for each order belongs
to the one that it is next to: *PositiveSSL for a.example.com and GeoTrust for b.example.com*. Anything else
that differs is left open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.reading.sentences import Read, Words
from policy import Policy
from policy.facts import PROGRAM, Detail, Fact, Value
from policy.vocabulary import DetailKind, DetailSpec, FactSpec

TELL_APART: Final = (DetailKind.HOST, DetailKind.DIGITS)


@dataclass(frozen=True, slots=True)
class Order:
    """One of several orders: its host name or number, and what is said of it or of all."""

    name: str
    facts: Mapping[Fact, Value]
    details: Mapping[Detail, str]


@dataclass(frozen=True, slots=True)
class _Place:
    """Something said at one place of the text; `value` is None if it is ambiguous."""

    start: int
    value: Value | None


def read_orders(policy: Policy, found: Read) -> tuple[Order, ...]:
    """Return the orders that a message names, in its order; empty unless it clearly names several."""
    program = found.facts.get(PROGRAM)
    specs, details = policy.facts(program), policy.details(program)
    detail, names = _names(found, details)
    if detail is None:
        return ()
    starts = [place.start for place in names]
    said = {what: _places(found.found, what) for what in dict.fromkeys(each.fact for each in found.found)}
    differs = {what for what in said if what in found.ambiguous and what != detail}
    in_turn = {what: values for what in differs if (values := _in_turn(said[what], starts))}
    own = [place.start for what in differs for place in said[what]]
    common = {
        fact: value
        for fact, value in found.facts.items()
        if specs[fact].remembered or _is_of_all(said.get(fact, []), starts, own)
    }
    return tuple(
        _order(
            str(names[at].value),
            detail,
            {what: values[at] for what, values in in_turn.items()},
            common,
            specs,
        )
        for at in range(len(names))
    )


def _order(
    name: str,
    detail: Detail,
    said: Mapping[str, Value | None],
    common: Mapping[Fact, Value],
    specs: Mapping[Fact, FactSpec],
) -> Order:
    """Return an order with what is said of it, what is said of all, and what these imply."""
    facts = dict(common)
    facts |= {fact: value for fact in specs if (value := said.get(fact)) is not None}
    for fact in [*facts]:
        for other, value in specs[fact].implies:
            if not specs[other].where_asked:
                facts.setdefault(other, value)
    own = {
        Detail(what): str(value) for what, value in said.items() if value is not None and what not in specs
    }
    return Order(name, facts, own | {detail: name})


def _is_of_all(places: Sequence[_Place], starts: Sequence[int], own: Sequence[int]) -> bool:
    """Return whether something that is said in one way only is said of all orders.

    It is, if it is said of each; if it comes before the first name and nothing else does; or if nothing comes
    between the names, so that the orders are spoken of together.
    """
    first, last = starts[0], starts[-1]
    if not places:
        return False
    if len(_in_turn(places, starts)) == len(starts):
        return True
    if all(place.start < first for place in places):
        return not any(start < first for start in own)
    between = any(first < start < last for start in (*own, *(place.start for place in places)))
    return not between


def _names(found: Read, specs: Mapping[Detail, DetailSpec]) -> tuple[Detail | None, list[_Place]]:
    """Return the detail that tells the orders apart, and the place where each is first named."""
    for kind in TELL_APART:
        for detail, spec in specs.items():
            if spec.kind is not kind or detail not in found.ambiguous:
                continue
            places = _places(found.found, detail)
            if len({place.value for place in places}) > 1 and None not in {place.value for place in places}:
                together = _once_each(places)
                return (detail, together) if together else (None, [])
    return None, []


def _once_each(places: Sequence[_Place]) -> list[_Place]:
    """Return the first place of each order; empty if one is named again after another."""
    first: list[_Place] = []
    for place in places:
        if first and first[-1].value == place.value:
            continue
        if place.value in {each.value for each in first}:
            return []
        first.append(place)
    return first


def _in_turn(places: Sequence[_Place], starts: Sequence[int]) -> list[Value | None]:
    """Return what is said of each order; empty unless it is said once for each, next to its name.

    Next to a name is after the name of the order before, and before the name of the order after.
    """
    said = list(_distinct(places, starts))
    if len(said) != len(starts):
        return []
    bounds = [-1, *starts, max([*starts, *(place.start for place in said)]) + 1]
    beside = all(bounds[at] < place.start < bounds[at + 2] for at, place in enumerate(said))
    return [place.value for place in said] if beside else []


def _distinct(places: Sequence[_Place], starts: Sequence[int]) -> Iterator[_Place]:
    """Yield each place, except those that repeat the one before with no order named in between."""
    before: _Place | None = None
    for place in places:
        again = before is not None and before.value == place.value
        named = before is not None and any(before.start < start < place.start for start in starts)
        if not again or named:
            yield place
        before = place


def _places(found: Sequence[Words], what: str) -> list[_Place]:
    """Return the places where a message says something about a fact or detail, in order."""
    at: dict[int, set[Value | None]] = {}
    for each in found:
        if each.fact == what:
            at.setdefault(each.start, set()).add(each.value if each.exact else None)
    return [
        _Place(start, next(iter(values)) if len(values) == 1 else None)
        for start, values in sorted(at.items())
    ]
