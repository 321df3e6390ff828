"""A moment in each person's time zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.conversation.now import Now
from bot.store import KnownPerson

EASTERNMOST: Final = timezone(timedelta(hours=14))


def now_for(known: KnownPerson, at: datetime) -> Now:
    """Return a moment as a person has it; in an unknown zone, no day anywhere on earth is the future."""
    zone = _zone(known)
    if zone is None:
        return Now(at, at.astimezone(UTC).date(), at.astimezone(EASTERNMOST).date())
    today = at.astimezone(zone).date()
    return Now(at, today, today, zone)


def _zone(known: KnownPerson) -> ZoneInfo | timezone | None:
    if known.zone is not None:
        try:
            return ZoneInfo(known.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass  # not in this machine's time zone data; the offset will do
    if known.zone_offset is None or abs(known.zone_offset) >= timedelta(days=1).total_seconds():
        return None
    return timezone(timedelta(seconds=known.zone_offset))
