"""What else the page must do: the interview in messages, errors in their places, nothing lost by a reload."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, Page, expect

from bot.playground.standin import Message
from tests.browser.conftest import Watched
from tests.browser.desk import asked, composer, doing, messages, modal

pytestmark = pytest.mark.browser

DM = "certdesk"
LIST = "Domain,Product,Status\na.example.com,PositiveSSL,pending\nb.example.com,RapidSSL,pending\n"
DROPPED = """text => {
  const dropped = new DataTransfer();
  dropped.items.add(new File([text], "orders.csv", { type: "text/csv" }));
  return dropped;
}"""
SECTIGO = {"program": "opensrs", "requester": "reseller", "issued": "true", "provider": "sectigo"}


async def test_the_interview_in_messages_takes_clicks_and_typed_answers(watched: Watched) -> None:
    page = await watched.page()
    await page.get_by_role("link", name=DM).click()
    await say(page, "hello")
    await press(page, "OpenSRS")
    await press(page, re.compile("^Reseller"))
    await say(page, "yes")
    await expect(newest(page)).to_contain_text("provider")
    await say(page, "Comodo PositiveSSL")
    await expect(newest(page).locator("input[type=date]")).to_be_visible()
    await say(page, "11/10/2026")  # in time, or too late
    await expect(newest(page)).to_contain_text("10 November 2026")
    await say(page, "3 days ago")
    await expect(messages(page).filter(has_text="reseller username").last).to_be_visible()
    await expect(messages(page).filter(has_text="20 December 2026").last).to_be_visible()


@pytest.mark.long
async def test_a_list_that_is_dropped_on_the_composer_is_answered(watched: Watched) -> None:
    page = await watched.page()
    await page.get_by_role("link", name=DM).click()
    dropped = await page.evaluate_handle(DROPPED, LIST)
    await composer(page, DM).dispatch_event("drop", {"dataTransfer": dropped})
    await expect(page.get_by_role("list", name="Files to send")).to_contain_text("orders.csv")
    await page.get_by_role("button", name="Send now").click()
    await expect(messages(page).filter(has_text="2 orders").last).to_be_visible()
    await expect(page.get_by_role("list", name="Files to send")).to_have_count(0)


@pytest.mark.long
async def test_a_name_is_completed_at_its_at_sign(watched: Watched) -> None:
    page = await watched.page()
    await composer(page).click()
    await page.keyboard.type("PositiveSSL at OpenSRS, @cer")
    offered = page.get_by_role("listbox", name="People and apps")
    await expect(offered.get_by_role("option")).to_have_text([re.compile("@certdesk")])
    await page.keyboard.press("Tab")
    await expect(composer(page)).to_have_value("PositiveSSL at OpenSRS, @certdesk ")
    await expect(offered).to_have_count(0)
    await page.keyboard.type("can I cancel it?")
    await page.keyboard.press("Enter")
    await expect(messages(page).last).to_contain_text("I read: OpenSRS")


@pytest.mark.long
async def test_a_date_picked_in_a_message_is_an_answer(watched: Watched) -> None:
    page = await watched.page()
    await page.get_by_role("link", name=DM).click()
    for words in ("hello", "opensrs", "reseller", "yes", "sectigo"):
        await say(page, words)
    await newest(page).locator("input[type=date]").fill("2026-11-01")
    await expect(messages(page).filter(has_text="1 December 2026").last).to_be_visible()


async def test_a_date_to_come_is_refused_under_its_field(watched: Watched) -> None:
    page = await watched.page()
    await at_the_date(page)
    field = asked(page, "fulfilled_on")
    await field.locator("input").fill("2027-01-01")
    await submit(page)
    await expect(field.get_by_role("alert")).to_contain_text("23 November 2026")
    await expect(field.locator("input")).to_have_attribute("aria-invalid", "true")
    await field.locator("input").fill("2026-11-23")
    await submit(page)
    await expect(modal(page)).to_contain_text("23 December 2026")


async def test_an_empty_question_is_refused_by_slack_itself(watched: Watched) -> None:
    page = await watched.page()
    await command(page, "/certdesk")
    await submit(page)
    await expect(asked(page, "program").get_by_role("alert")).to_have_text(
        "Please complete this required field."
    )


async def test_a_reload_keeps_where_one_was(watched: Watched) -> None:
    page = await watched.page()
    await at_the_date(page)
    await page.reload()
    await expect(asked(page, "fulfilled_on")).to_be_visible()
    await page.get_by_role("button", name="Close this dialog").click()
    await page.get_by_role("link", name=DM).click()
    await page.reload()
    await expect(composer(page, DM)).to_be_focused()


async def test_what_cannot_be_drawn_shows_an_error_box(watched: Watched) -> None:
    slack = watched.playground.slack
    page = await watched.page()
    await expect(composer(page)).to_be_focused()
    blocks = (
        {"type": "hologram", "block_id": "unknown"},
        {"type": "section", "block_id": "broken"},
        {"type": "rich_text", "block_id": "odd", "elements": [{"type": "rich_text_spiral"}]},
        {"type": "section", "block_id": "good", "text": {"type": "plain_text", "text": "The rest is drawn."}},
    )
    channel, ts = slack.channel("ssl-support"), slack.world.next_ts()
    slack.world.put(Message(channel=channel, ts=ts, user=slack.bot_user, text="", blocks=blocks))
    box = messages(page).locator("[data-block-error]")
    await expect(box).to_have_count(3)
    await expect(box.first).to_contain_text("hologram")
    await expect(messages(page)).to_contain_text("The rest is drawn.")
    assert len(watched.complaints) == 2, "React reports the two drawings that threw"
    watched.complaints.clear()


async def test_each_sees_only_their_own(watched: Watched) -> None:
    rosa = await watched.page()
    eve = await watched.page("eve")
    await command(rosa, "/certdesk help")
    await expect(messages(rosa)).to_have_count(1)
    await expect(messages(rosa)).to_contain_text("Only visible to you")
    await expect(composer(eve)).to_be_visible()
    await expect(messages(eve)).to_have_count(0)
    await expect(eve.get_by_role("link", name="ssl-agents")).to_have_count(0)
    await command(eve, "/certdesk")
    await expect(eve.get_by_role("alert")).to_contain_text("not a valid command")


async def test_the_pinned_message_starts_a_case_for_a_guest(watched: Watched) -> None:
    rosa = await watched.page()
    eve = await watched.page("eve")
    await command(rosa, "/certdesk pin")
    await doing(messages(eve), "start").click()
    await expect(asked(eve, "program")).to_be_visible()
    await expect(modal(rosa)).to_have_count(0)


async def test_what_the_app_offers_to_do_with_a_message(watched: Watched) -> None:
    page = await watched.page()
    await composer(page).fill("Can order 123 be canceled?")
    await composer(page).press("Enter")
    await newest(page).hover()
    await newest(page).get_by_role("button", name="More actions").click()
    await expect(page.get_by_role("menuitem")).to_have_text(["Check this certificate ordercertdesk"])


def newest(page: Page) -> Locator:
    return messages(page).last


async def say(page: Page, words: str) -> None:
    """Write to the bot directly, and wait for what it answers."""
    before = await messages(page).count()
    await composer(page, DM).fill(words)
    await composer(page, DM).press("Enter")
    await expect(messages(page).nth(before + 1)).to_be_visible()


async def press(page: Page, label: str | re.Pattern[str]) -> None:
    """Click a button of the newest message, and wait for the next question."""
    before = await messages(page).count()
    await newest(page).get_by_role("button", name=label).click()
    await expect(messages(page).nth(before)).to_be_visible()


async def command(page: Page, words: str) -> None:
    await composer(page).fill(words)
    await composer(page).press("Enter")


async def answer(page: Page, fact: str, value: str) -> None:
    choice = asked(page, fact).locator(f"input[value={value}]")
    if await choice.or_(asked(page, fact).locator("select")).get_attribute("type") == "radio":
        await choice.click()
    else:
        await asked(page, fact).locator("select").select_option(value)
    await submit(page)


async def submit(page: Page) -> None:
    await modal(page).locator("button[type=submit]").click()


async def at_the_date(page: Page) -> None:
    """Go on to the last question."""
    await command(page, "/certdesk")
    for fact, value in SECTIGO.items():
        await answer(page, fact, value)
    await expect(asked(page, "fulfilled_on")).to_be_visible()
