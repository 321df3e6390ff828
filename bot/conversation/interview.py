"""Move about in the interview: back, from the start, to an earlier answer, past the details.

What is not possible from where the person stands leaves the case as it is: such clicks are stale or forged.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

from bot.conversation.case import Case
from bot.conversation.derive import Rules, lapsed, screen_of, still_known, walk, wanted_details
from bot.conversation.events import (
    Revisited,
    RevisitedDetails,
    Skipped,
    StartedOver,
    WentBack,
)
from bot.conversation.now import Now
from bot.conversation.screens import Details, Result
from policy.facts import Fact

Move: TypeAlias = Skipped | WentBack | StartedOver | Revisited | RevisitedDetails


def moved(rules: Rules, case: Case, move: Move, now: Now) -> Case:
    """Return the case with another question open, or the same case."""
    match move:
        case Skipped():
            return _past_details(rules, case, now)
        case WentBack():
            return _back(rules, case, now)
        case StartedOver():
            over = replace(case, answers=(), revisiting=None, ticket=None)
            return replace(over, details=(), offered=case.remembered.details, details_closed=False)
        case Revisited(fact):
            return _again(rules, case, fact, now)
        case RevisitedDetails():
            screen = screen_of(rules, case, now)
            wanted = isinstance(screen, Result) and wanted_details(screen.decision)
            return _details_again(case) if wanted else case


def _past_details(rules: Rules, case: Case, now: Now) -> Case:
    """Go on without further details; those that were offered and not refused count as given."""
    if not isinstance(screen_of(rules, case, now), Details):
        return case
    details = dict(case.offered) | dict(case.details)
    return replace(case, details=tuple(details.items()), details_closed=True)


def _back(rules: Rules, case: Case, now: Now) -> Case:
    """Ask the question before again; its answer is kept and offered, and so are those after it."""
    screen = screen_of(rules, case, now)
    if isinstance(screen, Result) and wanted_details(screen.decision):
        return _details_again(case)
    path, _ = walk(rules.policy, case, now.today)
    return _again(rules, case, list(path)[-1], now) if path else case


def _again(rules: Rules, case: Case, fact: Fact, now: Now) -> Case:
    """Ask an answered question again; where the files no longer know an answer, that one is asked instead."""
    if lapsed(rules.policy, case, now.today):
        return replace(still_known(rules.policy, case), revisiting=None)
    path, _ = walk(rules.policy, replace(case, revisiting=None), now.today)
    return replace(case, revisiting=fact) if fact in path else case


def _details_again(case: Case) -> Case:
    offered = dict(case.offered) | dict(case.details)
    return replace(case, details=(), offered=tuple(offered.items()), details_closed=False)
