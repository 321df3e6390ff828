"""`certdesk ask`: the interview in a terminal, with the same steps and words as in Slack."""

from __future__ import annotations

import io
import re
import sys
from typing import Final

from rich.console import Console

import policy
from bot import clock
from bot.cli.terminal_screens import CHOSEN_BY_NUMBER, Drawing
from bot.conversation.answering import only_wishes
from bot.conversation.case import FIRST_NUMBER, NOTHING, Surface
from bot.conversation.clean_text import shown
from bot.conversation.derive import Rules, Snapshot
from bot.conversation.events import (
    Answered,
    AskedForPerson,
    AskedWhy,
    Event,
    PastedKey,
    Revisited,
    RevisitedDetails,
    Said,
    Skipped,
    StartedOver,
    WentBack,
)
from bot.conversation.interview import Remembered, program_in
from bot.conversation.now import Now
from bot.conversation.people import Person
from bot.conversation.problems import Problem
from bot.conversation.screens import Question, Result
from bot.conversation.step import Step, begin, remember, step
from bot.conversation.typed_answers import as_command, normalized
from bot.reading.interruptions import wants_question_again
from bot.reading.private_keys import holds_private_key
from bot.render.texts import Texts
from bot.render.typed import neutral
from bot.settings import Settings
from bot.slack.blocks.answer_checks import must_fit
from bot.texts import texts_of
from policy.facts import UNKNOWN, Fact

HERE: Final = Person("terminal", "terminal", "you")
COMMANDS: Final[dict[str, Event]] = {
    "back": WentBack(),
    "why": AskedWhy(),
    "start over": StartedOver(),
    "details": RevisitedDetails(),
    "agent": AskedForPerson(),
}
LEAVE: Final = frozenset({"quit", "exit", "q"})
PROMPT: Final = "> "


def run(settings: Settings) -> None:
    """Ask until there is an answer, then offer to change one or to start over."""
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    must_fit(settings)
    core = policy.load(settings.policy_dirs)
    Interview(Rules(core, agents=False), texts_of(settings, core)).run()


class Interview:
    """One conversation with the person at the terminal. Nothing of it is stored."""

    def __init__(self, rules: Rules, texts: Texts) -> None:
        self._rules = rules
        self._texts = texts
        self._out = Console(soft_wrap=False, highlight=False)
        self._drawing = Drawing(texts, self._out)

    def run(self) -> None:
        """Converse until the person leaves or the input ends."""
        self._drawing.help()
        at = self._begin(FIRST_NUMBER)
        while (typed := self._typed()) is not None:
            at = self._after(at, typed)

    def _begin(self, number: int, remembered: Remembered = NOTHING) -> Step:
        """Begin a case; from a remembered one, for another order like it."""
        alike = remembered != NOTHING
        at = begin(self._rules, number, HERE, Surface.TERMINAL, _now(), remembered=remembered, alike=alike)
        self._drawing.show(at.screen)
        return at

    def _after(self, at: Step, typed: str) -> Step:
        said = as_command(typed)
        if said == "help":
            self._drawing.help()
            return at
        if said == "another" and isinstance(at.screen, Result):
            return self._begin(at.case.number + 1, remember(self._rules.policy, at.case))
        event = self._event(at, typed, said)
        if event is None:
            self._drawing.answered()
            return at
        after = step(self._rules, at.case, event, _now())
        self._drawing.show(after.screen)
        return after

    def _typed(self) -> str | None:
        """Return the next line, None if the person leaves."""
        try:
            typed = self._line()
            if holds_private_key(typed):
                self._pass_over_key(typed)
        except (EOFError, KeyboardInterrupt):
            self._out.print()
            return None
        return None if normalized(typed) in LEAVE else typed

    def _line(self) -> str:
        self._out.print()
        self._out.print(PROMPT, style="bold cyan", end="")
        typed = input()
        if not sys.stdin.isatty():
            # piped input is echoed as if it had been typed, except a key
            self._out.print("…" if holds_private_key(typed) else neutral(shown(typed)), markup=False)
        return typed

    def _pass_over_key(self, first: str) -> None:
        """Skip the lines of a pasted key, so that none of them is taken for an answer."""
        line = first.strip()
        if not (line.startswith("-----BEGIN") and line.endswith("-----")):
            return
        while line and "-----END" not in line:
            line = input().strip()

    def _asks_about(self, at: Step, typed: str) -> bool:
        """Tell whether a line is a question about what is asked, or only what is wanted."""
        return wants_question_again(typed) or only_wishes(Snapshot.of(self._rules, at.case, _now()), typed)

    def _event(self, at: Step, typed: str, said: str) -> Event | None:
        """Return what a line means, None if it means nothing."""
        if holds_private_key(typed):
            return PastedKey()
        match at.screen:
            case _ if said in COMMANDS:
                return COMMANDS[said]
            case Question(fact=fact, problem=Problem(kind, meant=meant)) if kind in CHOSEN_BY_NUMBER:
                number = _number(said, len(meant))
                return Answered(fact, meant[number - 1]) if number else Said(typed)
            case Question() as question if token := self._labeled(question, said):
                return Answered(question.fact, token)
            case Question() if self._asks_about(at, typed):
                return AskedWhy()
            case Result() as result:
                fact_meant = self._fact(result, said.removeprefix("change").strip())
                return None if fact_meant is None else Revisited(fact_meant)
            case _:
                return Skipped() if said == "skip" else Said(typed)

    def _labeled(self, question: Question, said: str) -> str | None:
        """Return the choice that a line names by its label, in full or up to its explanation."""
        program = program_in(question.answers)
        for token, label in self._texts.choices(question):
            short = self._texts.short(question.fact, token, program)
            if token != UNKNOWN and said in {normalized(label), normalized(short)}:
                return token
        return None

    def _fact(self, result: Result, named: str) -> Fact | None:
        """Return the answer to change: by its number in the list, or by name."""
        asked = [answer.fact for answer in result.answers]
        if number := _number(named, len(asked)):
            return asked[number - 1]
        return next(
            (
                fact
                for fact in asked
                if self._texts.asking(fact, program_in(result.answers)).name.casefold() == named
            ),
            None,
        )


def _number(said: str, most: int) -> int | None:
    """Return the number in a line, if it is one of the list."""
    number = int(said) if re.fullmatch("[0-9]{1,2}", said) else 0
    return number if 1 <= number <= most else None


def _now() -> Now:
    at = clock.now()
    today = at.astimezone().date()
    return Now(at, today, today)
