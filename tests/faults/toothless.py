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
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]


@dataclass(frozen=True)
class Edit:
    """What is taken out, by which replacements (file, before, after), and what must break."""

    name: str
    breaks: str
    changes: tuple[tuple[str, str, str], ...]
    plans: tuple[int, ...] = (0, 1, 2, 3)  # of `directed.PLANS`


EDITS: Final = (
    Edit("nothing", "", ()),
    Edit(
        "receipt key",
        "one case for each question",
        (("bot/store/unit.py", "return result.rowcount == 1", "return True"),),
        (0,),
    ),
    Edit(
        "fencing",
        "posted once:",
        (("bot/store/outbox.py", "outbox.c.fence == queued.fence, ", ""),),
        (3,),
    ),
    Edit(
        "metadata lookup",
        "posted once:",
        (("bot/slack/sender.py", "        if queued.unsure:\n", "        if False:\n"),),
        (1,),
    ),
)


def without(edit: Edit, seconds: float = 60) -> subprocess.CompletedProcess[str]:
    """Run the simulator's directed plans on a copy with the edit in it."""
    with tempfile.TemporaryDirectory(prefix="certdesk-toothless-") as folder:
        copy = Path(folder)
        for name in ("bot", "policy", "templates", "tests"):
            ignored = shutil.ignore_patterns("node_modules", "__pycache__", "browser")
            shutil.copytree(ROOT / name, copy / name, ignore=ignored)
        for file, before, after in edit.changes:
            text = (copy / file).read_text()
            if text.count(before) != 1:
                raise ValueError(f"{edit.name}: {file} does not hold {before!r} once")
            (copy / file).write_text(text.replace(before, after))
        command = [sys.executable, "-W", "ignore", "-m", "tests.faults.directed", *map(str, edit.plans)]
        return subprocess.run(
            command,
            cwd=copy,
            env=os.environ | {"PYTHONPATH": folder},
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )


def main() -> None:
    """Print how each fails."""
    for edit in EDITS:
        ran = without(edit)
        print(
            f"## without {edit.name}: exit status {ran.returncode}\n{ran.stdout}{ran.stderr[-500:]}",
            flush=True,
        )


if __name__ == "__main__":
    main()
