"""The entries in a card's thread in the agents' channel: messages, files, moves, deliveries and alarms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from bot.conversation.agent_words import Note, Outward
from bot.conversation.files import Unpassed
from bot.conversation.handoff import Outcome
from bot.conversation.people import Person
from bot.conversation.reminder_kinds import AlarmReminder
from bot.conversation.screens import Card


@dataclass(frozen=True, slots=True)
class Heard:
    """A requester's message from the DM. `text` is None if they took it back.

    `files` are the names of the files that came with it. `doubt`: they have not said which of their cases it
    is about, so it is under each. `early`: it is from before the handover, and the thread's opening shows its
    beginning.
    """

    by: Person
    text: str | None
    edited: bool = False
    files: tuple[str, ...] = ()
    doubt: bool = False
    early: bool = False
    kind: Literal["heard"] = "heard"


@dataclass(frozen=True, slots=True)
class NotPassedOn:
    """Files of the requester that the agents do not get."""

    by: Person
    files: tuple[Unpassed, ...]
    kind: Literal["not_passed_on"] = "not_passed_on"


@dataclass(frozen=True, slots=True)
class CopiesLeft:
    """Copies of files whose message was deleted, or was about another case (`case`)."""

    by: Person
    files: tuple[str, ...]
    case: int = 0
    kind: Literal["copies_left"] = "copies_left"


@dataclass(frozen=True, slots=True)
class MeantFor:
    """In place of a requester's message: it was about another case of theirs."""

    by: Person
    case: int
    kind: Literal["meant_for"] = "meant_for"


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """A message of the requester from before the handover.

    Its text is None if it was deleted, or held a private key. `folded`: this is only its beginning, and the
    whole is in the thread too.
    """

    at: datetime
    text: str | None
    folded: bool = False
    not_understood: bool = False
    edited: bool = False
    deleted: bool = False
    in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class Opening:
    """What the requester had written before the case was handed over.

    `left_out` is the number of answers that are left out, since the card has them.
    """

    by: Person
    lines: tuple[OpeningLine, ...]
    left_out: int = 0
    kind: Literal["opening"] = "opening"


@dataclass(frozen=True, slots=True)
class Sent:
    """What an agent wrote to the requester, and the names of the files that went with it."""

    by: Person
    words: Outward
    asks: bool = False
    files: tuple[str, ...] = ()
    kind: Literal["sent"] = "sent"


@dataclass(frozen=True, slots=True)
class Moved:
    """Who moved the case how. `move` is the id of an agent's move, or of another one.

    `to` is the agent who gets it, `note` is for them, `case` is another case that it is about.
    """

    move: str
    by: Person | None = None
    to: Person | None = None
    note: Note | None = None
    outcome: Outcome | None = None
    case: int | None = None
    kind: Literal["moved"] = "moved"


@dataclass(frozen=True, slots=True)
class OutcomeButtons:
    """The outcomes as buttons."""

    revision: int
    kind: Literal["outcomes"] = "outcomes"


@dataclass(frozen=True, slots=True)
class Alarm:
    """A reminder for the agents. `loud`: it is shown in the channel too."""

    reminder: AlarmReminder
    owner: Person | None
    card: Card
    loud: bool = False
    kind: Literal["alarm"] = "alarm"


@dataclass(frozen=True, slots=True)
class NotDelivered:
    """What an agent wrote does not reach the requester, with Slack's reason.

    `dead`: it is not retried any more.
    """

    by: Person
    reason: str | None
    dead: bool = False
    kind: Literal["not_delivered"] = "not_delivered"


@dataclass(frozen=True, slots=True)
class Delivered:
    """What an agent wrote reached the requester after all."""

    by: Person
    kind: Literal["delivered"] = "delivered"


Entry: TypeAlias = (
    Opening
    | Heard
    | NotPassedOn
    | CopiesLeft
    | MeantFor
    | Sent
    | Moved
    | OutcomeButtons
    | Alarm
    | NotDelivered
    | Delivered
)
