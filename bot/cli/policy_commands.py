"""Declare `certdesk policy check` and `certdesk policy new`."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.options import settings

app = typer.Typer(help="Check and add policy files.", no_args_is_help=True)


@app.command("check", epilog="Example: CERTDESK_POLICY_DIR=./mine certdesk policy check")
def policy_check(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as one JSON object.")] = False,
) -> None:
    """Prove the policy files: walk every set of answers and render every decision."""
    from bot.cli.policy_check import run  # noqa: PLC0415

    raise typer.Exit(run(settings(), as_json=as_json))


@app.command("new", epilog="Example: certdesk policy new acme")
def policy_new(
    program: Annotated[
        str, typer.Argument(metavar="ID", help="The new program's id: lower-case letters, digits, - and _.")
    ],
) -> None:
    """Write a first version of a program with its templates; overwrite nothing."""
    from bot.cli.policy_new import run  # noqa: PLC0415

    run(settings(), program)
