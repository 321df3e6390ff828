"""Settle a day that a text leaves open: take one of its readings, or ask it back.

It is asked back only if the policy answers the readings differently.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta

from bot.conversation.derive import Snapshot
from bot.conversation.interview import Lead
from bot.conversation.now import Now
from bot.conversation.problems import Problem, Trouble
from policy.decision import Decision
from policy.facts import Fact

# Nobody sold certificates before this day: an older date is a typing error.
EARLIEST: Final = date(1995, 1, 1)
LONG_AGO: Final = relativedelta(years=2)
FEW_DAYS: Final = timedelta(days=7)
SLACK: Final = timedelta(days=2)  # between a certificate's first day and its order's fulfillment


def is_long_ago(day: date, now: Now) -> bool:
    """Tell whether a day is so long ago that it is asked back."""
    return day < now.today - LONG_AGO


def settled(at: Snapshot, lead: Lead) -> str | Problem:
    """Return the day to take for what is left open, or what must be asked back.

    The fact is the one that is being asked for. A day that was asked back already is taken.
    """
    if lead.hint:
        return _hinted(at, lead)
    named = [date.fromisoformat(token) for token in lead.days]
    days = sorted({day for day in _come(named, at.now, exact=lead.exact) if day >= EARLIEST})
    if not days:
        to_come = any(day > at.now.latest for day in named)
        kind = Trouble.DATE_IN_FUTURE if to_come else Trouble.NOT_A_DATE
        return Problem(kind, lead.fact, lead.typed)
    likelier = days[-1] if lead.exact else _between(days)
    if len({_outcome(at, lead.fact, day) for day in (*days, likelier)}) > 1:
        kind = Trouble.DATE_AMBIGUOUS if lead.exact else Trouble.DATE_INEXACT
        return Problem(kind, lead.fact, lead.typed, tuple(day.isoformat() for day in reversed(days)))
    token = likelier.isoformat()
    if is_long_ago(likelier, at.now) and token != at.case.interview.doubted:
        return Problem(Trouble.DATE_LONG_AGO, lead.fact, lead.typed, (token,))
    return token


def _hinted(at: Snapshot, lead: Lead) -> str | Problem:
    """Return a certificate's first day, if every possible day of fulfillment decides the same.

    A reissued one may have been fulfilled at any earlier time, and a new one may be a day or two older than
    its order.
    """
    first = date.fromisoformat(lead.days[0])
    days = [day for day in (EARLIEST, first, min(first + SLACK, at.now.latest)) if day <= at.now.latest]
    if len({_outcome(at, lead.fact, day) for day in days}) > 1:
        return Problem(Trouble.DATE_HINTED, lead.fact, lead.typed, lead.days)
    return lead.days[0]


def _come(days: list[date], now: Now, *, exact: bool) -> list[date]:
    """Return the days that are not in the future; a span that reaches into the future ends now."""
    if exact or min(days) > now.latest:
        return [day for day in days if day <= now.latest]
    return [min(day, now.latest) for day in days]


def _between(days: list[date]) -> date:
    """Return the middle of a few days, the first of more: the window may end sooner, not later, than said."""
    first, last = days[0], days[-1]
    return first + (last - first) // 2 if last - first <= FEW_DAYS else first


def _outcome(at: Snapshot, fact: Fact, day: date) -> object:
    """Return what the policy makes of a day: the route and the verdict, or the next question."""
    found = at.policy.decide({**at.walked.path, fact: day}, at.now.today)
    if isinstance(found, Decision):
        return found.cancellation.route, found.refund.verdict
    return found.fact
