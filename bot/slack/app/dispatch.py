"""From a payload to its listener: one look into a table, behind Bolt's own checks.

Bolt would ask one listener after the other, and gather thirty arguments for each: as much work again as all
that a listener does before it hands the payload to the desk.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.slack.inbound.fields import part, text

Body = dict[str, Any]
Listener = Callable[[AsyncAck, Body], Awaitable[None]]

EVENT: Final = "event_callback"
COMMAND: Final = "command"  # a slash command has no type of its own
ANY: Final = "*"  # of the events that no other listener takes


class Dispatch(AsyncMiddleware):
    """The last middleware: hand a payload to its listener, and return what that acknowledged with.

    `interactions` are listeners by the payload's type, `events` by the event's. `first` sees each payload
    before them, and may answer it.
    """

    def __init__(
        self,
        interactions: Mapping[str, Listener],
        events: Mapping[str, Listener],
        first: Callable[[Body], BoltResponse | None],
    ) -> None:
        self._interactions = interactions
        self._events = events
        self._first = first

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002  Bolt's name
    ) -> BoltResponse | None:
        """Answer a payload; one that has no listener goes on to Bolt, which says so."""
        body: Body = req.body
        answer = self._first(body)
        if answer is not None:
            return answer
        listener = self.listener_of(body)
        if listener is None:
            return await next()
        ack = req.context.ack
        await listener(ack, body)
        return ack.response or resp

    def listener_of(self, body: Body) -> Listener | None:
        """Return who takes a payload, None where nobody does."""
        kind = text(body, "type")
        if kind == EVENT:
            event = text(part(body, "event"), "type")
            return self._events.get(event, self._events[ANY]) if event else None
        if kind:
            return self._interactions.get(kind)
        return self._interactions[COMMAND] if text(body, COMMAND).startswith("/") else None
