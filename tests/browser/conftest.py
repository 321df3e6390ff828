"""A headless Chromium at the real playground: what a person sees and does there."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, BrowserContext, Page, Request, async_playwright
from playwright.async_api import Error as PlaywrightError

from bot.playground.run import Playground, opened
from bot.settings import Settings
from tests.conftest import Clock

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WAIT_MS = 10_000


@dataclass
class Watched:
    """A browser's pages, and what none of them may do: complain, or ask another host."""

    playground: Playground
    context: BrowserContext
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    async def page(self, user: str = "", channel: str = "") -> Page:
        """Open the page as somebody, in a channel, in a tab of its own."""
        page = await self.context.new_page()
        page.on("console", lambda said: self._console(said.type, said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._request)
        page.on("websocket", lambda socket: self.hosts.add(urlsplit(socket.url).netloc))
        acting = f"?as={self.playground.slack.user(user)}" if user else ""
        place = f"#/{channel}" if channel else ""
        await page.goto(f"{self.playground.url}/{acting}{place}")
        return page

    def _console(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)

    def _request(self, request: Request) -> None:
        if not request.url.startswith("data:"):
            self.hosts.add(urlsplit(request.url).netloc)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Start Chromium, or skip the test and say why."""
    if CHROMIUM is None:
        pytest.skip("there is no chromium on the PATH (Debian, Ubuntu: apt install chromium)")
    async with async_playwright() as playwright:
        try:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        except PlaywrightError as error:
            pytest.skip(f"chromium does not start here: {error.message.splitlines()[0]}")
        try:
            yield browser
        finally:
            await browser.close()


@pytest.fixture
async def playground(tmp_path: Path, clock: Clock) -> AsyncIterator[Playground]:
    async with opened(Settings({}), tmp_path, 0, clock) as playground:
        yield playground


@pytest.fixture
async def watched(playground: Playground, clock: Clock) -> AsyncIterator[Watched]:
    """The playground in a browser; in the end nothing may have gone wrong in its pages."""
    async with chromium() as browser:
        context = await browser.new_context(
            viewport={"width": 1280, "height": 800}, locale="en-US", timezone_id="UTC"
        )
        context.set_default_timeout(WAIT_MS)
        await context.clock.set_fixed_time(clock.at)
        watched = Watched(playground, context)
        yield watched
        await context.close()
    assert watched.complaints == []
    assert watched.hosts <= {urlsplit(playground.url).netloc}
    assert playground.slack.problems == []
