"""The moment at which something happens to a case, as its requester has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo


@dataclass(frozen=True, slots=True)
class Now:
    """The moment of a step: `today` is the person's day, `latest` the last day that is not the future.

    They differ where the person's time zone is unknown: then `latest` is today at UTC+14. `zone` is the
    person's, UTC where it is not known.
    """

    at: datetime
    today: date
    latest: date
    zone: tzinfo = UTC
