"""What a person can type in the DM besides an answer. Anything else is an answer or a problem."""

from __future__ import annotations

import re
from typing import Final

from bot.conversation.events import AskedForPerson, AskedWhy, Event, StartedOver, WentBack

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
