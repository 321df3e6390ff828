"""What must lie nowhere: private keys that somebody pasted, tokens, and addresses to answer at."""

from __future__ import annotations

import contextlib
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import logs
from bot.playground.standin import text_of
from tests.conftest import World
from tests.slack.conftest import DETAILS, ISSUED, REQUESTER, SUPPORT, Acts
from tests.slack.test_again import rows

SECTIGO = ISSUED | {"provider": "sectigo", "fulfilled_on": "2026-11-10"}
MARK = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7"
KEY = f"-----BEGIN PRIVATE KEY-----\n{MARK}\n-----END PRIVATE KEY-----"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def loudly() -> Iterator[io.StringIO]:
    """Return all that is logged while everything logs what it can."""
    stream, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(stream)
    with contextlib.redirect_stderr(stream):
        logs.configure("DEBUG", readable=False)
        root.addHandler(handler)
        root.setLevel(logging.DEBUG)
        yield stream
    root.removeHandler(handler)
    root.setLevel(logging.WARNING)
    logs.configure("INFO", readable=True)


def written(folder: Path) -> bytes:
    """Return every byte of the database: the file and what SQLite keeps beside it."""
    return b"".join(file.read_bytes() for file in sorted(folder.glob("certdesk.db*")))


async def paste(acts: Acts, where: str) -> None:
    match where:
        case "a first message":
            await acts.write(KEY)
        case "an answer":
            await acts.write("hi")
            await acts.write(f"here it is:\n{KEY}")
        case "the command":
            await acts.command(KEY.replace("\n", " "))
        case "a detail":
            await acts.walk(SECTIGO)
            refused = await acts.submit(**DETAILS | {"common_name": KEY})
            assert refused.errors
        case "a detail in the DM":
            for said in ("hi", "opensrs", "reseller", "yes", "sectigo", "2026-11-10", "acme", KEY):
                await acts.write(said)
        case "the ticket":
            await acts.walk({"program": "other"})
            await acts.press("edit")
            await acts.submit(ticket=f"please see {KEY}")


@pytest.mark.parametrize(
    "where", ["a first message", "an answer", "the command", "a detail", "a detail in the DM", "the ticket"]
)
async def test_a_pasted_private_key_is_kept_nowhere(
    acts: Acts, folder: Path, loudly: io.StringIO, where: str
) -> None:
    await paste(acts, where)
    assert MARK.encode() not in written(folder)
    assert len(written(folder)) > 10_000
    said = [text_of(message) for message in (*acts.dm(), *acts.channel(SUPPORT, REQUESTER)) if message.by_app]
    view = acts.slack.view(REQUESTER)
    said += [str(view.body), str(view.errors)] if view else []
    assert not any(MARK in text for text in said)
    assert any("private key" in text.casefold() for text in said)
    assert MARK not in loudly.getvalue()
    assert MARK not in json.dumps([call.args for call in acts.slack.calls], default=str)


async def test_tokens_and_response_urls_are_in_no_log_and_no_receipt(acts: Acts, loudly: io.StringIO) -> None:
    await acts.walk(SECTIGO)
    await acts.submit(**DETAILS)
    await acts.press("share")
    await acts.press("start_over", acts.last(), stale=True)
    slack, kept = acts.slack, loudly.getvalue() + str(rows(acts.world, "receipts"))
    urls = [str(d.payload.get("response_url")) for d in slack.deliveries if d.payload.get("response_url")]
    assert urls
    for secret in (slack.bot_token, slack.app_token, slack.signing_secret, *urls):
        assert secret not in kept
    assert "acme" not in loudly.getvalue()


async def test_libraries_stay_quiet_at_debug(http_world: World, loudly: io.StringIO) -> None:
    acts = Acts(http_world)
    await acts.walk({"program": "other"})
    await acts.write("a-word-that-somebody-typed")
    assert "a-word-that-somebody-typed" not in loudly.getvalue()
    assert "xoxb-" not in loudly.getvalue()
    assert logging.getLogger("slack_bolt.App").getEffectiveLevel() >= logging.ERROR


async def test_the_settings_print_no_secret(acts: Acts) -> None:
    assert acts.slack.bot_token not in repr(acts.world.settings)
