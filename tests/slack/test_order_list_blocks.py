"""What is drawn of a list of orders, of any shape, as Slack takes it."""

from __future__ import annotations

from dataclasses import replace

import pytest

import policy
from bot.conversation.files import AnswerList, File
from bot.conversation.people import Person
from bot.render.texts import Texts
from bot.settings import Settings
from bot.slack.blocks import order_list
from bot.slack.blocks.list_refs import ListRef, list_text, read_list_text, read_row_text, row_text
from bot.texts import texts_of
from bot.triage import Failure, ListedOrder, Spoiled, Summary

LIST = AnswerList(Person("T-HOST", "T-HOST", "U-ROSA"), File("F1", "orders.csv"))
ORDER = ListedOrder(
    2, "shop.example.com", "support ticket", "yes", "2026-12-10", 17, "", {"program": "opensrs"}, {}
)
OVER = replace(ORDER, line=3, verdict="no longer", days_left=None)
OPEN = replace(ORDER, line=4, verdict="", last_day=None, days_left=None, why="Still open: Program")
NONE = Summary(0, 0, 0, 0, {}, {}, undecided_days=False, is_workbook=False, listed=())
SPOILED = (
    Spoiled("The day is none.", 31, [4, 7, 9]),
    *(Spoiled(f"Why {n}.", 1, [300 + n]) for n in range(9)),
)
LONG = replace(ORDER, details={"common_name": "a" * 253, "tech_email": "b" * 2000})


@pytest.fixture(scope="module")
def texts() -> Texts:
    return texts_of(Settings({}), policy.load())


SUMMARIES = {
    "nothing": (NONE, 1, "There is no order in it"),
    "one": (replace(NONE, orders=1, refundable=1, listed=(ORDER,)), 2, "1 order"),
    "the most urgent first": (replace(NONE, orders=2, listed=(OVER, ORDER)), 3, "2 orders"),
    "what is open is no row": (replace(NONE, orders=1, open={"program": 1}, listed=(OPEN,)), 3, "1 order"),
    "many": (
        replace(NONE, orders=300, listed=(ORDER,) * 200, spoiled=SPOILED, unreadable=40),
        14,
        "300",
    ),
}


def test_rows_that_cannot_be_read_are_named_by_reason(texts: Texts) -> None:
    summary = replace(NONE, orders=300, listed=(ORDER,) * 200, spoiled=SPOILED, unreadable=51)
    drawn = str(order_list.answered(texts, LIST, summary).blocks)
    for said in ("Lines 4, 7, 9 and 28 more", "Line 300", "And 13 rows for other reasons", "comes back"):
        assert said in drawn


@pytest.mark.parametrize("shape", SUMMARIES)
def test_a_summary_of_any_shape_is_drawn(texts: Texts, shape: str) -> None:
    summary, blocks, said = SUMMARIES[shape]
    message = order_list.answered(texts, LIST, summary)
    assert blocks <= len(message.blocks) <= 50
    assert said in message.text


def test_of_a_row_its_day_and_its_button_stand_in_one_line(texts: Texts) -> None:
    message = order_list.answered(texts, LIST, replace(NONE, orders=2, listed=(OVER, ORDER)))
    first, second = (block for block in message.blocks if block["type"] == "section")
    assert first["text"]["text"].startswith(
        "Line 2 · shop.example.com · refund: yes, until Thu 10 December 2026"
    )
    assert second["text"]["text"].endswith("no longer, the last day was Thu 10 December 2026")
    assert len(first["accessory"]["value"]) <= 2000


@pytest.mark.parametrize(
    ("told", "left", "asked"),
    [
        ((), {"program": 2, "requester": 1}, "program"),
        ((("program", "opensrs"),), {"requester": 1}, "requester"),
        ((("program", "opensrs"), ("requester", "-")), {"requester": 1, "provider": 1}, "days"),
        ((("program", "opensrs"), ("days", "-")), {"provider": 1}, None),
    ],
)
def test_what_is_open_is_asked_in_order_and_once(
    texts: Texts, told: tuple[tuple[str, str], ...], left: dict[str, int], asked: str | None
) -> None:
    summary = replace(NONE, orders=2, open=left, undecided_days=True)
    point = order_list.open_point(texts, replace(LIST, told=told), summary)
    assert (point.name if point else None) == asked


@pytest.mark.parametrize("failure", Failure)
def test_every_failure_is_worded(texts: Texts, failure: Failure) -> None:
    assert "orders.csv was not answered: " in order_list.failed(texts, LIST, failure).text


def test_what_buttons_carry_comes_back_and_nothing_else_is_taken() -> None:
    ref = ListRef("F1", "orders.csv", (("program", "opensrs"),))
    assert read_list_text(list_text(ref)) == ref
    row = read_row_text(row_text("F1", ORDER) or "")
    assert row is not None
    assert (row.file, row.line, row.facts) == ("F1", 2, (("program", "opensrs"),))
    assert row_text("F1", LONG) is None
    for text in ("", "[]", "{}", '["F1"]', '["../x","a",{}]', '["F1","a",{"A B":"x"}]', "[" * 10_000):
        assert read_list_text(text) is None
        assert read_row_text(text) is None
