from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.days import LATEST, credit_due, last_day
from policy.decision import Credit


@pytest.mark.parametrize(
    ("fulfilled_on", "days", "last"),
    [
        ("2026-11-01", 30, "2026-12-01"),
        ("2026-12-15", 30, "2027-01-14"),
        ("2027-01-30", 30, "2027-03-01"),
        ("2028-01-30", 30, "2028-02-29"),
        ("2028-02-29", 30, "2028-03-30"),
        ("2026-11-23", 0, "2026-11-23"),
        ("2026-11-23", 1, "2026-11-24"),
    ],
)
def test_last_day(fulfilled_on: str, days: int, last: str) -> None:
    assert last_day(date.fromisoformat(fulfilled_on), days) == date.fromisoformat(last)


@given(st.dates(max_value=LATEST), st.integers(min_value=0, max_value=3650))
def test_last_day_counts_days_and_nothing_else(fulfilled_on: date, days: int) -> None:
    assert last_day(fulfilled_on, days) - fulfilled_on == timedelta(days=days)


@pytest.mark.parametrize(
    ("requested_on", "unit", "amount", "due"),
    [
        ("2026-11-23", "hours", 48, "2026-11-25"),
        ("2026-11-23", "hours", 24, "2026-11-24"),
        ("2026-11-23", "hours", 25, "2026-11-25"),
        ("2026-11-23", "hours", 1, "2026-11-24"),
        ("2026-11-27", "hours", 48, "2026-11-29"),  # hours pass on a weekend too
        ("2026-11-23", "business_days", 5, "2026-11-30"),  # Monday
        ("2026-11-27", "business_days", 5, "2026-12-04"),  # Friday
        ("2026-11-28", "business_days", 5, "2026-12-04"),  # Saturday
        ("2026-11-29", "business_days", 5, "2026-12-04"),  # Sunday
        ("2026-11-27", "business_days", 1, "2026-11-30"),
        ("2026-12-30", "business_days", 5, "2027-01-06"),
    ],
)
def test_credit_due(requested_on: str, unit: str, amount: int, due: str) -> None:
    assert credit_due(date.fromisoformat(requested_on), Credit(unit, amount)) == date.fromisoformat(due)
