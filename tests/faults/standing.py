"""What can be seen in Slack, and whether it stands as often as it should."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.playground.standin import Fault, Message, text_of

if TYPE_CHECKING:
    from tests.faults.simulator import Simulator

MARK: Final = "Sent again:"


def stands(sim: Simulator, message: Message) -> bool:
    """Tell whether a message can be seen: the thread of a card that was deleted is gone with it."""
    return not message.is_reply or message.thread_ts in sim.slack.world.messages[message.channel]


def count_problem(sim: Simulator, found: list[Message], wanted: int) -> str:
    """Return how often something stands that should once, or never; empty where it does.

    Where the first was hidden from the bot it stands again, and says so.
    """
    unmarked = [m for m in found if MARK not in text_of(m)]
    if len(unmarked) > wanted or (not wanted and found):
        return f"{len(unmarked)} times"
    if wanted and not found and not deleting(sim):
        return "nowhere"
    return ""


def deleting(sim: Simulator) -> bool:
    """Tell whether messages were deleted behind the bot's back."""
    return any(fault is Fault.TARGET_GONE for _, fault in sim.slack.faults.counts)
