"""Bring other people in: hand a case to the agents, share its result in the channel."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.case import Case
from bot.conversation.derive import Rules, basis_of, result_of, screen_of, without_private
from bot.conversation.effects import News, Share, Tell
from bot.conversation.handoff import SETTLED, WITH_AGENTS
from bot.conversation.now import Now
from bot.conversation.people import Basis, Handoff
from bot.conversation.problems import Problem, Trouble
from bot.conversation.requester_moves import returned
from bot.conversation.screens import Result
from bot.conversation.turn import Turn


def handed_over(rules: Rules, case: Case, now: Now) -> Turn:
    """Ask for an agent, once; a result shows it by itself, while a question is open it is told.

    What was resolved or closed goes to the agents as it was.
    """
    screen = screen_of(rules, case, now)
    result = result_of(screen)
    if not rules.agents:
        return Turn(case, (Problem(Trouble.NO_AGENTS),))
    if result and not result.decision.cancellation.handoff:
        return Turn(case, (Problem(Trouble.NOTHING_TO_HAND_OVER),))
    if case.standing in SETTLED:
        return returned(case, now)
    if case.standing not in WITH_AGENTS:
        case = replace(case, handoff=_anew(case.handoff, basis_of(screen), now))
    handed = case
    return Turn(handed, effects=() if isinstance(screen, Result) else (_where_it_is(handed),))


def shared(rules: Rules, case: Case, now: Now) -> Turn:
    """Show the result in the channel it was asked in, once, while Slack lets us."""
    result = result_of(screen_of(rules, case, now))
    if result is None or result.share_until is None or case.origin is None:
        return Turn(case, (Problem(Trouble.SHARE_LAPSED),))
    # once shared, the way there is used up: a second click must not post it twice
    spent = replace(case, origin=replace(case.origin, response_url=None, lapses_at=None))
    return Turn(spent, effects=(Share(case.origin, without_private(result), case.person),))


def _anew(handoff: Handoff | None, basis: Basis, now: Now) -> Handoff:
    """Return a handoff that begins now; a case that was with the agents before keeps its card."""
    return Handoff(now.at, urgent=handoff.urgent if handoff is not None else False, basis=basis)


def _where_it_is(case: Case) -> Tell:
    """Return the news of who has the case, or that nobody has it yet."""
    handoff = case.handoff
    if handoff is None or handoff.claimed_by is None:
        return Tell(case.person, News.HANDED_OVER, case.number)
    return Tell(case.person, News.CLAIMED, case.number, handoff.claimed_by, handoff.claimed_at)
