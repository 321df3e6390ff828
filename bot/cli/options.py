"""What the commands' option declarations share: the settings, and how a day is read."""

from __future__ import annotations

import os
from datetime import date

import typer

from bot.settings import Settings, read


def settings() -> Settings:
    """Return the settings from the environment."""
    return read(os.environ)


def day_in(text: str | None) -> date | None:
    """Return the day that --today gives as YYYY-MM-DD, or None if it is not given."""
    from policy.values import parse_day  # noqa: PLC0415

    if text is None:
        return None
    if (day := parse_day(text)) is None:
        raise typer.BadParameter("give a day as YYYY-MM-DD, such as 2026-11-23", param_hint="--today")
    return day
