"""What was read in somebody's words, each thing with a button to change it."""

from __future__ import annotations

from bot.conversation.asked import written
from bot.conversation.screens import ReadBack
from bot.render import contexts_lines as lines
from bot.render import to_blocks
from bot.render.screen_labels import NoticeLabels
from bot.render.texts import Texts
from bot.slack.blocks.ids import Action, Ref
from bot.slack.blocks.parts import Json, actions, button


def read_back_blocks(texts: Texts, case: int, read: ReadBack) -> list[Json]:
    """Return what was read, the buttons that change it, and one for a case of another order."""
    row = []
    for each in texts.told(read):
        words = texts.line_of(lines.ChangeOf(texts.asking(each.of, read.program).name))
        ref = Ref(case, 0, written(each.of))
        row.append(button(Action.CORRECT, words, ref, unique=ref.argument))
    if read.orders:
        row.append(button(Action.ANOTHER, texts.labels(NoticeLabels).another, Ref(0, 0)))
    return [*to_blocks(texts.read_back(read)), *actions(row)]
