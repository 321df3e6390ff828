"""`certdesk purge`: cases by age, or one person wherever they are named."""

from __future__ import annotations

import sys
from datetime import timedelta

import typer

from bot import clock
from bot.cli.database import age_in, opened, who_in
from bot.cli.failures import RefusalError
from bot.conversation.people import case_name
from bot.settings import Settings
from bot.store import erasure
from bot.store.engine import Engines
from bot.store.erasure import Found, Known, StillThereError
from bot.store.purge import Overwritten, copies, count, kept, older, overwrite, purge
from bot.store.records import Who

IN_SLACK = "What is in Slack stays there; delete it there if it must go too."


def run(  # noqa: PLR0913  one for each of the command's options
    settings: Settings,
    older_than: str | None,
    person: str | None,
    *,
    dry_run: bool,
    yes: bool,
    overwriting: bool | None,
) -> None:
    """Remove cases by age, or erase one person; with neither, only overwrite what was removed before."""
    match older_than, person:
        case str(), None:
            _purge_old(settings, age_in(older_than), dry_run=dry_run, overwriting=bool(overwriting))
        case None, str():
            who, asking = who_in(person, "--person"), not yes
            _erase(settings, who, dry_run=dry_run, asking=asking, overwriting=overwriting is not False)
        case None, None if overwriting and not dry_run:
            with opened(settings) as engines:
                _overwrite(engines)
        case _:
            raise RefusalError("give either --older-than or --person, or --overwrite alone.")


def _purge_old(settings: Settings, age: timedelta, *, dry_run: bool, overwriting: bool) -> None:
    """Remove the cases last changed longer ago than `age`, unless agents have them."""
    at = clock.now()
    before = at - age
    with opened(settings) as engines:
        with engines.reader.connect() as connection:
            number, pending = count(connection, older(before)), count(connection, kept(before))
        if not dry_run:
            number = purge(engines, older(before), at)
        done = "would be purged" if dry_run else "purged"
        typer.echo(f"{done}: {_many(number, 'case')}, last changed before {before:%Y-%m-%d %H:%M} UTC")
        typer.echo(f"kept: {_many(pending, 'case')} just as old, because agents have them")
        if not dry_run and overwriting:
            _overwrite(engines)


def _erase(settings: Settings, who: Who, *, dry_run: bool, asking: bool, overwriting: bool) -> None:
    """Erase a person, after asking for confirmation."""
    with opened(settings) as engines:
        whom, found = _look(engines, who)
        if dry_run:
            _tell(f"would be erased about {who}", found)
            return
        if found.waiting:
            first = f"{_many(found.waiting, 'message')} to others that name {who} must be sent first"
            raise RefusalError(f"{first}; `certdesk outbox list --waiting` shows what waits.")
        if asking:
            _ask(who, found)
        try:
            _tell(f"erased about {who}", erasure.erase(engines, whom, clock.now()))
        except StillThereError:
            again = "they keep writing, or took a case. What was there before is erased; run it again"
            raise RefusalError(f"{who} is not erased: {again}.") from None
        if overwriting:
            _overwrite(engines)
        typer.echo(IN_SLACK)


def _look(engines: Engines, who: Who) -> tuple[Known, Found]:
    with engines.reader.connect() as connection:
        whom = erasure.known(connection, who)
        if whom is None:
            raise RefusalError(f"nobody is known as {who}.")
        if held := erasure.held_by(connection, whom):
            names = ", ".join(map(case_name, held))
            raise RefusalError(f"{who} has cases of others: {names}. Give these to another agent first.")
        return whom, erasure.look(connection, whom)


def _ask(who: Who, found: Found) -> None:
    if not sys.stdin.isatty():
        raise RefusalError("there is no terminal to confirm in; add --yes, or look first with --dry-run.")
    _tell(f"will be erased about {who}", found)
    typer.confirm("Erase this for good?", abort=True)


def _tell(what: str, found: Found) -> None:
    pending = f", {found.pending} of them with the agents" if found.pending else ""
    trail = "1 entry" if found.trail == 1 else f"{found.trail} entries"
    typer.echo(f"{what}: {_many(found.cases, 'case')}{pending}")
    typer.echo(f"named in {_many(found.named_in, 'case')} of others, and in {trail} of the audit trail")
    typer.echo(f"also: {_many(found.messages, 'message')}, {_many(found.receipts, 'receipt')}")
    if found.waiting:
        typer.echo(f"first must be sent: {_many(found.waiting, 'message')} to others that name them")


def _overwrite(engines: Engines) -> None:
    match overwrite(engines):
        case Overwritten.NOT_YET:
            todo = "run `certdesk purge --overwrite` at a quieter time"
            raise RefusalError(f"the file could not be rebuilt, because the desk kept writing to it; {todo}.")
        case Overwritten.BUT_LOG:
            typer.echo("the database's log (-wal) was in use; it is emptied when certdesk next stops")
        case Overwritten.IN_TIME:
            typer.echo("PostgreSQL overwrites what was removed over time, by its own vacuum")
        case Overwritten.WHOLE:
            typer.echo("nothing that was removed can be read back from the database")
    for copy in copies(engines):
        typer.echo(f"{copy} is a copy from before a migration; what was removed is still in it: delete it")


def _many(number: int, of: str) -> str:
    return f"{number} {of}" if number == 1 else f"{number} {of}s"
