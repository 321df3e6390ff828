"""The conversation as a function: (case, event, now) -> (case, effects). No I/O, no clock, no chance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from bot.conversation import answering, due_reminders, requester_moves
from bot.conversation.agent_move import owner_left
from bot.conversation.agent_moves import agent_moved
from bot.conversation.answer_tokens import same
from bot.conversation.case import NOTHING, Case, Invitation, Surface
from bot.conversation.derive import Rules, Snapshot, has_draft
from bot.conversation.dm_messages import retire, update_messages
from bot.conversation.effects import AddEntry, ChangeEntry, Effect, SayRead, ShowCard
from bot.conversation.events import (
    AgentMoved,
    Answered,
    AskedForPerson,
    AskedWhy,
    CameDue,
    Corrected,
    CreditCame,
    EditedTicket,
    Event,
    FollowUpEvent,
    GaveUp,
    InterviewEvent,
    Opened,
    OpenedTicket,
    OwnerLeft,
    PastedKey,
    Provided,
    Returned,
    Revisited,
    RevisitedDetails,
    Reworded,
    Rewrote,
    Said,
    SentIt,
    Shared,
    Skipped,
    StartedOver,
    Stopped,
    TookBack,
    TooLong,
    WentBack,
    Wrote,
)
from bot.conversation.interview import Answer, Interview, Remembered
from bot.conversation.message_edits import noted, took_back
from bot.conversation.navigation import moved
from bot.conversation.now import Now
from bot.conversation.people import Origin, Person
from bot.conversation.problems import Problem, Trouble
from bot.conversation.reminder_kinds import ScheduledReminder
from bot.conversation.screens import Details, OneOrder, Question, Result, Screen, TicketEditor
from bot.conversation.turn import Look, OpenQuestion, Turn
from bot.conversation.walk import answered_with
from policy import Policy
from policy.facts import UNKNOWN

# Events that the bot answers, unless an agent has the case.
ForBot: TypeAlias = (
    Answered | Said | WentBack | StartedOver | Revisited | Corrected | EditedTicket | OpenedTicket | Shared
)


@dataclass(frozen=True, slots=True)
class Step:
    """What came of an event: the case and its screen now, the effects, and the reminders."""

    case: Case
    screen: Screen | TicketEditor
    effects: tuple[Effect, ...] = ()
    reminders: tuple[ScheduledReminder, ...] = ()


def begin(  # noqa: PLR0913  a case has that many beginnings
    rules: Rules,
    number: int,
    person: Person,
    surface: Surface,
    now: Now,
    *,
    remembered: Remembered = NOTHING,
    origin: Origin | None = None,
    alike: bool = False,
    words: Said | None = None,
    invitation: Invitation | None = None,
    order: OneOrder | None = None,
) -> Step:
    """Open a case, with `words` to read if there are any, or with what is known of an `order`.

    `alike` starts it from what is remembered ("another order like this"). With an `invitation` nothing is
    asked until the person begins.
    """
    interview = Interview(offered=remembered.details)
    if alike:
        told = {answer.fact: answer.token for answer in remembered.answers}
        interview = answered_with(rules.policy, interview, told, now.today, ahead=False)
    case = Case(
        number,
        person,
        surface,
        origin=origin,
        remembered=remembered,
        interview=interview,
        invitation=invitation,
    )
    at = Snapshot.of(rules, case, now)
    if order is not None:
        turn = replace(answering.opened_for(at, order), question=OpenQuestion.REPOSTED)
        return _finish(at.after(turn.case), turn)
    if words is None:
        return _finish(at, Turn(case, question=OpenQuestion.REPOSTED))
    turn = replace(answering.opened_with(at, words.text), question=OpenQuestion.REPOSTED)
    if invitation is not None:
        turn = replace(turn, case=replace(turn.case, invitation=replace(invitation, read=turn.read)))
    after = _finish(at.after(turn.case), turn)
    return replace(after, case=answering.doubting(noted(at, words, after.case), after.screen))


def step(rules: Rules, case: Case, event: Event, now: Now) -> Step:
    """Apply an event to a case. An invalid answer leaves the case as it was."""
    if case.interview.given_up and isinstance(event, InterviewEvent) and not isinstance(event, GaveUp):
        case = case.with_given_up(given_up=False)
    before = Snapshot.of(rules, case, now)
    turn = _begun(_turn(before, event), event)
    after = _finish(before, turn)
    return replace(after, case=answering.doubting(noted(before, event, after.case), after.screen))


def nothing_happens(at: Snapshot) -> Step:
    """Return a case as it is, with its screen."""
    return Step(at.case, at.screen, reminders=at.reminders)


def remember(policy: Policy, case: Case) -> Remembered:
    """Return what to keep of the person for the next case; *I don't know* is not kept."""
    program = case.program
    kept_facts = [fact for fact, spec in policy.facts(program).items() if spec.remembered]
    facts = {fact: case.remembered.token(fact) for fact in kept_facts}
    facts |= {a.fact: a.token for a in case.interview.answers if a.fact in facts and a.token != UNKNOWN}
    details = dict(case.remembered.details) | dict(case.interview.details)
    kept = {detail for detail, spec in policy.details(program).items() if spec.remembered}
    return Remembered(
        answers=tuple(Answer(fact, token) for fact, token in facts.items() if token is not None),
        details=tuple((detail, value) for detail, value in details.items() if detail in kept),
    )


# --- what an event changes in the case


def _begun(turn: Turn, event: Event) -> Turn:
    """Begin the interview to which a person was invited, whatever they do in it first."""
    case, invitation = turn.case, turn.case.invitation
    if invitation is None or not invitation.waits or not isinstance(event, InterviewEvent):
        return turn
    if isinstance(event, TookBack | Reworded):
        return turn
    read = turn.read or invitation.read
    return replace(turn, case=replace(case, invitation=replace(invitation, waits=False)), read=read)


def _turn(before: Snapshot, event: Event) -> Turn:
    if isinstance(event, FollowUpEvent):
        return _followed_up(before, event)
    if before.case.held and isinstance(event, ForBot):
        return Turn(before.case, (Problem(Trouble.HELD),))
    return _interviewed(before, event)


def _followed_up(before: Snapshot, event: FollowUpEvent) -> Turn:
    """Apply what follows the interview: what agents do, what requesters report, what time brings."""
    match event:
        case AgentMoved(agent, move):
            return agent_moved(before, agent, move)
        case OwnerLeft():
            return owner_left(before)
        case Wrote():
            return requester_moves.wrote(before, event)
        case Rewrote():
            return requester_moves.rewrote(before.case, event)
        case Returned():
            return requester_moves.returned(before)
        case SentIt():
            return requester_moves.sent_it(before)
        case CreditCame(came):
            return requester_moves.credit_came(before, came=came)
        case Stopped(reminder):
            return requester_moves.stopped(before.case, reminder)
        case CameDue(reminder):
            return due_reminders.came_due(before, reminder)


def _interviewed(  # noqa: PLR0912  a match over a closed union
    before: Snapshot, event: InterviewEvent
) -> Turn:
    case = before.case
    match event:
        case Answered(fact, token):
            return answering.answered(before, fact, token)
        case Said(text=text):
            turn = answering.said(before, text)
            stuck = turn.missed and case.shown.asked_in is not None and _missed_before(before)
            return replace(turn, question=OpenQuestion.STUCK) if stuck else turn
        case Reworded():
            return answering.reworded(before, event)
        case TookBack(message):
            return took_back(before, message)
        case Provided(details):
            return requester_moves.details_given(before, answering.provided(before, dict(details)))
        case PastedKey() | TooLong():
            return answering.unread(case, event)
        case AskedWhy():
            # details have no rule that explains them, so they are asked again, with what they are for
            question = OpenQuestion.REPOSTED if before.asks_details else OpenQuestion.FOLLOWS
            return Turn(case, look=Look.WHY, question=question)
        case Opened():
            return Turn(case, question=OpenQuestion.REPOSTED)
        case OpenedTicket():
            return Turn(case, look=Look.EDITING)
        case EditedTicket(text):
            return answering.edited_ticket(before, text)
        case GaveUp():
            return requester_moves.gave_up(before)
        case AskedForPerson():
            return requester_moves.handed_over(before)
        case Shared():
            return requester_moves.shared(before)
        case Skipped() | WentBack() | StartedOver() | Revisited() | Corrected() | RevisitedDetails():
            after = moved(before, event)
            question = OpenQuestion.REPOSTED if after == case else OpenQuestion.FOLLOWS
            return Turn(after, question=question)


def _missed_before(before: Snapshot) -> bool:
    """Tell whether another text was typed for the question that is still open."""
    case = before.case
    return any(
        source.slot == case.shown.asked_in and same(source.asked, before.asked)
        for source in case.interview.sources
    )


# --- how the change is drawn and told


def _finish(before: Snapshot, turn: Turn) -> Step:
    """Count the change, draw the screen, and work out which messages to post or redraw."""
    derived = before.after(turn.case)
    case, retired = retire(derived, turn.question)
    if replace(case, invitation=before.case.invitation) != before.case:
        case = replace(case, revision=before.case.revision + 1)
    after = derived.after(case)
    look = _look(after.screen, turn)
    case, posted = update_messages(before.case, after, look, turn.question)
    effects = (*retired, *_read_back(case, turn), *posted, *turn.effects)
    if case.handoff is not None and (turn.fresh_card or case != before.case):
        effects = _with_card(effects, ShowCard(after.card))
    return Step(case, look, effects, after.reminders)


def _read_back(case: Case, turn: Turn) -> tuple[Effect, ...]:
    """Say in the DM what was read, above what follows from it; elsewhere the screen says so."""
    if turn.read is None or case.surface is not Surface.DM or case.is_invited:
        return ()
    return (SayRead(case.person, case.number, turn.read, revision=case.revision),)


def _with_card(effects: tuple[Effect, ...], card: ShowCard) -> tuple[Effect, ...]:
    """Return the effects with the card before what goes into its thread."""
    under = tuple(effect for effect in effects if isinstance(effect, AddEntry | ChangeEntry))
    return (*(effect for effect in effects if effect not in under), card, *under)


def _look(screen: Screen, turn: Turn) -> Screen | TicketEditor:
    """Add to a screen what only this one look shows: problems, an explanation, the editor."""
    problem = turn.problems[0] if turn.problems else None
    match screen:
        case Question():
            return replace(screen, problem=problem, why=turn.look is Look.WHY, read=turn.read)
        case Details():
            return replace(screen, problems=turn.problems, read=turn.read)
        case Result() if turn.look is Look.EDITING and has_draft(screen.decision):
            return TicketEditor(screen, problem)
        case Result():
            return replace(screen, problem=problem, read=turn.read)
