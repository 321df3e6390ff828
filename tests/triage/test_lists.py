"""What is answered for each row of a list of orders, and that no row is lost."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import pytest

from bot.triage.answering import Triage
from bot.triage.request import Request, Summary, Written
from policy import load
from policy.decide_json import answer_line
from tests.triage.lists import LISTS, RESELLER, TODAY, Listed

Line = dict[str, Any]


def triaged(
    content: bytes, facts: Mapping[str, str | bool] = RESELLER, order: str | None = None
) -> tuple[list[Line], Summary, bytes]:
    """Answer a list in this process; returns its lines, the summary and the list with its answers."""
    lines, annotated = io.BytesIO(), io.BytesIO()
    request = Request(dict(facts), TODAY.isoformat(), order, Written.JSON)
    summary = Triage(request, lambda _share, _orders: None).run(io.BytesIO(content), lines, annotated)
    return [json.loads(line) for line in lines.getvalue().splitlines()], summary, annotated.getvalue()


def short(line: Line) -> str:
    """Return an answer as the tables of lists have it."""
    match line:
        case {"decision": {"refund": {"verdict": verdict, "last_day": None}}}:
            return str(verdict)
        case {"decision": {"refund": {"verdict": verdict, "last_day": day}}}:
            return f"{verdict} {day}"
        case {"ask": {"fact": fact}}:
            return f"? {fact}"
        case {"unreadable": str(why), "decision": None, "ask": None}:
            return f"! {why}"
    raise AssertionError(line)


@pytest.mark.parametrize("listed", LISTS.values(), ids=LISTS)
def test_each_order_of_a_list_has_its_answer(listed: Listed) -> None:
    lines, _, _ = triaged(listed.content, listed.facts, listed.order)
    answers = {line["line"]: short(line) for line in lines}
    assert [*answers] == [*listed.rows]
    for number, wanted in listed.rows.items():
        if wanted.startswith("!"):
            assert answers[number].startswith("!"), (number, answers[number])
        else:
            assert answers[number] == wanted, number


@pytest.mark.parametrize("listed", LISTS.values(), ids=LISTS)
def test_the_answers_are_those_of_decide(listed: Listed) -> None:
    core = load()
    for line in triaged(listed.content, listed.facts, listed.order)[0]:
        given = json.dumps({"facts": line["facts"], "today": TODAY.isoformat()})
        answer = answer_line(core, 1, given, TODAY)
        if line["unreadable"] is None:
            assert answer == {key: line[key] for key in ("ask", "decision") if line[key] is not None}
        else:
            assert "error" not in answer
