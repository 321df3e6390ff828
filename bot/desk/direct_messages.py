"""What is written to the bot directly: a command, an answer, words for the agents, first words of a case.

Where an agent has a person's case, or has resolved it lately, what they write is for the agents.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.conversation.case import Case, Surface
from bot.conversation.effects import Aside, ListCases, News, Tell
from bot.conversation.events import (
    AskedForPerson,
    AskedWhy,
    Event,
    Reworded,
    Rewrote,
    StartedOver,
    TookBack,
    WentBack,
    Wrote,
)
from bot.conversation.handoff import SETTLED, WITH_AGENTS, Standing
from bot.conversation.people import Handoff
from bot.conversation.reminders import CLOSED_AFTER
from bot.conversation.screens import Result
from bot.conversation.typed_answers import normalized
from bot.desk import typed_commands
from bot.desk.deliveries import Intent, Noted, Reply, Rewrite, Seen, Start, Withdraw, Write
from bot.desk.receipts import record
from bot.desk.requests import PICKED_UP_FOR, start
from bot.desk.transaction import LISTED, Room
from bot.store import Posted, Taken

LOOKED_THROUGH: Final = LISTED  # of a person's cases, the latest


def write(room: Room, wrote: Write) -> Reply:
    """Take a direct message; its text is None where it held a private key."""
    text = wrote.text
    said = normalized(text or "").rstrip("?").strip()
    if text is not None and said in typed_commands.HELP:
        return room.tell(News.HELP)
    if text is not None and said in typed_commands.CASES:
        mine = room.unit.cases_of(room.known, LISTED)
        return room.queue(ListCases(room.known.person, tuple(map(room.listed, mine))))
    if (number := typed_commands.CASE.fullmatch(said)) and (named := _named(room, int(number[1]))):
        return room.queue(ListCases(room.known.person, (room.listed(named),)))
    if said in typed_commands.NEW:
        return _first_words(room, text, said)
    case = _spoken_to(room, wrote, said)
    if case is not None:
        return _for_agents(room, case, wrote)
    asking = room.unit.open_case(room.known, Surface.DM, room.now.at - PICKED_UP_FOR)
    if asking is None or asking.held or (asking.standing in SETTLED and said in typed_commands.THANKS):
        return _first_words(room, text, said)
    return room.happens(asking, typed_commands.event_of(text, room.key, wrote.at))


def rewrite(room: Room, edit: Rewrite) -> Reply:
    """Take an edit to the case that its message answered, or to the thread that it was passed on to.

    An edit that is here before its message is the message; what comes later with the old text is nothing
    new then. An edit of what answered nothing is no answer either.
    """
    case = _told_by(room, edit.message)
    if case is None and not edit.late:
        if _overtook(room, edit.message, Write(edit.text, edit.at)):
            return write(replace(room, key=edit.message), Write(edit.text, edit.at))
        case = _told_by(room, edit.message)  # taken by somebody else in this instant, perhaps
    if case is None:
        return room.tell(News.PRIVATE_KEY) if edit.text is None else Noted()
    if edit.message not in case.relayed:
        return room.happens(case, Reworded(edit.message, edit.text, edit.at))
    if edit.text is None:
        room.tell(News.PRIVATE_KEY)
    return room.happens(case, Rewrote(edit.message, edit.text, edit.at))


def withdraw(room: Room, gone: Withdraw) -> Reply:
    """Take back what a deleted message said; what is deleted before it came is never taken."""
    case = _told_by(room, gone.message)
    if case is None and not _overtook(room, gone.message, gone):
        case = _told_by(room, gone.message)
    if case is None:
        return Noted()
    event = Rewrote(gone.message, None) if gone.message in case.relayed else TookBack(gone.message)
    return room.happens(case, event)


# --- whose words they are


def _spoken_to(room: Room, wrote: Write, said: str) -> Case | None:
    """Return the case with whose agents a person is talking, None where it is the bot.

    In the thread of a message it is that message's case. Otherwise it is the case that last moved, of those
    that wait for an answer: of the agents, or of the bot.
    """
    if isinstance(typed_commands.COMMANDS.get(said), AskedForPerson):
        return None
    if wrote.thread is not None:
        number = room.unit.case_with(Posted(*wrote.thread))
        case = room.unit.case(number) if number is not None else None
        if case is not None and case.person == room.known.person and listens(case, said, room.now.at):
            return case
    for case in room.unit.talked_of(room.known, room.now.at - CLOSED_AFTER):
        if listens(case, said, room.now.at):
            return case
        if case.surface is Surface.DM and case.asked_in is not None:
            return None  # the bot's own question is the newest thing between them
    return None


def listens(case: Case, said: str, at: datetime) -> bool:
    """Tell whether what a person writes at a moment is for the agents of a case; `said` is normalized."""
    handoff = case.handoff
    if handoff is None:
        return False
    if handoff.standing is Standing.RESOLVED:
        return said not in typed_commands.THANKS and at - handoff.began < CLOSED_AFTER
    asks_on = case.surface is Surface.DM and case.asked_in is not None
    return handoff.standing in WITH_AGENTS and not asks_on


def _for_agents(room: Room, case: Case, wrote: Write) -> Reply:
    if wrote.text is None:
        return room.tell(News.PRIVATE_KEY)
    return room.happens(case, Wrote(room.key, wrote.text, wrote.at))


def _told_by(room: Room, message: str) -> Case | None:
    """Return which of a person's latest cases a message answered or was passed on in, None where none."""
    found = room.unit.cases_of(room.known, LOOKED_THROUGH)
    mine = (case for case in found if case.source(message) is not None or message in case.relayed)
    return next(mine, None)


def _overtook(room: Room, message: str, intent: Intent) -> bool:
    """Record a message as taken; tell whether it had not come yet."""
    return room.unit.take(Taken(message, intent.kind, record(intent), room.known.id), room.now.at)


def _named(room: Room, number: int) -> Case | None:
    """Return the case of a number that a person typed, if it is theirs."""
    case = room.unit.case(number)
    return case if case is not None and case.person == room.known.person else None


# --- while no question is open


def _first_words(room: Room, text: str | None, said: str) -> Reply:
    """Answer what is written while no question is open."""
    if text is None:
        return room.tell(News.PRIVATE_KEY)
    latest = next(iter(room.unit.cases_of(room.known, 1)), None)
    if latest is not None and (said in typed_commands.THANKS or not said):
        return room.tell(News.STILL_OPEN, latest.number)
    event = typed_commands.COMMANDS.get(said)
    if latest and (
        isinstance(event, AskedForPerson)
        or (latest.surface is Surface.DM and isinstance(event, WentBack | StartedOver | AskedWhy))
    ):
        return _about(room, latest, event)
    if latest is None:
        room.tell(News.WELCOME)
    return start(room, Start(Surface.DM, afresh=True))


def _about(room: Room, case: Case, event: Event) -> Seen:
    """Do what was typed to a case whose message may stand far up: what comes of it is said below."""
    seen = room.happens(case, event)
    match event, seen.screen:
        case AskedForPerson(), Result() if case.standing in SETTLED:
            pass  # it was told that it is open again
        case AskedForPerson(), Result(problem=None, handoff=Handoff(claimed_by=agent, claimed_at=at)):
            news = News.CLAIMED if agent else News.HANDED_OVER
            room.queue(Tell(case.person, news, case.number, agent, at))
        case (AskedWhy(), Result() as result):
            room.queue(Aside(case.person, result))
        case (AskedForPerson(), Result() as result) if case.surface is Surface.MODAL:
            room.queue(Aside(case.person, result))
        case _:
            pass
    return seen
