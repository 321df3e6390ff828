"""The moment at which something happens to a case, as its requester has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo


@dataclass(frozen=True, slots=True)
class Now:
    """The moment of a step: `today` is the person's day, `latest` the last day that is not the future.

    They differ if the person's time zone is unknown: then `latest` is today at UTC+14. `zone` is the
    person's, UTC if it is unknown.
    """

    at: datetime
    today: date
    latest: date
    zone: tzinfo = UTC
