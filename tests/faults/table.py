"""The table of what was hit how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tests.faults.plans import pairs


def never(counts: Counter[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the pairs of site and fault that did not happen."""
    return [pair for pair in pairs() if not counts[pair]]


def table(counts: Counter[tuple[str, str]]) -> str:
    """Return a line for each site: what happened there, how often."""
    by_site: dict[str, list[str]] = {}
    for site, fault in pairs():
        by_site.setdefault(site, []).append(f"{fault} {counts[site, fault]}")
    return "\n".join(f"{site:28} {', '.join(cells)}" for site, cells in by_site.items())


def total(counts: Iterable[Counter[tuple[str, str]]]) -> Counter[tuple[str, str]]:
    """Add up."""
    summed: Counter[tuple[str, str]] = Counter()
    for one in counts:
        summed += one
    return summed
