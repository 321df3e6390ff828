"""Apply a fault to what passes: a call, a post to a response URL, or a delivery."""

from __future__ import annotations

import asyncio
import contextlib
import math
from typing import TYPE_CHECKING, Final

from .courier import HELD
from .fault_kinds import EVENTS, Fault, Rule
from .fault_targets import take_away, target_of
from .proxy import Proxy, answer
from .seam import Outcome, Passage, Proceed, Way
from .transport import Retry

if TYPE_CHECKING:
    from .hub import Hub

HOUR: Final = 3600
LAST_RETRY: Final = Retry(3, "http_timeout")


class FaultEffects:
    """Applies each kind of fault."""

    def __init__(self, hub: Hub, time_scale: float) -> None:
        self._hub = hub
        self._scale = time_scale
        self._over = asyncio.Event()
        self._next = asyncio.Event()
        self._proxied = 0

    def passed(self) -> None:
        """Release what was held until the delivery that has just passed."""
        self._next.set()
        self._next = asyncio.Event()

    def let_go(self) -> None:
        """End every wait in progress."""
        self._over.set()
        self._over = asyncio.Event()
        self.passed()

    async def act(self, rule: Rule, passage: Passage, proceed: Proceed) -> Outcome:
        """Apply a fault to what passes, and return how it ended."""
        if rule.fault is Fault.TARGET_GONE:
            take_away(self._hub, target_of(self._hub.world, passage))
            return await proceed()
        if passage.way is Way.DELIVERY:
            return await self._deliver(rule, passage, proceed)
        return await self._answer(rule, proceed)

    async def _answer(self, rule: Rule, proceed: Proceed) -> Outcome:
        match rule.fault:
            case Fault.RATE_LIMITED:
                return Outcome(429, _no("ratelimited"), _retry_after(rule))
            case Fault.RATE_LIMITED_200:
                return Outcome(200, _no("ratelimited"))
            case Fault.TOKEN_REVOKED:
                return Outcome(200, _no("token_revoked"))
            case Fault.REFUSED:
                return Outcome(200, _no(rule.error))
            case Fault.PROXY | Fault.PROXY_AFTER:
                return await self._proxy(rule, proceed)
            case Fault.DELAYED:
                await self._wait(self._over, rule)
                return await proceed()
            case _:
                return await self._fail(rule, proceed)

    async def _proxy(self, rule: Rule, proceed: Proceed) -> Outcome:
        """Answer as a proxy would, before or after the call is done."""
        real = (await proceed()).body if rule.fault is Fault.PROXY_AFTER else None
        chosen = rule.proxy or list(Proxy)[self._proxied % len(Proxy)]
        self._proxied += rule.proxy is None
        return answer(chosen, real, rule.seconds * self._scale)

    async def _fail(self, rule: Rule, proceed: Proceed) -> Outcome:
        """Fail without an answer from Slack, before or after the call is done."""
        if rule.fault in {Fault.SERVER_ERROR_AFTER, Fault.BROKEN_AFTER, Fault.TIMEOUT_AFTER}:
            await proceed()
        if rule.fault in {Fault.SERVER_ERROR, Fault.SERVER_ERROR_AFTER}:
            return Outcome(500, "Internal Server Error")
        if rule.fault in {Fault.TIMEOUT, Fault.TIMEOUT_AFTER}:
            await self._wait(self._over, rule)
        return Outcome(None)

    async def _deliver(self, rule: Rule, passage: Passage, proceed: Proceed) -> Outcome:
        match rule.fault:
            case Fault.BROKEN:
                return Outcome(None, "connection_failed")
            case Fault.TIMEOUT:
                return Outcome(None, "timeout")
            case Fault.BROKEN_AFTER:
                await proceed()
                return Outcome(None, "connection_lost")
            case Fault.TIMEOUT_AFTER:
                await proceed()
                return Outcome(None, "timeout")
            case Fault.DUPLICATE:
                first, _ = await asyncio.gather(proceed(), proceed())
                return first
            case Fault.REORDERED if passage.name in EVENTS:
                until = self._next
                self._hub.courier.overdue(passage, lambda: self._wait(until, rule))
                return Outcome(None, HELD)
            case Fault.REORDERED:
                return await self._held(self._next, rule, proceed)
            case Fault.DELAYED:
                return await self._held(self._over, rule, proceed)
            case _:
                return await self._again(rule, passage, proceed)

    async def _held(self, until: asyncio.Event, rule: Rule, proceed: Proceed) -> Outcome:
        began = asyncio.get_running_loop().time()
        await self._wait(until, rule)
        outcome = await proceed()
        took = asyncio.get_running_loop().time() - began
        return Outcome(None, "timeout") if took > self._hub.courier.ack_seconds else outcome

    async def _again(self, rule: Rule, passage: Passage, proceed: Proceed) -> Outcome:
        """Deliver an event later, marked as a retry, instead of now or in addition."""
        body = dict(passage.content)
        outcome = Outcome(None, HELD)
        if rule.fault is Fault.LATE:
            body["event_time"] = int(self._hub.world.clock()) - HOUR
        else:
            outcome = await proceed()
        late = Passage(passage.way, passage.name, body, passage.attempt)
        until = self._over
        self._hub.courier.overdue(late, lambda: self._wait(until, rule), LAST_RETRY)
        return outcome

    async def _wait(self, until: asyncio.Event, rule: Rule) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(until.wait(), rule.seconds * self._scale)


def _retry_after(rule: Rule) -> dict[str, str]:
    wanted = str(math.ceil(rule.seconds)) if rule.retry_after is None else rule.retry_after
    return {"Retry-After": wanted} if wanted else {}


def _no(code: str) -> dict[str, object]:
    return {"ok": False, "error": code}
