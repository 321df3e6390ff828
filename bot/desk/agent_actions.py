"""What agents do, one transaction each. Anybody else, and any message but the case's own card, is refused."""

from __future__ import annotations

from collections.abc import Callable

from bot.conversation.agent_move import Form
from bot.conversation.agent_moves import (
    AGENT_MOVES,
    AnyAgentMove,
    Duplicate,
    Reassign,
    move_by_emoji,
    why_not,
)
from bot.conversation.case import Case
from bot.conversation.derive import Snapshot
from bot.conversation.effects import TellAgent
from bot.conversation.events import AgentMoved, Event, Stopped
from bot.conversation.handoff import WITH_AGENTS
from bot.conversation.people import Account, Kind, Person, Posted
from bot.desk.deliveries import Handle, Membership, Prepare, React, Spot, StopReminder
from bot.desk.results import Noted, Prepared, Refusal, Refused, Reply
from bot.desk.transaction import Transaction
from bot.store import CARD


def handle(transaction: Transaction, wanted: Handle) -> Reply:
    """Make a move."""
    return _move(transaction, wanted.case, wanted.spot, wanted.move)


def stop_reminder(transaction: Transaction, wanted: StopReminder) -> Reply:
    """Stop a reminder."""
    return _by_agent(transaction, wanted.case, wanted.spot, lambda _: Stopped(wanted.reminder))


def prepare(transaction: Transaction, wanted: Prepare) -> Reply:
    """Return the form of a move, if the move is allowed now."""
    case = _for_agent(transaction, wanted.case, wanted.spot)
    if isinstance(case, Refused):
        return case
    move, agent = AGENT_MOVES.get(wanted.move), transaction.known.person
    at = Snapshot.of(transaction.rules, case, transaction.now_of(case))
    transaction.unit.receipts.assign(transaction.key, case.number, changed=False)
    if move is None or move.form is None:
        return Noted(case.number)
    if why := why_not(at, agent, move):
        return transaction.queue(TellAgent(agent, at.card, why), case.number)
    agents = transaction.unit.agents.all(agent.installation) if move.form is Form.COLLEAGUE else []
    return Prepared(move, at.card, tuple(agents))


def react(transaction: Transaction, reaction: React) -> Reply:
    """Make the move that an emoji stands for on a card. On any other message it stands for nothing."""
    move = move_by_emoji(reaction.emoji, on=reaction.on)
    number = transaction.unit.places.case_at(Posted(reaction.spot.channel, reaction.spot.ts), CARD)
    if move is None or number is None:
        return Noted()
    return _move(transaction, number, reaction.spot, move)


def membership(transaction: Transaction, change: Membership) -> Noted | Refused:
    """Note that somebody joined or left the agents' channel; only a known person becomes an agent."""
    person = transaction.known.person
    if change.channel != transaction.agents:
        return Noted()
    if not change.member:
        transaction.unit.agents.remove(person.installation, person.user)
    elif transaction.known.kind is Kind.PERSON:
        transaction.unit.agents.add(person.installation, person.user, transaction.now.at)
    elif transaction.known.kind is None:
        return Refused(Refusal.NOT_AN_AGENT)
    return Noted()


def deactivated(transaction: Transaction) -> Noted:
    """Note that an account was deactivated: its owner is no longer an agent."""
    person = transaction.known.person
    gone = Account(person.user, Kind.DEACTIVATED)
    transaction.unit.accounts(person.installation).learned(gone, transaction.now.at)
    transaction.unit.agents.remove(person.installation, person.user)
    return Noted()


def _move(transaction: Transaction, number: int, spot: Spot | None, move: AnyAgentMove) -> Reply:
    if isinstance(move, Reassign) and not transaction.unit.agents.has(move.to.installation, move.to.user):
        return Refused(Refusal.NO_SUCH_AGENT, number)
    if isinstance(move, Duplicate):
        original = _original(transaction, number, move.original)
        if isinstance(original, Refused):
            return original
        move = original
    return _by_agent(transaction, number, spot, lambda agent: AgentMoved(agent, move))


def _original(transaction: Transaction, number: int, original: int) -> Duplicate | Refused:
    """Return the move with the case that continues: another one of this installation, with the agents."""
    case, duplicate = transaction.unit.cases.get(original), transaction.unit.cases.get(number)
    home = transaction.known.person.installation
    if case is None or duplicate is None or original == number or case.person.installation != home:
        return Refused(Refusal.NO_SUCH_ORIGINAL, number)
    if case.standing not in WITH_AGENTS:
        return Refused(Refusal.NO_SUCH_ORIGINAL, number)
    return Duplicate(original, theirs=case.person == duplicate.person)


def _by_agent(
    transaction: Transaction, number: int, spot: Spot | None, event: Callable[[Person], Event]
) -> Reply:
    case = _for_agent(transaction, number, spot)
    if isinstance(case, Refused):
        return case
    transaction.apply(case, event(transaction.known.person))
    return Noted(case.number)


def _for_agent(transaction: Transaction, number: int, spot: Spot | None) -> Case | Refused:
    """Return the case if the person is an agent and clicked on its own card; else why it is refused.

    No spot means App Home or a form, which nobody else sees.
    """
    case, person = transaction.unit.cases.get(number), transaction.known.person
    if not transaction.unit.agents.has(person.installation, person.user):
        return Refused(Refusal.NOT_AN_AGENT, number)
    if case is None or case.person.installation != person.installation:
        return Refused(Refusal.NO_SUCH_CASE, number)
    if spot is not None and not _is_card(transaction, number, spot):
        return Refused(Refusal.NOT_THE_CARD, number)
    return case


def _is_card(transaction: Transaction, number: int, spot: Spot) -> bool:
    """Tell whether a message is the case's card or in the card's thread.

    If Slack never confirmed that the card was posted, this click does, so that it is not posted again.
    """
    card = transaction.unit.places.of(number, CARD)
    if card is None and spot.thread is None and spot.ts and spot.channel == transaction.agents:
        transaction.unit.places.note(number, CARD, Posted(spot.channel, spot.ts))
        return True
    return card == Posted(spot.channel, spot.thread or spot.ts)
