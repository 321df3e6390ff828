"""Tell people when a message does not get through: queued does not mean arrived.

This goes by the rows of the outbox, so it survives a restart. A requester hears that the agents do not get a
card or a message, an agent that the requester does not get a message: once, and once more when it arrives.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

import structlog

from bot import metrics
from bot.conversation.derive import Rules, contacts_of
from bot.conversation.effects import AddEntry, Effect, News, SendWords, ShowCard, Tell
from bot.conversation.files import PassFile, SendFile
from bot.conversation.handoff import WITH_AGENTS
from bot.conversation.thread_entries import Delivered, Heard, NotDelivered
from bot.desk.queueing import order_for
from bot.store import CARD, NOBODY, Overdue, Unit

LATE: Final = timedelta(minutes=10)
LOOKED_BACK: Final = timedelta(days=1)  # for effects that died while no process was running
AT_ONCE: Final = 50

log = structlog.get_logger("certdesk.outbox")


class Side(Enum):
    """Who does not get what somebody sent them."""

    AGENTS = auto()
    REQUESTER = auto()


def side_of(effect: Effect | None) -> Side | None:
    """Return whom a message between people is for, None for any other effect."""
    match effect:
        case ShowCard() | PassFile() | AddEntry(entry=Heard()):
            return Side.AGENTS
        case SendWords() | SendFile():
            return Side.REQUESTER
        case _:
            return None


def tell_overdue(unit: Unit, rules: Rules, at: datetime) -> int:
    """Tell people of effects that are late or dead and not reported yet; returns how many were looked at."""
    found = unit.delays.overdue(at - LATE, at - LOOKED_BACK, AT_ONCE)
    for overdue in found:
        unit.delays.noted(overdue.id, _notice(unit, rules, overdue, at))
    return len(found)


def tell_arrived(unit: Unit, effect_id: int, effect: Effect, case: int, at: datetime) -> None:
    """Tell whoever was told of a delay that everything has arrived, once it has."""
    notice = unit.delays.notice_of(effect_id)
    if notice is None or unit.delays.waiting(notice):
        return
    if unit.delays.take_back(notice, at):
        return  # the notice was never sent
    good = _good_news(unit, effect, case)
    if good is not None:
        unit.outbox.queue(order_for(good, case), at)


def _notice(unit: Unit, rules: Rules, overdue: Overdue, at: datetime) -> int:
    """Report an effect unless its sender knows; returns the notice, NOBODY if nobody is to be told."""
    side, number = side_of(overdue.effect), overdue.case
    if side is None or number is None:
        return NOBODY
    known = (notice for effect, notice in unit.delays.told_of(number) if side_of(effect) is side)
    if (shared := next(known, None)) is not None:
        return shared
    bad = _bad_news(unit, rules, overdue, number)
    if bad is None:
        return NOBODY
    to = side.name.lower()
    metrics.UNDELIVERED.labels(to).inc()
    log.error("undelivered", to=to, case=number, outbox=overdue.id, reason=overdue.error, dead=overdue.dead)
    return unit.outbox.queue(order_for(bad, number), at)


def _good_news(unit: Unit, effect: Effect, number: int) -> Effect | None:
    if isinstance(effect, SendWords | SendFile):
        return AddEntry(Delivered(effect.agent))
    case = unit.cases.get(number)
    is_theirs = case is not None and case.standing in WITH_AGENTS
    return Tell(case.person, News.REACHED, number) if case is not None and is_theirs else None


def _bad_news(unit: Unit, rules: Rules, overdue: Overdue, number: int) -> Effect | None:
    match overdue.effect:
        case SendWords(agent=agent) | SendFile(agent=agent):
            return AddEntry(NotDelivered(agent, overdue.error, overdue.dead))
        case ShowCard() if unit.places.of(number, CARD) is not None:
            return None  # they have been reached; they only do not see the latest
        case _:
            case = unit.cases.get(number)
            if case is None or case.standing not in WITH_AGENTS:
                return None
            return Tell(case.person, News.UNREACHED, number, contacts=contacts_of(rules, case))
