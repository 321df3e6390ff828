"""What a reminder does when it comes due: tell the requester, alarm the agents, or close the case."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from bot.conversation.agent_move import moved_to
from bot.conversation.derive import Snapshot, contacts_of
from bot.conversation.effects import AddEntry, Effect, Invite, News, Tell
from bot.conversation.handoff import Move, Standing, row_for
from bot.conversation.reminder_kinds import AlarmReminder, Reminder
from bot.conversation.thread_entries import Alarm, Moved
from bot.conversation.turn import Turn


def came_due(before: Snapshot, reminder: Reminder) -> Turn:
    """Do what a reminder is for."""
    case, handoff = before.case, before.case.handoff
    owner = handoff.claimed_by if handoff is not None else None
    match reminder:
        case Reminder.WINDOW_SOON | Reminder.WINDOW_LAST:
            if before.decision is None or before.decision.refund.last_day is None:
                return Turn(case)  # the policy was changed meanwhile, and the window is gone
            told = Tell(case.person, News.WINDOW, case.number, result=before.result)
            return _alarm(before, reminder, told)
        case Reminder.CREDIT:
            return Turn(case, effects=(Tell(case.person, News.CREDIT_DUE, case.number),))
        case Reminder.UNCLAIMED:
            since = handoff.began if handoff is not None else None
            answer = before.result if before.shows_result else None
            told = Tell(case.person, News.UNANSWERED, case.number, at=since, result=answer)
            return _alarm(before, reminder, replace(told, contacts=contacts_of(before.rules, case)))
        case Reminder.OWNER_IDLE:
            return _alarm(before, reminder)
        case Reminder.REQUESTER_IDLE:
            return Turn(case, effects=(Tell(case.person, News.STILL_THERE, case.number, owner),))
        case Reminder.IDLE_CLOSE:
            return _closed(before, Move.IDLE)
        case Reminder.FORGET:
            return _closed(before, Move.FORGET)
        case Reminder.NEW_DAY:
            return Turn(case, fresh_card=True)
        case Reminder.MENTIONED:
            return _invited(before)


def _alarm(before: Snapshot, reminder: AlarmReminder, *told: Effect) -> Turn:
    """Tell the agents too, if they have the case, below a redrawn card in case it was deleted."""
    case = before.case
    if case.handoff is None or case.standing is Standing.NEW:
        return Turn(case, effects=told)
    loud = reminder is Reminder.UNCLAIMED
    alarm = Alarm(reminder, case.handoff.claimed_by, before.card, loud=loud)
    return Turn(case, effects=(*told, AddEntry(alarm)), fresh_card=True)


def _invited(before: Snapshot) -> Turn:
    """Repeat in the DM what was answered in a channel, if the person has not begun."""
    case = before.case
    if case.invitation is None or not case.is_invited:
        return Turn(case)
    told = Invite(
        case.person, case.number, case.invitation, by_dm=True, contacts=contacts_of(before.rules, case)
    )
    return Turn(case, effects=(told,))


def _closed(before: Snapshot, move: Literal[Move.IDLE, Move.FORGET]) -> Turn:
    case = before.case
    row = row_for(move, case.standing)
    if case.handoff is None or row is None:
        return Turn(case)
    closed = replace(case, handoff=moved_to(case.handoff, row.after, before.now))
    if move is Move.FORGET:
        return Turn(closed)
    told = Tell(case.person, News.CLOSED_IDLE, case.number)
    return Turn(closed, effects=(told, AddEntry(Moved(Move.IDLE))))
