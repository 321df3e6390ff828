"""The table of what was hit how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

from tests.faults.sites import pairs


def never(
    counts: Counter[tuple[str, str]], wanted: Sequence[tuple[str, str]] | None = None
) -> list[tuple[str, str]]:
    """Return the pairs of site and fault that did not happen, of all or of those that are wanted."""
    return [pair for pair in (pairs() if wanted is None else wanted) if not counts[pair]]


def drawn(counts: Counter[tuple[str, str]]) -> str:
    """Return a line for each site: what happened there, how often; a write's three places in one line."""
    lines = []
    for name, of_site in groupby(pairs(), lambda pair: pair[0].partition("/")[0]):
        by_fault: dict[str, list[str]] = {}
        for site, fault in of_site:
            by_fault.setdefault(fault, []).append(str(counts[site, fault]))
        cells = [f"{fault} {'+'.join(found)}" for fault, found in by_fault.items()]
        lines.append(f"{name:30} {', '.join(cells)}")
    return "\n".join(lines)


def total(counts: Iterable[Counter[tuple[str, str]]]) -> Counter[tuple[str, str]]:
    """Add up."""
    summed: Counter[tuple[str, str]] = Counter()
    for one in counts:
        summed += one
    return summed
