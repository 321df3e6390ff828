"""`certdesk`: its commands and their options."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot.settings import SettingError, Settings, read

app = typer.Typer(
    name="certdesk",
    help="A Slack help desk for resellers of SSL certificates: cancel it? a refund? what now?",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
policy_app = typer.Typer(help="Look after the policy files.", no_args_is_help=True)
outbox_app = typer.Typer(help="Look after what could not be sent.", no_args_is_help=True)
cases_app = typer.Typer(help="Look at the cases.", no_args_is_help=True)
db_app = typer.Typer(help="Look after the database.", no_args_is_help=True)
app.add_typer(policy_app, name="policy")
app.add_typer(outbox_app, name="outbox")
app.add_typer(cases_app, name="cases")
app.add_typer(db_app, name="db")

Host = Annotated[str, typer.Option(help="The address to listen on for Slack's calls.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")]


def _version(asked: bool) -> None:  # noqa: FBT001  typer's own way
    if asked:
        from importlib.metadata import version  # noqa: PLC0415

        typer.echo(f"certdesk {version('certdesk')}")
        raise typer.Exit


@app.callback()
def certdesk(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """A Slack help desk for resellers of SSL certificates: cancel it? a refund? what now?"""


@app.command(epilog="Example: certdesk playground --port 4600 --no-browser")
def playground(
    port: Port = 4600,
    *,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    empty: Annotated[bool, typer.Option("--empty", help="Begin without the sample cases.")] = False,
) -> None:
    """Try the whole desk on this machine, without a Slack account."""
    from bot.playground.run import run  # noqa: PLC0415

    run(settings(), port=port, browser=browser, empty=empty)


@app.command(epilog="Example: SLACK_BOT_TOKEN=… SLACK_APP_TOKEN=… certdesk serve")
def serve(
    host: Host = "127.0.0.1",
    port: Port = 3000,
    metrics_host: Annotated[str, typer.Option(help="The address to show metrics on.")] = "127.0.0.1",
    metrics_port: Annotated[int, typer.Option(min=0, max=65535, help="Its port; 0 shows none.")] = 9464,
) -> None:
    """Run the bot against Slack: by Socket Mode with SLACK_APP_TOKEN, by HTTP without."""
    from bot.cli.serve import run  # noqa: PLC0415

    run(settings(), host, port, (metrics_host, metrics_port))


@app.command(epilog="Example: certdesk ask")
def ask() -> None:
    """Go through the interview here in the terminal."""
    from bot.cli.ask import run  # noqa: PLC0415

    run(settings())


@app.command(
    epilog='Example: echo \'{"facts": {"program": "opensrs", "requester": "reseller"}}\' | certdesk decide'
)
def decide(
    file: Annotated[Path | None, typer.Argument(help="JSON Lines to read; standard input without.")] = None,
) -> None:
    """Answer facts, one JSON object a line, with the next question or the decision."""
    from bot.cli.decide import run  # noqa: PLC0415

    raise typer.Exit(run(settings(), file))


@app.command(epilog="Example: certdesk inspect shop.example.com.pem chain.p7b --today 2026-11-23")
def inspect(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Certificates, in any form.")],
    *,
    today: Annotated[str | None, typer.Option(help="The day to tell by whether one has expired.")] = None,
) -> None:
    """Say what certificate files tell: whose, which level, names and days; a JSON object a line."""
    import policy  # noqa: PLC0415
    from bot.cli.inspect import run  # noqa: PLC0415

    raise typer.Exit(run(policy.load(settings().policy_dirs), files, day_in(today)))


@app.command(
    "read", epilog='Example: echo \'{"text": "PositiveSSL, issued 3 Nov, refund?"}\' | certdesk read'
)
def read_(
    file: Annotated[Path | None, typer.Argument(help="JSON Lines to read; standard input without.")] = None,
) -> None:
    """Say what the desk understands of texts, one JSON object a line."""
    from bot.cli.decide import run  # noqa: PLC0415
    from bot.reading.read_protocol import answer_line  # noqa: PLC0415

    raise typer.Exit(run(settings(), file, answer_line))


@app.command(epilog="Example: certdesk triage orders.csv --fact program=opensrs --fact requester=reseller")
def triage(  # noqa: PLR0913  an option each
    file: Annotated[str, typer.Argument(help="A CSV or XLSX file of orders; - is standard input.")],
    *,
    fact: Annotated[
        list[str] | None, typer.Option(help="What holds for the whole list, such as program=opensrs.")
    ] = None,
    today: Annotated[str | None, typer.Option(help="The day to answer for.")] = None,
    order: Annotated[
        str | None, typer.Option("--dates", help="How its days are written: day-first, month-first.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the list with its answers to this file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object for each order.")] = False,
) -> None:
    """Answer a list of orders: how each is canceled, whether it is refunded, until when."""
    from bot.cli.triage import ORDERS, run  # noqa: PLC0415

    if order is not None and order not in ORDERS:
        raise typer.BadParameter(f"takes {', '.join(ORDERS)}", param_hint="--dates")
    raise typer.Exit(
        run(settings(), file, facts=fact or [], today=day_in(today), order=order, out=out, as_json=as_json)
    )


@policy_app.command("check", epilog="Example: CERTDESK_POLICY_DIR=./mine certdesk policy check")
def policy_check(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object with all of it.")] = False,
) -> None:
    """Prove the policy files: walk every set of answers, and render every answer."""
    from bot.cli.policy_check import run  # noqa: PLC0415

    raise typer.Exit(run(settings(), as_json=as_json))


@policy_app.command("new", epilog="Example: certdesk policy new acme")
def policy_new(
    program: Annotated[str, typer.Argument(metavar="ID", help="Its id: small letters, digits, - and _.")],
) -> None:
    """Write a first program with its templates; nothing is overwritten."""
    from bot.cli.policy_new import run  # noqa: PLC0415

    run(settings(), program)


@app.command(epilog="Example: certdesk manifest --url https://desk.example.com")
def manifest(
    url: Annotated[str | None, typer.Option(help="For HTTP: the https address for Slack to call.")] = None,
) -> None:
    """Print the manifest of the Slack app: for Socket Mode, or for HTTP with --url."""
    from bot.slack.app.manifest import AddressError, manifest  # noqa: PLC0415

    try:
        typer.echo(manifest(url), nl=False)
    except AddressError as error:
        wanted = "--url takes an https address such as https://desk.example.com"
        raise typer.BadParameter(wanted) from error


@app.command(epilog="Example: certdesk doctor --blocks")
def doctor(
    *,
    blocks: Annotated[
        bool, typer.Option("--blocks", help="Also let Slack look at every answer that can be drawn.")
    ] = False,
) -> None:
    """Try everything that the bot needs, and say what to do about each failure."""
    from bot.cli.doctor import run  # noqa: PLC0415

    raise typer.Exit(run(settings(), blocks=blocks))


@outbox_app.command("list", epilog="Example: certdesk outbox list --waiting")
def outbox_list(
    *,
    waiting: Annotated[bool, typer.Option(help="Also what is still to be sent.")] = False,
) -> None:
    """List what could not be sent, the latest first."""
    from bot.cli.outbox import show  # noqa: PLC0415

    show(settings(), waiting=waiting)


@outbox_app.command("retry", epilog="Example: certdesk outbox retry 17")
def outbox_retry(number: int) -> None:
    """Send again what had failed or come too late."""
    from bot.cli.outbox import retry  # noqa: PLC0415

    raise typer.Exit(retry(settings(), number))


@outbox_app.command("drop", epilog="Example: certdesk outbox drop 17")
def outbox_drop(number: int) -> None:
    """Give up for good what waits or has failed."""
    from bot.cli.outbox import drop  # noqa: PLC0415

    raise typer.Exit(drop(settings(), number))


@db_app.command("upgrade", epilog="Example: CERTDESK_DATABASE_URL=sqlite:////srv/desk.db certdesk db upgrade")
def db_upgrade() -> None:
    """Migrate the database to this version of certdesk."""
    from bot.cli.db_upgrade import run  # noqa: PLC0415

    run(settings())


@cases_app.command("list", epilog="Example: certdesk cases list --standing waiting --standing claimed")
def cases_list(  # noqa: PLR0913  an option each
    *,
    standing: Annotated[
        list[str] | None,
        typer.Option(
            help="Where they stand: new, waiting, claimed, waiting-for-requester, resolved, closed."
        ),
    ] = None,
    owner: Annotated[str | None, typer.Option(help="The agent who has them, by user id.")] = None,
    person: Annotated[str | None, typer.Option(help="Who asked, by user id.")] = None,
    since: Annotated[str | None, typer.Option(help="Changed on this day (UTC) or later.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at the most.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON object a line, as in `export`.")] = False,
) -> None:
    """List cases, the newest first: a table in a terminal, else a line each, with tabs."""
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
def cases_show(number: str) -> None:
    """Show a case: facts, answer and where it stands written, details, who has it, what was done when."""
    from bot.cli.cases import show_case  # noqa: PLC0415

    show_case(settings(), number)


@cases_app.command("export", epilog="Example: certdesk cases export --since 2026-11-01 --out november.csv")
def cases_export(
    *,
    form: Annotated[str, typer.Option("--format", help="csv, or jsonl for JSON Lines.")] = "csv",
    since: Annotated[str | None, typer.Option(help="Last changed on this day (UTC) or later.")] = None,
    until: Annotated[str | None, typer.Option(help="Last changed on this day (UTC) or earlier.")] = None,
    out: Annotated[Path | None, typer.Option(help="The file to write; standard output without.")] = None,
    with_texts: Annotated[
        bool,
        typer.Option("--with-texts", help="Also what people typed: the details of the order, the ticket."),
    ] = False,
) -> None:
    """Write one row a case, without what people typed unless --with-texts; docs/records.md says which."""
    from bot.cli.cases_export import run  # noqa: PLC0415

    run(settings(), form, since=since, until=until, out=out, texts=with_texts)


@cases_app.command("counts", epilog="Example: certdesk cases counts")
def cases_counts() -> None:
    """Count by month what was opened, handed over, resolved and answered, purged cases included."""
    from bot.cli.cases import show_counts  # noqa: PLC0415

    show_counts(settings())


@db_app.command("copy", epilog="Example: certdesk db copy --to postgresql+psycopg://certdesk@db.example/desk")
def db_copy(
    to: Annotated[str, typer.Option(help="The address of a database that holds nothing yet.")],
) -> None:
    """Copy the desk from CERTDESK_DATABASE_URL to another database, and compare the two.

    Stop every `certdesk serve` first: what is done after the copy has begun is not in it.
    """
    from bot.cli.db_copy import run  # noqa: PLC0415

    run(settings(), to)


@app.command(epilog="Example: certdesk purge --older-than 400d --dry-run")
def purge(
    *,
    older_than: Annotated[
        str | None,
        typer.Option(help="Cases last changed longer ago than this, as 400d; those with agents are kept."),
    ] = None,
    person: Annotated[
        str | None, typer.Option(help="Erase one person, by user id, wherever they are named.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --person: do not ask back.")] = False,
    overwrite: Annotated[
        bool | None,
        typer.Option(
            help="Build a SQLite file anew, so that nothing can be read back from it; nobody can write "
            "meanwhile. With --person it is done unless --no-overwrite."
        ),
    ] = None,
) -> None:
    """Remove cases for good, by age or one person's; their counts stay."""
    from bot.cli.purge import run  # noqa: PLC0415

    run(settings(), older_than, person, dry_run=dry_run, yes=yes, overwriting=overwrite)


def day_in(text: str | None) -> date | None:
    """Return the day that an option gives as YYYY-MM-DD, None if it is not given."""
    from policy.values import parse_day  # noqa: PLC0415

    if text is None:
        return None
    if (day := parse_day(text)) is None:
        raise typer.BadParameter("a day as 2026-11-23 is wanted", param_hint="--today")
    return day


def settings() -> Settings:
    """Return the settings from the environment."""
    return read(os.environ)


def main() -> None:
    """Run the command line; what a person can fix is said in a sentence, with exit status 2."""
    from bot.cli.failures import worded  # noqa: PLC0415

    _open_streams()
    try:
        app()
    except SettingError as error:
        sys.exit(_fail(f"{error.name} is missing or not right. Put there: {error.wanted}."))
    except Exception as error:
        words = worded(error)
        if words is None:
            raise
        sys.exit(_fail(words))


def _open_streams() -> None:
    """Replace streams that the caller closed: read nothing, write to nowhere.

    Otherwise a file or socket could get the number of a closed stream, and whatever is printed there.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115  for good


def _fail(words: str) -> int:
    typer.echo(f"certdesk: {words}", err=True)
    return 2
