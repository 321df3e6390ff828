"""Makes go wrong what it was told to, and keeps a record of what went wrong where."""

from __future__ import annotations

import random
import secrets
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from .errors import StandInError
from .fault import SITES, SOCKET, Fault, Rule, find_site, fitting, site_of
from .mischief import Mischief
from .seam import Way
from .targets import target_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .hub import Hub
    from .ids import Seed
    from .seam import Around, Outcome, Passage, Proceed


@dataclass(frozen=True, slots=True)
class Injected:
    """That a fault happened: where, which, and when by the stand-in's clock."""

    site: str
    fault: Fault
    at: float


@dataclass(frozen=True, slots=True)
class TooSoon:
    """A call that came so many seconds before the `Retry-After` of its method had passed."""

    site: str
    seconds: float


@dataclass(slots=True)
class Armed:
    """A rule with what is left of it. Chance depends on seed, rule and passage, on nothing else."""

    rule: Rule
    seed: str
    fired: int = 0
    passed: int = 0
    _random: dict[str, random.Random] = field(default_factory=dict)

    @property
    def left(self) -> int | None:
        """Return how often it will still happen; None: for ever."""
        return None if self.rule.times is None else self.rule.times - self.fired

    def fires(self, site: str) -> bool:
        """Say whether it happens at this passage, and count it."""
        if self.left == 0 or not self.rule.matches(site):
            return False
        self.passed += 1
        source = self._random.setdefault(site, random.Random(f"{self.seed}/{site}"))  # noqa: S311
        hit = source.random() < self.rule.chance and self.passed > self.rule.after
        self.fired += hit
        return hit


class Faults:
    """Stands around every call and delivery; without rules it changes nothing.

    `log` holds what happened, in order; `counts` how often each fault happened at each site; `too_soon` the
    calls that did not wait for their `Retry-After`. `seed` repeats the chances: the same seed, the same
    rules in the same order and the same passages at a site give the same faults there, whatever happens at
    other sites meanwhile.
    """

    def __init__(self, hub: Hub, time_scale: float, seed: Seed | None) -> None:
        self._hub = hub
        self.seed: Seed = secrets.randbelow(2**32) if seed is None else seed
        self.log: list[Injected] = []
        self.counts: Counter[tuple[str, Fault]] = Counter()
        self.too_soon: list[TooSoon] = []
        self._armed: list[Armed] = []
        self._added = 0
        self._pauses: dict[str, float] = {}
        self._scale = time_scale
        self._mischief = Mischief(hub, time_scale)
        hub.courier.around.append(self)
        hub.courier.socket_mode.hazard = self._hazard

    @property
    def rules(self) -> Sequence[Armed]:
        """Return the rules that may still fire, in the order in which they are asked."""
        return [armed for armed in self._armed if armed.left != 0]

    def inject(self, rule: Rule) -> Rule:
        """Add a rule, after those that there are; its site may be a short name.

        Raises:
            StandInError: there is no such site, or the fault does not fit it.
        """
        site = find_site(rule.site)
        if rule.fault not in fitting(site):
            raise StandInError(f"{rule.fault} does not fit {site}; {', '.join(fitting(site))} do")
        self._armed = [armed for armed in self._armed if armed.left != 0]
        named = replace(rule, site=site)
        self._armed.append(Armed(named, f"{self.seed}/{self._added}"))
        self._added += 1
        self._hub.world.ring()
        return named

    def append(self, around: Around) -> None:
        """Add a function around every call and delivery, inside all that stand there already."""
        self._hub.courier.around.append(around)

    def clear(self) -> None:
        """Forget all rules and functions, and let go what is held back; the record stays."""
        self._hub.courier.around[:] = [self]
        self._armed.clear()
        self._added = 0
        self._mischief.let_go()
        self._hub.world.ring()

    def never(self, sites: Iterable[str] = SITES) -> list[tuple[str, Fault]]:
        """Return each pair of site and fitting fault that has not happened yet."""
        found = [find_site(ref) for ref in sites]
        return [(site, fault) for site in found for fault in fitting(site) if not self.counts[site, fault]]

    async def disturb(self, fault: Fault, delay: float | None = None) -> None:
        """Do a fault of Socket Mode to every open connection, now."""
        rule = Rule(SOCKET, fault, delay=delay)
        if not rule.matches(SOCKET):
            raise StandInError(f"{fault} is no fault of a connection")
        for connection in self._hub.courier.socket_mode.open:
            self._record(SOCKET, fault)
            await self._hub.courier.socket_mode.disturb(connection, fault, rule.seconds * self._scale)

    async def __call__(self, passage: Passage, proceed: Proceed) -> Outcome:
        """Let something pass, or not, as the first rule that fires wants it."""
        site = site_of(passage)
        self._mind_pause(site)
        rule = self._draw(site, passage)
        if rule is None:
            outcome = await proceed()
        else:
            self._record(site, rule.fault)
            self._pause(site, rule)
            outcome = await self._mischief.act(rule, passage, proceed)
        if passage.way is Way.DELIVERY and (rule is None or rule.fault is not Fault.REORDERED):
            self._mischief.passed()
        return outcome

    def _draw(self, site: str, passage: Passage) -> Rule | None:
        for armed in self._armed:
            aims = armed.rule.fault is not Fault.TARGET_GONE or target_of(self._hub.world, passage)
            if aims and armed.fires(site):
                return armed.rule
        return None

    def _hazard(self) -> tuple[Fault, float] | None:
        for armed in self._armed:
            if armed.fires(SOCKET):
                self._record(SOCKET, armed.rule.fault)
                return armed.rule.fault, armed.rule.seconds * self._scale
        return None

    def _record(self, site: str, fault: Fault) -> None:
        self.log.append(Injected(site, fault, self._hub.world.clock()))
        self.counts[site, fault] += 1
        self._hub.world.ring()

    def _pause(self, site: str, rule: Rule) -> None:
        if rule.fault is Fault.RATE_LIMITED:
            self._pauses[site] = self._hub.world.clock() + rule.seconds

    def _mind_pause(self, site: str) -> None:
        early = self._pauses.get(site, 0.0) - self._hub.world.clock()
        if early > 0:
            self.too_soon.append(TooSoon(site, early))
