"""What a desk in a channel lives on: reactions, threads, shortcuts, a Home tab, menus, who is a member."""

# ruff: noqa: E501 - tables and dialogs read best with a row a line
from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.standin import Fault, Message, Shortcut, StandIn, StandInError, text_of
from tests.playground.conftest import Answers

Json = dict[str, Any]
AGENTS = "ssl-agents"
C_AGENTS, C_SUPPORT = "C0SSLAGENTS", "C0SSLSUPPORT"


def words(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(value: str) -> Json:
    return {"text": words(value.upper()), "value": value}


def button(action_id: str) -> Json:
    return {"type": "button", "action_id": action_id, "text": words(action_id.capitalize())}


CARD = [{"type": "actions", "block_id": "card", "elements": [button("claim")]}]
HOME = {"type": "home", "private_metadata": "page 1", "blocks": CARD}
MODAL = {"type": "modal", "title": words("Note"), "blocks": CARD}


async def card(client: AsyncWebClient, slack: StandIn, **more: object) -> Message:
    """Let the app post a card to the agents."""
    posted = await client.chat_postMessage(channel=C_AGENTS, text="card", blocks=CARD, **more)
    return next(m for m in slack.messages(AGENTS) if m.ts == posted["ts"])


# reactions


async def test_a_reaction_and_its_end_are_told(slack: StandIn, app: Answers, client: AsyncWebClient) -> None:
    message = await card(client, slack)
    await slack.react("ada", message, "eyes")
    await slack.unreact("ada", message, "eyes")
    added, removed = (body["event"] for body in app.got)
    assert added == {
        "type": "reaction_added",
        "user": "U0ADA",
        "reaction": "eyes",
        "item": {"type": "message", "channel": C_AGENTS, "ts": message.ts},
        "item_user": slack.bot_user,
        "event_ts": added["event_ts"],
    }
    assert removed == added | {"type": "reaction_removed", "event_ts": removed["event_ts"]}
    assert float(removed["event_ts"]) > float(added["event_ts"]) > float(message.ts)


async def test_reactions_are_counted_by_name(slack: StandIn, client: AsyncWebClient) -> None:
    message = await card(client, slack)
    for who, name in (("ada", "eyes"), ("ben", "eyes"), ("ben", "+1")):
        await slack.react(who, message, name)
    await slack.unreact("ada", message, "eyes")
    shown = (await client.reactions_get(channel=C_AGENTS, timestamp=message.ts))["message"]
    assert shown["reactions"] == [
        {"name": "eyes", "users": ["U0BEN"], "count": 1},
        {"name": "+1", "users": ["U0BEN"], "count": 1},
    ]


async def test_the_apps_own_reaction_comes_back_to_it(
    slack: StandIn, app: Answers, client: AsyncWebClient
) -> None:
    message = await card(client, slack)
    await client.reactions_add(channel=C_AGENTS, timestamp=message.ts, name="eyes")
    await slack.until(lambda: app.got)
    assert (app.got[0]["event"]["user"], app.got[0]["event"]["reaction"]) == (slack.bot_user, "eyes")


@pytest.mark.usefixtures("app")
async def test_reactions_that_nobody_could_give(slack: StandIn, client: AsyncWebClient) -> None:
    message = await card(client, slack)
    await slack.react("ada", message, "eyes")
    with pytest.raises(StandInError, match="already"):
        await slack.react("ada", message, "eyes")
    with pytest.raises(StandInError, match="has not given"):
        await slack.unreact("ben", message, "eyes")
    with pytest.raises(StandInError, match="no emoji"):
        await slack.react("ada", message, "Eyes!")
    with pytest.raises(StandInError, match="sees no message"):
        await slack.react("rosa", message, "eyes")
    await client.chat_postEphemeral(channel=C_AGENTS, user="U0ADA", text="whisper")
    with pytest.raises(StandInError, match="ephemeral"):
        await slack.react("ada", slack.messages(AGENTS, "ada")[-1], "eyes")
    with pytest.raises(SlackApiError, match="invalid_name"):
        await client.reactions_add(channel=C_AGENTS, timestamp=message.ts, name="no such thing")
    slack.archive(AGENTS)
    with pytest.raises(StandInError, match="archived"):
        await slack.unreact("ada", message, "eyes")


@pytest.mark.parametrize(
    "options",
    [
        {"bot_scopes": ["chat:write", "groups:history", "groups:read"]},
        {"subscriptions": ["message.groups", "member_joined_channel"]},
    ],
)
async def test_reactions_need_their_scope_and_subscription(options: Json) -> None:
    async with StandIn.serving(**options) as slack:
        app = Answers(slack)
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
        await slack.react("ada", await card(client, slack), "eyes")
        assert [body["event"]["type"] for body in app.got if "reaction" in body["event"]["type"]] == []


async def test_no_reaction_is_told_of_a_channel_without_the_bot(slack: StandIn, app: Answers) -> None:
    slack.add_channel("general", ["ada"])
    await slack.say("ada", "general", "hello")
    await slack.react("ada", slack.messages("general")[0], "eyes")
    assert app.got == []


async def test_reactions_have_their_faults(slack: StandIn, app: Answers, client: AsyncWebClient) -> None:
    message = await card(client, slack)
    slack.inject("reaction_added", Fault.DUPLICATE)
    await slack.react("ada", message, "eyes")
    assert [body["event"]["reaction"] for body in app.got] == ["eyes", "eyes"]
    slack.inject("reaction_removed", Fault.TARGET_GONE)
    await slack.unreact("ada", message, "eyes")
    assert slack.messages(AGENTS) == []


# threads


async def test_a_button_in_a_thread_says_so(slack: StandIn, app: Answers, client: AsyncWebClient) -> None:
    parent = await card(client, slack)
    reply = await card(client, slack, thread_ts=parent.ts)
    await slack.click("ada", reply, "Claim")
    sent = app.got[0]
    assert sent["container"] == {
        "type": "message",
        "message_ts": reply.ts,
        "channel_id": C_AGENTS,
        "is_ephemeral": False,
        "thread_ts": parent.ts,
    }
    assert (sent["message"]["thread_ts"], sent["message"]["parent_user_id"]) == (parent.ts, slack.bot_user)
    await client.chat_update(channel=C_AGENTS, ts=reply.ts, text="taken", blocks=[])
    now = slack.messages(AGENTS)[-1]
    assert (now.text, now.thread_ts, now.blocks) == ("taken", parent.ts, ())
    async with (
        aiohttp.ClientSession() as session,
        session.post(sent["response_url"], json={"text": "only you"}) as response,
    ):
        assert response.status == 200
    assert slack.messages(AGENTS, "ada")[-1].thread_ts == parent.ts


async def test_a_reply_is_sent_to_the_channel_too(slack: StandIn, client: AsyncWebClient) -> None:
    parent = await card(client, slack)
    below = {"channel": C_AGENTS, "thread_ts": parent.ts}
    both = (await client.chat_postMessage(**below, text="both", reply_broadcast=True))["message"]
    later = await client.chat_postMessage(**below, text="later")
    assert (both["subtype"], both["thread_ts"], both["root"]["ts"]) == (
        "thread_broadcast",
        parent.ts,
        parent.ts,
    )

    async def in_channel() -> list[str]:
        history = await client.conversations_history(channel=C_AGENTS)
        return [message["text"] for message in history["messages"]]

    assert await in_channel() == ["both", "card"]
    await client.chat_update(channel=C_AGENTS, ts=later["ts"], text="later", reply_broadcast=True)
    assert await in_channel() == ["later", "both", "card"]
    replies = await client.conversations_replies(channel=C_AGENTS, ts=parent.ts)
    assert [message["text"] for message in replies["messages"]] == ["card", "both", "later"]


async def test_a_broadcast_is_an_event_of_its_own_kind(
    client: AsyncWebClient, slack: StandIn, app: Answers
) -> None:
    im = slack.im("rosa")
    parent = await client.chat_postMessage(channel=im, text="parent")
    await client.chat_postMessage(channel=im, text="x", thread_ts=parent["ts"], reply_broadcast=True)
    await slack.until(lambda: len(slack.deliveries) == 2)
    assert [delivery.name for delivery in slack.deliveries] == ["message", "thread_broadcast"]
    assert app.got[1]["event"]["root"]["ts"] == parent["ts"]


async def test_what_one_alone_sees_in_a_thread(slack: StandIn, client: AsyncWebClient) -> None:
    parent = await card(client, slack)
    whisper = {"channel": C_AGENTS, "user": "U0ADA", "thread_ts": parent.ts}
    await client.chat_postEphemeral(**whisper, text="too early")
    assert [m.text for m in slack.messages(AGENTS, "ada")] == ["card"]
    await slack.say("ben", AGENTS, "first", thread_ts=parent.ts)
    await client.chat_postEphemeral(**whisper, text="for Ada", blocks=CARD)
    assert [m.text for m in slack.messages(AGENTS, "ben")] == ["card", "first"]
    [for_ada] = [m for m in slack.messages(AGENTS, "ada") if m.text == "for Ada"]
    answer = Answers(slack)
    await slack.click("ada", for_ada, "claim")
    container = answer.got[0]["container"]
    assert (container["is_ephemeral"], container["thread_ts"]) == (True, parent.ts)
    assert "message" not in answer.got[0]
    history = await client.conversations_history(channel=C_AGENTS)
    assert (history["messages"][0]["reply_count"], history["messages"][0]["reply_users"]) == (1, ["U0BEN"])


# shortcuts


async def test_a_message_shortcut_as_slack_documents_it(slack: StandIn, app: Answers) -> None:
    await slack.say("rosa", "ssl-support", "Order 123 <please>")
    [message] = slack.messages("ssl-support")
    delivery = await slack.shortcut("ada", "check_order", message)
    assert (delivery.acked, delivery.name) == (True, "message_action")
    sent = app.got[0]
    assert sent == {
        "type": "message_action",
        "token": slack.world.verification_token,
        "action_ts": sent["action_ts"],
        "team": {"id": "T0PLAYGROUND", "domain": "playground"},
        "user": {"id": "U0ADA", "username": "ada", "name": "ada", "team_id": "T0PLAYGROUND"},
        "channel": {"id": C_SUPPORT, "name": "ssl-support"},
        "enterprise": None,
        "is_enterprise_install": False,
        "callback_id": "check_order",
        "trigger_id": sent["trigger_id"],
        "message_ts": message.ts,
        "message": {
            "type": "message",
            "user": "U0ROSA",
            "text": "Order 123 &lt;please&gt;",
            "ts": message.ts,
            "team": "T0PLAYGROUND",
            "blocks": sent["message"]["blocks"],
        },
        "response_url": sent["response_url"],
    }
    assert sent["response_url"].startswith(f"{slack.url}/app/")


async def test_a_shortcut_opens_a_modal_and_answers(
    slack: StandIn, app: Answers, client: AsyncWebClient
) -> None:
    await slack.say("rosa", "ssl-support", "hello")
    [message] = slack.messages("ssl-support")
    await slack.shortcut("ada", "check_order", message)
    await client.views_open(trigger_id=app.got[0]["trigger_id"], view=MODAL)
    view = slack.view("ada")
    assert view
    assert view.title == "Note"
    url = app.got[0]["response_url"]
    async with aiohttp.ClientSession() as session:
        async with session.post(url, json={"delete_original": True}) as response:
            assert (response.status, (await response.json())["error"]) == (400, "cant_delete_message")
        async with session.post(url, json={"text": "done"}) as response:
            assert response.status == 200
    assert [m.text for m in slack.messages("ssl-support", "ada")] == ["hello", "done"]


async def test_a_shortcut_that_is_not_acknowledged(slack: StandIn) -> None:
    await slack.say("rosa", "ssl-support", "hello")
    delivery = await slack.shortcut("ada", "check_order", slack.messages("ssl-support")[0])
    assert not delivery.acked
    assert slack.notices("ada") == ["We had some trouble connecting. Try again?"]


async def test_only_the_apps_shortcuts_are_offered() -> None:
    offered = ["check_order", Shortcut("new_case", "New case", on_message=False)]
    async with StandIn.serving(shortcuts=offered) as slack:
        app = Answers(slack)
        await slack.say("rosa", "ssl-support", "hello")
        [message] = slack.messages("ssl-support")
        await slack.shortcut("rosa", "check_order", message)
        await slack.shortcut("rosa", "new_case")
        assert [body["type"] for body in app.got] == ["message_action", "shortcut"]
        for wrong in ({"callback_id": "new_case", "message": message}, {"callback_id": "check_order"}):
            with pytest.raises(StandInError, match="no shortcut"):
                await slack.shortcut("rosa", **wrong)
        with pytest.raises(StandInError, match="other workspaces"):
            await slack.shortcut("eve", "check_order", message)
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
        with pytest.raises(StandInError, match="sees no message"):
            await slack.shortcut("rosa", "check_order", await card(client, slack))
        await client.chat_postEphemeral(channel=C_SUPPORT, user="U0ROSA", text="whisper")
        with pytest.raises(StandInError, match="only one person"):
            await slack.shortcut("rosa", "check_order", slack.messages("ssl-support", "rosa")[-1])


# App Home


async def test_a_home_is_opened_published_and_used(
    slack: StandIn, app: Answers, client: AsyncWebClient
) -> None:
    await slack.open_home("ada")
    assert {key: app.got[0]["event"][key] for key in ("type", "user", "channel", "tab")} == {
        "type": "app_home_opened",
        "user": "U0ADA",
        "channel": "D0ADA",
        "tab": "home",
    }
    first = (await client.views_publish(user_id="U0ADA", view=HOME))["view"]
    home = slack.home("ada")
    assert home
    await slack.click("ada", home, "Claim")
    sent = app.got[1]
    assert sent["container"] == {"type": "view", "view_id": home.id}
    assert (sent["view"]["type"], sent["view"]["private_metadata"]) == ("home", "page 1")
    assert sent["view"]["hash"] == first["hash"]
    assert {"channel", "message", "response_url"}.isdisjoint(sent)
    await client.views_open(trigger_id=sent["trigger_id"], view=MODAL)
    above = slack.view("ada")
    assert above
    assert (above.title, slack.home("ada")) == ("Note", home)
    second = (await client.views_publish(user_id="U0ADA", view=HOME, hash=first["hash"]))["view"]
    assert (second["id"], second["hash"] != first["hash"]) == (first["id"], True)
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_publish(user_id="U0ADA", view=HOME, hash=first["hash"])
    await slack.open_home("ada")
    assert app.got[2]["event"]["view"]["hash"] == second["hash"]


@pytest.mark.parametrize(("count", "error"), [(100, None), (101, "invalid_arguments")])
async def test_a_home_holds_a_hundred_blocks(client: AsyncWebClient, count: int, error: str | None) -> None:
    view = {"type": "home", "blocks": [{"type": "divider"}] * count}
    if error:
        with pytest.raises(SlackApiError, match=error):
            await client.views_publish(user_id="U0ADA", view=view)
    else:
        assert len((await client.views_publish(user_id="U0ADA", view=view))["view"]["blocks"]) == count


async def test_an_app_without_a_home_tab_publishes_none() -> None:
    async with StandIn.serving(home=False) as slack:
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
        with pytest.raises(SlackApiError, match="not_enabled"):
            await client.views_publish(user_id="U0ADA", view=HOME)


# elements: what is used, and what the action says then


MENU = {"type": "static_select", "action_id": "e", "options": [option("a"), option("b")]}
ELEMENTS: list[tuple[Json, Json, Json]] = [
    ({"type": "overflow", "action_id": "e", "options": [option("a")]}, {"option": "a"}, {"selected_option": option("a")}),
    (MENU, {"option": "B"}, {"selected_option": option("b")}),
    ({"type": "users_select", "action_id": "e"}, {"value": "ben"}, {"selected_user": "U0BEN"}),
    ({"type": "users_select", "action_id": "e"}, {"value": "U0BEN"}, {"selected_user": "U0BEN"}),
    ({"type": "checkboxes", "action_id": "e", "options": [option("a"), option("b")]}, {"option": ["b"]}, {"selected_options": [option("b")]}),
    ({"type": "multi_users_select", "action_id": "e"}, {"value": ["ada", "ben"]}, {"selected_users": ["U0ADA", "U0BEN"]}),
    ({"type": "channels_select", "action_id": "e"}, {"value": "#ssl-support"}, {"selected_channel": C_SUPPORT}),
]  # fmt: skip


@pytest.mark.parametrize("case", ELEMENTS, ids=lambda case: case[0]["type"])
@pytest.mark.parametrize("where", ["actions", "accessory", "home", "modal"])
async def test_an_element_says_what_was_chosen(
    slack: StandIn, app: Answers, client: AsyncWebClient, case: tuple[Json, Json, Json], where: str
) -> None:
    element, use, said = case
    block: Json = {"type": "section", "block_id": "b", "text": words("x"), "accessory": element}
    if where != "accessory":
        block = {"type": "actions", "block_id": "b", "elements": [element]}
    shown: Any
    if where == "home":
        await client.views_publish(user_id="U0ADA", view=HOME | {"blocks": [block]})
        shown = slack.home("ada")
    elif where == "modal":
        await client.views_open(
            trigger_id=slack.hub.triggers.issue("U0ADA"), view=MODAL | {"blocks": [block]}
        )
        shown = slack.view("ada")
    else:
        await client.chat_postMessage(channel=C_AGENTS, text="x", blocks=[block])
        shown = slack.messages(AGENTS)[0]
    await slack.click("ada", shown, "e", **use)
    [action] = app.got[0]["actions"]
    assert {key: action[key] for key in ("type", "action_id", "block_id")} == {
        "type": element["type"],
        "action_id": "e",
        "block_id": "b",
    }
    assert {key: action.get(key) for key in said} == said


async def test_a_person_is_chosen_in_a_form(slack: StandIn, app: Answers, client: AsyncWebClient) -> None:
    who = {
        "type": "input",
        "block_id": "who",
        "label": words("Who"),
        "element": {"type": "users_select", "action_id": "u"},
    }
    form = MODAL | {"submit": words("Reassign"), "blocks": [who]}
    await client.views_open(trigger_id=slack.hub.triggers.issue("U0ADA"), view=form)
    view = slack.view("ada")
    assert view
    with pytest.raises(StandInError, match="required"):
        await slack.submit("ada")
    with pytest.raises(StandInError, match="no user 'nobody'"):
        slack.fill(view, "who", "nobody")
    slack.fill(view, "who", "ben")
    await slack.submit("ada")
    assert app.got[0]["view"]["state"]["values"] == {
        "who": {"u": {"type": "users_select", "selected_user": "U0BEN"}}
    }


async def test_what_a_card_shows_is_read(slack: StandIn, client: AsyncWebClient) -> None:
    pieces: list[Json] = [
        {"type": "user", "user_id": "U0ADA"},
        {"type": "text", "text": " in "},
        {"type": "channel", "channel_id": C_SUPPORT},
        {"type": "text", "text": " "},
        {"type": "date", "timestamp": 1_795_000_000, "format": "{date_short}", "fallback": "18 Nov 2026"},
        {"type": "text", "text": " "},
        {"type": "emoji", "name": "eyes"},
    ]
    blocks = [
        {"type": "section", "fields": [{"type": "mrkdwn", "text": "*Case*"}, words("C-1001")]},
        {"type": "context", "elements": [words("one"), {"type": "mrkdwn", "text": "<!date^1^{date}|day>"}]},
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": pieces}]},
    ]
    await client.chat_postMessage(channel=C_AGENTS, text="x", blocks=blocks)
    assert text_of(slack.messages(AGENTS)[0]).split("\n") == [
        "*Case*",
        "C-1001",
        "one <!date^1^{date}|day>",
        f"<user:U0ADA> in <channel:{C_SUPPORT}> 18 Nov 2026 :eyes:",
    ]


# who is a member, and who is who


async def test_members_come_and_go_in_a_private_channel(
    slack: StandIn, app: Answers, client: AsyncWebClient
) -> None:
    await slack.join("rosa", AGENTS, "ada")
    await slack.leave("ben", AGENTS)
    joined, left = (body["event"] for body in app.got)
    assert {key: joined[key] for key in ("type", "user", "channel", "team", "inviter")} == {
        "type": "member_joined_channel",
        "user": "U0ROSA",
        "channel": C_AGENTS,
        "team": "T0PLAYGROUND",
        "inviter": "U0ADA",
    }
    assert (left["type"], left["user"], "inviter" in left) == ("member_left_channel", "U0BEN", False)
    first = await client.conversations_members(channel=C_AGENTS, limit=2)
    cursor = first["response_metadata"]["next_cursor"]
    rest = await client.conversations_members(channel=C_AGENTS, limit=2, cursor=cursor)
    assert sorted(first["members"] + rest["members"]) == sorted(["U0ADA", "U0ROSA", slack.bot_user])
    assert rest["response_metadata"]["next_cursor"] == ""


async def test_members_of_a_channel_without_the_bot_are_not_told(slack: StandIn, app: Answers) -> None:
    slack.add_channel("secret", ["ada"], private=True)
    await slack.join("ben", "secret", "ada")
    await slack.leave("ben", "secret")
    assert app.got == []


async def test_members_of_private_channels_need_their_scope() -> None:
    async with StandIn.serving(bot_scopes=["channels:read"]) as slack:
        app = Answers(slack)
        await slack.join("rosa", AGENTS, "ada")
        await slack.leave("rosa", "ssl-support")
        assert [body["event"]["channel"] for body in app.got] == [C_SUPPORT]


async def test_who_somebody_is(slack: StandIn, client: AsyncWebClient) -> None:
    ben = (await client.users_info(user="U0BEN"))["user"]
    wanted = ("id", "team_id", "name", "real_name", "tz", "tz_offset", "is_bot", "deleted")
    assert {key: ben[key] for key in wanted} == {
        "id": "U0BEN",
        "team_id": "T0PLAYGROUND",
        "name": "ben",
        "real_name": "Ben",
        "tz": "America/Toronto",
        "tz_offset": -18000,
        "is_bot": False,
        "deleted": False,
    }
    assert (await client.users_info(user=slack.bot_user))["user"]["is_bot"]


async def test_an_account_that_was_taken_away(slack: StandIn, app: Answers, client: AsyncWebClient) -> None:
    slack.deactivate("ben")
    ben = (await client.users_info(user="U0BEN"))["user"]
    assert (ben["deleted"], {"tz", "tz_offset", "real_name"} & set(ben)) == (True, set())
    assert "U0BEN" not in (await client.conversations_members(channel=C_AGENTS))["members"]
    with pytest.raises(SlackApiError, match="user_disabled"):
        await client.conversations_open(users="U0BEN")
    assert app.got == []


# who is named


async def test_a_message_that_names_the_app_is_told_once(slack: StandIn, app: Answers) -> None:
    ts = await slack.say("rosa", "ssl-support", "can <I> cancel?")
    assert app.got == []
    for text in ("@helpdesk can <I> cancel?", "@helpdesk can I?", "can I?"):
        await slack.edit("rosa", "ssl-support", ts, text)
    [event] = (body["event"] for body in app.got)
    assert {name: event[name] for name in ("type", "user", "text", "channel", "ts")} == {
        "type": "app_mention",
        "user": "U0ROSA",
        "text": f"<@{slack.bot_user}> can &lt;I&gt; cancel?",
        "channel": C_SUPPORT,
        "ts": ts,
    }
    elements = event["blocks"][0]["elements"][0]["elements"]
    assert [each["type"] for each in elements] == ["user", "text"]


async def test_who_is_named_elsewhere_is_not_told(slack: StandIn, app: Answers) -> None:
    slack.add_channel("lonely", ["rosa"])
    for channel, text in (
        ("lonely", "@helpdesk hi"),
        ("ssl-support", "write to it@helpdesk.example"),
        ("ssl-support", "@ada"),
    ):
        await slack.say("rosa", channel, text)
    await slack.say("rosa", slack.im("rosa"), "@helpdesk hi")
    assert {body["event"]["type"] for body in app.got} <= {"message"}


async def test_a_dm_that_slack_does_not_open(slack: StandIn, client: AsyncWebClient) -> None:
    slack.refuse_dm("eve", "user_not_visible")
    with pytest.raises(SlackApiError, match="user_not_visible"):
        await client.conversations_open(users=slack.user("eve"))
