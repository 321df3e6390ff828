"""What an agent does with a case, as a closed union; and the two kinds of words that agents write.

`Outward` is for the requester and the only kind of words that anything sends there; a `Note` stays among
agents. They are types of their own, so that a note in the wrong place is an error before it is a message.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from bot.conversation.handoff import Outcome
from bot.conversation.people import Person


@dataclass(frozen=True, slots=True)
class Outward:
    """Words of an agent for the requester, cleaned."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """Words of an agent for other agents, cleaned."""

    text: str


@dataclass(frozen=True, slots=True)
class Claim:
    """Take a case that waits."""

    kind: Literal["claim"] = "claim"


@dataclass(frozen=True, slots=True)
class Reply:
    """Write to the requester."""

    words: Outward
    kind: Literal["reply"] = "reply"


@dataclass(frozen=True, slots=True)
class AskBack:
    """Ask the requester for something; the case waits for them."""

    words: Outward
    kind: Literal["ask_back"] = "ask_back"


@dataclass(frozen=True, slots=True)
class Resolve:
    """Say how the case came out."""

    outcome: Outcome
    kind: Literal["resolve"] = "resolve"


@dataclass(frozen=True, slots=True)
class GiveBack:
    """Let the bot answer again."""

    kind: Literal["give_back"] = "give_back"


@dataclass(frozen=True, slots=True)
class Reassign:
    """Give the case to an agent, oneself or another."""

    to: Person
    note: Note | None = None
    kind: Literal["reassign"] = "reassign"


@dataclass(frozen=True, slots=True)
class Reopen:
    """Take up a case again that was resolved or closed."""

    kind: Literal["reopen"] = "reopen"


@dataclass(frozen=True, slots=True)
class Mark:
    """Mark a case as urgent, or no longer."""

    urgent: bool
    kind: Literal["mark"] = "mark"


@dataclass(frozen=True, slots=True)
class OfferOutcomes:
    """Put the outcomes as buttons into the card's thread."""

    kind: Literal["offer_outcomes"] = "offer_outcomes"


# Those that move a case in the table of standings, and all.
Moving: TypeAlias = Claim | Reply | AskBack | Resolve | GiveBack | Reassign | Reopen
Deed: TypeAlias = Moving | Mark | OfferOutcomes
