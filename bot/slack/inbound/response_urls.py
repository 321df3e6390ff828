"""The `response_url`s that a payload names: one of its own, or a list for a form that asks for a channel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.slack.inbound.fields import objects


def remove_response_urls(body: dict[str, Any], is_allowed: Callable[[object], bool]) -> list[object]:
    """Remove every response URL that is not allowed from a payload, and return those removed."""
    places = [body, *objects(body, "response_urls")]
    refused = [place for place in places if (url := place.get("response_url")) and not is_allowed(url)]
    return [place.pop("response_url") for place in refused]
