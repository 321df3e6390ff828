"""The exact contexts of what is said around a handed-over case: on its card, in its thread, to its requester.

As in `bot.render.contexts`, a field for each variable of the template, and none besides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from bot.conversation.promise import Reminder
from bot.conversation.standing import Move, Resolution, Standing
from bot.render.environment import Context
from bot.render.mentions import Mention, Moment

# --- on the card


@dataclass(frozen=True)
class CardHead(Context):
    """Who asks, where, since when; `elsewhere`: of another workspace than the agents'."""

    template: ClassVar[str] = "cards/card.md"
    requester: Mention
    elsewhere: bool
    channel: Mention | None
    asked_at: Moment


@dataclass(frozen=True)
class CardStanding(Context):
    """Where the case stands since `at`, who has it, how it came out."""

    template: ClassVar[str] = "cards/standing.md"
    standing: Standing
    agent: Mention | None
    at: Moment
    resolution: Resolution | None


# --- in its thread


@dataclass(frozen=True)
class Heard(Context):
    """What the requester wrote."""

    template: ClassVar[str] = "threads/heard.md"
    person: Mention
    words: str
    edited: bool


@dataclass(frozen=True)
class TakenBack(Context):
    """What the requester wrote, and deleted."""

    template: ClassVar[str] = "threads/taken_back.md"
    person: Mention


@dataclass(frozen=True)
class SentWords(Context):
    """A copy of what went to the requester."""

    template: ClassVar[str] = "threads/sent.md"
    agent: Mention
    words: str
    asks: bool


@dataclass(frozen=True)
class Moved(Context):
    """Who moved the case, and how; `by` is None where time did."""

    template: ClassVar[str] = "threads/moved.md"
    move: Move
    by: Mention | None
    to: Mention | None
    note: str | None
    resolution: Resolution | None


@dataclass(frozen=True)
class ChooseOutcome(Context):
    """Above the buttons with the outcomes."""

    template: ClassVar[str] = "threads/outcomes.md"


@dataclass(frozen=True)
class Alarm(Context):
    """A reminder for the agents; `at` is since when the case stands where it does."""

    template: ClassVar[str] = "threads/alarm.md"
    reminder: Reminder
    case: str
    owner: Mention | None
    at: Moment
    last_day: date | None
    days_left: int


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
    standing: Standing
    at: Moment


@dataclass(frozen=True)
class NoSuchAgent(Context):
    """Somebody who is in the agents' channel is wanted, and is not."""

    template: ClassVar[str] = "notices/refusals/no_such_agent.md"
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
class PassedOn(Context):
    """What is written goes to the agents now."""

    template: ClassVar[str] = "notices/passed_on.md"
    case: str


@dataclass(frozen=True)
class GivenBack(Context):
    """The bot answers again."""

    template: ClassVar[str] = "notices/given_back.md"
    case: str
    agent: Mention


@dataclass(frozen=True)
class ResolvedCase(Context):
    """How it came out."""

    template: ClassVar[str] = "notices/resolved.md"
    case: str
    agent: Mention
    resolution: Resolution


@dataclass(frozen=True)
class LackingCase(Context):
    """An answer was edited or taken back while an agent has the case, and now one is lacking."""

    template: ClassVar[str] = "notices/lacking.md"
    case: str
    agent: Mention


@dataclass(frozen=True)
class ReopenedCase(Context):
    """It is open again; `agent` has it, None where nobody has."""

    template: ClassVar[str] = "notices/reopened.md"
    case: str
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
    """Nobody has claimed the case; `contacts`: the operator gave addresses to write to."""

    template: ClassVar[str] = "notices/unanswered.md"
    case: str
    at: Moment
    contacts: bool


@dataclass(frozen=True)
class StillThere(Context):
    """Somebody waits for the requester."""

    template: ClassVar[str] = "notices/still_there.md"
    case: str
    agent: Mention | None


@dataclass(frozen=True)
class ClosedIdle(Context):
    """Closed for want of an answer."""

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
