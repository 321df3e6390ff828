"""Keep a person's DM in step with the case: each question once, each result once, old ones marked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.conversation.case import Case, Surface
from bot.conversation.derive import basis_of, result_of
from bot.conversation.effects import Aside, Effect, Post, Update
from bot.conversation.screens import Details, Question, Result, Retired, Screen, Settled, TicketEditor
from bot.conversation.turn import Turn


def retire(case: Case, screen: Screen, today: date, *, elsewhere: bool) -> tuple[Case, tuple[Effect, ...]]:
    """Mark the result that was shown where it is no longer the answer, and drop what hung on it.

    While an answer is being looked at again there is no other answer yet, so what was shown still holds;
    but not where one that it rests on was changed or taken back `elsewhere` than at the open question.
    """
    shown, result = case.shown.latest, result_of(screen)
    if shown is None:
        return case, ()
    if not _outdated(shown.result, screen) and not (elsewhere and _undercut(shown.result, case)):
        return case, ()
    since = _since(shown.result, result) if result else today
    # what was written by hand was written for the answer that no longer holds
    kept = replace(case.with_ticket(None), shown=case.shown.with_result_retired(basis_of(shown.result)))
    return kept, (Update(case.person, shown.slot, Retired(shown.result, since)),)


def keep_in_step(
    before: Case, case: Case, screen: Screen, view: Screen | TicketEditor, turn: Turn
) -> tuple[Case, tuple[Effect, ...]]:
    """Return the case with its messages accounted for, and the messages to post or redraw."""
    if case.surface is Surface.TERMINAL:
        return case, ()
    if isinstance(screen, Result):
        return _show_result(before, case, screen, view, turn)
    if case.surface is not Surface.DM:
        return case, ()
    if case.held:
        closed = replace(case, shown=case.shown.without_question())
        return closed, (*_settle(before, case, turn), *_aside(case, view))
    if case == before and not turn.again:
        return case, _aside(case, view)
    if (
        case.shown.asked_in
        and not turn.again
        and (turn.asks_on or before.interview.open_question == case.interview.open_question)
    ):
        return case, (Update(case.person, case.shown.asked_in, screen),)
    # what is new goes out first: each call takes its time, and the old message can wait
    effects = (Post(case.person, case.shown.next_slot, screen), *_settle(before, case, turn))
    return replace(case, shown=case.shown.with_question_posted()), effects


def _outdated(shown: Result, screen: Screen) -> bool:
    """Tell whether a screen has another answer, or its ticket another detail, than was shown.

    Another caveat or a later day in the same window is no other answer.
    """
    result = result_of(screen)
    if result is None or _answer(shown) != _answer(result):
        return result is not None
    now = dict(result.details)
    return isinstance(screen, Result) and any(now.get(detail) != value for detail, value in shown.details)


def _undercut(shown: Result, case: Case) -> bool:
    """Tell whether a result rests on something that the case no longer says."""
    told = any(case.interview.token(answer.fact) != answer.token for answer in shown.answers)
    return told or any(case.interview.given(detail) != value for detail, value in shown.details)


def _since(old: Result, new: Result) -> date:
    """Return the day since when the old answer no longer holds: the one that it named, or today."""
    named = old.decision.changes_on
    return named if named and named <= new.on and old.answers == new.answers else new.on


def _answer(result: Result) -> tuple[object, ...]:
    decision = result.decision
    return decision.cancellation.route, decision.refund.verdict, result.answers


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


def _settle(before: Case, case: Case, turn: Turn) -> tuple[Effect, ...]:
    """Redraw the message of a question that is no longer open as what was answered to it."""
    if before.shown.asked_in is None:
        return ()
    if turn.elsewhere:
        return (Update(case.person, before.shown.asked_in, Settled(case.number, ())),)
    earlier, now = before.interview, case.interview
    given = tuple(a for a in now.answers if earlier.token(a.fact) != a.token or a.fact == earlier.revisiting)
    details = tuple(pair for pair in now.details if pair not in earlier.details)
    settled = Settled(case.number, given, details, program=case.program)
    return (Update(case.person, before.shown.asked_in, settled),)


def _show_result(
    before: Case, case: Case, screen: Result, view: Screen | TicketEditor, turn: Turn
) -> tuple[Case, tuple[Effect, ...]]:
    """Post the result where it has not been shown yet, else redraw it where something about it changed.

    In a DM the newest message counts: an answer that was reached again, or that is all there is to say to
    what was asked, is posted again below, and the message before gives way to it.
    """
    shown, effects = case.shown.latest, _settle(before, case, turn)
    refused = isinstance(view, Result) and view.problem is not None
    if refused and case.held:
        refused, effects = False, (*effects, *_beside(case, view))
    if shown and case.surface is Surface.DM and (case.shown.asked_in or refused):
        effects += (Update(case.person, shown.slot, Settled(case.number, ())),)
        shown = None
    kept = case.shown.without_question()
    if shown is None:
        posted = Post(case.person, kept.next_slot, screen)
        return replace(case, shown=kept.with_result_posted(screen)), (posted, *effects)
    if shown.result == screen:
        return replace(case, shown=kept), effects
    updated = Update(case.person, shown.slot, screen)
    return replace(case, shown=kept.with_result_redrawn(screen)), (*effects, updated)
