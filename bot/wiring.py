"""The composition root: settings in, a running bot out."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

import policy
from bot.conversation.derive import Rules
from bot.desk.desk import Desk
from bot.desk.lines import is_message
from bot.desk.outbox import Manners, Outbox
from bot.desk.reminding import remind
from bot.desk.sweeping import sweep
from bot.settings import Settings
from bot.slack import app as slack_app
from bot.slack import socket
from bot.slack.apologies import Apologies
from bot.slack.homes import Homes
from bot.slack.listeners import Listeners
from bot.slack.oversize import TooLarge
from bot.slack.sender import Sender, methods_of
from bot.slack.windows import Windows
from bot.store import Site, Store
from bot.texts import texts_of

# With what ends the ingress, all of stopping stays within ten seconds however Slack hangs.
DRAINING_SECONDS: Final = 1.0
STOPPING_SECONDS: Final = 2.5

# Slack takes about one message a second in a channel, and says so with 429.
# https://docs.slack.dev/apis/web-api/rate-limits
PACE: Final = 1.0

AGENTS_SECONDS: Final = 3600.0
AGAIN_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Bot:
    """A running bot: the Bolt app, the desk behind it, and what sends its messages."""

    app: AsyncApp
    client: AsyncWebClient
    identity: slack_app.Identity
    desk: Desk
    outbox: Outbox
    listeners: Listeners
    too_large: TooLarge


@asynccontextmanager
async def running(
    settings: Settings,
    clock: Callable[[], datetime],
    *,
    secret: str,
    pace: float = PACE,
    passing: Callable[[Site], None] = lambda _: None,
) -> AsyncIterator[Bot]:
    """Run the bot but for its ingress. On leaving, work in flight is ended and nothing is lost.

    `pace` is how many seconds lie between two messages to one conversation, `passing` as in `Store`.

    Raises PolicyError, MigrationError, SettingError, SlackApiError or a network error where it cannot start.
    """
    token, api_url = settings.bot_token, settings.api_url
    rules = Rules(policy.load(settings.policy_dirs), settings.agents_channel is not None)
    texts = texts_of(settings)
    store = Store(settings.database_url, passing)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(store.close)
        await asyncio.to_thread(store.upgrade)
        session = await stack.enter_async_context(slack_app.http_session())
        client = slack_app.web_client(token, api_url, session)
        identity = await slack_app.identify(client)
        sender = Sender(client, store, texts, settings.agents_channel)
        manners = Manners(pace, methods=methods_of, is_message=is_message)
        outbox = Outbox(store, sender.send, clock, manners)
        desk = Desk(store, rules, clock, outbox.wake, settings.agents_channel)
        windows = Windows(client, desk, texts)
        apologies = Apologies(client, texts, clock)
        homes = Homes(client, desk, texts, identity.url)
        agents = settings.agents_channel is not None
        listeners = Listeners(
            desk,
            texts,
            windows,
            homes,
            apologies=apologies,
            home=identity.team,
            own=identity.bot_user,
            agents=agents,
        )
        app = slack_app.build(client, identity, secret, listeners)
        sweeping = asyncio.create_task(sweep(store, clock), name="certdesk-sweep")
        stack.push_async_callback(_end, sweeping)
        known = await windows.learn_agents(identity.team)
        knowing = asyncio.create_task(
            _know_agents(windows, identity.team, known=known), name="certdesk-agents"
        )
        stack.push_async_callback(_end, knowing)
        reminding = asyncio.create_task(remind(desk), name="certdesk-reminders")
        stack.push_async_callback(_end, reminding)
        sending = asyncio.create_task(outbox.run(), name="certdesk-outbox")
        stack.push_async_callback(_send_the_rest, outbox, sending)
        stack.push_async_callback(listeners.drain, DRAINING_SECONDS)
        yield Bot(app, client, identity, desk, outbox, listeners, TooLarge(desk, identity.team, secret))


async def _know_agents(windows: Windows, installation: str, *, known: bool) -> None:
    """Learn every hour who is an agent; sooner where Slack did not say the last time."""
    while True:
        await asyncio.sleep(AGENTS_SECONDS if known else AGAIN_SECONDS)
        known = await windows.learn_agents(installation)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _send_the_rest(outbox: Outbox, sending: asyncio.Task[None]) -> None:
    """Let the outbox send what is due; what Slack does not take in time stays queued."""
    outbox.close()
    await asyncio.wait({sending}, timeout=STOPPING_SECONDS)
    await _end(sending)
    await outbox.stop()


@asynccontextmanager
async def in_socket_mode(bot: Bot, settings: Settings) -> AsyncIterator[Callable[[], bool]]:
    """Join the bot to Slack by Socket Mode; yields a function that tells whether it is connected."""
    handler = slack_app.socket_handler(bot.app, settings.app_token or "", settings.api_url, bot.too_large)
    async with socket.connected(handler) as connected:
        yield connected
