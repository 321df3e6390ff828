"""Effects on files: an order list to be answered, and files to be passed on, sent or looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.conversation.files import File
from bot.conversation.people import Person
from bot.conversation.posted import Posted


@dataclass(frozen=True, slots=True)
class AnswerList:
    """Answer the list of orders in a file, in the DM of who sent it: a message that is redrawn as it goes.

    `told` holds for the whole list: facts, and the order of day and month, by name. `posted` is the message
    where it stands already.
    """

    to: Person
    file: File
    told: tuple[tuple[str, str], ...] = ()
    posted: Posted | None = None
    kind: Literal["answer_list"] = "answer_list"


@dataclass(frozen=True, slots=True)
class PassFile:
    """Put a requester's file into the thread of the case's card. `message` is the key of its delivery."""

    by: Person
    file: File
    message: str
    kind: Literal["pass_file"] = "pass_file"


@dataclass(frozen=True, slots=True)
class SendFile:
    """Send an agent's file into the requester's DM. `message` is the key of the form's delivery."""

    to: Person
    agent: Person
    file: File
    message: str
    kind: Literal["send_file"] = "send_file"


@dataclass(frozen=True, slots=True)
class LookAtFile:
    """Look into a requester's file that no agent gets yet; they are told of what must not lie around.

    `message` is the key of its delivery.
    """

    to: Person
    file: File
    message: str
    kind: Literal["look_at_file"] = "look_at_file"
