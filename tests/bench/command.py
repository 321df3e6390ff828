"""Measure the CPU that `certdesk --help` takes: `python tests/bench/command.py`.

User and system time of the process as the kernel counts it, not what a clock on the wall says.
"""

from __future__ import annotations

import os
import statistics
import sys
from pathlib import Path

RUNS = 15
MOST_SECONDS = 0.4
CERTDESK = Path(sys.executable).with_name("certdesk")


def cpu_seconds(*arguments: str) -> float:
    """Run certdesk once, its output thrown away, and return its CPU seconds."""
    nowhere = (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)
    pid = os.posix_spawn(CERTDESK, [str(CERTDESK), *arguments], os.environ, file_actions=[nowhere])
    _, status, used = os.wait4(pid, 0)
    if status:
        sys.exit(f"certdesk {' '.join(arguments)} ended with status {os.waitstatus_to_exitcode(status)}")
    return used.ru_utime + used.ru_stime


def main() -> None:
    cpu_seconds("--help")  # compiles what was never run
    runs = [cpu_seconds("--help") for _ in range(RUNS)]
    sys.stdout.write(f"CPU seconds of certdesk --help, {RUNS} runs (at most {MOST_SECONDS} wanted)\n")
    sys.stdout.write(f"{'':34}{'median':>8}{'least':>8}{'most':>8}\n")
    sys.stdout.write(f"{'--help':34}{statistics.median(runs):8.3f}{min(runs):8.3f}{max(runs):8.3f}\n")


if __name__ == "__main__":
    main()
