"""`certdesk ask`: the interview in a terminal, by the same steps and words as in Slack."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

import policy
from bot import clock
from bot.conversation.case import FIRST_NUMBER, Surface
from bot.conversation.derive import Rules
from bot.conversation.events import (
    AskedWhy,
    Event,
    Now,
    PastedKey,
    Revisited,
    Said,
    Skipped,
    StartedOver,
    WentBack,
)
from bot.conversation.people import Person
from bot.conversation.reading import normalized
from bot.conversation.screens import Details, Question, Result, Screen, TicketEditor
from bot.conversation.secrets import holds_private_key
from bot.conversation.step import Step, begin, step
from bot.render import to_terminal
from bot.render.document import Document
from bot.render.texts import QuestionText, Texts
from bot.settings import Settings
from bot.texts import texts_of
from policy.facts import Fact

HERE = Person("terminal", "terminal", "you")
COMMANDS: dict[str, Event] = {
    "back": WentBack(),
    "why": AskedWhy(),
    "start over": StartedOver(),
    "skip": Skipped(),
}
LEAVE = frozenset({"quit", "exit", "q"})


def run(settings: Settings) -> None:
    """Ask until there is an answer, then offer to change one or to begin again."""
    Interview(Rules(policy.load(settings.policy_dirs), agents=False), texts_of(settings)).run()


class Interview:
    """One conversation with the person at the terminal. Nothing of it is kept."""

    def __init__(self, rules: Rules, texts: Texts) -> None:
        self._rules = rules
        self._texts = texts
        self._out = Console(soft_wrap=False, highlight=False)

    def run(self) -> None:
        """Converse until the person leaves or the input ends."""
        self._out.print("[dim]Type an answer or its number. Also: back, why, start over, quit.[/]")
        at = begin(self._rules, FIRST_NUMBER, HERE, Surface.TERMINAL, _now())
        self._show(at.screen)
        while (typed := self._typed()) is not None:
            event = self._event(at, typed)
            if event is None:
                continue
            at = step(self._rules, at.case, event, _now())
            self._show(at.screen)

    def _typed(self) -> str | None:
        """Return the next line, None where the person leaves."""
        try:
            typed = self._out.input("\n[bold cyan]›[/] ") if sys.stdin.isatty() else input()
        except (EOFError, KeyboardInterrupt):
            return None
        return None if normalized(typed) in LEAVE else typed

    def _event(self, at: Step, typed: str) -> Event | None:
        said = normalized(typed).rstrip("?").strip()
        if holds_private_key(typed):
            return PastedKey()
        if said in COMMANDS:
            return COMMANDS[said]
        if not isinstance(at.screen, Result):
            return Said(typed)
        fact = self._fact(at.screen, said.removeprefix("change").strip())
        if fact is None:
            self._out.print("That is the answer. Type [bold]change[/] and a number, start over, or quit.")
            return None
        return Revisited(fact)

    def _fact(self, result: Result, named: str) -> Fact | None:
        """Return the answer to change: by its number in the list, or by its name."""
        asked = [answer.fact for answer in result.answers]
        if named.isdigit() and 1 <= int(named) <= len(asked):
            return asked[int(named) - 1]
        return next((fact for fact in asked if self._texts.facts[fact].name.casefold() == named), None)

    def _show(self, screen: Screen | TicketEditor) -> None:
        match screen:
            case Question():
                self._question(screen)
            case Details():
                self._details(screen)
            case Result():
                self._result(screen)
            case TicketEditor(result=result):
                self._result(result)

    def _print(self, document: Document | None) -> None:
        if document is not None and document.blocks:
            self._out.print(to_terminal(document))

    def _question(self, screen: Question) -> None:
        if screen.problem is not None:
            self._print(self._texts.problem(screen.problem, screen))
            return
        if screen.why:
            self._print(self._texts.because(screen.reason))
            return
        most = "" if screen.number == screen.of else "at most "
        self._ask(self._texts.facts[screen.fact], f"Question {screen.number} of {most}{screen.of}")
        if screen.fact is Fact.FULFILLED_ON:
            self._out.print("   A date, such as 2026-11-01 or 3 days ago, or: don't know", markup=False)
            return
        for number, (_, label) in enumerate(self._texts.choices(screen), start=1):
            self._out.print(f"   {number}  {label}", markup=False)

    def _ask(self, words: QuestionText, above: str) -> None:
        self._out.print()
        self._out.print(Text(above, "dim"))
        self._out.print(Text(words.question, "bold"))
        self._print(words.hint)

    def _details(self, screen: Details) -> None:
        if screen.problems:
            self._print(self._texts.problem(screen.problems[0]))
            return
        missing = screen.result.missing
        if len(missing) == len(screen.wanted):
            self._out.print()
            self._out.print(Text(self._texts.headline(screen.result), "bold green"))
            self._out.print("For the ticket, some details of the order. [bold]skip[/] leaves them out.")
        self._ask(self._texts.details[missing[0]], "")

    def _result(self, screen: Result) -> None:
        words = self._texts.result(screen)
        self._out.print()
        self._out.print(Panel(Text(words.headline, "bold"), expand=False))
        for part in (words.verdict, words.advice, words.steps):
            self._print(part)
            self._out.print()
        if words.draft:
            self._out.print(Text("─ copy from here " + "─" * 40, "dim"))
            self._out.print(Text(words.draft), soft_wrap=True)
            self._out.print(Text("─ to here " + "─" * 47, "dim"))
        self._print(words.why)
        self._print(words.changes)
        self._out.print()
        for number, answer in enumerate(screen.answers, start=1):
            line = self._texts.line(answer)
            self._out.print(Text(f"   {number}  {line.name}: {line.value}", "dim"))


def _now() -> Now:
    at = clock.now()
    today = at.astimezone().date()
    return Now(at, today, today)
