"""Score the reader on a corpus: `python -m tests.reading.score [--wrong] [FILE…]`.

Without files: all but what was written apart. Shows precision and recall for each fact and detail, for
`ambiguous` and the intent; with `--wrong` also each message that is read otherwise than it is labeled.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import policy
from bot.reading.sentences import Read, read

CORPUS = Path(__file__).parent / "corpus"


def messages(files: Sequence[Path]) -> list[dict[str, Any]]:
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def as_labels(found: Read) -> dict[str, dict[str, object]]:
    """Return what was read as the corpus has it."""
    return {
        "facts": {str(fact): _plain(value) for fact, value in found.facts.items()},
        "details": {str(detail): value for detail, value in found.details.items()},
    }


def count(counts: dict[str, Counter[str]], message: dict[str, Any], found: Read) -> list[str]:
    """Count one message in, and return in what it was read otherwise than it is labeled."""
    wrong = []
    for kind, read_as in as_labels(found).items():
        for name in sorted({*message[kind], *read_as}):
            said, got = message[kind].get(name), read_as.get(name)
            for each in (name, f"all {kind}"):
                _add(counts[each], {said} - {None}, {got} - {None})
            if said != got:
                wrong.append(f"{name}: labeled {said}, read {got}")
    for name, said, got in (
        ("ambiguous", set(message["ambiguous"]), set(found.ambiguous)),
        ("intent", {message["intent"]}, {found.intent.value}),
    ):
        _add(counts[name], said, got)
        if said != got:
            wrong.append(f"{name}: labeled {sorted(said)}, read {sorted(got)}")
    return wrong


def table(counts: dict[str, Counter[str]]) -> Iterator[str]:
    yield f"{'':20}{'labeled':>8}{'read':>8}{'right':>8}{'precision':>11}{'recall':>8}"
    for name, each in counts.items():
        precision = each["right"] / each["read"] if each["read"] else 1.0
        recall = each["right"] / each["labeled"] if each["labeled"] else 1.0
        numbers = f"{each['labeled']:8}{each['read']:8}{each['right']:8}"
        yield f"{name:20}{numbers}{precision:11.4f}{recall:8.4f}"


def main(arguments: Sequence[str]) -> None:
    files = [Path(each) for each in arguments if not each.startswith("--")] or sorted(CORPUS.glob("*.jsonl"))
    core = policy.load([])
    read(core, "", date(2026, 1, 1))
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    spent, every = 0.0, messages(files)
    for message in every:
        began = time.perf_counter()
        found = read(core, message["text"], date.fromisoformat(message["today"]))
        spent += time.perf_counter() - began
        wrong = count(counts, message, found)
        if wrong and "--wrong" in arguments:
            _say(message["id"], message["today"], repr(message["text"]), *(f"\n    {line}" for line in wrong))
    for line in table(counts):
        _say(line)
    _say(f"{len(every)} messages, {len(every) / spent:.0f} a second")


def _add(counts: Counter[str], said: set[Any], got: set[Any]) -> None:
    counts["labeled"] += len(said)
    counts["read"] += len(got)
    counts["right"] += len(said & got)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _say(*words: str) -> None:
    sys.stdout.write(" ".join(words) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
