"""What a failed call means to the outbox, and how the operator hears of it."""

from __future__ import annotations

from datetime import timedelta
from time import monotonic
from typing import Final

import structlog

from bot import metrics
from bot.desk.send_attempts import GiveUp, TryAgain
from bot.slack.outbound.errors import BY_CODE, METHODS, STATUS, Course, advice_on
from bot.slack.outbound.web_api import CallError, Fate

log = structlog.get_logger("certdesk.slack")

DAY: Final = timedelta(days=1)
POSTING: Final = frozenset({"chat.postMessage", "files.completeUploadExternal"})  # can be looked for
TOLD_EVERY: Final = 3600.0  # seconds
MOST_LABELS: Final = 20  # undocumented codes, in the metrics
OTHER: Final = "other"
EXPECTED: Final = frozenset({Course.REDRAWN, Course.REOPENED})


def outcome_of(error: CallError, *, unsure: bool) -> TryAgain | GiveUp:
    """Return what to do about an effect whose call failed. `unsure`: it may have been sent before."""
    looks = error.method in METHODS and METHODS[error.method].looks
    if error.fate is Fate.NEVER and not looks:
        return GiveUp(error.code)
    unsure = unsure or (error.fate is Fate.UNKNOWN and error.method in POSTING)
    patience = DAY if error.course is Course.AGAIN and not looks else None
    return TryAgain(error.code, error.after, error.method, unsure, patience)


class Complaints:
    """Count each failed call, and tell the operator once an hour for each code and method."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, str], float] = {}
        self._labels: set[str] = set()

    def note(self, error: CallError) -> None:
        """Note a failed call."""
        method = error.method if error.method in METHODS else OTHER
        metrics.SLACK_ERRORS.labels(method, self._label(error.code)).inc()
        if error.course in EXPECTED:
            return
        now, about = monotonic(), (error.method, error.code)
        self._told = {each: at for each, at in self._told.items() if now - at < TOLD_EVERY}
        if about not in self._told and len(self._told) < MOST_LABELS * 10:
            self._told[about] = now
            documented = error.code in BY_CODE
            log.warning(
                "slack_refused",
                code=error.code,
                method=error.method,
                documented=documented,
                todo=advice_on(error.code),
            )

    def _label(self, code: str) -> str:
        """Return the code for the metrics: an answer must not be able to create labels without end."""
        if code in BY_CODE or code in self._labels:
            return code
        if code.startswith(STATUS) or len(self._labels) >= MOST_LABELS:
            return f"{STATUS}other" if code.startswith(STATUS) else OTHER
        self._labels.add(code)
        return code
