"""How an effect is queued: in which line it waits, what may replace it, and how long it is of use."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot.conversation.effects import (
    AddEntry,
    AnswerMention,
    ChangeEntry,
    Effect,
    Invite,
    SendWords,
    Share,
    ShowCard,
    TakeAway,
    TellAgent,
    Update,
)
from bot.conversation.files import AnswerList, LookAtFile, PassFile, SendFile
from bot.conversation.people import Person
from bot.conversation.reminders import BEGUN_AFTER
from bot.conversation.thread_entries import Alarm, Heard, Opening, OutcomeButtons
from bot.store import AGENTS, CARD, DRAWN, ENTRY, FILES, LISTS, UPDATE, Order

# A reply that comes days late does harm; what agents must act on is better late than never.
REPLY_LIVES: Final = timedelta(days=1)
KEPT: Final = (ShowCard, Update, AddEntry, ChangeEntry, SendWords, PassFile, SendFile, LookAtFile, AnswerList)
# What somebody waits for goes into the agents' channel first. The rest waits this much longer at most.
CARD_WAITS: Final = timedelta(minutes=1)
MOVE_WAITS: Final = timedelta(minutes=2)
ALARM_WAITS: Final = timedelta(minutes=3)
TOLD_ONCE_IN: Final = timedelta(minutes=1)  # however often a button is clicked


def order_for(effect: Effect, case: int | None) -> Order:
    """Return how to queue an effect."""
    return Order(
        conversation_of(effect, case),
        effect,
        case,
        _merge_key(effect),
        _lives(effect),
        pace=_pace(effect, case),
        patience=_patience(effect),
        once=TOLD_ONCE_IN if isinstance(effect, TellAgent) else None,
    )


def conversation_of(effect: Effect, case: int | None) -> str:
    """Return the line that an effect waits in: one for each person, and one for each card's thread."""
    match effect:
        case AddEntry(entry=Opening() | Heard(early=True)) | ChangeEntry(entry=Opening() | Heard(early=True)):
            return f"{AGENTS}:{case}:opening"  # earlier messages must not delay new ones
        case ShowCard() | AddEntry() | ChangeEntry():
            return f"{AGENTS}:{case}"
        case PassFile() | SendFile() | LookAtFile():
            return f"{FILES}:{case}"  # a large file must not delay messages
        case AnswerMention(to=to) | Invite(to=to, by_dm=False):
            return f"mention:{to.installation}:{to.user}"  # a closed channel must not delay the DM
        case AnswerList(to=to):
            return f"{LISTS}:{to.installation}:{to.user}"  # one at a time; no message waits
        case TellAgent(to=to):
            return f"agent:{to.installation}:{to.user}"
        case Share(origin=origin):
            return f"share:{origin.channel}"
        case _:
            return dm_of(effect.to)


def dm_of(person: Person) -> str:
    """Return the line of everything that goes to one person."""
    return f"dm:{person.installation}:{person.user}"


def _pace(effect: Effect, case: int | None) -> str | None:
    """Return the channel whose pace an effect waits for.

    Slack counts neither redrawn messages nor those that only one person sees.
    """
    match effect:
        case Update() | ChangeEntry() | TellAgent() | AnswerMention() | TakeAway() | Invite(by_dm=False):
            return None
        case PassFile() | SendFile() | LookAtFile():
            return FILES
        case AnswerList():
            return LISTS
        case ShowCard() | AddEntry():
            return AGENTS
        case _:
            return conversation_of(effect, case)


def _patience(effect: Effect) -> timedelta:
    """Return how much longer an effect may wait than a person's message or click."""
    match effect:
        case AddEntry(entry=Heard(early=True)):
            return MOVE_WAITS
        case PassFile() | AddEntry(entry=Heard() | OutcomeButtons()):
            return timedelta()
        case AddEntry(entry=Alarm()):
            return ALARM_WAITS
        case AddEntry():
            return MOVE_WAITS
        case ShowCard():
            return CARD_WAITS
        case _:
            return timedelta()


def _merge_key(effect: Effect) -> str | None:
    match effect:
        case Update(slot=slot):
            return f"{UPDATE}:{slot}"
        case ChangeEntry(slot=slot):
            return f"{ENTRY}:{slot}"
        case ShowCard():
            return f"{DRAWN}:{CARD}"
        case TellAgent(to=to, card=card, why=why):
            since = card.handoff.claimed_at
            return f"tell:{to.user}:{why}:{int(since.timestamp()) if since else 0}"
        case _:
            return None


def _lives(effect: Effect) -> timedelta | None:
    """Return how long an effect is of use, None if it is better late than never."""
    match effect:
        case Invite(by_dm=False):
            return BEGUN_AFTER  # from then on it is said in the DM
        case _:
            return None if isinstance(effect, KEPT) else REPLY_LIVES
