"""`certdesk serve`: the bot against Slack until it is told to stop."""

from __future__ import annotations

import asyncio
import math
import signal
import socket
import sys
from collections import deque
from collections.abc import Callable
from contextlib import AsyncExitStack
from time import monotonic
from typing import Final

import structlog
import typer
import uvicorn

from bot import clock, logs, metrics
from bot.desk.background import Background, TaskGivenUpError
from bot.log_output import protect_standard_streams
from bot.settings import Settings
from bot.slack.app import bolt
from bot.slack.app.http import Endpoint, Probe, server, web_app
from bot.slack.app.signature_failures import Keep
from bot.slack.app.socket import try_token
from bot.slack.blocks.answer_checks import must_fit
from bot.store import Store
from bot.store.migrate_apart import upgrade_apart
from bot.store.refusals import Unbelieved
from bot.wiring import Bot, in_socket_mode, running

PROBE_SECONDS: Final = 3
PROBES: Final = 30  # of the database a second, at most: strangers may ask as often as they like
SOFTWARE_STATUS: Final = 70  # EX_SOFTWARE in sysexits.h: a fault of our own that no setting can fix
METRICS_SECONDS: Final = 5.0

log = structlog.get_logger("certdesk.serve")


def run(settings: Settings, host: str, port: int, metrics_at: tuple[str, int]) -> None:
    """Serve until SIGINT or SIGTERM; work in progress is finished first."""
    protect_standard_streams()
    logs.configure(settings.log_level)
    settings.check_for_serving()
    must_fit(settings)
    secret = "" if settings.app_token else settings.signing_secret
    exposed = _Exposing(*metrics_at) if metrics_at[1] else None
    try:
        asyncio.run(_serve(settings, secret, host, port, exposed))
    except TaskGivenUpError as error:
        raise typer.Exit(SOFTWARE_STATUS) from error


async def _serve(settings: Settings, secret: str, host: str, port: int, exposed: _Exposing | None) -> None:
    """Serve until a signal. Raises TaskGivenUpError if a task keeps failing."""
    logs.tell_of_lost_errors(asyncio.get_running_loop())
    async with AsyncExitStack() as stack:
        # before anything else: a port in use is reported at once
        listening = stack.enter_context(_listen(host if secret else "127.0.0.1", port))
        await asyncio.to_thread(upgrade_apart, settings.database_url)
        bot = await stack.enter_async_context(running(settings, clock.now, secret=secret))
        endpoint = None
        if secret:
            endpoint = Endpoint(bolt.http_handler(bot.app), bot.too_large, _keeping(bot.desk.store))
            web = web_app(probe(bot, None), endpoint)
        else:
            await try_token(settings.app_token or "", settings.api_url)
            connected = await stack.enter_async_context(in_socket_mode(bot, settings))
            web = web_app(probe(bot, connected), None)
        _announce(bot, listening.getsockname()[1], http=bool(secret))
        if exposed is not None:
            bot.background.repeat("metrics", exposed.look)
        serving = server(web, host, port, endpoint.admission if endpoint is not None else None)
        _stop_on_signals(serving)
        given_up = asyncio.create_task(_stop_when_given_up(bot.background, serving))
        await serving.serve(sockets=[listening])
        log.info("stopping")
        given_up.cancel()
    log.info("stopped")
    if given_up.done() and not given_up.cancelled():
        raise given_up.result()


async def _stop_when_given_up(background: Background, serving: uvicorn.Server) -> TaskGivenUpError:
    error = await background.given_up()
    log.critical(
        "giving_up", task=error.task, todo="report this; whoever watches this process starts it again"
    )
    serving.should_exit = True
    return error


class _Exposing:
    """The metrics' own port, for the supervisor to look after. Raises OSError if the port is in use."""

    def __init__(self, host: str, port: int) -> None:
        self._at = (host, port)
        self._exposed = self._open()

    def _open(self) -> metrics.Exposed:
        host, port = self._at
        try:
            return metrics.serve(host, port)
        except (OSError, UnicodeError) as error:
            raise _taken(host, port, "--metrics-port", error) from error

    async def look(self) -> float:
        """Check that the metrics are served, and restart them if not; returns seconds to the next look."""
        if not self._exposed.is_up():
            log.warning("metrics_not_served")
            self._exposed.close()
            self._exposed = self._open()
        return METRICS_SECONDS


def _keeping(store: Store) -> Keep:
    async def keep(seen: Unbelieved) -> None:
        await store.write(lambda unit: unit.refusals.note(seen))

    return keep


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except (OSError, UnicodeError) as error:
        raise _taken(host, port, "--port", error) from error


def _taken(host: str, port: int, option: str, error: OSError | UnicodeError) -> OSError:
    why = error.strerror if isinstance(error, OSError) else "that is not a host name"
    return OSError(f"cannot listen on {host} port {port} ({why}); choose another with {option}")


def _announce(bot: Bot, port: int, *, http: bool) -> None:
    how = f"HTTP on port {port}, {bolt.EVENTS_PATH}" if http else f"Socket Mode; health on port {port}"
    log.info("serving", how=how, team=bot.identity.team)
    if sys.stderr.isatty():
        typer.echo(f"certdesk is up: {how}. Stop it with Ctrl-C.", err=True)


def _stop_on_signals(serving: uvicorn.Server) -> None:
    """Make a signal end the serving and nothing else: uvicorn alone would end the process right after."""

    def stop() -> None:
        serving.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)


def probe(bot: Bot, connected: Callable[[], bool] | None) -> Probe:
    """Return a function that tells what is wrong with a bot by name; `connected` if it uses Socket Mode."""
    database = _DatabaseProbe(bot.desk.store)

    async def look() -> dict[str, str]:
        wrong = {
            task: f"this task failed ({error}) and is to be started again"
            for task, error in bot.background.trouble().items()
        }
        if connected is not None and not connected():
            wrong["slack"] = "Socket Mode is not connected"
        if (why := bot.access.lost) is not None:
            wrong["token"] = f"Slack does not take the bot's token ({why}): nothing is sent"
        if not bot.desk.store.engines.is_there():
            wrong["database"] = "the database's file is gone, or another one is there; start certdesk again"
        elif not await database.answers():
            wrong["database"] = "the database does not answer"
        return wrong

    return look


class _DatabaseProbe:
    """Tries the database; beyond `PROBES` tries a second it returns the last result."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._trying = asyncio.Lock()
        self._began: deque[float] = deque([-math.inf] * PROBES, PROBES)
        self._answered = False

    async def answers(self) -> bool:
        """Tell whether the database answers."""
        came = monotonic()
        async with self._trying:
            was_tried_since = self._began[-1] >= came
            if not was_tried_since and monotonic() - self._began[0] >= 1:
                self._began.append(monotonic())
                self._answered = await self._try()
            return self._answered

    async def _try(self) -> bool:
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                await self._store.check()
        except Exception:  # noqa: BLE001  whatever it is, the database is not ready
            return False
        return True
