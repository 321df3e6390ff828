"""The interview of a case: what was answered, by which message, and what the next case may offer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from bot.conversation.answer_tokens import Asked
from policy.facts import PROGRAM, Detail, Fact


@dataclass(frozen=True, slots=True)
class Answer:
    """One answered fact; `token` is the value in its one written form (see `answer_tokens`)."""

    fact: Fact
    token: str


@dataclass(frozen=True, slots=True)
class Source:
    """A typed message that answered something, or tried to.

    `message` is the key of its receipt, `slot` the message that asked. `at` is the timestamp of its latest
    edit, by which edits are ordered; empty before the first.
    """

    message: str
    asked: Asked
    also: tuple[Asked, ...] = ()
    slot: str | None = None
    at: str = ""


@dataclass(frozen=True, slots=True)
class Lead:
    """The days that a text leaves open for a fact: one of them, or a span's two ends if not `exact`.

    `typed` are the words of the text, to show. `hint`: a certificate's first day, which is the day of the
    order unless it was reissued since.
    """

    fact: Fact
    days: tuple[str, ...]
    typed: str
    exact: bool = True
    hint: bool = False


@dataclass(frozen=True, slots=True)
class Basis:
    """What was shown, to tell what has changed since; `own_text`: the person had edited the draft."""

    answers: tuple[Answer, ...]
    details: tuple[tuple[Detail, str], ...]
    own_text: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One answer or detail before and after; `after` is None if it was taken back."""

    of: Asked
    before: str
    after: str | None


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is kept of a person from case to case, and offered as already chosen."""

    answers: tuple[Answer, ...] = ()
    details: tuple[tuple[Detail, str], ...] = ()

    def token(self, fact: Fact) -> str | None:
        """Return the remembered answer to a fact, None if it is not remembered."""
        return next((answer.token for answer in self.answers if answer.fact == fact), None)


@dataclass(frozen=True, slots=True)
class Interview:
    """What a person has answered so far.

    `answers` keeps every answer, in order, including those that a later answer made pointless. `revisiting`
    is an answered fact that is being asked again. `offered` are details to offer as already typed;
    `details_closed` means that the person has given them all or skips the rest, `details_reopened` that they
    want to give them even if none is needed. `ticket` is the draft as the person edited it. `sources` say
    which message was typed for which question, one for each. `given_up`: the person wants no answer until
    they open the case again. `doubted` is a day that was asked back because it is long ago; if it is given
    again, it is taken. `leads` wait for their questions, `volunteered` is what was given before it was asked
    for.
    """

    answers: tuple[Answer, ...] = ()
    revisiting: Fact | None = None
    details: tuple[tuple[Detail, str], ...] = ()
    offered: tuple[tuple[Detail, str], ...] = ()
    details_closed: bool = False
    details_reopened: bool = False
    ticket: str | None = None
    sources: tuple[Source, ...] = ()
    given_up: bool = False
    doubted: str | None = None
    leads: tuple[Lead, ...] = ()
    volunteered: tuple[Asked, ...] = ()

    @property
    def program(self) -> str | None:
        """Return the chosen program, None if there is none."""
        return self.token(PROGRAM)

    def token(self, fact: Fact) -> str | None:
        """Return the answer to a fact, None if there is none."""
        return next((answer.token for answer in self.answers if answer.fact == fact), None)

    def given(self, asked: Fact | Detail) -> str | None:
        """Return the answer to a question, None if there is none."""
        return self.token(asked) if isinstance(asked, Fact) else dict(self.details).get(asked)

    def lead(self, fact: Fact) -> Lead | None:
        """Return the days that a text left open for a fact, None if none wait for its question."""
        return next((lead for lead in self.leads if lead.fact == fact), None)

    def source(self, message: str) -> Source | None:
        """Return what a typed message answered, or tried to."""
        return next((source for source in self.sources if source.message == message), None)

    def answers_like(self, other: Interview) -> bool:
        """Tell whether another interview has the same answers, and so asks the same."""
        return (self.answers, self.revisiting) == (other.answers, other.revisiting)

    @property
    def open_question(self) -> object:
        """Return everything that the open question depends on."""
        return self.answers, self.revisiting, self.details, self.details_closed

    def says_the_same(self, other: Interview) -> bool:
        """Tell whether another interview holds the same answers and details, in any order."""
        return self._said() == other._said()

    def _said(self) -> object:
        told = {answer.fact: answer.token for answer in self.answers}
        return told, dict(self.details), self.details_closed

    # --- changes

    def started_over(self, offered: tuple[tuple[Detail, str], ...]) -> Interview:
        """Return it without answers and details; it keeps its messages."""
        return Interview(offered=offered, sources=self.sources)

    def without(self, given: Collection[Fact | Detail]) -> Interview:
        """Return it without these answers and details; a detail that is removed is asked for again."""
        facts = {each for each in given if isinstance(each, Fact)}
        gone = {each for each in given if isinstance(each, Detail)} & set(dict(self.details))
        kept = replace(
            self,
            answers=tuple(a for a in self.answers if a.fact not in facts),
            leads=tuple(lead for lead in self.leads if lead.fact not in facts),
        )
        details = {detail: value for detail, value in self.details if detail not in gone}
        return kept.with_details(details, closed=False) if gone else kept

    def without_offer(self, detail: Detail) -> Interview:
        """Return it without a value offered for a detail."""
        return replace(self, offered=tuple(pair for pair in self.offered if pair[0] != detail))

    def with_answers(self, tokens: Mapping[Fact, str]) -> Interview:
        """Return it with these answers set; one that was there keeps its place."""
        kept = tuple(Answer(a.fact, tokens.get(a.fact, a.token)) for a in self.answers)
        known = {answer.fact for answer in self.answers}
        fresh = tuple(Answer(fact, token) for fact, token in tokens.items() if fact not in known)
        leads = tuple(lead for lead in self.leads if lead.fact not in tokens)
        return replace(self, answers=kept + fresh, leads=leads)

    def with_leads(self, leads: Collection[Lead]) -> Interview:
        """Return it with days that wait for their question, in place of older ones for the same facts."""
        renewed = {lead.fact for lead in leads}
        return replace(self, leads=(*(lead for lead in self.leads if lead.fact not in renewed), *leads))

    def with_details(self, details: Mapping[Detail, str], *, closed: bool) -> Interview:
        """Return it with these details in place of those that it had."""
        return replace(self, details=tuple(details.items()), details_closed=closed)

    def with_ahead(self, facts: Collection[Fact], *, answered: Collection[Fact]) -> Interview:
        """Return it with facts that were given before they were asked for, except those in `answered`."""
        kept = (each for each in self.volunteered if isinstance(each, Detail) or each not in answered)
        return replace(self, volunteered=tuple(dict.fromkeys((*kept, *facts))))

    def with_volunteered(self, details: Mapping[Detail, str], offered: Mapping[Detail, str]) -> Interview:
        """Return it with details that were given, or perhaps given, before they were asked for."""
        return replace(
            self,
            details=tuple((dict(self.details) | dict(details)).items()),
            offered=tuple((dict(self.offered) | dict(offered)).items()),
            volunteered=tuple(dict.fromkeys((*self.volunteered, *details))),
        )

    def with_details_skipped(self) -> Interview:
        """Return it with the details closed; those that were offered count as given."""
        return self.with_details(dict(self.offered) | dict(self.details), closed=True)

    def with_details_reopened(self) -> Interview:
        """Return it asking for the details again, offering those that were given."""
        offered = dict(self.offered) | dict(self.details)
        reopened = replace(self, details_closed=False, details_reopened=True)
        return replace(reopened, details=(), offered=tuple(offered.items()))


def program_in(answers: Iterable[Answer]) -> str | None:
    """Return the program that some answers name, None if they name none."""
    return next((answer.token for answer in answers if answer.fact == PROGRAM), None)
