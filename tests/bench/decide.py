"""Time a complete decision through the Python API: `python tests/bench/decide.py`.

Every case is timed over many days of fulfillment, as nothing is remembered from one decision to the next. The
time is the processor's, so that other programs count for little. Where `zen-engine` is installed it answers
the same facts by the same tables, in turn with certdesk.
"""

from __future__ import annotations

import gc
import statistics
import sys
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).parents[2]))

import policy
from policy.decision import Decision
from policy.facts import PROGRAM, UNKNOWN, Fact, Facts, Value
from tests.bench import zen_tables

ROUNDS = 15
DATES = 1000
ZEN_DATES = 20
FIRST = date(2020, 1, 1)

OPENSRS: dict[Fact, Value] = {
    PROGRAM: "opensrs",
    Fact("requester"): "reseller",
    Fact("issued"): True,
}
PARTNER: dict[Fact, Value] = {PROGRAM: "trustico", Fact("account"): "partner"}
TRUSTWAVE: dict[Fact, Value] = {**OPENSRS, Fact("provider"): "trustwave"}

Pair = tuple[Facts, date]


def dated(facts: dict[Fact, Value], age: int) -> list[Pair]:
    """Return the facts for many days of fulfillment, each so many days before its today."""
    fulfilled = [FIRST + timedelta(days=day) for day in range(DATES)]
    return [({**facts, Fact("fulfilled_on"): day}, day + timedelta(days=age)) for day in fulfilled]


def undated(facts: dict[Fact, Value]) -> list[Pair]:
    return [(dict(facts), FIRST + timedelta(days=day)) for day in range(DATES)]


CASES: dict[str, list[Pair]] = {
    "program other": undated({PROGRAM: "other"}),
    "OpenSRS, certificate holder": undated({**OPENSRS, Fact("requester"): "certificate_holder"}),
    "OpenSRS, not issued": undated({**OPENSRS, Fact("issued"): False}),
    "OpenSRS, provider other": undated({**OPENSRS, Fact("provider"): "other"}),
    "OpenSRS, provider unknown": undated({**OPENSRS, Fact("provider"): UNKNOWN}),
    "GeoTrust, day 12": dated({**OPENSRS, Fact("provider"): "geotrust"}, 12),
    "GeoTrust, day 31": dated({**OPENSRS, Fact("provider"): "geotrust"}, 31),
    "Sectigo, day 0": dated({**OPENSRS, Fact("provider"): "sectigo"}, 0),
    "Sectigo, day 30": dated({**OPENSRS, Fact("provider"): "sectigo"}, 30),
    "Sectigo, day 400": dated({**OPENSRS, Fact("provider"): "sectigo"}, 400),
    "Sectigo, date unknown": undated({**OPENSRS, Fact("provider"): "sectigo", Fact("fulfilled_on"): UNKNOWN}),
    "Trustwave EV, day 12": dated({**TRUSTWAVE, Fact("validation"): "ev"}, 12),
    "Trustwave DV, day 12": dated({**TRUSTWAVE, Fact("validation"): "dv"}, 12),
    "Trustwave OV, day 31": dated({**TRUSTWAVE, Fact("validation"): "ov"}, 31),
    "Trustwave level unknown, day 12": dated({**TRUSTWAVE, Fact("validation"): UNKNOWN}, 12),
    "Trustico, retail": undated({**PARTNER, Fact("account"): "retail"}),
    "Trustico, prepaid balance": undated({**PARTNER, Fact("subject"): "prepaid_balance"}),
    "Trustico, issued": undated({**PARTNER, Fact("subject"): "certificate", Fact("issued"): True}),
}


def microseconds(decide: Callable[..., object], arguments: Sequence[tuple[object, ...]]) -> float:
    """Return the time of one decision, averaged over these."""
    start = process_time()
    for each in arguments:
        decide(*each)
    return (process_time() - start) / len(arguments) * 1e6


def row(name: str, rounds: Sequence[float]) -> str:
    return f"{name:34}{statistics.median(rounds):8.2f}{min(rounds):8.2f}{max(rounds):8.2f}\n"


def main() -> None:
    rules = policy.load()
    mix = list(chain.from_iterable(zip(*CASES.values(), strict=True)))
    assert all(isinstance(rules.decide(*pair), Decision) for pair in mix)
    sys.stdout.write(f"µs of CPU a decision, {ROUNDS} rounds of {DATES} days each\n")
    sys.stdout.write(f"{'':34}{'median':>8}{'least':>8}{'most':>8}\n")
    gc.disable()
    for name, pairs in CASES.items():
        sys.stdout.write(row(name, [microseconds(rules.decide, pairs) for _ in range(ROUNDS)]))
    beside_zen(rules, mix)


def beside_zen(rules: policy.Policy, mix: list[Pair]) -> None:
    """Time all the cases together, and zen-engine on some of the days, each in turn."""
    answer = zen_tables.answering(rules)
    some = [(zen_tables.plain(*pair),) for pair in mix[: len(CASES) * ZEN_DATES]] if answer else []
    for (given,), pair in zip(some, mix, strict=False):
        decided = rules.decide(*pair)
        assert answer
        assert isinstance(decided, Decision)
        assert answer(given) == (decided.cancellation.rule, decided.refund.rule)
    own: list[float] = []
    zen: list[float] = []
    for _ in range(ROUNDS):
        own.append(microseconds(rules.decide, mix))
        if answer:
            zen.append(microseconds(answer, some))
    sys.stdout.write(row("all of these", own))
    if answer:
        sys.stdout.write(row(f"zen-engine {version('zen-engine')}, all of these", zen))
        ratios = [theirs / ours for theirs, ours in zip(zen, own, strict=True)]
        sys.stdout.write(row("zen-engine takes so many times that", ratios))
    else:
        sys.stdout.write("zen-engine is not installed: skipped\n")


if __name__ == "__main__":
    main()
