"""What a person can type in the DM besides an answer. Anything else is an answer or a problem."""

from __future__ import annotations

import re
from typing import Final

from bot.conversation.events import AskedForPerson, AskedWhy, Event, PastedKey, Said, StartedOver, WentBack
from bot.conversation.typed_answers import normalized

COMMANDS: Final[dict[str, Event]] = {
    "back": WentBack(),
    "go back": WentBack(),
    "why": AskedWhy(),
    "why do you ask": AskedWhy(),
    "start over": StartedOver(),
    "restart": StartedOver(),
    "agent": AskedForPerson(),
    "person": AskedForPerson(),
    "human": AskedForPerson(),
}
HELP: Final = frozenset({"help", "commands"})
CASES: Final = frozenset({"cases", "my cases"})
NEW: Final = frozenset({"new", "start", "new case"})
CASE: Final = re.compile(r"c ?-? ?([0-9]{1,12})")
THANKS: Final = frozenset(
    {"thanks", "thank you", "thx", "ty", "ok", "okay", "great", "cool", "perfect", "bye", "got it", "cheers"}
)


def event_of(text: str | None, message: str, at: str) -> Event:
    """Return what a text in the DM means while a question is open; None stands for a private key."""
    if text is None:
        return PastedKey(message)
    said = normalized(text).rstrip("?").strip()
    return COMMANDS.get(said, Said(text, message, at))
