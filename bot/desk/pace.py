"""How fast effects may be sent: a short burst into each channel, then one after each pause."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Final

from bot.conversation.effects import Effect
from bot.store import FILES, LISTS

MOST_AT_ONCE: Final = {FILES: 1, LISTS: 2}  # in a process: each takes much memory and CPU


@dataclass(frozen=True, slots=True)
class SendOptions:
    """How fast to go: `pace` seconds between messages into one channel, after a `burst`.

    `random` varies the pauses, `methods` names the Web API methods that an effect may call, `ready` tells
    whether anything can be sent at all.
    """

    pace: float = 0.0
    burst: int = 1
    random: Random = field(default_factory=Random)
    methods: Callable[[Effect], frozenset[str]] = lambda _: frozenset()
    ready: Callable[[], bool] = lambda: True


class Pace:
    """Count the messages into each channel: `seconds` apart, after a `burst`.

    `now` is a clock that does not jump. Only one moment is kept for each channel: when all its messages would
    have been sent at an even pace.
    """

    def __init__(self, seconds: float, burst: int, now: Callable[[], float]) -> None:
        self._seconds = seconds
        self._ahead = (burst - 1) * seconds
        self._now = now
        self._even: dict[str, float] = {}

    def room(self, channel: str) -> int:
        """Return how many messages may go into a channel now."""
        if not self._seconds:
            return sys.maxsize
        ahead = max(self._even.get(channel, 0.0) - self._now(), 0.0)
        return max(int((self._ahead - ahead) // self._seconds) + 1, 0)

    def count(self, channel: str) -> None:
        """Count a message that is being sent."""
        now = self._now()
        self._even = {known: even for known, even in self._even.items() if even > now}
        self._even[channel] = max(self._even.get(channel, now), now) + self._seconds

    def slow_down(self, channel: str, seconds: float) -> bool:
        """Pause a channel if Slack refuses a message right after a burst; returns whether that was why."""
        now = self._now()
        if self._even.get(channel, now) <= now + self._seconds:
            return False
        self._even[channel] = now + seconds + self._ahead
        return True

    def full(self) -> list[str]:
        """Return the channels into which nothing may go now."""
        return [channel for channel in self._even if not self.room(channel)]

    def wait(self) -> float | None:
        """Return the seconds until the first full channel takes a message, None if none is full."""
        full = [self._even[channel] for channel in self.full()]
        return max(min(full) - self._ahead - self._now(), 0.0) if full else None
