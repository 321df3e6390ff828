"""Effects on files: order lists to answer, and files to pass on, send or inspect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.conversation.files import File
from bot.conversation.people import Person, Posted


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
