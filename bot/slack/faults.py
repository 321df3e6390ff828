"""What Slack's errors mean to certdesk: which pass, and which no repetition mends."""

from __future__ import annotations

import asyncio
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.desk.outbox import GiveUp, TryAgain

UNREADABLE: Final = "unreadable_answer"
# https://docs.slack.dev/reference/methods: errors that are Slack's own trouble, not the request's.
PASSING: Final = frozenset(
    {
        "fatal_error",
        "internal_error",
        "ratelimited",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
        "rate_limited",
        UNREADABLE,
    }
)
NETWORK: Final = (aiohttp.ClientError, asyncio.TimeoutError, OSError)


def code_of(error: SlackApiError) -> str:
    """Return Slack's error code; `UNREADABLE` where it was none of Slack's answers: a proxy's page."""
    data = getattr(error.response, "data", error.response)
    found = data.get("error") if isinstance(data, dict) else None
    return found if isinstance(found, str) else UNREADABLE


def outcome_of(error: Exception) -> TryAgain | GiveUp:
    """Return what to do about a failed call."""
    if not isinstance(error, SlackApiError):
        return TryAgain(type(error).__name__)
    code = code_of(error)
    found = getattr(error.response, "status_code", None) or getattr(error.response, "status", None)
    status = found if isinstance(found, int) else 200
    if code in PASSING or status == 429 or status >= 500:  # noqa: PLR2004  HTTP's own numbers
        after = (getattr(error.response, "headers", None) or {}).get("Retry-After")
        return TryAgain(code, float(after) if after and str(after).isdigit() else None)
    return GiveUp(code)
