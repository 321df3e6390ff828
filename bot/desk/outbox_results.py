"""Write down what came of attempts to send, and tell the operator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import structlog

from bot import metrics
from bot.desk.queueing import order_for
from bot.desk.send_attempts import Attempt
from bot.desk.send_results import GiveUp, Sent, TryAgain
from bot.desk.undelivered import LATE, tell_arrived
from bot.store import DEAD, SENT, UNREADABLE, Ended, Unit

log = structlog.get_logger("certdesk.outbox")


def write_down(unit: Unit, attempts: Iterable[Attempt]) -> list[bool]:
    """Write down what came of each attempt whose lease is still held; returns of each whether it was."""
    return [_write_down(unit, attempt) for attempt in attempts]


def _write_down(unit: Unit, attempt: Attempt) -> bool:
    queued, at = attempt.queued, attempt.at
    match attempt.result:
        case Sent(slot, posted, dm, then):
            if not unit.leases.close(queued, SENT, at):
                return False
            for effect in then:
                unit.outbox.queue(order_for(effect, queued.case), at)
            if slot and posted and queued.case is not None:
                unit.places.note(queued.case, slot, posted)
            if dm is not None:
                unit.people.update(unit.people.get_or_add(dm[0]).id, dm_channel=dm[1])
            if queued.effect is not None and queued.case is not None and at - queued.queued_at >= LATE:
                tell_arrived(unit, queued.id, queued.effect, queued.case, at)
            return True
        case TryAgain(reason, unsure=unsure):
            return unit.leases.try_again(queued, at, attempt.pause, reason, unsure=unsure)
        case GiveUp(reason):
            return unit.leases.close(queued, DEAD, at, reason)


def count(attempt: Attempt, *, held: bool) -> None:
    """Count an attempt and log a failed one; `held`: its lease was still held when it was written down."""
    queued = attempt.queued
    kind = queued.effect.kind if queued.effect is not None else "unreadable"
    metrics.EFFECTS.labels(kind, type(attempt.result).__name__.lower()).inc()
    about: Mapping[str, object] = {"outbox": queued.id, "case": queued.case, "kind": kind}
    if not held:
        log.warning("lease_lost", **about)
    match attempt.result:
        case Sent():
            pass
        case TryAgain(reason):
            log.warning("effect_delayed", reason=reason, **about)
        case GiveUp(reason):
            log.error("effect_dead", reason=reason, **about)


def tell_operator(gone: Ended) -> None:
    """Tell the operator about an effect that was not sent: merged, too late to be of use, or damaged."""
    metrics.EFFECTS.labels("any", gone.state).inc()
    about: Mapping[str, object] = {"outbox": gone.id, "case": gone.case}
    match gone.state, gone.queued_at:
        case "expired", datetime() as queued_at:
            log.error("effect_expired", queued_at=queued_at.isoformat(), **about)
        case "dead", _:
            log.error("effect_dead", reason=UNREADABLE, **about)
