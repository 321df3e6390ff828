"""Whatever happens to a case, in whatever order: nothing raises, and what must always hold holds."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import policy
from bot.conversation.agent_moves import (
    AnyAgentMove,
    AskBack,
    Claim,
    GiveBack,
    Mark,
    OfferOutcomes,
    Reassign,
    Reopen,
    Reply,
    Resolve,
)
from bot.conversation.agent_words import Note, Outward
from bot.conversation.answer_tokens import token_of
from bot.conversation.answering import LONGEST_TICKET
from bot.conversation.case import Case, Shown, Surface
from bot.conversation.derive import Rules
from bot.conversation.effects import (
    AddEntry,
    Aside,
    ChangeEntry,
    Effect,
    Post,
    SendWords,
    Share,
    ShowCard,
    TellAgent,
    Unread,
    Update,
)
from bot.conversation.events import (
    AgentMoved,
    Answered,
    AskedForPerson,
    AskedWhy,
    CameDue,
    CreditCame,
    EditedTicket,
    Event,
    Opened,
    OpenedTicket,
    PastedKey,
    Provided,
    Returned,
    Revisited,
    RevisitedDetails,
    Reworded,
    Rewrote,
    Said,
    SentIt,
    Shared,
    Skipped,
    StartedOver,
    Stopped,
    TookBack,
    WentBack,
    Wrote,
)
from bot.conversation.handoff import Outcome
from bot.conversation.interview import Answer, Remembered
from bot.conversation.now import Now
from bot.conversation.people import Origin, Person
from bot.conversation.reminder_kinds import Reminder
from bot.conversation.screens import Details, Question, Result, Retired, Settled, TicketEditor
from bot.conversation.step import (
    Step,
    begin,
    remember,
    step,
)
from bot.store.coding import CASE, EFFECT, REMEMBERED
from policy import Policy
from policy.facts import PROGRAM, UNKNOWN, Detail, Fact
from policy.vocabulary import FactKind
from tests.conftest import shipped
from tests.conversation.transcript import ROSA

CORE = shipped()
START = datetime(2026, 11, 23, 12, tzinfo=UTC)
LEGAL = sorted({token_of(value) for fact in CORE.facts() for value in CORE.choices(fact)} - {"unknown"})
DAYS = [(START.date() - timedelta(days=days)).isoformat() for days in (28, -1, 0, 1, 29, 30, 31, 400)]
TYPED = dict(zip(CORE.details(), ("rosa", "1234567890", "www.example.com", "rosa@example.com"), strict=True))
HOSTILE = ["", "0001-01-01", "9999-12-31", "²", "\ud800", "\x00\u202e", "x" * 3000, "true ", "None", "-1"]

anything = st.one_of(
    st.sampled_from(
        [*LEGAL, *DAYS, *TYPED.values(), *HOSTILE, "unknown", "yes", "no", "3 days ago", "skip", "1", "2"]
    ),
    st.text(st.characters(), max_size=30),
)
people = st.builds(Person, st.just("T-HOST"), st.just("T-HOST"), st.sampled_from(["U-ANA", "U-BEN"]))
plain = st.sampled_from(
    [
        *(PastedKey(), Skipped(), WentBack(), StartedOver(), AskedWhy(), RevisitedDetails(), Opened()),
        *(OpenedTicket(), AskedForPerson(), Shared()),
    ]
)
facts = st.sampled_from([*CORE.facts()])
words = st.builds(Outward, st.text(min_size=1, max_size=10))
moves: st.SearchStrategy[AnyAgentMove] = st.one_of(
    st.sampled_from([Claim(), GiveBack(), Reopen(), Mark(urgent=True), Mark(urgent=False), OfferOutcomes()]),
    st.builds(Reply, words),
    st.builds(AskBack, words),
    st.builds(Resolve, st.sampled_from(list(Outcome))),
    st.builds(Reassign, people, st.one_of(st.none(), st.builds(Note, st.text(min_size=1, max_size=10)))),
)
stamps = st.sampled_from(["1.1", "2.2", "3.3"])
messages = st.sampled_from(
    [str(asked) for asked in (*CORE.facts(), *CORE.details())]
)  # by what they answer in `onward`
edits = st.sampled_from(["", "1", "2", "3"])
events: st.SearchStrategy[Event] = st.one_of(
    plain,
    st.builds(Answered, facts, anything),
    st.builds(Said, anything, st.none() | messages, edits),
    st.builds(PastedKey, messages),
    st.builds(Reworded, messages, st.none() | anything, edits),
    st.builds(TookBack, messages),
    st.builds(
        Provided, st.lists(st.tuples(st.sampled_from([*CORE.details()]), anything), max_size=4).map(tuple)
    ),
    st.builds(Revisited, facts),
    st.builds(EditedTicket, anything),
    st.builds(AgentMoved, people, moves),
    st.builds(Wrote, stamps, anything),
    st.builds(Rewrote, stamps, st.one_of(st.none(), anything)),
    st.sampled_from([Returned(), SentIt(), CreditCame(came=True), CreditCame(came=False)]),
    st.builds(Stopped, st.sampled_from(list(Reminder))),
    st.builds(CameDue, st.sampled_from(list(Reminder))),
)


class Onward:
    """Answer the question that is open, so that a walk also comes to results."""


moments = st.sampled_from([timedelta(0), timedelta(minutes=20), timedelta(days=1), timedelta(days=29)])
walks = st.lists(st.tuples(st.one_of(events, st.just(Onward())), moments, st.integers(0, 10)), max_size=25)


@dataclass
class Watched:
    """A case on its way, with what is known of its messages."""

    rules: Rules
    at: Step
    now: Now
    live: dict[str, object] = field(default_factory=dict)
    shared: int = 0

    def after(self, step_after: Step) -> None:
        before, self.at = self.at, step_after
        case, screen = self.at.case, self.at.screen
        for effect in self.at.effects:
            self._told(effect)
        self._round_trip()
        assert (case.revision > before.case.revision) is (content(case) != content(before.case)) or (
            before.case.shown.latest != case.shown.latest
        )
        assert case.revision - before.case.revision in {0, 1}
        assert (case.shown.posted, len(self.live)) == (len(self.live), case.shown.posted)
        shown = screen.result if isinstance(screen, TicketEditor) else screen
        assert shown.revision == case.revision
        self._legal(case)
        self._agrees(shown)
        self._sources(case)
        self._one_open_question(case, shown)

    def _told(self, effect: Effect) -> None:
        match effect:
            case Post(slot=slot, screen=screen):
                assert slot not in self.live
                self.live[slot] = screen
            case Update(slot=slot, screen=screen):
                assert slot in self.live
                self.live[slot] = screen
            case SendWords() | AddEntry() | ChangeEntry():
                assert self.at.case.handoff is not None
            case Aside(screen=Question(problem=problem, why=why)):
                assert problem or why
            case Aside(screen=Details(problems=problems)):
                assert problems
            case Unread(asked=asked, token=token):
                assert token == self.at.case.interview.given(asked)
            case Share():
                self.shared += 1
                assert self.shared == 1
            case ShowCard(card=card) | TellAgent(card=card):
                assert card.handoff
                assert card.origin is None or card.origin.response_url is None
            case _:
                pass

    def _round_trip(self) -> None:
        case = self.at.case
        assert CASE.load(CASE.dump(case)) == case
        assert REMEMBERED.load(REMEMBERED.dump(remember(CORE, case))) == remember(CORE, case)
        for effect in self.at.effects:
            assert EFFECT.load(EFFECT.dump(effect)) == effect

    def _legal(self, case: Case) -> None:
        for answer in case.interview.answers:
            if answer.fact == Fact("fulfilled_on") and answer.token != UNKNOWN:
                assert date(1995, 1, 1) <= date.fromisoformat(answer.token) <= self.now.latest
            else:
                assert answer.token in {token_of(value) for value in CORE.choices(answer.fact)}
        assert len({answer.fact for answer in case.interview.answers}) == len(case.interview.answers)
        assert len(case.interview.ticket or "") <= LONGEST_TICKET

    def _sources(self, case: Case) -> None:
        """Each question has one message that speaks for it, and each message stands where it was asked."""
        assert len({source.asked for source in case.interview.sources}) == len(case.interview.sources)
        assert len({source.message for source in case.interview.sources}) == len(case.interview.sources)
        for source in case.interview.sources:
            assert all(case.interview.token(fact) is not None for fact in source.also)
            assert source.slot is None or not isinstance(self.live[source.slot], Result | Retired)

    def _agrees(self, shown: Question | Details | Result) -> None:
        """Compare with the core: a question is the one that it asks, a result the one that it gives."""
        result = shown.result if isinstance(shown, Details) else shown
        path = {answer.fact: value(CORE, answer.fact, answer.token) for answer in result.answers}
        outcome = CORE.decide(path, self.now.today)
        if isinstance(result, Question):
            assert outcome.__class__.__name__ == "Ask"
            assert getattr(outcome, "fact", None) == result.fact
            assert result.fact not in path
            assert result.number == len(path) + 1 <= result.of <= 6
            assert result.chosen is None or result.kind is FactKind.DAY or result.chosen in result.choices
        else:
            assert outcome == result.decision
            assert result.on == self.now.today
            assert self.rules.agents or not result.agents

    def _one_open_question(self, case: Case, shown: Question | Details | Result) -> None:
        asked = [slot for slot, screen in self.live.items() if isinstance(screen, Question | Details)]
        results = [slot for slot, screen in self.live.items() if isinstance(screen, Result)]
        assert results == ([case.shown.latest.slot] if case.shown.latest else [])
        if case.surface is Surface.DM and not isinstance(shown, Result):
            assert asked == ([] if case.held else [case.shown.asked_in])
            newest = self.live[f"message-{case.shown.posted}"]
            assert isinstance(newest, Question | Details | Settled | Result | Retired)
        else:
            assert asked == []
            assert case.shown.asked_in is None
        if isinstance(shown, Result) and case.surface is not Surface.TERMINAL:
            assert case.shown.latest is not None
            assert case.shown.latest.result == replace(shown, problem=None, read=None)


def content(case: Case) -> Case:
    """Return a case without what only says what was shown of it."""
    interview = replace(case.interview, sources=())
    return replace(case, revision=0, interview=interview, shown=Shown())


def value(core: Policy, fact: Fact, token: str) -> policy.facts.Value:
    choices = {token_of(choice): choice for choice in core.choices(fact)}
    return choices[token] if token in choices else date.fromisoformat(token)


def onward(at: Step, number: int) -> Event:
    """Return an answer to what is open."""
    match at.screen:
        case Question(fact=fact, kind=FactKind.DAY):
            return Said(DAYS[number % len(DAYS)], fact)
        case Question(fact=fact, choices=choices) if number % 2:
            return Said(choices[number % len(choices)], fact)
        case Question(fact=fact, choices=choices):
            return Answered(fact, choices[number % len(choices)])
        case Details(wanted=wanted) if number % 2:
            return Provided(tuple((detail, TYPED[detail]) for detail in wanted))
        case Details(result=result):
            return Said(TYPED[result.missing[0]], result.missing[0])
        case _:
            return EditedTicket("as it is")


@dataclass(frozen=True)
class Opening:
    """How a case begins.

    `ahead` are the answers that it has before anything else happens, towards a ticket. `apart` are the days
    by which the future begins later than tomorrow.
    """

    surface: Surface
    agents: bool
    remembered: Remembered
    alike: bool
    ahead: int
    apart: int

    def now(self, at: datetime) -> Now:
        return Now(at, at.date(), at.date() + timedelta(days=self.apart))

    def begin(self) -> Watched:
        rules, now = Rules(CORE, self.agents), self.now(START)
        origin = Origin("C-HELP", "https://hooks.example/1", START + timedelta(minutes=30))
        known = self.remembered
        first = begin(rules, 1042, ROSA, self.surface, now, remembered=known, origin=origin, alike=self.alike)
        return Watched(
            rules, first, now, {post.slot: post.screen for post in first.effects if isinstance(post, Post)}
        )


REMEMBERED_BEFORE = [
    Remembered(),
    Remembered(
        (Answer(PROGRAM, "opensrs"), Answer(Fact("requester"), "reseller")),
        ((Detail("reseller_username"), "rosa"),),
    ),
    Remembered((Answer(PROGRAM, "gone"), Answer(Fact("requester"), "gone"))),
]
openings = st.builds(
    Opening,
    st.sampled_from(list(Surface)),
    st.booleans(),
    st.sampled_from(REMEMBERED_BEFORE),
    st.booleans(),
    st.sampled_from([0, 4, 5, 6, 8]),
    st.integers(0, 1),
)


@pytest.mark.long
@settings(max_examples=300, deadline=None)
@given(opening=openings, walk=walks)
def test_any_sequence_of_events(opening: Opening, walk: list[tuple[Event | Onward, timedelta, int]]) -> None:
    watched = opening.begin()
    for _ in range(opening.ahead):
        watched.after(step(watched.rules, watched.at.case, onward(watched.at, 0), watched.now))
    for event, by, number in walk:
        watched.now = opening.now(watched.now.at + by)
        happens = onward(watched.at, number) if isinstance(event, Onward) else event
        watched.after(step(watched.rules, watched.at.case, happens, watched.now))
