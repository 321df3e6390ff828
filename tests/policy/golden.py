"""What `decide` says of the two shipped programs, line by line, as it was agreed once.

`python tests/policy/golden.py` writes golden.json anew from the rules as they are; whoever does so says why.
Each answer stands there once; a block names the facts that its lines share, and lists its answers by number.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import policy
from policy.decide_json import answer_line

TODAY = date(2026, 11, 23)
FILE = Path(__file__).with_suffix(".json")
ABSENT = None
UNKNOWN = "unknown"
REQUESTERS = (ABSENT, "reseller", "certificate_holder", UNKNOWN)
ISSUED = (ABSENT, True, False, UNKNOWN)
PROVIDERS = (ABSENT, "sectigo", "geotrust", "symantec", "thawte", "trustwave", "other", UNKNOWN)
LEVELS = (ABSENT, "dv", "ov", "ev", UNKNOWN)
ACCOUNTS = (ABSENT, "partner", "retail", UNKNOWN)
SUBJECTS = (ABSENT, "certificate", "prepaid_balance", UNKNOWN)
DAYS = (ABSENT, UNKNOWN, *(str(TODAY - timedelta(days=age)) for age in (0, 1, 29, 30, 31, 32, 400)))
FACTS = {
    "program": (ABSENT, "opensrs", "trustico", "other", UNKNOWN),
    "requester": REQUESTERS,
    "account": ACCOUNTS,
    "subject": SUBJECTS,
    "issued": ISSUED,
    "provider": PROVIDERS,
    "validation": LEVELS,
    "fulfilled_on": DAYS,
}
STRIDE = 311  # of all the combinations, one in so many; prime, so that every value meets every other


def _given(names: tuple[str, ...], values: tuple[object, ...]) -> dict[str, object]:
    return {name: value for name, value in zip(names, values, strict=True) if value is not ABSENT}


def _lines() -> Iterator[tuple[str, str]]:
    """Yield each line with its block's name."""
    for requester, issued, provider in itertools.product(REQUESTERS, ISSUED, PROVIDERS):
        for level, day in itertools.product(LEVELS, DAYS):
            facts = _given(
                ("program", "requester", "issued", "provider", "validation", "fulfilled_on"),
                ("opensrs", requester, issued, provider, level, day),
            )
            yield f"opensrs {requester} {issued} {provider}", json.dumps({"facts": facts})
    for account, subject, issued in itertools.product(ACCOUNTS, SUBJECTS, ISSUED):
        facts = _given(("program", "account", "subject", "issued"), ("trustico", account, subject, issued))
        yield "trustico", json.dumps({"facts": facts})
    for number, values in enumerate(itertools.product(*FACTS.values())):
        if number % STRIDE == 0:
            facts = _given(tuple(FACTS), values)
            yield f"anything {facts.get('program')}", json.dumps({"facts": facts})
    for line in BAD:
        yield "bad", line


BAD = (
    "",
    "   ",
    "{",
    "[]",
    "1",
    "null",
    '"x"',
    "{}",
    '{"facts": []}',
    '{"facts": null}',
    '{"facts": {}, "today": "2026-02-30"}',
    '{"facts": {}, "today": 5}',
    '{"facts": {}, "today": "9999-12-31"}',
    '{"facts": {}, "toady": "2026-11-23"}',
    '{"facts": {}, "facts": {}}',
    '{"facts": {"issued": true, "issued": false}}',
    '{"facts": {"issued": NaN}}',
    '{"facts": {"issued": 1}}',
    '{"facts": {"issued": "true"}}',
    '{"facts": {"issued": null}}',
    '{"facts": {"isued": true}}',
    '{"facts": {"": true}}',
    '{"facts": {"kaboom": {"a": 1}}}',
    '{"facts": {"program": "openrs"}}',
    '{"facts": {"program": "OpenSRS"}}',
    '{"facts": {"program": true}}',
    '{"facts": {"program": ["opensrs"]}}',
    '{"facts": {"requester": "resellr"}}',
    '{"facts": {"program": "trustico", "requester": "resellr"}}',
    '{"facts": {"account": "Partner"}}',
    '{"facts": {"subject": "balance"}}',
    '{"facts": {"provider": "PositiveSSL"}}',
    '{"facts": {"provider": "Comodo"}}',
    '{"facts": {"provider": "RapidSSL"}}',
    '{"facts": {"provider": "sectgo"}}',
    '{"facts": {"provider": 7}}',
    '{"facts": {"validation": "PositiveSSL"}}',
    '{"facts": {"validation": "EV"}}',
    '{"facts": {"fulfilled_on": "03/11/2026"}}',
    '{"facts": {"fulfilled_on": "2026-11-24"}}',
    '{"facts": {"fulfilled_on": "2026-11-31"}}',
    '{"facts": {"fulfilled_on": true}}',
    '{"facts": {"fulfilled_on": "2026-11-24"}, "today": "2026-11-24"}',
    '{"facts": {"fulfilled_on": "0001-01-01", "program": "opensrs"}}',
    '{"facts": {"program": "opensrs", "provider": "nonsense", "requester": "certificate_holder"}}',
    '{"facts": {"x' + "y" * 100 + '": 1}}',
)


def answers() -> dict[str, Any]:
    """Return every answer, each once, and for each block the numbers of its lines' answers."""
    core = policy.load()
    known: dict[str, int] = {}
    blocks: dict[str, list[int]] = {}
    for block, line in _lines():
        answer = json.dumps(answer_line(core, 1, line, TODAY))
        blocks.setdefault(block, []).append(known.setdefault(answer, len(known)))
    return {
        "answers": [json.loads(answer) for answer in known],
        "blocks": {block: " ".join(map(str, numbers)) for block, numbers in blocks.items()},
    }


if __name__ == "__main__":
    golden = answers()
    blocks = ",\n".join(f"{json.dumps(name)}: {json.dumps(text)}" for name, text in golden["blocks"].items())
    lines = ",\n".join(json.dumps(answer) for answer in golden["answers"])
    FILE.write_text(f'{{"answers": [\n{lines}\n],\n"blocks": {{\n{blocks}\n}}}}\n', "utf-8")
