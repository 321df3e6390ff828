"""Sentences are read as the corpus labels them, and what they say of other things is not."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

import pytest

from bot.reading.sentences import read
from policy import Policy
from tests.reading.score import CORPUS, count, messages

LEAST_PRECISION = 0.99
LEAST_RECALL = 0.95


@pytest.fixture(scope="module")
def counted(shipped: Policy) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for message in messages(sorted(CORPUS.glob("*.jsonl"))):
        count(counts, message, read(shipped, message["text"], date.fromisoformat(message["today"])))
    return counts


@pytest.mark.parametrize("kind", ["all facts", "all details"])
def test_the_corpus_is_read_as_it_is_labeled(counted: dict[str, Counter[str]], kind: str) -> None:
    each = counted[kind]
    assert each["right"] / each["read"] >= LEAST_PRECISION
    assert each["right"] / each["labeled"] >= LEAST_RECALL
