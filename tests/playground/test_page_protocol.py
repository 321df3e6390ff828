"""The page's WebSocket: what one person sees and does, and who may not speak to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.standin import SITES, Outcome, Passage, Proceed, Shortcut, StandIn, Way

Json = dict[str, Any]
BUTTON = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
BLOCKS = [{"type": "actions", "block_id": "b", "elements": [BUTTON]}]
FORM = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Form"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "day",
            "label": {"type": "plain_text", "text": "Day"},
            "element": {"type": "datepicker", "action_id": "d"},
        },
    ],
}


class PageSide:
    """A page's end of the socket."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.state: Json = {}
        self._number = 0

    async def until(self, wanted: Callable[[Json], object]) -> Json:
        while not (self.state and wanted(self.state)):
            message = await self.socket.receive_json(timeout=3)
            if message["type"] == "state":
                self.state = message
        return self.state

    async def do(self, what: str, **about: object) -> Json:
        self._number += 1
        await self.socket.send_json({"id": self._number, "do": what, **about})
        while True:
            message: Json = await self.socket.receive_json(timeout=3)
            if message["type"] == "reply":
                assert message["id"] == self._number
                return message
            self.state = message


@asynccontextmanager
async def page(slack: StandIn, user: str) -> AsyncIterator[PageSide]:
    address = f"{slack.url}/page/ws?as={slack.user(user)}"
    async with aiohttp.ClientSession() as session, session.ws_connect(address, origin=slack.url) as socket:
        side = PageSide(socket)
        await side.until(lambda state: state["me"])
        yield side


@pytest.fixture
def got(slack: StandIn) -> list[Json]:
    deliveries: list[Json] = []

    async def acknowledge(passage: Passage, proceed: Proceed) -> Outcome:
        if passage.way is not Way.DELIVERY:
            return await proceed()
        deliveries.append(dict(passage.content))
        return Outcome(200)

    slack.faults.append(acknowledge)
    return deliveries


async def test_one_sees_only_what_is_ones_own(slack: StandIn, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="C0SSLAGENTS", text="for agents")
    await client.chat_postEphemeral(channel="C0SSLSUPPORT", user="U0ROSA", text="for Rosa")
    async with page(slack, "rosa") as rosa, page(slack, "ada") as ada:
        assert [(c["id"], c["kind"]) for c in rosa.state["channels"]] == [
            ("C0SSLSUPPORT", "channel"),
            ("D0ROSA", "im"),
        ]
        assert [m["text"] for m in rosa.state["messages"]["C0SSLSUPPORT"]] == ["for Rosa"]
        assert rosa.state["messages"]["C0SSLSUPPORT"][0]["ephemeral"]
        assert ada.state["messages"]["C0SSLSUPPORT"] == []
        assert [m["text"] for m in ada.state["messages"]["C0SSLAGENTS"]] == ["for agents"]
        assert rosa.state["me"] == {"id": "U0ROSA", "name": "Rosa", "color": "#9f69e7", "role": "requester"}


async def test_commands_are_offered_to_ones_own_people_only() -> None:
    offered = [Shortcut("check_order", "Check"), Shortcut("new_case", "New", on_message=False)]
    async with (
        StandIn.serving(commands=["/help"], shortcuts=offered, home=False) as slack,
        page(slack, "rosa") as rosa,
        page(slack, "eve") as eve,
    ):
        assert [c["command"] for c in rosa.state["commands"]] == ["/help"]
        assert [s["name"] for s in rosa.state["shortcuts"]] == ["Check"]
        assert (eve.state["commands"], eve.state["shortcuts"]) == ([], [])
        assert not rosa.state["home_tab"]
        reply = await eve.do("slash", channel="C0SSLSUPPORT", command="/help", text="")
        assert (reply["ok"], "not offered" in reply["error"]) == (False, True)


async def test_posting_editing_deleting(slack: StandIn, got: list[Json]) -> None:
    async with page(slack, "rosa") as rosa:
        assert (await rosa.do("post", channel="D0ROSA", text="hello"))["ok"]
        state = await rosa.until(lambda s: s["messages"]["D0ROSA"])
        ts = state["messages"]["D0ROSA"][0]["ts"]
        assert (await rosa.do("edit", channel="D0ROSA", ts=ts, text="bye"))["ok"]
        await rosa.until(lambda s: s["messages"]["D0ROSA"][0]["edited"])
        assert (await rosa.do("delete", channel="D0ROSA", ts=ts))["ok"]
        await rosa.until(lambda s: s["messages"]["D0ROSA"] == [])
        refused = await rosa.do("post", channel="C0SSLAGENTS", text="let me in")
        assert not refused["ok"]
    assert len(got) == 3


async def test_a_button_and_a_form(slack: StandIn, got: list[Json], client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="C0SSLSUPPORT", text="x", blocks=BLOCKS)
    async with page(slack, "rosa") as rosa:
        ts = rosa.state["messages"]["C0SSLSUPPORT"][0]["ts"]
        where = {"type": "message", "channel": "C0SSLSUPPORT", "ts": ts}
        clicked = await rosa.do(
            "action",
            container=where,
            block_id="b",
            action_id="go",
            action={"type": "button"},
            state={"values": {}},
        )
        assert clicked["ok"]
        await client.views_open(trigger_id=got[0]["trigger_id"], view=FORM)
        view = (await rosa.until(lambda s: s["view"]))["view"]
        assert (view["title"]["text"], view["depth"]) == ("Form", 1)
        empty = await rosa.do("submit", view_id=view["id"], values={})
        assert not empty["ok"]
        await rosa.until(lambda s: s["view"]["errors"] == {"day": "Please complete this required field."})
        values = {"day": {"d": {"type": "datepicker", "selected_date": "2026-11-23"}}}
        assert (await rosa.do("submit", view_id=view["id"], values=values))["ok"]
        await rosa.until(lambda s: s["view"] is None)
    assert got[1]["view"]["state"]["values"] == values


async def test_a_view_is_closed_by_its_owner_only(slack: StandIn, client: AsyncWebClient) -> None:
    await client.views_open(trigger_id=slack.hub.triggers.issue("U0ROSA"), view=FORM)
    async with page(slack, "rosa") as rosa, page(slack, "ada") as ada:
        view = rosa.state["view"]["id"]
        assert ada.state["view"] is None
        assert not (await ada.do("close", view_id=view))["ok"]
        assert (await rosa.do("close", view_id=view))["ok"]
        assert not (await rosa.do("close", view_id=view))["ok"]


async def test_home_and_notices(slack: StandIn, client: AsyncWebClient) -> None:
    async with page(slack, "rosa") as rosa:
        await rosa.do("slash", channel="D0ROSA", command="/help", text="")
        state = await rosa.until(lambda s: s["notices"])
        assert "dispatch_failed" in state["notices"][0]["text"]
        await rosa.do("dismiss_notice", notice=state["notices"][0]["id"])
        await rosa.until(lambda s: s["notices"] == [])
        await client.views_publish(user_id="U0ROSA", view={"type": "home", "blocks": BLOCKS})
        home = (await rosa.until(lambda s: s["home"]))["home"]
        assert home["blocks"][0]["block_id"] == "b"
        assert (await rosa.do("home"))["ok"]
        assert (await rosa.do("home", tab="messages"))["ok"]
        opened = [delivery.payload["event"]["tab"] for delivery in slack.deliveries[-2:]]
        assert opened == ["home", "messages"]


async def test_reactions_shortcuts_and_threads(
    got: list[Json], slack: StandIn, client: AsyncWebClient
) -> None:
    parent = await client.chat_postMessage(channel="C0SSLAGENTS", text="card")
    where = {"channel": "C0SSLAGENTS", "ts": parent["ts"]}
    below = {"channel": "C0SSLAGENTS", "thread_ts": parent["ts"]}
    await client.chat_postMessage(**below, text="reply", reply_broadcast=True)
    await client.chat_postEphemeral(**below, text="whisper", user="U0ADA")
    async with page(slack, "ada") as ada, page(slack, "rosa") as rosa:
        assert (await ada.do("react", **where, name="eyes", on=True))["ok"]
        assert not (await ada.do("react", **where, name="eyes", on=True))["ok"]
        state = await ada.until(lambda s: s["messages"]["C0SSLAGENTS"][0]["reactions"])
        card, reply, whisper = state["messages"]["C0SSLAGENTS"]
        assert (card["reactions"], card["reply_count"]) == ([{"name": "eyes", "users": ["U0ADA"]}], 1)
        assert (reply["thread_ts"], reply["broadcast"], whisper["ephemeral"]) == (parent["ts"], True, True)
        assert (await ada.do("react", **where, name="eyes", on=False))["ok"]
        assert (await ada.do("shortcut", **where, callback_id="check_order"))["ok"]
        for do, about in (
            ("react", {"name": "eyes", "on": True}),
            ("shortcut", {"callback_id": "check_order"}),
        ):
            assert "gone" in (await rosa.do(do, **where, **about))["error"]
    assert [body.get("type") for body in got] == ["event_callback", "event_callback", "message_action"]


@pytest.mark.parametrize(
    "sent", ["", "{", "[]", "{}", '{"id": 1}', '{"id": 1, "do": "explode"}', '{"id": 1, "do": "post"}']
)
async def test_nonsense_gets_an_answer(slack: StandIn, sent: str) -> None:
    async with page(slack, "rosa") as rosa:
        await rosa.socket.send_str(sent)
        reply = await rosa.socket.receive_json(timeout=3)
        assert (reply["type"], reply["ok"]) == ("reply", False)


@pytest.mark.parametrize("origin", ["http://example.com", "http://127.0.0.1:1", "null", "https://{host}"])
async def test_other_pages_are_shut_out(slack: StandIn, origin: str) -> None:
    origin = origin.replace("{host}", f"127.0.0.1:{slack.port}")
    async with aiohttp.ClientSession() as session:
        for path in ("/page/info", "/page/ws?as=U0ROSA"):
            async with session.get(slack.url + path, headers={"Origin": origin}) as response:
                assert response.status == 403
        async with session.get(
            slack.url + "/page/info", headers={"Host": f"example.com:{slack.port}"}
        ) as response:
            assert response.status == 403


async def test_one_cannot_act_as_nobody(slack: StandIn) -> None:
    async with aiohttp.ClientSession() as session:
        for user in ("", "U0NOBODY", slack.bot_user):
            async with session.get(f"{slack.url}/page/ws?as={user}") as response:
                assert response.status == 404


async def test_faults_are_asked_for_and_shown(slack: StandIn, client: AsyncWebClient) -> None:
    async with page(slack, "rosa") as rosa:
        assert rosa.state["faults"] == {"rules": [], "happened": []}
        asked = {"site": "call:auth.test", "fault": "refused", "times": 2}
        assert (await rosa.do("fault", **asked))["ok"]
        rules = [{"site": "call:auth.test", "fault": "refused", "left": 2}]
        await rosa.until(lambda state: state["faults"]["rules"] == rules)
        with pytest.raises(SlackApiError, match="fatal_error"):
            await client.auth_test()
        happened = [{"site": "call:auth.test", "fault": "refused", "count": 1}]
        state = await rosa.until(lambda state: state["faults"]["happened"] == happened)
        assert state["faults"]["rules"][0]["left"] == 1
        await rosa.do("clear_faults")
        state = await rosa.until(lambda state: state["faults"]["rules"] == [])
        assert state["faults"]["happened"] == happened
        assert (await client.auth_test())["ok"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"site": "call:auth.tast", "fault": "refused"}, "no site"),
        ({"site": "call:auth.test", "fault": "nonsense"}, "no fault 'nonsense'"),
        ({"site": "call:auth.test", "fault": "duplicate"}, "does not fit"),
        ({"site": "call:auth.test", "fault": "refused", "times": 0}, "a number from 1 to 1000"),
        ({"site": "call:auth.test", "fault": "refused", "times": True}, "a number from 1 to 1000"),
        ({"site": "call:auth.test"}, "does not understand"),
    ],
)
async def test_faults_that_cannot_be_are_refused(slack: StandIn, asked: Json, said: str) -> None:
    async with page(slack, "rosa") as rosa:
        answer = await rosa.do("fault", **asked)
        assert said in answer["error"]
        assert slack.faults.rules == []


async def test_the_page_is_told_which_faults_there_are(slack: StandIn) -> None:
    async with aiohttp.ClientSession() as session, session.get(slack.url + "/page/info") as response:
        catalog = (await response.json())["faults"]
    assert [one["site"] for one in catalog["sites"]] == list(SITES)
    assert set(catalog["says"]) == {fault for one in catalog["sites"] for fault in one["faults"]}


async def test_a_file_dropped_on_the_page_goes_with_a_message_and_can_be_looked_at(slack: StandIn) -> None:
    at = f"{slack.url}/page/files"
    async with aiohttp.ClientSession() as session:
        async with session.post(at, params={"as": slack.user("rosa"), "name": "a.txt"}, data=b"hello") as put:
            file = await put.json()
        page = await session.ws_connect(f"{slack.url}/page/ws?as={slack.user('rosa')}")
        post = {"id": 1, "do": "post", "channel": slack.im("rosa"), "text": "", "files": [file["id"]]}
        await page.send_json(post)
        await slack.until(lambda: slack.shared(slack.im("rosa")))
        async with session.get(f"{at}/{file['id']}", params={"as": slack.user("rosa")}) as got:
            assert await got.read() == b"hello"
        async with session.get(f"{at}/{file['id']}", params={"as": slack.user("ada")}) as got:
            assert got.status == 404
        await page.close()
