"""How an effect is queued: in which line it stands, what may take its place, how long it is of use."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot.conversation.effects import (
    AddEntry,
    ChangeEntry,
    Effect,
    SendWords,
    Share,
    ShowCard,
    TellAgent,
    Update,
)
from bot.store import CARD, ENTRY, REDRAWS, UPDATE, Order

# A reply that comes days late does harm; what agents must do something about is late better than never.
REPLY_LIVES: Final = timedelta(days=1)
KEPT: Final = (ShowCard, Update, AddEntry, ChangeEntry, SendWords)


def order_for(effect: Effect, case: int | None) -> Order:
    """Return how to queue an effect."""
    return Order(conversation_of(effect), effect, case, _merge_key(effect), _lives(effect))


def conversation_of(effect: Effect) -> str:
    """Return the name of the line that an effect stands in: all that goes to the same place does."""
    match effect:
        case ShowCard() | TellAgent() | AddEntry() | ChangeEntry():
            return "agents"
        case Share(origin=origin):
            return f"share:{origin.channel}"
        case _:
            return f"dm:{effect.to.installation}:{effect.to.user}"


def is_message(effect: Effect) -> bool:
    """Tell whether an effect is a message of its own; a redrawn one does not count for Slack's pace."""
    kind, _, _ = (_merge_key(effect) or "").partition(":")
    return kind not in REDRAWS


def _merge_key(effect: Effect) -> str | None:
    match effect:
        case Update(slot=slot):
            return f"{UPDATE}:{slot}"
        case ChangeEntry(slot=slot):
            return f"{ENTRY}:{slot}"
        case ShowCard():
            return f"card:{CARD}"
        case _:
            return None


def _lives(effect: Effect) -> timedelta | None:
    """Return how long an effect is of use; what passes between people is late better than never."""
    return None if isinstance(effect, KEPT) else REPLY_LIVES
