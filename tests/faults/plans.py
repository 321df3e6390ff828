# ruff: noqa: S311  chance, not secrecy
"""What goes wrong in which run: every site and fault, every passage in turn, and at random by a seed.

A plan's name says where it comes from: `table/SEED/N`, `pair/SEED/SITE FAULT`, `pairs/SEED/SITE FAULT; …`,
`turn/SEED/N`, `random/SEED`, `killed/SEED`, `guests/SEED/N`, `guest/SEED`; `find` gives it back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import ceil
from random import Random
from typing import Final

from bot.playground.standin import Fault
from tests.faults.plan import Harm, Plan
from tests.faults.sites import DEATHS, DIED_AFTER, DIED_BEFORE, inside, needs_socket, outside, places

AT_ONCE: Final = 30
DEATHS_AT_ONCE: Final = 8  # in one run; each makes people wait for another bot
TOGETHER: Final = 3  # pairs that other runs missed, in one
GUESTS: Final = (2, 5)
CLOCK: Final = "outside:clock"
# What is done as days go by.
DAILY: Final = (
    "database:_remind",
    "database:HeldWords._show_next",
    "database:receipts.forget",
    "database:outbox.forget",
    "database:leases.set_aside",
)
MANY: Final = (24, 48)  # of a run at random
# Passed where a companion sees to it.
RARE: Final = frozenset({"call:conversations.history", "call:conversations.replies"})


def companions(site: str) -> tuple[Harm, ...]:
    """Return what must go wrong besides, that a site is passed at all, or often enough."""
    write = site.removeprefix("database:").partition("/")[0]
    if site == "call:conversations.history":  # messages are looked for only where a post is in doubt
        return tuple(Harm("call:chat.postMessage", Fault.TIMEOUT_AFTER, after) for after in (1, 5))
    if site == "call:conversations.replies":  # posts into a thread, late enough that there are some
        return tuple(Harm("call:chat.postMessage", Fault.TIMEOUT_AFTER, after) for after in range(14, 50, 3))
    if site == "call:chat.postEphemeral":  # for whom the click itself cannot be answered
        return tuple(Harm("response_url", Fault.SERVER_ERROR, after) for after in range(12))
    if write == "failed":  # noted where Slack does not say who somebody is
        return tuple(Harm("call:users.info", Fault.SERVER_ERROR, after) for after in range(3))
    if write == "refused":  # noted where it may be allowed later
        return tuple(Harm("call:chat.postMessage", Fault.REFUSED, after) for after in range(2, 12, 2))
    if write == "outbox.queue":  # said where a modal could not be opened
        return Harm("call:views.open", Fault.REFUSED), Harm("call:views.open", Fault.RATE_LIMITED_200)
    if write == "leases.give_back":  # what a paced method was wanted for
        return tuple(
            Harm("call:chat.postMessage", Fault.RATE_LIMITED, after) for after in (2, 4, 6, 12, 18, 24)
        )
    if site == "call:apps.connections.open":
        return tuple(Harm("socket", Fault.DROPPED, after) for after in range(3, 23, 5))
    return ()


def table(seed: int) -> Iterator[Plan]:
    """Yield plans that together harm the first passages of each site in every way."""
    random = Random(f"table/{seed}")
    yield from _packed(f"table/{seed}", random, [_early(random, pair) for pair in inside()])


def guests(seed: int) -> Iterator[Plan]:
    """Yield plans that together do to a real process, from outside, all that there is; clocks jump in one."""
    random = Random(f"guests/{seed}")
    harms = [Harm(*pair) for pair in outside()]
    random.shuffle(harms)
    jumps = [harm for harm in harms if harm.site == CLOCK]
    others = [harm for harm in harms if harm.site != CLOCK]
    half = len(others) // 2
    for number, chosen in enumerate((jumps, others[:half], others[half:])):
        yield Plan(f"guests/{seed}/{number}", tuple(chosen), http=chosen is not jumps, outside=True)


def guests_at_random(seed: int) -> Plan:
    """Return the plan of a seed from outside: some harms, by either way of being called."""
    random = Random(f"guest/{seed}")
    chosen = random.choices(outside(), k=random.randint(*GUESTS))
    return Plan(
        f"guest/{seed}", tuple(Harm(*pair) for pair in chosen), http=random.random() < 0.5, outside=True
    )


def at_one(seed: int, pair: tuple[str, str]) -> Plan:
    """Return a plan that is directed at one pair of site and fault."""
    name = f"pair/{seed}/{' '.join(pair)}"
    random = Random(name)
    if pair in outside():
        return Plan(name, (Harm(*pair),), http=random.random() < 0.5, outside=True)
    return _plan(name, [_early(random, pair)], http=not needs_socket(pair[0]) and random.random() < 0.5)


def at_some(seed: int, pairs: Sequence[tuple[str, str]]) -> Plan:
    """Return a plan that is directed at several pairs of site and fault, none of them from outside."""
    name = f"pairs/{seed}/{'; '.join(map(' '.join, pairs))}"
    random = Random(name)
    http = not any(needs_socket(site) for site, _ in pairs) and random.random() < 0.5
    return _plan(name, [_early(random, pair) for pair in pairs], http=http)


def grouped(pairs: Iterable[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """Share pairs out among runs, a few to each; none at the same site, which a run may pass only once."""
    groups: list[list[tuple[str, str]]] = []
    for pair in pairs:
        free = (group for group in groups if len(group) < TOGETHER and pair[0] not in dict(group))
        if (group := next(free, None)) is not None:
            group.append(pair)
        else:
            groups.append([pair])
    return groups


def _early(random: Random, pair: tuple[str, str]) -> Harm:
    return Harm(*pair, random.randrange(places()[pair[0]].often // 4 + 1))


def in_turn(seed: int) -> Iterator[Plan]:
    """Yield plans that together harm every passage of every site in every way."""
    harms = [
        Harm(site, fault, after)
        for site, place in places().items()
        for fault in place.faults
        for after in range(place.often)
    ]
    yield from _packed(f"turn/{seed}", Random(f"turn/{seed}"), harms)


def at_random(seed: int) -> Plan:
    """Return the plan that a seed stands for."""
    random, known = Random(f"random/{seed}"), places()
    http, postgresql = random.random() < 0.5, random.random() < 0.25
    sites = [site for site in known if not (http and needs_socket(site))]
    harms = [
        Harm(site, random.choice(known[site].faults), random.randrange(known[site].often))
        for site in random.choices(sites, k=random.randint(*MANY))
    ]
    bots = 2 if postgresql and random.random() < 0.5 else 1
    plan = _plan(f"random/{seed}", harms, http=http, postgresql=postgresql, bots=bots)
    return replace(plan, days=random.random() < 0.5)


def killed(seed: int) -> Plan:
    """Return the plan of a seed for real processes: killed at calls and deliveries, and at any moment."""
    random = Random(f"killed/{seed}")
    http, postgresql = random.random() < 0.5, random.random() < 0.3
    bots = 2 if postgresql and not http and random.random() < 0.3 else 1
    known = {site: place for site, place in places().items() if DIED_AFTER in place.faults}
    sites = [site for site in known if site not in RARE and not (http and needs_socket(site))]
    harms = [
        Harm(site, random.choice((DIED_BEFORE, DIED_AFTER)), random.randrange(known[site].often // 2 + 1))
        for site in random.choices(sites, k=random.randint(2, 4))
    ]
    return Plan(
        f"killed/{seed}", tuple(harms), http, postgresql, bots, process=True, kills=random.randint(2, 5)
    )


def find(name: str) -> Plan:
    """Return the plan of a name."""
    kind, seed, *rest = name.split("/", 2)
    match kind:
        case "random":
            return at_random(int(seed))
        case "killed":
            return killed(int(seed))
        case "guest":
            return guests_at_random(int(seed))
        case "pair":
            site, fault = rest[0].split(" ")
            return at_one(int(seed), (site, fault))
        case "pairs":
            named = (pair.split(" ") for pair in rest[0].split("; "))
            return at_some(int(seed), [(site, fault) for site, fault in named])
        case _:
            made = {"table": table, "turn": in_turn, "guests": guests}[kind](int(seed))
            return next(plan for plan in made if plan.name == name)


def _packed(name: str, random: Random, harms: list[Harm]) -> Iterator[Plan]:
    """Share harms out among as few runs as hold them, evenly.

    Runs over HTTP take what does not need more. In a third of them days go by, which takes the longest.
    """
    known = places()
    by_site = Counter(harm.site for harm in harms)
    tight = {site: ceil(count / known[site].most) for site, count in by_site.items()}
    sockets = max((runs for site, runs in tight.items() if needs_socket(site)), default=0)
    count = max(ceil(len(harms) / AT_ONCE), 2 * sockets, *tight.values())
    loads = [_Load(http=number % 2 == 1, days=number % 3 == 0) for number in range(count)]
    random.shuffle(harms)
    turn = 0
    for harm in sorted(harms, key=lambda harm: (not _is_daily(harm), -tight[harm.site])):
        places_left = (n % count for n in range(turn, turn + count))
        chosen = next((n for n in places_left if loads[n].takes(harm, known[harm.site].most)), turn % count)
        loads[chosen].add(harm)
        turn = chosen + 1
    for number, load in enumerate(loads):
        yield _plan(f"{name}/{number}", load.harms, http=load.http)


class _Load:
    """What one run bears."""

    def __init__(self, *, http: bool, days: bool) -> None:
        self.http = http
        self._days = days
        self.harms: list[Harm] = []
        self._by_site: Counter[str] = Counter()
        self._deaths = 0

    def takes(self, harm: Harm, most: int) -> bool:
        """Tell whether a harm fits in, of whose site so many do."""
        if self.http and needs_socket(harm.site):
            return False
        if _is_daily(harm) and not self._days:
            return False
        if harm.fault in DEATHS and self._deaths >= DEATHS_AT_ONCE:
            return False
        return self._by_site[harm.site] < most

    def add(self, harm: Harm) -> None:
        """Put a harm in."""
        self.harms.append(harm)
        self._by_site[harm.site] += 1
        self._deaths += harm.fault in DEATHS


def _is_daily(harm: Harm) -> bool:
    return harm.site.startswith(DAILY)


def _plan(name: str, harms: list[Harm], *, http: bool, postgresql: bool = False, bots: int = 1) -> Plan:
    needs = [companion for harm in harms for companion in companions(harm.site)]
    fit = [need for need in needs if not (http and needs_socket(need.site))]
    days = any(map(_is_daily, harms))
    return Plan(name, tuple(dict.fromkeys((*fit, *harms))), http, postgresql, bots, days=days)
