"""`certdesk outbox`: list, retry and drop what could not be sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeVar

import typer

from bot import clock
from bot.conversation.people import case_name
from bot.settings import Settings
from bot.slack.outbound.errors import BY_CODE, advice_on
from bot.store import DEAD, EXPIRED, LEASED, QUEUED, Letter, Unit, engine, migrate

T = TypeVar("T")

MAX_LISTED: Final = 200
MAX_KEY: Final = 2**63 - 1
CODE: Final = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+")


def show(settings: Settings, *, waiting: bool) -> None:
    """Print effects that are dead, expired or have failed so far; with `waiting` all that are queued."""
    states = (DEAD, EXPIRED, QUEUED, LEASED) if waiting else (DEAD, EXPIRED)
    letters = _with(settings, lambda unit: unit.dead_letters.find(states, MAX_LISTED, failing=True))
    for letter in letters:
        typer.echo(_line(letter))
    if not letters:
        typer.echo("nothing")


def retry(settings: Settings, number: int) -> int:
    """Queue a dead or expired effect again. Returns 1 if there is none of that number."""
    done = _is_key(number) and _with(settings, lambda unit: unit.dead_letters.retry(number, clock.now()))
    typer.echo(f"{number} is queued again" if done else f"there is no dead or expired effect {number}")
    return int(not done)


def drop(settings: Settings, number: int) -> int:
    """Give up on an effect for good. Returns 1 if there is none of that number."""
    done = _is_key(number) and _with(settings, lambda unit: unit.dead_letters.drop(number, clock.now()))
    typer.echo(f"{number} is dropped" if done else f"there is no effect {number} that waits or has failed")
    return int(not done)


def _is_key(number: int) -> bool:
    """Tell whether a row can have a number: no database has room for larger ones."""
    return 0 < number <= MAX_KEY


def _line(letter: Letter) -> str:
    about = case_name(letter.case) if letter.case is not None else "no case"
    since = f"{letter.queued_at:%Y-%m-%d %H:%M UTC}" if letter.queued_at else "an unknown time"
    why = f": {letter.error}{_advice(letter.error)}" if letter.error else ""
    return f"{letter.id}  {letter.state}  {letter.kind}  {about}  since {since}, {letter.attempts} tries{why}"


def _advice(reason: str) -> str:
    """Return what to do about a code of Slack's; any other reason gets no advice."""
    return f" ({advice_on(reason)})" if reason in BY_CODE or CODE.fullmatch(reason) else ""


def _with(settings: Settings, work: Callable[[Unit], T]) -> T:
    engines = engine.connect(settings.database_url)
    try:
        migrate.upgrade(engines)
        with engines.writer.begin() as connection:
            return work(Unit(connection))
    finally:
        engines.close()
