"""The two shipped programs answer to the letter as they were agreed to."""

from __future__ import annotations

import json
from typing import Any

from tests.policy import golden


def lines(agreed: dict[str, Any]) -> dict[str, list[str]]:
    """Return the answers of each block as they are written."""
    answers = [json.dumps(answer) for answer in agreed["answers"]]
    return {
        block: [answers[int(number)] for number in text.split()] for block, text in agreed["blocks"].items()
    }


def test_every_set_of_facts_is_answered_as_agreed() -> None:
    agreed, now = lines(json.loads(golden.FILE.read_text("utf-8"))), lines(golden.answers())
    assert now.keys() == agreed.keys()
    assert [block for block in agreed if now[block] != agreed[block]] == []


def test_the_agreement_covers_the_whole_space() -> None:
    agreed = json.loads(golden.FILE.read_text("utf-8"))
    assert sum(len(text.split()) for text in agreed["blocks"].values()) > 7000
    verdicts = {each["decision"]["refund"]["verdict"] for each in agreed["answers"] if "decision" in each}
    assert len(verdicts) == 7
    assert sum("error" in answer for answer in agreed["answers"]) > 30
