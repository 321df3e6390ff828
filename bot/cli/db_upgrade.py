"""`certdesk db upgrade`: migrate the database."""

from __future__ import annotations

import typer

from bot.settings import Settings
from bot.store import engine, migrate


def run(settings: Settings) -> None:
    """Migrate, and say what was done."""
    engines = engine.connect(settings.database_url)
    try:
        changed = migrate.upgrade(engines)
    finally:
        engines.close()
    typer.echo(f"{'migrated to' if changed else 'already at'} revision {migrate.newest()}")
