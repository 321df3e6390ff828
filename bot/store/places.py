"""Where the messages of cases are in Slack, by case and slot."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Integer, bindparam, literal, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.conversation.people import Posted
from bot.store.coding import SHELF, number_of
from bot.store.outbox import Outbox
from bot.store.schema import messages
from bot.store.statements import Prepared

CARD: Final = "card"  # the slot of the card in the agents' channel
_BEFORE, _ABOUT = "before-", "about-"  # slots of messages kept because of replies in their threads


_INSERTS: Final[dict[str, Any]] = {"sqlite": sqlite_insert, "postgresql": postgresql_insert}


def _placed_anew() -> dict[str, Any]:
    """Return, for each engine, how to save where a message is, wherever it was before."""
    same = [messages.c.case_id, messages.c.slot]
    made = {engine: insert(messages) for engine, insert in _INSERTS.items()}
    return {
        engine: row.on_conflict_do_update(
            index_elements=same, set_={"channel": row.excluded.channel, "ts": row.excluded.ts}
        )
        for engine, row in made.items()
    }


def _place_too(case: Any, slot: str, *where: Any) -> dict[str, Any]:  # noqa: ANN401  columns and conditions
    """Return, for each engine, how to add a message of a case to another case or slot."""
    stands = select(case, literal(slot).concat(messages.c.ts), messages.c.channel, messages.c.ts)
    of_slot = (messages.c.case_id == bindparam("of")) & (messages.c.slot == bindparam("at"))
    chosen = stands.where(of_slot, *where)
    names = [column.name for column in messages.columns]
    return {
        engine: insert(messages).from_select(names, chosen).on_conflict_do_nothing()
        for engine, insert in _INSERTS.items()
    }


_OF: Final = Prepared(
    select(messages.c.channel, messages.c.ts).where(
        messages.c.case_id == bindparam("case"), messages.c.slot == bindparam("slot")
    )
)
_PLACE: Final = Prepared(_placed_anew())
_KEEP: Final = Prepared(_place_too(messages.c.case_id, _BEFORE, messages.c.ts != bindparam("new")))
_TELL_ABOUT: Final = Prepared(_place_too(bindparam("about", type_=Integer), _ABOUT))


class Places:
    """The places of messages within one transaction."""

    def __init__(self, connection: Connection, outbox: Outbox) -> None:
        self._connection = connection
        self._outbox = outbox

    def note(self, case: int, slot: str, posted: Posted) -> None:
        """Note where a message of a case is; its former place is kept, for replies there."""
        stood = {"of": case - SHELF, "at": slot, "new": posted.ts}
        _KEEP.count(self._connection, stood)
        row = {"case_id": case - SHELF, "slot": slot, "channel": posted.channel, "ts": posted.ts}
        _PLACE.count(self._connection, row)
        self._outbox.note_posted(case - SHELF, slot)

    def of(self, case: int, slot: str) -> Posted | None:
        """Return where a message of a case is, None if it was never posted."""
        found = _OF.first(self._connection, {"case": case - SHELF, "slot": slot})
        return Posted(found["channel"], found["ts"]) if found else None

    def case_at(self, posted: Posted, slot: str) -> int | None:
        """Return the number of the case whose message of that slot is there, None if there is none."""
        here = (messages.c.channel == posted.channel) & (messages.c.ts == posted.ts)
        return self._number(select(messages.c.case_id).where(here, messages.c.slot == slot))

    def case_with(self, posted: Posted) -> int | None:
        """Return the number of the case that has a message there, None if there is none."""
        here = (messages.c.channel == posted.channel) & (messages.c.ts == posted.ts)
        told_so = messages.c.slot.startswith(_ABOUT)
        return self._number(select(messages.c.case_id).where(here).order_by(told_so.desc()))

    def note_about(self, case: int, slot: str, other: int) -> None:
        """Note that a message of a case assigned words to another case: replies to it belong there too."""
        row = {"of": case - SHELF, "at": slot, "about": other - SHELF}
        _TELL_ABOUT.count(self._connection, row)

    def _number(self, query: Any) -> int | None:  # noqa: ANN401  a selection of cases
        found = self._connection.scalar(query.limit(1))
        return number_of(found) if found is not None else None
