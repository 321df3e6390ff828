"""Call by call, what Slack refuses and with which code."""

# ruff: noqa: E501 - tables and dialogs read best with a row a line
from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.standin import StandIn
from bot.playground.standin.refusals import ANSWERS, CALLS, RESPONSE_URLS

if TYPE_CHECKING:
    from tests.playground.conftest import Clock

HEADER = {"type": "header", "text": {"type": "plain_text", "text": "x"}}
BIG = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}] * 5
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": [HEADER]}
HOME = {"type": "home", "blocks": [HEADER]}
META = {"event_type": "t", "event_payload": {}}
SUPPORT, PUBLIC, OLD, IM = "C0SSLSUPPORT", "C0GENERAL", "C0OLD", "D0ROSA"


async def call(slack: StandIn, method: str, token: str | None = None, **args: object) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token if token is not None else slack.bot_token}"}
    address = slack.api_url + method
    async with (
        aiohttp.ClientSession() as session,
        session.post(address, json=args, headers=headers) as response,
    ):
        assert response.status == 200
        body: dict[str, Any] = await response.json()
        return body


@pytest.fixture
def workspace(slack: StandIn) -> StandIn:
    slack.add_channel("general", ["rosa"])
    slack.add_channel("secret", ["rosa"], private=True)
    slack.add_channel("old", ["rosa", slack.bot_user])
    slack.archive("old")
    slack.add_user("robot", is_bot=True)
    return slack


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("chat.nothing", {}, "unknown_method"),
    ("apps.connections.open", {}, "not_allowed_token_type"),
    ("chat.postMessage", {"text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "C0NONE", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "C0SECRET", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": PUBLIC, "text": "x"}, "not_in_channel"),
    ("chat.postMessage", {"channel": OLD, "text": "x"}, "is_archived"),
    ("chat.postMessage", {"channel": "U0ROBOT", "text": "x"}, "cannot_dm_bot"),
    ("chat.postMessage", {"channel": SUPPORT}, "no_text"),
    ("chat.postMessage", {"channel": SUPPORT, "text": " ", "blocks": []}, "no_text"),
    ("chat.postMessage", {"channel": SUPPORT, "text": "x" * 40_001}, "msg_too_long"),
    ("chat.postMessage", {"channel": SUPPORT, "text": "x", "blocks": BIG}, "msg_blocks_too_long"),
    ("chat.postMessage", {"channel": SUPPORT, "text": "x", "blocks": [{"type": "header"}]}, "invalid_blocks"),
    ("chat.postMessage", {"channel": SUPPORT, "text": "x", "blocks": "[{]"}, "invalid_blocks_format"),
    ("chat.postMessage", {"channel": SUPPORT, "text": "x", "blocks": {}}, "invalid_blocks_format"),
    ("chat.postMessage", {"channel": SUPPORT, "text": "x", "metadata": {"a": 1}}, "invalid_metadata_format"),
    ("chat.postMessage", {"channel": SUPPORT, "text": "x", "metadata": META | {"event_payload": {"a": "x" * 8000}}},
     "metadata_too_large"),
    ("chat.postMessage", {"channel": SUPPORT, "text": "x", "colour": "red"}, "invalid_arguments"),
    ("chat.postMessage", {"channel": SUPPORT, "text": "x", "username": "me"}, "missing_scope"),
    ("chat.postMessage", {"channel": SUPPORT, "text": ["x"]}, "invalid_arguments"),
    ("chat.update", {"channel": SUPPORT, "ts": "1.0", "text": "x"}, "message_not_found"),
    ("chat.delete", {"channel": SUPPORT, "ts": "1.0"}, "message_not_found"),
    ("chat.postEphemeral", {"channel": "C0SSLAGENTS", "user": "U0ROSA", "text": "x"}, "user_not_in_channel"),
    ("conversations.open", {}, "users_list_not_supplied"),
    ("conversations.open", {"users": "U0NOBODY"}, "user_not_found"),
    ("conversations.open", {"users": "U0ROBOT"}, "cannot_dm_bot"),
    ("conversations.open", {"users": "U0ROSA,U0ADA"}, "method_not_supported_for_channel_type"),
    ("conversations.info", {"channel": "C0NONE"}, "channel_not_found"),
    ("conversations.info", {"channel": "C0SECRET"}, "channel_not_found"),
    ("conversations.history", {"channel": PUBLIC}, "not_in_channel"),
    ("conversations.history", {"channel": SUPPORT, "limit": 0}, "invalid_limit"),
    ("conversations.history", {"channel": SUPPORT, "limit": 1000}, "invalid_limit"),
    ("conversations.history", {"channel": SUPPORT, "cursor": "x"}, "invalid_cursor"),
    ("conversations.history", {"channel": SUPPORT, "oldest": "x"}, "invalid_ts_oldest"),
    ("conversations.replies", {"channel": SUPPORT, "ts": "1.0"}, "thread_not_found"),
    ("conversations.list", {"types": "mpim"}, "invalid_types"),
    ("users.info", {"user": "U0NOBODY"}, "user_not_found"),
    ("bots.info", {"bot": "B0NONE"}, "bot_not_found"),
    ("views.open", {"view": MODAL}, "invalid_arguments"),
    ("views.open", {"trigger_id": "1.2.3", "view": MODAL}, "invalid_trigger_id"),
    ("views.open", {"trigger_id": "1.2.3", "view": "{"}, "invalid_arguments"),
    ("views.update", {"view": MODAL}, "invalid_arguments"),
    ("views.update", {"view_id": "V0", "view": MODAL}, "not_found"),
    ("views.publish", {"user_id": "U0NOBODY", "view": HOME}, "user_not_found"),
    ("views.publish", {"user_id": "U0ROSA", "view": MODAL}, "invalid_arguments"),
    ("views.publish", {"user_id": "U0ROSA", "view": HOME | {"blocks": [{"type": "x"}]}}, "invalid_arguments"),
    ("reactions.add", {"channel": SUPPORT, "timestamp": "1.0", "name": "eyes"}, "message_not_found"),
    ("reactions.add", {"channel": SUPPORT, "name": "eyes"}, "no_item_specified"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "args", "code"), REFUSED)
async def test_refused(workspace: StandIn, method: str, args: dict[str, Any], code: str) -> None:
    answer = await call(workspace, method, **args)
    assert (answer["ok"], answer["error"]) == (False, code)
    assert workspace.calls[-1].error == code


async def test_tokens(slack: StandIn) -> None:
    assert (await call(slack, "auth.test", token=""))["error"] == "not_authed"
    assert (await call(slack, "auth.test", token="xoxb-other"))["error"] == "invalid_auth"  # noqa: S106
    assert (await call(slack, "chat.postMessage", token=slack.app_token))["error"] == "not_allowed_token_type"
    slack.revoke(slack.bot_token)
    assert (await call(slack, "auth.test"))["error"] == "token_revoked"


async def test_a_missing_scope_is_named() -> None:
    async with StandIn.serving(bot_scopes=["chat:write", "channels:read"]) as slack:
        answer = await call(slack, "users.info", user="U0ROSA")
        assert answer["error"] == "missing_scope"
        assert (answer["needed"], answer["provided"]) == ("users:read", "channels:read,chat:write")
        assert (await call(slack, "conversations.info", channel=SUPPORT))["ok"]
        assert (await call(slack, "conversations.info", channel="C0SSLAGENTS"))["needed"] == "groups:read"
        assert (await call(slack, "conversations.info", channel=IM))["needed"] == "im:read"


async def test_scopes_are_told_in_a_header(slack: StandIn, client: AsyncWebClient) -> None:
    answer = await client.auth_test()
    assert set(answer.headers["x-oauth-scopes"].split(",")) == slack.world.bot_token.scopes


async def test_a_refused_block_is_pointed_at(client: AsyncWebClient) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": ""}}]
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=SUPPORT, text="x", blocks=blocks)
    said = "must be more than 0 characters [json-pointer:/blocks/0/text/text]"
    assert refused.value.response["response_metadata"]["messages"] == [f"[ERROR] {said}"]


async def test_forms_and_json_are_the_same(slack: StandIn) -> None:
    form = {"token": slack.bot_token, "channel": SUPPORT, "text": "x", "unfurl_links": "false"}
    form["blocks"] = '[{"type": "divider"}]'
    async with aiohttp.ClientSession() as session:
        async with session.post(slack.api_url + "chat.postMessage", data=form) as response:
            assert (await response.json())["message"]["blocks"][0]["type"] == "divider"
        empty = {"Content-Type": "application/json", "Authorization": f"Bearer {slack.bot_token}"}
        async with session.post(slack.api_url + "auth.test", headers=empty) as response:
            assert (await response.json())["user_id"] == slack.bot_user
        async with session.post(slack.api_url + "auth.test", data=b"{", headers=empty) as response:
            assert (await response.json())["error"] == "invalid_json"
        async with session.post(slack.api_url + "auth.test", data=b"[]", headers=empty) as response:
            assert (await response.json())["error"] == "json_not_object"
        xml = {"Content-Type": "text/xml"}
        async with session.post(slack.api_url + "auth.test", data=b"<x/>", headers=xml) as response:
            assert (await response.json())["error"] == "invalid_post_type"


@pytest.mark.parametrize(("age", "code"), [(3.0, None), (3.1, "expired_trigger_id")])
async def test_a_trigger_lives_three_seconds(
    slack: StandIn, clock: Clock, age: float, code: str | None
) -> None:
    trigger = slack.hub.triggers.issue("U0ROSA")
    clock.go(age)
    assert (await call(slack, "views.open", trigger_id=trigger, view=MODAL)).get("error") == code


async def test_a_trigger_opens_one_view(slack: StandIn) -> None:
    trigger = slack.hub.triggers.issue("U0ROSA")
    assert (await call(slack, "views.open", trigger_id=trigger, view=MODAL | {"title": {}}))["ok"] is False
    assert (await call(slack, "views.open", trigger_id=trigger, view=MODAL))["ok"]
    assert (await call(slack, "views.open", trigger_id=trigger, view=MODAL))[
        "error"
    ] == "exchanged_trigger_id"


async def test_views_stack_three_deep(slack: StandIn) -> None:
    async def push(method: str = "views.push") -> dict[str, Any]:
        return await call(slack, method, trigger_id=slack.hub.triggers.issue("U0ROSA"), view=MODAL)

    assert (await push())["error"] == "not_found"
    first = (await push("views.open"))["view"]
    second, third = (await push())["view"], (await push())["view"]
    assert (second["previous_view_id"], third["root_view_id"]) == (first["id"], first["id"])
    assert (await push())["error"] == "push_limit_reached"


async def test_a_hash_guards_an_update(slack: StandIn) -> None:
    trigger = slack.hub.triggers.issue("U0ROSA")
    view = (await call(slack, "views.open", trigger_id=trigger, view=MODAL | {"external_id": "mine"}))["view"]
    update = {"view_id": view["id"], "hash": view["hash"], "view": MODAL}
    assert (await call(slack, "views.update", **update))["ok"]
    assert (await call(slack, "views.update", **update))["error"] == "hash_conflict"
    assert (await call(slack, "views.update", external_id="mine", view=MODAL))["error"] == "not_found"
    await slack.close("rosa")
    assert (await call(slack, "views.update", view_id=view["id"], view=MODAL))["error"] == "not_found"


async def test_an_external_id_is_unique_among_open_views(slack: StandIn) -> None:
    for user, error in (("U0ROSA", None), ("U0ADA", "duplicate_external_id")):
        trigger = slack.hub.triggers.issue(user)
        answer = await call(slack, "views.open", trigger_id=trigger, view=MODAL | {"external_id": "mine"})
        assert answer.get("error") == error


async def test_only_own_messages_change(slack: StandIn, client: AsyncWebClient) -> None:
    ts = await slack.say("rosa", SUPPORT, "hello")
    assert (await call(slack, "chat.update", channel=SUPPORT, ts=ts, text="x"))[
        "error"
    ] == "cant_update_message"
    assert (await call(slack, "chat.delete", channel=SUPPORT, ts=ts))["error"] == "cant_delete_message"
    own = await client.chat_postMessage(channel=SUPPORT, text="mine", blocks=[HEADER], metadata=META)
    update = {"channel": SUPPORT, "ts": own["ts"]}
    assert (await call(slack, "chat.update", **update, text="x" * 4001))["error"] == "msg_too_long"
    changed = (await call(slack, "chat.update", **update, text="x" * 4000))["message"]
    assert (changed["blocks"][0]["type"], changed["metadata"]) == ("header", META)
    gone = (await call(slack, "chat.update", **update, text="x", blocks=[], metadata={}))["message"]
    assert "blocks" not in gone
    assert "metadata" not in gone


async def test_history_and_replies(client: AsyncWebClient, clock: Clock) -> None:
    posted = []
    for number in range(4):
        clock.go(1)
        answer = await client.chat_postMessage(channel=SUPPORT, text=str(number), metadata=META)
        posted.append(answer["ts"])
    await client.chat_postMessage(channel=SUPPORT, text="below", thread_ts=posted[0])
    await client.chat_postEphemeral(channel=SUPPORT, user="U0ROSA", text="whisper")

    async def history(**args: object) -> list[str]:
        found = await client.conversations_history(channel=SUPPORT, **args)
        return [message["text"] for message in found["messages"]]

    assert await history() == ["3", "2", "1", "0"]
    assert await history(oldest=posted[1]) == ["3", "2"]
    assert await history(oldest=posted[1], latest=posted[2], inclusive=True) == ["2", "1"]
    page = await client.conversations_history(channel=SUPPORT, limit=3)
    assert page["has_more"]
    assert await history(cursor=page["response_metadata"]["next_cursor"]) == ["0"]
    bare = await client.conversations_history(channel=SUPPORT, limit=1)
    full = await client.conversations_history(channel=SUPPORT, limit=1, include_all_metadata=True)
    assert ("metadata" in bare["messages"][0], full["messages"][0]["metadata"]) == (False, META)
    replies = await client.conversations_replies(channel=SUPPORT, ts=posted[0])
    assert [message["text"] for message in replies["messages"]] == ["0", "below"]
    assert replies["messages"][0]["reply_count"] == 1


async def test_who_is_who(slack: StandIn, client: AsyncWebClient) -> None:
    assert (await client.users_info(user="U0EVE"))["user"]["team_id"] == "T0OTHER"
    assert (await client.users_info(user="U0ROSA"))["user"]["tz"] == "Europe/Madrid"
    first = await client.users_list(limit=2)
    rest = await client.users_list(limit=9, cursor=first["response_metadata"]["next_cursor"])
    names = [user["name"] for answer in (first, rest) for user in answer["members"]]
    assert names == ["helpdesk", "rosa", "ada", "ben", "eve"]
    members = await client.conversations_members(channel="C0SSLAGENTS")
    assert members["members"] == sorted(["U0ADA", "U0BEN", slack.bot_user])
    opened = await client.conversations_open(users="U0ROSA")
    assert opened["channel"]["id"] == slack.im("rosa") == IM
    channels = await client.conversations_list(types="public_channel,private_channel")
    assert [channel["name"] for channel in channels["channels"]] == ["ssl-support", "ssl-agents"]
    assert (await client.conversations_info(channel=SUPPORT))["channel"]["is_ext_shared"]


def test_every_code_is_in_the_table() -> None:
    folder = Path(__file__).parents[2] / "bot" / "playground" / "standin"
    used = set()
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                used |= _codes(node)
    assert used <= {*CALLS, *RESPONSE_URLS, *ANSWERS}
    assert set(CALLS) | set(RESPONSE_URLS) <= used | {
        "invalid_ts_oldest",
        "invalid_ts_latest",
        "cant_update_message",
    } | {
        "cant_delete_message",
    }


def _codes(node: ast.Call) -> set[str]:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    found = {
        str(k.value.value)
        for k in node.keywords
        if k.arg in {"missing", "malformed"} and isinstance(k.value, ast.Constant)
    }
    if name in {"Refusal", "because"} and node.args and isinstance(node.args[0], ast.Constant):
        found.add(str(node.args[0].value))
    return found
