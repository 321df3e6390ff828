"""How fast effects may go: into each channel a short burst, then one after each pause."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Final

from bot.conversation.effects import Effect
from bot.store import FILES, LISTS

MOST_AT_ONCE: Final = {FILES: 1, LISTS: 2}  # in a process: each takes memory and a processor


@dataclass(frozen=True, slots=True)
class Manners:
    """How fast to go: seconds between messages into one channel, once `burst` have gone at once.

    `random` is the chance in the pauses, `methods` names what an effect may call, `ready` tells whether
    anything can be sent at all.
    """

    pace: float = 0.0
    burst: int = 1
    random: Random = field(default_factory=Random)
    methods: Callable[[Effect], frozenset[str]] = lambda _: frozenset()
    ready: Callable[[], bool] = lambda: True


class Pace:
    """Count the messages of each channel. `seconds` lie between two, once `burst` have gone at once.

    `now` is a clock that does not jump. Of each channel only one moment is kept: when all that was sent would
    have been sent at an even pace.
    """

    def __init__(self, seconds: float, burst: int, now: Callable[[], float]) -> None:
        self._seconds = seconds
        self._ahead = (burst - 1) * seconds
        self._now = now
        self._even: dict[str, float] = {}

    def room(self, channel: str) -> int:
        """Return how many messages a channel takes now."""
        if not self._seconds:
            return sys.maxsize
        ahead = max(self._even.get(channel, 0.0) - self._now(), 0.0)
        return max(int((self._ahead - ahead) // self._seconds) + 1, 0)

    def count(self, channel: str) -> None:
        """Count a message that is sent now."""
        now = self._now()
        self._even = {known: even for known, even in self._even.items() if even > now}
        self._even[channel] = max(self._even.get(channel, now), now) + self._seconds

    def slow_down(self, channel: str, seconds: float) -> bool:
        """Let a channel rest where Slack refuses a message of its burst; returns whether that was why."""
        now = self._now()
        if self._even.get(channel, now) <= now + self._seconds:
            return False
        self._even[channel] = now + seconds + self._ahead
        return True

    def full(self) -> list[str]:
        """Return the channels into which nothing may go now."""
        return [channel for channel in self._even if not self.room(channel)]

    def wait(self) -> float | None:
        """Return how long until one of the full channels takes a message, None where none is full."""
        full = [self._even[channel] for channel in self.full()]
        return max(min(full) - self._ahead - self._now(), 0.0) if full else None
