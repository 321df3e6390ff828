"""Edited and deleted messages: which message gave which answer, and what becomes of the answer.

This is about answers whose question is no longer open; an edit of a message for the open question is read as
if it had been typed now.
"""

from __future__ import annotations

from dataclasses import replace

from bot.conversation import open_days, order_details, typed_answers
from bot.conversation.answer_tokens import Asked, same
from bot.conversation.case import Case
from bot.conversation.derive import Snapshot, changed_since
from bot.conversation.effects import Effect, News, Tell, Unread, Update
from bot.conversation.events import (
    Event,
    PastedKey,
    Reworded,
    Said,
    StartedOver,
    TookBack,
)
from bot.conversation.interview import Basis, Source
from bot.conversation.problems import Problem, Trouble
from bot.conversation.screens import Question, Settled
from bot.conversation.turn import OpenQuestion, Turn
from bot.conversation.walk import answered_with
from policy.facts import Detail, Fact


def edited(case: Case, event: Reworded) -> Source | None:
    """Return what an edited message answered, None if nothing, or if a later edit was read already."""
    source = case.interview.source(event.message)
    return source if source is not None and source.at < event.at else None


def reworded_elsewhere(before: Snapshot, source: Source, text: str | None) -> Turn:
    """Read an edited text as a new answer to what its message answered; the answers after it are kept.

    If it cannot be read, the answer stays, and the person is told what still counts. An answer that another
    has made pointless is changed silently.
    """
    if text is None:
        return _unread(before, source, Problem(Trouble.PRIVATE_KEY))
    if isinstance(source.asked, Fact):
        after = _answer(before.after(before.case.without(source.also)), source.asked, text)
    else:
        after = _detail(before, source.asked, text)
    if isinstance(after, Problem):
        return _unread(before, source, after)
    return _elsewhere(before, after, source)


def took_back(before: Snapshot, message: str) -> Turn:
    """Remove what a deleted message answered, and ask it again; the answers after it are kept."""
    case, source = before.case, before.case.interview.source(message)
    if source is None or _is_open(case, source) or not _counts(case, source):
        return Turn(case)
    if isinstance(source.asked, Fact):
        gone = {source.asked, *source.also}
        revisiting = None if case.interview.revisiting in gone else case.interview.revisiting
        after = case.without(gone).with_revisiting(revisiting)
    else:
        details = {d: value for d, value in case.interview.details if d != source.asked}
        after = replace(case, interview=case.interview.with_details(details, closed=False))
    return _elsewhere(before, after, source)


def noted(at: Snapshot, event: Event, after: Case) -> Case:
    """Return the case with the message that brought an event noted.

    `at` is what the message was typed for. An answer that was given anew no longer belongs to the old
    message.
    """
    before, asked = at.case, at.asked
    kept = [still for source in after.interview.sources if (still := _still(source, before, after))]
    match event:
        case Said(message=str(message), at=moment) if asked:
            fresh = _fresh(Source(message, asked, slot=before.shown.asked_in, at=moment), before, after)
        case PastedKey(message=str(message)) if asked:
            fresh = Source(message, asked, slot=before.shown.asked_in)
        case Reworded(at=moment) if old := edited(before, event):
            slot = before.shown.asked_in if same(asked, old.asked) else old.slot
            fresh = _fresh(replace(old, at=moment, slot=slot), before, after)
        case StartedOver():
            return _with_sources(after, [])
        case TookBack(message):
            return _with_sources(after, [source for source in kept if source.message != message])
        case _:
            return _with_sources(after, kept)
    others = [s for s in kept if s.message != fresh.message and not same(s.asked, fresh.asked)]
    return _with_sources(after, [*others, fresh])


def _with_sources(case: Case, sources: list[Source]) -> Case:
    return replace(case, interview=replace(case.interview, sources=tuple(sources)))


def _still(source: Source, before: Case, after: Case) -> Source | None:
    """Return what an event has left of a message's answers."""
    given = after.interview.given(source.asked)
    skipped = given is None and isinstance(source.asked, Detail)
    if given != before.interview.given(source.asked) or (
        skipped and before.interview.details_closed != after.interview.details_closed
    ):
        return None
    also = tuple(each for each in source.also if after.interview.given(each) == before.interview.given(each))
    return replace(source, also=also)


def _fresh(source: Source, before: Case, after: Case) -> Source:
    """Return a message with what it says besides its answer; everything counts if that is not answered."""
    given: list[Asked] = [answer.fact for answer in after.interview.answers]
    given += [detail for detail, _ in after.interview.details]
    also = [
        each
        for each in given
        if not same(each, source.asked)
        and (
            any(same(each, old) for old in source.also)
            or after.interview.given(each) != before.interview.given(each)
        )
    ]
    if also and after.interview.given(source.asked) is None:
        return replace(source, asked=also[0], also=tuple(also[1:]))
    return replace(source, also=tuple(also))


def _is_open(case: Case, source: Source) -> bool:
    """Tell whether the question for which a message was typed is still open: then it answered nothing.

    If the question is being reconsidered, its present answer is an older message's.
    """
    return source.slot is not None and source.slot == case.shown.asked_in


def _counts(case: Case, source: Source) -> bool:
    """Tell whether a message has answered: by a value, or by skipping the details."""
    skipped = isinstance(source.asked, Detail) and case.interview.details_closed
    return skipped or case.interview.given(source.asked) is not None


def _answer(at: Snapshot, fact: Fact, text: str) -> Case | Problem:
    case, policy = at.case, at.policy
    asking = at.after(case.with_revisiting(fact))
    read = typed_answers.read(policy, fact, text, at.now, asking.walked.path)
    tokens = dict(read.tokens)
    if lead := next((lead for lead in read.leads if lead.fact == fact), None):
        day = open_days.settled(asking, lead)
        if isinstance(day, Problem):
            return day
        tokens[fact] = day
    if read.problem is not None and not tokens:
        return read.problem
    whole = case.with_revisiting(None)
    interview = answered_with(policy, whole.interview, tokens, at.now.today)
    told = replace(whole, interview=interview.with_answers({f: t for f, t in tokens.items() if f == fact}))
    known = dict(told.interview.details)
    if fresh := {detail: value for detail, value in read.details.items() if detail not in known}:
        told = replace(told, interview=told.interview.with_volunteered(fresh, {}))
    revisiting = case.interview.revisiting
    return told if revisiting in tokens else told.with_revisiting(revisiting)


def _detail(at: Snapshot, detail: Detail, text: str) -> Case | Problem:
    interview, wanted = at.case.interview, _wanted(at)
    known, counts = dict(interview.details), detail in wanted
    # somebody who gives one detail after all can be asked for the others too
    closed = interview.details_closed and (detail in known or not counts)
    if typed_answers.skips_detail(text):
        known.pop(detail, None)
        closed = interview.details_closed or counts
    elif isinstance(value := _checked(at, detail, text), Problem):
        return value
    elif counts or detail in known:
        known[detail] = value
    closed = closed or (counts and all(each in known for each in wanted))
    return replace(at.case, interview=interview.with_details(known, closed=closed))


def _checked(at: Snapshot, detail: Detail, text: str) -> str | Problem:
    spec = at.policy.details(at.case.program).get(detail)
    return order_details.check(detail, spec.kind, text) if spec else Problem(Trouble.NO_ANSWER, detail)


def _wanted(at: Snapshot) -> tuple[Detail, ...]:
    """Return the details that the case's ticket needs, if it comes to a ticket."""
    return at.after(at.case.with_revisiting(None)).wanted


def _unread(at: Snapshot, source: Source, problem: Problem) -> Turn:
    """Return what is wrong with an edited text, unless its answer no longer counts."""
    case, question = at.case, None
    if isinstance(source.asked, Fact):
        again = at.after(case.with_revisiting(source.asked))
        screen = again.screen if same(again.asked, source.asked) else None
        question = screen if isinstance(screen, Question) else None
        counts = question is not None
    else:
        counts = source.asked in _wanted(at)
    if not counts and problem.kind is not Trouble.PRIVATE_KEY:
        return Turn(case)
    kept = case.interview.given(source.asked)
    told = Unread(case.person, case.number, problem, source.asked, kept, question, case.program)
    return Turn(case, effects=(told,))


def _elsewhere(before: Snapshot, after: Case, source: Source) -> Turn:
    """Return the turn for a message that was typed for another question than the open one."""
    case = before.case
    if case.interview.says_the_same(after.interview):
        return Turn(case)
    asked = before.after(after).asked
    still_open = same(before.asked, asked)
    effects = _redrawn(case, after, source)
    if case.held and case.handoff is not None and asked is not None and not still_open:
        effects += (Tell(case.person, News.LACKING, case.number, case.handoff.claimed_by),)
    question = OpenQuestion.KEPT if still_open else OpenQuestion.LEFT
    return Turn(after, effects=effects, question=question)


def _redrawn(case: Case, after: Case, source: Source) -> tuple[Effect, ...]:
    """Redraw the message that asked, with its answer now."""
    if source.slot is None:
        return ()
    fresh = _fresh(source, case, after)
    told = {fresh.asked, *fresh.also}
    answers = tuple(answer for answer in after.interview.answers if answer.fact in told)
    details = tuple(pair for pair in after.interview.details if pair[0] in told)
    changes = changed_since(Basis(case.interview.answers, case.interview.details), after, told)
    settled = Settled(case.number, answers, details, changes, after.program)
    return (Update(case.person, source.slot, settled),)
