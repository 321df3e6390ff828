"""The words of a move, `moves/<id>.md`: its button, the line in the card's thread, the labels of its form.

The file's heading is the button's label (in some standings another), its list the form's labels, written like
other labels, and what is in between is for the thread. A move has those of the three that its class says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from bot.conversation.agent_move import AgentMove, Form
from bot.conversation.agent_moves import AGENT_MOVES
from bot.conversation.handoff import Move
from bot.render.document import Block, BulletList, Document, Heading, Mention, plain_spans
from bot.render.environment import Context, Renderer
from bot.render.errors import TemplateError
from bot.render.labels import fields_of, read_list

# The moves of the requester and of time that the thread reports; for agents' moves their classes say so.
TOLD: Final = frozenset({Move.HEAR, Move.REOPEN, Move.CONFIRM, Move.IDLE, Move.LEAVE})
_SOMEBODY: Final = Mention("user", "U")


@dataclass(frozen=True)
class MoveText(Context):
    """Who moved a case, to whom, with what note and outcome; `waiting`: nobody has it yet; `case`: another.

    A template uses what it needs of this. What does not belong to the move is empty.
    """

    all_used = False
    by: Mention = _SOMEBODY
    to: Mention = _SOMEBODY
    note: str = ""
    outcome: str = ""
    waiting: bool = False
    case: str = ""


@dataclass(frozen=True)
class WordsLabels:
    """The form in which an agent writes to the requester."""

    title: str
    words: str
    hint: str
    files: str
    files_hint: str
    send: str
    cancel: str


@dataclass(frozen=True)
class ColleagueLabels:
    """The form in which an agent chooses another."""

    title: str
    agent: str
    agent_hint: str
    note: str
    note_hint: str
    send: str
    cancel: str


@dataclass(frozen=True)
class CaseLabels:
    """The form in which an agent names another case."""

    title: str
    case: str
    hint: str
    send: str
    cancel: str


Labels: TypeAlias = WordsLabels | ColleagueLabels | CaseLabels
FORM_LABELS: Final[Mapping[Form, type[Labels]]] = {
    Form.WORDS: WordsLabels,
    Form.COLLEAGUE: ColleagueLabels,
    Form.CASE: CaseLabels,
}


@dataclass(frozen=True, slots=True)
class MoveWords:
    """A move's words; empty if the move has none, `labels` None if it has no form."""

    button: str
    told: Document
    labels: Labels | None


def file_of(move: str) -> str:
    """Return the name of a move's template."""
    return f"moves/{move}.md"


def names() -> list[str]:
    """Return the id of every move that has words."""
    worded = {name for name, kind in AGENT_MOVES.items() if kind.buttons or kind.tells or kind.form}
    return sorted({*worded, *map(str, TOLD)})


def files() -> list[str]:
    """Return the name of every move's template."""
    return [*map(file_of, names())]


def move_words(renderer: Renderer, move: str, text: MoveText) -> MoveWords:
    """Return a move's words. Raises TemplateError if the file lacks what the move's class says it has."""
    file, kind = file_of(move), AGENT_MOVES.get(move)
    button, told, items = _parts(file, renderer.render_as(file, text))
    if kind is not None and kind.buttons and not button:
        raise TemplateError(file, None, "there is no heading, which is the button's label")
    if (move in TOLD or (kind is not None and kind.tells)) and not told:
        raise TemplateError(file, None, "there is no text for the card's thread")
    return MoveWords(button, Document(tuple(told)), _labels(file, kind, items))


def _parts(file: str, document: Document) -> tuple[str, list[Block], list[BulletList]]:
    """Return the heading, the blocks between, and the list."""
    button, told, lists = "", list[Block](), list[BulletList]()
    for block in document.blocks:
        match block:
            case Heading(spans=spans) if not button and not told:
                button = plain_spans(spans, " ")
            case BulletList() if not lists:
                lists.append(block)
            case _ if lists:
                raise TemplateError(file, None, "nothing may follow the list of the form's labels")
            case _:
                told.append(block)
    return button, told, lists


def _labels(file: str, kind: type[AgentMove] | None, lists: list[BulletList]) -> Labels | None:
    if kind is None or kind.form is None:
        return None
    labels = FORM_LABELS[kind.form]
    return labels(**read_list(file, Document(tuple(lists)), fields_of(labels)))
