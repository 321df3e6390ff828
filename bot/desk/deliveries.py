"""What a person can want of the desk, as a closed union; surfaces turn what they get into one of these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final, Literal, TypeAlias

from bot.conversation.agent_moves import AnyAgentMove
from bot.conversation.case import Surface
from bot.conversation.events import Event
from bot.conversation.files import File
from bot.conversation.people import Mentioned, Person
from bot.conversation.reminder_kinds import Reminder
from bot.conversation.screens import OneOrder
from bot.desk.app_home_views import Visit
from policy.facts import Detail, Fact

MOST_AT_ONCE: Final = 30  # deliveries of one person; more are a flood
AT_ONCE: Final = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Start:
    """Open a new case, or pick up the unfinished one of that surface.

    `alike` starts a new one from what is remembered; `afresh` never picks up. `words` came with the wish: a
    new case begins with what they say; where they say nothing, they are a command that does not exist, unless
    they are a message that was `pointed_at`, with its `files`. `order` is one of several that were named in
    the case `beside`, as that stood at `revision`.
    """

    surface: Surface
    channel: str | None = None
    response_url: str | None = None
    alike: bool = False
    afresh: bool = False
    words: str = ""
    pointed_at: bool = False
    files: tuple[File, ...] = ()
    order: OneOrder | None = None
    beside: int = 0
    revision: int = 0
    kind: Literal["start"] = "start"


class Ask(StrEnum):
    """What is answered without a case."""

    HELP = "help"
    CASES = "cases"
    PIN = "pin"
    KEY = "private_key"
    TOO_LONG = "too_long"
    SLOWED = "slowed"


@dataclass(frozen=True, slots=True)
class Look:
    """Ask for help, for the list of one's cases, or for the message with the Start button.

    `unclear` is what was typed where the desk expected a command; `Ask.KEY`: that was a private key.
    """

    ask: Ask
    unclear: str = ""
    kind: Literal["look"] = "look"


@dataclass(frozen=True, slots=True)
class Act:
    """Something happens to a case. `revision` is that of the button pressed, None where none was."""

    case: int
    event: Event
    revision: int | None = None
    kind: Literal["act"] = "act"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an agent clicked: the message `ts` of a channel, in the thread of `thread` where it is in one."""

    channel: str
    ts: str
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class Handle:
    """An agent does something with a case: on its card or in the card's thread.

    Or where nobody else sees the button, which has no spot: in a form, or in App Home.
    """

    case: int
    move: AnyAgentMove
    spot: Spot | None = None
    kind: Literal["handle"] = "handle"


@dataclass(frozen=True, slots=True)
class StopReminder:
    """An agent stops a reminder of a case."""

    case: int
    reminder: Reminder
    spot: Spot | None = None
    kind: Literal["stop_reminder"] = "stop_reminder"


@dataclass(frozen=True, slots=True)
class Prepare:
    """An agent wants the form of a move, which is named by its id."""

    case: int
    move: str
    spot: Spot | None = None
    kind: Literal["prepare"] = "prepare"


@dataclass(frozen=True, slots=True)
class React:
    """Somebody put an emoji on a message, or took it off (`on`)."""

    emoji: str
    on: bool
    spot: Spot
    kind: Literal["react"] = "react"


@dataclass(frozen=True, slots=True)
class Membership:
    """Somebody is in a channel now, or no longer."""

    channel: str
    member: bool
    kind: Literal["membership"] = "membership"


@dataclass(frozen=True, slots=True)
class Deactivated:
    """Somebody's account was deactivated."""

    kind: Literal["deactivated"] = "deactivated"


@dataclass(frozen=True, slots=True)
class Write:
    """A direct message: its text, or None where a private key was pasted (and dropped).

    `at` is the moment of the edit that came before the message itself, where one did. `thread` is where the
    message stands in whose thread it was written: channel and timestamp. `ended`: the key came with its end,
    so what is written next is no more of it. `files` came with it.
    """

    text: str | None
    at: str = ""
    thread: tuple[str, str] | None = None
    ended: bool = False
    files: tuple[File, ...] = ()
    kind: Literal["write"] = "write"


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody named certdesk in a channel: what they wrote besides, or None where it held a private key.

    `ended` and `files` as in `Write`.
    """

    place: Mentioned
    text: str | None
    ended: bool = False
    files: tuple[File, ...] = ()
    kind: Literal["mention"] = "mention"


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A direct message was edited. `message` is the key of its receipt, `at` the moment as Slack writes it.

    `late`: it was written so long before that it cannot be on its way still.
    """

    message: str
    text: str | None
    at: str
    late: bool = False
    files: tuple[File, ...] = ()
    kind: Literal["rewrite"] = "rewrite"


@dataclass(frozen=True, slots=True)
class Withdraw:
    """A direct message was deleted. `message` is the key of its receipt."""

    message: str
    kind: Literal["withdraw"] = "withdraw"


@dataclass(frozen=True, slots=True)
class Assign:
    """Somebody says which case some of their messages are about; 0 is a new one.

    `messages` are the keys of their receipts, `asked_under` the case under which it was asked.
    """

    case: int
    messages: tuple[str, ...]
    asked_under: int
    kind: Literal["assign"] = "assign"


@dataclass(frozen=True, slots=True)
class AskWhose:
    """Somebody wants to be asked which case some of their messages are about: not the one they went to."""

    case: int
    messages: tuple[str, ...]
    kind: Literal["ask_whose"] = "ask_whose"


@dataclass(frozen=True, slots=True)
class ReadList:
    """Somebody says what holds for the whole list of orders in a file of theirs: see `AnswerList`.

    `channel` and `ts` are the message that is redrawn.
    """

    file: str
    name: str
    told: tuple[tuple[str, str], ...]
    channel: str
    ts: str
    kind: Literal["read_list"] = "read_list"


@dataclass(frozen=True, slots=True)
class OpenRow:
    """Somebody wants a case for an order of their list, with what its row says."""

    file: str
    line: int
    facts: tuple[tuple[Fact, str], ...]
    details: tuple[tuple[Detail, str], ...]
    kind: Literal["open_row"] = "open_row"


@dataclass(frozen=True, slots=True)
class Withhold:
    """A form of a case, an agent's or a requester's, held a private key: nothing in it is kept or done.

    `ended` as in `Write`.
    """

    case: int
    ended: bool = False
    kind: Literal["withhold"] = "withhold"


class Sort(StrEnum):
    """What was too long to be read."""

    MESSAGE = "message"
    COMMAND = "command"
    PAYLOAD = "payload"


@dataclass(frozen=True, slots=True)
class Oversized:
    """More than is read: what it was, its length in characters, its SHA-256; nothing else is kept of it.

    `place` is where certdesk was named in it, None where it was written to certdesk directly.
    """

    what: Sort
    length: int
    digest: str
    place: Mentioned | None = None
    kind: Literal["oversized"] = "oversized"


@dataclass(frozen=True, slots=True)
class Due:
    """The moment of a reminder has come: nobody wants it, but receipts are all that happened to a case."""

    case: int
    reminder: Reminder
    kind: Literal["due"] = "due"


Wanted: TypeAlias = (
    Start
    | Look
    | Act
    | Write
    | Mention
    | Rewrite
    | Withdraw
    | Assign
    | AskWhose
    | ReadList
    | OpenRow
    | Withhold
    | Oversized
    | Visit
)
WantedByAgent: TypeAlias = Handle | StopReminder | Prepare | React | Membership | Deactivated
Intent: TypeAlias = Wanted | WantedByAgent


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery of a surface. The same `key` means the same delivery, however often it comes.

    `response_url` is where a click may be answered, `thread` the message of the DM in whose thread it was
    done, `whispered` that the message which was clicked is seen by nobody else; no receipt keeps them.
    """

    key: str
    person: Person
    intent: Intent
    response_url: str | None = None
    thread: str | None = None
    whispered: bool = False
