"""What agents do, one transaction each: who is none, or has another card before them, changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bot.conversation.accounts import Kind
from bot.conversation.agent_actions import Deed, Reassign
from bot.conversation.agent_moves import allowed
from bot.conversation.case import Case
from bot.conversation.derive import card_of
from bot.conversation.effects import TellAgent
from bot.conversation.events import Dealt, Event, Stopped
from bot.conversation.handoff import Move
from bot.conversation.people import Person
from bot.desk.deliveries import (
    Form,
    Handle,
    Hush,
    Membership,
    Noted,
    Prepare,
    Prepared,
    React,
    Refusal,
    Refused,
    Reply,
    Spot,
)
from bot.desk.emoji import deed_of
from bot.desk.transaction import Room
from bot.store import CARD, Posted

FORM_MOVES: Final = {Form.REPLY: Move.REPLY, Form.ASK: Move.ASK, Form.REASSIGN: Move.REASSIGN}


def handle(room: Room, wanted: Handle) -> Reply:
    """Do a deed."""
    return _deal(room, wanted.case, wanted.spot, wanted.deed)


def hush(room: Room, wanted: Hush) -> Reply:
    """Stop a reminder."""
    return _by_agent(room, wanted.case, wanted.spot, lambda _: Stopped(wanted.reminder))


def prepare(room: Room, wanted: Prepare) -> Reply:
    """Return a form, where what it is for may be done."""
    case = _for_agent(room, wanted.case, wanted.spot)
    if isinstance(case, Refused):
        return case
    agent, card = room.known.person, card_of(room.rules, case, room.now_of(case))
    room.unit.file(room.key, case.number, changed=False)
    if why := allowed(case, agent, FORM_MOVES[wanted.form]):
        return room.queue(TellAgent(agent, card, why), case.number)
    agents = room.unit.agents.all(agent.installation) if wanted.form is Form.REASSIGN else []
    return Prepared(wanted.form, card, tuple(agents))


def react(room: Room, reaction: React) -> Reply:
    """Do what an emoji on a card stands for; on any other message it stands for nothing."""
    deed = deed_of(reaction.emoji, on=reaction.on)
    number = room.unit.case_at(Posted(reaction.spot.channel, reaction.spot.ts), CARD)
    if deed is None or number is None:
        return Noted()
    return _deal(room, number, reaction.spot, deed)


def membership(room: Room, change: Membership) -> Noted | Refused:
    """Take note that somebody is an agent now, or no longer. Who may be a bot is none."""
    person = room.known.person
    if change.channel != room.agents:
        return Noted()
    if not change.member:
        room.unit.agents.remove(person.installation, person.user)
    elif room.known.kind is Kind.PERSON:
        room.unit.agents.add(person.installation, person.user, room.now.at)
    elif room.known.kind is None:
        return Refused(Refusal.NOT_AN_AGENT)
    return Noted()


def _deal(room: Room, number: int, spot: Spot | None, deed: Deed) -> Reply:
    if isinstance(deed, Reassign) and not room.unit.agents.has(deed.to.installation, deed.to.user):
        return Refused(Refusal.NO_SUCH_AGENT, number)
    return _by_agent(room, number, spot, lambda agent: Dealt(agent, deed))


def _by_agent(room: Room, number: int, spot: Spot | None, event: Callable[[Person], Event]) -> Reply:
    case = _for_agent(room, number, spot)
    if isinstance(case, Refused):
        return case
    room.happens(case, event(room.known.person))
    return Noted(case.number)


def _for_agent(room: Room, number: int, spot: Spot | None) -> Case | Refused:
    """Return the case for an agent, who must be one, and have its own card before them.

    Without a spot it is their App Home, or a form, which nobody else sees.
    """
    case, person = room.unit.case(number), room.known.person
    if not room.unit.agents.has(person.installation, person.user):
        return Refused(Refusal.NOT_AN_AGENT, number)
    if case is None or case.person.installation != person.installation:
        return Refused(Refusal.NO_SUCH_CASE, number)
    if spot is not None and not _is_card(room, number, spot):
        return Refused(Refusal.NOT_THE_CARD, number)
    return case


def _is_card(room: Room, number: int, spot: Spot) -> bool:
    """Tell whether a message is the case's card, or stands in its thread.

    Where Slack did not say that it posted the card, this click does: it must not be posted again.
    """
    card = room.unit.placed(number, CARD)
    if card is None and spot.thread is None and spot.ts and spot.channel == room.agents:
        room.unit.place(number, CARD, Posted(spot.channel, spot.ts))
        return True
    return card == Posted(spot.channel, spot.thread or spot.ts)
