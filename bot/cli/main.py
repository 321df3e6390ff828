"""`certdesk`: put the commands together, run one, and word its failure.

The commands are declared in `…_commands.py`; each imports what it does only when it runs, so that `--help` is
quick.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import answer_commands, desk_commands, policy_commands, record_commands
from bot.settings import SettingError

_ABOUT = "A Slack help desk for resellers of SSL certificates: can I cancel it, is it refunded, what now?"

app = typer.Typer(
    name="certdesk",
    help=_ABOUT,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
app.add_typer(desk_commands.app)
app.add_typer(answer_commands.app)
app.add_typer(policy_commands.app, name="policy")
app.add_typer(record_commands.app)


def _version(wanted: bool) -> None:  # noqa: FBT001  typer calls it so
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415

        typer.echo(f"certdesk {version('certdesk')}")
        raise typer.Exit


@app.callback(help=_ABOUT)
def certdesk(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Accept the options of `certdesk` itself."""


def main() -> None:
    """Run the command line; a failure that a person can fix is one sentence, with exit status 2."""
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
    """Replace standard streams that the caller closed: read nothing, write to nowhere.

    Otherwise a file or socket could get the number of a closed stream, and receive what is printed.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115  for good


def _fail(words: str) -> int:
    typer.echo(f"certdesk: {words}", err=True)
    return 2
