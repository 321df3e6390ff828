"""`Faults`: inject faults by rules, and record which happened where."""

from __future__ import annotations

import random
import secrets
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from .errors import StandInError
from .fault_effects import FaultEffects
from .fault_kinds import SITES, SOCKET, Fault, Rule, find_site, fitting, site_of
from .fault_targets import target_of
from .seam import Way

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .hub import Hub
    from .ids import Seed
    from .seam import Around, Outcome, Passage, Proceed


@dataclass(frozen=True, slots=True)
class Injected:
    """A fault that happened: where, which, and when by the stand-in's clock."""

    site: str
    fault: Fault
    at: float


@dataclass(frozen=True, slots=True)
class TooSoon:
    """A call made before its method's `Retry-After` had passed, and by how many seconds."""

    site: str
    seconds: float


@dataclass(slots=True)
class Armed:
    """A rule in use. Whether it fires by chance depends only on the seed, the rule and the passage."""

    rule: Rule
    seed: str
    fired: int = 0
    passed: int = 0
    _random: dict[str, random.Random] = field(default_factory=dict)

    @property
    def left(self) -> int | None:
        """Return how many times it can still fire; None for no limit."""
        return None if self.rule.times is None else self.rule.times - self.fired

    def fires(self, site: str) -> bool:
        """Tell whether it fires at this passage, and count it."""
        if self.left == 0 or not self.rule.matches(site):
            return False
        self.passed += 1
        source = self._random.setdefault(site, random.Random(f"{self.seed}/{site}"))  # noqa: S311
        hit = source.random() < self.rule.chance and self.passed > self.rule.after
        self.fired += hit
        return hit


class Faults:
    """Wraps every call and delivery; without rules it changes nothing.

    `log` has the faults that happened, in order; `counts` how often each happened at each site; `too_soon`
    the calls that did not wait for their `Retry-After`. With the same `seed`, the same rules in the same
    order and the same passages at a site, the same faults happen there, whatever happens at other sites.
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
        self._effects = FaultEffects(hub, time_scale)
        hub.courier.around.append(self)
        hub.courier.socket_mode.hazard = self._hazard

    @property
    def rules(self) -> Sequence[Armed]:
        """Return the rules that may still fire, in the order in which they are tried."""
        return [armed for armed in self._armed if armed.left != 0]

    def inject(self, rule: Rule) -> Rule:
        """Add a rule after the existing ones; its site may be a short name.

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
        """Wrap every call and delivery in a further function, inside those already there."""
        self._hub.courier.around.append(around)

    def clear(self) -> None:
        """Remove all rules and functions, and release what is held back; the record stays."""
        self._hub.courier.around[:] = [self]
        self._armed.clear()
        self._added = 0
        self._effects.let_go()
        self._hub.world.ring()

    def never(self, sites: Iterable[str] = SITES) -> list[tuple[str, Fault]]:
        """Return each pair of site and fitting fault that has not happened yet."""
        found = [find_site(ref) for ref in sites]
        return [(site, fault) for site in found for fault in fitting(site) if not self.counts[site, fault]]

    async def disturb(self, fault: Fault, delay: float | None = None) -> None:
        """Inject a Socket Mode fault into every open connection now."""
        rule = Rule(SOCKET, fault, delay=delay)
        if not rule.matches(SOCKET):
            raise StandInError(f"{fault} is not a fault of a connection")
        for connection in self._hub.courier.socket_mode.open:
            self._record(SOCKET, fault)
            await self._hub.courier.socket_mode.disturb(connection, fault, rule.seconds * self._scale)

    async def __call__(self, passage: Passage, proceed: Proceed) -> Outcome:
        """Let something pass, altered by the first rule that fires, if any does."""
        site = site_of(passage)
        self._mind_pause(site)
        rule = self._draw(site, passage)
        if rule is None:
            outcome = await proceed()
        else:
            self._record(site, rule.fault)
            self._pause(site, rule)
            outcome = await self._effects.act(rule, passage, proceed)
        if passage.way is Way.DELIVERY and (rule is None or rule.fault is not Fault.REORDERED):
            self._effects.passed()
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
