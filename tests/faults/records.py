"""What the records of cases hold of the words that people wrote: each has one fate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.simulator import Simulator
    from tests.faults.written import Written

PASSED_ON = "passed_on"
QUERY = "SELECT case_id, message, taken_as, text, opening FROM words ORDER BY id"


@dataclass(frozen=True)
class Kept:
    """A row of a case's record. `opening` names the entry of the card's thread that shows it."""

    case: int
    taken_as: str
    text: str | None
    opening: str | None


def kept(sim: Simulator) -> dict[str, list[Kept]]:
    """Return what the records hold, by the key of the message."""
    found: dict[str, list[Kept]] = defaultdict(list)
    for case, message, taken_as, text, opening in sim.rows(QUERY):
        found[message].append(Kept(case, taken_as, text, opening))
    return found


def problems(words: Written, held: list[Kept], *, there: bool, relayed: bool) -> Iterator[str]:
    """Yield what is wrong with the record of words: they are in one case's, once, as they read now.

    `there`: they were not deleted. `relayed`: they were passed on to agents.
    """
    if not there:
        if any(each.text is not None for each in held):
            yield f"what is deleted is gone: the record still holds {words.newest!r}"
        return
    if len(held) != 1:
        yield f"words have one fate: {words.newest!r} of {words.by} is in the record {len(held)} times"
        return
    [row] = held
    if row.text != words.newest:
        yield f"edits follow: the record holds {row.text!r}, {words.newest!r} was wanted"
    if relayed != (row.taken_as == PASSED_ON):
        yield f"words have one fate: {words.newest!r} is recorded as {row.taken_as}, passed on is {relayed}"
    if relayed and row.opening is not None:
        yield f"words have one fate: {words.newest!r} was passed on, and stands in the opening too"
