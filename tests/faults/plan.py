"""What goes wrong in a run, and what came of it: data that goes from one process to another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from tests.faults.sites import OWN


@dataclass(frozen=True)
class Harm:
    """What goes wrong: at a passage of `site`, once `after` have gone by."""

    site: str
    fault: str
    after: int = 0

    def __str__(self) -> str:
        return f"{self.site} {self.fault} after {self.after}"


@dataclass(frozen=True)
class Plan:
    """One run, whole: the same plan gives the same actors, chances and harms.

    `name` is what repeats it (`python -m tests.faults.soak --only NAME`). `around` makes one more function
    around every call and delivery, `squeeze` one that is told of each place in a write: for what a rule
    cannot say. `bots` run at once on one database; with `process` each is a real one, of which `kills` are
    killed at any moment. `asking` is how many people ask. `days`: when all are done, days go by. `outside`: a
    real one is judged from outside alone (`tests.faults.outside`), and each harm has a guest of its own.
    """

    name: str
    harms: tuple[Harm, ...] = ()
    http: bool = False
    postgresql: bool = False
    bots: int = 1
    process: bool = False
    kills: int = 0
    asking: int = 4
    days: bool = True
    outside: bool = False
    around: Any = None
    squeeze: Any = None

    def __str__(self) -> str:
        way = "HTTP" if self.http else "Socket Mode"
        where = "PostgreSQL" if self.postgresql else "SQLite"
        many = f", {self.bots} bots" if self.bots > 1 else ""
        real = f", real processes, {self.kills} kills at any moment" if self.process else ""
        real = ", from outside" if self.outside else real
        what = "; ".join(map(str, self.harms)) or "no harm"
        return f"{self.name} ({way}, {where}{many}{real}): {what}"


@dataclass
class Report:
    """What a run came to. `broken` names each invariant that did not hold, `lives` counts the bots.

    `fates` counts what requesters typed by what became of it.
    """

    plan: Plan
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    fates: Counter[str] = field(default_factory=Counter)
    lives: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        return "\n  ".join((str(self.plan), *(self.broken or ["all invariants hold"])))


class Pending:
    """The harms that the simulator does itself, until each is done; asked by several threads."""

    def __init__(self, harms: Iterable[Harm]) -> None:
        self._left = [harm for harm in harms if harm.fault in OWN]
        self._lock = Lock()
        self.passed: Counter[str] = Counter()
        self.counts: Counter[tuple[str, str]] = Counter()

    def at(self, site: str) -> str | None:
        """Count a passage, and return what goes wrong there."""
        with self._lock:
            gone_by = self.passed[site]
            self.passed[site] += 1
            for harm in self._left:
                if harm.site == site and harm.after <= gone_by:
                    self._left.remove(harm)
                    self.counts[site, harm.fault] += 1
                    return harm.fault
        return None

    def clear(self) -> None:
        """Forget what has not happened yet."""
        with self._lock:
            self._left.clear()
