"""Sentences are read as they are labeled, and what they say of other things is not.

`sentences.txt` holds one message a line, as said on 23 November 2026: the text, `||`, the facts that it
states, and after another `||` what it leaves open.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from time import process_time

import pytest

import policy
from bot.reading.sentences import get_ready, read
from policy import Policy
from tests.reading.score import CORPUS, as_labels, count, messages

LEAST_PRECISION = 0.99
LEAST_RECALL = 0.95
TODAY = date(2026, 11, 23)
SENTENCES = (Path(__file__).parent / "sentences.txt").read_text("utf-8").splitlines()


@pytest.fixture(scope="module")
def counted(shipped: Policy) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for message in messages(sorted(CORPUS.glob("*.jsonl"))):
        count(counts, message, read(shipped, message["text"], date.fromisoformat(message["today"])))
    return counts


@pytest.mark.parametrize("kind", ["all facts", "all details", "intent"])
def test_the_corpus_is_read_as_it_is_labeled(counted: dict[str, Counter[str]], kind: str) -> None:
    each = counted[kind]
    assert each["right"] / each["read"] >= LEAST_PRECISION
    assert each["right"] / each["labeled"] >= LEAST_RECALL


@pytest.mark.parametrize("line", SENTENCES)
def test_a_sentence_states_no_more_and_no_less(shipped: Policy, line: str) -> None:
    text, facts, *opened = (part.strip() for part in line.split("||"))
    stated = dict(pair.split("=", maxsplit=1) for pair in facts.split())
    found = read(shipped, text.replace("\\n", "\n"), TODAY)
    got = as_labels(found)["facts"]
    assert {name: str(value).lower() for name, value in got.items()} == stated
    assert sorted(found.ambiguous) == sorted(opened[0].split() if opened else [])


def test_the_first_message_is_fast_once_reading_is_ready() -> None:
    fresh = policy.load()
    get_ready(fresh)
    spent = []
    for day in range(3, 6):  # what was just read is kept
        began = process_time()
        read(fresh, f"PositiveSSL from OpenSRS, issued {day} Nov 2026, refund?", TODAY)
        spent.append(process_time() - began)
    assert spent[0] < 40 * min(spent)  # 250 where the lexicon is made for it
