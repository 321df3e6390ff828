"""App Home on the page: an agent finds a case there, claims it, and has it."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, Page, expect

from bot.playground.standin import StandIn
from tests.browser.conftest import Watched
from tests.browser.desk import doing, modal
from tests.browser.pictures import newest, submit

pytestmark = pytest.mark.browser


def home(page: Page) -> Locator:
    return page.get_by_role("tabpanel", name="Home")


async def handed_over(slack: StandIn) -> None:
    await slack.slash("rosa", "ssl-support", "/certdesk")
    await submit(slack, {"fact-program": "other"})
    answer = await slack.until(lambda: newest(slack, slack.im("rosa"), "hand_off"))
    await slack.click("rosa", answer, "hand_off")
    await slack.until(lambda: newest(slack, "ssl-agents", "claim"))
    await slack.close("rosa")


async def test_an_agent_claims_in_app_home(watched: Watched) -> None:
    slack = watched.playground.slack
    await handed_over(slack)
    ada = await watched.page("ada", slack.im("ada"))
    await ada.get_by_role("tab", name="Home").click()
    await expect(home(ada)).to_contain_text("Waiting for an agent, urgent ones first")
    await doing(home(ada), "claim").click()
    await expect(home(ada)).to_contain_text("You have C-1001 now.")
    await expect(home(ada)).to_contain_text("Nobody is waiting for an agent.")
    await home(ada).get_by_role("button", name="Mine (1)").click()
    await doing(home(ada), "reply").click()
    await expect(modal(ada)).to_contain_text("Your reply")
