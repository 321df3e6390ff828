"""The page's panel of faults: which can be injected, which are set, and which have happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .errors import StandInError
from .fault_kinds import NATURES, SITES, Fault, Nature, Rule, fitting

if TYPE_CHECKING:
    from .faults import Faults
    from .schema import Json

MAX_TIMES: Final = 1000


def catalog() -> Json:
    """Return the faults and the sites that each fits; the page asks for this once."""
    return {
        "says": {str(fault): _says(nature) for fault, nature in NATURES.items()},
        "sites": [{"site": site, "faults": list(fitting(site))} for site in SITES],
    }


def _says(nature: Nature) -> str:
    plain = nature.says.replace("`", "")
    return plain if nature.delay is None else f"{plain} ({nature.delay:g} s)"


def shown(faults: Faults) -> Json:
    """Return the rules that may still fire, and how often each fault has happened at each site."""
    return {
        "rules": [
            {"site": armed.rule.site, "fault": armed.rule.fault, "left": armed.left} for armed in faults.rules
        ],
        "happened": [
            {"site": site, "fault": fault, "count": count} for (site, fault), count in faults.counts.items()
        ],
    }


def inject(faults: Faults, asked: Json) -> None:
    """Add the rule that somebody asked for on the page.

    Raises:
        StandInError: there is no such site or fault, or the number of times is out of range.
    """
    times = asked.get("times", 1)
    if not isinstance(times, int) or isinstance(times, bool) or not 1 <= times <= MAX_TIMES:
        raise StandInError(f"times takes a number from 1 to {MAX_TIMES}, not {times!r}")
    if asked["fault"] not in set(Fault):
        raise StandInError(f"there is no fault {asked['fault']!r}")
    faults.inject(Rule(str(asked["site"]), Fault(asked["fault"]), times))
