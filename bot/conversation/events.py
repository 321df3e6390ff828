"""What can happen to a case, as a closed union of values. `step` takes nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from bot.conversation.agent_moves import AnyAgentMove
from bot.conversation.asked import Asked
from bot.conversation.files import File
from bot.conversation.people import Person
from bot.conversation.reminder_kinds import Reminder
from policy.facts import Detail, Fact


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer chosen from what was offered, as a token; not trusted to be a legal one."""

    fact: Fact
    token: str
    kind: Literal["answered"] = "answered"


@dataclass(frozen=True, slots=True)
class Said:
    """Free text typed where the current question stands, in a message that may be edited later.

    `message` is the key of its receipt; `at` the moment of the edit that came in its place, if one did.
    """

    text: str
    message: str | None = None
    at: str = ""
    kind: Literal["said"] = "said"


@dataclass(frozen=True, slots=True)
class PastedKey:
    """Somebody pasted a private key. The text itself is dropped before anything else sees it."""

    message: str | None = None
    kind: Literal["pasted_key"] = "pasted_key"


@dataclass(frozen=True, slots=True)
class Reworded:
    """A typed message was edited, at a moment as Slack writes it; `text` is None where it now holds a key."""

    message: str
    text: str | None
    at: str
    kind: Literal["reworded"] = "reworded"


@dataclass(frozen=True, slots=True)
class TookBack:
    """A typed message was deleted."""

    message: str
    kind: Literal["took_back"] = "took_back"


@dataclass(frozen=True, slots=True)
class TooLong:
    """More was typed into a field than is read. Of the text its length and SHA-256 are all that is kept.

    `field` is None where it was no detail's.
    """

    field: Detail | None
    length: int
    digest: str
    kind: Literal["too_long"] = "too_long"


@dataclass(frozen=True, slots=True)
class Provided:
    """Details of the order, as typed; any subset of those asked for."""

    details: tuple[tuple[Detail, str], ...]
    kind: Literal["provided"] = "provided"


@dataclass(frozen=True, slots=True)
class Skipped:
    """The person wants the answer without giving the details."""

    kind: Literal["skipped"] = "skipped"


@dataclass(frozen=True, slots=True)
class WentBack:
    """Back to the question before."""

    kind: Literal["went_back"] = "went_back"


@dataclass(frozen=True, slots=True)
class StartedOver:
    """From the first question again, in the same case."""

    kind: Literal["started_over"] = "started_over"


@dataclass(frozen=True, slots=True)
class GaveUp:
    """The person wants no more of an unfinished case."""

    kind: Literal["gave_up"] = "gave_up"


@dataclass(frozen=True, slots=True)
class AskedWhy:
    """Why do you ask?"""

    kind: Literal["asked_why"] = "asked_why"


@dataclass(frozen=True, slots=True)
class Revisited:
    """An earlier answer is to be changed."""

    fact: Fact
    kind: Literal["revisited"] = "revisited"


@dataclass(frozen=True, slots=True)
class Corrected:
    """What was read of a text is to be put right: an answer, or a detail."""

    of: Asked
    kind: Literal["corrected"] = "corrected"


@dataclass(frozen=True, slots=True)
class RevisitedDetails:
    """The details of the order are to be given or changed."""

    kind: Literal["revisited_details"] = "revisited_details"


@dataclass(frozen=True, slots=True)
class Opened:
    """The person came back and looks at the case."""

    kind: Literal["opened"] = "opened"


@dataclass(frozen=True, slots=True)
class OpenedTicket:
    """The person wants to edit the drafted text."""

    kind: Literal["opened_ticket"] = "opened_ticket"


@dataclass(frozen=True, slots=True)
class EditedTicket:
    """The drafted text, as the person wants it."""

    text: str
    kind: Literal["edited_ticket"] = "edited_ticket"


@dataclass(frozen=True, slots=True)
class AskedForPerson:
    """Hand to an agent."""

    kind: Literal["asked_for_person"] = "asked_for_person"


@dataclass(frozen=True, slots=True)
class AgentMoved:
    """An agent moves the case."""

    agent: Person
    move: AnyAgentMove
    kind: Literal["agent_moved"] = "agent_moved"


@dataclass(frozen=True, slots=True)
class OwnerLeft:
    """The agent who has the case is an agent no longer."""

    kind: Literal["owner_left"] = "owner_left"


@dataclass(frozen=True, slots=True)
class Wrote:
    """The requester writes to the agents; `message` is the key of its receipt.

    `at` is the moment of the edit that came in its place, if one did, `files` came with it.
    """

    message: str
    text: str
    at: str = ""
    files: tuple[File, ...] = ()
    kind: Literal["wrote"] = "wrote"


@dataclass(frozen=True, slots=True)
class Rewrote:
    """The requester changed a message that was passed on, at a moment as Slack writes it.

    Without a moment it was deleted. A text of None is to be seen by nobody. `files` came with it.
    """

    message: str
    text: str | None
    at: str | None = None
    files: tuple[File, ...] = ()
    kind: Literal["rewrote"] = "rewrote"


@dataclass(frozen=True, slots=True)
class Returned:
    """The requester takes a closed case up again."""

    kind: Literal["returned"] = "returned"


@dataclass(frozen=True, slots=True)
class SentIt:
    """The requester has sent the request to the provider."""

    kind: Literal["sent_it"] = "sent_it"


@dataclass(frozen=True, slots=True)
class CreditCame:
    """The requester says whether the credit came."""

    came: bool
    kind: Literal["credit_came"] = "credit_came"


@dataclass(frozen=True, slots=True)
class Stopped:
    """Somebody wants no more of a reminder."""

    reminder: Reminder
    kind: Literal["stopped"] = "stopped"


@dataclass(frozen=True, slots=True)
class CameDue:
    """The time of a reminder has come."""

    reminder: Reminder
    kind: Literal["came_due"] = "came_due"


@dataclass(frozen=True, slots=True)
class Shared:
    """Show the result in the channel it was asked in."""

    kind: Literal["shared"] = "shared"


# What belongs to the interview of a case, and what follows it: between people, or as time goes by.
InterviewEvent: TypeAlias = (
    Answered
    | Said
    | PastedKey
    | Reworded
    | TookBack
    | TooLong
    | Provided
    | Skipped
    | WentBack
    | StartedOver
    | GaveUp
    | AskedWhy
    | Revisited
    | Corrected
    | RevisitedDetails
    | Opened
    | OpenedTicket
    | EditedTicket
    | AskedForPerson
    | Shared
)
FollowUpEvent: TypeAlias = (
    AgentMoved | OwnerLeft | Wrote | Rewrote | Returned | SentIt | CreditCame | Stopped | CameDue
)
Event: TypeAlias = InterviewEvent | FollowUpEvent
