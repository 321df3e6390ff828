"""A list of orders in its sender's DM: how far it is, its answers, and what is asked about all of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.conversation.files import AnswerList
from bot.reading.order_list_dates import DateOrder
from bot.reading.order_list_failures import Failure
from bot.render import contexts_lists as c
from bot.render import to_blocks, to_fallback, to_plain
from bot.render.screen_labels import ListLabels
from bot.render.texts import Texts
from bot.render.word_lists import LIST_FAILURES
from bot.slack.blocks.ids import Action, Ref
from bot.slack.blocks.list_refs import ListRef, list_text, row_text
from bot.slack.blocks.parts import SECTION_TEXT, Json, Message, actions, button, plain
from bot.triage import ListedOrder, Summary
from bot.triage.unreadable_rows import unreadable_rows
from policy.facts import PROGRAM, Fact
from policy.vocabulary import FactKind, FactSpec

MOST_ROWS: Final = 12
DAYS: Final = "days"  # the name under which a list keeps the order of day and month
LEFT_OPEN: Final = "-"


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """What is asked about a whole list: a fact, or the order of day and month."""

    name: str
    spec: FactSpec | None = None


def progress(texts: Texts, effect: AnswerList, share: float, orders: int) -> Message:
    """Return how far a list is."""
    return _said(texts, c.ListInProgress(effect.file.name, round(share * 100), orders))


def failed(texts: Texts, effect: AnswerList, failure: Failure) -> Message:
    """Return why a list was not answered."""
    return _said(texts, c.ListFailed(effect.file.name, texts.words(LIST_FAILURES)[failure]))


def refused(texts: Texts, effect: AnswerList, why: str) -> Message:
    """Return why a file cannot be read at all."""
    return _said(texts, c.ListFailed(effect.file.name, why))


def answered(texts: Texts, effect: AnswerList, summary: Summary) -> Message:
    """Return the answers in brief: what closes first, what cannot be read, what is still asked."""
    point = open_point(texts, effect, summary)
    head = texts.say(c.ListAnswered(effect.file.name, _summary(texts, effect, summary), point is None))
    blocks = to_blocks(head)
    blocks += _asked(texts, effect, point) if point is not None else []
    for order in _first(summary):
        blocks += _row(texts, effect, order)
    if summary.spoiled:
        blocks += to_blocks(texts.say(unreadable_rows(summary, whole=point is None)))
    return Message(blocks, to_fallback(head))


def open_point(texts: Texts, effect: AnswerList, summary: Summary) -> OpenPoint | None:
    """Return what to ask next about the whole list: the program, the role, or the order of the days."""
    told = dict(effect.told)
    for name in summary.open:
        spec = texts.policy.spec(Fact(name), told.get(PROGRAM))
        is_for_all = spec is not None and (spec.id == PROGRAM or spec.remembered)
        if is_for_all and spec is not None and spec.kind is FactKind.CHOICE and name not in told:
            return OpenPoint(name, spec)
    return OpenPoint(DAYS) if summary.undecided_days and DAYS not in told else None


def _said(texts: Texts, context: c.ListInProgress | c.ListFailed) -> Message:
    document = texts.say(context)
    return Message(to_blocks(document), to_fallback(document))


def _summary(texts: Texts, effect: AnswerList, summary: Summary) -> c.ListSummary:
    program = dict(effect.told).get(PROGRAM)
    known = program if program in texts.policy.programs else None
    asked = tuple((count, texts.asking(Fact(fact), known).name) for fact, count in summary.open.items())
    return c.ListSummary(summary.orders, summary.refundable, summary.closing, summary.unreadable, asked)


def _first(summary: Summary) -> list[ListedOrder]:
    """Return the orders whose windows close first; if none closes, the first ones that were decided."""
    decided = [each for each in summary.listed if each.verdict]
    decided.sort(key=lambda each: (each.days_left is None, each.days_left or 0, each.line))
    return decided[:MOST_ROWS]


def _row(texts: Texts, effect: AnswerList, order: ListedOrder) -> list[Json]:
    last_day = date.fromisoformat(order.last_day) if order.last_day else None
    said = c.ListedRow(order.line, order.order, order.verdict, last_day, order.days_left)
    section: Json = {"type": "section", "text": plain(to_plain(texts.say(said)), SECTION_TEXT)}
    if (carried := row_text(effect.file.id, order)) is not None:
        label = texts.labels(ListLabels).open_row
        section["accessory"] = button(Action.OPEN_ROW, label, Ref(0, 0, carried), unique=str(order.line))
    return [section]


def _asked(texts: Texts, effect: AnswerList, point: OpenPoint) -> list[Json]:
    labels = texts.labels(ListLabels)
    program = dict(effect.told).get(PROGRAM)
    known = program if program in texts.policy.programs else None
    if point.spec is None:
        question = labels.which_days
        named = {DateOrder.DAY_FIRST: labels.day_first, DateOrder.MONTH_FIRST: labels.month_first}
        choices = [(str(order), label) for order, label in named.items()]
    else:
        question = texts.asking(point.spec.id, known).question
        tokens = [str(value) for value in point.spec.answers]
        choices = [(token, texts.short(point.spec.id, token, known)) for token in tokens]
    choices.append((LEFT_OPEN, labels.leave_open))
    row = []
    for token, label in choices:
        told = (*effect.told, (point.name, token))
        ref = Ref(0, 0, list_text(ListRef(effect.file.id, effect.file.name, told)))
        row.append(button(Action.TELL_LIST, label, ref, unique=token))
    return [*to_blocks(texts.say(c.ListAsked(question))), *actions(row)]
