"""Take what a person answers, types or writes to the bot; what cannot be taken becomes a problem to show."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final

from bot.conversation import open_days, order_details, typed_answers
from bot.conversation.answer_tokens import same
from bot.conversation.case import Case
from bot.conversation.clean_text import cleaned
from bot.conversation.derive import Snapshot, has_draft
from bot.conversation.events import PastedKey, Reworded, Said, TooLong
from bot.conversation.handoff import WITH_AGENTS
from bot.conversation.interview import Interview
from bot.conversation.message_edits import edited, reworded_elsewhere
from bot.conversation.navigation import past_details
from bot.conversation.problems import Problem, Trouble
from bot.conversation.readings import Reading, read_back_of
from bot.conversation.screens import OneOrder, Question, Screen, TicketEditor
from bot.conversation.turn import Look, OpenQuestion, Turn
from bot.conversation.walk import answered_with
from bot.reading.intents import Intent
from bot.reading.interruptions import is_urgent
from bot.reading.pasted_certificates import Note
from bot.reading.sentences import read
from policy.facts import PROGRAM, Detail, Fact
from policy.vocabulary import DetailKind, DetailSpec

LONGEST_TICKET: Final = 2500
_WISHES: Final = frozenset({Intent.REFUND, Intent.CANCEL, Intent.REVOKE, Intent.REISSUE})
_ANYTHING: Final = frozenset({DetailKind.NAME, DetailKind.TEXT})


def answered(before: Snapshot, fact: Fact, token: str) -> Turn:
    """Take an answer to the open question; one to any other is stale or forged."""
    if not same(before.asked, fact):
        return Turn(before.case)
    return _took(before, typed_answers.accept(before.policy, fact, token, before.now, before.walked.path))


def said(before: Snapshot, text: str) -> Turn:
    """Read a typed text, as the answer to what is asked and for everything else that it states."""
    asked = before.asked
    if isinstance(asked, Detail):
        if typed_answers.skips_detail(text):
            return Turn(past_details(before))
        if is_urgent(text):
            return Turn(before.case, (Problem(Trouble.NO_ANSWER, asked),))
    return _took(before, typed_answers.read(before.policy, asked, text, before.now, before.walked.path))


def opened_with(at: Snapshot, text: str) -> Turn:
    """Read the words that open a case: what they state is answered, the rest is asked."""
    reading = typed_answers.read(at.policy, None, text, at.now, at.walked.path)
    return _took(at, replace(reading, problem=None))


def opened_for(at: Snapshot, order: OneOrder) -> Turn:
    """Answer what is known of an order as its case opens, as far as it is asked.

    What turns out not to be an answer is asked.
    """
    tokens, specs = dict(order.tokens), at.policy.details(dict(order.tokens).get(PROGRAM))
    legal = {
        fact: token
        for fact, token in tokens.items()
        if fact in typed_answers.accept(at.policy, fact, token, at.now, at.walked.path).tokens
    }
    checked = {
        detail: order_details.check(detail, specs[detail].kind, value)
        for detail, value in order.details
        if detail in specs
    }
    details = {detail: value for detail, value in checked.items() if isinstance(value, str)}
    return _took(at, Reading(legal, details))


def states_anything(before: Snapshot, text: str) -> bool:
    """Tell whether a text states something that the case does not know yet."""
    return said(before, text).case != before.case


def only_wishes(before: Snapshot, text: str) -> bool:
    """Tell whether a text says what is wanted of the certificate, and nothing that the case does not know."""
    if before.case.standing in WITH_AGENTS or isinstance(before.asked, Detail):
        return False
    wanted = read(before.policy, text, before.now.today, before.case.program).intent
    return wanted in _WISHES and not states_anything(before, text)


def plain_answer(before: Snapshot, said_now: Said) -> Said | None:
    """Return what a text answers to the open question while agents have the case, None if it is for them.

    A name or a text could be anything, so it is an answer only if the detail is named beside it.
    """
    detail, text = before.asked, said_now.text
    if isinstance(detail, Detail) and not typed_answers.skips_detail(text):
        spec = before.policy.details(before.case.program).get(detail)
        if spec is not None and spec.kind in _ANYTHING:
            named = named_value(before, spec, text)
            return replace(said_now, text=named) if named is not None else None
    return said_now if detail is not None and _answers(before, detail, text) else None


def _answers(before: Snapshot, asked: Fact | Detail, text: str) -> bool:
    """Tell whether a text answers a question, or skips it, and says hardly anything else."""
    if isinstance(asked, Detail) and typed_answers.skips_detail(text):
        return True
    reading = typed_answers.read(before.policy, asked, text, before.now, before.walked.path)
    if reading.problem is not None or said(before, text).problems:
        return False
    return typed_answers.says_little_else(text, reading.found)


def named_value(before: Snapshot, spec: DetailSpec, text: str) -> str | None:
    """Return the value that a text gives for a detail it names: *username: acme*, *my username is acme*."""
    if spec.kind is DetailKind.NAME:
        return read(before.policy, text, before.now.today, before.case.program).details.get(spec.id)
    name = re.escape(spec.id.replace("_", " "))
    found = re.match(rf"\s*(?:my |our |the )?{name}\s*(?::|=|is\b)\s*(.+)", text, re.IGNORECASE | re.DOTALL)
    return found[1] if found is not None else None


def reworded(before: Snapshot, event: Reworded) -> Turn:
    """Read an edited text: for the open question as if typed now, for any other where it was typed."""
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
    """Return the problem that what was typed was not read; its text was dropped before it came here."""
    match event:
        case PastedKey():
            return Turn(case, (Problem(Trouble.PRIVATE_KEY),))
        case TooLong(field, length):
            problem = Problem(Trouble.TOO_LONG, field, length=length)
            return Turn(case, (problem,), look=Look.EDITING)


def provided(before: Snapshot, typed: dict[Detail, str]) -> Turn:
    """Take details of the order; if any of them is wrong, none is changed."""
    if not before.asks_details:
        return Turn(before.case)
    specs = before.policy.details(before.case.program)
    given = typed
    if not before.needed:
        given = {detail: text for detail, text in typed.items() if text.strip()}
        if typed and not given:
            return Turn(past_details(before))
    checked = {
        detail: order_details.check(detail, specs[detail].kind, given[detail])
        for detail in before.wanted
        if detail in given
    }
    problems = tuple(found for found in checked.values() if isinstance(found, Problem))
    if problems or not checked:
        return Turn(before.case, problems)
    legal = {detail: found for detail, found in checked.items() if isinstance(found, str)}
    return Turn(_with_details(before, legal, passed_over=typed))


def edited_ticket(before: Snapshot, text: str) -> Turn:
    """Take the draft as the person wrote it."""
    case = before.case
    if not before.shows_result or before.decision is None or not has_draft(before.decision):
        return Turn(case)
    plain = cleaned(text)
    if not plain:
        return Turn(case, (Problem(Trouble.TICKET_EMPTY),), look=Look.EDITING)
    if len(plain) > LONGEST_TICKET:
        return Turn(case, (Problem(Trouble.TICKET_TOO_LONG),), look=Look.EDITING)
    return Turn(case.with_ticket(plain))


def doubting(case: Case, look: Screen | TicketEditor) -> Case:
    """Return the case with the day that is being asked back, so that it is taken when it is given again."""
    match look:
        case Question(problem=Problem(kind=Trouble.DATE_LONG_AGO, meant=(token,))):
            return replace(case, interview=replace(case.interview, doubted=token))
        case _:
            return case


def _took(before: Snapshot, reading: Reading) -> Turn:
    """Take what a text or a click gives. If that changes nothing, its problem is shown.

    A certificate is never a problem: what it tells, or why it tells nothing, is said.
    """
    case, supposed, problem = _with_reading(before, reading), list[Fact](), None
    if case.interview.leads:
        case, supposed, problem = _led(before.after(case))
    if problem is not None and same(before.asked, problem.field):
        case = replace(case, interview=_without_leads(case.interview, before.case.interview))
    if problem is None and _gives_nothing(case.interview, before.case.interview):
        speaks_of_another = isinstance(before.asked, Detail) and case != before.case
        problem = reading.problem if not (reading.pasted or speaks_of_another) else None
        if reading.pasted and not reading.notes and case == before.case:
            reading = replace(reading, notes=(Note.NOTHING_NEW,))
    told = case != before.case or reading.pasted
    read = read_back_of(reading, before.case, case, before.asked, supposed) if told else None
    question = OpenQuestion.REPOSTED if reading.pasted and not problem else OpenQuestion.FOLLOWS
    return Turn(case, (problem,) if problem else (), read=read, question=question)


def _led(at: Snapshot) -> tuple[Case, list[Fact], Problem | None]:
    """Settle the days that were left open, as far as their questions have been reached.

    Returns the facts for which one of several readings is taken, and what must be asked back.
    """
    supposed: list[Fact] = []
    while isinstance(at.asked, Fact) and (lead := at.case.interview.lead(at.asked)) is not None:
        found = open_days.settled(at, lead)
        if isinstance(found, Problem):
            return at.case, supposed, found
        if len(lead.days) > 1 or lead.hint:
            supposed.append(lead.fact)
        at = at.after(_with_answers(at, {lead.fact: found}))
    return at.case, supposed, None


def _with_reading(before: Snapshot, reading: Reading) -> Case:
    """Return the case with what a text states for certain, and with what it leaves open."""
    case = _with_answers(before, reading.tokens)
    case = replace(case, interview=case.interview.with_leads(reading.leads))
    known, answer = dict(case.interview.details), dict[Detail, str]()
    fresh = {detail: value for detail, value in reading.details.items() if known.get(detail) != value}
    if isinstance(before.asked, Detail) and before.asked in fresh:
        answer[before.asked] = fresh.pop(before.asked)
    offered = {detail: value for detail, value in reading.offered.items() if detail not in known}
    if fresh or offered:
        case = replace(case, interview=case.interview.with_volunteered(fresh, offered))
    if answer:
        return _with_details(before.after(case), answer)
    return case.with_ticket(None) if fresh else case


def _with_answers(at: Snapshot, tokens: Mapping[Fact, str]) -> Case:
    """Return the case with answers; a draft that was edited for other ones is dropped."""
    if not tokens:
        return at.case
    settled = at.case.with_revisiting(None) if at.case.interview.revisiting in tokens else at.case
    interview = answered_with(at.policy, settled.interview, tokens, at.now.today)
    ticket = interview.ticket if interview.answers == at.case.interview.answers else None
    return replace(settled, interview=replace(interview, ticket=ticket, doubted=None))


def _with_details(
    at: Snapshot, details: Mapping[Detail, str], *, passed_over: Collection[Detail] = ()
) -> Case:
    """Return the case with details of the order; the last one that is wanted completes them."""
    known = dict(at.case.interview.details) | dict(details)
    complete = all(detail in known or detail in passed_over for detail in at.wanted)
    interview = at.case.interview.with_details(known, closed=complete)
    return replace(at.case, interview=interview).with_ticket(None)


def _gives_nothing(after: Interview, before: Interview) -> bool:
    """Tell whether an interview is unchanged, apart from what waits for its question."""
    return replace(after, leads=before.leads) == before


def _without_leads(interview: Interview, before: Interview) -> Interview:
    """Return an interview without newly left-open days: a day that was just asked back is not kept."""
    return replace(interview, leads=tuple(lead for lead in interview.leads if lead in before.leads))
