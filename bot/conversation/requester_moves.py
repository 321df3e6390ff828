"""What the requester says of a case that is, or was, with the agents; nothing here is answered by the bot."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from bot.conversation.agent_moves import moved_to
from bot.conversation.case import Case
from bot.conversation.clean_text import cleaned
from bot.conversation.derive import Rules, card_of, result_of, screen_of
from bot.conversation.effects import AddEntry, Alarm, ChangeEntry, Effect, Heard, Moved, News, Tell
from bot.conversation.events import Rewrote, Wrote
from bot.conversation.handoff import Move, Standing, row_for
from bot.conversation.now import Now
from bot.conversation.people import Handoff
from bot.conversation.problems import Problem, Trouble
from bot.conversation.reminder_kinds import FOR_AGENTS, FOR_REQUESTER, AlarmReminder, Reminder
from bot.conversation.turn import Turn

DELETED = "deleted"  # sorts after every moment of an edit


def heard_slot(message: str) -> str:
    """Return the slot of a requester's message in the card's thread; a slot has at most 32 characters."""
    return f"heard-{message[-26:]}"


def wrote(case: Case, event: Wrote, now: Now) -> Turn:
    """Pass the requester's words on into the card's thread, once; a resolved case is open again."""
    message = event.message
    row = row_for(Move.HEAR, case.standing)
    if case.handoff is None or row is None or message in case.relay.messages:
        return Turn(case)
    goes_on = row.after is Standing.CLAIMED
    after = _with_somebody(case.handoff, now) if goes_on else moved_to(case.handoff, row.after, now)
    effects: tuple[Effect, ...] = (AddEntry(Heard(case.person, cleaned(event.text)), heard_slot(message)),)
    if case.standing is Standing.RESOLVED:
        after = replace(after, outcome=None, resolved_at=None)
        effects = (Tell(case.person, News.REOPENED, case.number, after.claimed_by), *effects)
    elif case.standing is Standing.WAITING and not after.passed_on:
        after = replace(after, passed_on=True)
        effects = (Tell(case.person, News.PASSED_ON, case.number), *effects)
    relay = case.relay.with_message(message)
    if event.at:
        relay = relay.with_edit(message, event.at)
    return Turn(replace(case, handoff=after, relay=relay), effects=effects)


def rewrote(case: Case, event: Rewrote) -> Turn:
    """Let the thread's copy of the requester's message follow it, unless it has followed a later change."""
    message, at = event.message, DELETED if event.at is None else event.at
    if message not in case.relay.messages or at <= case.relay.edited_at(message):
        return Turn(case)
    words = cleaned(event.text) if event.text is not None else None
    entry = ChangeEntry(heard_slot(message), Heard(case.person, words, edited=True))
    return Turn(replace(case, relay=case.relay.with_edit(message, at)), effects=(entry,))


def details_given(before: Case, turn: Turn, now: Now) -> Turn:
    """Let a case that an agent has go on where the requester has given details."""
    after = turn.case
    if after.handoff is None or after.interview.details == before.interview.details or not before.held:
        return turn
    told = AddEntry(Moved(Move.HEAR, after.person))
    going_on = replace(after, handoff=moved_to(after.handoff, Standing.CLAIMED, now))
    return replace(turn, case=going_on, effects=(*turn.effects, told))


def returned(case: Case, now: Now) -> Turn:
    """Take up a case again that was resolved or closed."""
    if case.handoff is None or row_for(Move.REOPEN, case.standing) is None:
        return Turn(case)
    after = replace(_with_somebody(case.handoff, now), outcome=None, resolved_at=None)
    effects = (
        Tell(case.person, News.REOPENED, case.number, after.claimed_by),
        AddEntry(Moved(Move.REOPEN, case.person)),
    )
    return Turn(replace(case, handoff=after), effects=effects)


def sent_it(rules: Rules, case: Case, now: Now) -> Turn:
    """Note that the requester has sent the request; from now on the credit is waited for."""
    result = result_of(screen_of(rules, case, now))
    if result is None or result.decision.refund.credit is None or case.follow_up.sent_at is not None:
        return Turn(case)
    return Turn(replace(case, follow_up=replace(case.follow_up, sent_at=now.at)))


def credit_came(rules: Rules, case: Case, now: Now, *, came: bool) -> Turn:
    """Note that the credit came; where it did not, the case goes to the agents, with all that was before."""
    if case.follow_up.credited:
        return Turn(case)
    if came:
        return _confirmed(case, now)
    result = result_of(screen_of(rules, case, now))
    if not rules.agents or (result and not result.decision.cancellation.handoff):
        return Turn(case, (Problem(Trouble.NO_AGENTS),))
    row = row_for(Move.MISS, case.standing)
    if row is None:
        return Turn(case)  # the agents have it already
    if case.handoff is None:
        handoff = Handoff(now.at)
    else:
        handoff = replace(_with_somebody(case.handoff, now), outcome=None, resolved_at=None)
    opened = replace(case, handoff=handoff)
    alarm = Alarm(Reminder.CREDIT, handoff.claimed_by, card_of(rules, opened, now))
    effects = (Tell(case.person, News.CREDIT_MISSING, case.number, handoff.claimed_by), AddEntry(alarm))
    return Turn(opened, effects=effects)


def _confirmed(case: Case, now: Now) -> Turn:
    handoff, row = case.handoff, row_for(Move.CONFIRM, case.standing)
    if handoff is not None and row is not None:
        handoff = moved_to(handoff, row.after, now)
    told = Tell(case.person, News.CREDIT_CAME, case.number)
    entries = (AddEntry(Moved(Move.CONFIRM, case.person)),) if handoff is not None else ()
    follow_up = replace(case.follow_up, credited=True)
    return Turn(replace(case, follow_up=follow_up, handoff=handoff), effects=(told, *entries))


def stopped(case: Case, reminder: Reminder) -> Turn:
    """Stop a reminder; those that only move a case are none."""
    if reminder not in FOR_REQUESTER | FOR_AGENTS or reminder in case.follow_up.stopped:
        return Turn(case)
    return Turn(replace(case, follow_up=case.follow_up.with_stopped(reminder)))


def came_due(rules: Rules, case: Case, reminder: Reminder, now: Now) -> Turn:
    """Do what a reminder is for."""
    handoff = case.handoff
    owner = handoff.claimed_by if handoff is not None else None
    match reminder:
        case Reminder.WINDOW_SOON | Reminder.WINDOW_LAST:
            result = result_of(screen_of(rules, case, now))
            if result is None or result.decision.refund.last_day is None:
                return Turn(case)  # the policy was changed meanwhile: there is no window any more
            told = Tell(case.person, News.WINDOW, case.number, result=result)
            return _alarming(rules, case, reminder, now, told)
        case Reminder.CREDIT:
            return Turn(case, effects=(Tell(case.person, News.CREDIT_DUE, case.number),))
        case Reminder.UNCLAIMED:
            since = handoff.began if handoff is not None else None
            result = result_of(screen_of(rules, case, now))
            told = Tell(case.person, News.UNANSWERED, case.number, at=since, result=result)
            return _alarming(rules, case, reminder, now, told)
        case Reminder.OWNER_IDLE:
            return _alarming(rules, case, reminder, now)
        case Reminder.REQUESTER_IDLE:
            return Turn(case, effects=(Tell(case.person, News.STILL_THERE, case.number, owner),))
        case Reminder.IDLE_CLOSE:
            return _closed(case, Move.IDLE, now)
        case Reminder.FORGET:
            return _closed(case, Move.FORGET, now)
        case Reminder.NEW_DAY:
            return Turn(case, fresh_card=True)


def _alarming(rules: Rules, case: Case, reminder: AlarmReminder, now: Now, *told: Effect) -> Turn:
    """Tell the agents too, where they have the case: under a card drawn anew, lest it was deleted."""
    if case.handoff is None or case.standing is Standing.NEW:
        return Turn(case, effects=told)
    loud = reminder is Reminder.UNCLAIMED
    alarm = Alarm(reminder, case.handoff.claimed_by, card_of(rules, case, now), loud=loud)
    return Turn(case, effects=(*told, AddEntry(alarm)), fresh_card=True)


def _closed(case: Case, move: Literal[Move.IDLE, Move.FORGET], now: Now) -> Turn:
    row = row_for(move, case.standing)
    if case.handoff is None or row is None:
        return Turn(case)
    closed = replace(case, handoff=moved_to(case.handoff, row.after, now))
    if move is Move.FORGET:
        return Turn(closed)
    told = Tell(case.person, News.CLOSED_IDLE, case.number)
    return Turn(closed, effects=(told, AddEntry(Moved(Move.IDLE))))


def _with_somebody(handoff: Handoff, now: Now) -> Handoff:
    """Return the handoff with whoever had it, or waiting where nobody had."""
    standing = Standing.CLAIMED if handoff.claimed_by is not None else Standing.WAITING
    return moved_to(handoff, standing, now)
