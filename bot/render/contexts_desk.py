"""The exact contexts of what is said around a handed-over case: on its card, in its thread, to its requester.

As in `bot.render.contexts`, a field for each variable of the template, and none besides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from bot.render.environment import Context
from bot.render.mentions import Mention, Moment
from bot.render.typed import Trusted

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
class CardNew(Context):
    """The bot answers again, since then."""

    template: ClassVar[str] = "cards/standings/new.md"
    at: Moment


@dataclass(frozen=True)
class CardWaiting(CardNew):
    """Nobody has it yet."""

    template: ClassVar[str] = "cards/standings/waiting.md"


@dataclass(frozen=True)
class CardClaimed(Context):
    """Who has it."""

    template: ClassVar[str] = "cards/standings/claimed.md"
    agent: Mention
    at: Moment


@dataclass(frozen=True)
class CardAsked(CardClaimed):
    """Who waits for the requester."""

    template: ClassVar[str] = "cards/standings/asked.md"


@dataclass(frozen=True)
class CardResolved(Context):
    """How it came out."""

    template: ClassVar[str] = "cards/standings/resolved.md"
    agent: Mention | None
    at: Moment
    outcome: str


@dataclass(frozen=True)
class CardSameOrders(Context):
    """Other cases about the same order."""

    template: ClassVar[str] = "cards/same_orders.md"
    cases: tuple[str, ...]


@dataclass(frozen=True)
class CardClosed(CardNew):
    """It is over."""

    template: ClassVar[str] = "cards/standings/closed.md"


# --- in its thread


@dataclass(frozen=True)
class WrittenLine:
    """Words of the requester, or of what kind they were where they are not there any more."""

    at: Moment
    words: str
    folded: bool
    edited: bool
    deleted: bool
    private_key: bool
    not_understood: bool
    in_doubt: bool


@dataclass(frozen=True)
class ThreadOpening(Context):
    """What the requester wrote before; `left_out` answers are not among it."""

    template: ClassVar[str] = "threads/opening.md"
    person: Mention
    lines: tuple[WrittenLine, ...]
    left_out: int


@dataclass(frozen=True)
class Heard(Context):
    """What the requester wrote."""

    template: ClassVar[str] = "threads/heard.md"
    person: Mention
    words: str
    edited: bool
    files: tuple[str, ...]
    doubt: bool


@dataclass(frozen=True)
class FileOf(Context):
    """What a requester's file in the thread is introduced with."""

    template: ClassVar[str] = "threads/file.md"
    person: Mention


@dataclass(frozen=True)
class UnpassedLine:
    """A file that nobody gets, why, and where it can be seen."""

    name: str
    why: str
    link: Trusted | None


@dataclass(frozen=True)
class NotPassedOn(Context):
    """Files of the requester that agents do not get."""

    template: ClassVar[str] = "threads/not_passed_on.md"
    person: Mention
    files: tuple[UnpassedLine, ...]


@dataclass(frozen=True)
class CopiesLeft(Context):
    """Copies of files whose message was deleted, or was about another case, which `case` then names."""

    template: ClassVar[str] = "threads/copies_left.md"
    person: Mention
    files: tuple[str, ...]
    case: str


@dataclass(frozen=True)
class MeantFor(Context):
    """What the requester wrote was about another case of theirs."""

    template: ClassVar[str] = "threads/meant_for.md"
    person: Mention
    case: str


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
    files: tuple[str, ...]


@dataclass(frozen=True)
class ChooseOutcome(Context):
    """Above the buttons with the outcomes."""

    template: ClassVar[str] = "threads/outcomes.md"


@dataclass(frozen=True)
class Unclaimed(Context):
    """Nobody has taken the case since."""

    template: ClassVar[str] = "threads/alarms/unclaimed.md"
    case: str
    at: Moment


@dataclass(frozen=True)
class OwnerIdle(Context):
    """Nothing has happened with a case that somebody has."""

    template: ClassVar[str] = "threads/alarms/owner_idle.md"
    case: str
    owner: Mention


@dataclass(frozen=True)
class NoCredit(Context):
    """The credit did not arrive."""

    template: ClassVar[str] = "threads/alarms/credit.md"
    case: str
    owner: Mention | None


@dataclass(frozen=True)
class WindowAlarm(Context):
    """The refund window is about to close."""

    template: ClassVar[str] = "threads/alarms/window.md"
    case: str
    owner: Mention | None
    last_day: date
    days_left: int


@dataclass(frozen=True)
class NotDelivered(Context):
    """What an agent wrote does not get to the requester; `dead`: it is not tried any more."""

    template: ClassVar[str] = "threads/not_delivered.md"
    agent: Mention
    reason: str | None
    dead: bool


@dataclass(frozen=True)
class Delivered(Context):
    """What an agent wrote got to the requester after all."""

    template: ClassVar[str] = "threads/delivered.md"
    agent: Mention


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
    """Somebody who is in the agents' channel is wanted, and is not."""

    template: ClassVar[str] = "notices/refusals/no_such_agent.md"
    case: str


@dataclass(frozen=True)
class NoSuchOriginal(Context):
    """What an agent calls the original of a duplicate is no other case that is open."""

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
class PassedOn(Context):
    """What was written is with the agents of a case; `agent` has it, None where nobody has yet."""

    template: ClassVar[str] = "notices/passed_on.md"
    case: str
    order: str
    agent: Mention | None


@dataclass(frozen=True)
class Unreadable(Context):
    """The agents of a case were told that something was sent, and nothing of it could be read."""

    template: ClassVar[str] = "notices/unreadable.md"
    case: str
    order: str


@dataclass(frozen=True)
class WhoseOpen(Context):
    """Which case is it about? `several`: messages."""

    template: ClassVar[str] = "notices/whose/open.md"
    several: bool


@dataclass(frozen=True)
class WhoseInDoubt(Context):
    """The agents of all see it."""

    template: ClassVar[str] = "notices/whose/in_doubt.md"


@dataclass(frozen=True)
class WhoseBelow(Context):
    """The question was asked again, about more messages."""

    template: ClassVar[str] = "notices/whose/below.md"


@dataclass(frozen=True)
class WhoseGone(Context):
    """What it was about was deleted."""

    template: ClassVar[str] = "notices/whose/gone.md"


@dataclass(frozen=True)
class WhoseMoving(Context):
    """It went to that case, and perhaps is about another."""

    template: ClassVar[str] = "notices/whose/moving.md"
    case: str
    order: str


@dataclass(frozen=True)
class WhoseChosen(WhoseMoving):
    """It was about this one."""

    template: ClassVar[str] = "notices/whose/chosen.md"


@dataclass(frozen=True)
class WhosePassedOn(WhoseMoving):
    """It was about this one, whose agents have it now."""

    template: ClassVar[str] = "notices/whose/passed_on.md"


@dataclass(frozen=True)
class WhoseKept(WhoseMoving):
    """It was about this one, which agents have not got."""

    template: ClassVar[str] = "notices/whose/kept.md"


@dataclass(frozen=True)
class WhoseBegan(Context):
    """It was about none that there was."""

    template: ClassVar[str] = "notices/whose/began.md"
    case: str


@dataclass(frozen=True)
class Kept(Context):
    """Words under an answer are kept with it: what to do, and how to reach a person (`agents`)."""

    template: ClassVar[str] = "notices/kept.md"
    case: str
    order: str
    draft: bool
    support: str
    portal: Trusted | None
    support_form: Trusted | None
    support_email: str
    agents: bool


@dataclass(frozen=True)
class KeptClosed(Context):
    """Words to a case that is over; `reopens`: it can be opened again, `agents`: handed over."""

    template: ClassVar[str] = "notices/kept_closed.md"
    case: str
    order: str
    reopens: bool
    agents: bool


@dataclass(frozen=True)
class FilesKept(Context):
    """Files are kept with a case until somebody takes it over; `agents`: there is somebody who could."""

    template: ClassVar[str] = "notices/files_kept.md"
    case: str
    files: tuple[str, ...]
    agents: bool


@dataclass(frozen=True)
class FilesUnkept(Context):
    """Files belong to no case."""

    template: ClassVar[str] = "notices/files_unkept.md"
    files: tuple[str, ...]


@dataclass(frozen=True)
class FilesUnpassed(Context):
    """Files that agents do not get; `private_key`: one was found in them."""

    template: ClassVar[str] = "notices/files_unpassed.md"
    case: str
    files: tuple[UnpassedLine, ...]
    private_key: bool


@dataclass(frozen=True)
class FileOfAgent(Context):
    """What an agent's file in the DM is introduced with."""

    template: ClassVar[str] = "notices/file.md"
    case: str
    agent: Mention


@dataclass(frozen=True)
class FilesUnsent(Context):
    """Files that an agent wanted to send, and the requester does not get."""

    template: ClassVar[str] = "notices/files_unsent.md"
    case: str
    agent: Mention
    files: tuple[UnpassedLine, ...]


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
    """Who had the case is an agent no longer, so it waits again."""

    template: ClassVar[str] = "notices/owner_left.md"
    case: str
    agent: Mention


@dataclass(frozen=True)
class ResolvedCase(Context):
    """How it came out; `goes_on` is the case of which it is a duplicate, where that is theirs."""

    template: ClassVar[str] = "notices/resolved.md"
    case: str
    agent: Mention
    outcome: str
    goes_on: str


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
