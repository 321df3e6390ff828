"""Where a case stands between people, and who may move it: one table, from which docs/states.md is made.

`python -m bot.conversation.handoff > docs/states.md` writes it anew; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal, TypeAlias


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
    """What is done to a case."""

    HAND_OVER = "hand_over"
    CLAIM = "claim"
    REASSIGN = "reassign"
    REPLY = "reply"
    ASK = "ask"
    HEAR = "hear"
    RESOLVE = "resolve"
    GIVE_BACK = "give_back"
    REOPEN = "reopen"
    MISS = "miss"
    CONFIRM = "confirm"
    IDLE = "idle"
    FORGET = "forget"


# Those of which the thread of the case's card tells; the others show in what they send, or on the card.
ToldMove: TypeAlias = Literal[
    Move.REASSIGN, Move.RESOLVE, Move.GIVE_BACK, Move.REOPEN, Move.CONFIRM, Move.HEAR, Move.IDLE
]


class Outcome(StrEnum):
    """How a case came out."""

    REFUNDED = "refunded"
    CANCELED_ONLY = "canceled_only"
    REFUSED = "refused"
    SENT_TO_PROVIDER = "sent_to_provider"
    DUPLICATE = "duplicate"


WITH_AGENTS: Final = frozenset({Standing.WAITING, Standing.CLAIMED, Standing.ASKED})
HELD: Final = frozenset({Standing.CLAIMED, Standing.ASKED})
SETTLED: Final = frozenset({Standing.RESOLVED, Standing.CLOSED})


@dataclass(frozen=True, slots=True)
class Row:
    """`by` may make `move` where the case stands in one of `before`; then it stands in `after`."""

    by: By
    move: Move
    before: tuple[Standing, ...]
    after: Standing


_S = Standing
MOVES: Final = (
    Row(By.REQUESTER, Move.HAND_OVER, (_S.NEW,), _S.WAITING),
    Row(By.AGENT, Move.CLAIM, (_S.WAITING,), _S.CLAIMED),
    Row(By.AGENT, Move.REASSIGN, (_S.WAITING, _S.CLAIMED, _S.ASKED), _S.CLAIMED),
    Row(By.OWNER, Move.REPLY, (_S.CLAIMED,), _S.CLAIMED),
    Row(By.OWNER, Move.REPLY, (_S.ASKED,), _S.ASKED),
    Row(By.OWNER, Move.REPLY, (_S.RESOLVED,), _S.RESOLVED),
    Row(By.OWNER, Move.ASK, (_S.CLAIMED, _S.ASKED), _S.ASKED),
    Row(By.REQUESTER, Move.HEAR, (_S.WAITING,), _S.WAITING),
    Row(By.REQUESTER, Move.HEAR, (_S.CLAIMED, _S.ASKED, _S.RESOLVED), _S.CLAIMED),
    Row(By.AGENT, Move.RESOLVE, (_S.WAITING,), _S.RESOLVED),
    Row(By.OWNER, Move.RESOLVE, (_S.CLAIMED, _S.ASKED), _S.RESOLVED),
    Row(By.AGENT, Move.GIVE_BACK, (_S.WAITING,), _S.NEW),
    Row(By.OWNER, Move.GIVE_BACK, (_S.CLAIMED, _S.ASKED), _S.NEW),
    Row(By.AGENT, Move.REOPEN, (_S.RESOLVED, _S.CLOSED), _S.CLAIMED),
    Row(By.REQUESTER, Move.REOPEN, (_S.RESOLVED, _S.CLOSED), _S.CLAIMED),
    Row(By.REQUESTER, Move.MISS, (_S.NEW,), _S.WAITING),
    Row(By.REQUESTER, Move.MISS, (_S.RESOLVED, _S.CLOSED), _S.CLAIMED),
    Row(By.REQUESTER, Move.CONFIRM, (_S.RESOLVED, _S.CLOSED), _S.CLOSED),
    Row(By.TIME, Move.IDLE, (_S.ASKED,), _S.CLOSED),
    Row(By.TIME, Move.FORGET, (_S.RESOLVED,), _S.CLOSED),
)


def row_for(move: Move, before: Standing) -> Row | None:
    """Return the row by which a case that stands there can be moved so, None where it cannot."""
    return next((row for row in MOVES if row.move is move and before in row.before), None)


# How docs/states.md says it; nothing else goes by these words.
_SAID: Final = {
    Move.HAND_OVER: "hands it to an agent",
    Move.CLAIM: "claims it",
    Move.REASSIGN: "gives it to an agent",
    Move.REPLY: "replies to the requester",
    Move.ASK: "asks the requester for details",
    Move.HEAR: "writes, or gives details",
    Move.RESOLVE: "resolves it, with an outcome",
    Move.GIVE_BACK: "gives it back to the bot",
    Move.REOPEN: "reopens it",
    Move.MISS: "says that the credit did not arrive",
    Move.CONFIRM: "says that the credit arrived",
    Move.IDLE: "7 days without a word",
    Move.FORGET: "7 days after it was resolved",
}


def page() -> Iterator[str]:
    """Yield the lines of docs/states.md."""
    yield from (
        "# Where a case stands, and who may move it",
        "",
        "Made from `bot/conversation/handoff.py` by `python -m bot.conversation.handoff`. A case that an",
        "agent has (*claimed*, *waiting for requester*) is not answered by the bot. What a row does not",
        "allow is not done, and whoever tried is told where the case stands and since when.",
        "",
        "```mermaid",
        "stateDiagram-v2",
        "    [*] --> new",
    )
    for row in MOVES:
        for before in row.before:
            yield f"    {_node(before)} --> {_node(row.after)}: {row.by} {_SAID[row.move]}"
    yield from (
        "    closed --> [*]",
        "```",
        "",
        "| from | who | does what | to |",
        "| --- | --- | --- | --- |",
    )
    for row in MOVES:
        yield f"| {', '.join(row.before)} | {row.by} | {_SAID[row.move]} | {row.after} |"


def _node(standing: Standing) -> str:
    return standing.replace(" ", "_")


if __name__ == "__main__":
    print("\n".join(page()))  # noqa: T201  that is what it is run for
