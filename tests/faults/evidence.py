"""What a run that broke something leaves behind, where `FAULTS_KEEP` names a folder: tables and messages."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.playground.standin import text_of

if TYPE_CHECKING:
    from tests.faults.plan import Report
    from tests.faults.simulator import Simulator

LONG: Final = 600  # characters
TABLES: Final = {
    "cases": "SELECT * FROM cases ORDER BY id",
    "words": "SELECT * FROM words ORDER BY id",
    "history": "SELECT * FROM history ORDER BY id",
    "receipts": "SELECT * FROM receipts ORDER BY received_at",
    "outbox": "SELECT * FROM outbox ORDER BY id",
}


def leave(sim: Simulator, report: Report) -> None:
    """Write down what a run that broke something ended with."""
    if not (folder := os.environ.get("FAULTS_KEEP")) or not report.broken:
        return
    lines = [str(report)]
    for name, query in TABLES.items():
        lines += [f"--- {name}", *map(str, sim.rows(query))]
    lines += ["--- written", *map(str, sim.writings.all)]
    for channel, messages in sim.slack.world.messages.items():
        lines.append(f"--- {channel}")
        for message in messages.values():
            where = f"in {message.thread_ts}" if message.is_reply else ""
            lines.append(f"{message.ts} {where} by {message.user} {text_of(message)!r}")
    lines.append("--- calls and deliveries")
    for call in sim.slack.calls:
        lines.append(f"{call.at} {call.method} {call.error} heard {call.heard} {str(call.args)[:LONG]}")
    for sent in sim.slack.deliveries:
        lines.append(f"{sent.name} acked {sent.acked} {sent.error} {str(sent.payload)[:LONG]}")
    Path(folder, report.plan.name.replace("/", "-") + ".txt").write_text("\n".join(lines))
