"""Slack's rate limit for messages: a burst into a channel, then one a second, else status 429."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from .seam import Outcome, Passage, Proceed, Way

if TYPE_CHECKING:
    from collections.abc import Callable

PACED = "chat.postMessage"


class Pacing:
    """Refuses messages posted too fast; `faults.append` puts it around every call.

    `refused` counts the refusals by channel. A channel's burst grows again by one every `seconds`.
    """

    def __init__(self, now: Callable[[], float], *, burst: int, seconds: float = 1.0) -> None:
        self._now = now
        self._burst = burst
        self._seconds = seconds
        self._left: defaultdict[str, tuple[float, float]] = defaultdict(lambda: (float(burst), now()))
        self.refused: Counter[str] = Counter()

    async def __call__(self, passage: Passage, proceed: Proceed) -> Outcome:
        """Let a call pass, or answer when to try again."""
        if passage.way is not Way.CALL or passage.name != PACED:
            return await proceed()
        channel, now = str(passage.content.get("channel")), self._now()
        left, since = self._left[channel]
        left = min(left + (now - since) / self._seconds, float(self._burst))
        if left < 1:
            self._left[channel] = (left, now)
            self.refused[channel] += 1
            wait = math.ceil((1 - left) * self._seconds)
            return Outcome(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(wait)})
        self._left[channel] = (left - 1, now)
        return await proceed()
