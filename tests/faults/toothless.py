"""The proof of the proof: a copy of the bot with one safeguard taken out must fail the simulator.

`python -m tests.faults.toothless` runs all and prints how each fails. The copy stands in a temporary folder,
the edit is one of `EDITS`, and the simulator runs there in a process of its own; nothing in the tree changes.
"""

# ruff: noqa: T201  it prints what came of it

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from dataclasses import dataclass
from importlib.util import cache_from_source
from pathlib import Path
from typing import Final

from tests.faults.directed import PLANS

ROOT: Final = Path(__file__).parents[2]
_TAKEN: Final = "return _ADD_RECEIPT.count(self._connection, row) == 1"
# Ends the transaction and begins another on the same connection, for good.
_SPLIT: Final = (
    'self._connection.exec_driver_sql("COMMIT"); self._connection.exec_driver_sql("BEGIN IMMEDIATE")'
)
# Two safeguards for one danger, on PostgreSQL: who changes a case holds its row, and saves what they read.
_UNHELD: Final = ("bot/store/cases.py", "_CASE_HELD: Final = held(_CASE)", "_CASE_HELD: Final = _CASE")


@dataclass(frozen=True)
class Edit:
    """What is taken out, by which replacements (file, before, after), and what must break in which plans."""

    name: str
    breaks: str
    changes: tuple[tuple[str, str, str], ...]
    plans: tuple[str, ...] = tuple(PLANS)


EDITS: Final = (
    Edit("nothing", "", ()),
    Edit(
        "receipt key",
        "one case for each question",
        (
            (
                "bot/store/receipts.py",
                _TAKEN,
                "_ADD_RECEIPT.count(self._connection, row); return True",
            ),
        ),
        ("twice",),
    ),
    Edit("cases held while they are changed", "", (_UNHELD,), ("at once",)),
    Edit(
        "compare-and-set, nor cases held",
        "replay: the receipts of",
        (_UNHELD, ("bot/store/cases.py", "cases.c.version == bindparam", "cases.c.version >= bindparam")),
        ("at once",),
    ),
    Edit(
        "shared transaction: the receipt commits before the work",
        "stuck:",
        (("bot/store/receipts.py", _TAKEN, f"{_TAKEN.replace('return', 'new =')}; {_SPLIT}; return new"),),
        ("half way",),
    ),
    Edit(
        "shared transaction: the effects commit after the case",
        "one visible answer:",
        (
            (
                "bot/desk/transaction.py",
                "        self._queue_all(() if quiet",
                f"        {_SPLIT.replace('self.', 'self.unit.')}\n        self._queue_all(() if quiet",
            ),
        ),
        ("half way",),
    ),
    Edit(
        "fencing",
        "posted once:",
        (("bot/store/outbox_leases.py", "outbox.c.fence == bindparam", "outbox.c.fence >= bindparam"),),
        ("lapsed",),
    ),
    Edit(
        "every word has one fate: what is in doubt is held",
        "words are lost:",
        (
            (
                "bot/desk/direct_messages.py",
                "            return held_words.hold(transaction, [*map(talk.case, route.cases)])\n",
                "            return Noted(case.number)\n",
            ),
        ),
        ("unharmed",),
    ),
    Edit(
        "every word has one fate: the case that is named has it",
        "words are astray:",
        (
            (
                "bot/conversation/routing.py",
                "return Route(fate_in(one.stands, written), (one.number,))",
                "return Route(fate_in(one.stands, written), (cases[0].number,))",
            ),
        ),
        ("unharmed",),
    ),
    Edit(
        "metadata lookup",
        "posted once:",
        (("bot/slack/outbound/posting.py", "        if queued.unsure:\n", "        if False:\n"),),
        ("unheard",),
    ),
)


def without(edit: Edit, seconds: float = 900) -> subprocess.CompletedProcess[str]:
    """Run the simulator's directed plans on a copy with the edit in it."""
    from tests.postgres import fresh_database

    wants = any(PLANS[name].postgresql for name in edit.plans)
    with (
        tempfile.TemporaryDirectory(prefix="certdesk-toothless-") as folder,
        fresh_database() if wants else nullcontext("") as address,
    ):
        copy = Path(folder)
        for name in ("bot", "policy", "templates", "tests"):
            ignored = shutil.ignore_patterns("node_modules", "browser", "page")
            shutil.copytree(ROOT / name, copy / name, ignore=ignored)
        for file, before, after in edit.changes:
            text = (copy / file).read_text()
            if text.count(before) != 1:
                raise ValueError(f"{edit.name}: {file} does not hold {before!r} once")
            (copy / file).write_text(text.replace(before, after))
            Path(cache_from_source(str(copy / file))).unlink(missing_ok=True)
        told = ["--postgresql", address] if address else []
        return subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "tests.faults.directed", *edit.plans, *told],
            cwd=copy,
            env=os.environ | {"PYTHONPATH": folder},
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )


def main() -> int:
    """Print how each fails; the exit status is 1 where one does not."""
    unmissed = False
    for edit in EDITS:
        ran = without(edit)
        print(f"## without {edit.name}: exit status {ran.returncode}", flush=True)
        print(ran.stdout, ran.stderr[-500:], flush=True)
        unmissed |= ran.returncode != int(bool(edit.breaks))
    return int(unmissed)


if __name__ == "__main__":
    sys.exit(main())
