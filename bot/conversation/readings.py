"""What a text gives to an interview, and what is read back of it, so that each thing can be corrected."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from bot.conversation.answer_tokens import same
from bot.conversation.case import Case
from bot.conversation.interview import Lead
from bot.conversation.problems import Problem
from bot.conversation.screens import OneOrder, ReadBack, Understood
from bot.reading.pasted_certificates import Note
from bot.reading.sentences import Words
from policy.facts import Detail, Fact


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text gives: certain answers and details, days that it leaves open, a bare order number.

    `problem` is what is wrong with it as the answer to the question, None if it is one. `orders` are the
    names of several different orders, `each` is what it says about each. `found` are the words for all this.
    `pasted`: it contains a certificate, and `notes` are to be said about it.
    """

    tokens: Mapping[Fact, str] = field(default_factory=dict)
    details: Mapping[Detail, str] = field(default_factory=dict)
    leads: tuple[Lead, ...] = ()
    offered: Mapping[Detail, str] = field(default_factory=dict)
    problem: Problem | None = None
    orders: tuple[str, ...] = ()
    each: tuple[OneOrder, ...] = ()
    found: tuple[Words, ...] = ()
    pasted: bool = False
    notes: tuple[Note, ...] = ()


def read_back_of(
    reading: Reading, before: Case, case: Case, asked: Fact | Detail | None, supposed: Collection[Fact]
) -> ReadBack | None:
    """Return what was read, None if it is just the answer to the question.

    `before` is the case as it was, `supposed` are the facts for which one of several readings was taken.
    """
    items = tuple(_read_items(reading, before, case, supposed))
    plain = len(items) == 1 and same(items[0].of, asked) and not supposed and not items[0].offered
    if (not items or plain) and not reading.orders and not reading.notes:
        return None
    return ReadBack(items, case.program, reading.orders, reading.notes, reading.each)


def _read_items(
    reading: Reading, before: Case, case: Case, supposed: Collection[Fact]
) -> Iterator[Understood]:
    interview = case.interview
    hints = {lead.fact for lead in (*before.interview.leads, *reading.leads) if lead.hint}
    said = {each.fact for each in reading.found}
    for answer in interview.answers:
        was_known = before.interview.token(answer.fact) == answer.token and answer.fact not in said
        if was_known and not reading.pasted and answer.fact not in supposed:
            continue  # what an answer implies is nothing new
        if reading.tokens.get(answer.fact) == answer.token or answer.fact in supposed:
            hint = answer.fact in hints and answer.fact in supposed
            yield Understood(answer.fact, answer.token, _product(reading, answer.fact), hint=hint)
    for lead in reading.leads:
        if lead in interview.leads:
            yield Understood(lead.fact, lead.days[-1], lead.typed, offered=True, hint=lead.hint)
    for detail, value in interview.details:
        if reading.details.get(detail) == value:
            yield Understood(detail, value)
    for detail, value in interview.offered:
        if reading.offered.get(detail) == value:
            yield Understood(detail, value, offered=True)


def _product(reading: Reading, fact: Fact) -> str:
    """Return the name of the product that states a fact, if it states another one too."""
    spans = {(each.start, each.end) for each in reading.found if each.fact != fact}
    said = (each for each in reading.found if each.fact == fact and (each.start, each.end) in spans)
    return next((each.text for each in said), "")
