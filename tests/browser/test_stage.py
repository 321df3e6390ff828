"""What a desk in a channel lives on, on the page: reactions, threads, shortcuts, a Home tab, menus."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.standin import Outcome
from tests.browser.conftest import Stage, Watched
from tests.browser.desk import (
    composer,
    focus_is,
    message,
    messages,
    modal,
    open_home,
    open_thread,
    tab_to,
    thread,
)

pytestmark = pytest.mark.browser

Json = dict[str, Any]
AGENTS = "C0SSLAGENTS"


def words(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def markdown(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(value: str) -> Json:
    return {"text": words(value.capitalize()), "value": value}


def button(action_id: str) -> Json:
    return {"type": "button", "action_id": action_id, "text": words(action_id.capitalize())}


def row(*elements: Json, block_id: str = "row") -> Json:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


MENU = {"type": "static_select", "action_id": "menu", "options": [option("refunded"), option("refused")]}
MODAL = {"type": "modal", "title": words("Note"), "blocks": [{"type": "divider"}]}


@pytest.fixture
def client(stage: Stage) -> AsyncWebClient:
    return AsyncWebClient(token=stage.slack.bot_token, base_url=stage.slack.api_url)


async def post(client: AsyncWebClient, text: str, *blocks: Json, **more: object) -> str:
    """Let the app post to the agents; return the timestamp."""
    posted = await client.chat_postMessage(channel=AGENTS, text=text, blocks=blocks or None, **more)
    return str(posted["ts"])


def actions(stage: Stage) -> list[Json]:
    """What was clicked and chosen, as the app was told."""
    return [body["actions"][0] for body in stage.app.got if body.get("type") == "block_actions"]


def told(stage: Stage, kind: str) -> list[Json]:
    """The events of one kind that the app was told of."""
    events = [body["event"] for body in stage.app.got if "event" in body]
    return [event for event in events if event["type"] == kind]


# reactions


async def test_reactions_are_given_counted_and_taken_back(
    staged: Watched, stage: Stage, client: AsyncWebClient
) -> None:
    ts = await post(client, "C-1001")
    ada, ben = await staged.page("ada", AGENTS), await staged.page("ben", AGENTS)
    await message(ada, ts).hover()
    for name in ("eyes", "check mark", "alarm light", "thumbs up"):
        await expect(message(ada, ts).get_by_role("button", name=f"React with {name}")).to_be_visible()
    await message(ada, ts).get_by_role("button", name="React with eyes").click()

    pill = message(ben, ts).get_by_role("button", name="eyes, 1, by Ada")
    await expect(pill).to_have_attribute("aria-pressed", "false")
    await pill.click()
    both = message(ada, ts).locator("[data-reaction=eyes]")
    await expect(both).to_have_text(re.compile("2$"))
    await expect(both).to_have_attribute("aria-pressed", "true")
    await both.click()
    await expect(message(ben, ts).get_by_role("button", name="eyes, 1, by you")).to_be_visible()

    given = [(event["user"], event["reaction"]) for event in told(stage, "reaction_added")]
    assert given == [("U0ADA", "eyes"), ("U0BEN", "eyes")]
    assert [event["user"] for event in told(stage, "reaction_removed")] == ["U0ADA"]


async def test_reactions_shortcuts_and_threads_by_keyboard(
    staged: Watched, stage: Stage, client: AsyncWebClient
) -> None:
    ts = await post(client, "C-1001", row(button("claim")))
    page = await staged.page("ada", AGENTS)
    await expect(composer(page, "#ssl-agents")).to_be_focused()
    await tab_to(page, back=True, action="claim")
    await page.keyboard.press("Enter")
    note = {"type": "context", "elements": [words("Ben looks at it")]}
    lower = {k: v for k, v in row(button("claim")).items() if k != "block_id"}
    await client.chat_update(channel=AGENTS, ts=ts, text="C-1001", blocks=[note, lower])
    await expect(message(page, ts)).to_contain_text("Ben looks at it")
    await focus_is(page, action="claim")  # drawn anew elsewhere, the same button has the focus
    await client.chat_update(channel=AGENTS, ts=ts, text="Claimed", blocks=[])
    await expect(message(page, ts)).to_contain_text("Claimed")
    await focus_is(page, tag="ARTICLE")  # the button is gone, the focus is still at its message
    await tab_to(page, label="React with eyes")
    await page.keyboard.press("ArrowLeft")
    await focus_is(page, label="More actions")
    for _ in range(2):
        await page.keyboard.press("ArrowLeft")
    await focus_is(page, label="Add reaction…")
    await page.keyboard.press("Enter")
    for key in ("ArrowRight", "ArrowDown", "Enter"):
        await page.keyboard.press(key)
    await expect(message(page, ts).locator("[data-reaction=heart]")).to_be_visible()
    await focus_is(page, label="Add reaction…")  # the focus is back where the menu was opened
    for key in ("ArrowRight", "ArrowRight", "Enter", "Enter"):
        await page.keyboard.press(key)
    await stage.slack.until(lambda: stage.app.got[-1].get("type") == "message_action")
    assert stage.app.got[-1]["callback_id"] == "check_order"
    await page.keyboard.press("Enter")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("menu")).to_have_count(0)
    await focus_is(page, label="More actions")
    for key in ("ArrowLeft", "Enter"):
        await page.keyboard.press(key)
    await expect(thread(page).get_by_role("textbox")).to_be_focused()
    await page.keyboard.type("On it")
    await page.keyboard.press("Enter")
    await expect(thread(page)).to_contain_text("1 reply")
    await page.keyboard.press("Escape")
    await expect(thread(page)).to_have_count(0)
    await expect(composer(page, "#ssl-agents")).to_be_focused()


# threads


async def test_a_thread_is_live_and_marks_what_is_new(
    staged: Watched, stage: Stage, client: AsyncWebClient
) -> None:
    card = await post(client, "C-1001")
    ada, ben = await staged.page("ada"), await staged.page("ben", AGENTS)
    channel = ada.get_by_role("link", name=re.compile("ssl-agents"))
    await channel.click()
    await expect(message(ada, card)).to_be_visible()
    await ada.get_by_role("link", name="ssl-support").click()
    await expect(channel).not_to_contain_text("unread")

    reply_box = (await open_thread(ben, card)).get_by_role("textbox")
    await reply_box.fill("I have seen this before")
    await reply_box.press("Enter")
    await expect(channel).to_contain_text("unread")
    await channel.click()
    opener = message(ada, card).get_by_role("button", name=re.compile("repl"))
    await expect(opener).to_contain_text("1 reply1 new")
    reply = await post(client, "Rosa adds: *wait*", row(button("answer")), thread_ts=card)
    await expect(opener).to_contain_text("2 replies2 new")
    await opener.click()
    await expect(thread(ada).get_by_role("textbox")).to_be_focused()
    await expect(opener).not_to_contain_text("new")

    both = await post(client, "It ends tomorrow", thread_ts=card, reply_broadcast=True)
    await expect(message(thread(ada), both)).to_contain_text("also sent to the channel")
    shown = message(ada.get_by_role("main"), both)
    await expect(shown).to_contain_text("replied to a thread: C-1001")
    await expect(message(ada.get_by_role("main"), reply)).to_have_count(0)
    whisper = {"channel": AGENTS, "thread_ts": card, "text": "For Ada alone"}
    await client.chat_postEphemeral(**whisper, user="U0ADA")
    await expect(thread(ada)).to_contain_text("Only visible to you")
    await expect(thread(ada)).to_contain_text("3 replies")

    await message(thread(ada), reply).get_by_role("button", name="Answer").click()
    await stage.slack.until(lambda: actions(stage))
    assert stage.app.got[-1]["container"]["thread_ts"] == card
    await client.chat_update(channel=AGENTS, ts=reply, text="answered", blocks=[])
    for page in (ada, ben):
        await expect(message(thread(page), reply)).to_contain_text("answered(edited)")
    await expect(thread(ben)).not_to_contain_text("For Ada alone")
    await thread(ada).get_by_role("button", name="Close thread").click()
    await shown.get_by_role("button", name="C-1001").click()
    await expect(thread(ada)).to_contain_text("I have seen this before")


async def test_a_dm_counts_what_is_unread_also_in_threads(
    staged: Watched, stage: Stage, client: AsyncWebClient
) -> None:
    rosa = await staged.page("rosa")
    entry = rosa.get_by_role("link", name=re.compile("certdesk"))
    first = await client.chat_postMessage(channel=stage.slack.im("rosa"), text="Your case is claimed")
    await expect(entry).to_contain_text("1 unread")
    await client.chat_postMessage(channel=stage.slack.im("rosa"), text="by Ada", thread_ts=first["ts"])
    await expect(entry).to_contain_text("2 unread")
    await entry.click()
    await expect(entry).not_to_contain_text("unread")
    await expect(message(rosa, first["ts"])).to_contain_text("1 new")


# shortcuts


async def test_a_message_offers_the_apps_shortcuts(
    staged: Watched, stage: Stage, client: AsyncWebClient
) -> None:
    ts = await stage.slack.say("rosa", "ssl-support", "Can order 123 be canceled?")
    ada, eve = await staged.page("ada"), await staged.page("eve")
    await message(ada, ts).hover()
    await message(ada, ts).get_by_role("button", name="More actions").click()
    item = ada.get_by_role("menuitem", name="Check this certificate order")
    await expect(item).to_contain_text("certdesk")
    await item.click()
    await stage.slack.until(lambda: stage.app.got)
    assert (stage.app.got[-1]["type"], stage.app.got[-1]["message_ts"]) == ("message_action", ts)
    await client.views_open(trigger_id=stage.app.got[-1]["trigger_id"], view=MODAL)
    await expect(modal(ada)).to_contain_text("Note")
    await ada.keyboard.press("Escape")
    stage.app.next.append(Outcome(None, "connection_failed"))
    await message(ada, ts).hover()
    await message(ada, ts).get_by_role("button", name="More actions").click()
    await item.click()
    await expect(ada.get_by_role("status", name="Notices")).to_contain_text("We had some trouble")

    await message(eve, ts).hover()
    await expect(message(eve, ts).get_by_role("button", name="Reply in thread")).to_be_visible()
    await expect(message(eve, ts).get_by_role("button", name="More actions")).to_have_count(0)


# App Home


def desk(first: str, count: int = 100) -> list[Json]:
    """A Home of so many blocks: a line, and cases with a button each."""
    cases = [
        {
            "type": "section",
            "block_id": f"case-{n}",
            "text": markdown(f"*C-{n}*\nSectigo"),
            "accessory": button("open") | {"value": str(n)},
        }
        for n in range(1, count)
    ]
    return [{"type": "section", "block_id": "first", "text": words(first)}, *cases]


async def test_home_is_fetched_live_and_stays_where_it_was(
    staged: Watched, stage: Stage, client: AsyncWebClient
) -> None:
    page = await staged.page("ada")
    panel = await open_home(page)
    await expect(panel).to_contain_text("nothing to show here yet")
    await stage.slack.until(lambda: told(stage, "app_home_opened")[-1]["tab"] == "home")
    await client.views_publish(user_id="U0ADA", view={"type": "home", "blocks": desk("99 cases")})
    await expect(panel).to_contain_text("C-99")

    wanted = panel.locator("[data-block-id=case-60]")
    await wanted.scroll_into_view_if_needed()
    await wanted.focus()
    before = await panel.evaluate("panel => panel.scrollTop")
    assert before > 1000
    await client.views_publish(user_id="U0ADA", view={"type": "home", "blocks": desk("still 99 cases")})
    await expect(panel).to_contain_text("still 99 cases")
    await expect(wanted).to_be_focused()
    without_ids = [{k: v for k, v in block.items() if k != "block_id"} for block in desk("anew")]
    await client.views_publish(user_id="U0ADA", view={"type": "home", "blocks": without_ids})
    await expect(panel).to_contain_text("anew")
    await focus_is(page, text="Open")  # drawn anew, the same button has the focus
    assert await panel.evaluate("panel => panel.scrollTop") == before

    await page.keyboard.press("Enter")
    await stage.slack.until(lambda: actions(stage))
    clicked = stage.app.got[-1]
    assert (clicked["actions"][0]["value"], clicked["view"]["type"]) == ("60", "home")
    await client.views_open(trigger_id=clicked["trigger_id"], view=MODAL)
    await expect(modal(page)).to_contain_text("Note")
    await page.keyboard.press("Escape")
    await expect(modal(page)).to_have_count(0)
    await focus_is(page, text="Open")
    await page.get_by_role("tab", name="Messages").click()
    await expect(composer(page, "certdesk")).to_be_focused()
    await stage.slack.until(lambda: told(stage, "app_home_opened")[-1]["tab"] == "messages")


# elements


async def test_menus_of_a_card_say_what_was_chosen(
    staged: Watched, stage: Stage, client: AsyncWebClient
) -> None:
    confirm = {"title": words("Sure?"), "text": markdown("It *ends* here."), "confirm": words("Yes"), "deny": words("No")}  # fmt: skip # noqa: E501
    more = {"type": "overflow", "action_id": "more", "options": [option("reassign"), option("note")]}
    boxes = {"type": "checkboxes", "action_id": "boxes", "options": [option("tell"), option("wait")]}
    side = {"type": "section", "block_id": "side", "text": words("Outcome"), "accessory": MENU}
    people = {"type": "users_select", "action_id": "people", "placeholder": words("Reassign to…")}
    ts = await post(client, "card", side, row(more, MENU | {"confirm": confirm}, people, boxes))
    page = await staged.page("ada", AGENTS)
    card = message(page, ts)

    await card.locator("[data-block-id=side]").select_option("refunded")
    await card.locator("button[data-action-id=more]").click()
    await page.get_by_role("menuitem", name="Note").click()
    menu = card.locator("select[data-block-id=row][data-action-id=menu]")
    await menu.select_option("refused")
    await expect(modal(page)).to_contain_text("It ends here.")
    await modal(page).get_by_role("button", name="No").click()
    await expect(menu).to_have_value("")
    await menu.select_option("refused")
    await modal(page).get_by_role("button", name="Yes").click()
    who = card.locator("select[data-action-id=people]")
    offered = ["Reassign to…", "Rosa", "Ada", "Ben", "Eve (from another workspace)"]
    await expect(who.locator("option")).to_have_text(offered)
    await who.select_option("U0BEN")
    await card.get_by_label("Wait").click()
    await stage.slack.until(lambda: len(actions(stage)) == 5)

    told_of = [
        {k: v for k, v in action.items() if k.startswith("selected") or k == "block_id"}
        for action in actions(stage)
    ]
    assert told_of == [
        {"block_id": "side", "selected_option": option("refunded")},
        {"block_id": "row", "selected_option": option("note")},
        {"block_id": "row", "selected_option": option("refused")},
        {"block_id": "row", "selected_user": "U0BEN"},
        {"block_id": "row", "selected_options": [option("wait")]},
    ]


async def test_a_form_takes_a_person_and_boxes(staged: Watched, stage: Stage, client: AsyncWebClient) -> None:
    def field(block_id: str, element: Json) -> Json:
        return {"type": "input", "block_id": block_id, "label": words(block_id), "element": element}

    boxes = {"type": "checkboxes", "action_id": "boxes", "options": [option("tell"), option("wait")]}
    fields = [field("who", {"type": "users_select", "action_id": "people"}), field("and", boxes)]
    page = await staged.page("ada", AGENTS)
    await expect(composer(page, "#ssl-agents")).to_be_visible()
    form = MODAL | {"submit": words("Save"), "blocks": fields}
    await client.views_open(trigger_id=stage.slack.hub.triggers.issue("U0ADA"), view=form)
    await modal(page).get_by_role("button", name="Save").click()
    await expect(modal(page).get_by_role("alert")).to_have_count(2)
    await modal(page).get_by_label("who").select_option("Ben")
    await modal(page).get_by_label("Tell").click()
    await modal(page).get_by_role("button", name="Save").click()
    await expect(modal(page)).to_have_count(0)
    assert stage.app.got[-1]["view"]["state"]["values"] == {
        "who": {"people": {"type": "users_select", "selected_user": "U0BEN"}},
        "and": {"boxes": {"type": "checkboxes", "selected_options": [option("tell")]}},
    }


async def test_a_card_is_drawn_as_it_is_meant(staged: Watched, client: AsyncWebClient) -> None:
    moment = 1_795_000_000  # 18 November 2026, 11:06:40 UTC
    pieces = [
        {"type": "user", "user_id": "U0ROSA"},
        {"type": "text", "text": " in "},
        {"type": "channel", "channel_id": "C0SSLSUPPORT"},
        {"type": "text", "text": " "},
        {"type": "date", "timestamp": moment, "format": "{date_short} at {time}", "fallback": "then"},
        {"type": "text", "text": " "},
        {"type": "emoji", "name": "rotating_light"},
    ]
    ts = await post(
        client,
        "card",
        {"type": "section", "fields": [markdown("*Case*\nC-1001"), words("plain *stars*")]},
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": pieces}]},
        {
            "type": "context",
            "elements": [markdown(f":eyes: <!date^{moment}^{{date_long}}|then>"), words("two")],
        },
    )
    page = await staged.page("ada", AGENTS)
    card = message(page, ts)
    await expect(card.locator(".fields > div")).to_have_text([re.compile(r"Case\s*C-1001"), "plain *stars*"])
    await expect(card.locator(".rich-text")).to_have_text("@Rosa in #ssl-support Nov 18, 2026 at 11:06 AM 🚨")
    await expect(card.locator(".context > div")).to_have_text(["👀 Wednesday, November 18, 2026", "two"])
    await expect(messages(page).locator("[data-block-error]")).to_have_count(0)
