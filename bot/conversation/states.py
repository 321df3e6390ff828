"""The whole table of moves: where a case can stand, who moves it how, and where it stands then.

`python -m bot.conversation.states > docs/states.md` writes the page; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.conversation.agent_moves import AGENT_MOVES
from bot.conversation.handoff import MOVES, Move, Row, Standing

# The name of each move on the page, in the order of its rows.
CALLED: Final = {
    Move.HAND_OVER: "hands it to an agent",
    Move.HEAR: "writes, or gives details",
    Move.REOPEN: "reopens it",
    Move.MISS: "says that the credit did not arrive",
    Move.CONFIRM: "says that the credit arrived",
    Move.IDLE: "7 days without a word",
    Move.FORGET: "7 days after it was resolved",
    Move.LEAVE: "is an agent no longer",
}


def table() -> Iterator[tuple[str, str, Row]]:
    """Yield every row, with its move's id and name."""
    for move in (Move.HAND_OVER, Move.HEAR):
        yield from ((move, CALLED[move], row) for row in MOVES[move])
    for name, kind in AGENT_MOVES.items():
        yield from ((name, kind.called, row) for row in kind.rows)
    for move in (Move.REOPEN, Move.MISS, Move.CONFIRM, Move.IDLE, Move.FORGET, Move.LEAVE):
        yield from ((move, CALLED[move], row) for row in MOVES[move])


def page() -> Iterator[str]:
    """Yield the lines of docs/states.md."""
    yield from (
        "# Where a case stands, and who may move it",
        "",
        "Made by `python -m bot.conversation.states`, from the rows in `bot/conversation/agent_moves.py` and",
        "`handoff.py`. A case that an agent has (*claimed*, *waiting for requester*) is not answered by the",
        "bot. What a row does not allow is not done, and whoever tried is told where the case stands.",
        "",
        "```mermaid",
        "stateDiagram-v2",
        "    [*] --> new",
    )
    for _, called, row in table():
        for before in row.before:
            yield f"    {_node(before)} --> {_node(row.after)}: {row.by} {called}"
    yield from (
        "    closed --> [*]",
        "```",
        "",
        "| from | who | does what | to |",
        "| --- | --- | --- | --- |",
    )
    for _, called, row in table():
        yield f"| {', '.join(row.before)} | {row.by} | {called} | {row.after} |"


def _node(standing: Standing) -> str:
    return standing.replace(" ", "_")


if __name__ == "__main__":
    print("\n".join(page()))  # noqa: T201  that is what it is run for
