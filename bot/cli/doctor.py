"""`certdesk doctor`: try everything that the bot needs, and say what to do about each failure."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

import typer
from sqlalchemy import make_url

import policy
from bot import clock
from bot.cli.failures import DRIVER, NO_DRIVER
from bot.desk.undelivered import LATE
from bot.settings import SettingError, Settings
from bot.slack.app.bolt import http_session
from bot.slack.app.manifest import SCOPES
from bot.slack.app.signature_failures import words
from bot.slack.app.signing import FRESH_SECONDS
from bot.slack.app.socket import try_token
from bot.slack.blocks.answer_checks import templates_fit
from bot.slack.outbound.errors import BY_CODE, Course, advice_on
from bot.slack.outbound.web_api import CallError, WebApi
from bot.store import DEAD, Stuck, migrate
from bot.store.delays import Delays
from bot.store.engine import peek
from bot.store.refusals import Cause, Refusals, Unbelieved
from bot.texts import texts_of
from policy.check import check_files
from policy.errors import PolicyError, Severity


class State(StrEnum):
    """How a check ended."""

    OK = "ok"
    NOTE = "note"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was tried, how it ended, and what to do."""

    what: str
    state: State
    words: str


CLOSE_SECONDS: Final = 30  # Slack's clock is read in whole seconds, and its answer takes time
RECENT: Final = timedelta(days=1)
REINSTALL: Final = "reinstall the app from `certdesk manifest` (Install App, in the app's settings)"

MAX_REASONS: Final = 10

Check = Callable[[Settings], Awaitable[list[Finding]]]


def run(settings: Settings, *, blocks: bool = False) -> int:
    """Print a line for each finding; returns 1 if any failed. `blocks`: ask Slack about each answer."""
    findings = asyncio.run(examine(settings, blocks=blocks))
    for each in findings:
        typer.echo(f"{each.state:>6}  {each.what}: {each.words}")
    return int(any(each.state is State.FAILED for each in findings))


async def examine(settings: Settings, *, blocks: bool = False) -> list[Finding]:
    """Return the findings of every check, whatever the others found."""
    checks = CHECKS
    if blocks:
        from bot.cli.doctor_blocks import blocks_taken  # noqa: PLC0415  it has its findings from here

        checks = (*CHECKS, blocks_taken)
    return [finding for check in checks for finding in await _settings_right(check, settings)]


async def _settings_right(check: Check, settings: Settings) -> list[Finding]:
    try:
        return await check(settings)
    except SettingError as error:
        return [Finding(error.name, State.FAILED, f"put there {error.wanted}")]
    except PolicyError:
        return []  # the check of the policy says what is wrong


async def _policy(settings: Settings) -> list[Finding]:
    report = check_files(settings.policy_dirs)
    if report.findings:
        return [Finding("policy", State.FAILED, str(finding)) for finding in report.findings]
    core = policy.load(settings.policy_dirs)
    read = ", ".join(f"{program.id} {program.ref.version}" for program in core.programs.values())
    return [Finding("policy", State.OK, read), *_links(core)]


def _links(core: policy.Policy) -> Iterator[Finding]:
    for program in core.programs.values():
        named = {
            "portal": program.links.portal,
            "support_form": program.links.support_form,
            "support_email": program.links.support_email,
        }
        empty = [name for name, value in named.items() if not value]
        if empty:
            todo = f"{', '.join(empty)} not filled in: replies name the place in the control panel instead"
            yield Finding(f"links of {program.id}", State.NOTE, todo)


async def _templates(settings: Settings) -> list[Finding]:
    found = templates_fit(texts_of(settings, policy.load(settings.policy_dirs)))
    wrong = [str(each) for each in found if each.severity is Severity.ERROR]
    if not wrong:
        return [Finding("templates", State.OK, "each uses exactly the variables it is given")]
    return [Finding("templates", State.FAILED, problem) for problem in wrong]


async def _database(settings: Settings) -> list[Finding]:
    return [await asyncio.to_thread(_database_now, settings.database_url)]


def _database_now(address: str) -> Finding:
    """Look at the database without creating or changing anything."""
    try:
        engine = peek(address)
        if engine is None:
            return _not_yet(Path(make_url(address).database or ""))
        try:
            revision = migrate.current(engine)
        finally:
            engine.dispose()
    except Exception as error:  # noqa: BLE001  whatever the driver raises, it cannot be used
        missing = isinstance(error, ModuleNotFoundError) and error.name == DRIVER
        todo = f"cannot be opened ({type(error).__name__}); look at CERTDESK_DATABASE_URL"
        return Finding("database", State.FAILED, NO_DRIVER if missing else todo)
    if revision == migrate.newest():
        return Finding("database", State.OK, f"at revision {revision}")
    if revision is not None and revision not in migrate.known():
        todo = f"at revision {revision}, of a newer certdesk: install that one, or set CERTDESK_DATABASE_URL"
        return Finding("database", State.FAILED, todo)
    has = f"at revision {revision}" if revision else "empty"
    todo = "run `certdesk db upgrade` (on SQLite `serve` does it itself)"
    return Finding("database", State.NOTE, f"{has}; {todo}")


async def _outbox(settings: Settings) -> list[Finding]:
    return await asyncio.to_thread(_stuck, settings.database_url)


def _stuck(address: str) -> list[Finding]:
    """Report what does not get through to Slack, and why. Another check reports on the database itself."""
    try:
        engine = peek(address)
        if engine is None or migrate.current(engine) != migrate.newest():
            return []
        with engine.connect() as connection:
            stuck = Delays(connection).stuck(clock.now() - LATE)
        engine.dispose()
    except Exception:  # noqa: BLE001  whatever the driver raises, there is nothing to tell
        return []
    return [Finding("outbox", State.NOTE, _in_words(each)) for each in stuck[:MAX_REASONS]]


def _in_words(stuck: Stuck) -> str:
    how = "not sent, and not tried any more" if stuck.state == DEAD else "not sent yet"
    why = stuck.reason or "waiting for another"
    todo = advice_on(stuck.reason) if stuck.reason in BY_CODE else "see `certdesk outbox list`"
    since = f" since {stuck.since:%Y-%m-%d %H:%M} UTC" if stuck.since else ""
    return f"{stuck.number} {how}{since}: {why}; {todo}"


def _not_yet(file: Path) -> Finding:
    """Tell whether a SQLite file that does not exist could be created."""
    folder = next(parent for parent in file.resolve().parents if parent.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        todo = f"{folder} cannot be written to; make it writable, or set CERTDESK_DATABASE_URL"
        return Finding("database", State.FAILED, todo)
    return Finding("database", State.NOTE, f"not there yet; `certdesk serve` creates {file}")


async def _slack(settings: Settings) -> list[Finding]:
    async with http_session() as session:
        client = WebApi(settings.bot_token, settings.api_url, session)
        try:
            answer = await client.auth_test()
        except CallError as error:
            return [Finding("SLACK_BOT_TOKEN", State.FAILED, _refused(error, REINSTALL))]
        granted = {scope.strip() for scope in str(answer.headers.get("x-oauth-scopes", "")).split(",")}
        found = [
            Finding("SLACK_BOT_TOKEN", State.OK, f"{answer.get('user')} in {answer.get('team')}"),
            _scopes(granted - {""}),
            await _agents(client, settings),
        ]
    return [*found, await _ingress(settings), *_clock(answer.headers.get("Date"), settings)]


def _scopes(granted: set[str]) -> Finding:
    if not granted:
        return Finding("scopes", State.NOTE, "Slack did not say which the token has")
    missing = sorted(SCOPES - granted)
    if missing:
        return Finding("scopes", State.FAILED, f"{', '.join(missing)} missing; {REINSTALL}")
    return Finding("scopes", State.OK, f"all {len(SCOPES)} granted")


async def _agents(client: WebApi, settings: Settings) -> Finding:
    channel = settings.agents_channel
    if channel is None:
        todo = "not set: replies say how to reach a person, and there is no button to hand a case over"
        return Finding("CERTDESK_AGENTS_CHANNEL", State.NOTE, todo)
    try:
        found = (await client.conversations_info(channel=channel))["channel"]
    except CallError as error:
        todo = "invite the bot with /invite @certdesk in the agents' channel, and look at the channel's id"
        return Finding("CERTDESK_AGENTS_CHANNEL", State.FAILED, _refused(error, todo))
    name = f"#{found.get('name', channel)}"
    if found.get("is_archived"):
        return Finding("CERTDESK_AGENTS_CHANNEL", State.FAILED, f"{name} is archived; choose another channel")
    if not found.get("is_member"):
        todo = f"the bot is not in {name}: /invite @certdesk there"
        return Finding("CERTDESK_AGENTS_CHANNEL", State.FAILED, todo)
    return Finding("CERTDESK_AGENTS_CHANNEL", State.OK, name)


async def _ingress(settings: Settings) -> Finding:
    token = settings.app_token
    if token is None:
        _ = settings.signing_secret
        return await asyncio.to_thread(_secret, settings.database_url)
    try:
        await try_token(token, settings.api_url)
    except CallError as error:
        todo = "make an app-level token with connections:write (Basic Information), and turn Socket Mode on"
        return Finding("SLACK_APP_TOKEN", State.FAILED, _refused(error, todo))
    return Finding("SLACK_APP_TOKEN", State.OK, "Socket Mode")


def _secret(address: str) -> Finding:
    """Report whether Slack's requests are accepted, as far as a running `serve` has recorded it."""
    now, told = clock.now(), [seen for seen in _refusals(address) if seen.cause is not Cause.STRANGER]
    lasting = [each for each in told if each.believed_at is None or each.believed_at < each.at]
    for seen in lasting[:1]:
        if now - seen.at < RECENT:
            since = (
                f"{seen.number} requests refused within a minute, the last at {seen.at:%Y-%m-%d %H:%M} UTC"
            )
            return Finding("SLACK_SIGNING_SECRET", State.FAILED, f"{since}: {words(seen)}")
    return Finding("SLACK_SIGNING_SECRET", State.OK, "set; Slack is to call over HTTP")


def _refusals(address: str) -> list[Unbelieved]:
    """Return the refused requests; none if the database cannot tell, which is another finding."""
    try:
        engine = peek(address)
        if engine is None:
            return []
        try:
            with engine.connect() as connection:
                return Refusals(connection).all()
        finally:
            engine.dispose()
    except Exception:  # noqa: BLE001  whatever the driver raises
        return []


def _clock(date: object, settings: Settings) -> Iterator[Finding]:
    """Compare this machine's clock with Slack's: if they differ by minutes, every HTTP request is refused."""
    try:
        off = (clock.now() - parsedate_to_datetime(str(date))).total_seconds()
    except ValueError:
        return
    if abs(off) <= CLOSE_SECONDS:
        yield Finding("clock", State.OK, "as Slack's")
        return
    refusing = settings.app_token is None and abs(off) > FRESH_SECONDS - CLOSE_SECONDS
    seen = Unbelieved(Cause.CLOCK, clock.now(), 0, round(off))
    yield Finding("clock", State.FAILED if refusing else State.NOTE, words(seen))


def _refused(error: CallError, todo: str) -> str:
    if isinstance(error.__cause__, Exception):
        return f"Slack cannot be reached ({error.code}); look at the network and SLACK_API_URL"
    # a passing failure, or one that is not Slack's, is not the setting's fault
    passes = error.course in {Course.PASSES, Course.UNSURE}
    return f"Slack says {error.code}; {advice_on(error.code) if passes else todo}"


CHECKS: Final[tuple[Check, ...]] = (_policy, _templates, _database, _outbox, _slack)
