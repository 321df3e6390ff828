"""Where something can go wrong, and what: the table of sites and faults that no run may leave empty.

A site is a call of Slack's Web API (`call:chat.update`), a delivery (`delivery:message`), `response_url`,
`socket`, or a place in a database write, named by what is written (`database:handle/begun`).
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from bot.playground.standin import Fault
from bot.playground.standin.fault_kinds import fitting
from bot.store import Site

DIED_BEFORE: Final = "died_before"
DIED_AFTER: Final = "died_after"
DIED: Final = "died"
FAILED: Final = "failed"
HELD_UP: Final = "held_up"
DEATHS: Final = frozenset({DIED, DIED_BEFORE, DIED_AFTER})
# What the simulator does by itself; the stand-in does the rest.
OWN: Final = DEATHS | {FAILED, HELD_UP}

# What the bot calls, what it is sent, what it writes, and how often a run without harm passes there.
CALLS: Final = {
    "apps.connections.open": 4,
    "auth.test": 1,
    "conversations.members": 1,
    "users.info": 8,
    "chat.postMessage": 50,
    "chat.update": 40,
    "chat.postEphemeral": 2,
    "conversations.open": 4,
    "conversations.history": 1,
    "conversations.replies": 1,
    "views.open": 5,
    "views.update": 4,
    "views.publish": 4,
}
DELIVERIES: Final = {
    "message": 50,
    "message_changed": 30,
    "message_deleted": 4,
    "slash_command": 4,
    "block_actions": 30,
    "view_submission": 10,
    "message_action": 1,
    "app_home_opened": 2,
    "reaction_added": 1,
    "reaction_removed": 1,
    "member_joined_channel": 1,
    "member_left_channel": 1,
}
WRITES: Final = {
    "start": 2,
    "look": 2,
    "act": 20,
    "handle": 16,
    "prepare": 2,
    "stop_reminder": 1,
    "react": 1,
    "membership": 1,
    "visit": 2,
    "write": 18,
    "rewrite": 4,
    "withdraw": 2,
    "assign": 2,
    "ask_whose": 1,
    "replace": 1,
    "_remind": 1,
    "HeldWords._show_next": 2,
    "Corrections._correct_next": 1,
    "tell_overdue": 1,
    "leases.take": 50,
    "write_down": 50,
    "leases.give_back": 1,
    "to_ask": 2,
    "learned": 4,
    "failed": 1,
    "refused": 1,
    "outbox.queue": 1,
    "receipts.forget": 1,
    "outbox.forget": 1,
    "leases.set_aside": 1,
}
# What happens to a whole process, its machine, and the people around it; see `tests.faults.outside`.
OUTSIDE: Final = {
    "outside:log": ("full", "gone"),
    "outside:disk": ("full", "full_with_log"),
    "outside:clock": ("hour_ahead", "hour_back", "day_ahead", "day_back"),
    "outside:process": ("sigkill",),
    "outside:person": ("owner_leaves", "bot_joins", "organization"),
    "outside:answers": ("proxy", "unknown_code", "documented_code", "day_of_retry_after"),
}
# Notes what was being sent when the bot was told to stop, after five seconds: nobody stops it here.
UNHARMED: Final = frozenset({"leases.try_again"})
UNFIT: Final = frozenset(
    {
        # the card, behind which an entry of its thread is queued, is not deleted in between here
        # and what only one person sees is in no thread
        ("call:chat.postMessage", Fault.TARGET_GONE),
        ("call:chat.postEphemeral", Fault.TARGET_GONE),
        # without a Retry-After Slack's SDK waits for thirty real seconds before it asks again
        ("call:apps.connections.open", Fault.RATE_LIMITED_200),
    }
)


@dataclass(frozen=True)
class Place:
    """What can go wrong at a site, how often a run passes there, and how much of it fits into one run."""

    faults: tuple[str, ...]
    often: int
    most: int


def _fitting(site: str) -> tuple[str, ...]:
    return tuple(str(fault) for fault in fitting(site) if (site, fault) not in UNFIT)


def places() -> dict[str, Place]:
    """Return every site."""
    found = {f"call:{name}": often for name, often in CALLS.items()}
    found |= {f"delivery:{name}": often for name, often in DELIVERIES.items()}
    found["response_url"] = 8
    table = {s: Place((*_fitting(s), DIED_BEFORE, DIED_AFTER), n, _most(n)) for s, n in found.items()}
    for name, often in WRITES.items():
        for place in Site:
            table[f"database:{name}/{place}"] = Place((DIED, FAILED, HELD_UP), often, 1)
    table["socket"] = Place(_fitting("socket"), 20, 2)
    return table


def _most(often: int) -> int:
    return max(1, min(often // 2, 6))


def pairs() -> list[tuple[str, str]]:
    """Return the whole table of sites and faults."""
    return [*inside(), *outside()]


def inside() -> list[tuple[str, str]]:
    """Return what is harmed in the simulator's own process, or at its stand-in."""
    return [(site, fault) for site, place in places().items() for fault in place.faults]


def outside() -> list[tuple[str, str]]:
    """Return what is done to a real `certdesk serve` that is judged from outside."""
    return [(site, fault) for site, faults in OUTSIDE.items() for fault in faults]


def needs_socket(site: str) -> bool:
    """Tell whether a site is passed in Socket Mode only."""
    return site in {"socket", "call:apps.connections.open"}


@dataclass(frozen=True)
class Write:
    """What a transaction writes: a delivery's kind, whose it is and of which case, or the move's id."""

    name: str
    user: str = ""
    case: int = 0


def write_at_hand() -> Write:
    """Return what is written by the transaction in which this thread is."""
    frame = sys._getframe()  # noqa: SLF001  a transaction has no name, its function has
    while frame.f_code.co_name != "_in_transaction":
        if frame.f_back is None:
            raise LookupError("this is no transaction")
        frame = frame.f_back
    work = frame.f_locals["work"]
    known = dict(zip(work.__code__.co_freevars, work.__closure__ or (), strict=True))
    if "delivery" not in known:
        return Write(_name_of(work))
    delivery = known["delivery"].cell_contents
    return Write(delivery.intent.kind, delivery.person.user, getattr(delivery.intent, "case", 0))


def _name_of(work: Any) -> str:  # noqa: ANN401  any function of a transaction
    names = work.__code__.co_names
    called = [found for name, after in pairwise((*names, "")) for found in (name, f"{name}.{after}")]
    named = [name for name in called if name in WRITES or name in UNHARMED]
    return named[0] if named else str(work.__qualname__)
