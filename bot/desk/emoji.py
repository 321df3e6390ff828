"""What an emoji on a card stands for."""

from __future__ import annotations

from bot.conversation.agent_actions import Claim, Deed, Mark, OfferOutcomes


def deed_of(emoji: str, *, on: bool) -> Deed | None:
    """Return the deed of an emoji that was put on a card, or taken off it; None where it stands for none."""
    match emoji, on:
        case "eyes", True:
            return Claim()
        case "rotating_light", urgent:
            return Mark(urgent)
        case "white_check_mark", True:
            return OfferOutcomes()
        case _:
            return None
