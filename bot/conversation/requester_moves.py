"""What the requester does besides answering: ask for an agent, write to the agents, report the outcome."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.conversation.agent_move import moved_to
from bot.conversation.case import Case, order_of
from bot.conversation.clean_text import cleaned
from bot.conversation.derive import Snapshot, without_private
from bot.conversation.effects import AddEntry, ChangeEntry, Effect, News, Share, Tell
from bot.conversation.events import Rewrote, Wrote
from bot.conversation.files import File
from bot.conversation.handoff import SETTLED, WITH_AGENTS, Handoff, Move, Standing, row_for
from bot.conversation.now import Now
from bot.conversation.problems import Problem, Trouble
from bot.conversation.reminder_kinds import FOR_AGENTS, FOR_REQUESTER, Reminder
from bot.conversation.thread_entries import Alarm, Heard, Moved
from bot.conversation.turn import Turn

DELETED: Final = "deleted"  # sorts after every timestamp of an edit


def heard_slot(message: str) -> str:
    """Return the slot of a requester's message in the card's thread; a slot has at most 32 characters."""
    return f"heard-{message[-26:]}"


def wrote(before: Snapshot, event: Wrote) -> Turn:
    """Pass the requester's message on into the card's thread, once; a resolved case is reopened."""
    case, now, message = before.case, before.now, event.message
    row = row_for(Move.HEAR, case.standing)
    if case.handoff is None or row is None or message in case.relay.messages:
        return Turn(case)
    goes_on = row.after is Standing.CLAIMED
    after = _with_somebody(case.handoff, now) if goes_on else moved_to(case.handoff, row.after, now)
    heard = Heard(case.person, cleaned(event.text), files=_names(event.files))
    effects: tuple[Effect, ...] = (AddEntry(heard, heard_slot(message)),)
    news = News.PASSED_ON if event.text.strip() or event.files else News.UNREADABLE
    if case.standing is Standing.RESOLVED:
        after, news = replace(after, outcome=None, resolved_at=None), News.REOPENED
    order, told = order_of(before.rules.policy, case), after.claimed_by
    effects = (Tell(case.person, news, case.number, told, message=message, order=order), *effects)
    relay = case.relay.with_message(message)
    if event.at:
        relay = relay.with_edit(message, event.at)
    return Turn(replace(case, handoff=after, relay=relay), effects=effects)


def rewrote(case: Case, event: Rewrote) -> Turn:
    """Update the thread's copy of the requester's message, unless a later change came first."""
    message, at = event.message, DELETED if event.at is None else event.at
    if message not in case.relay.messages or at <= case.relay.edited_at(message):
        return Turn(case)
    words = cleaned(event.text) if event.text is not None else None
    heard = Heard(case.person, words, edited=True, files=_names(event.files))
    entry = ChangeEntry(heard_slot(message), heard)
    return Turn(replace(case, relay=case.relay.with_edit(message, at)), effects=(entry,))


def _names(files: tuple[File, ...]) -> tuple[str, ...]:
    return tuple(file.name for file in files)


def details_given(before: Snapshot, turn: Turn) -> Turn:
    """Let the case continue when the requester has given details while an agent has it."""
    case, after = before.case, turn.case
    if after.handoff is None or after.interview.details == case.interview.details or not case.held:
        return turn
    told = AddEntry(Moved(Move.HEAR, after.person))
    going_on = replace(after, handoff=moved_to(after.handoff, Standing.CLAIMED, before.now))
    return replace(turn, case=going_on, effects=(*turn.effects, told))


def handed_over(before: Snapshot) -> Turn:
    """Ask for an agent, once. A result shows it; while a question is open it is told.

    A resolved or closed case goes back to the agents as it was.
    """
    case, decision = before.case, before.decision
    if not before.rules.agents:
        return Turn(case, (Problem(Trouble.NO_AGENTS),))
    if decision is not None and not decision.cancellation.handoff:
        return Turn(case, (Problem(Trouble.NOTHING_TO_HAND_OVER),))
    if case.standing in SETTLED:
        return returned(before)
    if case.standing not in WITH_AGENTS:
        # a case that was with the agents before keeps its card and its mark
        urgent = case.handoff is not None and case.handoff.urgent
        case = replace(case, handoff=Handoff(before.now.at, urgent=urgent, basis=before.basis))
    return Turn(case, effects=() if before.shows_result else (_where_it_is(case),))


def gave_up(before: Snapshot) -> Turn:
    """Give up an unfinished case; one that has its answer, or is with the agents, stays as it is."""
    case = before.case
    if before.shows_result or case.standing in WITH_AGENTS or case.interview.given_up:
        return Turn(case)
    told = Tell(case.person, News.GIVEN_UP, case.number)
    return Turn(case.with_given_up(given_up=True), effects=(told,))


def _where_it_is(case: Case) -> Tell:
    """Return the news of who has the case, or that nobody has it yet."""
    handoff = case.handoff
    if handoff is None or handoff.claimed_by is None:
        return Tell(case.person, News.HANDED_OVER, case.number)
    return Tell(case.person, News.CLAIMED, case.number, handoff.claimed_by, handoff.claimed_at)


def shared(before: Snapshot) -> Turn:
    """Show the result in the channel it was asked in, once, while Slack allows it."""
    case, result = before.case, before.result
    if result is None or result.share_until is None or case.origin is None:
        return Turn(case, (Problem(Trouble.SHARE_LAPSED),))
    # the response URL is used up: a second click must not post it twice
    spent = replace(case, origin=replace(case.origin, response_url=None, lapses_at=None))
    return Turn(spent, effects=(Share(case.origin, without_private(result), case.person),))


def returned(before: Snapshot) -> Turn:
    """Reopen a resolved or closed case."""
    case = before.case
    if case.handoff is None or row_for(Move.REOPEN, case.standing) is None:
        return Turn(case)
    after = replace(_with_somebody(case.handoff, before.now), outcome=None, resolved_at=None)
    effects = (
        Tell(case.person, News.REOPENED, case.number, after.claimed_by),
        AddEntry(Moved(Move.REOPEN, case.person)),
    )
    return Turn(replace(case, handoff=after), effects=effects)


def sent_it(before: Snapshot) -> Turn:
    """Note that the requester has sent the request; from now on the credit is awaited."""
    case, decision = before.case, before.decision
    if decision is None or decision.refund.credit is None or case.follow_up.sent_at is not None:
        return Turn(case)
    return Turn(replace(case, follow_up=replace(case.follow_up, sent_at=before.now.at)))


def credit_came(before: Snapshot, *, came: bool) -> Turn:
    """Note that the credit came; if it did not, the case goes to the agents, with everything so far."""
    case, now = before.case, before.now
    if case.follow_up.credited:
        return Turn(case)
    if came:
        return _confirmed(case, now)
    if not before.can_be_handed_over:
        return Turn(case, (Problem(Trouble.NO_AGENTS),))
    row = row_for(Move.MISS, case.standing)
    if row is None:
        return Turn(case)  # the agents have it already
    if case.handoff is None:
        handoff = Handoff(now.at)
    else:
        handoff = replace(_with_somebody(case.handoff, now), outcome=None, resolved_at=None)
    opened = replace(case, handoff=handoff)
    alarm = Alarm(Reminder.CREDIT, handoff.claimed_by, before.after(opened).card)
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
    """Stop a reminder; those that only move a case cannot be stopped."""
    if reminder not in FOR_REQUESTER | FOR_AGENTS or reminder in case.follow_up.stopped:
        return Turn(case)
    return Turn(replace(case, follow_up=case.follow_up.with_stopped(reminder)))


def _with_somebody(handoff: Handoff, now: Now) -> Handoff:
    """Return the handoff with its former owner, or waiting if it had none."""
    standing = Standing.CLAIMED if handoff.claimed_by is not None else Standing.WAITING
    return moved_to(handoff, standing, now)
