"""A headless Chromium at the real playground: what a person sees and does there.

One browser for all tests of a process, so they share an event loop; each test has windows of its own.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, BrowserContext, Page, Request, async_playwright, expect
from playwright.async_api import Error as PlaywrightError
from pytest_asyncio import fixture, is_async_test

from bot.playground.run import PAGE, Playground, opened
from bot.playground.standin import Shortcut, StandIn
from bot.settings import Settings
from tests.conftest import Clock
from tests.playground.conftest import Answers

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
expect.set_options(timeout=WAIT_MS)  # its own 5 s are too short where many share two cores


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run all that is in this folder in the browser's loop."""
    for item in items:
        if item.nodeid.startswith("tests/browser/") and is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@dataclass(frozen=True, slots=True)
class Stage:
    """The stand-in and its page without the bot: `app` answers for it, and keeps what it was sent."""

    slack: StandIn
    app: Answers

    @property
    def url(self) -> str:
        return self.slack.url


@dataclass
class Watched:
    """A browser's pages, and what none of them may do: complain, or ask another host."""

    playground: Playground | Stage
    browser: Browser
    clock: Clock
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    contexts: list[BrowserContext] = field(default_factory=list)

    async def page(self, user: str = "", channel: str = "") -> Page:
        """Open the page as somebody, in a channel, in a window of its own: a tab behind another is slow."""
        context = await self.browser.new_context(
            viewport={"width": 1280, "height": 800}, locale="en-US", timezone_id="UTC"
        )
        self.contexts.append(context)
        context.set_default_timeout(WAIT_MS)
        await context.clock.set_fixed_time(self.clock.at)
        page = await context.new_page()
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
async def launched() -> AsyncIterator[Browser]:
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


@fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with launched() as browser:
        yield browser


@fixture(loop_scope="session")
async def playground(tmp_path: Path, clock: Clock) -> AsyncIterator[Playground]:
    async with opened(Settings({}), tmp_path, 0, clock, clock.ticks) as playground:
        yield playground


@fixture(loop_scope="session")
async def watched(playground: Playground, clock: Clock, chromium: Browser) -> AsyncIterator[Watched]:
    """The playground in a browser; in the end nothing may have gone wrong in its pages."""
    async with watching(playground, clock, chromium) as watched:
        yield watched


@fixture(loop_scope="session")
async def stage(clock: Clock) -> AsyncIterator[Stage]:
    options = {"clock": clock.at.timestamp, "page_dir": PAGE, "app_name": "certdesk"}
    shortcuts = [Shortcut("check_order", "Check this certificate order")]
    async with StandIn.serving(**options, shortcuts=shortcuts) as slack:
        yield Stage(slack, Answers(slack))


@fixture(loop_scope="session")
async def staged(stage: Stage, clock: Clock, chromium: Browser) -> AsyncIterator[Watched]:
    """The stand-in's page in a browser, without the bot."""
    async with watching(stage, clock, chromium) as watched:
        yield watched


@asynccontextmanager
async def watching(playground: Playground | Stage, clock: Clock, browser: Browser) -> AsyncIterator[Watched]:
    """Open windows beside it, and in the end see that nothing went wrong in its pages."""
    watched = Watched(playground, browser, clock)
    try:
        yield watched
    finally:
        for context in watched.contexts:
            await context.close()
    assert watched.complaints == []
    assert watched.hosts <= {urlsplit(playground.url).netloc}
    assert playground.slack.problems == []
