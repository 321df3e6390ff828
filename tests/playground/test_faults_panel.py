"""The page's panel of faults in Chromium: what it offers, what waits, what happened."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.run import PAGE
from bot.playground.standin import Fault, StandIn
from tests.browser.conftest import launched

pytestmark = pytest.mark.browser
TIMES = "\N{MULTIPLICATION SIGN}"


@pytest.mark.long
async def test_a_fault_is_chosen_waits_and_happens(tmp_path: Path) -> None:
    async with StandIn.serving(page_dir=PAGE) as slack, launched() as browser:
        page = await browser.new_page(viewport={"width": 1280, "height": 800})
        await page.goto(slack.url)
        panel = page.get_by_role("region", name="Faults")
        await expect(panel).to_have_count(0)
        button = page.get_by_role("button", name="Faults")
        await button.click()
        await panel.get_by_label("Where").select_option("auth.test")
        await panel.get_by_label("What goes wrong").select_option("token revoked")
        await panel.get_by_label("Times").fill("2")
        await panel.get_by_role("button", name="Add").click()
        await expect(panel.get_by_role("list", name="Waiting")).to_contain_text(
            "auth.test token revoked " + TIMES + "2"
        )
        client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
        with pytest.raises(SlackApiError, match="token_revoked"):
            await client.auth_test()
        await expect(panel.get_by_role("list", name="Waiting")).to_contain_text(TIMES + "1")
        await expect(panel.get_by_role("list", name="Happened")).to_contain_text(
            "auth.test token revoked " + TIMES + "1"
        )
        await panel.get_by_label("Where").select_option("socket")
        await expect(panel.get_by_label("What goes wrong").locator("option")).to_have_count(5)
        await page.screenshot(path=tmp_path / "panel.png")
        await panel.get_by_role("button", name="Clear").click()
        await expect(panel).to_contain_text("Nothing is going to go wrong.")
        await page.keyboard.press("Escape")
        await expect(panel).to_have_count(0)
        await expect(button).to_be_focused()
    assert slack.faults.counts == {("call:auth.test", Fault.TOKEN_REVOKED): 1}
