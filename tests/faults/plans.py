# ruff: noqa: S311  chance, not secrecy
"""What goes wrong in which run: every site and fault in turn, then at random by a seed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from random import Random
from typing import Final

from bot.playground.standin import Fault
from bot.playground.standin.fault import fitting
from bot.store import Site
from tests.faults.simulator import DIED, DIED_AFTER, DIED_BEFORE, Harm, Plan

# What the bot calls at all, what it is sent that it does anything about, and how often a run passes there.
CALLS: Final = {
    "auth.test": 1,
    "users.info": 4,
    "chat.postMessage": 20,
    "chat.update": 12,
    "chat.postEphemeral": 3,
    "conversations.open": 4,
    "conversations.history": 1,
    "views.open": 3,
    "views.update": 3,
}
DELIVERIES: Final = {
    "message": 20,
    "message_changed": 8,
    "message_deleted": 1,
    "slash_command": 2,
    "block_actions": 12,
    "view_submission": 8,
}
TRANSACTIONS: Final = 110
# What makes a bot that starts wait for real seconds, or is what the SDK does for itself.
CONNECTING: Final = "call:apps.connections.open"


# A thread's parent may be gone, but the bot posts into no threads.
UNAIMED: Final = frozenset({"call:chat.postMessage", "call:chat.postEphemeral"})


def _fitting(site: str) -> tuple[str, ...]:
    return tuple(str(f) for f in fitting(site) if f is not Fault.TARGET_GONE or site not in UNAIMED)


def sites(*, http: bool) -> dict[str, tuple[tuple[str, ...], int]]:
    """Return the sites, with what can happen there and how often a run passes."""
    calls = {f"call:{name}": often for name, often in CALLS.items()}
    found: dict[str, tuple[tuple[str, ...], int]] = {
        site: ((*_fitting(site), DIED_BEFORE, DIED_AFTER), often) for site, often in calls.items()
    }
    for name, often in DELIVERIES.items():
        found[f"delivery:{name}"] = (tuple(map(str, fitting(f"delivery:{name}"))), often)
    found["response_url"] = ((*map(str, fitting("response_url")), DIED_BEFORE, DIED_AFTER), 2)
    for site in Site:
        found[f"database:{site}"] = ((DIED,), TRANSACTIONS)
    if not http:
        found["socket"] = (tuple(map(str, fitting("socket"))), 20)
    return found


def pairs() -> list[tuple[str, str]]:
    """Return the whole table of sites and faults."""
    return [(site, fault) for site, (faults, _) in sites(http=False).items() for fault in faults]


def companions(site: str, fault: str) -> tuple[Harm, ...]:
    """Return what must go wrong besides, that a site is passed at all."""
    if site == "call:conversations.history":  # messages are looked for only where a post is in doubt
        return tuple(Harm("call:chat.postMessage", Fault.TIMEOUT_AFTER, after) for after in (1, 6))
    if (site, fault) == ("socket", Fault.SILENT):  # it takes real seconds to see; a restart ends it sooner
        return (Harm(f"database:{Site.BEGUN}", DIED, 20),)
    return ()


def in_turn(seed: int, depth: int, at_once: int) -> Iterator[Plan]:
    """Yield plans that together harm the first `depth` passages of every site in every way.

    `at_once` pairs share a run, each of another site.
    """
    random, todo = Random(f"turn/{seed}"), []
    for site, (faults, often) in sites(http=False).items():
        mine = [Harm(site, fault, k) for fault in faults for k in range(min(depth, often))]
        todo.append(random.sample(mine, len(mine)))
    runs = max(sum(map(len, todo)) // at_once + 1, *map(len, todo))
    harms: list[list[Harm]] = [[] for _ in range(runs)]
    for place, harm in enumerate(chain.from_iterable(todo)):
        harms[place % runs].append(harm)
    yield from (_plan(seed + number, mine) for number, mine in enumerate(harms))


def at_every_transaction(seed: int, step: int) -> Iterator[Plan]:
    """Yield plans that die at each place of every `step`-th transaction."""
    for number, index in enumerate(range(0, TRANSACTIONS, step)):
        for site in Site:
            yield _plan(seed + number, [Harm(f"database:{site}", DIED, index)])


def at_random(seed: int) -> Plan:
    """Return the plan that a seed stands for."""
    random = Random(f"plan/{seed}")
    http = random.random() < 0.5
    table = sites(http=http)
    harms = []
    for site in random.choices([*table], k=random.randint(6, 14)):
        faults, often = table[site]
        harms.append(Harm(site, random.choice(faults), random.randrange(often)))
    return _plan(seed, harms, http=http)


def _plan(seed: int, harms: list[Harm], *, http: bool | None = None) -> Plan:
    needs = [companion for harm in harms for companion in companions(harm.site, harm.fault)]
    over_http = seed % 2 == 1 if http is None else http
    if any(harm.site == "socket" for harm in harms):
        over_http = False
    return Plan(seed, tuple(dict.fromkeys((*needs, *harms))), over_http)
