"""The labels of each screen: a field for each, and none besides, as their files have them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from bot.render.filters import Months, Weekdays
from bot.render.labels import Labels


@dataclass(frozen=True)
class AnswerLabels(Labels):
    """Under an answer: its buttons, the menu that changes it."""

    file: ClassVar[str] = "answers/labels.md"
    details: str
    add_day: str
    add_answer: str
    hand_off: str
    edit: str
    share: str
    sent_it: str
    another: str
    change: str
    order_details: str
    start_over: str
    done: str


@dataclass(frozen=True)
class QuestionLabels(Labels):
    """Around a question."""

    file: ClassVar[str] = "forms/question.md"
    next: str
    close: str
    unknown: str
    back: str
    why: str
    start_over: str


@dataclass(frozen=True)
class DetailsLabels(Labels):
    """Around the details of an order."""

    file: ClassVar[str] = "forms/details.md"
    intro: str
    intro_optional: str
    write: str
    write_optional: str
    skip: str
    back: str
    close: str


@dataclass(frozen=True)
class TicketLabels(Labels):
    """Around the text that is to be sent."""

    file: ClassVar[str] = "forms/ticket.md"
    text: str
    hint: str
    back: str
    save: str
    close: str


@dataclass(frozen=True)
class CardLabels(Labels):
    """On a case's card; its buttons' labels are their moves'."""

    file: ClassVar[str] = "cards/labels.md"
    unfinished: str


@dataclass(frozen=True)
class HomeLabels(Labels):
    """In App Home: the tabs, and what to do with a case."""

    file: ClassVar[str] = "home/labels.md"
    own: str
    queue: str
    held: str
    risk: str
    week: str
    start: str
    proceed: str
    open: str
    claim: str
    reply: str
    previous: str
    next: str


@dataclass(frozen=True)
class NoticeLabels(Labels):
    """Under what a person is told, and the title where it stands in a modal."""

    file: ClassVar[str] = "notices/labels.md"
    title: str
    start: str
    open: str
    another: str
    reopen: str
    credit_came: str
    credit_missing: str
    show: str
    sent_it: str
    stop: str
    give_details: str
    give_up: str
    go_on: str
    new_case: str
    another_case: str
    to_new_case: str


@dataclass(frozen=True)
class ListLabels(Labels):
    """Under a list of orders in the DM."""

    file: ClassVar[str] = "lists/labels.md"
    open_row: str
    leave_open: str
    which_days: str
    day_first: str
    month_first: str


@dataclass(frozen=True)
class TerminalLabels(Labels):
    """In the terminal."""

    file: ClassVar[str] = "terminal/labels.md"
    help: str
    answered: str
    date: str
    where: str
    details: str
    copy_from: str
    copy_to: str


@dataclass(frozen=True)
class ListColumns(Labels):
    """The columns that a list of orders is answered in."""

    file: ClassVar[str] = "lists/columns.md"
    line: str
    order: str
    route: str
    verdict: str
    last_day: str
    days_left: str
    why: str


EVERY: Final[tuple[type[Labels], ...]] = (
    Months,
    Weekdays,
    AnswerLabels,
    CardLabels,
    DetailsLabels,
    HomeLabels,
    ListColumns,
    NoticeLabels,
    QuestionLabels,
    ListLabels,
    TerminalLabels,
    TicketLabels,
)
