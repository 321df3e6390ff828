"""The app manifest: one template, for Socket Mode and for HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import jinja2

# The scopes that the manifest asks for, and no more; doctor looks for them, the playground's bot has them.
SCOPES: Final = frozenset(
    {
        "commands",
        "chat:write",
        "im:write",
        "im:history",
        "users:read",
        "channels:read",
        "groups:read",
        "channels:history",
        "groups:history",
        "reactions:read",
        "files:read",
        "files:write",
        "app_mentions:read",
    }
)
_TEMPLATE: Final = Path(__file__).with_name("manifest.yml.jinja")


class AddressError(ValueError):
    """The address cannot be one that Slack calls."""


def manifest(url: str | None = None) -> str:
    """Return the manifest as YAML: for Socket Mode, or for HTTP at an https address.

    Raises AddressError where the address is not `https://host[:port][/path]`.
    """
    environment = jinja2.Environment(  # noqa: S701  YAML, of an address that was checked
        undefined=jinja2.StrictUndefined, trim_blocks=True, keep_trailing_newline=True
    )
    source = _TEMPLATE.read_text(encoding="utf-8")
    return environment.from_string(source).render(url=_checked(url) if url is not None else None)


def _checked(url: str) -> str:
    plain = url.isascii() and url.isprintable() and not any(sign in url for sign in " \"'#{}<>\\@?")
    try:
        parts = urlsplit(url)
        good = parts.scheme == "https" and bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise AddressError(url) from error
    if not plain or not good:
        raise AddressError(url)
    return url.rstrip("/")
