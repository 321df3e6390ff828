"""What a receipt keeps of a delivery: the typed intent, less what must not lie around."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.desk.intents import Intent, Start
from bot.store.coding import Coding

_INTENT: Final = Coding[Intent](Intent)


def record(intent: Intent) -> str:
    """Return an intent as a receipt keeps it: without the address at which anybody could answer."""
    if isinstance(intent, Start):
        intent = replace(intent, response_url=None)
    return _INTENT.dump(intent)
