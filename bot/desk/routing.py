"""Gather what the routing function needs to decide what becomes of a direct message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from bot.conversation.answer_tokens import token_of
from bot.conversation.answering import plain_answer, said, states_anything
from bot.conversation.case import Case, Surface
from bot.conversation.certificate_answers import pasted_answers
from bot.conversation.derive import Snapshot
from bot.conversation.events import AskedForPerson, Event, Said
from bot.conversation.handoff import WITH_AGENTS, Standing
from bot.conversation.people import Posted
from bot.conversation.reminders import CLOSED_AFTER
from bot.conversation.routing import OneCase, Route, Stands, Written, route, stands
from bot.conversation.typed_answers import as_command
from bot.desk import typed_commands
from bot.desk.deliveries import Write
from bot.desk.queueing import dm_of
from bot.desk.transaction import Transaction
from bot.reading.intents import Intent
from bot.reading.interruptions import is_urgent
from bot.reading.sentences import Read, read
from bot.reading.thanks import may_answer
from policy.facts import UNKNOWN, Value

MOST: Final = 8  # cases of one person that a message may be about
FEW: Final = 3  # words; a text as short as this was meant as an answer

_NUMBER: Final = re.compile(r"\bC ?-? ?([0-9]{4,12})\b", re.IGNORECASE)
_BEFORE: Final = re.compile(
    r"^\s*(?:(?:re|about|for)\s+)?C ?-? ?[0-9]{4,12}\s*[:,;.\u2013-]*\s+", re.IGNORECASE
)
_ASKING: Final = (Stands.ASKING, Stands.ASKING_WITH_AGENTS)
_WITH_AGENTS: Final = (Stands.WITH_AGENTS, Stands.ASKING_WITH_AGENTS)


@dataclass(frozen=True)
class Conversation:
    """A message, and the person's cases that it may be about, the one shown last first.

    `named` is the one case that it names; `several` are those that it names if there are more.
    """

    transaction: Transaction
    wrote: Write
    cases: tuple[Case, ...]
    seen: tuple[OneCase, ...]
    named: int | None
    several: tuple[int, ...] = ()

    @classmethod
    def of(cls, transaction: Transaction, wrote: Write) -> Conversation:
        """Look up which cases a message may be about; they do not change until the transaction ends."""
        in_thread = _in_thread(transaction, wrote)
        named = [in_thread] if in_thread is not None else _numbered(transaction, wrote.text or "")
        found = {case.number: (case, one) for case, one in _shown(transaction)}
        for case in named:
            if case.number not in found:
                found[case.number] = (case, OneCase(case.number, stands(case, transaction.now.at, None)))
        cases, seen = zip(*found.values(), strict=True) if found else ((), ())
        numbers = tuple(case.number for case in named)
        if len(numbers) == 1:
            return cls(transaction, wrote, cases, seen, numbers[0])
        return cls(transaction, wrote, cases, seen, None, numbers)

    @property
    def text(self) -> str:
        """Return the message without the number of the case that it begins with."""
        text = self.wrote.text or ""
        return (
            _BEFORE.sub("", text, count=1) if self.named is not None and self.wrote.thread is None else text
        )

    def case(self, number: int) -> Case:
        """Return one of the cases."""
        return next(case for case in self.cases if case.number == number)

    @cached_property
    def last(self) -> Case | None:
        """Return the case that is named, or else the one shown last that is not over."""
        if self.named is not None:
            return self.case(self.named)
        live = (one.number for one in self.seen if one.stands is not Stands.OVER)
        return next(map(self.case, live), None)

    @cached_property
    def leaks(self) -> bool:
        """Tell whether the message reports a leaked private key of any certificate that may be meant."""
        policy, may_be_meant = self.transaction.rules.policy, [self.last]
        if self.named is None:
            may_be_meant += [self.case(one.number) for one in self.seen if one.stands in _WITH_AGENTS]
        return any(typed_commands.says_leaked(policy, self._meant, case) for case in may_be_meant)

    @cached_property
    def _meant(self) -> Read:
        policy, today = self.transaction.rules.policy, self.transaction.now.today
        return read(policy, self.text, today, self.last.program if self.last else None)

    def route(self) -> Route:
        """Return what becomes of the message, and which case it is about."""
        answers = self._answers()
        written = self._written(answers)
        return route(written, self.seen, named=self.named, several=self.several, answers=answers)

    def command(self) -> Event | None:
        """Return the command that was written. To agents who have the case, most commands are plain words."""
        said_so = typed_commands.COMMANDS.get(as_command(self.text))
        if self._stands() in (Stands.WITH_AGENTS, Stands.RESOLVED):
            return said_so if isinstance(said_so, AskedForPerson) else None
        with_agents = self._stands() is Stands.ASKING_WITH_AGENTS
        return typed_commands.command_of(self.text, with_agents=with_agents)

    def _stands(self) -> Stands | None:
        last = self.last
        return next((one.stands for one in self.seen if last and one.number == last.number), None)

    def _written(self, answers: int | None) -> Written:
        text, policy = self.text, self.transaction.rules.policy
        if (
            not self.wrote.files
            and typed_commands.is_only_thanks(policy, text)
            and not self._can_be_wanted(text)
        ):
            return Written.THANKS
        match self.command():
            case AskedForPerson():
                return Written.PERSON
            case None:
                pass
            case _:
                return Written.COMMAND
        if answers is not None:
            return Written.ANSWER
        if is_urgent(text) or self.leaks:
            return Written.URGENT
        if self._nearly():
            return Written.NEARLY
        if self._completes():
            return Written.CORRECTION
        return Written.REQUEST if self._is_another_request else Written.WORDS

    def _can_be_wanted(self, text: str) -> bool:
        """Tell whether thanks can be the answer to an agent's question: *ok, thanks*."""
        return self.last is not None and self.last.standing is Standing.ASKED and may_answer(text)

    def _answers(self) -> int | None:
        """Return the case whose open question the message answers; of several the one shown last."""
        if self.leaks:
            return None  # whatever else it answers
        asking = [one.number for one in self.seen if one.stands in _ASKING]
        if self.named is not None:
            asking = [number for number in asking if number == self.named]
        for number in asking[:1]:
            at, with_agents = self._at(self.case(number)), self.case(number).standing in WITH_AGENTS
            if plain_answer(at, Said(self.text)) is not None:
                return number
            if not with_agents and self.last == at.case and states_anything(at, self.text):
                return number
        return None

    def _nearly(self) -> bool:
        """Tell whether the message was meant as an answer to the case shown last, but is none."""
        if self._stands() not in _ASKING or self.last is None:
            return False
        problems = said(self._at(self.last), self.text).problems
        short = len(self.text.split()) <= FEW and not self.text.rstrip().endswith("?")
        return bool(problems) and (short or not problems[0].is_unread)

    @cached_property
    def _is_another_request(self) -> bool:
        """Tell whether the message is only a greeting, or about another order than the case shown last."""
        case, meant = self.last, self._meant
        if meant.intent is Intent.GREETING and not meant.found:
            return True
        if case is None:
            return False
        policy, today = self.transaction.rules.policy, self.transaction.now.today
        given = dict(case.interview.details)
        answers = {answer.fact: answer.token for answer in case.interview.answers}
        others = any(_differs(answers.get(fact), value) for fact, value in meant.facts.items())
        others = others or any(given.get(detail, value) != value for detail, value in meant.details.items())
        pasted = pasted_answers(policy, self.text, today, case.program)
        others = others or any(answers.get(fact, token) != token for fact, token in pasted.tokens.items())
        others = others or any(given.get(detail, value) != value for detail, value in pasted.details.items())
        unknown = any(detail not in given for detail in meant.details)
        return others or (unknown and meant.intent in (Intent.CANCEL, Intent.REFUND))

    def _completes(self) -> bool:
        """Tell whether the message puts right or completes what the bot has answered last."""
        case, meant = self.last, self._meant
        if case is None or self._stands() is not Stands.ANSWERED or meant.speaks_of_another:
            return False
        at, given = self._at(case), dict(case.interview.details)
        for spec in at.policy.details(case.program).values():
            known, named = given.get(spec.id), meant.details.get(spec.id)
            if spec.identifies and known is not None and named is not None and known != named:
                return False
        after = said(at, self.text).case.interview
        # what is read of an order's details is told in the DM's own interview only
        told = (
            after != case.interview if case.surface is Surface.DM else after.answers != case.interview.answers
        )
        return told and (meant.corrects or not self._is_another_request)

    def _at(self, case: Case) -> Snapshot:
        return Snapshot.of(self.transaction.rules, case, self.transaction.now)


def _differs(token: str | None, value: Value | None) -> bool:
    """Tell whether another value was given for a fact than was answered: who did not know it may by now."""
    return token not in (None, token_of(UNKNOWN)) and value is not None and token != token_of(value)


def _shown(transaction: Transaction) -> Iterator[tuple[Case, OneCase]]:
    """Yield the person's cases that a message may be about, the one shown last first."""
    unit, at = transaction.unit, transaction.now.at
    found = set[int]()
    for shown in unit.shown_in(dm_of(transaction.known.person))[:MOST]:
        case = unit.cases.get(shown.case)
        if case is not None and case.person == transaction.known.person:
            found.add(case.number)
            yield case, OneCase(case.number, stands(case, at, shown.at), shown.spoken)
    for case in unit.cases.current(transaction.known, at - CLOSED_AFTER):
        if case.number not in found and case.standing in WITH_AGENTS | {Standing.RESOLVED}:
            yield case, OneCase(case.number, stands(case, at, None))
            found.add(case.number)
        if len(found) >= 2 * MOST:
            return


def _in_thread(transaction: Transaction, wrote: Write) -> Case | None:
    """Return the case of the thread in which a message was written."""
    if wrote.thread is None:
        return None
    number = transaction.unit.places.case_with(Posted(*wrote.thread))
    if number is None:  # it may be a thread under a message of their own
        kept = transaction.unit.record.find(transaction.known.id, [":".join(("message", *wrote.thread))])
        number = kept[0].case if len(kept) == 1 else None
    return mine(transaction, number) if number is not None else None


def _numbered(transaction: Transaction, text: str) -> list[Case]:
    """Return the person's cases that a text names by number."""
    numbers = {int(found[1]) for found in _NUMBER.finditer(text)}
    return [case for number in sorted(numbers)[:MOST] if (case := mine(transaction, number)) is not None]


def mine(transaction: Transaction, number: int) -> Case | None:
    """Return the case of a number if it is the person's own."""
    case = transaction.unit.cases.get(number)
    return case if case is not None and case.person == transaction.known.person else None
