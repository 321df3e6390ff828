"""What to remember about a case, and when: derived from the case, stored as rows, each done once.

Days are the requester's. Working days are Monday to Friday; public holidays are not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from typing import Final

from bot.conversation.case import Case
from bot.conversation.handoff import SETTLED, WITH_AGENTS, Handoff, Outcome, Standing
from bot.conversation.now import Now
from bot.conversation.reminder_kinds import Reminder, ScheduledReminder
from policy.days import credit_due
from policy.decision import Credit, Decision, Refund, Verdict

MORNING: Final = time(9)
EVENING: Final = time(17)
TARGET: Final = timedelta(hours=1)  # within which a case should be claimed
OWNER_AFTER: Final = timedelta(days=1)
REQUESTER_AFTER: Final = timedelta(days=2)
CLOSED_AFTER: Final = timedelta(days=7)
DAYS_BEFORE: Final = {Reminder.WINDOW_SOON: 3, Reminder.WINDOW_LAST: 1}
OPEN_WINDOW: Final = frozenset({Verdict.ELIGIBLE, Verdict.LIKELY})
ON_ITS_WAY: Final = frozenset({Outcome.REFUNDED, Outcome.SENT_TO_PROVIDER})
SATURDAY: Final = 5
BEGUN_AFTER: Final = timedelta(hours=1)  # within which to begin after a mention


def reminders_of(
    case: Case, decision: Decision | None, awaited: Credit | None, now: Now
) -> tuple[ScheduledReminder, ...]:
    """Return the reminders of a case, earliest first, including overdue ones.

    `decision` is None while a question is open; `awaited` is the credit of a request that was sent.
    """
    refund = decision.refund if decision is not None else None
    found = [*_of_refund(case, refund, awaited, now), *_of_handoff(case.handoff, refund, now)]
    if case.invitation is not None and case.is_invited:
        found.append(ScheduledReminder(Reminder.MENTIONED, case.invitation.at + BEGUN_AFTER))
    stopped = case.follow_up.stopped
    kept = [ScheduledReminder(p.reminder, _clocked(p.at, now)) for p in found if p.reminder not in stopped]
    return tuple(sorted(kept, key=lambda each: each.at))


def without_future(case: Case, at: datetime) -> Case:
    """Return a case with no moment after `at`: those were noted by a wrong clock."""

    def past(moment: datetime | None) -> datetime | None:
        return moment if moment is None else min(moment, at)

    handoff = case.handoff
    if handoff is not None:
        handoff = replace(
            handoff,
            asked_at=min(handoff.asked_at, at),
            claimed_at=past(handoff.claimed_at),
            since=past(handoff.since),
            talked_at=past(handoff.talked_at),
            resolved_at=past(handoff.resolved_at),
        )
    follow_up = replace(case.follow_up, sent_at=past(case.follow_up.sent_at))
    invitation = case.invitation
    if invitation is not None:
        invitation = replace(invitation, at=min(invitation.at, at))
    return replace(case, handoff=handoff, follow_up=follow_up, invitation=invitation)


def asked_at(case: Case) -> datetime | None:
    """Return when the request for a refund was sent, None if it was not."""
    return case.follow_up.sent_at or _sent(case.handoff)


def _of_refund(
    case: Case, refund: Refund | None, awaited: Credit | None, now: Now
) -> Iterator[ScheduledReminder]:
    if refund is None or case.follow_up.credited:
        return
    settled = _settled(case.handoff)
    if refund.last_day and refund.verdict in OPEN_WINDOW and not settled and case.follow_up.sent_at is None:
        for reminder, days in DAYS_BEFORE.items():
            yield ScheduledReminder(reminder, _at(refund.last_day - timedelta(days=days), MORNING, now))
    asked = asked_at(case)
    if asked and awaited:
        yield ScheduledReminder(Reminder.CREDIT, _credit_by(asked, awaited, now))


def _of_handoff(handoff: Handoff | None, refund: Refund | None, now: Now) -> Iterator[ScheduledReminder]:
    if handoff is None:
        return
    match handoff.standing:
        case Standing.WAITING:
            yield ScheduledReminder(Reminder.UNCLAIMED, handoff.began + TARGET)
        case Standing.CLAIMED:
            yield ScheduledReminder(Reminder.OWNER_IDLE, handoff.stirred + OWNER_AFTER)
        case Standing.ASKED:
            yield ScheduledReminder(Reminder.REQUESTER_IDLE, handoff.stirred + REQUESTER_AFTER)
            yield ScheduledReminder(Reminder.IDLE_CLOSE, handoff.stirred + CLOSED_AFTER)
        case Standing.RESOLVED:
            yield ScheduledReminder(Reminder.FORGET, handoff.began + CLOSED_AFTER)
        case _:
            pass
    if handoff.standing in WITH_AGENTS and refund and refund.last_day:
        yield ScheduledReminder(Reminder.NEW_DAY, _at(now.today + timedelta(days=1), time(), now))


def _clocked(at: datetime, now: Now) -> datetime:
    """Return a moment by the requester's clock, with an offset only, since a zone cannot be stored."""
    here = at.astimezone(now.zone)
    return here.replace(tzinfo=timezone(here.utcoffset() or timedelta()))


def _settled(handoff: Handoff | None) -> bool:
    return handoff is not None and handoff.standing in SETTLED


def _sent(handoff: Handoff | None) -> datetime | None:
    """Return when an agent sent the request on, None if none did."""
    if handoff is None or not _settled(handoff) or handoff.outcome not in ON_ITS_WAY:
        return None
    return handoff.resolved_at


def _credit_by(asked: datetime, credit: Credit, now: Now) -> datetime:
    """Return when to ask about a credit: once it should have come, on a working day, at a working hour."""
    if credit.unit == "hours":
        due = (asked + timedelta(hours=credit.amount)).astimezone(now.zone)
    else:
        due = _at(credit_due(asked.astimezone(now.zone).date(), credit), EVENING, now)
    if due.time() > EVENING:
        due = _at(due.date() + timedelta(days=1), MORNING, now)
    elif due.time() < MORNING:
        due = _at(due.date(), MORNING, now)
    while due.weekday() >= SATURDAY:
        due = _at(due.date() + timedelta(days=1), MORNING, now)
    return due


def _at(day: date, hour: time, now: Now) -> datetime:
    return datetime.combine(day, hour, now.zone)
