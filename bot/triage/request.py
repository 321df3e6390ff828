"""What the process that answers a list is sent and what it returns: a `Request` and a `Summary`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Final

from bot.reading.order_list_failures import Failure

SHOWN: Final = 200  # orders that a summary lists, those with the least time left
LINES: Final = 8  # that a summary names for each reason why rows cannot be read
REASONS: Final = 100


class Written(StrEnum):
    """What is written for each order."""

    JSON = "json"
    TEXT = "text"
    NOTHING = "nothing"


class TriageError(Exception):
    """The list was not answered; `detail` is for certdesk's maintainers and holds nothing of the list."""

    def __init__(self, failure: Failure, detail: str = "") -> None:
        super().__init__(failure.value, detail)
        self.failure = failure
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Limits:
    """What the process may use: seconds of CPU (twice as many by the clock), and megabytes of memory."""

    seconds: int = 120
    megabytes: int = 1024


@dataclass(frozen=True, slots=True)
class Request:
    """What holds for the whole list, and what to write; `facts` have the values that `decide` takes."""

    facts: dict[str, str | bool]
    today: str
    order: str | None = None
    written: Written = Written.NOTHING
    policy_dirs: tuple[str, ...] = ()
    templates_dirs: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)

    def to_json(self) -> dict[str, Any]:
        """Return the request as the process reads it."""
        return asdict(self)

    @classmethod
    def of_json(cls, raw: dict[str, Any]) -> Request:
        """Return the request that was written by `to_json`."""
        changed = {
            "written": Written(raw["written"]),
            "limits": Limits(**raw["limits"]),
            "policy_dirs": tuple(raw["policy_dirs"]),
            "templates_dirs": tuple(raw["templates_dirs"]),
        }
        return cls(**{**raw, **changed})


@dataclass(frozen=True, slots=True)
class ListedOrder:
    """An order in a summary, in words; `verdict` and `route` are "" if nothing was decided.

    `facts` and `details` are what its row says, as text.
    """

    line: int
    order: str
    route: str
    verdict: str
    last_day: str | None
    days_left: int | None
    why: str
    facts: dict[str, str] = field(default_factory=dict)
    details: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Spoiled:
    """How many rows cannot be read for one reason, and the first of their lines."""

    why: str
    rows: int = 0
    lines: list[int] = field(default_factory=list)

    def add(self, rows: int, lines: Sequence[int]) -> None:
        """Count more rows, which come later in the list."""
        self.rows += rows
        self.lines += lines[: LINES - len(self.lines)]


@dataclass(frozen=True, slots=True)
class Summary:
    """How a list was answered.

    `refundable` orders may still get a refund; for `closing` of them the window ends within a week. `open`
    counts undecided orders by the fact that is asked next. `undecided_days` tells that in some column day and
    month may be swapped. `listed` are all orders of a short list, or else those with the least time left.
    `spoiled` gives the reasons why rows cannot be read, the most frequent first.
    """

    orders: int
    refundable: int
    closing: int
    unreadable: int
    verdicts: dict[str, int]
    open: dict[str, int]
    undecided_days: bool
    is_workbook: bool
    listed: tuple[ListedOrder, ...]
    spoiled: tuple[Spoiled, ...] = ()

    @classmethod
    def of_json(cls, raw: dict[str, Any]) -> Summary:
        """Return the summary that the process wrote."""
        listed = tuple(ListedOrder(**each) for each in raw["listed"])
        spoiled = tuple(Spoiled(**each) for each in raw["spoiled"])
        return cls(**{**raw, "listed": listed, "spoiled": spoiled})
