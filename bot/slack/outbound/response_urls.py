"""The addresses in a payload that are believed: a `response_url` to post to, a file's to load it from.

A payload is believed because it is signed, but its addresses are not: somebody who learned the signing secret
could make the desk call a host inside its own network, or send its token elsewhere. So only Slack's own hosts
are called, and that of `SLACK_API_URL`; redirects are not followed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import structlog
from yarl import URL

from bot.slack.blocks.parts import Message
from bot.slack.inbound.fields import remove_response_urls
from bot.slack.outbound.web_api import WebApi

# https://docs.slack.dev/interactivity/handling-user-interaction, and the same for GovSlack
HOOKS: Final = frozenset({URL("https://hooks.slack.com"), URL("https://hooks.slack-gov.com")})
# https://docs.slack.dev/messaging/working-with-files
FILES: Final = frozenset({URL("https://files.slack.com"), URL("https://files.slack-gov.com")})
API: Final = frozenset({URL("https://slack.com"), URL("https://slack-gov.com")})

# Printable ASCII without a backslash: nothing that two parsers could read differently.
_PLAIN: Final = re.compile(r"https?://[!-\[\]-~]{1,2000}")

REMEMBERED: Final = 100  # refused hosts

log = structlog.get_logger("certdesk.slack")


def origins(slacks: frozenset[URL], api_url: str) -> frozenset[URL]:
    """Return Slack's hosts, and the Web API's if that is another server."""
    return slacks | ({URL(api_url).origin()} - API)


def is_at(address: object, known: frozenset[URL]) -> bool:
    """Tell whether an address is plain and at one of these origins."""
    if not isinstance(address, str) or not _PLAIN.fullmatch(address):
        return False
    try:
        url = URL(address)  # the parser that aiohttp uses, and so the host that it connects to
        return url.user is None and url.password is None and url.origin() in known
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class ResponseUrl:
    """An address that may be posted to. Only `ResponseUrls.checked` makes one."""

    address: str


class ResponseUrls:
    """Check and post to response URLs, with the session and the origin of a Web API client."""

    def __init__(self, client: WebApi) -> None:
        self._client = client
        self._origins = origins(HOOKS, client.base_url)
        self._refused: set[str] = set()

    def checked(self, address: object) -> ResponseUrl | None:
        """Return the address if it may be posted to."""
        known = isinstance(address, str) and is_at(address, self._origins)
        return ResponseUrl(str(address)) if known else None

    def strip(self, body: dict[str, Any]) -> None:
        """Remove every response URL that may not be posted to from a payload, and log it once."""
        for address in remove_response_urls(body, lambda url: self.checked(url) is not None):
            self._tell(address)

    async def post(self, url: ResponseUrl, message: Message, *, to_all: bool = False) -> None:
        """Post a message that only the person sees, or everybody in the channel. Raises CallError."""
        said = {
            "text": message.text,
            "blocks": message.blocks,
            "response_type": "in_channel" if to_all else "ephemeral",
            "replace_original": False,
        }
        await self._client.respond(url.address, said)

    async def replace(self, url: ResponseUrl, message: Message | None) -> None:
        """Replace the message that was clicked, or delete it. Raises CallError."""
        if message is None:
            await self._client.respond(url.address, {"delete_original": True})
            return
        said = {"text": message.text, "blocks": message.blocks, "replace_original": True}
        await self._client.respond(url.address, {"response_type": "ephemeral", **said})

    def _tell(self, address: object) -> None:
        host = _host_of(address)
        if host not in self._refused and len(self._refused) < REMEMBERED:
            self._refused.add(host)
            log.warning("response_url_refused", host=host, todo="a signed payload named it: renew the secret")


def _host_of(address: object) -> str:
    """Return the part of an address that may be logged: its path can hold a secret."""
    try:
        return (URL(address).host or "") if isinstance(address, str) else ""
    except ValueError:
        return ""
