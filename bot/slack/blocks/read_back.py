"""What was read in a text, each thing with a button to change it."""

from __future__ import annotations

from typing import Final

from bot.conversation.answer_tokens import written
from bot.conversation.screens import ReadBack
from bot.render import contexts_lines as lines
from bot.render import to_blocks
from bot.render.screen_labels import NoticeLabels
from bot.render.texts import Texts
from bot.slack.blocks.ids import Action, Ref, order_text
from bot.slack.blocks.parts import BUTTON_VALUE, Json, actions, button

MOST_ORDERS: Final = 10


def read_back_blocks(texts: Texts, case: Ref, read: ReadBack) -> list[Json]:
    """Return what was read, with buttons to change it and to open a case for each of several orders.

    `case` is the case at the time.
    """
    row = []
    for each in texts.told(read):
        words = texts.line_of(lines.ChangeOf(texts.asking(each.of, read.program).name))
        ref = Ref(case.case, 0, written(each.of))
        row.append(button(Action.CORRECT, words, ref, unique=ref.argument))
    return [*to_blocks(texts.read_back(read)), *actions(row), *actions(_orders(texts, case, read))]


def _orders(texts: Texts, case: Ref, read: ReadBack) -> list[Json]:
    """Return a button for a case of each order, or for another case if it is not clear which there are."""
    labels, row = texts.labels(NoticeLabels), []
    for number, order in enumerate(read.each[:MOST_ORDERS]):
        ref = Ref(case.case, case.revision, order_text(order))
        if len(str(ref)) <= BUTTON_VALUE:
            label = texts.line_of(lines.CaseOf(order.name))
            row.append(button(Action.ONE_ORDER, label, ref, unique=str(number)))
    if read.orders and not row:
        row.append(button(Action.ANOTHER, labels.another, Ref(0, 0)))
    return row
