"""How values travel: JSON, forms, and Slack's escaping of text."""

from __future__ import annotations

import json
import re
from typing import Any


def compact(value: object) -> str:
    """Return the value as JSON without blanks."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def parse(text: str | bytes) -> Any:  # noqa: ANN401 - JSON is anything
    """Return what a JSON text says.

    Raises:
        ValueError: the text is not JSON.
    """
    return json.loads(text)


def escape(text: str) -> str:
    """Escape what a person typed, as Slack does before an app sees it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Undo `escape`."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def is_emoji_name(name: str) -> bool:
    """Say whether an emoji can be called so; which ones there are is not known here."""
    return bool(re.fullmatch(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?", name))
