"""The exact contexts of messages about a handed-over case, to its requester or to one agent.

As in `bot.render.contexts`, a field for each variable of the template, and none besides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from bot.render.document import Mention, Moment
from bot.render.environment import Context
from bot.render.typed import Trusted

# --- to an agent alone


@dataclass(frozen=True)
class TakenAlready(Context):
    """Somebody else was first."""

    template: ClassVar[str] = "notices/denials/taken.md"
    case: str
    agent: Mention
    at: Moment


@dataclass(frozen=True)
class NotYourCase(Context):
    """Another agent has the case."""

    template: ClassVar[str] = "notices/denials/not_yours.md"
    case: str
    agent: Mention
    at: Moment


@dataclass(frozen=True)
class NotNow(Context):
    """What the case's standing does not allow."""

    template: ClassVar[str] = "notices/denials/not_now.md"
    case: str
    standing: str
    at: Moment


@dataclass(frozen=True)
class NoSuchAgent(Context):
    """The case is to be given to somebody who is not in the agents' channel."""

    template: ClassVar[str] = "notices/refusals/no_such_agent.md"
    case: str


@dataclass(frozen=True)
class NoSuchOriginal(Context):
    """What an agent named as the original of a duplicate is no other open case."""

    template: ClassVar[str] = "notices/refusals/no_such_original.md"
    case: str


@dataclass(frozen=True)
class NotTheCard(Context):
    """A button of a copy."""

    template: ClassVar[str] = "notices/refusals/not_the_card.md"
    case: str


# --- to the requester


@dataclass(frozen=True)
class AgentWords(Context):
    """What an agent writes to the requester; `asks`: an answer is wanted."""

    template: ClassVar[str] = "notices/words.md"
    case: str
    agent: Mention
    words: str
    asks: bool


@dataclass(frozen=True)
class GivenBack(Context):
    """The bot answers again."""

    template: ClassVar[str] = "notices/given_back.md"
    case: str
    agent: Mention


@dataclass(frozen=True)
class SameOrder(Context):
    """Other cases of the same person, still open, are about the same order."""

    template: ClassVar[str] = "notices/same_order.md"
    case: str
    others: tuple[str, ...]


@dataclass(frozen=True)
class OwnerLeft(Context):
    """The agent who had the case is no longer one, so it waits again."""

    template: ClassVar[str] = "notices/owner_left.md"
    case: str
    agent: Mention


@dataclass(frozen=True)
class ResolvedCase(Context):
    """How it was resolved; `goes_on` is the case of which it is a duplicate, if that is theirs."""

    template: ClassVar[str] = "notices/resolved.md"
    case: str
    agent: Mention
    outcome: str
    goes_on: str


@dataclass(frozen=True)
class LackingCase(Context):
    """An answer was edited or taken back while an agent has the case, and now one is missing."""

    template: ClassVar[str] = "notices/lacking.md"
    case: str
    agent: Mention


@dataclass(frozen=True)
class ReopenedCase(Context):
    """It is open again; `agent` has it, None where nobody has."""

    template: ClassVar[str] = "notices/reopened.md"
    case: str
    order: str
    agent: Mention | None


@dataclass(frozen=True)
class WindowCloses(Context):
    """The refund window is about to close."""

    template: ClassVar[str] = "notices/window.md"
    case: str
    last_day: date
    days_left: int


@dataclass(frozen=True)
class Unanswered(Context):
    """Nobody has claimed the case.

    `answered`: its answer was shown, `draft`: with a text to send; `contacts`: the operator gave addresses to
    write to.
    """

    template: ClassVar[str] = "notices/unanswered.md"
    case: str
    at: Moment
    answered: bool
    draft: bool
    contacts: bool


@dataclass(frozen=True)
class Unreached(Context):
    """The agents' channel does not take the case, or what was written for it."""

    template: ClassVar[str] = "notices/unreached.md"
    case: str
    support_form: Trusted | None
    support_email: str


@dataclass(frozen=True)
class Reached(Context):
    """The agents' channel has it now."""

    template: ClassVar[str] = "notices/reached.md"
    case: str


@dataclass(frozen=True)
class StillThere(Context):
    """Somebody waits for the requester."""

    template: ClassVar[str] = "notices/still_there.md"
    case: str
    agent: Mention | None


@dataclass(frozen=True)
class ClosedIdle(Context):
    """Closed because nobody answered."""

    template: ClassVar[str] = "notices/closed_idle.md"
    case: str


@dataclass(frozen=True)
class CreditDue(Context):
    """Did the credit arrive?"""

    template: ClassVar[str] = "notices/credit_due.md"
    case: str


@dataclass(frozen=True)
class CreditCame(Context):
    """It did."""

    template: ClassVar[str] = "notices/credit_came.md"
    case: str


@dataclass(frozen=True)
class CreditMissing(Context):
    """It did not; `agent` has the case, None where nobody has."""

    template: ClassVar[str] = "notices/credit_missing.md"
    case: str
    agent: Mention | None


@dataclass(frozen=True)
class Held(Context):
    """An agent has the case, so its answers stay."""

    template: ClassVar[str] = "notices/problems/held.md"
