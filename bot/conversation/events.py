"""What can happen to a case, as a closed union of values. `step` takes nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

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


@dataclass(frozen=True, slots=True)
class Said:
    """Free text typed where the current question stands."""

    text: str


@dataclass(frozen=True, slots=True)
class PastedKey:
    """Somebody pasted a private key. The text itself is dropped before anything else sees it."""


@dataclass(frozen=True, slots=True)
class Provided:
    """Details of the order, as typed; any subset of those asked for."""

    details: tuple[tuple[Detail, str], ...]


@dataclass(frozen=True, slots=True)
class Skipped:
    """The person wants the answer without giving the details."""


@dataclass(frozen=True, slots=True)
class WentBack:
    """Back to the question before."""


@dataclass(frozen=True, slots=True)
class StartedOver:
    """From the first question again, in the same case."""


@dataclass(frozen=True, slots=True)
class AskedWhy:
    """Why do you ask?"""


@dataclass(frozen=True, slots=True)
class Revisited:
    """An earlier answer is to be changed."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class RevisitedDetails:
    """The details of the order are to be given or changed."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The person came back and looks at the case."""


@dataclass(frozen=True, slots=True)
class OpenedTicket:
    """The person wants to edit the drafted text."""


@dataclass(frozen=True, slots=True)
class EditedTicket:
    """The drafted text, as the person wants it."""

    text: str


@dataclass(frozen=True, slots=True)
class AskedForPerson:
    """Hand to an agent."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """An agent takes the case."""

    agent: Person


@dataclass(frozen=True, slots=True)
class Shared:
    """Show the result in the channel it was asked in."""


Event: TypeAlias = (
    Answered
    | Said
    | PastedKey
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
