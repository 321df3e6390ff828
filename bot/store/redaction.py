"""Remove from the database what turned out, after it was stored, to be a piece of a private key."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, or_, select, update

from bot.reading.private_keys import without_pieces
from bot.store.coding import SHELF, millis
from bot.store.schema import cases, outbox, people, receipts, words

_PAIRS: Final = ("details", "offered")  # of a detail and what was typed for it


def redact(
    connection: Connection, pieces: list[str], bare: dict[str, str], person: int, since: datetime
) -> set[int]:
    """Remove pieces from a person's recent cases, their messages and what is remembered.

    `bare` is what receipts are to keep, by key. Returns the numbers of the cases that were changed.
    """
    _overwriting(connection, on=True)
    after = millis(since)
    touched = select(receipts.c.case_id).where(receipts.c.person_id == person, receipts.c.received_at > after)
    for key, event in bare.items():
        connection.execute(update(receipts).where(receipts.c.key == key).values(event=event))
    keys = {key for key in connection.execute(touched).scalars() if key is not None}
    keys |= {*connection.execute(select(cases.c.id).where(_is_of(person, after))).scalars()}
    changed = {key + SHELF for key in sorted(keys) if _redact_case(connection, pieces, key)}
    _redact_messages(connection, pieces, keys, after)
    _redact_remembered(connection, pieces, person)
    _redact_words(connection, pieces, person, after)
    _overwriting(connection, on=False)
    return changed


def redact_record(connection: Connection, person: int, keys: Collection[str]) -> None:
    """Remove the text of some deliveries from the records of a person's cases."""
    _overwriting(connection, on=True)
    mine = (words.c.person_id == person) & words.c.message.in_([*keys])
    connection.execute(update(words).where(mine).values(text=None))
    _overwriting(connection, on=False)


def _overwriting(connection: Connection, *, on: bool) -> None:
    """Make SQLite overwrite what it frees; PostgreSQL does so in time, by its vacuum."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA secure_delete={'ON' if on else 'OFF'}")


def _is_of(person: int, after: int) -> Any:  # noqa: ANN401  SQLAlchemy's own
    return (cases.c.person_id == person) & (cases.c.changed_at > after)


def _redact_case(connection: Connection, pieces: list[str], key: int) -> bool:
    row = connection.execute(select(cases).where(cases.c.id == key).with_for_update()).mappings().one()
    bare = redacted(row["state"], pieces)
    if bare is None:
        return False
    mine = update(cases).where(cases.c.id == key)
    connection.execute(mine.values(state=bare, version=cases.c.version + 1))
    return True


def _redact_messages(connection: Connection, pieces: list[str], keys: set[int], after: int) -> None:
    """Remove pieces from messages, even sent ones; one that is on its way now is not called back."""
    of = or_(outbox.c.case_id.in_(sorted(keys)), outbox.c.case_id.is_(None))
    rows = select(outbox.c.id, outbox.c.effect).where(of, outbox.c.queued_at > after)
    for key, effect in connection.execute(rows).all():
        if (bare := redacted(effect, pieces)) is not None:
            connection.execute(update(outbox).where(outbox.c.id == key).values(effect=bare))


def _redact_remembered(connection: Connection, pieces: list[str], person: int) -> None:
    kept = connection.execute(select(people.c.remembered).where(people.c.id == person)).scalar_one()
    if kept is not None and redacted(kept, pieces) is not None:
        connection.execute(update(people).where(people.c.id == person).values(remembered=None))


def _redact_words(connection: Connection, pieces: list[str], person: int, after: int) -> None:
    """Remove pieces from other messages that a person wrote about their cases."""
    mine = (words.c.person_id == person) & (words.c.at > after) & words.c.text.is_not(None)
    for key, text in connection.execute(select(words.c.id, words.c.text).where(mine)).all():
        if (bare := without_pieces(text, pieces)) != text:
            connection.execute(update(words).where(words.c.id == key).values(text=bare))


def redacted(text: str, pieces: list[str]) -> str | None:
    """Return JSON without the pieces in it, None if it holds none.

    A damaged text, which is not JSON, is removed whole if a piece is in it.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return "{}" if without_pieces(text, pieces) != text else None
    bare = _without(value, pieces)
    return json.dumps(bare, ensure_ascii=False) if bare != value else None


def _without(value: Any, pieces: list[str]) -> Any:  # noqa: ANN401  JSON
    match value:
        case dict():
            return {name: _without(_whole(name, inner, pieces), pieces) for name, inner in value.items()}
        case list():
            return [_without(inner, pieces) for inner in value]
        case str():
            return without_pieces(value, pieces)
        case _:
            return value


def _whole(name: str, value: Any, pieces: list[str]) -> Any:  # noqa: ANN401  JSON
    """Return a member without the details that hold a piece: a redaction mark is no order ID."""
    if name not in _PAIRS or not isinstance(value, list):
        return value
    return [pair for pair in value if _without(pair, pieces) == pair]
