"""Runs to rows of a Markdown table: the median of the rounds, and in brackets the least and the most."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Iterable, Sequence

from tests.bench.load.serving import Measured
from tests.bench.load.traffic import Json

CALM_MS = 500  # as quick as this, after the load, is good


def percentile(values: Iterable[float], share: float) -> float:
    """Return the value that so large a share of all does not exceed; not a number of none."""
    found = sorted(values)
    return found[min(len(found) - 1, int(len(found) * share))] if found else float("nan")


def acks(run: Measured) -> list[float]:
    """Return the milliseconds to each acknowledgment; one that never came counts as endless."""
    return [one["ack"] if one["ack"] is not None else float("inf") for one in run.result["samples"]]


def in_line(run: Measured) -> list[float]:
    """Return the milliseconds that each would take if they were done in turn, at their mean CPU."""
    each = per_act(run) / 1000
    free, waits = float("-inf"), []
    for at in sorted(one["at"] for one in run.result["samples"]):
        free = max(at, free) + each
        waits.append((free - at) * 1000)
    return waits


def shown(run: Measured, kinds: Sequence[str] = ()) -> list[float]:
    """Return the milliseconds from each acknowledgment to its answer's arrival at Slack."""
    waited = [one for one in run.result["samples"] if one["waits"] and (not kinds or one["kind"] in kinds)]
    return [one["shown"] if one["shown"] is not None else float("inf") for one in waited]


def failed(run: Measured) -> int:
    return sum(1 for one in run.result["samples"] if one["error"])


def good(run: Measured) -> float:
    """Return how many were answered in time, a second."""
    return sum(1 for one in run.result["samples"] if one["ack"] is not None) / run.seconds


def in_time(run: Measured) -> float:
    """Return the 99th percentile of the milliseconds to the acknowledgments that came."""
    return percentile((one["ack"] for one in run.result["samples"] if one["ack"] is not None), 0.99)


def good_again(run: Measured) -> float:
    """Return the seconds after the load until everything was acknowledged within CALM_MS."""
    bad = [one["at"] for one in run.result["calm"] if one["ack"] is None or one["ack"] > CALM_MS]
    return max(bad, default=0.0)


def megabytes(run: Measured) -> float:
    return run.megabytes


def per_act(run: Measured, what: str = "bot") -> float:
    """Return the CPU milliseconds of a kind of process for one interaction."""
    return run.cpu[what] / max(1, len(run.result["samples"])) * 1000


def busy(run: Measured, what: str = "bot") -> float:
    """Return how many percent of one core a kind of process took."""
    return run.cpu.get(what, 0.0) / run.seconds * 100


def late(run: Measured) -> list[float]:
    samples: list[Json] = run.result["samples"]
    return [one["late"] for one in samples]


def spread(values: Sequence[float], digits: int = 1) -> str:
    """Return the median, and the least and the most where there are several."""
    middle = f"{statistics.median(values):.{digits}f}"
    return middle if len(values) == 1 else f"{middle} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def cell(runs: Sequence[Measured], of: Callable[[Measured], float], digits: int = 1) -> str:
    """Return a figure of each round as a cell."""
    return spread([of(run) for run in runs], digits)


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a Markdown table."""
    sys.stdout.write(f"\n**{title}**\n\n")
    for row in (head, ["---"] * len(head), *rows):
        sys.stdout.write(f"| {' | '.join(row)} |\n")
    sys.stdout.flush()
