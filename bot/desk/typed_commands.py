"""What a person can type in the DM besides an answer. Anything else is an answer or a problem."""

from __future__ import annotations

import re
from typing import Final

from bot.conversation.events import AskedForPerson, AskedWhy, Event, PastedKey, Said, StartedOver, WentBack
from bot.conversation.typed_answers import normalized
from bot.reading.interruptions import asks_for_person
from bot.reading.lexicon import lexicon
from bot.reading.thanks import is_thanks
from policy import Policy

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


def command_of(text: str) -> Event | None:
    """Return the command that a text is, None where it is none. A person is asked for in many words."""
    said = normalized(text).rstrip("?").strip()
    if said in COMMANDS:
        return COMMANDS[said]
    return AskedForPerson() if asks_for_person(text) else None


def is_only_thanks(policy: Policy, text: str) -> bool:
    """Tell whether a text is thanks and the like, which change nothing; a product is nobody's name."""
    return is_thanks(text, lexicon(policy, None).names.pieces)


def event_of(text: str | None, message: str, at: str) -> Event:
    """Return what a text in the DM means while a question is open; None stands for a private key."""
    if text is None:
        return PastedKey(message)
    return command_of(text) or Said(text, message, at)
