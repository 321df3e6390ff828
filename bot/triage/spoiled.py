"""Say of a list which rows cannot be read, by reason."""

from __future__ import annotations

from typing import Final

from bot.render import contexts_lists as c
from bot.triage.request import Summary

MOST: Final = 8  # reasons


def spoiled_rows(summary: Summary, *, whole: bool) -> c.SpoiledRows:
    """Return what is said of the rows that cannot be read; `whole`: the list comes back with the answers."""
    reasons = tuple(c.SpoiledRow(each.why, each.rows, tuple(each.lines)) for each in summary.spoiled[:MOST])
    return c.SpoiledRows(reasons, summary.unreadable - sum(each.rows for each in reasons), whole)
