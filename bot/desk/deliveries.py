"""What people ask of the desk, as a closed union. Every surface turns what it receives into one of these."""

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

MOST_AT_ONCE: Final = 30  # deliveries of one person; any more are a flood
AT_ONCE: Final = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Start:
    """Open a new case, or continue the unfinished one of that surface.

    `alike` starts a new one from what is remembered; `afresh` never continues an old one. `words` came with
    the request: a new case begins with what they state. If they state nothing, they are an unknown command,
    unless they are a message that was `pointed_at`, with its `files`. `order` is one of several orders that
    were named in the case `beside`, as it stood at `revision`.
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
    """Requests that are answered without a case, and reasons why a command was not read."""

    HELP = "help"
    CASES = "cases"
    PIN = "pin"
    KEY = "private_key"
    TOO_LONG = "too_long"
    SLOWED = "slowed"


@dataclass(frozen=True, slots=True)
class Look:
    """Ask for help, for one's list of cases, or for the message with the Start button.

    `unclear` is what was typed where the desk expected a command; with `Ask.KEY` it was a private key.
    """

    ask: Ask
    unclear: str = ""
    kind: Literal["look"] = "look"


@dataclass(frozen=True, slots=True)
class Act:
    """Apply an event to a case. `revision` is that of the button that was pressed, None if there was none."""

    case: int
    event: Event
    revision: int | None = None
    kind: Literal["act"] = "act"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an agent clicked: the message `ts` in a channel; `thread` is the thread that it is in, if any."""

    channel: str
    ts: str
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class Handle:
    """An agent makes a move: on the case's card, in the card's thread, or in a form or App Home.

    Forms and App Home have no spot: nobody else sees them.
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
    """An agent asks for the form of a move, named by its id."""

    case: int
    move: str
    spot: Spot | None = None
    kind: Literal["prepare"] = "prepare"


@dataclass(frozen=True, slots=True)
class React:
    """Somebody added an emoji to a message, or removed it (`on`)."""

    emoji: str
    on: bool
    spot: Spot
    kind: Literal["react"] = "react"


@dataclass(frozen=True, slots=True)
class Membership:
    """Somebody joined or left a channel."""

    channel: str
    member: bool
    kind: Literal["membership"] = "membership"


@dataclass(frozen=True, slots=True)
class Deactivated:
    """Somebody's account was deactivated."""

    kind: Literal["deactivated"] = "deactivated"


@dataclass(frozen=True, slots=True)
class Write:
    """A direct message; its text is None if a private key was pasted (and dropped).

    `at` is the timestamp of an edit that arrived before the message itself. `thread` is the channel and
    timestamp of the message in whose thread it was written. `ended`: the pasted key was complete, so the next
    message is not part of it.
    """

    text: str | None
    at: str = ""
    thread: tuple[str, str] | None = None
    ended: bool = False
    files: tuple[File, ...] = ()
    kind: Literal["write"] = "write"


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody mentioned certdesk in a channel. `text` is None if it held a private key.

    `ended` and `files` as in `Write`.
    """

    place: Mentioned
    text: str | None
    ended: bool = False
    files: tuple[File, ...] = ()
    kind: Literal["mention"] = "mention"


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A direct message was edited. `message` is the key of its receipt, `at` the timestamp of the edit.

    `late`: the original was written so long ago that it cannot still be on its way.
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

    `messages` are the keys of their receipts, `asked_under` is the case that the question belongs to.
    """

    case: int
    messages: tuple[str, ...]
    asked_under: int
    kind: Literal["assign"] = "assign"


@dataclass(frozen=True, slots=True)
class AskWhose:
    """Somebody wants to move messages from the case that they went to, and to be asked where they belong."""

    case: int
    messages: tuple[str, ...]
    kind: Literal["ask_whose"] = "ask_whose"


@dataclass(frozen=True, slots=True)
class ReadList:
    """Somebody states what holds for a whole list of orders: see `AnswerList`.

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
    """Somebody opens a case for one order of their list, with what its row states."""

    file: str
    line: int
    facts: tuple[tuple[Fact, str], ...]
    details: tuple[tuple[Detail, str], ...]
    kind: Literal["open_row"] = "open_row"


@dataclass(frozen=True, slots=True)
class Withhold:
    """A form, an agent's or a requester's, held a private key: nothing in it is kept or done.

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
    """Something too long to be read. Only what it was, its length and its SHA-256 are kept.

    `place` is where certdesk was mentioned, None if it was addressed directly.
    """

    what: Sort
    length: int
    digest: str
    place: Mentioned | None = None
    kind: Literal["oversized"] = "oversized"


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder came due. Nobody asked for it, but everything that happens to a case has a receipt."""

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
    """One delivery from a surface. The same `key` is the same delivery, however often it comes.

    `response_url` is where a click may be answered, `thread` the DM message in whose thread it was made.
    `whispered`: nobody else sees the message that was clicked. No receipt keeps these three.
    """

    key: str
    person: Person
    intent: Intent
    response_url: str | None = None
    thread: str | None = None
    whispered: bool = False
