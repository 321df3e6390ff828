"""Take what the person answers, types or writes to the bot; what cannot be taken is a problem to be shown."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from bot.conversation import order_details, typed_answers
from bot.conversation.asked import same
from bot.conversation.case import Case
from bot.conversation.clean_text import cleaned
from bot.conversation.derive import Snapshot, has_draft
from bot.conversation.events import PastedKey, Reworded, Said, TooLong
from bot.conversation.message_edits import edited, reworded_elsewhere
from bot.conversation.navigation import past_details
from bot.conversation.problems import Problem, Trouble
from bot.conversation.screens import Question, Screen, TicketEditor
from bot.conversation.turn import Look, Turn
from bot.conversation.walk import answered_with
from bot.reading.interruptions import is_urgent
from bot.reading.sentences import read
from policy.facts import Detail, Fact
from policy.vocabulary import DetailKind, DetailSpec

LONGEST_TICKET: Final = 2500
_ANYTHING: Final = frozenset({DetailKind.NAME, DetailKind.TEXT})


def answered(before: Snapshot, fact: Fact, token: str) -> Turn:
    """Take an answer to the question that is open; one to any other is stale or forged."""
    if not same(before.asked, fact):
        return Turn(before.case)
    return _took(before, typed_answers.accept(before.policy, fact, token, before.now, before.walked.path))


def said(before: Snapshot, text: str) -> Turn:
    """Read a typed text as the answer to what is asked."""
    match before.asked:
        case Fact() as fact:
            known = before.walked.path
            return _took(before, typed_answers.read(before.policy, fact, text, before.now, known))
        case _ if before.asks_details and typed_answers.passes(text):
            return Turn(past_details(before))
        case Detail() as detail if is_urgent(text):
            return Turn(before.case, (Problem(Trouble.NO_ANSWER, detail),))
        case Detail() as detail:
            return provided(before, {detail: text})
        case None:
            return Turn(before.case)


def plain_answer(before: Snapshot, said_now: Said) -> Said | None:
    """Return what a text says to the open question while agents have the case, None where it is for them.

    A name or a text might be anything, so it is an answer only where the detail is named beside it.
    """
    detail, text = before.asked, said_now.text
    if isinstance(detail, Detail) and not typed_answers.passes(text):
        spec = before.policy.details(before.case.program).get(detail)
        if spec is not None and spec.kind in _ANYTHING:
            named = named_value(before, spec, text)
            return replace(said_now, text=named) if named is not None else None
    return said_now if not said(before, text).problems and detail is not None else None


def named_value(before: Snapshot, spec: DetailSpec, text: str) -> str | None:
    """Return what a text gives for a detail that it names: *username: acme*, *my username is acme*."""
    if spec.kind is DetailKind.NAME:
        return read(before.policy, text, before.now.today, before.case.program).details.get(spec.id)
    name = re.escape(spec.id.replace("_", " "))
    found = re.match(rf"\s*(?:my |our |the )?{name}\s*(?::|=|is\b)\s*(.+)", text, re.IGNORECASE | re.DOTALL)
    return found[1] if found is not None else None


def reworded(before: Snapshot, event: Reworded) -> Turn:
    """Read an edited text: to the open question as if it had been typed now, to any other where it stands."""
    case, source = before.case, edited(before.case, event)
    if source is None:
        return Turn(case)
    if not same(before.asked, source.asked):
        return reworded_elsewhere(before, source, event.text)
    if event.text is None:
        return Turn(case, (Problem(Trouble.PRIVATE_KEY),))
    turn = said(before.after(case.without(source.also)), event.text)
    return replace(turn, case=case) if turn.problems else turn


def unread(case: Case, event: PastedKey | TooLong) -> Turn:
    """Say why nothing was read of what was typed; it was dropped before it came here."""
    match event:
        case PastedKey():
            return Turn(case, (Problem(Trouble.PRIVATE_KEY),))
        case TooLong(field, length):
            problem = Problem(Trouble.TOO_LONG, field, length=length)
            return Turn(case, (problem,), look=Look.EDITING)


def provided(before: Snapshot, typed: dict[Detail, str]) -> Turn:
    """Take details of the order; what is wrong with any of them leaves all as they were."""
    if not before.asks_details:
        return Turn(before.case)
    case, specs = before.case, before.policy.details(before.case.program)
    if not before.needed:
        given = {detail: text for detail, text in typed.items() if text.strip()}
        if typed and not given:
            return Turn(past_details(before))
    else:
        given = typed
    checked = {
        detail: order_details.check(detail, specs[detail].kind, given[detail])
        for detail in before.wanted
        if detail in given
    }
    problems = tuple(found for found in checked.values() if isinstance(found, Problem))
    if problems or not checked:
        return Turn(case, problems)
    legal = {detail: found for detail, found in checked.items() if isinstance(found, str)}
    known = dict(case.interview.details) | legal
    complete = all(detail in known or detail in typed for detail in before.wanted)
    interview = case.interview.with_details(known, closed=complete)
    return Turn(replace(case, interview=interview).with_ticket(None))


def edited_ticket(before: Snapshot, text: str) -> Turn:
    """Take the draft as the person wants it."""
    case = before.case
    if not before.shows_result or before.decision is None or not has_draft(before.decision):
        return Turn(case)
    plain = cleaned(text)
    if not plain:
        return Turn(case, (Problem(Trouble.TICKET_EMPTY),), look=Look.EDITING)
    if len(plain) > LONGEST_TICKET:
        return Turn(case, (Problem(Trouble.TICKET_TOO_LONG),), look=Look.EDITING)
    return Turn(case.with_ticket(plain))


def _took(before: Snapshot, read: typed_answers.ReadAnswer) -> Turn:
    case = before.case
    if isinstance(read, Problem) and read.meant == (case.interview.doubted,) and isinstance(read.field, Fact):
        read = typed_answers.Reading({read.field: read.meant[0]})  # it was asked back, and is given again
    if isinstance(read, Problem):
        return Turn(case, (read,))
    settled = case.with_revisiting(None) if case.interview.revisiting in read.tokens else case
    interview = answered_with(before.policy, settled.interview, read.tokens, before.now.today)
    # a draft that was written by hand for other answers is not carried over to these
    ticket = interview.ticket if interview.answers == case.interview.answers else None
    return Turn(replace(case, interview=replace(interview, ticket=ticket, doubted=None)))


def doubting(case: Case, look: Screen | TicketEditor) -> Case:
    """Return the case with the day that is being asked back, so that it is taken when it is given again."""
    match look:
        case Question(problem=Problem(kind=Trouble.DATE_LONG_AGO, meant=(token,))):
            return replace(case, interview=replace(case.interview, doubted=token))
        case _:
            return case
