"""Open the database for commands that read or remove cases, and parse the arguments of these commands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from bot.cli.failures import RefusalError
from bot.conversation.handoff import Standing
from bot.settings import Settings
from bot.store import migrate
from bot.store.coding import SHELF
from bot.store.engine import Engines, connect, peek
from bot.store.records import Who

UPGRADE: Final = "run `certdesk db upgrade` first (on SQLite `serve` does it itself)"


@contextmanager
def opened(settings: Settings) -> Iterator[Engines]:
    """Open the database, creating and migrating nothing. Raises RefusalError if it is not ready."""
    looking = peek(settings.database_url)
    if looking is None:
        raise RefusalError(
            "there is no database yet; `certdesk serve` creates it. Or set CERTDESK_DATABASE_URL."
        )
    try:
        revision = migrate.current(looking)
    finally:
        looking.dispose()
    if revision is None:
        raise RefusalError(f"the database has no tables yet; {UPGRADE}.")
    if revision not in migrate.known():
        raise RefusalError(f"the database is at revision {revision}, of a newer certdesk; install that one.")
    if revision != migrate.newest():
        raise RefusalError(f"the database is at revision {revision}, of an older certdesk; {UPGRADE}.")
    engines = connect(settings.database_url)
    try:
        yield engines
    finally:
        engines.close()


def number_in(text: str) -> int:
    """Return the number of a case as people write it: C-1042, c1042 or 1042."""
    found = re.fullmatch(r"(?:[Cc]-?)?([0-9]{1,12})", text.strip())
    if found is None:
        raise RefusalError(f"{text!r} is not a case number; one looks like C-{SHELF + 42}.")
    return int(found[1])


def who_in(text: str, option: str) -> Who:
    """Return the person that an option names."""
    found = re.fullmatch(r"(?:([^\s:]{1,32}):)?([UW][^\s:]{1,31})", text.strip())
    if found is None:
        raise RefusalError(f"{option} takes the id of a user, as U0123456789 or T0123456789:U0123456789.")
    return Who(found[1], found[2])


def since_in(text: str | None) -> datetime | None:
    """Return the start of the day that --since names, in UTC; None if it is not given."""
    return None if text is None else _midnight(text, "--since")


def until_in(text: str | None) -> datetime | None:
    """Return the end of the day that --until names, in UTC; None if it is not given or is the latest date."""
    if text is None or text.strip() == date.max.isoformat():
        return None
    return _midnight(text, "--until", after=timedelta(days=1))


def standing_in(text: str) -> Standing:
    """Return the standing that --standing names; hyphens and underscores may replace spaces."""
    named = re.sub("[-_]", " ", text.strip().casefold())
    if named not in set(Standing):
        raise RefusalError(f"--standing takes one of these: {', '.join(Standing)}.")
    return Standing(named)


def age_in(text: str) -> timedelta:
    """Return the age that --older-than names, in whole days."""
    found = re.fullmatch(r"([1-9][0-9]{0,4}) ?d(?:ays)?", text.strip())
    if found is None:
        raise RefusalError("--older-than takes a number of days, as 400d.")
    return timedelta(days=int(found[1]))


def _midnight(text: str, option: str, after: timedelta = timedelta(0)) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text.strip()) + after, time(), UTC)
    except (ValueError, OverflowError):
        raise RefusalError(f"{option} takes a day as 2026-11-23.") from None
