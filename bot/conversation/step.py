"""The conversation as a function: (case, event, now) -> (case, effects). No I/O, no clock, no chance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from bot.conversation import order_details, requester_moves, typed_answers
from bot.conversation.asked import same
from bot.conversation.case import NOTHING, Case, Surface
from bot.conversation.clean_text import cleaned
from bot.conversation.derive import Rules, answered_with, asked_of, card_of, has_draft, screen_of, walk
from bot.conversation.dm_messages import keep_in_step, retire
from bot.conversation.effects import AddEntry, ChangeEntry, Effect, ShowCard
from bot.conversation.events import (
    Answered,
    AskedForPerson,
    AskedWhy,
    EditedTicket,
    Event,
    Handling,
    Inquiry,
    Opened,
    OpenedTicket,
    PastedKey,
    Provided,
    Revisited,
    RevisitedDetails,
    Reworded,
    Said,
    Shared,
    Skipped,
    StartedOver,
    TookBack,
    TooLong,
    WentBack,
)
from bot.conversation.handing_over import handed_over, shared
from bot.conversation.handling import handled
from bot.conversation.interview import Interview
from bot.conversation.message_edits import edited, noted, reworded, took_back
from bot.conversation.navigation import moved
from bot.conversation.now import Now
from bot.conversation.people import Answer, Origin, Person, Remembered
from bot.conversation.problems import Problem, Trouble
from bot.conversation.screens import Details, Question, Result, Screen, TicketEditor
from bot.conversation.turn import Turn
from policy import Policy
from policy.facts import UNKNOWN, Detail, Fact

LONGEST_TICKET: Final = 2500

# What the bot answers; it does not while an agent has the case.
ForBot: TypeAlias = (
    Answered | Said | WentBack | StartedOver | Revisited | EditedTicket | OpenedTicket | Shared
)


@dataclass(frozen=True, slots=True)
class Step:
    """What came of an event: the case as it is now, what to see of it, and what is to be done."""

    case: Case
    screen: Screen | TicketEditor
    effects: tuple[Effect, ...] = ()


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
) -> Step:
    """Open a case. `alike` starts it from what is remembered ("another order like this")."""
    interview = Interview(offered=remembered.details)
    case = Case(number, person, surface, origin=origin, remembered=remembered, interview=interview)
    if alike:
        told = {answer.fact: answer.token for answer in remembered.answers}
        case = answered_with(rules.policy, case, told, now.today)
    return _finish(rules, case, Turn(case, again=True), now)


def step(rules: Rules, case: Case, event: Event, now: Now) -> Step:
    """Return what an event makes of a case. An invalid answer leaves the case as it was."""
    after = _finish(rules, case, _turn(rules, case, event, now), now)
    return replace(after, case=noted(screen_of(rules, case, now), case, event, after.case))


def remember(policy: Policy, case: Case) -> Remembered:
    """Return what to keep of the person for the next case; that they did not know is not kept."""
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


def _finish(rules: Rules, before: Case, turn: Turn, now: Now) -> Step:
    """Number the change, draw the screen, and work out which messages must be posted or redrawn."""
    drawn = screen_of(rules, turn.case, now)
    case, retired = retire(turn.case, drawn, now.today, elsewhere=turn.elsewhere)
    if case != before:
        case = replace(case, revision=before.revision + 1)
    screen = screen_of(rules, case, now)
    view = _look(screen, turn)
    case, posted = keep_in_step(before, case, screen, view, turn)
    effects = (*retired, *posted, *turn.effects)
    if case.handoff is not None and (turn.fresh_card or case != before):
        effects = _with_card(effects, ShowCard(card_of(rules, case, now)))
    return Step(case, view, effects)


def _with_card(effects: tuple[Effect, ...], card: ShowCard) -> tuple[Effect, ...]:
    """Return the effects with the card before what goes into its thread."""
    under = tuple(effect for effect in effects if isinstance(effect, AddEntry | ChangeEntry))
    return (*(effect for effect in effects if effect not in under), card, *under)


def _look(screen: Screen, turn: Turn) -> Screen | TicketEditor:
    """Add to a screen what only this one look at it has: problems, an explanation, the editor."""
    problem = turn.problems[0] if turn.problems else None
    match screen:
        case Question():
            return replace(screen, problem=problem, why=turn.why)
        case Details():
            return replace(screen, problems=turn.problems)
        case Result() if turn.editing and has_draft(screen.decision):
            return TicketEditor(screen, problem)
        case Result():
            return replace(screen, problem=problem)


def _turn(rules: Rules, case: Case, event: Event, now: Now) -> Turn:
    if isinstance(event, Handling):
        return handled(rules, case, event, now)
    if case.held and isinstance(event, ForBot):
        return Turn(case, (Problem(Trouble.HELD),))
    return _interviewed(rules, case, event, now)


def _interviewed(  # noqa: PLR0912  a match over a closed union
    rules: Rules, case: Case, event: Inquiry, now: Now
) -> Turn:
    match event:
        case Answered(fact, token):
            return _answered(rules, case, fact, token, now)
        case Said(text=text):
            return _said(rules, case, text, now)
        case Reworded():
            return _reworded(rules, case, event, now)
        case TookBack(message):
            return took_back(rules, case, message, now)
        case Provided(details):
            return requester_moves.details_given(case, _provided(rules, case, dict(details), now), now)
        case PastedKey() | TooLong():
            return _unread(case, event)
        case AskedWhy():
            # details have no rule of their own: what they are for stands with them, so they are asked again
            return Turn(case, why=True, again=isinstance(screen_of(rules, case, now), Details))
        case Opened():
            return Turn(case, again=True)
        case OpenedTicket():
            return Turn(case, editing=True)
        case EditedTicket(text):
            return _edited(rules, case, text, now)
        case AskedForPerson():
            return handed_over(rules, case, now)
        case Shared():
            return shared(rules, case, now)
        case Skipped() | WentBack() | StartedOver() | Revisited() | RevisitedDetails():
            after = moved(rules, case, event, now)
            return Turn(after, again=after == case)


def _unread(case: Case, event: PastedKey | TooLong) -> Turn:
    """Say why nothing was read of what was typed; it was dropped before it came here."""
    match event:
        case PastedKey():
            return Turn(case, (Problem(Trouble.PRIVATE_KEY),))
        case TooLong(field, length):
            return Turn(case, (Problem(Trouble.TOO_LONG, field, length=length),), editing=True)


def _answered(rules: Rules, case: Case, fact: Fact, token: str, now: Now) -> Turn:
    """Take an answer to the question that is open; one to any other is stale or forged."""
    match screen_of(rules, case, now):
        case Question(fact=asked) if asked == fact:
            known, _ = walk(rules.policy, case, now.today)
            return _took(rules, case, typed_answers.accept(rules.policy, fact, token, now, known), now)
        case _:
            return Turn(case)


def _said(rules: Rules, case: Case, text: str, now: Now) -> Turn:
    match screen_of(rules, case, now):
        case Question(fact=fact):
            known, _ = walk(rules.policy, case, now.today)
            return _took(rules, case, typed_answers.read(rules.policy, fact, text, now, known), now)
        case Details() if typed_answers.passes(text):
            return Turn(moved(rules, case, Skipped(), now))
        case Details(result=result) if result.missing:
            return _provided(rules, case, {result.missing[0]: text}, now)
        case _:
            return Turn(case)


def _reworded(rules: Rules, case: Case, event: Reworded, now: Now) -> Turn:
    """Read an edited text: to the open question as if it had been typed now, to any other where it stands."""
    source = edited(case, event)
    if source is None:
        return Turn(case)
    if not same(asked_of(screen_of(rules, case, now)), source.asked):
        return reworded(rules, case, source, event.text, now)
    if event.text is None:
        return Turn(case, (Problem(Trouble.PRIVATE_KEY),))
    turn = _said(rules, case.without(source.also), event.text, now)
    return replace(turn, case=case) if turn.problems else turn


def _took(rules: Rules, case: Case, outcome: typed_answers.ReadAnswer, now: Now) -> Turn:
    if isinstance(outcome, Problem):
        return Turn(case, (outcome,))
    settled = case.with_revisiting(None) if case.interview.revisiting in outcome.tokens else case
    answered = answered_with(rules.policy, settled, outcome.tokens, now.today)
    # a draft that was written by hand for other answers is not carried over to these
    ticket = case.interview.ticket if answered.interview.answers == case.interview.answers else None
    return Turn(answered.with_ticket(ticket))


def _provided(rules: Rules, case: Case, typed: dict[Detail, str], now: Now) -> Turn:
    screen = screen_of(rules, case, now)
    if not isinstance(screen, Details):
        return Turn(case)
    specs = rules.policy.details(case.program)
    checked = {
        detail: order_details.check(detail, specs[detail].kind, typed[detail])
        for detail in screen.wanted
        if detail in typed
    }
    problems = tuple(found for found in checked.values() if isinstance(found, Problem))
    if problems or not checked:
        return Turn(case, problems)
    legal = {detail: found for detail, found in checked.items() if isinstance(found, str)}
    known = dict(case.interview.details) | legal
    complete = all(detail in known for detail in screen.wanted)
    interview = case.interview.with_details(known, closed=complete)
    return Turn(replace(case, interview=interview).with_ticket(None))


def _edited(rules: Rules, case: Case, text: str, now: Now) -> Turn:
    screen = screen_of(rules, case, now)
    if not isinstance(screen, Result) or not has_draft(screen.decision):
        return Turn(case)
    plain = cleaned(text)
    if not plain:
        return Turn(case, (Problem(Trouble.TICKET_EMPTY),), editing=True)
    if len(plain) > LONGEST_TICKET:
        return Turn(case, (Problem(Trouble.TICKET_TOO_LONG),), editing=True)
    return Turn(case.with_ticket(plain))
