"""`certdesk db copy`: move a desk to another database."""

from __future__ import annotations

import typer
from sqlalchemy import make_url

from bot.settings import SettingError, Settings
from bot.store import copying, engine


def run(settings: Settings, to: str) -> None:
    """Copy, and print for each table what is now the same in both.

    Raises CopyError, MigrationError, or BadParameter if `to` is not an address.
    """
    target = _address(to)
    source = engine.peek(settings.database_url)
    if source is None:
        raise copying.CopyError("there is no desk yet at CERTDESK_DATABASE_URL")
    engines = engine.connect(target)
    try:
        copied = copying.copy(source, engines)
    finally:
        engines.close()
        source.dispose()
    for line in _table(copied):
        typer.echo(line)
    typer.echo(f"all of it is now in {make_url(target)!r}: set CERTDESK_DATABASE_URL to it")


def _address(to: str) -> str:
    try:
        return Settings({"CERTDESK_DATABASE_URL": to}).database_url
    except SettingError as error:
        wanted = "--to takes sqlite:////folder/certdesk.db or postgresql+psycopg://user@host/database"
        raise typer.BadParameter(wanted) from error


def _table(copied: list[copying.Copied]) -> list[str]:
    wide = max(len(each.table) for each in copied)
    head = f"{'table':{wide}}  {'rows':>9}  SHA-256"
    return [head, *(f"{each.table:{wide}}  {each.rows:>9,}  {each.digest[:16]}" for each in copied)]
