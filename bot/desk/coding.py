"""What a receipt keeps of a delivery: the typed intent, less what must not lie around."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.desk.intents import Intent, Start
from bot.store.coding import Coding

REDACTED: Final = "redacted"
_INTENT: Final = Coding[Intent](Intent)


def record(intent: Intent) -> str:
    """Return an intent as a receipt keeps it: that there was an address to answer at, but not which."""
    if isinstance(intent, Start) and intent.response_url:
        intent = replace(intent, response_url=REDACTED)
    return _INTENT.dump(intent)


def recorded(event: str) -> Intent:
    """Return the intent that a receipt keeps. Raises pydantic's ValidationError where it keeps none."""
    return _INTENT.load(event)
