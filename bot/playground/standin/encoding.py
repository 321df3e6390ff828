"""Encode and decode JSON, and escape text as Slack does."""

from __future__ import annotations

import json
import re
from typing import Any


def compact(value: object) -> str:
    """Return the value as JSON without spaces."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def parse(text: str | bytes) -> Any:  # noqa: ANN401 - JSON is anything
    """Return the value of a JSON text.

    Raises:
        ValueError: the text is not JSON.
    """
    return json.loads(text)


def escape(text: str) -> str:
    """Escape typed text, as Slack does before an app sees it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Undo `escape`."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def is_emoji_name(name: str) -> bool:
    """Tell whether a name has the form of an emoji's; it need not be one that exists."""
    return bool(re.fullmatch(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?", name))
