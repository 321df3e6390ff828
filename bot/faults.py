"""Whose fault an error is that ended a task: the world's, which passes, or certdesk's own, which does not."""

from __future__ import annotations

from typing import Final

import aiohttp
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from bot.slack.outbound.web_api import CallError

# OSError: disk, network and time-outs. A database that somebody else changes, locks or takes rights away from
# answers with any DBAPIError.
_WORLDS: Final = (OSError, DBAPIError, NoConnectionError, aiohttp.ClientError, CallError)
# These say that we wrote what the tables do not take.
_OURS: Final = (IntegrityError, DataError)


def is_worlds(error: BaseException) -> bool:
    """Tell whether an error is of the database, the disk, the network or Slack, and not of our own making."""
    if isinstance(error, BaseExceptionGroup):
        return all(is_worlds(one) for one in error.exceptions)
    return isinstance(error, _WORLDS) and not isinstance(error, _OURS)
