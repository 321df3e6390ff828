"""Time `certdesk policy check`, whole: `python tests/bench/policy_check.py`.

Of the shipped programs, and with a program of twelve facts and sixty rows beside them. The time is the
processor's, the interpreter's start and all imports with it; the clock's stands beside it.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.policy.test_bad_files import large

RUNS = 5
COMMAND = Path(sys.executable).with_name("certdesk")
QUESTION = "# {0}\n\n## What about {0}?\n\n- `a` A\n- `b` B\n- `c` C\n- `unknown` I don't know\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        programs = {"the shipped programs": {}, "12 facts and 60 rows beside them": written(Path(folder))}
        sys.stdout.write(f"seconds, {RUNS} runs{'':21}{'CPU':>8}{'least':>8}{'most':>8}{'clock':>8}\n")
        for name, variables in programs.items():
            runs = [timed(variables) for _ in range(RUNS)]
            spent = [cpu for cpu, _ in runs]
            clock = statistics.median(clock for _, clock in runs)
            sys.stdout.write(
                f"{name:34}{statistics.median(spent):8.2f}{min(spent):8.2f}{max(spent):8.2f}{clock:8.2f}\n"
            )


def written(folder: Path) -> dict[str, str]:
    """Write a program with many facts, and its words; return the settings that name them."""
    rules, words = folder / "policy", folder / "templates"
    questions = words / "questions" / "large"
    questions.mkdir(parents=True)
    rules.mkdir()
    (rules / "large.toml").write_text(large(), "utf-8")
    for number in range(12):
        (questions / f"f{number}.md").write_text(QUESTION.format(f"f{number}"), "utf-8")
    return {"CERTDESK_POLICY_DIR": str(rules), "CERTDESK_TEMPLATES_DIR": str(words)}


def timed(variables: Mapping[str, str]) -> tuple[float, float]:
    """Return how much of the processor's time one check takes, and of the clock's."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
    subprocess.run(
        [COMMAND, "policy", "check"], check=True, capture_output=True, env={**os.environ, **variables}
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)
    return spent, perf_counter() - began


if __name__ == "__main__":
    main()
