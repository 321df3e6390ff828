"""Which effects must stay in order with each other: all that go to the same place do."""

from __future__ import annotations

from bot.conversation.effects import Effect, Share, ShowCard, TellAgent


def conversation_of(effect: Effect) -> str:
    """Return the name of the line that an effect stands in."""
    match effect:
        case ShowCard() | TellAgent():
            return "agents"
        case Share(origin=origin):
            return f"share:{origin.channel}"
        case _:
            return f"dm:{effect.to.installation}:{effect.to.team}:{effect.to.user}"
