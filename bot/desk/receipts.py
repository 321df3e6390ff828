"""What a receipt keeps of a delivery or a reminder: the typed intent, without secrets."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.desk.deliveries import Due, Intent, Start
from bot.store.coding import Coding

REDACTED: Final = "redacted"
_INTENT: Final = Coding[Intent | Due](Intent | Due)


def record(intent: Intent | Due) -> str:
    """Return an intent as a receipt keeps it: with a response URL replaced."""
    if isinstance(intent, Start) and intent.response_url:
        intent = replace(intent, response_url=REDACTED)
    return _INTENT.dump(intent)


def try_recorded(event: str) -> Intent | Due | None:
    """Return the intent of a receipt, None if it is damaged or of another version."""
    return _INTENT.try_load(event)
