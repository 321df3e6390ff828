"""Keep a person's DM in step with the case: each question once, each result once, old ones marked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.conversation.case import Case, Outcome, Surface
from bot.conversation.derive import result_of
from bot.conversation.effects import Aside, Effect, Post, Update
from bot.conversation.screens import Details, Question, Result, Retired, Screen, Settled, TicketEditor


def outdated(shown: Outcome | None, screen: Screen) -> bool:
    """Tell whether the result that was shown is no longer the answer.

    While an answer is being looked at again there is no other answer yet, so what was shown still holds.
    Another caveat or a later day in the same window is no other answer either.
    """
    result = result_of(screen)
    if shown is None or result is None:
        return False
    return _answer(shown.result) != _answer(result)


def keep_in_step(
    before: Case, case: Case, screen: Screen, view: Screen | TicketEditor, *, again: bool
) -> tuple[Case, tuple[Effect, ...]]:
    """Return the case with its messages accounted for, and the messages to post or redraw."""
    if case.surface is Surface.TERMINAL:
        return case, ()
    case, retired = _retire(case, screen)
    if isinstance(screen, Result):
        return _show_result(before, case, screen, view, retired)
    if case.surface is not Surface.DM:
        return case, retired
    if case.held:
        return replace(case, asked_in=None), (*_settle(before, case), *retired, *_aside(case, view))
    if case == before and not again:
        return case, _aside(case, view)
    if case.asked_in and not again and _same_question(before, case):
        return case, (*retired, Update(case.person, case.asked_in, screen))
    slot = _next_slot(case)
    effects = (*_settle(before, case), *retired, Post(case.person, slot, screen))
    return replace(case, posted=case.posted + 1, asked_in=slot), effects


def _next_slot(case: Case) -> str:
    return f"message-{case.posted + 1}"


def _retire(case: Case, screen: Screen) -> tuple[Case, tuple[Effect, ...]]:
    """Mark the result that was shown where it is no longer the answer."""
    result = result_of(screen)
    if result is None or case.outcome is None or not outdated(case.outcome, screen):
        return case, ()
    gone = Retired(case.outcome.result, _since(case.outcome.result, result))
    return replace(case, outcome=None), (Update(case.person, case.outcome.slot, gone),)


def _since(old: Result, new: Result) -> date:
    """Return the day since when the old answer no longer holds: the one that it named, or today."""
    named = old.decision.changes_on
    return named if named and named <= new.on and old.answers == new.answers else new.on


def _answer(result: Result) -> tuple[object, ...]:
    decision = result.decision
    return decision.cancellation.route, decision.refund.verdict, result.answers


def _same_question(before: Case, case: Case) -> bool:
    """Tell whether only something beside the interview changed (a handoff, a claim)."""
    asked = (before.answers, before.revisiting, before.details, before.details_closed)
    return asked == (case.answers, case.revisiting, case.details, case.details_closed)


def _aside(case: Case, view: Screen | TicketEditor) -> tuple[Effect, ...]:
    match view:
        case Question(problem=problem, why=why) if problem or why:
            return (Aside(case.person, view),)
        case Details(problems=problems) if problems:
            return (Aside(case.person, view),)
        case _:
            return ()


def _beside(case: Case, view: Screen | TicketEditor) -> tuple[Effect, ...]:
    """Say beside a result why nothing was done, where the requester has it before them in the DM."""
    return (Aside(case.person, view),) if case.surface is Surface.DM and isinstance(view, Result) else ()


def _settle(before: Case, case: Case) -> tuple[Effect, ...]:
    """Redraw the message of a question that is no longer open as what was answered to it."""
    if before.asked_in is None:
        return ()
    old = {answer.fact: answer.token for answer in before.answers}
    given = tuple(a for a in case.answers if old.get(a.fact) != a.token or a.fact is before.revisiting)
    details = tuple(pair for pair in case.details if pair not in before.details)
    return (Update(case.person, before.asked_in, Settled(case.number, given, details)),)


def _show_result(
    before: Case, case: Case, screen: Result, view: Screen | TicketEditor, retired: tuple[Effect, ...]
) -> tuple[Case, tuple[Effect, ...]]:
    """Post the result where it has not been shown yet, else redraw it where something about it changed.

    In a DM the newest message counts: an answer that was reached again, or that is all there is to say to
    what was asked, is posted again below, and the message before gives way to it.
    """
    shown, effects = case.outcome, (*_settle(before, case), *retired)
    refused = isinstance(view, Result) and view.problem is not None
    if refused and case.held:
        refused, effects = False, (*effects, *_beside(case, view))
    if shown and case.surface is Surface.DM and (case.asked_in or refused):
        effects += (Update(case.person, shown.slot, Settled(case.number, ())),)
        shown = None
    case = replace(case, asked_in=None)
    if shown is None:
        slot = _next_slot(case)
        case = replace(case, posted=case.posted + 1, outcome=Outcome(screen, slot))
        return case, (*effects, Post(case.person, slot, screen))
    if shown.result == screen:
        return case, effects
    updated = Update(case.person, shown.slot, screen)
    return replace(case, outcome=Outcome(screen, shown.slot)), (*effects, updated)
