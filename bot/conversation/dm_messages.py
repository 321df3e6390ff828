"""Keep a person's DM in step with the case: each question once, each result once, old ones marked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.conversation.case import Case, Surface
from bot.conversation.derive import Snapshot
from bot.conversation.effects import Aside, Effect, Post, Update
from bot.conversation.interview import Answer, Basis
from bot.conversation.screens import Details, Question, Result, Retired, Screen, Settled, TicketEditor
from bot.conversation.turn import POSTED_ANEW, SAID_ELSEWHERE, OpenQuestion
from policy.decision import Decision


def retire(at: Snapshot, question: OpenQuestion) -> tuple[Case, tuple[Effect, ...]]:
    """Mark the shown result if it no longer holds, and drop what depended on it.

    While an answer is being reconsidered there is no other answer yet, so the result still holds; but not if
    an answer that it rests on was changed elsewhere than at the open question.
    """
    case, shown = at.case, at.case.shown.latest
    if shown is None:
        return case, ()
    if not _outdated(shown.result, at) and not (question in SAID_ELSEWHERE and _undercut(shown.result, case)):
        return case, ()
    # the edited draft was for the answer that no longer holds
    retired = case.shown.with_result_retired(_basis(shown.result))
    update = Update(case.person, shown.slot, Retired(shown.result, _since(shown.result, at)))
    return replace(case.with_ticket(None), shown=retired), (update,)


def update_messages(
    before: Case, at: Snapshot, look: Screen | TicketEditor, question: OpenQuestion
) -> tuple[Case, tuple[Effect, ...]]:
    """Return the case with its messages accounted for, and the messages to post or redraw."""
    case, screen = at.case, at.screen
    if case.surface is Surface.TERMINAL or case.is_invited:
        return case, ()
    if isinstance(screen, Result):
        return _show_result(before, case, screen, look, question)
    if case.surface is not Surface.DM:
        return _with_verdict(before, case, screen, look, question)
    if case.held or case.interview.given_up:
        closed = replace(case, shown=case.shown.without_question())
        return closed, (*_settle(before, case, question), *_aside(case, look))
    anew = question in POSTED_ANEW
    if case == before and not anew:
        return case, _aside(case, look)
    stays = question is OpenQuestion.KEPT or before.interview.open_question == case.interview.open_question
    if case.shown.asked_in and stays and not anew:
        return case, (Update(case.person, case.shown.asked_in, screen), *_aside(case, look))
    # new messages first: each call takes time, and the old message can wait
    if question is OpenQuestion.STUCK:
        screen = replace(screen, stuck=True)
    post, told = Post(case.person, case.shown.next_slot, screen), _aside(case, look)
    stuck = question is OpenQuestion.STUCK
    effects = ((*told, post) if stuck else (post, *told)) + _settle(before, case, question)
    return replace(case, shown=case.shown.with_question_posted()), effects


def _outdated(shown: Result, at: Snapshot) -> bool:
    """Tell whether the answer, or a detail of its ticket, is another one than was shown.

    Another caveat, or a later day in the same window, is not another answer.
    """
    if at.decision is None:
        return False
    if _answer(shown.decision, shown.answers) != _answer(at.decision, at.answers):
        return True
    now = dict(at.details)
    return at.shows_result and any(now.get(detail) != value for detail, value in shown.details)


def _basis(result: Result) -> Basis:
    return Basis(result.answers, result.details, own_text=result.ticket is not None)


def _undercut(shown: Result, case: Case) -> bool:
    """Tell whether a result rests on something that the case no longer says."""
    told = any(case.interview.token(answer.fact) != answer.token for answer in shown.answers)
    return told or any(case.interview.given(detail) != value for detail, value in shown.details)


def _since(old: Result, at: Snapshot) -> date:
    """Return the day since when the old answer no longer holds: the day that it named, or today."""
    named, today = old.decision.changes_on, at.now.today
    if at.decision is None or named is None:
        return today
    return named if named <= today and old.answers == at.answers else today


def _answer(decision: Decision, answers: tuple[Answer, ...]) -> tuple[object, ...]:
    return decision.cancellation.route, decision.refund.verdict, answers


def _aside(case: Case, look: Screen | TicketEditor) -> tuple[Effect, ...]:
    match look:
        case Question(problem=problem, why=why) if problem or why:
            return (Aside(case.person, look),)
        case Details(problems=problems) if problems:
            return (Aside(case.person, look),)
        case _:
            return ()


def _beside(case: Case, look: Screen | TicketEditor) -> tuple[Effect, ...]:
    """Say below a result in the DM why nothing was done."""
    return (Aside(case.person, look),) if case.surface is Surface.DM and isinstance(look, Result) else ()


def _settle(before: Case, case: Case, question: OpenQuestion) -> tuple[Effect, ...]:
    """Redraw the message of a question that is no longer open, with its answer."""
    if before.shown.asked_in is None:
        return ()
    if question in SAID_ELSEWHERE:
        return (Update(case.person, before.shown.asked_in, Settled(case.number, ())),)
    earlier, now = before.interview, case.interview
    given = tuple(a for a in now.answers if earlier.token(a.fact) != a.token or a.fact == earlier.revisiting)
    details = tuple(pair for pair in now.details if pair not in earlier.details)
    settled = Settled(case.number, given, details, program=case.program)
    return (Update(case.person, before.shown.asked_in, settled),)


def _with_verdict(
    before: Case, case: Case, screen: Screen, look: Screen | TicketEditor, question: OpenQuestion
) -> tuple[Case, tuple[Effect, ...]]:
    """Post the verdict while a form asks for details, so that closing the form does not lose it."""
    if not isinstance(screen, Details) or case.shown.latest is not None or case.interview.given_up:
        return case, ()
    return _show_result(before, case, screen.result, look, question)


def _show_result(
    before: Case, case: Case, screen: Result, look: Screen | TicketEditor, question: OpenQuestion
) -> tuple[Case, tuple[Effect, ...]]:
    """Post the result if it was not shown yet; else redraw it if anything about it changed.

    In a DM the newest message counts: an answer that was reached again is posted again below, and the earlier
    message is retired. If nothing was done, the answer stays where it is, and the reason is said below.
    """
    shown, effects = case.shown.latest, _settle(before, case, question)
    if shown and isinstance(look, Result) and look.problem is not None:
        effects = (*effects, *_beside(case, look))
    if shown and case.surface is Surface.DM and case.shown.asked_in:
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
