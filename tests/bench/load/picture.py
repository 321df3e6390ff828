"""Draw what was offered against what was answered in time: docs/load.svg."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import Final

PICTURE: Final = Path(__file__).parents[3] / "docs" / "load.svg"
WIDTH, HEIGHT, EDGE = 360, 220, 44
COLORS: Final = {"before": "#b0413e", "after": "#2f6f4f"}


@dataclass(frozen=True)
class Point:
    """Interactions offered and answered in time, a second, and p99 to the acknowledgment in ms."""

    offered: float
    answered: float
    p99: float


def drawn(lines: dict[str, list[Point]]) -> str:
    """Return the picture: two graphs beside each other."""
    graphs = (
        _graph(
            0,
            "answered within 3 s, a second",
            {n: [(p.offered, p.answered) for p in q] for n, q in lines.items()},
        ),
        _graph(
            WIDTH,
            "p99 to the acknowledgment, ms",
            {n: [(p.offered, p.p99) for p in q] for n, q in lines.items()},
        ),
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * WIDTH} {HEIGHT + 30}" '
        f'font-family="sans-serif" font-size="11" fill="#444">\n'
        f'<rect width="100%" height="100%" fill="#fff"/>\n{"".join(graphs)}{_legend(lines)}</svg>\n'
    )


def _graph(left: int, title: str, lines: dict[str, list[tuple[float, float]]]) -> str:
    points = [point for line in lines.values() for point in line if not isnan(point[1])]
    most_x, most_y = max(x for x, _ in points), max(y for _, y in points) * 1.05

    def place(x: float, y: float) -> str:
        across, up = x / most_x * (WIDTH - EDGE - 16), y / most_y * (HEIGHT - 2 * EDGE)
        return f"{left + EDGE + across:.1f},{HEIGHT - EDGE - up:.1f}"

    x0, y0 = place(0, 0).split(",")
    parts = [
        f'<text x="{left + EDGE}" y="{EDGE - 16}" font-weight="bold">{title}</text>',
        f'<path d="M{place(0, most_y)} L{place(0, 0)} L{place(most_x, 0)}" fill="none" stroke="#999"/>',
        f'<text x="{left + WIDTH / 2}" y="{HEIGHT - 12}" text-anchor="middle">offered, a second</text>',
    ]
    for share in (0.25, 0.5, 0.75, 1):
        _, y = place(0, most_y * share).split(",")
        parts.append(f'<text x="{float(x0) - 5}" y="{y}" text-anchor="end">{most_y * share:.0f}</text>')
        x, _ = place(most_x * share, 0).split(",")
        parts.append(f'<text x="{x}" y="{float(y0) + 14}" text-anchor="middle">{most_x * share:.0f}</text>')
    for name, line in lines.items():
        shown = " ".join(place(x, y) for x, y in line if not isnan(y))
        parts.append(f'<polyline points="{shown}" fill="none" stroke="{COLORS[name]}" stroke-width="2"/>')
    return "\n".join(parts) + "\n"


def _legend(lines: dict[str, list[Point]]) -> str:
    return "".join(
        f'<rect x="{EDGE + place * 90}" y="{HEIGHT + 6}" width="12" height="12" fill="{COLORS[name]}"/>'
        f'<text x="{EDGE + place * 90 + 18}" y="{HEIGHT + 16}">{name}</text>\n'
        for place, name in enumerate(lines)
    )
