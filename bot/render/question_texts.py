"""A question's words, read from its template."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.asked import Asked
from bot.render.document import Block, BulletList, Document, Heading, plain_spans
from bot.render.labels import item_of

NAME_LEVEL, QUESTION_LEVEL = 1, 2


@dataclass(frozen=True, slots=True)
class QuestionText:
    """A question's words: its short name, the question, a hint, the choices, and where to find the answer."""

    name: str
    question: str
    hint: Document
    labels: tuple[tuple[str, str], ...]
    where: Document


def read_question(file: str, document: Document) -> QuestionText:
    """Read a question's template: `# name`, `## question`, hint, the list of choices, `### where`.

    A choice is a list item that begins with its token in code and continues with its label.
    """
    name = question = ""
    hint: list[Block] = []
    where: list[Block] = []
    labels: list[tuple[str, str]] = []
    part = hint
    for block in document.blocks:
        match block:
            case Heading(level, spans) if level == NAME_LEVEL:
                name = plain_spans(spans, " ")
            case Heading(level, spans) if level == QUESTION_LEVEL:
                question = plain_spans(spans, " ")
            case Heading():
                part = where
            case BulletList(items) if part is hint:
                labels += [item_of(file, item) for item in items]
            case _:
                part.append(block)
    return QuestionText(name, question, Document(tuple(hint)), tuple(labels), Document(tuple(where)))


def unnamed(asked: Asked) -> QuestionText:
    """Return words for what has no template: its id, readable."""
    name = str(asked).replace("_", " ").capitalize()
    return QuestionText(name, name, Document(()), (), Document(()))
