"""The one seam through which every Web API call and every delivery passes: the place for faults."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Way(StrEnum):
    """Which way something passes."""

    CALL = "call"
    DELIVERY = "delivery"
    RESPONSE_URL = "response_url"


@dataclass(frozen=True, slots=True)
class Passage:
    """What passes: a Web API call (by method), a delivery (by type) or a post to a `response_url`.

    `attempt` counts what Slack's retry headers count: 0 is the first.
    """

    way: Way
    name: str
    content: Mapping[str, Any]
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class Raw:
    """A body to be sent as it is; with `seconds` a byte at a time, for so long, and never whole."""

    data: bytes
    content_type: str
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended, as HTTP tells it; status None: the other side never answered."""

    status: int | None
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


Proceed = Callable[[], Awaitable[Outcome]]
Around = Callable[[Passage, Proceed], Awaitable[Outcome]]


async def pass_through(around: Sequence[Around], passage: Passage, proceed: Proceed) -> Outcome:
    """Let each function, the first outermost, do what it wants around the real thing."""
    if not around:
        return await proceed()
    first, *rest = around
    return await first(passage, lambda: pass_through(rest, passage, proceed))
