"""`certdesk doctor` against the stand-in: each failure has its advice, and nothing is made on the way."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.cli.doctor import Finding, State, examine
from bot.cli.doctor_blocks import blocks_taken
from bot.playground.standin import Fault, StandIn
from bot.playground.standin.seam import Outcome, Passage, Proceed
from bot.store import Store
from tests.conftest import settings_for


async def found(slack: StandIn, folder: Path, **more: str) -> dict[str, Finding]:
    return {finding.what: finding for finding in await examine(settings_for(slack, folder, **more))}


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


async def test_where_all_is_well_nothing_fails_and_nothing_is_made(slack: StandIn, tmp_path: Path) -> None:
    folder = tmp_path / "not" / "yet"
    findings = await found(slack, folder)
    assert [each for each in findings.values() if each.state is State.FAILED] == []
    assert findings["scopes"].state is State.OK
    assert findings["CERTDESK_AGENTS_CHANNEL"].words == "#ssl-agents"
    assert findings["SLACK_APP_TOKEN"].state is State.OK
    assert "creates" in findings["database"].words
    assert names(tmp_path) == []


async def test_a_database_that_is_there_is_looked_at_only(slack: StandIn, tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'certdesk.db'}")
    store.upgrade()
    await store.close()
    before = names(tmp_path)
    assert (await found(slack, tmp_path))["database"].state is State.OK
    assert names(tmp_path) == before


# the settings that are wrong -> what is blamed, and a word of the advice
WRONG = {
    "no token": ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN", "OAuth & Permissions"),
    "an unknown token": ({"SLACK_BOT_TOKEN": "xoxb-unknown"}, "SLACK_BOT_TOKEN", "invalid_auth; reinstall"),
    "no Slack there": ({"SLACK_API_URL": "http://127.0.0.1:9/api/"}, "SLACK_BOT_TOKEN", "SLACK_API_URL"),
    "no such channel": ({"CERTDESK_AGENTS_CHANNEL": "C0NOWHERE"}, "CERTDESK_AGENTS_CHANNEL", "/invite"),
    "a name for a channel": ({"CERTDESK_AGENTS_CHANNEL": "agents"}, "CERTDESK_AGENTS_CHANNEL", "the id"),
    "an unknown app token": ({"SLACK_APP_TOKEN": "xapp-unknown"}, "SLACK_APP_TOKEN", "connections:write"),
    "no way in": (
        {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": ""},
        "SLACK_SIGNING_SECRET",
        "signing secret",
    ),
    "no database": (
        {"CERTDESK_DATABASE_URL": "sqlite:////dev/null/x.db"},
        "database",
        "CERTDESK_DATABASE_URL",
    ),
    "no folder": ({"CERTDESK_POLICY_DIR": "/no/such"}, "CERTDESK_POLICY_DIR", "a folder"),
}


@pytest.mark.parametrize("what", WRONG)
async def test_each_failure_has_its_advice(slack: StandIn, tmp_path: Path, what: str) -> None:
    settings, blamed, advice = WRONG[what]
    findings = await found(slack, tmp_path, **settings)
    assert findings[blamed].state is State.FAILED
    assert advice in findings[blamed].words
    assert "Traceback" not in findings[blamed].words


async def test_what_is_no_database_is_said_so(slack: StandIn, tmp_path: Path) -> None:
    (tmp_path / "certdesk.db").write_bytes(b"not a database at all" * 100)
    finding = (await found(slack, tmp_path))["database"]
    assert finding.state is State.FAILED
    assert "CERTDESK_DATABASE_URL" in finding.words


async def test_a_missing_scope_is_named(slack: StandIn, tmp_path: Path) -> None:
    slack.add_token(
        "xoxb-poor", scopes={"commands", "chat:write", "users:read", "groups:read", "channels:read"}
    )
    finding = (await found(slack, tmp_path, SLACK_BOT_TOKEN="xoxb-poor"))["scopes"]  # noqa: S106  the stand-in's
    assert finding.state is State.FAILED
    assert "im:history, im:write, reactions:read missing; reinstall" in finding.words


async def test_an_archived_or_left_channel_is_named(slack: StandIn, tmp_path: Path) -> None:
    other = slack.add_channel("elsewhere", ["ada"])
    finding = (await found(slack, tmp_path, CERTDESK_AGENTS_CHANNEL=other.id))["CERTDESK_AGENTS_CHANNEL"]
    assert finding.state is State.FAILED
    assert "not in #elsewhere: /invite" in finding.words
    slack.archive("ssl-agents")
    finding = (await found(slack, tmp_path))["CERTDESK_AGENTS_CHANNEL"]
    assert finding.state is State.FAILED
    assert "is archived" in finding.words


async def test_http_needs_the_signing_secret_alone(slack: StandIn, tmp_path: Path) -> None:
    findings = await found(slack, tmp_path, SLACK_APP_TOKEN="")
    assert findings["SLACK_SIGNING_SECRET"].state is State.OK
    assert [each for each in findings.values() if each.state is State.FAILED] == []


async def test_no_agents_channel_is_a_note(slack: StandIn, tmp_path: Path) -> None:
    findings = await found(slack, tmp_path, CERTDESK_AGENTS_CHANNEL="")
    assert findings["CERTDESK_AGENTS_CHANNEL"].state is State.NOTE


@pytest.mark.parametrize(
    ("what", "name", "content"),
    [
        ("policy", "opensrs.toml", b"id = "),
        ("policy", "opensrs.toml", b"\xff"),
        ("templates", "cards/card.md", b"{{ nope"),
        ("templates", "cards/card.md", b"\xff"),
    ],
)
async def test_a_file_of_the_operators_that_is_broken_is_named(
    slack: StandIn, tmp_path: Path, what: str, name: str, content: bytes
) -> None:
    file = tmp_path / "own" / name
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    finding = (await found(slack, tmp_path, **{f"CERTDESK_{what.upper()}_DIR": str(tmp_path / "own")}))[what]
    assert finding.state is State.FAILED
    assert name in finding.words


async def test_what_is_not_slack_is_not_blamed_on_the_token(slack: StandIn, tmp_path: Path) -> None:
    async def proxy(_: Passage, __: Proceed) -> Outcome:
        return Outcome(200, "<html>Please sign in</html>", {"Content-Type": "text/html"})

    slack.faults.append(proxy)
    finding = (await found(slack, tmp_path))["SLACK_BOT_TOKEN"]
    assert finding.state is State.FAILED
    assert "look at the network and SLACK_API_URL" in finding.words
    assert "reinstall" not in finding.words


async def test_what_slack_cannot_do_just_now_is_not_blamed_on_the_channel(
    slack: StandIn, tmp_path: Path
) -> None:
    slack.inject("conversations.info", Fault.RATE_LIMITED)
    finding = (await found(slack, tmp_path))["CERTDESK_AGENTS_CHANNEL"]
    assert finding.state is State.FAILED
    assert "ratelimited; nothing to do" in finding.words


@pytest.mark.parametrize(
    ("revision", "state", "advice"),
    [("0001", State.NOTE, "certdesk db upgrade"), ("9999", State.FAILED, "of a newer certdesk")],
)
async def test_a_database_of_another_certdesk_is_told_of_and_stays_as_it_is(
    slack: StandIn, tmp_path: Path, revision: str, state: State, advice: str
) -> None:
    with closing(sqlite3.connect(tmp_path / "certdesk.db")) as old:
        old.execute("CREATE TABLE alembic_version (version_num TEXT)")
        old.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
        old.commit()
    before = (tmp_path / "certdesk.db").read_bytes()
    finding = (await found(slack, tmp_path))["database"]
    assert finding.state is state
    assert advice in finding.words
    assert f"at revision {revision}" in finding.words
    assert (tmp_path / "certdesk.db").read_bytes() == before
    assert names(tmp_path) == ["certdesk.db"]


async def test_its_exit_status_tells_whether_anything_failed(slack: StandIn, tmp_path: Path) -> None:
    right = dict(settings_for(slack, tmp_path).values)
    for more, status in (({}, 0), ({"CERTDESK_AGENTS_CHANNEL": "C0NOWHERE"}, 1)):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SLACK_")}
        process = await asyncio.create_subprocess_exec(
            str(Path(sys.executable).with_name("certdesk")),
            "doctor",
            env=kept | right | more,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await asyncio.wait_for(process.communicate(), 15)
        assert (process.returncode, err) == (status, b"")
        assert (b"FAILED" in out) is bool(status)
        assert not any(secret.encode() in out for name, secret in right.items() if "TOKEN" in name)
    assert names(tmp_path) == []


HEADER = {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}


@pytest.mark.long
async def test_every_answer_is_shown_to_slack_without_a_token(slack: StandIn, tmp_path: Path) -> None:
    """Slack refuses two of them, and lets the desk wait once."""
    slack.inject("blocks.validate", Fault.REFUSED, error="invalid_view", times=2, after=1)
    slack.inject("blocks.validate", Fault.RATE_LIMITED, retry_after="0", after=9)
    settings = settings_for(slack, tmp_path, SLACK_BOT_TOKEN="", SLACK_APP_TOKEN="")
    *refused, whole = await blocks_taken(settings)
    asked = [call for call in slack.calls if call.method == "blocks.validate"]
    assert len(asked) > 500
    assert {call.token for call in asked} <= {None, ""}
    assert {call.error for call in asked if call.error != "invalid_view"} == {None}
    assert [each.state for each in (*refused, whole)] == [State.FAILED] * 3
    assert whole.words.startswith("2 of ")


async def test_the_check_stops_where_slack_cannot_be_asked(slack: StandIn, tmp_path: Path) -> None:
    settings = settings_for(slack, tmp_path, SLACK_API_URL="http://127.0.0.1:9/api/")
    [finding] = await blocks_taken(settings)
    assert (finding.state, "stopped after 0" in finding.words) == (State.FAILED, True)


@pytest.mark.parametrize(
    ("asked", "error", "pointer"),
    [
        ({"blocks": [{"type": "divider"}]}, None, ""),
        ({"blocks": [HEADER]}, "invalid_blocks", "/blocks/0"),
        ({"message": {"blocks": [{"type": "nothing"}]}}, "invalid_message", "/blocks/0"),
        ({"view": {"type": "modal"}}, "invalid_view", "/view"),
        ({}, "invalid_arguments", ""),
    ],
)
async def test_the_stand_in_validates_as_slack_says_that_it_does(
    slack: StandIn, asked: dict[str, Any], error: str | None, pointer: str
) -> None:
    client = AsyncWebClient(base_url=slack.api_url)
    if error is None:
        assert (await client.blocks_validate(**asked))["ok"]
        return
    with pytest.raises(SlackApiError) as refused:
        await client.blocks_validate(**asked)
    assert refused.value.response["error"] == error
    assert all(each["pointer"].startswith(pointer) for each in refused.value.response.get("errors") or [])
