"""Sum up, by reason, which rows of a list cannot be read."""

from __future__ import annotations

from typing import Final

from bot.render import contexts_lists as c
from bot.triage.request import Summary

MAX_REASONS: Final = 8


def unreadable_rows(summary: Summary, *, whole: bool) -> c.SpoiledRows:
    """Return the context that lists unreadable rows; `whole`: the whole list is returned with its answers."""
    reasons = tuple(
        c.SpoiledRow(each.why, each.rows, tuple(each.lines)) for each in summary.spoiled[:MAX_REASONS]
    )
    return c.SpoiledRows(reasons, summary.unreadable - sum(each.rows for each in reasons), whole)
