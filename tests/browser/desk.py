"""Where things are on the page: found as a person finds them, or by the ids that the bot gave them."""

from __future__ import annotations

import asyncio
import re
from time import monotonic
from typing import Any

from playwright.async_api import Locator, Page, expect

DETAILS = {
    "reseller_username": "acme-certs",
    "supplier_order_id": "123456789",
    "common_name": "www.example.com",
}


def composer(page: Page, where: str = "#ssl-support") -> Locator:
    return page.get_by_role("textbox", name=re.compile(f"^Message {re.escape(where)}$", re.IGNORECASE))


def modal(page: Page) -> Locator:
    return page.get_by_role("dialog")


def asked(page: Page, fact: str) -> Locator:
    """The field of a question in the modal."""
    return modal(page).locator(f"[data-input-block='fact-{fact}']")


def detail(page: Page, name: str) -> Locator:
    return modal(page).locator(f"input[data-block-id='detail-{name}']")


def doing(place: Page | Locator, action: str) -> Locator:
    """The buttons of one action; its id goes on after a colon where there are several."""
    return place.locator(f"button[data-action-id='{action}'], button[data-action-id^='{action}:']")


def messages(page: Page) -> Locator:
    return page.locator("article[data-ts]")


def message(place: Page | Locator, ts: str) -> Locator:
    """One message, in the channel or in the thread beside it."""
    return place.locator(f"article[data-ts='{ts}']")


def thread(page: Page) -> Locator:
    """The thread that is open beside the channel."""
    return page.get_by_role("complementary", name="Thread")


async def open_thread(page: Page, ts: str) -> Locator:
    """Open the thread of a message, and wait until one can write there."""
    await message(page.get_by_role("main"), ts).hover()
    await message(page.get_by_role("main"), ts).get_by_role("button", name="Reply in thread").click()
    await expect(thread(page).get_by_role("textbox")).to_be_focused()
    return thread(page)


async def open_home(page: Page, app: str = "certdesk") -> Locator:
    """Open the app's Home tab, as clicks do."""
    await page.get_by_role("link", name=app).click()
    await page.get_by_role("tab", name="Home").click()
    return page.get_by_role("tabpanel", name="Home")


async def active(page: Page) -> dict[str, Any]:
    """What has the keyboard's focus: its tag, words, value and ids."""
    found: dict[str, Any] = await page.evaluate(
        """() => {
            const {tagName, innerText, value, type, checked, ariaLabel, dataset} = document.activeElement;
            return {
                tag: tagName, text: innerText, value, type, checked, label: ariaLabel,
                action: dataset.actionId, block: dataset.blockId, composer: dataset.composer,
            };
        }"""
    )
    return found


async def focus_is(page: Page, **wanted: object) -> None:
    """Wait until the focus is on what is wanted: the page gives it back just after it has drawn."""
    deadline = monotonic() + 5
    now = await active(page)
    while any(now.get(name) != value for name, value in wanted.items()):
        assert monotonic() < deadline, f"the focus is on {now}, not on {wanted}"
        await asyncio.sleep(0.02)
        now = await active(page)


async def tab_to(page: Page, *, back: bool = False, **wanted: object) -> None:
    """Press Tab until the focus is on what is wanted."""
    seen: list[dict[str, Any]] = []
    for _ in range(40):
        now = await active(page)
        if all(now.get(name) == value for name, value in wanted.items()):
            return
        if now in seen[:1]:
            break
        seen.append(now)
        await page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"Tab does not lead to {wanted}, only to {seen}")


async def arrow_to(page: Page, value: str) -> None:
    """Press the arrow down until the radio button or option of this value is chosen."""
    for _ in range(12):
        now = await active(page)
        if now["value"] == value and (now["type"] != "radio" or now["checked"]):
            return
        chosen_first = now["type"] == "radio" and now["value"] == value
        await page.keyboard.press("Space" if chosen_first else "ArrowDown")
    raise AssertionError(f"the arrow keys do not lead to {value}, only to {await active(page)}")


async def told(page: Page, words: str) -> None:
    """Wait for a message with these words."""
    await expect(messages(page).filter(has_text=words).last).to_be_visible()
