"""From the slash command to the claimed case: once with the mouse, once with the keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Watched
from tests.browser.desk import (
    DETAILS,
    active,
    arrow_to,
    asked,
    composer,
    detail,
    doing,
    messages,
    modal,
    tab_to,
)

pytestmark = pytest.mark.browser

FULFILLED = "2026-11-01"


async def test_the_walk_with_the_mouse(watched: Watched) -> None:
    rosa = await watched.page()
    await composer(rosa).click()
    await composer(rosa).fill("/certdesk")
    await rosa.get_by_role("button", name="Send now").click()

    await asked(rosa, "program").get_by_label("OpenSRS").click()
    await following(rosa)
    await asked(rosa, "requester").locator("input[value=certificate_holder]").click()
    await doing(modal(rosa), "back").click()
    await expect(asked(rosa, "program").get_by_label("OpenSRS")).to_be_checked()
    await following(rosa)
    await asked(rosa, "requester").locator("input[value=reseller]").click()
    await following(rosa)
    await expect(asked(rosa, "issued")).to_be_visible()
    await doing(modal(rosa), "why").click()
    await expect(modal(rosa)).to_contain_text("Why this is asked")
    await asked(rosa, "issued").locator("input[value=true]").click()
    await following(rosa)
    await asked(rosa, "provider").locator("select").select_option("sectigo")
    await following(rosa)
    await asked(rosa, "fulfilled_on").locator("input").fill(FULFILLED)
    await following(rosa)

    for name, value in DETAILS.items():
        await detail(rosa, name).click()
        await detail(rosa, name).fill(value)
    await following(rosa)
    await expect(modal(rosa)).to_contain_text("1 December 2026")
    await expect(modal(rosa).locator("pre")).to_contain_text(re.compile(r"acme-certs.*123456789", re.DOTALL))
    await doing(modal(rosa), "hand_off").click()
    await expect(doing(modal(rosa), "hand_off")).to_have_count(0)
    await rosa.get_by_role("button", name="Close this dialog").click()
    await expect(modal(rosa)).to_have_count(0)

    ada = await watched.page("ada")
    await ada.get_by_role("link", name="ssl-agents").click()
    card = messages(ada).filter(has_text="C-1001")
    for value in DETAILS.values():
        await expect(card).to_contain_text(value)
    await doing(card, "claim").click()
    await expect(card).to_contain_text("@Ada has it")
    await expect(doing(card, "claim")).to_have_count(0)

    await rosa.get_by_role("link", name="certdesk").click()
    await expect(messages(rosa).last).to_contain_text(re.compile("@Ada.*C-1001"))


async def following(page: Page) -> None:
    """Go to the next screen of the modal."""
    await modal(page).locator("button[type=submit]").click()


@pytest.mark.long
async def test_the_walk_with_the_keyboard_alone(watched: Watched) -> None:
    page = await watched.page()
    keys = page.keyboard
    await expect(composer(page)).to_be_focused()
    await keys.type("/cert")
    await keys.press("Tab")
    await expect(composer(page)).to_have_value("/certdesk ")
    await keys.press("Enter")

    await choose(page, "program", "opensrs")
    await choose(page, "requester", "reseller")
    await ready(page, "issued")
    await tab_to(page, action="back")
    await keys.press("Enter")
    await ready(page, "requester")
    await keys.press("Enter")
    await ready(page, "issued")
    await tab_to(page, action="why")
    await keys.press("Enter")
    await expect(modal(page)).to_contain_text("Why this is asked")
    await tab_to(page, back=True, block="fact-issued")
    await choose(page, "issued", "true")
    await choose(page, "provider", "sectigo")
    await ready(page, "fulfilled_on")
    await keys.type("11012026")
    await expect(asked(page, "fulfilled_on").locator("input")).to_have_value(FULFILLED)
    await keys.press("Enter")

    await expect(detail(page, "reseller_username")).to_be_focused()
    for name, value in DETAILS.items():
        await tab_to(page, block=f"detail-{name}")
        await keys.type(value)
    await keys.press("Control+Enter")
    await expect(modal(page).locator("pre")).to_contain_text("www.example.com")
    await tab_to(page, action="hand_off")
    await keys.press("Enter")
    await expect(doing(modal(page), "hand_off")).to_have_count(0)
    await keys.press("Escape")
    await expect(modal(page)).to_have_count(0)
    await expect(composer(page)).to_be_focused()

    await act_as(page, "Ada")
    await keys.press("Alt+ArrowDown")
    await expect(composer(page, "#ssl-agents")).to_be_focused()
    await expect(messages(page)).to_have_count(1)
    await tab_to(page, back=True, action="claim")
    await keys.press("Enter")
    await expect(messages(page)).to_contain_text("@Ada has it")

    await act_as(page, "Rosa")
    await go_down_to(page, "certdesk")
    await expect(messages(page).last).to_contain_text(re.compile("@Ada.*C-1001"))


async def ready(page: Page, fact: str) -> None:
    """Wait until the question is there and its field has the focus, as it must by itself."""
    await expect(asked(page, fact).locator("*:focus")).to_have_count(1)


async def choose(page: Page, fact: str, value: str) -> None:
    await ready(page, fact)
    await arrow_to(page, value)
    await page.keyboard.press("Control+Enter")


async def act_as(page: Page, name: str) -> None:
    """Choose in the top bar whom to act as."""
    while (await active(page))["tag"] != "SELECT":
        await page.keyboard.press("F6")
    await page.keyboard.press(name[0])  # one letter chooses; more would be typed into the page that comes
    await expect(page.locator(".sidebar__me")).to_contain_text(name)
    await expect(page.locator("[data-composer=channel]")).to_be_focused()


async def go_down_to(page: Page, name: str) -> None:
    """Go down the channels, waiting for each, until this one is open."""
    entries = page.locator(".sidebar a")
    for _ in range(await entries.count()):
        here = await page.locator(".sidebar [aria-current=page]").get_attribute("data-channel")
        entry = page.locator(f".sidebar [data-channel='{here}']")
        if name in await entry.inner_text():
            return
        await page.keyboard.press("Alt+ArrowDown")
        await expect(entry).not_to_have_attribute("aria-current", "page")
    raise AssertionError(f"there is no {name}")
