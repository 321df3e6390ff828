"""A private key that is sent: refused on every surface, told at once, in pieces too, and kept nowhere."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, select

from bot.playground.standin import StandIn, text_of
from bot.store.schema import metadata
from tests.conftest import Clock, World, settings_for
from tests.reading import keys
from tests.slack.conftest import DETAILS, REQUESTER, Acts
from tests.slack.test_handoff import card, fill_in, thread
from tests.slack.test_handoff import handed as handed  # noqa: PLC0414  a fixture
from tests.slack.test_handoff import held as held  # noqa: PLC0414  a fixture
from tests.slack.test_secrets import SECTIGO, written
from tests.slack.test_secrets import loudly as loudly  # noqa: PLC0414  a fixture

WINDOW = 24  # characters of a key that must stand nowhere
PROSE = (
    "Wrong CSR -- end user lost the private key, so please order a reissue.",
    "cancel it -- begin again with a new private key",
    "DEK-Info: what is that?",
)


def traces(key: str) -> Iterator[str]:
    """Yield what of a key must stand nowhere, as it may be written: whole lines, and their windows."""
    for token in re.findall(r"[A-Za-z0-9+/_:=-]{20,}", key):
        yield from (token[at : at + WINDOW] for at in range(0, max(1, len(token) - WINDOW), WINDOW // 2))


def found_of(acts: Acts, key: str, kept: bytes, logged: str) -> list[str]:
    """Return which traces of a key stand in the database, in calls to Slack or in the log."""
    sent = json.dumps([(call.args, call.response) for call in acts.slack.calls], default=str)
    answered = json.dumps([delivery.response for delivery in acts.slack.deliveries], default=str)
    return [
        trace
        for trace in traces(key)
        if trace.encode() in kept or trace in sent or trace in answered or trace in logged
    ]


# --- on every surface

KEYS: dict[str, Callable[[], str]] = {
    "PEM": lambda: keys.pems()["PKCS #8, P-256"],
    "PEM without its first line": lambda: "\n".join(keys.body(keys.pems()["PKCS #8, RSA"]).splitlines()[1:]),
    "JWK": lambda: json.dumps(keys.jwks()["EC"]),
    "base64 of PEM": lambda: base64.b64encode(keys.pems()["PKCS #8, P-256"].encode()).decode(),
    "PKCS #8 in hex": lambda: keys.der(keys.pems()["PKCS #8, P-256"]).hex(),
    "openssl ec -text": keys.ec_text,
}


async def refused(acts: Acts, user: str, block: str, key: str) -> None:
    """Submit the form in front with a key in a field: it stays, and says so under that field."""
    view = acts.modal(user)
    block = next(b["block_id"] for b in view.blocks if b["block_id"].endswith(block))
    await acts.slack.submit(user, acts.slack.fill(view, block, key))
    await acts.world.settle()
    assert "private key" in acts.modal(user).errors[block]
    assert acts.modal(user).id == view.id


async def in_a_message(acts: Acts, key: str) -> None:
    assert "private key" in await acts.write(key)


async def in_an_edit(acts: Acts, key: str) -> None:
    ts = await acts.slack.say(REQUESTER, acts.slack.im(REQUESTER), "nothing yet")
    await acts.slack.edit(REQUESTER, acts.slack.im(REQUESTER), ts, key)
    await acts.world.settle()
    assert "private key" in text_of(acts.last())


async def in_a_thread(acts: Acts, key: str) -> None:
    await fill_in(acts, "Reply to requester", words="Are you there?")
    await acts.slack.say(REQUESTER, acts.slack.im(REQUESTER), key, thread_ts=acts.last().ts)
    await acts.world.settle()
    assert "private key" in text_of(acts.last())


async def in_a_command(acts: Acts, key: str) -> None:
    delivery = await acts.slack.slash(REQUESTER, "ssl-support", "/certdesk", key)
    assert "private key" in str(delivery.response)


async def in_details(acts: Acts, key: str) -> None:
    await acts.walk(SECTIGO)
    for name, value in DETAILS.items():
        acts.slack.fill(acts.modal(), f"detail-{name}", value)
    await refused(acts, REQUESTER, "common_name", key)


async def in_a_ticket(acts: Acts, key: str) -> None:
    await acts.walk(SECTIGO)
    await acts.submit(**DETAILS)
    await acts.press("edit")
    await refused(acts, REQUESTER, "ticket", key)


async def in_a_reply(acts: Acts, key: str) -> None:
    await acts.press("Reply to requester", card(acts), user="ada")
    await refused(acts, "ada", "words", key)


async def in_a_question(acts: Acts, key: str) -> None:
    await acts.press("Ask for details", card(acts), user="ada")
    await refused(acts, "ada", "words", key)


async def in_a_note(acts: Acts, key: str) -> None:
    await acts.press("Reassign…", card(acts), user="ada")
    acts.slack.fill(acts.modal("ada"), "agent", acts.slack.user("ben"))
    await refused(acts, "ada", "note", key[:490])


SURFACES = (
    in_a_message,
    in_an_edit,
    in_a_thread,
    in_a_command,
    in_details,
    in_a_ticket,
    in_a_reply,
    in_a_question,
    in_a_note,
)


@pytest.mark.long
@pytest.mark.parametrize("surface", SURFACES)
async def test_a_key_is_refused_told_and_kept_nowhere(
    held: Acts, loudly: io.StringIO, surface: Callable[[Acts, str], object]
) -> None:
    for name, make in KEYS.items():
        held.world.clock.forward(minutes=20)
        key = make()[:2400]
        await surface(held, key)  # type: ignore[misc]
        for user in (REQUESTER, "ada"):
            if held.slack.view(user) is not None:
                await held.slack.close(user)
        assert found_of(held, key, kept_by(held.world), loudly.getvalue()) == [], name


@pytest.mark.parametrize("words", PROSE)
async def test_prose_about_keys_reaches_whom_it_is_for(held: Acts, words: str) -> None:
    await fill_in(held, "Reply to requester", words=words)
    assert words in text_of(held.last())
    assert "private key" not in await held.write(words) or words in thread(held)[-1]
    assert words in thread(held)[-1]
    await fill_in(held, "Reassign…", agent=held.slack.user("ben"), note=words)
    assert words in thread(held)[-1]


async def test_a_form_that_held_a_key_goes_out_without_it(held: Acts) -> None:
    await in_a_reply(held, keys.pems()["PKCS #8, P-256"])
    held.slack.fill(held.modal("ada"), "words", "Please order a reissue.")
    await held.slack.submit("ada")
    await held.world.settle()
    assert "Please order a reissue." in text_of(held.last())


# --- in pieces


def thirds(key: str) -> list[str]:
    size = len(key) // 3 + 1
    return [key[at : at + size].strip() for at in range(0, len(key), size)]


def random_thirds() -> list[str]:
    """Return an encrypted key: nothing gives its middle away."""
    return thirds(keys.pems()["PKCS #8, RSA, encrypted"])


PIECES: dict[str, Callable[[], list[str]]] = {
    "in order": random_thirds,
    "the middle first": lambda: [random_thirds()[at] for at in (1, 0, 2)],
    "backwards": lambda: random_thirds()[::-1],
    "four lines at a time": lambda: re.findall(r"(?:.+\n){1,4}", keys.pems()["PKCS #1, RSA 1024"]),
    "BEGIN alone": lambda: keys.pems()["PKCS #1, encrypted by RFC 1421"].split("\n", 1),
    "no BEGIN, no END": lambda: thirds(keys.body(keys.pems()["PKCS #8, RSA, encrypted"])),
    "no BEGIN, no END, three lines": lambda: re.findall(
        r"(?:.+\n?){1,3}", keys.body(keys.pems()["PKCS #8, RSA"])
    ),
    "hex": lambda: thirds(keys.der(keys.pems()["PKCS #8, P-256"]).hex()),
    "a JWK": lambda: thirds(json.dumps(keys.jwks()["RSA"])),
    "a short JWK": lambda: thirds(json.dumps(keys.jwks()["EC"])),
    "a short JWK line by line": lambda: json.dumps(
        {name: keys.jwks()["EC"][name] for name in ("kty", "crv", "d")}, indent=1
    ).splitlines()[1:-1],
    "openssl rsa -text": lambda: thirds(keys.rsa_text()),
}  # fmt: skip


# What is told on either way into the desk, and taken out of either database.
WAYS = ("Socket Mode, SQLite", "HTTP, PostgreSQL")


@pytest.fixture(params=WAYS)
async def way(request: pytest.FixtureRequest, slack: StandIn, clock: Clock, tmp_path: Path) -> World:
    if request.param == WAYS[0]:
        return World(slack, clock, settings_for(slack, tmp_path))
    address = request.getfixturevalue("postgresql")
    settings = settings_for(slack, tmp_path, CERTDESK_DATABASE_URL=address)
    return World(slack, clock, settings, secret=slack.signing_secret)


@pytest.fixture
async def world(way: World) -> AsyncIterator[World]:
    await way.start()
    yield way
    await way.stop()


def kept_by(world: World) -> bytes:
    """Return what every table holds, and every byte of a SQLite file."""
    assert world.bot is not None
    with world.bot.desk.store.engines.reader.connect() as connection:
        read = [
            str(tuple(row)) for table in metadata.sorted_tables for row in connection.execute(select(table))
        ]
    address = world.settings.database_url
    files = (
        b"" if address.startswith("postgresql") else written(Path(make_url(address).database or "").parent)
    )
    return files + "\n".join(read).encode()


async def send(acts: Acts, pieces: list[str]) -> None:
    for piece in pieces:
        acts.world.clock.forward(seconds=11)
        await acts.write(piece)


@pytest.mark.parametrize("how", PIECES)
async def test_a_key_in_pieces_is_kept_nowhere(acts: Acts, loudly: io.StringIO, how: str) -> None:
    pieces = PIECES[how]()
    await acts.write("hi")
    await send(acts, pieces)
    assert "private key" in "".join(text_of(message) for message in acts.dm() if message.by_app)
    kept = kept_by(acts.world)
    assert [trace for piece in pieces for trace in traces(piece) if trace.encode() in kept] == []
    assert not any(trace in loudly.getvalue() for piece in pieces for trace in traces(piece))


async def test_a_key_that_begins_in_a_command_and_goes_on_elsewhere_is_kept_nowhere(
    acts: Acts, loudly: io.StringIO
) -> None:
    first, second, third = random_thirds()
    await acts.slack.slash(REQUESTER, "ssl-support", "/certdesk", f"our order {first}")
    await acts.slack.say(REQUESTER, "ssl-support", f"@certdesk {second}")
    await send(acts, [third])
    kept = kept_by(acts.world)
    assert [
        trace for piece in (first, second, third) for trace in traces(piece) if trace.encode() in kept
    ] == []
    assert not any(trace in loudly.getvalue() for trace in traces(second))


@pytest.mark.parametrize("how", ["the middle first", "backwards", "no BEGIN, no END, three lines"])
async def test_what_was_passed_on_of_a_key_is_taken_out_of_the_thread(held: Acts, how: str) -> None:
    pieces = PIECES[how]()
    await send(held, pieces)
    assert "private key" in text_of(held.last())
    assert not any(trace in line for line in thread(held) for piece in pieces for trace in traces(piece))


async def test_what_is_said_after_a_key_is_read_again(held: Acts) -> None:
    first, second, third = random_thirds()
    await send(
        held,
        [
            first,
            "sorry, that was the wrong file",
            keys.certificate().public_bytes(keys.Encoding.PEM).decode(),
        ],
    )
    assert "BEGIN CERTIFICATE" in thread(held)[-1]
    held.world.clock.forward(minutes=16)
    await held.write(second)
    assert second[:WINDOW] in thread(held)[-1]
    assert third[:WINDOW] not in "".join(thread(held))


async def test_a_piece_in_a_form_is_refused_where_it_shows_and_taken_out_where_it_was_kept(
    acts: Acts,
) -> None:
    first, second, _ = random_thirds()
    await acts.walk(SECTIGO)
    await acts.submit(**DETAILS)
    await acts.press("edit")
    await acts.submit(ticket=second[200:500])
    line = second[200:500].splitlines()[1]
    assert line.encode() in kept_by(acts.world)
    await acts.press("edit")
    await refused(acts, REQUESTER, "ticket", first)
    assert [t for t in traces(second[200:500]) if t.encode() in kept_by(acts.world)] == []


async def test_pieces_are_remembered_over_a_restart(held: Acts) -> None:
    _, second, third = random_thirds()
    await send(held, random_thirds()[:1])
    await held.world.stop()
    await held.world.start()
    await send(held, [second])
    assert "private key" in text_of(held.last())
    assert thread(held) == []
    await send(held, [third])
    assert thread(held) == []


async def test_pieces_are_out_of_the_record_and_of_the_opening_of_the_thread(acts: Acts) -> None:
    first, middle, last = random_thirds()
    await acts.write("Our customer ordered twice")
    await acts.write(middle)
    await acts.write("agent")
    shown = thread(acts)[0]
    assert "Our customer ordered twice" in shown
    assert any(trace in shown for trace in traces(middle))
    for piece in (first, last):
        await acts.write(piece)
    shown = "\n".join(thread(acts))
    kept = kept_by(acts.world)
    assert [
        trace for trace in traces(first + middle + last) if trace in shown or trace.encode() in kept
    ] == []
    assert "Our customer ordered twice" in shown
    assert "a private key, which was not kept" in shown
