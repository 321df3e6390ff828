"""Names of people in place of the user ids in a message."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from bot.desk.deliveries import Intent, Mention, Rewrite, Write
from bot.store import Unit

_NAMED: Final = re.compile(r"(?<![\w@])@([UW][A-Z0-9]{2,20})(?![\w])")


def with_names(unit: Unit, installation: str, intent: Intent) -> Intent:
    """Return what somebody wrote, with names in place of the user ids that are known."""
    match intent:
        case Write(text=str(text)) | Mention(text=str(text)) | Rewrite(text=str(text)):
            users = set(_NAMED.findall(text))
            names = unit.accounts(installation).names(users) if users else {}
            words = _NAMED.sub(lambda found: f"@{names.get(found[1], found[1])}", text)
            return replace(intent, text=words) if words != text else intent
        case _:
            return intent
