"""What can happen to a case, as a closed union of values. `step` takes nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

from bot.conversation.people import Person
from policy.decision import Detail
from policy.facts import Fact


@dataclass(frozen=True, slots=True)
class Now:
    """The moment of a step: `today` is the person's day, `latest` the last day that is not the future.

    They differ where the person's time zone is unknown: then `latest` is today at UTC+14.
    """

    at: datetime
    today: date
    latest: date


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer chosen from what was offered, as a token; not trusted to be a legal one."""

    fact: Fact
    token: str
    kind: Literal["answered"] = "answered"


@dataclass(frozen=True, slots=True)
class Said:
    """Free text typed where the current question stands."""

    text: str
    kind: Literal["said"] = "said"


@dataclass(frozen=True, slots=True)
class PastedKey:
    """Somebody pasted a private key. The text itself is dropped before anything else sees it."""

    kind: Literal["pasted_key"] = "pasted_key"


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
class AskedWhy:
    """Why do you ask?"""

    kind: Literal["asked_why"] = "asked_why"


@dataclass(frozen=True, slots=True)
class Revisited:
    """An earlier answer is to be changed."""

    fact: Fact
    kind: Literal["revisited"] = "revisited"


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
class Claimed:
    """An agent takes the case."""

    agent: Person
    kind: Literal["claimed"] = "claimed"


@dataclass(frozen=True, slots=True)
class Shared:
    """Show the result in the channel it was asked in."""

    kind: Literal["shared"] = "shared"


Event: TypeAlias = (
    Answered
    | Said
    | PastedKey
    | TooLong
    | Provided
    | Skipped
    | WentBack
    | StartedOver
    | AskedWhy
    | Revisited
    | RevisitedDetails
    | Opened
    | OpenedTicket
    | EditedTicket
    | AskedForPerson
    | Claimed
    | Shared
)
