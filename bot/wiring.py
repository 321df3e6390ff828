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

import policy
from bot.clock import SteadyClock, ticks
from bot.conversation.derive import Rules
from bot.desk.background import Background, Supervised
from bot.desk.desk import Desk
from bot.desk.outbox import Outbox
from bot.desk.pace import SendOptions
from bot.desk.sweep import sweep_once
from bot.faults import is_worlds
from bot.reading import sentences
from bot.render.texts import Texts
from bot.settings import Settings
from bot.slack.app import bolt, socket
from bot.slack.app.access import Access, AppEvents
from bot.slack.app.listeners import Listeners
from bot.slack.app.too_large import TooLarge
from bot.slack.outbound.accounts import Accounts
from bot.slack.outbound.apologies import Apologies
from bot.slack.outbound.complaints import Complaints
from bot.slack.outbound.home_publisher import Homes
from bot.slack.outbound.list_sender import Folders
from bot.slack.outbound.modals import Windows
from bot.slack.outbound.sender import Sender, methods_of
from bot.slack.outbound.web_api import CallError, WebApi
from bot.store import Site, Store
from bot.texts import texts_of

# Together with ending the ingress, stopping takes ten seconds at most, however Slack hangs.
DRAINING_SECONDS: Final = 1.0
STOPPING_SECONDS: Final = 2.5

# Slack takes about one message a second in a channel, and says so with 429.
# https://docs.slack.dev/apis/web-api/rate-limits
PACE: Final = 1.0
BURST: Final = 10  # at once; Slack takes "short bursts", and if it takes fewer, its answer slows us down


@dataclass(frozen=True, slots=True)
class Intervals:
    """Seconds between checks: for due reminders, who is an agent, and old rows.

    `membership_again` applies if Slack did not say the last time who is an agent.
    """

    reminders: float = 15.0
    membership: float = 3600.0
    membership_again: float = 30.0
    sweep: float = 3600.0


INTERVALS: Final = Intervals()


@dataclass(frozen=True, slots=True)
class Bot:
    """A running bot: the Bolt app, the desk behind it, the outbox, and its other tasks."""

    app: AsyncApp
    client: WebApi
    access: Access
    identity: bolt.Identity
    desk: Desk
    outbox: Outbox
    listeners: Listeners
    accounts: Accounts
    too_large: TooLarge
    background: Background


@asynccontextmanager
async def running(  # noqa: PLR0913, PLR0915  what a test wants to be otherwise has a name
    settings: Settings,
    wall: Callable[[], datetime],
    *,
    secret: str,
    pace: float = PACE,
    burst: int = BURST,
    intervals: Intervals = INTERVALS,
    ticks: Callable[[], float] = ticks,
    passing: Callable[[Site], None] | None = None,
    core: policy.Policy | None = None,
    texts: Texts | None = None,
) -> AsyncIterator[Bot]:
    """Run the bot without its ingress. On leaving, work in progress is finished and nothing is lost.

    `pace` is the seconds between two messages into one channel, after a `burst`; `passing` as in `Store`;
    `core` and `texts` may be loaded already. `wall` is the machine's clock, `ticks` counts seconds whatever
    is done to it.

    Raises PolicyError, MigrationError, SettingError or CallError if it cannot start.
    """
    token, api_url = settings.bot_token, settings.api_url
    clock = SteadyClock(wall, ticks)
    rules = await _rules(settings, core)
    texts = texts or texts_of(settings, rules.policy)
    store = Store(settings.database_url, passing) if passing else Store(settings.database_url)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(store.close)
        await asyncio.to_thread(store.upgrade)
        session = await stack.enter_async_context(bolt.http_session())
        access, complaints = Access(), Complaints()

        def failed(error: CallError) -> None:
            complaints.note(error)
            access.note(error)

        client = WebApi(token, api_url, session, before=access.before, failed=failed)
        # By a client that reports no failures: here a failure ends the process, in one line.
        identity = await bolt.identify(WebApi(token, api_url, session))
        sender = Sender(client, store, texts, settings.agents_channel, _folders(settings))
        options = SendOptions(pace, burst, methods=methods_of, ready=access.is_accepted)
        outbox = Outbox(store, sender.send, clock, options)
        access.regained = outbox.wake
        desk = Desk(store, rules, clock, outbox.wake, settings.agents_channel)
        sender.report_findings_to(desk.receive)
        windows = Windows(client, desk, texts)
        apologies = Apologies(client, texts, clock.ticks)
        accounts = Accounts(client, desk, identity.bot_user)
        homes = Homes(client, desk, texts, identity.url)
        listeners = Listeners(
            desk,
            texts,
            windows,
            homes,
            accounts,
            apologies=apologies,
            home=identity.team,
            own=identity.bot_user,
            agents=settings.agents_channel is not None,
        )
        app = bolt.build(client, identity, secret, listeners, AppEvents(access))
        background = Background(is_worlds)
        stack.push_async_callback(background.end)

        async def swept() -> float:
            if not clock.is_sure:
                return intervals.reminders
            await sweep_once(store, clock())
            return intervals.sweep

        async def agents_known() -> float:
            known = await accounts.learn_agents(identity.team)
            return intervals.membership if known else intervals.membership_again

        async def reminded() -> float:
            await outbox.set_aside()
            await desk.corrections.correct_future_cases()
            if clock.is_sure:
                await desk.come_due()
            if access.is_accepted():  # otherwise it would be reported together with the good news
                await desk.tell_overdue()
            return intervals.reminders

        background.repeat("sweep", swept)
        background.repeat("membership", agents_known, after=await agents_known())
        background.repeat("reminders", reminded)
        background.keep("access", lambda well: access.watch(client, well))
        sending = background.keep("outbox", outbox.run)
        stack.push_async_callback(_send_the_rest, outbox, sending)
        stack.push_async_callback(listeners.after_ack.drain, DRAINING_SECONDS)
        too_large = TooLarge(desk, identity.team, secret)
        yield Bot(app, client, access, identity, desk, outbox, listeners, accounts, too_large, background)


async def _rules(settings: Settings, core: policy.Policy | None) -> Rules:
    """Load the policy, and prepare what reading needs of it, so that nobody waits for that later."""
    loaded = core or policy.load(settings.policy_dirs)
    await asyncio.to_thread(sentences.get_ready, loaded)
    return Rules(loaded, settings.agents_channel is not None)


def _folders(settings: Settings) -> Folders:
    """Return an operator's own folders, for the process that answers lists."""
    return Folders(tuple(map(str, settings.policy_dirs)), tuple(map(str, settings.templates_dirs)))


async def _send_the_rest(outbox: Outbox, sending: Supervised) -> None:
    """Let the outbox send what is due; what Slack does not take in time stays queued."""
    outbox.close()
    await sending.end(STOPPING_SECONDS)
    await outbox.stop()


@asynccontextmanager
async def in_socket_mode(bot: Bot, settings: Settings) -> AsyncIterator[Callable[[], bool]]:
    """Join the bot to Slack by Socket Mode; yields a function that tells whether it is connected."""
    handler = bolt.socket_handler(bot.app, settings.app_token or "", settings.api_url, bot.too_large)
    async with socket.connected(handler, bot.background) as connected:
        yield connected
