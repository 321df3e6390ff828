"""Count the answers of a list, and collect the orders that its summary lists."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, TypeAlias

from bot.reading.order_list_answers import Answered
from bot.triage.request import REASONS, SHOWN, ListedOrder, Spoiled
from bot.triage.wording import WordedAnswer
from policy.decision import Verdict

CLOSING: Final = timedelta(days=7)
REFUNDABLE: Final = frozenset({Verdict.ELIGIBLE, Verdict.LIKELY})
UNREADABLE: Final = "unreadable"


@dataclass(frozen=True, slots=True)
class SharedAnswer:
    """What equal rows share: how they are counted, the refund's last day, their words and their JSON."""

    counts_as: tuple[str, str]
    refund_until: date | None
    said: WordedAnswer | None
    json: tuple[str, str]


Order: TypeAlias = tuple[Answered[SharedAnswer], SharedAnswer]


@dataclass(slots=True)
class Tally:
    """The counts of a part of a list; parts are added in order.

    `few` are the orders of a list short enough to be listed in full, `urgent` those with the least time left,
    each after its sort key.
    """

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    closing: int = 0
    spoiled: dict[str, Spoiled] = field(default_factory=dict)
    few: list[ListedOrder] = field(default_factory=list)
    urgent: list[tuple[int, int, ListedOrder]] = field(default_factory=list)

    @classmethod
    def of(
        cls, orders: Sequence[Order], today: date, listed: Callable[[Answered[SharedAnswer]], ListedOrder]
    ) -> Tally:
        """Return the tally of a part's orders, without `spoiled`, which is added row by row."""
        timely = [
            (-made.refund_until.toordinal(), -answered.row.line, answered)
            for answered, made in orders
            if made.refund_until is not None and made.refund_until >= today
        ]
        is_short = len(orders) <= SHOWN
        return cls(
            Counter([made.counts_as for _, made in orders]),
            sum(-until < (today + CLOSING).toordinal() for until, _, _ in timely),
            few=[listed(answered) for answered, _ in orders] if is_short else [],
            urgent=[
                (until, line, listed(answered))
                for until, line, answered in heapq.nlargest(SHOWN, timely, key=lambda each: each[:2])
            ],
        )

    def add(self, other: Tally) -> None:
        """Add the tally of the next part."""
        self.counts += other.counts
        self.closing += other.closing
        for why, spoiled in other.spoiled.items():
            self.spoil(why, spoiled.rows, spoiled.lines)
        self.few += other.few[: SHOWN - len(self.few)]
        both = self.urgent + other.urgent
        self.urgent = heapq.nlargest(SHOWN, both, key=lambda each: each[:2])

    def spoil(self, why: str, rows: int, lines: Sequence[int]) -> None:
        """Count rows that cannot be read for one reason."""
        if why in self.spoiled or len(self.spoiled) < REASONS:
            self.spoiled.setdefault(why, Spoiled(why)).add(rows, lines)

    def listed(self) -> tuple[ListedOrder, ...]:
        """Return all orders of a short list, else the most urgent ones."""
        if self.counts.total() <= SHOWN:
            return tuple(self.few)
        return tuple(each for _, _, each in self.urgent)
