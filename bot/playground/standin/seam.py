"""The seam through which every Web API call and delivery passes, where faults are injected."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Way(StrEnum):
    """The direction in which something passes."""

    CALL = "call"
    DELIVERY = "delivery"
    RESPONSE_URL = "response_url"


@dataclass(frozen=True, slots=True)
class Passage:
    """What passes: a Web API call (by method), a delivery (by type) or a post to a `response_url`.

    `attempt` is the number in Slack's retry headers: 0 for the first attempt.
    """

    way: Way
    name: str
    content: Mapping[str, Any]
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class Raw:
    """A body to send as it is; with `seconds`, byte by byte for that long, and never completely."""

    data: bytes
    content_type: str
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended, in HTTP's terms; the status is None if the other side never answered."""

    status: int | None
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


Proceed = Callable[[], Awaitable[Outcome]]
Around = Callable[[Passage, Proceed], Awaitable[Outcome]]


async def pass_through(around: Sequence[Around], passage: Passage, proceed: Proceed) -> Outcome:
    """Run `proceed` wrapped in the functions, the first of them outermost."""
    if not around:
        return await proceed()
    first, *rest = around
    return await first(passage, lambda: pass_through(rest, passage, proceed))
