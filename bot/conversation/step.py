"""The conversation as a function: (case, event, now) -> (case, effects). No I/O, no clock, no chance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from bot.conversation import order_details, reading
from bot.conversation.case import Case, Surface
from bot.conversation.derive import Rules, card_of, result_of, screen_of, walk, without_private
from bot.conversation.effects import Effect, News, Share, ShowCard, Tell, TellAgent
from bot.conversation.events import (
    Answered,
    AskedForPerson,
    AskedWhy,
    Claimed,
    EditedTicket,
    Event,
    Now,
    Opened,
    OpenedTicket,
    PastedKey,
    Provided,
    Revisited,
    RevisitedDetails,
    Said,
    Shared,
    Skipped,
    StartedOver,
    WentBack,
)
from bot.conversation.messages import keep_in_step, outdated
from bot.conversation.people import Handoff, Origin, Person, Remembered
from bot.conversation.problems import Problem, Trouble
from bot.conversation.screens import Details, Question, Result, Screen, TicketEditor
from policy.decision import Detail, Route
from policy.facts import Fact

LONGEST_TICKET: Final = 2500
NOTHING: Final = Remembered()


@dataclass(frozen=True, slots=True)
class Step:
    """What came of an event: the case as it is now, what to see of it, and what is to be done."""

    case: Case
    screen: Screen | TicketEditor
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class _Turn:
    """What one event changes: the case, its problems, effects of its own, and how to look at it."""

    case: Case
    problems: tuple[Problem, ...] = ()
    effects: tuple[Effect, ...] = ()
    why: bool = False
    editing: bool = False
    again: bool = False


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
    offered = {Detail.RESELLER_USERNAME: remembered.reseller_username}
    case = Case(
        number,
        person,
        surface,
        origin=origin,
        remembered=remembered,
        offered=tuple((detail, value) for detail, value in offered.items() if value),
    )
    if alike:
        told = {fact: token for fact in (Fact.PROGRAM, Fact.REQUESTER) if (token := remembered.token(fact))}
        case = case.with_answers(told)
    return _finish(rules, case, _Turn(case, again=True), now)


def step(rules: Rules, case: Case, event: Event, now: Now) -> Step:
    """Return what an event makes of a case. An invalid answer leaves the case as it was."""
    return _finish(rules, case, _turn(rules, case, event, now), now)


def remember(case: Case) -> Remembered:
    """Return what to keep of the person for the next case."""
    return Remembered(
        program=case.token(Fact.PROGRAM) or case.remembered.program,
        requester=case.token(Fact.REQUESTER) or case.remembered.requester,
        reseller_username=dict(case.details).get(Detail.RESELLER_USERNAME)
        or case.remembered.reseller_username,
    )


def _finish(rules: Rules, before: Case, turn: _Turn, now: Now) -> Step:
    """Number the change, draw the screen, and work out which messages must be posted or redrawn."""
    case = turn.case
    screen = screen_of(rules, case, now)
    if case != before or outdated(case.outcome, screen):
        case = replace(case, revision=before.revision + 1)
        screen = replace(screen, revision=case.revision)
    view = _look(screen, turn)
    case, effects = keep_in_step(before, case, screen, view, again=turn.again)
    effects += turn.effects
    if case.handoff is not None and case != before:
        effects += (ShowCard(card_of(rules, case, now)),)
    return Step(case, view, effects)


def _look(screen: Screen, turn: _Turn) -> Screen | TicketEditor:
    """Add to a screen what only this one look at it has: problems, an explanation, the editor."""
    problem = turn.problems[0] if turn.problems else None
    match screen:
        case Question():
            return replace(screen, problem=problem, why=turn.why)
        case Details():
            return replace(screen, problems=turn.problems)
        case Result() if turn.editing:
            return TicketEditor(screen, problem)
        case Result():
            return replace(screen, problem=problem)


def _turn(rules: Rules, case: Case, event: Event, now: Now) -> _Turn:
    match event:
        case Answered(fact, token):
            return _took(case, reading.accept(rules.policy, fact, token, now))
        case Said(text):
            return _said(rules, case, text, now)
        case Provided(details):
            return _provided(rules, case, dict(details), now)
        case PastedKey():
            return _Turn(case, (Problem(Trouble.PRIVATE_KEY),))
        case AskedWhy():
            return _Turn(case, why=True)
        case Opened():
            return _Turn(case, again=True)
        case OpenedTicket():
            return _Turn(case, editing=True)
        case EditedTicket(text):
            return _edited(case, text)
        case AskedForPerson():
            return _handed_over(rules, case, now)
        case Claimed(agent):
            return _claimed(rules, case, agent, now)
        case Shared():
            return _shared(rules, case, now)
        case Skipped() | WentBack() | StartedOver() | Revisited() | RevisitedDetails():
            return _Turn(_moved(rules, case, event, now))


def _moved(
    rules: Rules, case: Case, event: Skipped | WentBack | StartedOver | Revisited | RevisitedDetails, now: Now
) -> Case:
    match event:
        case Skipped():
            return replace(case, details_closed=True, details=case.details or case.offered)
        case WentBack():
            return _back(rules, case, now)
        case StartedOver():
            over = replace(case, answers=(), revisiting=None, ticket=None)
            return replace(over, details=(), details_closed=False)
        case Revisited(fact):
            path, _ = walk(rules.policy, replace(case, revisiting=None), now.today)
            return replace(case, revisiting=fact) if fact in path else case
        case RevisitedDetails():
            return _details_again(case)


def _details_again(case: Case) -> Case:
    offered = tuple((dict(case.offered) | dict(case.details)).items())
    return replace(case, details=(), offered=offered, details_closed=False)


def _back(rules: Rules, case: Case, now: Now) -> Case:
    """Ask the question before again; its answer is kept and offered, and so are those after it."""
    screen = screen_of(rules, case, now)
    if isinstance(screen, Result) and (screen.details or screen.missing):
        return _details_again(case)
    path, _ = walk(rules.policy, case, now.today)
    if not path:
        return case
    return replace(case, revisiting=list(path)[-1])


def _took(case: Case, outcome: reading.Outcome) -> _Turn:
    if isinstance(outcome, Problem):
        return _Turn(case, (outcome,))
    answered = case.with_answers(outcome.tokens)
    revisiting = None if case.revisiting in outcome.tokens else case.revisiting
    # a draft that was written by hand for other answers is not carried over to these
    ticket = case.ticket if answered.answers == case.answers else None
    return _Turn(replace(answered, revisiting=revisiting, ticket=ticket))


def _said(rules: Rules, case: Case, text: str, now: Now) -> _Turn:
    match screen_of(rules, case, now):
        case Question(fact=fact):
            return _took(case, reading.read(rules.policy, fact, text, now))
        case Details(result=result) if result.missing:
            return _provided(rules, case, {result.missing[0]: text}, now)
        case _:
            return _Turn(case)


def _provided(rules: Rules, case: Case, typed: dict[Detail, str], now: Now) -> _Turn:
    screen = screen_of(rules, case, now)
    if not isinstance(screen, Details):
        return _Turn(case)
    checked = {
        detail: order_details.check(detail, typed[detail]) for detail in screen.wanted if detail in typed
    }
    problems = tuple(found for found in checked.values() if isinstance(found, Problem))
    if problems:
        return _Turn(case, problems)
    known = dict(case.details) | {d: found for d, found in checked.items() if isinstance(found, str)}
    complete = all(detail in known for detail in screen.wanted)
    return _Turn(replace(case, details=tuple(known.items()), details_closed=complete, ticket=None))


def _edited(case: Case, text: str) -> _Turn:
    plain = text.replace("\r\n", "\n").strip()
    if not plain:
        return _Turn(case, (Problem(Trouble.TICKET_EMPTY),), editing=True)
    if len(plain) > LONGEST_TICKET:
        return _Turn(case, (Problem(Trouble.TICKET_TOO_LONG),), editing=True)
    return _Turn(replace(case, ticket=plain))


def _handed_over(rules: Rules, case: Case, now: Now) -> _Turn:
    result = result_of(screen_of(rules, case, now))
    if not rules.agents:
        return _Turn(case, (Problem(Trouble.NO_AGENTS),))
    if result and result.decision.cancellation.route is Route.SELLER:
        return _Turn(case, (Problem(Trouble.NOTHING_TO_HAND_OVER),))
    if case.handoff is not None:
        return _Turn(case)
    handed = replace(case, handoff=Handoff(now.at))
    news = () if result else (Tell(case.person, News.HANDED_OVER, case.number),)
    return _Turn(handed, effects=news)


def _claimed(rules: Rules, case: Case, agent: Person, now: Now) -> _Turn:
    """Give the case to the first agent who claims it; tell every other who has it and since when."""
    if case.handoff is None:
        return _Turn(case)
    if case.handoff.claimed_by is not None:
        return _Turn(case, effects=(TellAgent(agent, card_of(rules, case, now)),))
    claimed = replace(case.handoff, claimed_by=agent, claimed_at=now.at)
    told = Tell(case.person, News.CLAIMED, case.number, agent, now.at)
    return _Turn(replace(case, handoff=claimed), effects=(told,))


def _shared(rules: Rules, case: Case, now: Now) -> _Turn:
    result = result_of(screen_of(rules, case, now))
    if result is None or result.share_until is None or case.origin is None:
        return _Turn(case, (Problem(Trouble.SHARE_LAPSED),))
    # once shared, the way there is used up: a second click must not post it twice
    spent = replace(case, origin=replace(case.origin, response_url=None, lapses_at=None))
    return _Turn(spent, effects=(Share(case.origin, without_private(result), case.person),))
