"""Count acts and seconds from `/certdesk` to the verdict: `python tests/bench/clicks.py [--before CERTDESK]`.

A headless Chromium walks through the page of a real playground. An act is a choice, a field filled in, a
button or Enter. What a person would be asked is answered, and nothing else is touched. The seconds are those
that the person waits for the next screen; reading and thinking are not in them, nor what was waited for in
vain: text behind the command that opens no window. With `--before` the walks of another checkout's `certdesk`
are made in turn.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import statistics
import sys
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Final

from playwright.async_api import Browser, Locator, Page, async_playwright

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.clock import now
from tests.bench.playground import address
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.desk import asked, composer, modal

ROUNDS: Final = 5
MOST_ACTS: Final = 30
WINDOW_SECONDS: Final = 3.0  # after which nobody waits for a window any more
FULFILLED: Final = now().date() - timedelta(days=10)
UNTIL: Final = FULFILLED + timedelta(days=30)
VERDICT: Final = re.compile(f"{UNTIL.day} {UNTIL:%B %Y}")
FACTS: Final = {
    "program": "opensrs",
    "requester": "reseller",
    "issued": "true",
    "provider": "sectigo",
    "fulfilled_on": FULFILLED.isoformat(),
}
SENTENCE: Final = (
    "Client changed his mind, Sectigo PositiveSSL for shop.example.net, issued on "
    f"{FULFILLED.isoformat()} at OpenSRS, we are the reseller. Can I get a refund?"
)


@dataclass
class Walk:
    """What one walk took."""

    acts: int = 0
    waited: float = 0.0
    screens: list[str] = field(default_factory=list)


async def walked(page: Page, *commands: str) -> Walk:
    """Type the first command, the next where no window opens, and answer until the verdict is there."""
    walk = Walk()
    for command in commands:
        await composer(page).fill(command)
        if await next_screen(page, walk, composer(page).press("Enter"), WINDOW_SECONDS):
            break
    while walk.screens[-1] != "verdict":
        if walk.acts > MOST_ACTS:
            sys.exit(f"no verdict after {MOST_ACTS} acts: {walk.screens}")
        fact = walk.screens[-1]
        walk.acts += await choose(asked(page, fact), FACTS[fact])
        await next_screen(page, walk, modal(page).locator("button[type=submit]").click())
    await page.get_by_role("button", name="Close this dialog").click()
    await modal(page).wait_for(state="detached")
    return walk


async def choose(question: Locator, token: str) -> int:
    """Give the answer, and return how many acts that took: none where it stood there already."""
    if await (option := question.locator(f"input[value='{token}']")).count():
        if await option.is_checked():
            return 0
        await option.click()
    elif await (menu := question.locator("select")).count():
        if await menu.input_value() == token:
            return 0
        await menu.select_option(token)
    else:
        await question.locator("input").fill(token)
    return 1


async def next_screen(page: Page, walk: Walk, act: Awaitable[None], most: float = 20.0) -> bool:
    """Act, wait for a screen that was not there, note it and how long it took; say whether it came."""
    start = perf_counter()
    await act
    walk.acts += 1
    while (waited := perf_counter() - start) < most:
        if (screen := await shown(page)) and screen not in walk.screens:
            walk.screens.append(screen)
            walk.waited += waited
            return True
        await asyncio.sleep(0.005)
    return False


async def shown(page: Page) -> str:
    """Return what the window shows, by one look at it: the fact that is asked, or `verdict`."""
    looked = await page.evaluate(
        """() => {
            const window = document.querySelector("[role=dialog]");
            const found = window ? [...window.querySelectorAll("[data-input-block]")] : [];
            const ids = found.map((one) => one.dataset.inputBlock);
            return [window?.innerText ?? "", ids];
        }"""
    )
    text, blocks = looked
    if fact := next((fact for fact in FACTS if f"fact-{fact}" in blocks), ""):
        return fact
    return "verdict" if VERDICT.search(text) else ""


async def a_round(browser: Browser, certdesk: Path) -> dict[str, Walk]:
    """Start a playground, make each walk there once, and end it."""
    process = await asyncio.create_subprocess_exec(
        certdesk, "playground", "--no-browser", "--port", "0", stdout=asyncio.subprocess.PIPE
    )
    try:
        url = await address(process)
        walks = {}
        for name, commands in {
            "the first order, by clicking": ("/certdesk",),
            "the next order of the same person": ("/certdesk new",),
            "another, told in a sentence": (f"/certdesk {SENTENCE}", "/certdesk new"),
        }.items():
            page = await (await browser.new_context(locale="en-US", timezone_id="UTC")).new_page()
            await page.goto(url)
            await composer(page).wait_for()
            walks[name] = await walked(page, *commands)
            await page.close()
        return walks
    finally:
        process.terminate()
        await process.wait()


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", type=Path, help="the certdesk command of another checkout")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    sides = {"before": given.before} if given.before else {}
    sides["now"] = Path(sys.executable).with_name("certdesk")
    found: dict[tuple[str, str], list[Walk]] = {}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for _ in range(given.rounds):
            for side, certdesk in sides.items():
                for name, walk in (await a_round(browser, certdesk)).items():
                    found.setdefault((name, side), []).append(walk)
        await browser.close()
    write = sys.stdout.write
    write("| from `/certdesk` to the verdict | | acts | seconds waited | screens |\n")
    write("| --- | --- | --- | --- | --- |\n")
    for (name, side), walks in found.items():
        waits = [walk.waited for walk in walks]
        acts = "–".join(str(count) for count in sorted({walk.acts for walk in walks}))
        spread = f"{statistics.median(waits):.2f} ({min(waits):.2f}–{max(waits):.2f})"
        write(f"| {name} | {side} | {acts} | {spread} | {', '.join(walks[0].screens)} |\n")


asyncio.run(main())
