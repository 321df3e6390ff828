"""A dialog as people read it: `you:` what is typed or clicked, `desk:` what stands in the DM after it.

A line `you: …` is an event: typed text, or a click written as [Back], [Why], [Start over], [Skip],
[Hand to an agent], [Edit], [Details], [Open], [Share], [Change <fact>], [<fact>=<token>], or ticket text
as [Save: …]. `day: 2026-12-01` lets time pass, `agent ana: [Claim]` is an agent's click (`MOVES`). `you 1: …`
types a message to be spoken of later: `edit 1: …` and `delete 1:` do so, `late 1: …` is an edit older than
the last. Lines `desk: …` must be contained, in that order, in what the desk then says; `desk: -` means that
it says nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import assert_never

from bot.conversation.agent_moves import AnyAgentMove, AskBack, Claim, GiveBack, Mark, Reopen, Reply, Resolve
from bot.conversation.agent_words import Outward
from bot.conversation.case import Case, Surface
from bot.conversation.derive import Rules
from bot.conversation.effects import (
    AddEntry,
    Aside,
    ChangeEntry,
    Effect,
    Post,
    SayRead,
    SendWords,
    Share,
    ShowCard,
    Tell,
    TellAgent,
    Unread,
    Update,
)
from bot.conversation.events import (
    AgentMoved,
    Answered,
    AskedForPerson,
    AskedWhy,
    EditedTicket,
    Event,
    Opened,
    OpenedTicket,
    PastedKey,
    Provided,
    Revisited,
    RevisitedDetails,
    Reworded,
    Said,
    Shared,
    Skipped,
    StartedOver,
    TookBack,
    WentBack,
)
from bot.conversation.handoff import Outcome
from bot.conversation.interview import Change, Remembered
from bot.conversation.now import Now
from bot.conversation.people import Origin, Person, case_name
from bot.conversation.screens import Details, Question, Result, Retired, Settled, TicketEditor
from bot.conversation.step import Step, begin, remember, step
from bot.render import to_plain
from bot.render.texts import Texts
from policy.facts import Detail, Fact
from tests.conftest import shipped

TODAY = date(2026, 11, 23)
ROSA = Person("T-HOST", "T-RESELLER", "U-ROSA")
NUMBER = 1042

CLICKS: dict[str, Event] = {
    "Back": WentBack(),
    "Why": AskedWhy(),
    "Start over": StartedOver(),
    "Skip": Skipped(),
    "Hand to an agent": AskedForPerson(),
    "Edit": OpenedTicket(),
    "Details": RevisitedDetails(),
    "Open": Opened(),
    "Share": Shared(),
    "Key": PastedKey(),
}


MOVES: dict[str, AnyAgentMove] = {
    "Claim": Claim(),
    "Give back": GiveBack(),
    "Reopen": Reopen(),
    "Urgent": Mark(urgent=True),
    "Refunded": Resolve(Outcome.REFUNDED),
    "Sent": Resolve(Outcome.SENT_TO_PROVIDER),
    "Reply": Reply(Outward("Hello.")),
    "Ask": AskBack(Outward("Which one?")),
}


DETAILS = shipped().details()


def moment(day: date = TODAY, *, hour: int = 12) -> Now:
    at = datetime.combine(day, time(hour), UTC)
    return Now(at, day, day)


@dataclass
class Dialog:
    """One case in a conversation, and every word that was said in it."""

    rules: Rules
    texts: Texts
    now: Now = field(default_factory=moment)
    surface: Surface = Surface.DM
    at: Step | None = None
    effects: list[Effect] = field(default_factory=list)
    said: str = ""
    edits: int = 0

    @property
    def case(self) -> Case:
        assert self.at is not None
        return self.at.case

    def begin(
        self,
        words: str | None = None,
        *,
        alike: bool = False,
        remembered: Remembered | None = None,
        origin: Origin | None = None,
    ) -> Dialog:
        known = remembered or (remember(self.rules.policy, self.case) if self.at else Remembered())
        number = self.case.number + 1 if self.at else NUMBER
        self._after(
            begin(
                self.rules,
                number,
                ROSA,
                self.surface,
                self.now,
                remembered=known,
                origin=origin,
                alike=alike,
                words=Said(words) if words is not None else None,
            )
        )
        return self

    def read(self, script: str) -> Dialog:
        """Play a script and check each of the desk's lines."""
        for line in filter(None, map(str.strip, script.splitlines())):
            who, _, words = line.partition(":")
            self._line(who, words.strip())
        return self

    def _line(self, who: str, words: str) -> None:
        match who.split():
            case ["desk"]:
                self._expect(words)
            case ["you"]:
                self.apply(event_of(words))
            case ["you", message]:
                self.apply(PastedKey(message) if words == "[Key]" else Said(words, message))
            case ["edit" | "late" as which, message]:
                self.edits += which == "edit"
                at = f"{self.edits:06}" if which == "edit" else f"{self.edits - 1:06}"
                self.apply(Reworded(message, None if words == "[Key]" else words, at))
            case ["delete", message]:
                self.apply(TookBack(message))
            case ["agent", name]:
                self.apply(AgentMoved(Person("T-HOST", "T-HOST", name), MOVES[words.strip("[]")]))
            case ["day"]:
                self.now = moment(date.fromisoformat(words))
            case _:
                raise AssertionError(f"a script has no line {who}: {words}")

    def apply(self, event: Event) -> Step:
        assert self.at is not None
        after = step(self.rules, self.case, event, self.now)
        self._after(after)
        return after

    def happens_typed(self, words: str) -> Step:
        """Type exactly this, or click it."""
        return self.apply(PastedKey() if words == "[Key]" else Said(words))

    def happens_saved(self, text: str) -> Step:
        """Save exactly this text."""
        return self.apply(EditedTicket(text))

    def _after(self, after: Step) -> None:
        above = self._newest()
        self.at = after
        self.effects.extend(after.effects)
        # what stood newest stands above a new message, though the new one goes out before it is redrawn
        as_it_stands = sorted(after.effects, key=lambda e: not (isinstance(e, Update) and e.slot in above))
        self.said = "\n".join(words for effect in as_it_stands for words in self._words(effect))
        if self.surface is not Surface.DM:
            self.said += "\n" + "\n".join(self._screen(after.screen))

    def _newest(self) -> set[str | None]:
        """Return the slots of the open question and of the result that was shown last."""
        case = self.at.case if self.at else None
        return {case.shown.asked_in, case.shown.latest.slot if case.shown.latest else None} if case else set()

    def _expect(self, words: str) -> None:
        if words == "-":
            assert not self.said, f"silence expected, said:\n{self.said}"
            return
        shown = " ".join(self.said.split())
        wanted = " ".join(words.split())
        assert wanted in shown, f"\nexpected: {words}\n    said: {self.said}"
        self.said = shown.partition(wanted)[2]

    def _words(self, effect: Effect) -> list[str]:
        match effect:
            case Post(screen=screen):
                return self._screen(screen)
            case Update(slot=slot, screen=screen):
                return [f"({slot})", *self._screen(screen)]
            case Aside(screen=screen):
                return self._aside(screen)
            case SayRead(read=read):
                return [to_plain(self.texts.read_back(read))]
            case Unread(problem=problem, question=question, asked=asked, token=token, program=program):
                value = token and self.texts.value(asked, token, program)
                kept = f"{self.texts.asking(asked, program).name} stays {value}"
                return [to_plain(self.texts.problem(problem, question)), kept]
            case Tell(news=news, case=case, who=who):
                return [f"news {news} {case_name(case)}" + (f" {who.user}" if who else "")]
            case TellAgent(to=to, card=card):
                taken = card.handoff.claimed_by
                return [f"to {to.user}: taken by {taken.user if taken else 'nobody'}"]
            case ShowCard(card=card):
                return [f"card {case_name(card.case)}", *map(self._change, card.changes)]
            case SendWords(agent=agent, words=said):
                return [f"words of {agent.user}: {said.text}"]
            case AddEntry(entry=entry) | ChangeEntry(entry=entry):
                return [f"thread {entry.kind}"]
            case Share(origin=origin, result=result):
                return [f"shared in {origin.channel}: {self.texts.headline(result)}"]
            case _:
                raise AssertionError(effect)

    def _aside(self, screen: Question | Details | Result) -> list[str]:
        match screen:
            case Question(problem=None):
                return [to_plain(self.texts.because(screen.reason))]
            case Question(problem=problem):
                assert problem is not None
                return [to_plain(self.texts.problem(problem, screen))]
            case Details(problems=problems):
                return [to_plain(self.texts.problem(problem)) for problem in problems]
            case Result(problem=problem):
                assert problem is not None
                return [to_plain(self.texts.problem(problem))]

    def _screen(self, screen: Question | Details | Result | Settled | Retired | TicketEditor) -> list[str]:
        texts = self.texts
        match screen:
            case Question():
                top = self._aside(screen) if screen.problem or screen.why else []
                most = "" if screen.number == screen.of else "at most "
                place = f"{screen.number} of {most}{screen.of}, {screen.fact}"
                asked = f"{place}: {texts.asking(screen.fact).question}"
                chosen = [f"(chosen: {texts.short(screen.fact, screen.chosen)})"] if screen.chosen else []
                return [*top, asked, *chosen]
            case Details(problems=problems, result=result):
                typed = [f"(typed: {value})" for _, value in screen.values]
                missing = [f"{detail}: {texts.asking(detail).question}" for detail in result.missing[:1]]
                return [
                    *(to_plain(texts.problem(p)) for p in problems),
                    texts.headline(result),
                    *missing,
                    *typed,
                ]
            case Result():
                return self._result(screen)
            case Retired(result=result):
                return [f"out of date: {texts.headline(result)}", texts.draft(result) or ""]
            case Settled():
                lines = [texts.line(answer) for answer in screen.answers]
                told = [f"answered {line.name}: {line.value}" for line in lines]
                told += [f"answered {texts.asking(detail).name}: {value}" for detail, value in screen.details]
                return [*told, *map(self._change, screen.changes)] or ["answered nothing"]
            case TicketEditor(result=result, problem=problem):
                top = [to_plain(texts.problem(problem))] if problem else []
                return [*top, "editing:", texts.draft(result) or ""]
            case never:
                assert_never(never)

    def _change(self, change: Change) -> str:
        line = self.texts.changed(change)
        return f"changed {line.name}: {line.before} → {line.after or 'taken back'}"

    def _result(self, result: Result) -> list[str]:
        words = self.texts.result(result)
        top = [to_plain(self.texts.problem(result.problem))] if result.problem else []
        documents = [words.verdict, words.changes, words.advice, words.steps]
        parts = [to_plain(document) for document in documents if document]
        depends = [f"(depends on {fact})" for fact in result.decision.refund.depends_on]
        agents = ["(Hand to an agent)"] if result.agents and result.handoff is None else []
        handed = ["(with the agents)"] if result.handoff else []
        changed = [to_plain(words.changed)] if words.changed else []
        head = [*top, words.headline, *changed, *depends]
        return [*head, *parts, words.draft or "(no draft)", to_plain(words.why), *agents, *handed]


def event_of(words: str) -> Event:
    """Return the event that a script's words stand for."""
    click = re.fullmatch(r"\[(.*)\]", words)
    if click is None:
        return Said(words)
    name, about, rest = click[1], *click[1].partition("=")[::2]
    if name in CLICKS:
        return CLICKS[name]
    if name.startswith("Change "):
        return Revisited(Fact(name.removeprefix("Change ")))
    if name.startswith("Save: "):
        return EditedTicket(name.removeprefix("Save: "))
    if about in DETAILS:
        return Provided(tuple(_pair(pair) for pair in name.split("; ")))
    return Answered(Fact(about), rest)


def _pair(words: str) -> tuple[Detail, str]:
    detail, _, value = words.partition("=")
    return Detail(detail), value
