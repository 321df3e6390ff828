"""Declare the commands that answer without Slack: ask, decide, read, inspect, triage."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import day_in, settings

app = typer.Typer()

JsonLines = Annotated[
    Path | None, typer.Argument(help="A file of JSON Lines; standard input if none is given.")
]


@app.command(epilog="Example: certdesk ask")
def ask() -> None:
    """Answer the questions here in the terminal and get the decision."""
    from bot.cli.ask import run  # noqa: PLC0415

    run(settings())


@app.command(
    epilog='Example: echo \'{"facts": {"program": "opensrs", "requester": "reseller"}}\' | certdesk decide'
)
def decide(file: JsonLines = None) -> None:
    """Return the next question or the decision for the facts on each line, as JSON Lines."""
    from bot.cli.decide import run  # noqa: PLC0415

    raise typer.Exit(run(settings(), file))


@app.command(
    "read", epilog='Example: echo \'{"text": "PositiveSSL, issued 3 Nov, refund?"}\' | certdesk read'
)
def read_(file: JsonLines = None) -> None:
    """Return what the desk understands of the text on each line, as JSON Lines."""
    from bot.cli.decide import run  # noqa: PLC0415
    from bot.reading.read_protocol import answer_line  # noqa: PLC0415

    raise typer.Exit(run(settings(), file, answer_line))


@app.command(epilog="Example: certdesk inspect shop.example.com.pem chain.p7b --today 2026-11-23")
def inspect(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Certificates, in any form.")],
    *,
    today: Annotated[
        str | None, typer.Option(help="The day on which to tell whether a certificate has expired.")
    ] = None,
) -> None:
    """Return what certificate files show (provider, level, names, dates), one JSON object a file."""
    import policy  # noqa: PLC0415
    from bot.cli.inspect import run  # noqa: PLC0415

    raise typer.Exit(run(policy.load(settings().policy_dirs), files, day_in(today)))


@app.command(epilog="Example: certdesk triage orders.csv --fact program=opensrs --fact requester=reseller")
def triage(  # noqa: PLR0913  an option each
    file: Annotated[str, typer.Argument(help="A CSV or XLSX file of orders; - is standard input.")],
    *,
    fact: Annotated[
        list[str] | None,
        typer.Option(help="A fact that holds for the whole list, such as program=opensrs; repeatable."),
    ] = None,
    today: Annotated[str | None, typer.Option(help="The day as of which to answer, as 2026-11-23.")] = None,
    order: Annotated[
        str | None,
        typer.Option("--dates", help="How the list writes dates: day-first, month-first or year-first."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the list with its answers to this file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object for each order.")] = False,
) -> None:
    """Answer a list of orders: how to cancel each, whether it is refunded, and until when."""
    from bot.cli.triage import ORDERS, run  # noqa: PLC0415

    if order is not None and order not in ORDERS:
        raise typer.BadParameter(f"takes {', '.join(ORDERS)}", param_hint="--dates")
    raise typer.Exit(
        run(settings(), file, facts=fact or [], today=day_in(today), order=order, out=out, as_json=as_json)
    )
