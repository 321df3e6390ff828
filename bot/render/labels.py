"""Texts that are read once: a screen's labels, a word for each member of an enum, a question's parts.

The first two are Markdown lists, as a question's choices are: an item begins with its id in code and goes on
with its words. `Labels` declares a screen's ids as the fields of a frozen dataclass, `Words` takes them from
an enum, so that a file which lacks one, or has one too many, is an error when it is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import Enum
from typing import ClassVar, Final, Generic, TypeVar

from bot.conversation.answer_tokens import Asked
from bot.render.document import Block, BulletList, Document, Heading, Paragraph, Text, plain_spans
from bot.render.errors import TemplateError

__all__ = ["Labels", "Words", "id_of", "item_of", "read_list"]

NAME_LEVEL, QUESTION_LEVEL = 1, 2  # of headings in a question

E = TypeVar("E", bound=Enum)


class Labels:
    """The labels of one screen: subclasses are frozen dataclasses of strings."""

    file: ClassVar[str]


@dataclass(frozen=True)
class Words(Generic[E]):
    """A word, or a few, for each of some members of an enum; an id is a member's name in lower case."""

    file: str
    of: Iterable[E]

    def read(self, document: Document) -> dict[E, str]:
        """Return the words by member. Raises TemplateError where the file has not exactly these."""
        found = read_list(self.file, document, map(id_of, self.of))
        return {member: found[id_of(member)] for member in self.of}


L = TypeVar("L", bound=Labels)


def labels_of(kind: type[L], document: Document) -> L:
    """Return a screen's labels. Raises TemplateError where the file has not exactly these."""
    return kind(**read_list(kind.file, document, fields_of(kind)))


def fields_of(kind: type[object]) -> list[str]:
    """Return the names of a dataclass's fields."""
    return [field.name for field in fields(kind)]  # type: ignore[arg-type] # each is a dataclass


def id_of(member: Enum) -> str:
    """Return the id of an enum's member in a list."""
    return member.name.lower()


_FORM: Final = "the file is one list, each item of which begins with an id in backquotes"


def read_list(file: str, document: Document, wanted: Iterable[str]) -> Mapping[str, str]:
    """Return the words by id. Raises TemplateError where the ids are not exactly the wanted ones."""
    match document.blocks:
        case (BulletList(items),):
            found = [item_of(file, item) for item in items]
        case _:
            raise TemplateError(file, None, _FORM)
    ids, words = [each for each, _ in found], dict(found)
    missing = [each for each in wanted if not words.pop(each, "")]
    if missing:
        raise TemplateError(file, None, f"there are no words for {', '.join(missing)}")
    if words:
        raise TemplateError(file, None, f"nothing is called {', '.join(words)}")
    if len(set(ids)) < len(ids):
        raise TemplateError(file, None, f"{max(ids, key=ids.count)} stands twice")
    return dict(found)


def item_of(file: str, item: tuple[Block, ...]) -> tuple[str, str]:
    """Return the id and the words of an item. Raises TemplateError if it does not begin with an id."""
    match item:
        case (Paragraph(spans=(Text(text=name, code=True), *rest)),):
            return name, plain_spans(tuple(rest), " ").strip()
        case _:
            raise TemplateError(file, None, _FORM)


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
