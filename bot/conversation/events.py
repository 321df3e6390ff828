"""What can happen to a case, as a closed union of values. `step` takes nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from bot.conversation.agent_moves import AnyAgentMove
from bot.conversation.answer_tokens import Asked
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
    """Free text for the current question, in a message that may be edited later.

    `message` is the key of its receipt; `at` is the timestamp of an edit that came in its place.
    """

    text: str
    message: str | None = None
    at: str = ""
    kind: Literal["said"] = "said"


@dataclass(frozen=True, slots=True)
class PastedKey:
    """Somebody pasted a private key. Its text is dropped before anything else sees it."""

    message: str | None = None
    kind: Literal["pasted_key"] = "pasted_key"


@dataclass(frozen=True, slots=True)
class Reworded:
    """A typed message was edited; `at` is the edit's timestamp, and `text` is None if it now holds a key."""

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
    """More was typed into a field than is read. Only its length and SHA-256 are kept.

    `field` is None if it was not a detail's.
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
    """Go back to the previous question."""

    kind: Literal["went_back"] = "went_back"


@dataclass(frozen=True, slots=True)
class StartedOver:
    """Start over from the first question, in the same case."""

    kind: Literal["started_over"] = "started_over"


@dataclass(frozen=True, slots=True)
class GaveUp:
    """The person gives up an unfinished case."""

    kind: Literal["gave_up"] = "gave_up"


@dataclass(frozen=True, slots=True)
class AskedWhy:
    """The person asks why a question is asked."""

    kind: Literal["asked_why"] = "asked_why"


@dataclass(frozen=True, slots=True)
class Revisited:
    """The person wants to change an earlier answer."""

    fact: Fact
    kind: Literal["revisited"] = "revisited"


@dataclass(frozen=True, slots=True)
class Corrected:
    """The person wants to correct an answer or a detail that was read in a text."""

    of: Asked
    kind: Literal["corrected"] = "corrected"


@dataclass(frozen=True, slots=True)
class RevisitedDetails:
    """The person wants to give or change details of the order."""

    kind: Literal["revisited_details"] = "revisited_details"


@dataclass(frozen=True, slots=True)
class Opened:
    """The person opens the case."""

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
    """The person asks for an agent."""

    kind: Literal["asked_for_person"] = "asked_for_person"


@dataclass(frozen=True, slots=True)
class AgentMoved:
    """An agent makes a move."""

    agent: Person
    move: AnyAgentMove
    kind: Literal["agent_moved"] = "agent_moved"


@dataclass(frozen=True, slots=True)
class OwnerLeft:
    """The agent who has the case is no longer an agent."""

    kind: Literal["owner_left"] = "owner_left"


@dataclass(frozen=True, slots=True)
class Wrote:
    """The requester writes to the agents; `message` is the key of its receipt.

    `at` is the timestamp of an edit that came in its place, `files` came with it.
    """

    message: str
    text: str
    at: str = ""
    files: tuple[File, ...] = ()
    kind: Literal["wrote"] = "wrote"


@dataclass(frozen=True, slots=True)
class Rewrote:
    """The requester changed a message that was passed on; `at` is the timestamp.

    Without a timestamp it was deleted. A text of None must be seen by nobody. `files` came with it.
    """

    message: str
    text: str | None
    at: str | None = None
    files: tuple[File, ...] = ()
    kind: Literal["rewrote"] = "rewrote"


@dataclass(frozen=True, slots=True)
class Returned:
    """The requester reopens a closed case."""

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
    """Somebody stops a reminder."""

    reminder: Reminder
    kind: Literal["stopped"] = "stopped"


@dataclass(frozen=True, slots=True)
class CameDue:
    """A reminder has come due."""

    reminder: Reminder
    kind: Literal["came_due"] = "came_due"


@dataclass(frozen=True, slots=True)
class Shared:
    """Show the result in the channel it was asked in."""

    kind: Literal["shared"] = "shared"


# Events of the interview, and events of what follows it: between people, or as time passes.
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
