"""Move about in the interview: back, to the start, to an earlier answer, past the details.

What is not possible from where the person is leaves the case as it is: such clicks are stale or forged.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

from bot.conversation.answer_tokens import Asked
from bot.conversation.case import Case
from bot.conversation.derive import Snapshot
from bot.conversation.events import Corrected, Revisited, RevisitedDetails, Skipped, StartedOver, WentBack
from bot.conversation.walk import still_known
from policy.facts import Detail, Fact

Navigation: TypeAlias = Skipped | WentBack | StartedOver | Revisited | Corrected | RevisitedDetails


def moved(before: Snapshot, move: Navigation) -> Case:
    """Return the case with another question open, or the same case."""
    case = before.case
    match move:
        case Skipped():
            return past_details(before)
        case WentBack():
            return _back(before)
        case StartedOver():
            return replace(case, interview=case.interview.started_over(case.remembered.details))
        case Revisited(fact):
            return _again(before, fact)
        case Corrected(of):
            return _put_right(before, of)
        case RevisitedDetails():
            return _details_again(case) if before.shows_result and before.wanted else case


def past_details(before: Snapshot) -> Case:
    """Continue without further details; those that were offered and not refused count as given."""
    if not before.asks_details:
        return before.case
    return replace(before.case, interview=before.case.interview.with_details_skipped())


def _back(before: Snapshot) -> Case:
    """Ask the previous question again; its answer is kept and offered, and so are those after it."""
    if before.shows_result and before.needed:
        return _details_again(before.case)
    path = before.walked.path
    return _again(before, list(path)[-1]) if path else before.case


def _again(before: Snapshot, fact: Fact) -> Case:
    """Ask an answered question again, or one before it whose answer the files no longer know."""
    case = before.case
    if before.walked.lapsed:
        known = still_known(before.policy, case.interview)
        return replace(case, interview=replace(known, revisiting=None))
    path = before.after(case.with_revisiting(None)).walked.path
    return case.with_revisiting(fact) if fact in path else case


def _put_right(before: Snapshot, of: Asked) -> Case:
    """Ask again for what was read; if it is not asked for yet, remove it until it is."""
    case = before.case
    if isinstance(of, Detail):
        interview = case.interview.without({of}).without_offer(of)
        return replace(case, interview=interview).with_ticket(None) if interview != case.interview else case
    again = _again(before, of)
    return again if again != case or of in before.walked.path else case.without({of})


def _details_again(case: Case) -> Case:
    return replace(case, interview=case.interview.with_details_reopened())
