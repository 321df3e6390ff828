"""Say something at most once a minute, however often it happens."""

from __future__ import annotations

import time
from typing import Final

MINUTE: Final = 60.0


class OncePerMinute:
    """Count what happens, and tell when it is time to say so."""

    def __init__(self) -> None:
        self._next = 0.0
        self._number = 0

    def due(self) -> int:
        """Count one; return how many there were since it was last said if it may be said now, else 0."""
        self._number += 1
        now = time.monotonic()
        if now < self._next:
            return 0
        number, self._number, self._next = self._number, 0, now + MINUTE
        return number
