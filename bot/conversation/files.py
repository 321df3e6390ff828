"""Files that people send: stored by reference, never their bytes; why one is not passed on, and the effects.

An effect on a file answers an order list, or passes a file on, sends it or inspects it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from bot.conversation.people import Person, Posted
from bot.reading.order_list_detection import is_named_as_list

LARGEST: Final = 20 * 1024 * 1024  # bytes
MOST_AT_ONCE: Final = 10
LONGEST_NAME: Final = 80


class FileKind(StrEnum):
    """What Slack calls a file. Only a file STORED by Slack has bytes that can be passed on.

    UNTOLD: Slack tells only when asked, as for files of other workspaces.
    """

    STORED = "stored"
    UNTOLD = "untold"
    CLIP = "clip"
    CANVAS = "canvas"
    POST = "post"
    LIST = "list"
    LINK = "link"
    GONE = "gone"


class WhyNot(StrEnum):
    """Why a file is not passed on; `templates/words/why_not.md` has the words."""

    KEY = "key"
    ARCHIVE = "archive"
    KIND = "kind"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    EMPTY = "empty"
    GONE = "gone"
    NO_FILE = "no_file"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class File:
    """A file by reference. `url` is where Slack has its bytes, `link` is where people see it.

    `why` is what was found in it that keeps it from being passed on.
    """

    id: str
    name: str
    kind: FileKind = FileKind.STORED
    mimetype: str = ""
    size: int = 0
    url: str = ""
    link: str = ""
    why: WhyNot | None = None


@dataclass(frozen=True, slots=True)
class Unpassed:
    """A file that is not passed on, and why."""

    name: str
    why: WhyNot
    link: str = ""


def is_list(file: File) -> bool:
    """Tell whether a file's name is that of a list of orders."""
    return is_named_as_list(file.name, file.mimetype)


_LINKED: Final = frozenset({FileKind.CLIP, FileKind.CANVAS, FileKind.POST, FileKind.LIST, FileKind.LINK})


def why_not(file: File) -> WhyNot | None:
    """Return why a file cannot be passed on, as far as is known, None if it may be."""
    if file.why is not None:
        return file.why
    if file.kind in _LINKED:
        return WhyNot.NO_FILE
    if file.kind is FileKind.GONE:
        return WhyNot.GONE
    return WhyNot.TOO_LARGE if file.size > LARGEST else None


def unpassed(file: File, why: WhyNot) -> Unpassed:
    """Return a file with the reason why it is not passed on; one with a key in it gets no link."""
    return Unpassed(file.name, why, "" if why is WhyNot.KEY else file.link)


def sorted_out(files: tuple[File, ...]) -> tuple[tuple[File, ...], tuple[Unpassed, ...]]:
    """Return which files of a message may be passed on, and which may not."""
    few, rest = files[:MOST_AT_ONCE], files[MOST_AT_ONCE:]
    good = tuple(file for file in few if why_not(file) is None)
    bad = tuple(unpassed(file, why) for file in few if (why := why_not(file)) is not None)
    return good, (*bad, *(unpassed(file, WhyNot.TOO_MANY) for file in rest))


@dataclass(frozen=True, slots=True)
class AnswerList:
    """Answer the list of orders in a file, in its sender's DM, in one message that is redrawn.

    `told` holds for the whole list: facts, and the order of day and month, by name. `posted` is where the
    message is, if it was posted already.
    """

    to: Person
    file: File
    told: tuple[tuple[str, str], ...] = ()
    posted: Posted | None = None
    kind: Literal["answer_list"] = "answer_list"


@dataclass(frozen=True, slots=True)
class PassFile:
    """Copy a requester's file into the thread of the case's card. `message` is the key of its delivery."""

    by: Person
    file: File
    message: str
    kind: Literal["pass_file"] = "pass_file"


@dataclass(frozen=True, slots=True)
class SendFile:
    """Send an agent's file to the requester's DM. `message` is the key of the form's delivery."""

    to: Person
    agent: Person
    file: File
    message: str
    kind: Literal["send_file"] = "send_file"


@dataclass(frozen=True, slots=True)
class LookAtFile:
    """Inspect a requester's file that no agent gets yet, and report a private key in it.

    `message` is the key of its delivery.
    """

    to: Person
    file: File
    message: str
    kind: Literal["look_at_file"] = "look_at_file"
