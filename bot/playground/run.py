"""`certdesk playground`: run the stand-in for Slack, its page, and the real bot connected to it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import tempfile
import webbrowser
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import structlog
import typer

from bot import clock, logs
from bot.playground.samples import EarlierClock, ask_samples
from bot.playground.standin import Command, Does, Shortcut, StandIn, StandInError, Try
from bot.settings import Settings
from bot.slack.app.manifest import SCOPES
from bot.slack.blocks.answer_checks import must_fit
from bot.wiring import Bot, in_socket_mode, running

log = structlog.get_logger("certdesk.playground")

HOST: Final = "127.0.0.1"
PAGE: Final = Path(__file__).parent / "page" / "static"
COMMAND: Final = Command(
    "/certdesk", "Can a certificate be canceled and refunded?", "[new | cases | help | pin]"
)
SAID: Final = "PositiveSSL from OpenSRS, we are the reseller, issued 3 days ago. Can we get a refund?"
TRIES: Final = (
    Try("Ask about an order", "A few questions in a form, then the answer.", Does.SLASH, "/certdesk new"),
    Try("Write a sentence", "certdesk takes from it what it can.", Does.POST, SAID),
    Try("Ask for a person", "The case goes to the agents.", Does.POST, "agent"),
    Try("List your cases", "What you asked, and the state of each.", Does.SLASH, "/certdesk cases"),
    Try("Be an agent", "Ada sees the queue, and claims a case.", Does.GO, user="ada", channel="ssl-agents"),
)
SHORTCUT: Final = Shortcut("check_order", "Check this certificate order")


@dataclass(frozen=True, slots=True)
class Playground:
    """A running playground."""

    slack: StandIn
    bot: Bot
    url: str


@asynccontextmanager
async def opened(
    settings: Settings,
    folder: Path,
    port: int,
    now: Callable[[], datetime] = clock.now,
    ticks: Callable[[], float] = clock.ticks,
) -> AsyncIterator[Playground]:
    """Run stand-in, bot and page until the block ends, with the database in `folder`."""
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(
            StandIn.serving(
                port=port,
                clock=lambda: now().timestamp(),
                commands=[COMMAND],
                shortcuts=[SHORTCUT],
                bot_scopes=SCOPES,
                page_dir=PAGE,
                tries=TRIES,
                app_name="certdesk",
            )
        )
        own = _own(settings, slack, folder)
        bot = await stack.enter_async_context(running(own, now, ticks=ticks, secret="", pace=0))
        await stack.enter_async_context(in_socket_mode(bot, own))
        await slack.connected()
        yield Playground(slack, bot, slack.url)


def _own(settings: Settings, slack: StandIn, folder: Path) -> Settings:
    """Return the settings with the stand-in's tokens, so that nothing goes to the real Slack."""
    kept = {name: value for name, value in settings.values.items() if name.startswith("CERTDESK_")}
    return Settings(
        kept
        | {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
            "CERTDESK_AGENTS_CHANNEL": slack.channel("ssl-agents"),
            "CERTDESK_DATABASE_URL": f"sqlite:///{folder / 'playground.db'}",
        }
    )


async def furnish(slack: StandIn, bot: Bot, past: EarlierClock, *, empty: bool = False) -> None:
    """Give a new playground what a desk in use has: the Start button, and cases in the queue."""
    if not empty:
        await ask_samples(slack, bot, past)
    await slack.slash("ada", "ssl-support", COMMAND.command, "pin")


def run(settings: Settings, *, port: int, browser: bool, empty: bool = False) -> None:
    """Run the playground until Ctrl-C; nothing in it is kept. `empty`: without sample cases."""
    logs.configure(settings.log_level, readable=True)
    must_fit(settings)
    with tempfile.TemporaryDirectory(prefix="certdesk-") as folder:
        asyncio.run(_run(settings, Path(folder), port, browser=browser, empty=empty))


def _check_free(port: int) -> None:
    """Raise OSError, worded for the person, if the port cannot be listened on."""
    try:
        socket.create_server((HOST, port)).close()
    except OSError as error:
        why = f"cannot listen on {HOST} port {port} ({os.strerror(error.errno or 0)})"
        raise OSError(f"{why}; choose another with --port, or --port 0 for a free one") from error


async def _furnish(slack: StandIn, bot: Bot, past: EarlierClock, *, empty: bool) -> None:
    """Furnish a playground; if that fails, log it and go on without the samples."""
    try:
        await furnish(slack, bot, past, empty=empty)
    except (StandInError, TimeoutError) as error:
        past.behind = timedelta()
        log.warning("samples_missing", error=type(error).__name__)


async def _run(settings: Settings, folder: Path, port: int, *, browser: bool, empty: bool) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    _check_free(port)
    past = EarlierClock() if empty else EarlierClock.for_samples()
    async with opened(settings, folder, port, past.now, past.ticks) as playground:
        await _furnish(playground.slack, playground.bot, past, empty=empty)
        typer.echo(f"The playground is at {playground.url} (a local stand-in for Slack; Ctrl-C ends it)")
        typer.echo("Press Start there, or type /certdesk in #ssl-support, or write to certdesk directly.")
        if browser:
            with contextlib.suppress(webbrowser.Error):
                await asyncio.to_thread(webbrowser.open, playground.url)
        given_up = asyncio.create_task(playground.bot.background.given_up())
        stopped = asyncio.create_task(stopping.wait())
        await asyncio.wait({stopped, given_up}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if given_up.done():
            raise given_up.result()
        given_up.cancel()
