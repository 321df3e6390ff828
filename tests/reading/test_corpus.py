"""The corpus is labeled by its guide: legal facts, no future dates, details that the text contains."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import policy
from policy.values import Problem, parse_value

CORPUS = Path(__file__).parent / "corpus"
FILES = sorted(CORPUS.rglob("*.jsonl"))
INTENTS = frozenset(
    {
        "cancel",
        "refund",
        "revoke",
        "reissue",
        "key_compromise",
        "status",
        "human",
        "thanks",
        "greeting",
        "other",
    }
)
KEYS = ("id", "text", "today", "language", "tags", "facts", "details", "ambiguous", "intent")


def messages(file: Path) -> Iterator[dict[str, Any]]:
    for line in file.read_text("utf-8").splitlines():
        yield json.loads(line)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(CORPUS)))
def test_every_message_is_labeled_as_the_guide_says(file: Path) -> None:
    loaded = policy.load([])
    for message in messages(file):
        name, today = message["id"], date.fromisoformat(message["today"])
        assert tuple(message) == KEYS, name
        assert message["intent"] in INTENTS, name
        for fact, value in message["facts"].items():
            found = parse_value(loaded, loaded.facts()[fact], value, today, None)
            assert not isinstance(found, Problem), f"{name}: {found}"
            assert value != "unknown", name
        for detail, value in message["details"].items():
            assert value == value.lower(), name
            assert value in message["text"].lower(), f"{name}: {detail}"
        stated = {*message["facts"], *message["details"]}
        assert not stated & set(message["ambiguous"]), name


def test_no_message_is_in_the_corpus_twice() -> None:
    every = [message for file in FILES for message in messages(file)]
    assert len(every) >= 300
    assert len({message["id"] for message in every}) == len(every)
    assert len({message["text"] for message in every}) == len(every)
