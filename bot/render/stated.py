"""What a text states about a decision: a mark that the words carry through Markdown into the document.

No surface shows a mark. `certdesk policy check` reads them, to prove that the words say what the policy
decides, without searching any text. A verdict and a route are marked by the template itself, as a link:
`[Refund: yes](verdict:eligible)`; dates and credits by the context's values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

__all__ = ["Kind", "Stated", "StatedDay", "mark_of"]


class Kind(StrEnum):
    """What can be stated about a decision."""

    VERDICT = "verdict"
    ROUTE = "route"
    LAST_DAY = "last_day"
    CHANGES_ON = "changes_on"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True)
class Stated:
    """A mark; `value` is a verdict's or a route's id, a day as YYYY-MM-DD, or a credit as "48 hours".

    `label` is what is printed for it, where a context's value is.
    """

    kind: Kind
    value: str
    label: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class StatedDay:
    """A day of the decision, to be printed through `day` or `weekday_day`."""

    kind: Kind
    day: date

    def printed(self, words: str) -> Stated:
        """Return the day in these words, marked."""
        return Stated(self.kind, self.day.isoformat(), words)


_MARK: Final = re.compile(r"(verdict|route):([a-z0-9_]+)")


def mark_of(address: str) -> Stated | None:
    """Return the mark of a link's address, None if it is an ordinary address."""
    found = _MARK.fullmatch(address)
    return Stated(Kind(found[1]), found[2]) if found else None
