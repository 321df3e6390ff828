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


# the forms in which a key is pasted; each holds MARK or, where lines are broken, its pieces
FORMS = {
    "whole": KEY,
    "in several lines of text": f"here it is:\n{KEY}\nthanks!",
    "in a code block": f"```\n{KEY}\n```",
    "with other dashes": KEY.replace("-----", "\N{EM DASH}\N{EN DASH}-"),
    "its first line broken": KEY.replace(" ", "\n"),
    "without its first line": f"{MARK}\n-and some more\n",
    "without its first line, as code": f"`{MARK}`",
    "its end alone": f"{MARK[30:]}\n-----END PRIVATE KEY-----",
}


# what was written before, where a key is pasted into the DM
DIRECT = {
    "a first message": (),
    "an answer": ("hi",),
    "a date": ("hi", "opensrs", "reseller", "yes", "sectigo"),
    "a detail in the DM": ("hi", "opensrs", "reseller", "yes", "sectigo", "2026-11-10", "acme"),
}


async def go(acts: Acts, where: str) -> None:
    """Go to where a key is to be pasted."""
    for said in DIRECT.get(where, ()):
        await acts.write(said)
    if where in {"a detail", "the ticket"}:
        await acts.walk(SECTIGO if where == "a detail" else {"program": "other"})
    if where == "the ticket":
        await acts.press("edit")


async def paste(acts: Acts, where: str, key: str) -> None:
    match where:
        case "the command":
            await acts.command(key.replace("\n", " "))
        case "a detail":
            assert (await acts.submit(**DETAILS | {"common_name": key})).errors
        case "the ticket":
            assert (await acts.submit(ticket=f"please see {key}")).errors
        case _:
            await acts.write(key)


def said_by_the_bot(acts: Acts) -> list[str]:
    said = [text_of(message) for message in (*acts.dm(), *acts.channel(SUPPORT, REQUESTER)) if message.by_app]
    view = acts.slack.view(REQUESTER)
    return [*said, str(view.body), str(view.errors)] if view else said


@pytest.mark.parametrize("where", [*DIRECT, "the command", "a detail", "the ticket"])
async def test_a_pasted_private_key_is_kept_nowhere(
    acts: Acts, folder: Path, loudly: io.StringIO, where: str
) -> None:
    await go(acts, where)
    for form in FORMS.values():
        before = len("".join(said_by_the_bot(acts)))
        await paste(acts, where, form)
        answered = "".join(said_by_the_bot(acts))[before if acts.slack.view(REQUESTER) is None else 0 :]
        assert "private key" in answered.casefold(), form
    kept = written(folder)
    assert len(kept) > 10_000
    for secret in (MARK, MARK[30:]):
        assert secret.encode() not in kept
        assert not any(secret in text for text in said_by_the_bot(acts))
        assert secret not in loudly.getvalue()
        assert secret not in json.dumps([call.args for call in acts.slack.calls], default=str)


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
