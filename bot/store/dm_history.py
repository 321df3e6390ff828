"""Which cases were last shown in a person's DM, according to the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, select

from bot.store.coding import SHELF, try_moment
from bot.store.schema import outbox
from bot.store.statements import Prepared

LOOKED_THROUGH: Final = 60  # effects, including those that only redraw a message
_WORDS: Final = '"kind":"words"'  # an agent's; quotation marks that somebody typed are escaped
_LATEST: Final = Prepared(
    select(
        outbox.c.case_id,
        outbox.c.queued_at,
        outbox.c.pace,
        outbox.c.effect.contains(_WORDS, autoescape=True).label("spoken"),
    )
    .where(outbox.c.conversation == bindparam("conversation"))
    .order_by(outbox.c.id.desc())
    .limit(LOOKED_THROUGH)
)


@dataclass(frozen=True, slots=True)
class ShownOf:
    """A case and when it was last shown in the DM; `spoken`: that was a message from an agent."""

    case: int
    at: datetime
    spoken: bool


def shown_in(connection: Connection, conversation: str) -> list[ShownOf]:
    """Return the cases shown in a conversation, the latest first, each once.

    Redrawing a message, which waits for no pace, does not count.
    """
    found: dict[int, ShownOf] = {}
    for row in _LATEST.all(connection, {"conversation": conversation}):
        at, case = try_moment(row["queued_at"]), row["case_id"]
        if row["pace"] is None or case is None or at is None or case in found:
            continue
        found[case] = ShownOf(case + SHELF, at, bool(row["spoken"]))
    return [*found.values()]
