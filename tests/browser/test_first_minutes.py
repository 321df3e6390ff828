"""What somebody sees who opens the playground first, with a mouse, a phone or a screen reader."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from bot.playground.run import furnish
from bot.playground.samples import SAMPLES, EarlierClock
from tests.browser.conftest import Watched
from tests.browser.desk import DETAILS, asked, composer, detail, doing, messages, modal, thread, told

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


SECTIGO = {"program": "opensrs", "requester": "reseller", "issued": "true", "provider": "sectigo"}
States = AsyncIterator[str]


async def in_a_channel(page: Page) -> States:
    """What a requester sees in a channel: commands, and the answer to a mention."""
    yield "first"
    await composer(page).fill("/")
    await expect(page.get_by_role("listbox", name="Slash commands")).to_be_visible()
    yield "commands"
    await composer(page).fill("@certdesk PositiveSSL from OpenSRS, issued 3 Nov 2026")
    await page.keyboard.press("Enter")
    await expect(messages(page).filter(has_text="I read:").last).to_be_visible()
    yield "a mention's answer"
    mine = messages(page).filter(has_text="PositiveSSL from OpenSRS, issued").first
    await mine.hover()
    yield "a message's tools"
    await mine.get_by_role("button", name="More actions").click()
    await expect(page.get_by_role("menu")).to_be_visible()
    yield "more actions"
    await page.keyboard.press("Escape")


async def in_the_modal(page: Page) -> States:
    """The interview in the form, from the first question to the ticket."""
    await page.get_by_role("button", name="Ask about an order").click()
    await expect(modal(page)).to_be_visible()
    yield "question"
    for fact, value in SECTIGO.items():
        await choose(page, fact, value)
        await submit(page)
    yield "the question for a day"
    await asked(page, "fulfilled_on").locator("input").fill("2027-01-01")
    await submit(page)
    await expect(modal(page).get_by_role("alert")).to_be_visible()
    yield "an error under a field"
    await asked(page, "fulfilled_on").locator("input").fill("2026-11-10")
    await submit(page)
    await expect(detail(page, "common_name")).to_be_visible()
    yield "details"
    for name, value in DETAILS.items():
        await detail(page, name).fill(value)
    await submit(page)
    await expect(doing(modal(page), "edit")).to_be_visible()
    yield "the answer in the form"
    await doing(modal(page), "edit").click()
    await expect(modal(page).locator("textarea")).to_be_visible()
    yield "the ticket's text"
    await page.keyboard.press("Escape")
    await expect(modal(page)).to_have_count(0)


async def submit(page: Page) -> None:
    await modal(page).locator("button[type=submit]").click()


async def choose(page: Page, fact: str, value: str) -> None:
    field = asked(page, fact)
    await expect(field).to_be_visible()
    if await field.locator("select").count():
        await field.locator("select").select_option(value)
    else:
        await field.locator(f"input[value='{value}']").check()


async def in_messages(page: Page) -> States:
    """The answer and the interview in the direct messages, and Home."""
    await page.goto(page.url.partition("#")[0] + "#/" + await dm_of(page))
    await expect(doing(messages(page).last, "hand_off")).to_be_visible()
    yield "the answer in messages"
    await doing(messages(page).last, "hand_off").click()
    await told(page, "with the agents")
    yield "handed over"
    await composer(page, "certdesk").fill("new")
    await page.keyboard.press("Enter")
    await told(page, "Where was the certificate ordered?")
    yield "the question in messages"
    await page.get_by_role("tab", name="Home").click()
    await expect(page.get_by_role("tabpanel", name="Home")).to_contain_text("C-1")
    yield "home"


async def dm_of(page: Page) -> str:
    href = await page.get_by_role("link", name="certdesk").get_attribute("href")
    return (href or "").removeprefix("#/")


async def among_agents(page: Page) -> States:
    """A card, its menus, its forms and its thread."""
    await expect(doing(messages(page).last, "claim")).to_be_visible()
    yield "a card"
    await doing(messages(page).last, "claim").click()
    await expect(doing(messages(page).last, "reply")).to_be_visible()
    yield "a claimed card"
    await doing(messages(page).last, "reply").click()
    await expect(modal(page)).to_be_visible()
    yield "an agent's form"
    await page.keyboard.press("Escape")
    await expect(modal(page)).to_have_count(0)
    await messages(page).last.hover()
    await messages(page).last.get_by_role("button", name="Reply in thread").click()
    await expect(thread(page)).to_be_visible()
    yield "a thread"


async def with_faults(page: Page) -> States:
    """The panel of what can be made to go wrong."""
    await page.get_by_role("button", name="Faults").click()
    yield "faults"


@pytest.mark.long
@pytest.mark.parametrize("width", [1280, 420])
async def test_axe_finds_nothing_grave_in_any_state(watched: Watched, width: int) -> None:
    await start(watched)
    found: dict[str, list[str]] = {}
    channel = watched.playground.slack.channel
    for user, place, states in (
        ("rosa", "ssl-support", in_a_channel),
        ("rosa", "ssl-support", in_the_modal),
        ("rosa", "ssl-support", in_messages),
        ("ada", "ssl-agents", among_agents),
        ("rosa", "ssl-support", with_faults),
    ):
        page = await watched.page(user, channel(place))
        await page.set_viewport_size({"width": width, "height": 800})
        async for state in states(page):
            found[state] = await grave(page)
    assert len(found) == 20
    assert {state: wrong for state, wrong in found.items() if wrong} == {}


def test_the_samples_are_six_of_different_ages() -> None:
    assert len(SAMPLES) == len({sample.age for sample in SAMPLES}) == 6
    assert [sample.age for sample in SAMPLES] == sorted((s.age for s in SAMPLES), reverse=True)
