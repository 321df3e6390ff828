"""Deliver payloads to the app, wait for the acknowledgment as long as Slack does, and retry events."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from .organization import in_guise
from .seam import Around, Outcome, Passage, Way, pass_through
from .sockets import SocketMode
from .transport import Kind, Retry, SignedHttp
from .world import APP_ID, TEAM, World

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from .schema import Json

ACK_SECONDS: Final = 3.0
RETRY_SECONDS: Final = (1.0, 60.0, 300.0)
HTTP_OK: Final = range(200, 300)
HELD: Final = "held"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to deliver: what was sent, and how the app answered.

    `error` is None if all went well; `operation_timeout` or `dispatch_failed` if the app did not acknowledge;
    `held` if a fault holds it back until later; otherwise what is wrong with the app's answer.
    """

    kind: Kind
    name: str
    payload: dict[str, Any]
    acked: bool
    status: int | None
    response: Any
    elapsed: float
    error: str | None = None
    retry_num: int = 0


class Courier:
    """Delivers payloads to the app at `request_url`, or over Socket Mode if that is None."""

    def __init__(self, world: World, time_scale: float) -> None:
        self._world = world
        self._scale = time_scale
        self._tasks: set[asyncio.Task[Any]] = set()
        self.request_url: str | None = None
        self.socket_mode = SocketMode(world, self.later, world.seed or 0)
        self.http = SignedHttp(world)
        self.around: list[Around] = []
        self.deliveries: list[Delivery] = []

    @property
    def ack_seconds(self) -> float:
        """Return how long the app has to acknowledge."""
        return ACK_SECONDS * self._scale

    async def send(self, kind: Kind, body: Json, retry: Retry | None = None) -> Delivery:
        """Deliver once and wait for the acknowledgment."""
        body = in_guise(kind, body, self._world.guises)
        passage = Passage(Way.DELIVERY, _name(kind, body), body, retry.num if retry else 0)
        began = time.monotonic()
        outcome = await pass_through(self.around, passage, lambda: self._carry(kind, body, retry))
        return self._record(kind, passage, outcome, time.monotonic() - began)

    def _record(self, kind: Kind, passage: Passage, outcome: Outcome, elapsed: float) -> Delivery:
        acked = outcome.status in HTTP_OK if outcome.status is not None else False
        delivery = Delivery(
            kind=kind,
            name=passage.name,
            payload=dict(passage.content),
            acked=acked,
            status=outcome.status,
            response=outcome.body if acked else None,
            elapsed=elapsed,
            error=None if acked else _failure(outcome),
            retry_num=passage.attempt,
        )
        self.deliveries.append(delivery)
        self._world.ring()
        return delivery

    async def _carry(self, kind: Kind, body: Json, retry: Retry | None) -> Outcome:
        if self.request_url is None:
            return await self.socket_mode.send(kind, body, retry, self.ack_seconds)
        return await self.http.send(self.request_url, kind, body, retry, self.ack_seconds)

    async def event(self, event: Json, *, shared: bool = False) -> Delivery:
        """Deliver an event and wait for its first acknowledgment; without one, retry it later."""
        body = self._envelope(event, shared=shared)
        first = await self.send(Kind.EVENT, body)
        if not first.acked and first.error != HELD:
            self.later(self._repeat(body, first))
        return first

    async def rate_limited(self) -> Delivery:
        """Send `app_rate_limited`, which is not an event and has no envelope."""
        body: Json = {
            "token": self._world.verification_token,
            "type": "app_rate_limited",
            "team_id": TEAM,
            "minute_rate_limited": int(self._world.clock()) // 60 * 60,
            "api_app_id": APP_ID,
        }
        return await self.send(Kind.EVENT, body)

    async def _repeat(self, body: Json, last: Delivery) -> None:
        for num, delay in enumerate(RETRY_SECONDS, start=1):
            await asyncio.sleep(delay * self._scale)
            reason = "http_timeout" if last.error == "operation_timeout" else "http_error"
            last = await self.send(Kind.EVENT, body, Retry(num, reason))
            if last.acked or last.error == HELD:
                return

    def overdue(
        self, passage: Passage, wait: Callable[[], Awaitable[None]], retry: Retry | None = None
    ) -> None:
        """Deliver an event after a wait, bypassing every fault; without an acknowledgment, retry it."""
        self.later(self._overdue(passage, wait, retry))

    async def _overdue(
        self, passage: Passage, wait: Callable[[], Awaitable[None]], retry: Retry | None
    ) -> None:
        await wait()
        body = dict(passage.content)
        arriving = replace(passage, attempt=retry.num if retry else passage.attempt)
        mark = retry or (Retry(passage.attempt, "http_error") if passage.attempt else None)
        began = time.monotonic()
        outcome = await self._carry(Kind.EVENT, body, mark)
        delivery = self._record(Kind.EVENT, arriving, outcome, time.monotonic() - began)
        if not delivery.acked:
            await self._repeat(body, delivery)

    def later(self, work: Any) -> None:  # noqa: ANN401 - any coroutine
        """Run something in the background until the stand-in stops."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _envelope(self, event: Json, *, shared: bool) -> Json:
        return {
            "token": self._world.verification_token,
            "team_id": TEAM,
            "context_team_id": TEAM,
            "context_enterprise_id": None,
            "api_app_id": APP_ID,
            "event": event,
            "type": "event_callback",
            "event_id": "Ev0" + self._world.ids.hex(5).upper(),
            "event_time": int(self._world.clock()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": TEAM,
                    "user_id": self._world.bot,
                    "is_bot": True,
                    "is_enterprise_install": False,
                },
            ],
            "is_ext_shared_channel": shared,
            "event_context": "4-" + self._world.ids.text(24),
        }

    async def close(self) -> None:
        """Cancel pending retries and close every connection."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.socket_mode.close()
        await self.http.close()


def _failure(outcome: Outcome) -> str:
    if outcome.body == HELD and outcome.status is None:
        return HELD
    return "operation_timeout" if outcome.body == "timeout" else "dispatch_failed"


def _name(kind: Kind, body: Json) -> str:
    match kind:
        case Kind.EVENT:
            event = body.get("event", {})
            return str(event.get("subtype") or event.get("type") or body.get("type"))
        case Kind.COMMAND:
            return str(body["command"])
        case Kind.INTERACTION:
            return str(body["type"])
