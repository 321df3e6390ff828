"""Every word has one fate: what the records of cases hold of what people wrote, and where it stands.

Lost are words that the bot took and no record has; astray are those that stand with another case than the one
that their writer meant.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from bot.conversation.agent_moves import Duplicate
from bot.desk.deliveries import Handle
from bot.playground.standin import Message, text_of
from bot.store.coding import SHELF, millis
from tests.faults.actors import AGENTS
from tests.faults.standing import count_problem, stands
from tests.faults.written import Sort, Written

if TYPE_CHECKING:
    from bot.conversation.case import Case
    from tests.faults.simulator import Simulator

LOST: Final = "words are lost"
ASTRAY: Final = "words are astray"
QUERY: Final = "SELECT case_id, message, taken_as, text, opening, at FROM words ORDER BY id"


class Fate(StrEnum):
    """What became of words, as a record says."""

    ANSWER = "answer"
    COMMAND = "command"
    PASSED_ON = "passed_on"
    KEPT = "kept"
    HELD = "held"
    IN_DOUBT = "in_doubt"
    NOT_UNDERSTOOD = "not_understood"


HELD_FOR: Final = 600_000  # milliseconds
UNDECIDED: Final = {Fate.HELD, Fate.IN_DOUBT}  # in the record of each case that is possible


@dataclass(frozen=True)
class Row:
    """A row of a case's record. `opening` names the entry of the card's thread that shows it."""

    case: int
    fate: Fate
    text: str | None
    opening: str | None
    at: int


def records(sim: Simulator) -> dict[str, list[Row]]:
    """Return what the records hold, by the key of the message."""
    found: dict[str, list[Row]] = defaultdict(list)
    for case, message, taken_as, text, opening, at in sim.rows(QUERY):
        found[message].append(Row(case + SHELF, Fate(taken_as), text, opening, at))
    return found


def counted(sim: Simulator) -> Counter[str]:
    """Count everything that requesters typed, by its fate."""
    return Counter(str(rows[0].fate) for rows in records(sim).values())


def check(sim: Simulator, cases: list[Case]) -> Iterator[str]:
    """Yield what did not get the one fate that its record says."""
    relayed: dict[str, set[int]] = defaultdict(set)
    for case in cases:
        for key in case.relay.messages:
            relayed[key].add(case.number)
    kept, threads, told = records(sim), _threads(sim), _Told(sim)
    flood = {key for (key,) in sim.rows("SELECT key FROM receipts WHERE kind = 'flood'")}
    for words in sim.writings.of(Sort.WORDS):
        im = sim.slack.im(words.by)
        key = f"message:{im}:{words.ts}"
        there = words.ts in sim.slack.world.messages[im]
        rows = kept[key] if there else []
        if words.owed and key not in relayed and key not in flood:
            yield f"words reach the agents: {words.newest!r} of {words.by} did not"
        if not there and any(row.text is not None for row in kept[key]):
            yield f"what is deleted is gone: the record still holds {words.newest!r} of {words.by}"
        if key in flood:
            rows = []
            if not _slowed(sim, words.by):
                yield f"its writer is told: {words.newest!r} of {words.by} was too quick, and nobody said so"
        elif there:
            yield from _recorded(sim, words, rows, relayed[key])
        if rows and not told.about(key, sim.slack.user(words.by)):
            yield f"its writer is told: nothing was said to {words.newest!r} of {words.by}, {rows}"
        shown = {row.case for row in rows if row.opening is not None or row.fate is Fate.PASSED_ON}
        yield from _stands(sim, words, threads, in_cases=shown)


def _slowed(sim: Simulator, name: str) -> bool:
    """Tell whether somebody was told that what came too quickly was not read."""
    return any("quicker than I can read" in text_of(m) for m in sim.slack.messages(sim.slack.im(name), name))


def _goes_on(sim: Simulator, number: int) -> set[int]:
    """Return a case, and those as whose duplicate it was resolved: words about it are for them then."""
    found = {number}
    for row in sim.replay.rows:
        if isinstance(row.intent, Handle) and isinstance(row.intent.move, Duplicate) and row.case in found:
            found.add(row.intent.move.original)
    return found


def _recorded(sim: Simulator, words: Written, rows: list[Row], relayed: set[int]) -> Iterator[str]:
    """Yield what is wrong with the record: words are in one case's, or in each that is possible.

    `relayed`: the cases to whose agents they were passed on, those included from which they were moved.
    """
    said = f"{words.newest!r} of {words.by}"
    if not rows:
        yield f"{LOST}: {said} is in no record"
        return
    fates, in_cases = {row.fate for row in rows}, {row.case for row in rows}
    if len(fates) > 1 or (len(rows) > 1) != bool(fates & UNDECIDED) or len(in_cases) < len(rows):
        yield f"words have one fate: {said} is recorded as {[(row.case, row.fate.value) for row in rows]}"
    if any(row.text != words.newest for row in rows):
        yield f"edits follow: the record holds {[row.text for row in rows]}, {said} was wanted"
    if fates & {Fate.ANSWER, Fate.COMMAND}:
        yield f"{ASTRAY}: {said} was taken as {fates}"
    if words.meant and not _goes_on(sim, words.meant) & in_cases:
        yield f"{ASTRAY}: {said} meant C-{words.meant}, and is with {in_cases}"
    if Fate.PASSED_ON in fates and not in_cases <= relayed:
        yield f"{LOST}: {said} is recorded as passed on, and was not"
    if in_cases & relayed and Fate.PASSED_ON not in fates:
        yield f"words have one fate: {said} is with the agents of {relayed}, and recorded as {fates}"
    if Fate.PASSED_ON in fates and any(row.opening is not None for row in rows):
        yield f"words have one fate: {said} was passed on, and stands in an opening too"
    if Fate.HELD in fates and any(row.at < millis(sim.clock.at) - HELD_FOR for row in rows):
        yield f"{LOST}: {said} is held for more than ten minutes"


def _stands(
    sim: Simulator, words: Written, threads: dict[int, list[Message]], *, in_cases: set[int]
) -> Iterator[str]:
    """Yield where words stand in the threads of other cards than these, or not once in theirs."""
    for case, entries in threads.items():
        newest = [entry for entry in entries if words.newest in text_of(entry)]
        if newest and case not in in_cases:
            yield f"{ASTRAY}: {words.newest!r} of {words.by} stands with C-{case}, not with {in_cases}"
        for old in words.texts[:-1]:
            if any(old in text_of(entry) for entry in entries):
                yield f"edits follow: {old!r} still stands, {words.newest!r} was wanted"
    for case in in_cases:
        newest = [entry for entry in threads[case] if words.newest in text_of(entry)]
        if problem := count_problem(sim, newest, wanted=1):
            yield f"words reach the agents: {words.newest!r} of C-{case} stands {problem} ({words.texts})"


class _Told:
    """What the bot said in DMs, and when: what answers a delivery is queued in its transaction's instant."""

    def __init__(self, sim: Simulator) -> None:
        said = "SELECT conversation, queued_at FROM outbox WHERE conversation LIKE 'dm:%%'"
        self._said = {(line.rpartition(":")[2], at) for line, at in sim.rows(said)}
        self._received = dict(sim.rows("SELECT key, received_at FROM receipts"))

    def about(self, key: str, user: str) -> bool:
        """Tell whether a message of somebody was answered; one so old that its receipt is gone counts so."""
        return key not in self._received or (user, self._received[key]) in self._said


def _threads(sim: Simulator) -> dict[int, list[Message]]:
    """Return what the bot wrote into the threads of cards that can be seen, by the card's case."""
    channel = sim.slack.world.messages[sim.slack.channel(AGENTS)]
    found: dict[int, list[Message]] = defaultdict(list)
    for entry in sim.slack.messages(AGENTS):
        if entry.is_reply and entry.by_app and stands(sim, entry):
            found[sim.case_in(channel[entry.thread_ts or ""])].append(entry)
    return found
