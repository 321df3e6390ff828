"""Move about in the interview: back, from the start, to an earlier answer, past the details.

What is not possible from where the person stands leaves the case as it is: such clicks are stale or forged.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

from bot.conversation.case import Case, remembered_details
from bot.conversation.derive import Rules, screen_of, walk, wanted_details
from bot.conversation.events import Now, Revisited, RevisitedDetails, Skipped, StartedOver, WentBack
from bot.conversation.screens import Details, Result

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
            offered = remembered_details(case.remembered)
            return replace(over, details=(), offered=offered, details_closed=False)
        case Revisited(fact):
            path, _ = walk(rules.policy, replace(case, revisiting=None), now.today)
            return replace(case, revisiting=fact) if fact in path else case
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
    return replace(case, revisiting=list(path)[-1]) if path else case


def _details_again(case: Case) -> Case:
    offered = dict(case.offered) | dict(case.details)
    return replace(case, details=(), offered=tuple(offered.items()), details_closed=False)
