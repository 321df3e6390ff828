"""What Slack's errors mean to certdesk: which pass, and which no repetition mends."""

from __future__ import annotations

import asyncio
from typing import Final

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.desk.outbox import GiveUp, TryAgain
from bot.slack.errors import UNREADABLE, Course, advice_on, course_of

log = structlog.get_logger("certdesk.slack")

OK: Final = 200
LIMITED: Final = 429
BROKEN: Final = 500
# What Slack says when something broke on its side, before or after the effect.
TROUBLE: Final = frozenset({"fatal_error", "internal_error", "request_timeout", UNREADABLE})
NETWORK: Final = (aiohttp.ClientError, asyncio.TimeoutError, OSError)


def code_of(error: SlackApiError) -> str:
    """Return Slack's error code; `UNREADABLE` where it was none of Slack's answers: a proxy's page."""
    data = getattr(error.response, "data", error.response)
    found = data.get("error") if isinstance(data, dict) else None
    return found if isinstance(found, str) else UNREADABLE


def outcome_of(error: Exception, *, unsure: bool) -> TryAgain | GiveUp:
    """Return what to do about a failed call. `unsure`: the effect may have been sent by it, or before."""
    if not isinstance(error, SlackApiError):
        return TryAgain(type(error).__name__, unsure=unsure)
    code, status = code_of(error), status_of(error)
    _tell(error, code)
    if course_of(code) in {Course.AGAIN, Course.WAITS} or status == LIMITED or status >= BROKEN:
        after = (getattr(error.response, "headers", None) or {}).get("Retry-After")
        seconds = float(after) if after and str(after).isdecimal() else None
        return TryAgain(code, seconds, _method_of(error), unsure)
    return GiveUp(code)


def _tell(error: SlackApiError, code: str) -> None:
    """Tell the operator what Slack refused, and what to do about it."""
    log.warning("slack_refused", code=code, method=_method_of(error), todo=advice_on(code))


def may_be_done(error: Exception) -> bool:
    """Tell whether a call that failed like this may have had its effect all the same.

    Slack's refusals say that it had none; a broken connection, a time-out and Slack's own trouble do not.
    """
    if not isinstance(error, SlackApiError):
        return not isinstance(error, aiohttp.ClientConnectorError)
    return code_of(error) in TROUBLE or status_of(error) >= BROKEN


def status_of(error: SlackApiError) -> int:
    """Return the HTTP status of Slack's answer."""
    found = getattr(error.response, "status_code", None) or getattr(error.response, "status", None)
    return found if isinstance(found, int) else OK


def _method_of(error: SlackApiError) -> str | None:
    """Return the method that Slack refused, from the address it was called at."""
    address = str(getattr(error.response, "api_url", "") or "")
    return address.rstrip("/").rpartition("/")[2] or None
