"""Edited and deleted messages: which typed message gave which answer, and what becomes of the answer.

Here is what befalls an answer whose question is no longer open; an edit of what was typed to the open one is
read as if it had been typed now.
"""

from __future__ import annotations

from dataclasses import replace

from bot.conversation import order_details, typed_answers
from bot.conversation.asked import same
from bot.conversation.case import Case
from bot.conversation.derive import (
    Rules,
    asked_of,
    changed_since,
    result_of,
    screen_of,
    walk,
    wanted_details,
)
from bot.conversation.effects import Effect, News, Tell, Unread, Update
from bot.conversation.events import (
    Event,
    PastedKey,
    Reworded,
    Said,
    StartedOver,
    TookBack,
)
from bot.conversation.now import Now
from bot.conversation.people import Basis, Source
from bot.conversation.problems import Problem, Trouble
from bot.conversation.screens import Question, Screen, Settled
from bot.conversation.turn import Turn
from policy.facts import PROGRAM, Detail, Fact


def edited(case: Case, event: Reworded) -> Source | None:
    """Return what an edited message answered, None where nothing, or where a later edit was read already."""
    source = case.interview.source(event.message)
    return source if source is not None and source.at < event.at else None


def reworded(rules: Rules, case: Case, source: Source, text: str | None, now: Now) -> Turn:
    """Read an edited text as a fresh answer to what its message answered; the answers after it are kept.

    A text that cannot be read leaves the answer as it was, and what still counts is told. An answer that
    another has made pointless is changed without a word.
    """
    if text is None:
        return _unread(rules, case, source, Problem(Trouble.PRIVATE_KEY), now)
    if isinstance(source.asked, Fact):
        after = _answer(rules, case.without(source.also), source.asked, text, now)
    else:
        after = _detail(rules, case, source.asked, text, now)
    if isinstance(after, Problem):
        return _unread(rules, case, source, after, now)
    return _elsewhere(rules, case, after, source, now)


def took_back(rules: Rules, case: Case, message: str, now: Now) -> Turn:
    """Take out what a deleted message answered, and ask it again; the answers after it are kept."""
    source = case.interview.source(message)
    if source is None or _is_open(case, source) or not _counts(case, source):
        return Turn(case)
    if isinstance(source.asked, Fact):
        gone = {source.asked, *source.also}
        revisiting = None if case.interview.revisiting in gone else case.interview.revisiting
        after = case.without(gone).with_revisiting(revisiting)
    else:
        details = {d: value for d, value in case.interview.details if d != source.asked}
        after = replace(case, interview=case.interview.with_details(details, closed=False))
    return _elsewhere(rules, case, after, source, now)


def noted(screen: Screen, before: Case, event: Event, after: Case) -> Case:
    """Return the case with the message written down by which an event came to it.

    `screen` is what the message was typed to. An answer that was given anew is no longer the old message's.
    """
    kept = [still for source in after.interview.sources if (still := _still(source, before, after))]
    match event:
        case Said(message=str(message), at=at) if asked := asked_of(screen):
            fresh = _fresh(Source(message, asked, slot=before.shown.asked_in, at=at), before, after)
        case PastedKey(message=str(message)) if asked := asked_of(screen):
            fresh = Source(message, asked, slot=before.shown.asked_in)
        case Reworded(at=at) if old := edited(before, event):
            slot = before.shown.asked_in if same(asked_of(screen), old.asked) else old.slot
            fresh = _fresh(replace(old, at=at, slot=slot), before, after)
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
    """Return what an event has left of what a message answered."""
    given = after.interview.given(source.asked)
    skipped = given is None and isinstance(source.asked, Detail)
    if given != before.interview.given(source.asked) or (
        skipped and before.interview.details_closed != after.interview.details_closed
    ):
        return None
    also = tuple(fact for fact in source.also if after.interview.token(fact) == before.interview.token(fact))
    return replace(source, also=also)


def _fresh(source: Source, before: Case, after: Case) -> Source:
    """Return a message with what it makes certain besides what it was asked."""
    also = (
        answer.fact
        for answer in after.interview.answers
        if not same(answer.fact, source.asked)
        and (answer.fact in source.also or answer.token != before.interview.token(answer.fact))
    )
    return replace(source, also=tuple(also))


def _is_open(case: Case, source: Source) -> bool:
    """Tell whether the question that a message was typed to is still open: then it has answered nothing.

    An answer that is given to it already is an older message's, where it is looked at again.
    """
    return source.slot is not None and source.slot == case.shown.asked_in


def _counts(case: Case, source: Source) -> bool:
    """Tell whether a message has answered: by a value, or by going on without the details."""
    skipped = isinstance(source.asked, Detail) and case.interview.details_closed
    return skipped or case.interview.given(source.asked) is not None


def _answer(rules: Rules, case: Case, fact: Fact, text: str, now: Now) -> Case | Problem:
    known, _ = walk(rules.policy, case.with_revisiting(fact), now.today)
    read = typed_answers.read(rules.policy, fact, text, now, known)
    if isinstance(read, Problem):
        return read
    whole = case.with_revisiting(None)
    path, _ = walk(rules.policy, whole.with_answers(read.tokens), now.today)
    told = whole.with_answers({f: token for f, token in read.tokens.items() if f == fact or f in path})
    revisiting = case.interview.revisiting
    return told if revisiting in read.tokens else told.with_revisiting(revisiting)


def _detail(rules: Rules, case: Case, detail: Detail, text: str, now: Now) -> Case | Problem:
    known, wanted = dict(case.interview.details), _wanted(rules, case, now)
    counts = detail in wanted
    # who gives one detail after all can be asked for the others too
    closed = case.interview.details_closed and (detail in known or not counts)
    if typed_answers.passes(text):
        known.pop(detail, None)
        closed = case.interview.details_closed or counts
    elif isinstance(value := _checked(rules, case, detail, text), Problem):
        return value
    elif counts or detail in known:
        known[detail] = value
    closed = closed or (counts and all(each in known for each in wanted))
    return replace(case, interview=case.interview.with_details(known, closed=closed))


def _checked(rules: Rules, case: Case, detail: Detail, text: str) -> str | Problem:
    spec = rules.policy.details(case.program).get(detail)
    return order_details.check(detail, spec.kind, text) if spec else Problem(Trouble.NO_ANSWER, detail)


def _wanted(rules: Rules, case: Case, now: Now) -> tuple[Detail, ...]:
    """Return the details that the case's ticket needs, if it comes to one."""
    result = result_of(screen_of(rules, case.with_revisiting(None), now))
    return wanted_details(result.decision) if result else ()


def _unread(rules: Rules, case: Case, source: Source, problem: Problem, now: Now) -> Turn:
    """Tell what is wrong with an edited text, unless its answer counts for nothing."""
    question = None
    if isinstance(source.asked, Fact):
        screen = screen_of(rules, case.with_revisiting(source.asked), now)
        question = screen if isinstance(screen, Question) and screen.fact == source.asked else None
        counts = question is not None
    else:
        counts = source.asked in _wanted(rules, case, now)
    if not counts and problem.kind is not Trouble.PRIVATE_KEY:
        return Turn(case)
    kept = case.interview.given(source.asked)
    program = case.program
    told = Unread(case.person, case.number, problem, source.asked, kept, question, program)
    return Turn(case, effects=(told,))


def _elsewhere(rules: Rules, case: Case, after: Case, source: Source, now: Now) -> Turn:
    """Return the turn of a message that was typed to another question than the one that is open."""
    if case.interview.says_the_same(after.interview):
        return Turn(case)
    asked = asked_of(screen_of(rules, after, now))
    asks_on = same(asked_of(screen_of(rules, case, now)), asked)
    effects = _redrawn(case, after, source)
    if case.held and case.handoff is not None and asked is not None and not asks_on:
        effects += (Tell(case.person, News.LACKING, case.number, case.handoff.claimed_by),)
    return Turn(after, effects=effects, elsewhere=True, asks_on=asks_on)


def _redrawn(case: Case, after: Case, source: Source) -> tuple[Effect, ...]:
    """Redraw the message that asked as what is answered to it now."""
    if source.slot is None:
        return ()
    fresh = _fresh(source, case, after)
    told = {fresh.asked, *fresh.also}
    answers = tuple(answer for answer in after.interview.answers if answer.fact in told)
    details = tuple(pair for pair in after.interview.details if pair[0] in told)
    changes = changed_since(Basis(case.interview.answers, case.interview.details), after, told)
    settled = Settled(case.number, answers, details, changes, after.interview.token(PROGRAM))
    return (Update(case.person, source.slot, settled),)
