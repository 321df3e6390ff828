"""The exact contexts of single lines: titles, recaps, buttons and notes that have something to say of a case.

As in `bot.render.contexts`, a field for each variable of the template, and none besides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from bot.render.environment import Context


class Line(Context):
    """One that holds nothing typed by anybody, so that its text may be kept."""


@dataclass(frozen=True)
class Title(Line):
    """A modal's title."""

    template: ClassVar[str] = "forms/lines/title.md"
    case: str


@dataclass(frozen=True)
class Progress(Line):
    """How far the interview is: question `number` of at most `of`."""

    template: ClassVar[str] = "forms/lines/progress.md"
    number: int
    of: int


@dataclass(frozen=True)
class SoFar(Line):
    """The answers up to here, each with its question's short name."""

    template: ClassVar[str] = "forms/lines/so_far.md"
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Where(Line):
    """Where the answer to a question can be found."""

    template: ClassVar[str] = "forms/lines/where.md"
    where: str


@dataclass(frozen=True)
class Use(Context):
    """A button that gives a detail as it was given before."""

    template: ClassVar[str] = "forms/lines/use.md"
    value: str


@dataclass(frozen=True)
class ChangeOf(Line):
    """A button that changes what was read."""

    template: ClassVar[str] = "notices/lines/change.md"
    name: str


@dataclass(frozen=True)
class CaseOf(Line):
    """A button that begins a case of one of several orders."""

    template: ClassVar[str] = "notices/lines/case_of.md"
    order: str


@dataclass(frozen=True)
class PleaseSend(Line):
    """An agent's question for details, to be changed at will."""

    template: ClassVar[str] = "forms/lines/please_send.md"
    names: tuple[str, ...]


@dataclass(frozen=True)
class OutOfDateTitle(Line):
    """Above an answer that no longer holds."""

    template: ClassVar[str] = "answers/lines/out_of_date.md"
    case: str


@dataclass(frozen=True)
class OpenQuestion(Line):
    """A case in a list whose question is open."""

    template: ClassVar[str] = "notices/lines/question.md"
    number: int
    question: str


@dataclass(frozen=True)
class OpenDetails(Line):
    """A case in a list whose details are missing."""

    template: ClassVar[str] = "notices/lines/details.md"
    headline: str


@dataclass(frozen=True)
class DaysLeft(Line):
    """Beside the bar of a window."""

    template: ClassVar[str] = "cards/lines/days_left.md"
    left: int
    window: int


@dataclass(frozen=True)
class DaysLeftUntil(DaysLeft):
    """As `DaysLeft`, with the last day; a window that is over has fewer than no days left."""

    template: ClassVar[str] = "cards/lines/days_left_until.md"
    last_day: date


@dataclass(frozen=True)
class Reminding:
    """A reminder to come: on which day, and what it is about."""

    on: date
    about: str


@dataclass(frozen=True)
class Reminders(Line):
    """The reminders to come."""

    template: ClassVar[str] = "notices/lines/reminders.md"
    reminders: tuple[Reminding, ...]


@dataclass(frozen=True)
class StopReminding(Line):
    """An item of the menu that stops a reminder."""

    template: ClassVar[str] = "notices/lines/stop.md"
    about: str


@dataclass(frozen=True)
class PageOf(Line):
    """Where in a list a page is."""

    template: ClassVar[str] = "home/lines/page.md"
    page: int
    pages: int
    count: int


@dataclass(frozen=True)
class GivenSoFar(Context):
    """What was answered to the question that is asked again in the terminal."""

    template: ClassVar[str] = "terminal/lines/so_far.md"
    value: str


@dataclass(frozen=True)
class GoOn(Line):
    """What can be typed after an answer in the terminal; `details`: it has some that can be given."""

    template: ClassVar[str] = "terminal/lines/go_on.md"
    details: bool
