"""A requester's clicks, commands and forms: begin a case or pick one up, act on it, look at what there is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.conversation.effects import News, Tell
from bot.conversation.events import Now, Opened
from bot.conversation.people import Origin
from bot.conversation.step import begin, step
from bot.desk.app_home import home_of
from bot.desk.app_home_views import Visit
from bot.desk.deliveries import (
    Act,
    Ask,
    Delivery,
    Intent,
    Look,
    Noted,
    Oversized,
    Refusal,
    Refused,
    Reply,
    Seen,
    Sort,
    Start,
    Told,
    Withhold,
)
from bot.desk.rate_limit import first_words
from bot.desk.transaction import LISTED, Room

PICKED_UP_FOR: Final = timedelta(days=14)
RESPONSE_URL_LIVES: Final = timedelta(minutes=30)


def again(room: Room, delivery: Delivery) -> Reply:
    """Answer a delivery that was taken before from what it led to; nothing is done twice."""
    match delivery.intent:
        case Look() as asked:
            return look(room, asked)
        case Withhold():
            return Told(Ask.KEY)
        case Oversized(what=Sort.COMMAND, length=length):
            return Told(Ask.TOO_LONG, length=length)
        case Visit() as visit:
            return home_of(room.unit, room.rules, room.known, room.now.at, visit)
        case _:
            receipt = room.unit.receipt(room.key)
            case = room.unit.case(receipt.case) if receipt and receipt.case else None
            if case is None or case.person != room.known.person:
                return Noted()
            return Seen(case.number, case.surface, room.screen(case), repeated=True)


def look(room: Room, asked: Look) -> Told:
    """Return help, or the list of cases; nothing is changed."""
    if asked.ask is not Ask.CASES:
        return Told(asked.ask, unclear=asked.unclear)
    return Told(asked.ask, tuple(map(room.listed, room.unit.cases_of(room.known, LISTED))))


def start(room: Room, wanted: Start) -> Seen:
    """Begin a case, or go on with the one that was left unfinished."""
    anew = wanted.alike or wanted.afresh
    left = None
    if not anew:
        left = room.unit.open_case(room.known, wanted.surface, room.now.at - PICKED_UP_FOR)
    if left is not None and not left.held:
        here = replace(left, origin=_origin(wanted, room.now) or left.origin)
        seen = room.keep(left, step(room.rules, here, Opened(), room.now), Opened())
        return replace(seen, opened=True, picked_up=True)
    opened = begin(
        room.rules,
        room.unit.new_number(room.known, wanted.surface, room.now.at),
        room.known.person,
        wanted.surface,
        room.now,
        remembered=room.known.remembered,
        origin=_origin(wanted, room.now),
        alike=wanted.alike,
    )
    return replace(room.keep(None, opened), opened=True)


def act(room: Room, wanted: Act) -> Reply:
    """Let something happen to a person's own case; what an old button wanted is not done."""
    case = room.unit.case(wanted.case)
    if case is None:
        return Refused(Refusal.NO_SUCH_CASE, wanted.case)
    if case.person != room.known.person:
        return Refused(Refusal.NOT_YOURS, wanted.case)
    if wanted.revision == case.revision - 1:  # a double click: what it did is before the person's eyes
        room.unit.file(room.key, case.number, changed=False)
        return Seen(case.number, case.surface, room.screen(case), stale=True)
    if wanted.revision is not None and wanted.revision != case.revision:
        return replace(room.happens(case, Opened(), quiet=True), stale=True)
    return replace(room.happens(case, wanted.event), opened=isinstance(wanted.event, Opened))


def oversized(room: Room, sent: Oversized) -> Told | Noted:
    """Tell a person that nothing was read of what they sent."""
    if sent.what is Sort.COMMAND:
        return Told(Ask.TOO_LONG, length=sent.length)
    news = News.TOO_LONG if sent.what is Sort.MESSAGE else News.TOO_LARGE
    return room.queue(Tell(room.known.person, news, 0, length=sent.length))


def slowed(room: Room, intent: Intent, *, begins: bool) -> Reply:
    """Do nothing, show how things stand, and say why as a flood begins."""
    if begins:
        room.queue(Tell(room.known.person, News.SLOWED, 0, typed=first_words(intent)))
    match intent:
        case Act(case=number):
            case = room.unit.case(number)
        case Start(surface=surface):
            case = room.unit.open_case(room.known, surface, room.now.at - PICKED_UP_FOR)
        case Look():
            return Told(Ask.SLOWED)
        case _:
            return Noted(slowed=True)
    if case is None or case.person != room.known.person:
        return Told(Ask.SLOWED)
    room.unit.file(room.key, case.number, changed=False)
    return Seen(case.number, case.surface, room.screen(case), repeated=True, slowed=True)


def _origin(wanted: Start, now: Now) -> Origin | None:
    if wanted.channel is None:
        return None
    lapses = now.at + RESPONSE_URL_LIVES if wanted.response_url else None
    return Origin(wanted.channel, wanted.response_url, lapses)
