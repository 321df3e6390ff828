"""What somebody sees who opens the playground first, with a mouse, a phone or a screen reader."""

from __future__ import annotations

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from bot.playground.run import furnish
from bot.playground.samples import SAMPLES, EarlierClock
from tests.browser.conftest import Watched
from tests.browser.desk import composer, doing, messages, modal

pytestmark = pytest.mark.browser
GRAVE = {"serious", "critical"}


async def start(watched: Watched) -> None:
    await furnish(watched.playground.slack, watched.playground.bot, EarlierClock(), empty=True)  # type: ignore[union-attr]


async def grave(page: Page) -> list[str]:
    """Return what axe finds that keeps people from using the page, with the first place of each."""
    found = await Axe().run(page)
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:120]}"
        for each in found.response["violations"]
        if each["impact"] in GRAVE
    ]


async def test_a_channel_with_a_start_button_and_five_things_to_try(watched: Watched) -> None:
    await start(watched)
    page = await watched.page()
    await expect(doing(messages(page).last, "start")).to_be_visible()
    tries = page.get_by_role("region", name="Try this")
    await expect(tries.get_by_role("listitem")).to_have_count(5)
    await tries.get_by_role("button", name="Write a sentence").click()
    await expect(composer(page, "certdesk")).to_be_visible()
    await expect(messages(page).filter(has_text="PositiveSSL").first).to_be_visible()


async def test_each_other_thing_to_try_is_one_click(watched: Watched) -> None:
    await start(watched)
    page = await watched.page()
    tries = page.get_by_role("region", name="Try this")
    await tries.get_by_role("button", name="Be an agent").click()
    await expect(page.get_by_role("heading", name="ssl-agents").first).to_be_visible()
    page = await watched.page()
    await page.get_by_role("button", name="Close Try this").click()
    await expect(page.get_by_role("region", name="Try this")).to_have_count(0)
    await page.reload()
    await page.get_by_role("button", name="Ask about an order").click()
    await expect(modal(page)).to_contain_text("Where was the certificate ordered?")


@pytest.mark.parametrize("width", [1280, 420])
async def test_axe_finds_nothing_grave(watched: Watched, width: int) -> None:
    await start(watched)
    page = await watched.page()
    await page.set_viewport_size({"width": width, "height": 800})
    await expect(page.get_by_role("region", name="Try this")).to_be_visible()
    found = {"first": await grave(page)}
    await page.get_by_role("button", name="Ask about an order").click()
    await expect(modal(page)).to_be_visible()
    found["question"] = await grave(page)
    assert {state: wrong for state, wrong in found.items() if wrong} == {}


def test_the_samples_are_six_of_different_ages() -> None:
    assert len(SAMPLES) == len({sample.age for sample in SAMPLES}) == 6
    assert [sample.age for sample in SAMPLES] == sorted((s.age for s in SAMPLES), reverse=True)
