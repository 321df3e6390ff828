"""The day as each person has it: the refund window ends with theirs."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.conversation.interview import Remembered
from bot.conversation.people import Person
from bot.desk.transaction import now_for
from bot.store import KnownPerson

LATE = datetime(2026, 12, 11, 4, 30, tzinfo=UTC)


def known(zone: str | None, offset: int | None) -> KnownPerson:
    return KnownPerson(1, Person("T1", "T1", "U1"), zone, offset, None, Remembered())


# zone, offset in seconds -> today, and the last day that is not the future
DAYS = {
    "Toronto is behind": ("America/Toronto", -18_000, date(2026, 12, 10), date(2026, 12, 10)),
    "Tokyo is not": ("Asia/Tokyo", 32_400, date(2026, 12, 11), date(2026, 12, 11)),
    "a name unknown here, by its offset": ("Mars/Base", -18_000, date(2026, 12, 10), date(2026, 12, 10)),
    "a name that leads elsewhere": ("../../etc/passwd", -18_000, date(2026, 12, 10), date(2026, 12, 10)),
    "an offset alone": (None, 3_600, date(2026, 12, 11), date(2026, 12, 11)),
    "an offset of no place": (None, 90_000, date(2026, 12, 11), date(2026, 12, 11)),
    "nothing known": (None, None, date(2026, 12, 11), date(2026, 12, 11)),
}


@pytest.mark.parametrize("whose", DAYS)
def test_today_is_the_persons(whose: str) -> None:
    zone, offset, today, latest = DAYS[whose]
    now = now_for(known(zone, offset), LATE)
    assert (now.today, now.latest) == (today, latest)
    assert now.at == LATE


@pytest.mark.parametrize(("hour", "latest"), [(9, 11), (10, 12)])
def test_where_nothing_is_known_no_day_on_earth_is_the_future(hour: int, latest: int) -> None:
    now = now_for(known(None, None), LATE.replace(hour=hour, minute=0))
    assert now.today == date(2026, 12, 11)
    assert now.latest == date(2026, 12, latest)
