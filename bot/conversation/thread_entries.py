"""What stands in a case's thread in the agents' channel: words, files, moves, deliveries and alarms."""

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
    """In the card's thread: what the requester wrote in the DM. `text` is None where they took it back.

    `files` are the names of what they sent with it. `doubt`: they have not said which of their cases it is
    about, so it stands under each. `early`: it is from before the handoff, and the thread's opening has how
    it begins.
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
    """In the card's thread: files of the requester that agents do not get."""

    by: Person
    files: tuple[Unpassed, ...]
    kind: Literal["not_passed_on"] = "not_passed_on"


@dataclass(frozen=True, slots=True)
class CopiesLeft:
    """In the card's thread: copies of files whose message was deleted, or was about another case (`case`)."""

    by: Person
    files: tuple[str, ...]
    case: int = 0
    kind: Literal["copies_left"] = "copies_left"


@dataclass(frozen=True, slots=True)
class MeantFor:
    """In the card's thread, in place of what the requester wrote: it was about another case of theirs."""

    by: Person
    case: int
    kind: Literal["meant_for"] = "meant_for"


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """Words of the requester from before the handoff.

    Without a text they were deleted, or held a private key. `folded`: this is their beginning, and they stand
    whole in the thread besides.
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
    """In the card's thread: what the requester had written when the case was handed over.

    `left_out` are as many answers, which the card has.
    """

    by: Person
    lines: tuple[OpeningLine, ...]
    left_out: int = 0
    kind: Literal["opening"] = "opening"


@dataclass(frozen=True, slots=True)
class Sent:
    """In the card's thread: what an agent wrote to the requester, and the names of files that went too."""

    by: Person
    words: Outward
    asks: bool = False
    files: tuple[str, ...] = ()
    kind: Literal["sent"] = "sent"


@dataclass(frozen=True, slots=True)
class Moved:
    """In the card's thread: who moved the case how. `move` is the id of an agent's move, or of another's.

    `to` is the agent who gets it, `note` words for them, `case` another case that it is about.
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
    """In the card's thread: the outcomes as buttons."""

    revision: int
    kind: Literal["outcomes"] = "outcomes"


@dataclass(frozen=True, slots=True)
class Alarm:
    """In the card's thread: a reminder for the agents. `loud`: seen in the channel too."""

    reminder: AlarmReminder
    owner: Person | None
    card: Card
    loud: bool = False
    kind: Literal["alarm"] = "alarm"


@dataclass(frozen=True, slots=True)
class NotDelivered:
    """In the card's thread: what an agent wrote does not get to the requester, and Slack's reason.

    `dead`: it is not tried any more.
    """

    by: Person
    reason: str | None
    dead: bool = False
    kind: Literal["not_delivered"] = "not_delivered"


@dataclass(frozen=True, slots=True)
class Delivered:
    """In the card's thread: what an agent wrote got to the requester after all."""

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
