"""What a person can want of the desk, as a closed union; surfaces turn what they get into one of these."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeAlias

from bot.conversation.case import Surface
from bot.conversation.deeds import Deed
from bot.conversation.events import Event
from bot.conversation.people import Person
from bot.conversation.problems import Problem
from bot.conversation.promise import Reminder
from bot.conversation.screens import Card, Listed, Screen, TicketEditor
from bot.desk.visits import Home, Visit


@dataclass(frozen=True, slots=True)
class Start:
    """Open a new case, or pick up the unfinished one of that surface.

    `alike` starts a new one from what is remembered; `afresh` never picks up.
    """

    surface: Surface
    channel: str | None = None
    response_url: str | None = None
    alike: bool = False
    afresh: bool = False
    kind: Literal["start"] = "start"


class Ask(StrEnum):
    """What is answered without a case."""

    HELP = "help"
    CASES = "cases"
    PIN = "pin"
    KEY = "private_key"


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
    deed: Deed
    spot: Spot | None = None
    kind: Literal["handle"] = "handle"


@dataclass(frozen=True, slots=True)
class Hush:
    """An agent stops a reminder of a case."""

    case: int
    reminder: Reminder
    spot: Spot | None = None
    kind: Literal["hush"] = "hush"


class Form(StrEnum):
    """What an agent fills in."""

    REPLY = "reply"
    ASK = "ask"
    REASSIGN = "reassign"


@dataclass(frozen=True, slots=True)
class Prepare:
    """An agent wants a form."""

    case: int
    form: Form
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
class Write:
    """A direct message: its text, or None where a private key was pasted (and dropped)."""

    text: str | None
    kind: Literal["write"] = "write"


Intent: TypeAlias = Start | Look | Act | Write | Handle | Hush | Prepare | React | Membership | Visit


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery of a surface. The same `key` means the same delivery, however often it comes."""

    key: str
    person: Person
    intent: Intent


class Refusal(StrEnum):
    """Why an intent came to nothing; each has its template `notices/refusals/<refusal>.md`."""

    NO_SUCH_CASE = "no_such_case"
    NOT_YOURS = "not_yours"
    NOT_AN_AGENT = "not_an_agent"
    NOT_THE_CARD = "not_the_card"


class Stage(StrEnum):
    """How far a case is, in the list of cases and in the table."""

    ASKING = "asking"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Seen:
    """The case as it is now. `stale`: the button was an old one, so nothing was done.

    `repeated`: the delivery came again, nothing was done. `opened`: the person asked to see the case.
    `picked_up`: an unfinished case goes on instead of a new one.
    """

    case: int
    surface: Surface
    screen: Screen | TicketEditor
    stale: bool = False
    repeated: bool = False
    opened: bool = False
    picked_up: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """Help, the list of cases, or the pinned message."""

    ask: Ask
    cases: tuple[Listed, ...] = ()
    unclear: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was done, and why."""

    refusal: Refusal
    case: int | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """Taken, and answered by messages alone."""

    case: int | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A form for an agent, and the case that it is about."""

    form: Form
    card: Card


Reply: TypeAlias = Seen | Told | Refused | Noted | Prepared | Home
