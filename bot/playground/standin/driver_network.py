"""The part of `StandIn` for what happens between Slack and the app: deliveries, connections, faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .driver_workspace import DriverWorkspace
from .errors import StandInError
from .fault_kinds import Fault, Rule
from .transport import Kind, Retry

if TYPE_CHECKING:
    from .courier import Delivery
    from .faults import Faults
    from .proxy import Proxy
    from .schema import Json
    from .seam import Outcome


class DriverNetwork(DriverWorkspace):
    """Repeats deliveries, sends raw ones, closes connections and injects faults."""

    faults: Faults

    def inject(  # noqa: PLR0913 - a rule has that many sides
        self,
        site: str,
        fault: Fault,
        *,
        times: int | None = 1,
        chance: float = 1.0,
        delay: float | None = None,
        after: int = 0,
        error: str = "fatal_error",
        retry_after: str | None = None,
        proxy: Proxy | None = None,
    ) -> Rule:
        """Inject a fault at a site from now on; `Rule` explains the arguments.

        Raises:
            StandInError: there is no such site, or the fault does not fit it.
        """
        return self.faults.inject(Rule(site, fault, times, chance, delay, after, error, retry_after, proxy))

    async def disturb(self, fault: Fault, delay: float | None = None) -> None:
        """Inject a Socket Mode fault into every connection now."""
        await self.faults.disturb(fault, delay)

    async def uninstall(self) -> None:
        """Uninstall the app: its token is revoked, and it is told so."""
        self.world.revoke(self.world.bot_token.value)
        await self.hub.tell_revoked()
        await self.hub.tell_uninstalled()

    def reinstall(self) -> None:
        """Install the app again, with the token it had."""
        self.world.restore(self.world.bot_token.value)

    async def tell_rate_limited(self) -> Delivery:
        """Tell the app that it was sent too many events in a minute."""
        return await self.hub.tell_rate_limited()

    @property
    def request_url(self) -> str | None:
        """Return the URL to which deliveries are posted; None if they go over Socket Mode."""
        return self.courier.request_url

    @request_url.setter
    def request_url(self, url: str | None) -> None:
        self.courier.request_url = url

    async def redeliver(self, delivery: Delivery, retry_num: int = 1) -> Delivery:
        """Deliver exactly the same payload again, as Slack does if it takes the first to be lost."""
        retry = Retry(retry_num, "http_timeout") if delivery.kind is Kind.EVENT else None
        return await self.courier.send(delivery.kind, delivery.payload, retry)

    async def deliver_raw(self, body: bytes, headers: dict[str, str] | None = None) -> Outcome:
        """Post bytes to the request URL with exactly these headers; None for a valid signature."""
        if self.request_url is None:
            raise StandInError("there is no request URL to post to")
        sent = self.sign(body) if headers is None else headers
        return await self.courier.http.post(self.request_url, body, sent, 3.0)

    def sign(self, body: bytes) -> dict[str, str]:
        """Return the headers that sign a body at this moment."""
        return self.courier.http.signed(body)

    async def verify_url(self) -> Delivery:
        """Send the `url_verification` with which Slack verifies a request URL."""
        challenge: Json = {
            "type": "url_verification",
            "token": self.world.verification_token,
            "challenge": "stand-in-challenge",
        }
        delivery = await self.courier.send(Kind.EVENT, challenge)
        if delivery.response in ("stand-in-challenge", {"challenge": "stand-in-challenge"}):
            return delivery
        raise StandInError(f"the request URL did not answer the challenge: {delivery}")

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell the app's Socket Mode connections to disconnect, and close them."""
        await self.courier.socket_mode.disconnect(reason)
