"""The hosts that the bot talks to besides the Web API: Slack's own, and that of `SLACK_API_URL`.

A payload is believed because it is signed, but its addresses are not: somebody who learned the signing secret
could make the desk call a host inside its own network, or send its token elsewhere.
"""

from __future__ import annotations

import re
from typing import Final

from yarl import URL

# https://docs.slack.dev/interactivity/handling-user-interaction, and the same for GovSlack
HOOKS: Final = frozenset({URL("https://hooks.slack.com"), URL("https://hooks.slack-gov.com")})
# https://docs.slack.dev/messaging/working-with-files
FILES: Final = frozenset({URL("https://files.slack.com"), URL("https://files.slack-gov.com")})
API: Final = frozenset({URL("https://slack.com"), URL("https://slack-gov.com")})

# Printable ASCII without a backslash: nothing that two parsers could read differently.
_PLAIN: Final = re.compile(r"https?://[!-\[\]-~]{1,2000}")


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
