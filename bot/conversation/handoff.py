"""Where a case stands between people, and how the requester and time move it.

What agents do has its rows in `agent_moves`; `states` joins the whole table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.conversation.interview import Basis
from bot.conversation.people import Person


class Standing(StrEnum):
    """Where a case stands."""

    NEW = "new"
    WAITING = "waiting"
    CLAIMED = "claimed"
    ASKED = "waiting for requester"
    RESOLVED = "resolved"
    CLOSED = "closed"


class By(StrEnum):
    """Who moves a case."""

    REQUESTER = "the requester"
    AGENT = "any agent"
    OWNER = "the agent who has it"
    TIME = "time"


class Move(StrEnum):
    """What the requester, time, or the owner's leaving does to a case; what agents do is in `agent_moves`."""

    HAND_OVER = "hand_over"
    HEAR = "hear"
    REOPEN = "reopen"
    MISS = "miss"
    CONFIRM = "confirm"
    IDLE = "idle"
    FORGET = "forget"
    LEAVE = "leave"


class Outcome(StrEnum):
    """How a case was resolved."""

    REFUNDED = "refunded"
    CANCELED_ONLY = "canceled_only"
    REFUSED = "refused"
    SENT_TO_PROVIDER = "sent_to_provider"
    DUPLICATE = "duplicate"


WITH_AGENTS: Final = frozenset({Standing.WAITING, Standing.CLAIMED, Standing.ASKED})
HELD: Final = frozenset({Standing.CLAIMED, Standing.ASKED})
SETTLED: Final = frozenset({Standing.RESOLVED, Standing.CLOSED})


@dataclass(frozen=True, slots=True)
class Handoff:
    """A case in the hands of people: when it was asked for, who claimed it when, and where it stands.

    `since` is when it came to stand there, `talked_at` when somebody last said something; None means when it
    was asked for. `outcome` stays when a resolved case is closed, and so does `duplicate_of`, the case that
    continues. `basis` is what the case was at the handover.
    """

    asked_at: datetime
    claimed_by: Person | None = None
    claimed_at: datetime | None = None
    standing: Standing = Standing.WAITING
    since: datetime | None = None
    talked_at: datetime | None = None
    urgent: bool = False
    outcome: Outcome | None = None
    resolved_at: datetime | None = None
    basis: Basis | None = None
    duplicate_of: int | None = None

    @property
    def began(self) -> datetime:
        """Return since when the case has stood where it does."""
        return self.since or self.asked_at

    @property
    def stirred(self) -> datetime:
        """Return when something last happened between people."""
        return max(self.began, self.talked_at or self.began)


@dataclass(frozen=True, slots=True)
class Row:
    """`by` may make a move where the case stands in one of `before`; then it stands in `after`."""

    by: By
    before: tuple[Standing, ...]
    after: Standing


_S = Standing
MOVES: Final[Mapping[Move, tuple[Row, ...]]] = {
    Move.HAND_OVER: (Row(By.REQUESTER, (_S.NEW,), _S.WAITING),),
    Move.HEAR: (
        Row(By.REQUESTER, (_S.WAITING,), _S.WAITING),
        Row(By.REQUESTER, (_S.CLAIMED, _S.ASKED, _S.RESOLVED), _S.CLAIMED),
    ),
    Move.REOPEN: (Row(By.REQUESTER, (_S.RESOLVED, _S.CLOSED), _S.CLAIMED),),
    Move.MISS: (
        Row(By.REQUESTER, (_S.NEW,), _S.WAITING),
        Row(By.REQUESTER, (_S.RESOLVED, _S.CLOSED), _S.CLAIMED),
    ),
    Move.CONFIRM: (Row(By.REQUESTER, (_S.RESOLVED, _S.CLOSED), _S.CLOSED),),
    Move.IDLE: (Row(By.TIME, (_S.ASKED,), _S.CLOSED),),
    Move.FORGET: (Row(By.TIME, (_S.RESOLVED,), _S.CLOSED),),
    Move.LEAVE: (Row(By.OWNER, (_S.CLAIMED, _S.ASKED), _S.WAITING),),
}


def row_in(rows: Iterable[Row], before: Standing) -> Row | None:
    """Return the row that applies where a case stands, None if none does."""
    return next((row for row in rows if before in row.before), None)


def row_for(move: Move, before: Standing) -> Row | None:
    """Return the row of a move from a standing, None if the move is not possible there."""
    return row_in(MOVES[move], before)
