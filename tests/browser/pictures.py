"""Take README's pictures from the playground: `python tests/browser/pictures.py` (needs chromium).

The clock stands still and everything is done by script, so a picture changes only when the desk does.
Chromium also brings each down to 256 colors, which text does not show and which makes it a third of the size.
"""

from __future__ import annotations

import asyncio
import base64
import csv
import html
import io
import shutil
import struct
import sys
import tempfile
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from playwright.async_api import Browser, FloatRect, Page, async_playwright

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot import logs
from bot.playground.run import Playground, opened
from bot.playground.standin import Message, StandIn, View, text_of
from bot.settings import Settings

PICTURES: Final = Path(__file__).parents[2] / "docs" / "pictures"
NOW: Final = datetime(2026, 11, 23, 10, 24, tzinfo=UTC)
SCALE: Final = 2
WIDTH: Final = 1000
WITH_THREAD: Final = 1200  # from 1100 on a thread stands beside the channel, not over it
TALL: Final = 1000
MARGIN: Final = 8
CHROMIUM: Final = shutil.which("chromium") or shutil.which("chromium-browser")

FACTS: Final = {"program": "opensrs", "requester": "reseller", "issued": "true", "provider": "sectigo"}
FULFILLED: Final = "2026-11-01"
DETAILS: Final = {
    "reseller_username": "acme-certs",
    "supplier_order_id": "1234567890",
    "common_name": "shop.example.com",
}

SENTENCE: Final = (
    "Client changed his mind, Sectigo PositiveSSL for blog.example.com, issued last Tuesday at OpenSRS, "
    "order 1234567890. Can we get a refund?"
)

MENTION: Final = (
    "can we still cancel the GeoTrust for shop.example.com at OpenSRS? It was issued on 3 November."
)

LEAK: Final = (
    "our customer's private key leaked; PositiveSSL for shop.example.com, issued at OpenSRS on 3 Nov 2026"
)
HEADLINES: Final = {
    "OpenSRS reseller, Sectigo, not issued yet": "Cancel it yourself now",
    "another one: OpenSRS, I am the certificate holder": "Ask your seller",
    "another one: Trustico partner, certificate, it is issued": "no refund once issued",
    "another one: OpenSRS reseller, GeoTrust issued on 23 October 2026": "ask today",
}
CERTIFICATE: Final = Path(__file__).with_name("shop.pem")
ORDERS: Final = """Order,Domain,Product,Status,Fulfilled on
10493301,shop.example.com,PositiveSSL,Completed,2026-11-10
10493302,mail.example.com,RapidSSL,Completed,2026-11-12
10493303,www.example.org,GeoTrust QuickSSL Premium,Completed,2026-09-01
10493304,api.example.org,EssentialSSL,Completed,2026-10-28
10493305,new.example.org,PositiveSSL,Pending,
10493306,blog.example.net,Trustwave Premium EV SSL,Completed,2026-11-15
10493307,cdn.example.net,GeoTrust True BusinessID,Completed,soon
"""

REDUCE: Final = """async (png) => {
    const picture = await createImageBitmap(await (await fetch("data:image/png;base64," + png)).blob());
    const context = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
    context.drawImage(picture, 0, 0);
    const {data} = context.getImageData(0, 0, picture.width, picture.height);
    const count = new Map();
    for (let at = 0; at < data.length; at += 4) {
        const color = (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
        count.set(color, (count.get(color) ?? 0) + 1);
    }
    const apart = (one, other) => [16, 8, 0].reduce(
        (sum, shift) => sum + (((one >> shift) & 255) - ((other >> shift) & 255)) ** 2, 0);
    const colors = [...count.keys()].sort((one, other) => one - other);
    const off = new Map(colors.map((color) => [color, Infinity])), nearest = new Map(), palette = [];
    const worth = (color) => off.get(color) * Math.sqrt(count.get(color));
    let next = colors.reduce((most, color) => (count.get(color) > count.get(most) ? color : most));
    while (palette.length < 256 && off.get(next) > 0) {
        palette.push(next);
        for (const color of colors) {
            const distance = apart(color, next);
            if (distance < off.get(color)) {
                off.set(color, distance);
                nearest.set(color, palette.length - 1);
            }
        }
        next = colors.reduce((most, color) => (worth(color) > worth(most) ? color : most));
    }
    let indexes = "";
    for (let at = 0; at < data.length; at += 4) {
        indexes += String.fromCharCode(nearest.get((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]));
    }
    return {width: picture.width, height: picture.height, palette, indexes: btoa(indexes)};
}"""


async def main() -> None:
    """Take every picture anew."""
    logs.configure("WARNING", readable=True)
    PICTURES.mkdir(exist_ok=True)
    async with chromium() as browser:
        for take in (take_case, take_words, take_headlines):
            with tempfile.TemporaryDirectory(prefix="certdesk-") as folder:
                async with opened(Settings({}), Path(folder), 0, lambda: NOW, lambda: 0.0) as playground:
                    await take(playground, browser)


async def take_case(playground: Playground, browser: Browser) -> None:
    """Go through one case, and take a picture at each place worth one."""
    slack = playground.slack
    rosa, ada = (f"{playground.url}/?as={slack.user(name)}" for name in ("rosa", "ada"))
    await ask(slack)
    await picture(browser, rosa, "question", 620)
    await answer(slack)
    await slack.close("rosa")
    await picture(browser, f"{rosa}#/{slack.im('rosa')}", "answer", TALL, until="pre")
    await hand_over(slack)
    agents = f"{ada}#/{slack.channel('ssl-agents')}"
    await picture(browser, agents, "card", TALL, until="pre")
    ts = await talk(slack)
    await picture(browser, f"{agents}/thread/{ts}", "thread", 760, width=1360)
    await slack.open_home("ada")
    home = await slack.until(lambda: slack.world.homes.get(slack.user("ada")))
    await slack.click("ada", home, "Mine (1)")
    await slack.until(lambda: "C-1001" in str(slack.world.homes[slack.user("ada")].body))
    await picture(browser, f"{ada}#/{slack.im('ada')}/home", "home", 620)
    await write(slack)
    await picture(browser, f"{rosa}#/{slack.im('rosa')}", "sentence", TALL)
    await mention(slack)
    await picture(browser, f"{rosa}#/{slack.channel('ssl-support')}", "mention", 740)
    eve = f"{playground.url}/?as={slack.user('eve')}#/{slack.im('eve')}"
    await drop(slack)
    await picture(browser, eve, "list", 1180)
    await paste(slack)
    await picture(browser, eve, "certificate", 1160)
    await sheet(browser, slack)


async def take_words(playground: Playground, browser: Browser) -> None:
    """Let Rosa write in her own words of two cases, and take a picture of what becomes of them."""
    slack = playground.slack
    rosa, ada = (f"{playground.url}/?as={slack.user(name)}" for name in ("rosa", "ada"))
    await say(slack, LEAK, "Question 2")
    await picture(browser, f"{rosa}#/{slack.im('rosa')}", "revoke", 900)
    await say(slack, "It was on a laptop that was stolen on Friday.", "I can't take")
    await say(slack, "agent", "is with the agents now")
    card = await slack.until(lambda: newest(slack, "ssl-agents", "claim"))
    await slack.until(lambda: slack.world.thread(card.channel, card.ts))
    agents = f"{ada}#/{slack.channel('ssl-agents')}/thread/{card.ts}"
    await picture(browser, agents, "opening", 620, width=1360)
    await say(slack, "new", "C-1002")
    await say(slack, "other", "Hand to an agent")
    await say(slack, "Will the old certificate stop working?", "Which case is this about?")
    await picture(browser, f"{rosa}#/{slack.im('rosa')}", "held", 900)


async def take_headlines(playground: Playground, browser: Browser) -> None:
    """Let Rosa hear the four headlines, one that lacks a date, and send a screenshot to the agents."""
    slack = playground.slack
    rosa, ada = (f"{playground.url}/?as={slack.user(name)}" for name in ("rosa", "ada"))
    for words, headline in HEADLINES.items():
        await say(slack, words, headline)
    await picture(browser, f"{rosa}#/{slack.im('rosa')}", "headlines", 3800)
    await say(slack, "another one: OpenSRS reseller, Thawte, it is issued", "On which day")
    await say(slack, "I don't know", "Add the date")
    await picture(browser, f"{rosa}#/{slack.im('rosa')}", "unknown", TALL)
    await say(slack, "agent", "is with the agents now")
    card = await slack.until(lambda: newest(slack, "ssl-agents", "claim"))
    screenshot = (PICTURES / "question.png").read_bytes()
    await slack.upload("rosa", slack.im("rosa"), ("screenshot.png", screenshot), text="the order page")
    await slack.until(lambda: len(slack.world.thread(card.channel, card.ts)) > 1, timeout=20)
    agents = f"{ada}#/{slack.channel('ssl-agents')}/thread/{card.ts}"
    await picture(browser, agents, "file", 900, width=1360)


async def say(slack: StandIn, words: str, then: str) -> None:
    """Let Rosa write to the bot, and wait until the newest of its messages says something."""
    await slack.say("rosa", slack.im("rosa"), words)
    await slack.until(lambda: then in text_of(slack.messages(slack.im("rosa"))[-1]))


async def ask(slack: StandIn) -> None:
    """Go on to the question about the provider."""
    await slack.slash("rosa", "ssl-support", "/certdesk")
    for fact in ("program", "requester", "issued"):
        await submit(slack, {f"fact-{fact}": FACTS[fact]})
    view = await shown(slack, "fact-provider")
    slack.fill(view, "fact-provider", FACTS["provider"])


async def answer(slack: StandIn) -> None:
    """Give the rest of the answers, and the details."""
    await submit(slack, {"fact-provider": FACTS["provider"]})
    await submit(slack, {"fact-fulfilled_on": FULFILLED})
    await submit(slack, {f"detail-{name}": value for name, value in DETAILS.items()})
    await slack.until(lambda: newest(slack, slack.im("rosa"), "hand_off"))


async def write(slack: StandIn) -> None:
    """Begin another case with a sentence."""
    await slack.say("rosa", slack.im("rosa"), "new case")
    await slack.until(lambda: newest(slack, slack.im("rosa"), "choose:opensrs"))
    await slack.say("rosa", slack.im("rosa"), SENTENCE)
    await slack.until(lambda: newest(slack, slack.im("rosa"), "correct:provider"))


async def mention(slack: StandIn) -> None:
    """Name certdesk in a channel."""
    await slack.say("rosa", "ssl-support", f"@certdesk {MENTION}")
    await slack.until(lambda: invited(slack))


def invited(slack: StandIn) -> Message | None:
    """Return the answer to a mention, which only Rosa sees."""
    return next((each for each in slack.messages("ssl-support", "rosa") if each.ephemeral), None)


async def drop(slack: StandIn) -> None:
    """Let Eve drop a list of orders, and say what holds for all of it."""
    await slack.upload("eve", slack.im("eve"), ("orders.csv", ORDERS.encode()))
    for asked in ("tell_list:opensrs", "tell_list:reseller"):
        message = await slack.until(lambda asked=asked: newest(slack, slack.im("eve"), asked), timeout=60)
        await slack.click("eve", message, asked)
    await slack.until(lambda: answered_list(slack), timeout=60)


def answered_list(slack: StandIn) -> bytes | None:
    """Return the list that came back with its answers."""
    found = [file for file in slack.shared(slack.im("eve")) if "(answers)" in file.name]
    return found[0].data if found else None


async def paste(slack: StandIn) -> None:
    """Let Eve paste a certificate."""
    await slack.say("eve", slack.im("eve"), f"please cancel this one\n{CERTIFICATE.read_text()}")
    await slack.until(lambda: newest(slack, slack.im("eve"), "correct:provider"))
    await slack.until(lambda: newest(slack, slack.im("eve"), "choose:opensrs"))


async def sheet(browser: Browser, slack: StandIn) -> None:
    """Take a picture of the list that came back, drawn as a table."""
    rows = list(csv.reader(io.StringIO((answered_list(slack) or b"").decode())))
    cells = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    style = "body{font:13px sans-serif}table{border-collapse:collapse}td{border:1px solid #ccc;padding:4px}"
    with tempfile.NamedTemporaryFile("w", suffix=".html") as page:
        page.write(f"<!doctype html><meta charset=utf-8><style>{style}</style><table>{cells}</table>")
        page.flush()
        await picture(browser, f"file://{page.name}", "annotated-list", 420, ready="table", width=WITH_THREAD)


async def hand_over(slack: StandIn) -> None:
    """Hand the case to the agents, and let Ada claim it."""
    result = await slack.until(lambda: newest(slack, slack.im("rosa"), "hand_off"))
    await slack.click("rosa", result, "hand_off")
    card = await slack.until(lambda: newest(slack, "ssl-agents", "claim"))
    await slack.click("ada", card, "claim")
    await slack.until(lambda: not newest(slack, "ssl-agents", "claim"))


async def talk(slack: StandIn) -> str:
    """Let Rosa and Ada write to each other, and Ada leave a note; returns the card's timestamp."""
    await slack.say("rosa", slack.im("rosa"), "There is a second order too: 1234567891. Does it count?")
    card = await slack.until(lambda: newest(slack, "ssl-agents", "reply"))
    await slack.click("ada", card, "reply")
    view = await slack.until(lambda: slack.view("ada"))
    await slack.submit("ada", slack.fill(view, "words", "Yes, send both. I have opened the ticket."))
    await slack.until(lambda: len(slack.world.thread(card.channel, card.ts)) > 1)
    await slack.say("ada", "ssl-agents", "A note: same customer as last week.", thread_ts=card.ts)
    return card.ts


async def submit(slack: StandIn, values: dict[str, str]) -> None:
    """Fill the form that has these fields, and submit it."""
    view = await shown(slack, next(iter(values)))
    for block, value in values.items():
        view = slack.fill(view, block, value)
    await slack.submit("rosa", view)


async def shown(slack: StandIn, block: str) -> View:
    """Wait until Rosa's modal has such a block."""

    def found() -> View | None:
        view = slack.view("rosa")
        return view if view and any(one.get("block_id") == block for one in view.blocks) else None

    return await slack.until(found)


def newest(slack: StandIn, channel: str, action: str) -> Message | None:
    """Return the newest message that has such a button."""
    for message in reversed(slack.messages(channel)):
        elements = [element for block in message.blocks for element in block.get("elements", ())]
        if any(element.get("action_id") == action for element in elements):
            return message
    return None


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Start Chromium."""
    if CHROMIUM is None:
        sys.exit("There is no chromium here. Debian, Ubuntu: apt install chromium fonts-noto-color-emoji")
    flags = ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none", "--disable-background-networking"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        await browser.close()


async def picture(  # noqa: PLR0913 - what, where, and how much of it
    browser: Browser,
    url: str,
    name: str,
    height: int,
    *,
    until: str = "",
    width: int = WIDTH,
    ready: str = ".sidebar__me",
) -> None:
    """Take one picture of the page, from the top of what was said down to what `until` selects.

    `url` may end in `/home`, or in `/thread/` and a timestamp; the latter wants `WITH_THREAD` as its width.
    """
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=SCALE,
        locale="en-US",
        timezone_id="UTC",
        reduced_motion="reduce",
    )
    await context.clock.set_fixed_time(NOW)
    page = await context.new_page()
    await page.goto(url)
    await page.locator(ready).wait_for()
    await page.evaluate("document.fonts.ready")
    if until:
        for log in await page.locator("main [role=log]").all():
            await log.evaluate("log => log.scrollIntoView({block: 'start'})")
        bounds = await page.locator(until).first.bounding_box()
        assert bounds is not None, f"{name}: there is no {until}"
        height = round(bounds["y"] + bounds["height"]) + MARGIN
    clip: FloatRect = {"x": 0, "y": 0, "width": width, "height": height}
    taken = await page.screenshot(animations="disabled", caret="hide", clip=clip)
    target = PICTURES / f"{name}.png"
    target.write_bytes(await reduced(await context.new_page(), taken))
    sys.stdout.write(f"{target} {target.stat().st_size // 1000} kB\n")
    await context.close()


async def reduced(page: Page, taken: bytes) -> bytes:
    """Return a PNG with at most 256 colors."""
    found = await page.evaluate(REDUCE, base64.b64encode(taken).decode())
    width, height = int(found["width"]), int(found["height"])
    indexes = base64.b64decode(found["indexes"])
    rows = b"".join(b"\0" + indexes[start : start + width] for start in range(0, len(indexes), width))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [
            chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            chunk(b"PLTE", b"".join(color.to_bytes(3, "big") for color in found["palette"])),
            chunk(b"IDAT", zlib.compress(rows, 9)),
            chunk(b"IEND", b""),
        ]
    )


def chunk(kind: bytes, content: bytes) -> bytes:
    """Return one chunk of a PNG."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


if __name__ == "__main__":
    asyncio.run(main())
