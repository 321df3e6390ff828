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

Navigation: TypeAlias = Skipped | WentBack | StartedOver | Revisited | RevisitedDetails


def moved(rules: Rules, case: Case, move: Navigation, now: Now) -> Case:
    """Return the case with another question open, or the same case."""
    match move:
        case Skipped():
            return _past_details(rules, case, now)
        case WentBack():
            return _back(rules, case, now)
        case StartedOver():
            return replace(case, interview=case.interview.started_over(case.remembered.details))
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
    return replace(case, interview=case.interview.with_details_skipped())


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
        return still_known(rules.policy, case).with_revisiting(None)
    path, _ = walk(rules.policy, case.with_revisiting(None), now.today)
    return case.with_revisiting(fact) if fact in path else case


def _details_again(case: Case) -> Case:
    return replace(case, interview=case.interview.with_details_reopened())
