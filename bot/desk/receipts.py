"""What a receipt keeps of a delivery, or of a moment: the typed intent, less what must not lie around."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.desk.deliveries import Due, Intent, Start
from bot.store.coding import Coding

REDACTED: Final = "redacted"
_INTENT: Final = Coding[Intent | Due](Intent | Due)


def record(intent: Intent | Due) -> str:
    """Return an intent as a receipt keeps it: that there was an address to answer at, but not which."""
    if isinstance(intent, Start) and intent.response_url:
        intent = replace(intent, response_url=REDACTED)
    return _INTENT.dump(intent)


def recorded(event: str) -> Intent | Due:
    """Return the intent that a receipt keeps. Raises pydantic's ValidationError where it keeps none."""
    return _INTENT.load(event)


def try_recorded(event: str) -> Intent | Due | None:
    """Return the intent that a receipt keeps, None where it is damaged, or of another version."""
    return _INTENT.try_load(event)
