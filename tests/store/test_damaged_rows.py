"""A damaged row is set aside and told; it holds up nothing else, and no task ends for it."""

from __future__ import annotations

from sqlalchemy import text
from structlog.testing import capture_logs

from bot.conversation.effects import Effect
from bot.desk.deliveries import Membership, Write
from bot.desk.outbox import Outbox
from bot.desk.send_attempts import SendResult, Sent
from bot.store import Letter, Queued
from tests.filled import ADA, BEN, OMAR, ROSA, Filled, filled

DEAD = ("effect_dead", "unreadable")
FAR = 9 * 10**18  # milliseconds: no clock goes that far
DAMAGE = {
    "no kind": ("effect", "{}"),
    "an unknown kind": ("effect", '{"kind":"flux"}'),
    "broken JSON": ("effect", '{"kind":"tell",'),
    "nothing": ("effect", ""),
    "deep JSON": ("effect", "[" * 20_000),
    "queued in no year": ("queued_at", FAR),
    "queued before there were years": ("queued_at", -FAR),
    "due in no year": ("due_at", FAR),
}
# SQLite takes anything in any column, and reads what is no UTF-8 as an error.
ON_SQLITE = {
    "queued at no number": ("queued_at", "yesterday"),
    "due at no number": ("due_at", "soon"),
    "tried in words": ("attempts", "twice"),
    "fenced by bytes": ("fence", b"\x01"),
    "fenced to the end": ("fence", 2**63 - 1),
    "of use until a word": ("expires_at", "later"),
    "unsure in words": ("unsure", "perhaps"),
    "no UTF-8": ("effect", "CAST(X'7B22FF' AS TEXT)"),
}


async def change(desk: Filled, statement: str, value: object) -> None:
    with desk.store.engines.writer.begin() as connection:
        connection.execute(text(statement), {"value": value})


async def letters(desk: Filled, state: str) -> list[Letter]:
    return await desk.store.read(lambda unit: unit.dead_letters.find((state,), 100))


async def sends(desk: Filled) -> list[Effect]:
    """Send what can be sent, as the running bot does: also look for what can never be due."""
    sent: list[Effect] = []

    async def send(_: Queued, effect: Effect) -> SendResult:
        sent.append(effect)
        return Sent()

    outbox = Outbox(desk.store, send, desk.steady)
    await outbox.set_aside()
    await outbox.drain()
    return sent


async def test_damaged_effects_are_set_aside_and_told(database: str) -> None:
    kinds = DAMAGE | (ON_SQLITE if database.startswith("sqlite") else {})
    async with filled(database) as desk:
        while len(await letters(desk, "queued")) <= len(kinds):
            await desk.hands_over(ROSA)
        await desk.hands_over(OMAR)
        damaged = {}
        for letter, (kind, (column, value)) in zip(
            await letters(desk, "queued"), kinds.items(), strict=False
        ):
            damaged[letter.id] = kind
            literal = value if str(value).startswith("CAST") else ":value"
            damage = f"UPDATE outbox SET {column} = {literal} WHERE id = {letter.id}"  # noqa: S608
            await change(desk, damage, value)
        with capture_logs() as logs:
            sent = await sends(desk)
        assert sent
        assert await letters(desk, "queued") == await letters(desk, "leased") == []
        assert {damaged.get(letter.id) for letter in await letters(desk, "dead")} == {*kinds}
        told = {line["outbox"] for line in logs if (line["event"], line.get("reason")) == DEAD}
        assert told == {*damaged}
        await desk.store.check()
        assert await desk.store.read(lambda unit: unit.leases.next_due()) is None
        assert await desk.store.read(lambda unit: unit.delays.stuck(desk.clock()))


async def test_a_reminder_of_another_version_holds_up_no_other(database: str) -> None:
    async with filled(database) as desk:
        await desk.hands_over(ROSA)
        await desk.hands_over(OMAR)
        await change(desk, "UPDATE reminders SET reminder = :value WHERE case_id = 1", "moonrise")
        desk.clock.forward(days=30)
        assert await desk.desk.reminders.do_all() > 0


async def test_a_receipt_that_cannot_be_read_holds_up_nobody(database: str) -> None:
    async with filled(database) as desk:
        await desk.does(BEN, Membership("C-AGENTS", member=False))
        await change(desk, "UPDATE receipts SET event = :value", '{"kind":"flux"}')
        await desk.desk.people.members_are("T1", [ADA.user], desk.clock())
        key = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7"
        await desk.does(ROSA, Write(key))


async def test_a_case_that_cannot_be_read_is_not_set_right_again_and_again(database: str) -> None:
    async with filled(database) as desk:
        await desk.asks(ROSA)
        await desk.asks(OMAR)
        await change(desk, "UPDATE cases SET changed_at = :value", 2 * 10**12)
        await change(desk, "UPDATE cases SET state = :value WHERE id = 1", "{}")
        assert await desk.desk.corrections.correct_future_cases() == 1
