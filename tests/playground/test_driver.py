"""What people can and cannot do, and what the app is told of it; the app here is a list of answers."""

# ruff: noqa: E501 - tables and dialogs read best with a row a line
from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.standin import Message, StandIn, StandInError, View, text_of
from tests.playground.conftest import Answers

Json = dict[str, Any]


def words(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(value: str) -> Json:
    return {"text": words(value.capitalize()), "value": value}


def field(block_id: str, element: Json, **changes: object) -> Json:
    return {"type": "input", "block_id": block_id, "label": words(block_id), "element": element, **changes}


def modal(*blocks: Json, **changes: object) -> Json:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": words("Form"),
        "submit": words("Send"),
        "blocks": list(blocks),
        **changes,
    }


NAME = field("name", {"type": "plain_text_input", "action_id": "name", "min_length": 2, "max_length": 5})
KIND = field(
    "kind",
    {"type": "radio_buttons", "action_id": "kind", "options": [option("dv"), option("ev")]},
    optional=True,
)
DAY = field("day", {"type": "datepicker", "action_id": "day"}, optional=True)
TAGS = field(
    "tags", {"type": "checkboxes", "action_id": "tags", "options": [option("a"), option("b")]}, optional=True
)
NAV = {
    "type": "actions",
    "block_id": "nav",
    "elements": [{"type": "button", "action_id": "back", "text": words("Back"), "value": "7"}],
}
FORM = modal(NAME, KIND, DAY, TAGS, NAV)
CARD = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "a &amp; *b*"}},
    {"type": "actions", "block_id": "c", "elements": [
        {"type": "button", "action_id": f"claim{n}", "text": words(f"Claim {n}"), "value": str(n)} for n in range(2)
    ]},
]  # fmt: skip


@pytest.fixture
def show(slack: StandIn, client: AsyncWebClient) -> Callable[..., Any]:
    async def opened(body: Json = FORM) -> View:
        await client.views_open(trigger_id=slack.hub.triggers.issue("U0ROSA"), view=body)
        view = slack.view("rosa")
        assert view
        return view

    return opened


async def test_a_form_is_filled_and_sent(slack: StandIn, app: Answers, show: Callable[..., Any]) -> None:
    view = await show()
    slack.fill(view, "name", "Rosa")
    slack.fill(view, "kind", "Ev")
    slack.fill(view, "day", "2026-11-23")
    slack.fill(view, "tags", ["a", "B"])
    delivery = await slack.submit("rosa")
    assert (delivery.acked, delivery.error, delivery.name) == (True, None, "view_submission")
    sent = app.got[0]
    assert sent["view"]["state"]["values"] == {
        "name": {"name": {"type": "plain_text_input", "value": "Rosa"}},
        "kind": {"kind": {"type": "radio_buttons", "selected_option": option("ev")}},
        "day": {"day": {"type": "datepicker", "selected_date": "2026-11-23"}},
        "tags": {"tags": {"type": "checkboxes", "selected_options": [option("a"), option("b")]}},
    }
    assert sent["user"] == {"id": "U0ROSA", "username": "rosa", "name": "rosa", "team_id": "T0PLAYGROUND"}
    assert (sent["view"]["hash"], sent["view"]["root_view_id"]) == (view.hash, view.id)
    assert slack.view("rosa") is None


async def test_what_was_not_entered_is_null(slack: StandIn, app: Answers, show: Callable[..., Any]) -> None:
    slack.fill(await show(), "name", "Rosa")
    await slack.submit("rosa")
    values = app.got[0]["view"]["state"]["values"]
    assert values["kind"]["kind"] == {"type": "radio_buttons", "selected_option": None}
    assert values["day"]["day"] == {"type": "datepicker", "selected_date": None}
    assert values["tags"]["tags"] == {"type": "checkboxes", "selected_options": []}


@pytest.mark.parametrize(
    ("text", "sent"), [("", False), ("x", False), ("xy", True), ("12345", True), ("123456", False)]
)
async def test_the_client_checks_before_it_sends(
    slack: StandIn,
    app: Answers,
    show: Callable[..., Any],
    text: str,
    sent: bool,  # noqa: FBT001
) -> None:
    view = await show()
    slack.fill(view, "name", text)
    if sent:
        await slack.submit("rosa")
    else:
        with pytest.raises(StandInError, match="does not send"):
            await slack.submit("rosa")
        assert "! Please" in text_of(slack.view("rosa"))
    assert len(app.got) == sent


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ({"type": "email_text_input"}, "a@example.com", "a@"),
        ({"type": "url_text_input"}, "https://example.com", "example"),
        ({"type": "number_input", "is_decimal_allowed": False, "min_value": "2"}, "2", "1"),
        ({"type": "number_input", "is_decimal_allowed": False, "max_value": "2"}, "2", "3"),
        ({"type": "number_input", "is_decimal_allowed": False}, "2", "2.5"),
        ({"type": "number_input", "is_decimal_allowed": True}, "2.5", "two"),
    ],
)
@pytest.mark.usefixtures("app")
async def test_the_client_checks_forms(
    slack: StandIn, show: Callable[..., Any], kind: Json, good: str, bad: str
) -> None:
    view = await show(modal(field("x", {"action_id": "x", **kind})))
    slack.fill(view, "x", bad)
    with pytest.raises(StandInError):
        await slack.submit("rosa")
    slack.fill(view, "x", good)
    assert (await slack.submit("rosa")).acked
    assert len(slack.deliveries) == 1


async def test_errors_stand_under_their_input(slack: StandIn, app: Answers, show: Callable[..., Any]) -> None:
    view = await show()
    slack.fill(view, "name", "Rosa")
    app.will({"response_action": "errors", "errors": {"name": "Who is that?"}})
    await slack.submit("rosa")
    assert "! Who is that?" in text_of(slack.view("rosa"))
    slack.fill(view, "name", "Ada")
    assert "Who is that?" not in text_of(slack.view("rosa"))


async def test_a_submission_updates_pushes_and_clears(
    slack: StandIn, app: Answers, show: Callable[..., Any]
) -> None:
    plain = modal({"type": "divider"})
    view = await show(plain)
    app.will({"response_action": "update", "view": plain | {"title": words("Second")}})
    await slack.submit("rosa")
    now = slack.view("rosa")
    assert now
    assert (now.id, now.title, now.hash != view.hash) == (view.id, "Second", True)
    app.will({"response_action": "push", "view": plain | {"title": words("Above")}})
    await slack.submit("rosa")
    above = slack.view("rosa")
    assert above
    assert (above.title, above.previous_view_id, above.root_view_id) == ("Above", view.id, view.id)
    await slack.close("rosa")
    assert text_of(slack.view("rosa")) == "Second\n---\n[Send]"
    app.will({"response_action": "push", "view": plain})
    await slack.submit("rosa")
    app.will({"response_action": "clear"})
    await slack.submit("rosa")
    assert slack.view("rosa") is None


BAD_ANSWERS: list[tuple[object, str]] = [
    ("words", "invalid_response"),
    ({"response_action": "explode"}, "invalid_response_action"),
    ({"response_action": "clear", "view": {}}, "invalid_response_action"),
    ({"response_action": "errors", "errors": {}}, "invalid_errors_block_id"),
    ({"response_action": "errors", "errors": {"nav": "x"}}, "invalid_errors_block_id"),
    ({"response_action": "errors", "errors": {"name": ""}}, "invalid_errors_text"),
    ({"response_action": "update", "view": modal(NAME, title=words("x" * 25))}, "invalid_arguments"),
]


@pytest.mark.parametrize(("answer", "code"), BAD_ANSWERS)
async def test_wrong_answers_to_a_submission(
    slack: StandIn, app: Answers, show: Callable[..., Any], answer: object, code: str
) -> None:
    slack.fill(await show(), "name", "Rosa")
    app.will(answer)
    delivery = await slack.submit("rosa")
    assert (delivery.acked, delivery.error) == (True, code)
    assert slack.view("rosa")
    assert slack.notices("rosa") == ["We had some trouble connecting. Try again?"]
    assert len(slack.problems) == 1
    slack.problems.clear()


async def test_a_wrong_answer_to_a_command(slack: StandIn, app: Answers) -> None:
    app.will({"text": "x", "blocks": [{"type": "nothing"}]})
    delivery = await slack.slash("rosa", "ssl-support", "/help")
    assert (delivery.error, len(slack.problems)) == ("invalid_blocks", 1)
    slack.problems.clear()


async def test_a_button_in_a_view(slack: StandIn, app: Answers, show: Callable[..., Any]) -> None:
    view = await show()
    slack.fill(view, "name", "Ro")
    await slack.click("rosa", view, "Back")
    sent = app.got[0]
    assert sent["container"] == {"type": "view", "view_id": view.id}
    [action] = sent["actions"]
    assert (action["action_id"], action["block_id"], action["value"]) == ("back", "nav", "7")
    assert sent["view"]["state"]["values"]["name"]["name"]["value"] == "Ro"
    assert "response_url" not in sent


async def test_what_was_entered_stays_where_the_ids_stay(
    slack: StandIn, app: Answers, show: Callable[..., Any], client: AsyncWebClient
) -> None:
    view = await show()
    slack.fill(view, "name", "Ro")
    slack.fill(view, "day", "2026-11-23")
    other = field("day", {"type": "datepicker", "action_id": "day2", "initial_date": "2026-01-01"})
    await client.views_update(view_id=view.id, view=modal(NAME, other))
    now = slack.view("rosa")
    assert now
    assert (now.values["name"]["name"]["value"], now.values["day"]["day2"]["selected_date"]) == (
        "Ro",
        "2026-01-01",
    )
    assert app.got == []


async def test_a_button_of_a_message(slack: StandIn, app: Answers, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="C0SSLAGENTS", text="x", blocks=CARD)
    [message] = slack.messages("ssl-agents")
    await slack.click("ada", message, "claim1")
    sent = app.got[0]
    assert sent["message"]["blocks"][1]["block_id"] == "c"
    assert (sent["channel"], sent["container"]["message_ts"]) == (
        {"id": "C0SSLAGENTS", "name": "privategroup"},
        message.ts,
    )
    assert sent["response_url"].startswith(slack.url + "/actions/")
    assert sent["actions"][0]["value"] == "1"


@pytest.mark.usefixtures("app")
async def test_one_cannot_click_what_one_does_not_see(slack: StandIn, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="C0SSLAGENTS", text="x", blocks=CARD)
    [message] = slack.messages("ssl-agents")
    with pytest.raises(StandInError, match="sees no message"):
        await slack.click("rosa", message, "claim1")
    with pytest.raises(StandInError, match="0 elements answer"):
        await slack.click("ada", message, "release")
    await client.chat_update(channel=message.channel, ts=message.ts, text="taken", blocks=[])
    with pytest.raises(StandInError, match="0 elements answer"):
        await slack.click("ada", message, "claim1")
    assert (await slack.click("ada", message, "claim1", stale=True)).acked
    await client.chat_delete(channel=message.channel, ts=message.ts)
    with pytest.raises(StandInError, match="sees no message"):
        await slack.click("ada", message, "claim1")
    await client.chat_postEphemeral(channel="C0SSLAGENTS", user="U0ADA", text="x", blocks=CARD)
    [whisper] = slack.messages("ssl-agents", "ada")
    with pytest.raises(StandInError, match="only U0ADA"):
        await slack.click("ben", whisper, "claim1")


async def test_elements_of_a_message_remember(slack: StandIn, app: Answers, client: AsyncWebClient) -> None:
    menu = {"type": "static_select", "action_id": "s", "options": [option("a"), option("b")]}
    more = {"type": "overflow", "action_id": "o", "options": [option("c")]}
    day = {"type": "datepicker", "action_id": "d"}
    blocks = [{"type": "actions", "block_id": "all", "elements": [menu, day, more]}]
    await client.chat_postMessage(channel="D0ROSA", text="x", blocks=blocks)
    message = slack.messages("D0ROSA")[0]
    await slack.click("rosa", message, "s", option="b")
    await slack.click("rosa", message, "d", date="2026-11-23")
    await slack.click("rosa", message, "o", option="c")
    actions = [sent["actions"][0] for sent in app.got if sent.get("type") == "block_actions"]
    assert [action["type"] for action in actions] == ["static_select", "datepicker", "overflow"]
    assert (actions[0]["selected_option"]["value"], actions[1]["selected_date"]) == ("b", "2026-11-23")
    assert app.got[-1]["state"]["values"]["all"]["s"]["selected_option"]["value"] == "b"
    with pytest.raises(StandInError, match="offers no"):
        await slack.click("rosa", message, "s", option="z")
    with pytest.raises(StandInError, match="YYYY-MM-DD"):
        await slack.click("rosa", message, "d", date="tomorrow")


async def test_a_screen_that_has_not_caught_up_changes_nothing_here(
    slack: StandIn, app: Answers, show: Callable[..., Any], client: AsyncWebClient
) -> None:
    old = await show(modal(KIND | {"dispatch_action": True}))
    await client.views_update(view_id=old.id, view=modal(DAY))
    with pytest.raises(StandInError, match="0 elements"):
        await slack.click("rosa", old, "kind", option="dv")
    await slack.click("rosa", old, "kind", option="dv", stale=True)
    assert app.got[0]["view"]["hash"] == old.hash
    assert app.got[0]["actions"][0]["selected_option"] == option("dv")
    now = slack.view("rosa")
    assert now
    assert now.blocks[0]["block_id"] == "day"


async def test_an_input_tells_nothing_until_submitted(
    slack: StandIn, app: Answers, show: Callable[..., Any]
) -> None:
    view = await show()
    with pytest.raises(StandInError, match="until the view is submitted"):
        await slack.click("rosa", view, "kind", option="dv")
    with pytest.raises(StandInError, match="0 inputs"):
        slack.fill(view, "nothing", "x")
    view = await show(modal(KIND | {"dispatch_action": True}))
    assert (await slack.click("rosa", view, "kind", option="dv")).payload["actions"][0][
        "selected_option"
    ] == option("dv")
    assert len(app.got) == 1


async def test_view_closed_comes_when_asked_for(
    slack: StandIn, app: Answers, show: Callable[..., Any]
) -> None:
    assert await slack.close("rosa", await show()) is None
    view = await show(FORM | {"notify_on_close": True})
    await slack.close("rosa")
    [sent] = app.got
    assert (sent["type"], sent["view"]["id"], sent["is_cleared"]) == ("view_closed", view.id, False)
    with pytest.raises(StandInError, match="no such view"):
        await slack.submit("rosa", view)


async def test_edits_and_deletes_in_a_dm(slack: StandIn, app: Answers) -> None:
    im = slack.im("rosa")
    ts = await slack.say("rosa", im, "one")
    await slack.edit("rosa", im, ts, "two")
    await slack.unfurl(im, ts)
    await slack.delete("rosa", im, ts)
    events = [body["event"] for body in app.got]
    assert [event.get("subtype") for event in events] == [
        None,
        "message_changed",
        "message_changed",
        "message_deleted",
    ]
    assert (events[1]["message"]["text"], events[1]["previous_message"]["text"]) == ("two", "one")
    assert events[2]["message"]["text"] == events[2]["previous_message"]["text"] == "two"
    assert events[3]["deleted_ts"] == ts
    with pytest.raises(StandInError, match="has no message"):
        await slack.edit("ada", im, ts, "x")


async def test_what_is_not_subscribed_is_not_sent(slack: StandIn, app: Answers) -> None:
    await slack.say("rosa", "ssl-support", "hello")
    assert app.got == []


async def test_joining_leaving_and_opening_the_home(
    slack: StandIn, app: Answers, client: AsyncWebClient
) -> None:
    await slack.join("rosa", "ssl-agents", "ada")
    await slack.leave("rosa", "ssl-agents")
    await slack.open_home("rosa")
    await client.views_publish(user_id="U0ROSA", view={"type": "home", "blocks": CARD})
    await slack.open_home("rosa")
    await slack.open_messages("rosa")
    events = [body["event"] for body in app.got]
    assert [event["type"] for event in events] == ["member_joined_channel", "member_left_channel"] + [
        "app_home_opened"
    ] * 3
    assert (events[0]["inviter"], events[0]["user"], events[0]["channel"]) == (
        "U0ADA",
        "U0ROSA",
        "C0SSLAGENTS",
    )
    assert ["view" in event for event in events[2:]] == [False, True, False]
    home = slack.home("rosa")
    assert home
    await slack.click("rosa", home, "claim0")
    assert app.got[-1]["view"]["type"] == "home"


async def test_the_bots_own_message_comes_back_to_it(
    slack: StandIn, app: Answers, client: AsyncWebClient
) -> None:
    await client.chat_postMessage(channel="U0ROSA", text="hi")
    await slack.until(lambda: app.got)
    event = app.got[0]["event"]
    assert (event["user"], event["bot_id"], event["channel"]) == (slack.bot_user, "B0STANDIN", "D0ROSA")


async def test_a_message_shortcut(slack: StandIn, app: Answers) -> None:
    await slack.say("rosa", "ssl-support", "hello")
    [message] = slack.messages("ssl-support")
    await slack.shortcut("ada", "file", message)
    assert (app.got[0]["type"], app.got[0]["message"]["text"], app.got[0]["message_ts"]) == (
        "message_action",
        "hello",
        message.ts,
    )


async def test_until_says_what_happened_last(slack: StandIn, client: AsyncWebClient) -> None:
    await client.auth_test()
    with pytest.raises(TimeoutError, match=r"auth\.test:ok"):
        await slack.until(lambda: False, timeout=0.05)
    assert await slack.until(lambda: slack.user("rosa")) == "U0ROSA"


async def test_it_binds_loopback_only() -> None:
    for host in ("0.0.0.0", "192.168.1.1", "example.com"):  # noqa: S104
        with pytest.raises(StandInError, match="loopback only"):
            async with StandIn.serving(host=host):
                pass


async def test_no_two_stand_ins_share_a_secret() -> None:
    one, other = StandIn(), StandIn()
    assert {one.bot_token, one.app_token, one.signing_secret}.isdisjoint(
        {other.bot_token, other.app_token, other.signing_secret}
    )


def test_text_of_everything() -> None:
    line = {
        "type": "rich_text_section",
        "elements": [{"type": "text", "text": "x"}, {"type": "link", "url": "https://e.com", "text": "y"}],
    }
    blocks = (
        {"type": "header", "text": words("Head")},
        {"type": "rich_text", "elements": [
            line,
            {"type": "rich_text_list", "style": "ordered", "elements": [line, line], "indent": 1},
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": "a\nb"}]},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "code"}]},
        ]},
        {"type": "context", "elements": [words("small")]},
        *CARD,
    )  # fmt: skip
    message = Message("C", "1.0", "U", "fallback", blocks=blocks)
    assert (
        text_of(message) == "Head\nxy\n  1. xy\n  2. xy\n> a\n> b\ncode\nsmall\na & *b*\n[Claim 0] [Claim 1]"
    )
    assert text_of(Message("C", "1.0", "U", "a &lt; b")) == "a < b"


async def test_the_page_and_its_files_are_served(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>hello</p>")
    (tmp_path / "app.js").write_text("1")
    async with StandIn.serving(page_dir=tmp_path) as slack, aiohttp.ClientSession() as session:
        for path, text in (("/", "<p>hello</p>"), ("/app.js", "1")):
            async with session.get(slack.url + path) as response:
                assert await response.text() == text
        async with session.get(slack.url + "/page/info") as response:
            info = json.loads(await response.text())
        assert [user["name"] for user in info["users"]] == ["Rosa", "Ada", "Ben", "Eve"]
        assert info["default"] == "U0ROSA"
