"""What a step wants done in the world, as data. All of these are durable: they go through the outbox.

A *slot* names a message of a case, so that a later effect can update it. `thread` is the DM message in whose
thread somebody wrote: they are answered there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal, TypeAlias

from bot.conversation.agent_words import Outward
from bot.conversation.answer_tokens import Asked
from bot.conversation.case import Invitation
from bot.conversation.files import AnswerList, File, LookAtFile, PassFile, SendFile, Unpassed
from bot.conversation.handoff import Outcome
from bot.conversation.people import Mentioned, Origin, Person
from bot.conversation.problems import Problem
from bot.conversation.screens import (
    Card,
    Contacts,
    Details,
    Listed,
    Question,
    ReadBack,
    Result,
    Retired,
    Settled,
    Whose,
)
from bot.conversation.thread_entries import Entry

DmScreen: TypeAlias = Question | Details | Result | Settled | Retired | Whose


class News(StrEnum):
    """What a person is told in a message of its own; each has its template `notices/<news>.md`."""

    WELCOME = "welcome"
    HELP = "help"
    STILL_OPEN = "still_open"
    STILL_ASKING = "still_asking"
    STILL_WITH_AGENTS = "still_with_agents"
    KEY_LEAKED = "key_leaked"
    KEPT = "kept"
    KEPT_CLOSED = "kept_closed"
    CANCEL_WHAT = "cancel_what"
    GIVEN_UP = "given_up"
    PRIVATE_KEY = "private_key"
    HANDED_OVER = "handed_over"
    LOST_VIEW = "lost_view"
    CLAIMED = "claimed"
    OWNER_LEFT = "owner_left"
    PASSED_ON = "passed_on"
    UNREADABLE = "unreadable"
    GIVEN_BACK = "given_back"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    LACKING = "lacking"
    WINDOW = "window"
    UNANSWERED = "unanswered"
    STILL_THERE = "still_there"
    CLOSED_IDLE = "closed_idle"
    CREDIT_DUE = "credit_due"
    CREDIT_CAME = "credit_came"
    CREDIT_MISSING = "credit_missing"
    TOO_LONG = "too_long"
    TOO_LARGE = "too_large"
    SLOWED = "slowed"
    FILES_KEPT = "files_kept"
    FILES_UNKEPT = "files_unkept"
    FILES_UNPASSED = "files_unpassed"
    SAME_ORDER = "same_order"
    FILES_UNSENT = "files_unsent"
    UNREACHED = "unreached"
    REACHED = "reached"


@dataclass(frozen=True, slots=True)
class Post:
    """Post a screen of the case into the requester's DM, under a new slot."""

    to: Person
    slot: str
    screen: DmScreen
    thread: str | None = None
    kind: Literal["post"] = "post"


@dataclass(frozen=True, slots=True)
class Update:
    """Redraw the message of a slot in the requester's DM."""

    to: Person
    slot: str
    screen: DmScreen
    kind: Literal["update"] = "update"


@dataclass(frozen=True, slots=True)
class Aside:
    """Answer a person in the DM beside what stands there: what was wrong, or why something is asked."""

    to: Person
    screen: Question | Details | Result
    thread: str | None = None
    kind: Literal["aside"] = "aside"


@dataclass(frozen=True, slots=True)
class SayRead:
    """Tell a person in the DM what was read in their text, with a button to correct each thing.

    `revision` is that of the case at the time.
    """

    to: Person
    case: int
    read: ReadBack
    thread: str | None = None
    revision: int = 0
    kind: Literal["say_read"] = "say_read"


@dataclass(frozen=True, slots=True)
class Unread:
    """Tell a person in the DM why an edited answer could not be taken, and what still counts.

    `question` is the one that it answers, None for a detail; `token` is the answer that still counts, if any.
    """

    to: Person
    case: int
    problem: Problem
    asked: Asked
    token: str | None
    question: Question | None = None
    program: str | None = None
    thread: str | None = None
    kind: Literal["unread"] = "unread"


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell a person some news in the DM.

    `who` and `at` are the agent and the moment, `result` and `outcome` the state of the case, where they
    matter. `length` is the length of what was too long, `typed` the beginning of what was not read for
    another reason. `contacts` are ways to reach a person without certdesk, `files` the names of kept files,
    `unpassed` the files that nobody gets, `others` other cases of the same person. `message` is the key of
    the message that the news is about, `order` what the requester calls the order. `agents`: they have the
    case, or could have it.
    """

    to: Person
    news: News
    case: int
    who: Person | None = None
    at: datetime | None = None
    result: Result | None = None
    outcome: Outcome | None = None
    length: int = 0
    typed: str = ""
    contacts: Contacts | None = None
    others: tuple[int, ...] = ()
    thread: str | None = None
    files: tuple[str, ...] = ()
    unpassed: tuple[Unpassed, ...] = ()
    message: str = ""
    order: str = ""
    agents: bool = False
    kind: Literal["tell"] = "tell"


@dataclass(frozen=True, slots=True)
class ListCases:
    """Show a person their cases in the DM."""

    to: Person
    cases: tuple[Listed, ...]
    thread: str | None = None
    kind: Literal["list"] = "list"


@dataclass(frozen=True, slots=True)
class ShowCard:
    """Post the case's card into the agents' channel, or redraw it: one card for each case."""

    card: Card
    kind: Literal["card"] = "card"


@dataclass(frozen=True, slots=True)
class Invite:
    """Answer a mention in a channel with what was read and *Start*, visible to its writer only.

    `by_dm`: in the DM, because they have not begun.
    """

    to: Person
    case: int
    invitation: Invitation
    by_dm: bool = False
    contacts: Contacts | None = None
    kind: Literal["invite"] = "invite"


class NoCase(StrEnum):
    """Why a mention in a channel makes no case; each has its template.

    It is `notices/mentions/<why>.md`, or that of a message in the DM.
    """

    AGENTS_CHANNEL = "agents_channel"
    THANKS = "thanks"
    PRIVATE_KEY = "private_key"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class AnswerMention:
    """Tell somebody who mentioned certdesk in a channel, visible to them only, why nothing comes of it."""

    to: Person
    place: Mentioned
    why: NoCase
    length: int = 0
    kind: Literal["answer_mention"] = "answer_mention"


@dataclass(frozen=True, slots=True)
class TakeAway:
    """Remove a channel message that only one person saw, after they clicked in it.

    If the case continues in their DM, the message says so instead.
    """

    to: Person
    case: int
    response_url: str
    kind: Literal["take_away"] = "take_away"


class Denial(StrEnum):
    """Why an agent's move was not made; each has its template `notices/denials/<denial>.md`."""

    TAKEN = "taken"
    NOT_YOURS = "not_yours"
    NOT_NOW = "not_now"


@dataclass(frozen=True, slots=True)
class TellAgent:
    """Tell one agent, in the agents' channel but visible to nobody else, why nothing was done.

    `response_url` is that of their click, if there was one.
    """

    to: Person
    card: Card
    why: Denial = Denial.TAKEN
    response_url: str | None = None
    kind: Literal["tell_agent"] = "tell_agent"


@dataclass(frozen=True, slots=True)
class Share:
    """Show a result, without anything private, in the channel in which it was asked."""

    origin: Origin
    result: Result
    by: Person
    kind: Literal["share"] = "share"


@dataclass(frozen=True, slots=True)
class SendWords:
    """Send an agent's text to the requester's DM: the only way there for what an agent writes.

    `asks`: the case waits for an answer. `wants_details`: the ticket lacks details, so a form is offered.
    `files` follow by themselves.
    """

    to: Person
    case: int
    agent: Person
    words: Outward
    asks: bool = False
    wants_details: bool = False
    files: tuple[File, ...] = ()
    kind: Literal["words"] = "words"


@dataclass(frozen=True, slots=True)
class AddEntry:
    """Post an entry into the thread of the case's card; under a slot if it may change later."""

    entry: Entry
    slot: str | None = None
    kind: Literal["add_entry"] = "add_entry"


@dataclass(frozen=True, slots=True)
class ChangeEntry:
    """Redraw an entry in the thread of the case's card."""

    slot: str
    entry: Entry
    kind: Literal["change_entry"] = "change_entry"


IN_DM: Final = (Post, Aside, SayRead, Unread, Tell, ListCases)


Effect: TypeAlias = (
    Post
    | Update
    | Aside
    | SayRead
    | Unread
    | Tell
    | ListCases
    | ShowCard
    | Invite
    | AnswerMention
    | TakeAway
    | TellAgent
    | Share
    | SendWords
    | AddEntry
    | ChangeEntry
    | PassFile
    | SendFile
    | LookAtFile
    | AnswerList
)
