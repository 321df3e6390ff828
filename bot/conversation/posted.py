"""Where a message is in Slack."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Posted:
    """A message's channel and timestamp, by which Slack finds it."""

    channel: str
    ts: str
