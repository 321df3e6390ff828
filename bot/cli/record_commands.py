"""Declare the commands on what the desk has stored: cases, outbox, db, purge."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import settings

app = typer.Typer()
outbox_app = typer.Typer(help="List, retry or drop messages that could not be sent.", no_args_is_help=True)
cases_app = typer.Typer(help="List, show, export and count cases.", no_args_is_help=True)
db_app = typer.Typer(help="Migrate or copy the database.", no_args_is_help=True)
app.add_typer(outbox_app, name="outbox")
app.add_typer(cases_app, name="cases")
app.add_typer(db_app, name="db")

EffectNumber = Annotated[int, typer.Argument(help="The number in the first column of `outbox list`.")]


@outbox_app.command("list", epilog="Example: certdesk outbox list --waiting")
def outbox_list(
    *,
    waiting: Annotated[bool, typer.Option(help="Also list what is still to be sent.")] = False,
) -> None:
    """List what could not be sent, the latest first."""
    from bot.cli.outbox import show  # noqa: PLC0415

    show(settings(), waiting=waiting)


@outbox_app.command("retry", epilog="Example: certdesk outbox retry 17")
def outbox_retry(number: EffectNumber) -> None:
    """Send again something that failed or expired."""
    from bot.cli.outbox import retry  # noqa: PLC0415

    raise typer.Exit(retry(settings(), number))


@outbox_app.command("drop", epilog="Example: certdesk outbox drop 17")
def outbox_drop(number: EffectNumber) -> None:
    """Give up for good on something that is waiting or has failed."""
    from bot.cli.outbox import drop  # noqa: PLC0415

    raise typer.Exit(drop(settings(), number))


@cases_app.command("list", epilog="Example: certdesk cases list --standing waiting --standing claimed")
def cases_list(  # noqa: PLR0913  an option each
    *,
    standing: Annotated[
        list[str] | None,
        typer.Option(
            help="Only cases that are: new, waiting, claimed, waiting-for-requester, resolved or closed."
        ),
    ] = None,
    owner: Annotated[str | None, typer.Option(help="Only cases that this agent owns, by user id.")] = None,
    person: Annotated[str | None, typer.Option(help="Only cases that this user id asked about.")] = None,
    since: Annotated[
        str | None, typer.Option(help="Only cases last changed on this day (UTC) or later.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="The most cases to list.")] = 50,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object a line, as in `export`.")
    ] = False,
) -> None:
    """List cases, the newest first: as a table in a terminal, else one a line, separated by tabs."""
    from bot.cli.cases import show_list  # noqa: PLC0415

    show_list(
        settings(),
        standings=standing or [],
        owner=owner,
        person=person,
        since=since,
        limit=limit,
        as_json=as_json,
    )


@cases_app.command("show", epilog="Example: certdesk cases show C-1042")
def cases_show(
    number: Annotated[str, typer.Argument(help="The case, such as C-1042 or 1042.")],
) -> None:
    """Show a case: its facts, decision and citations, details, owner, and what was done when."""
    from bot.cli.cases import show_case  # noqa: PLC0415

    show_case(settings(), number)


@cases_app.command("export", epilog="Example: certdesk cases export --since 2026-11-01 --out november.csv")
def cases_export(
    *,
    form: Annotated[str, typer.Option("--format", help="csv, or jsonl for JSON Lines.")] = "csv",
    since: Annotated[
        str | None, typer.Option(help="Only cases last changed on this day (UTC) or later.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(help="Only cases last changed on this day (UTC) or earlier.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The file to write; standard output if none is given.")
    ] = None,
    with_texts: Annotated[
        bool,
        typer.Option("--with-texts", help="Also export what people typed: order details, ticket, messages."),
    ] = False,
) -> None:
    """Export one row a case; docs/records.md describes the columns."""
    from bot.cli.cases_export import run  # noqa: PLC0415

    run(settings(), form, since=since, until=until, out=out, texts=with_texts)


@cases_app.command("counts", epilog="Example: certdesk cases counts")
def cases_counts() -> None:
    """Count the cases opened, handed over, resolved and answered in each month, purged ones included."""
    from bot.cli.cases import show_counts  # noqa: PLC0415

    show_counts(settings())


@db_app.command("upgrade", epilog="Example: CERTDESK_DATABASE_URL=sqlite:////srv/desk.db certdesk db upgrade")
def db_upgrade() -> None:
    """Migrate the database to this version of certdesk."""
    from bot.cli.db_upgrade import run  # noqa: PLC0415

    run(settings())


@db_app.command("copy", epilog="Example: certdesk db copy --to postgresql+psycopg://certdesk@db.example/desk")
def db_copy(
    to: Annotated[str, typer.Option(help="The address of an empty database.")],
) -> None:
    """Copy the desk from CERTDESK_DATABASE_URL to another database, and compare the two.

    Stop every `certdesk serve` first: changes made during the copy are not in it.
    """
    from bot.cli.db_copy import run  # noqa: PLC0415

    run(settings(), to)


@app.command(epilog="Example: certdesk purge --older-than 400d --dry-run")
def purge(
    *,
    older_than: Annotated[
        str | None,
        typer.Option(help="Purge cases last changed longer ago, as 400d, unless agents have them."),
    ] = None,
    person: Annotated[
        str | None, typer.Option(help="Erase one person, by user id, wherever they are named.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be removed.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --person: do not ask for confirmation.")] = False,
    overwrite: Annotated[
        bool | None,
        typer.Option(
            help="Rebuild a SQLite file so that nothing removed can be read back from it; nothing can be "
            "written meanwhile. The default with --person."
        ),
    ] = None,
) -> None:
    """Remove cases for good, by age or for one person; the monthly counts stay."""
    from bot.cli.purge import run  # noqa: PLC0415

    run(settings(), older_than, person, dry_run=dry_run, yes=yes, overwriting=overwrite)
