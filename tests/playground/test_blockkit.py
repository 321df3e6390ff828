"""Slack's limits, from both sides; each refusal names the place."""

# ruff: noqa: E501 - tables and dialogs read best with a row a line
from __future__ import annotations

from typing import Any

import pytest

from bot.playground.standin.blockkit import (
    MESSAGE_TEXT_LIMIT,
    message_problems,
    view_problems,
    visible_length,
)

Json = dict[str, Any]


def plain(size: int) -> Json:
    return {"type": "plain_text", "text": "x" * size}


def mrkdwn(size: int) -> Json:
    return {"type": "mrkdwn", "text": "x" * size}


def section(size: int) -> Json:
    return {"type": "section", "text": mrkdwn(size)}


def fields(count: int, size: int = 1) -> Json:
    return {"type": "section", "fields": [mrkdwn(size)] * count}


def header(size: int) -> Json:
    return {"type": "header", "text": plain(size)}


def context(count: int) -> Json:
    return {"type": "context", "elements": [mrkdwn(1)] * count}


def button(**changes: object) -> Json:
    return {"type": "button", "text": plain(5), "action_id": "go", **changes}


def accessory(element: Json) -> Json:
    return {"type": "section", "text": mrkdwn(1), "accessory": element}


def actions(count: int) -> Json:
    return {"type": "actions", "elements": [button(action_id=f"a{n}") for n in range(count)]}


def option(text: int = 1, value: int = 1, name: str = "") -> Json:
    return {"text": plain(text), "value": name or "v" * value}


def select(count: int, **changes: object) -> Json:
    options = [option(name=f"v{n}") for n in range(count)]
    return accessory({"type": "static_select", "options": options, **changes})


def radio(count: int) -> Json:
    return accessory({"type": "radio_buttons", "options": [option(name=f"v{n}") for n in range(count)]})


def field(element: Json, label: int = 1, **changes: object) -> Json:
    return {"type": "input", "label": plain(label), "element": element, **changes}


def typed(**changes: object) -> Json:
    return field({"type": "plain_text_input", "action_id": "text", **changes})


def date(text: str) -> Json:
    return accessory({"type": "datepicker", "initial_date": text})


def rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


def line(*pieces: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(pieces)}


def listing(indent: int) -> Json:
    return {"type": "rich_text_list", "style": "bullet", "indent": indent, "elements": [line(text())]}


def text(**changes: object) -> Json:
    return {"type": "text", "text": "x", **changes}


MESSAGE_LIMITS: list[tuple[str, Json, Json, str]] = [
    # what, the greatest that passes, the least that does not, what Slack says
    ("section text", section(3000), section(3001), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    ("empty text", section(1), section(0), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    ("fields", fields(10), fields(11), "no more than 10 items allowed [json-pointer:/blocks/0/fields]"),
    ("field text", fields(1, 2000), fields(1, 2001), "must be less than 2001 characters"),
    ("header", header(150), header(151), "must be less than 151 characters"),
    ("context", context(10), context(11), "no more than 10 items allowed"),
    ("no context", context(1), context(0), "no fewer than 1 items allowed"),
    ("actions", actions(25), actions(26), "no more than 25 items allowed [json-pointer:/blocks/0/elements]"),
    ("button text", accessory(button(text=plain(75))), accessory(button(text=plain(76))), "less than 76"),
    ("button value", accessory(button(value="v" * 2000)), accessory(button(value="v" * 2001)), "less than 2001"),
    ("action id", accessory(button(action_id="a" * 255)), accessory(button(action_id="a" * 256)), "less than 256"),
    ("block id", header(1) | {"block_id": "b" * 255}, header(1) | {"block_id": "b" * 256}, "less than 256"),
    ("options", select(100), select(101), "no more than 100 items allowed"),
    ("radio options", radio(10), radio(11), "no more than 10 items allowed"),
    ("option text", accessory({"type": "static_select", "options": [option(75)]}),
     accessory({"type": "static_select", "options": [option(76)]}), "less than 76"),
    ("option value", accessory({"type": "static_select", "options": [option(1, 150)]}),
     accessory({"type": "static_select", "options": [option(1, 151)]}), "less than 151"),
    ("placeholder", select(1, placeholder=plain(150)), select(1, placeholder=plain(151)), "less than 151"),
    ("initial option", select(2, initial_option=option(name="v1")), select(2, initial_option=option(name="v2")),
     "must be one of the given options [json-pointer:/blocks/0/accessory/initial_option]"),
    ("label", field({"type": "plain_text_input"}, 2000), field({"type": "plain_text_input"}, 2001), "less than 2001"),
    ("hint", typed() | {"hint": plain(2000)}, typed() | {"hint": plain(2001)}, "less than 2001"),
    ("max_length", typed(max_length=3000), typed(max_length=3001), "less than or equal to 3000"),
    ("initial_value", typed(max_length=5, initial_value="12345"), typed(max_length=5, initial_value="123456"),
     "must be at most `max_length` characters"),
    ("date", date("2024-02-29"), date("2023-02-29"), "must be of the form YYYY-MM-DD"),
    ("list indent", rich(listing(8)), rich(listing(9)), "less than or equal to 8"),
    ("rich text", rich(line(text(style={"bold": True}))), rich(line(text(style={"big": True}))), "property: big"),
    ("rich line", rich(line(text())), rich(line(text(text=""))), "must be more than 0 characters"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("good", "bad", "said"), [case[1:] for case in MESSAGE_LIMITS], ids=[c[0] for c in MESSAGE_LIMITS]
)
def test_both_sides_of_each_limit_of_a_message(good: Json, bad: Json, said: str) -> None:
    assert message_problems([good]) == []
    assert any(said in problem for problem in message_problems([bad])), message_problems([bad])


REFUSED_BLOCKS: list[tuple[str, Json, str]] = [
    ("unknown block", {"type": "paragraph"}, "unsupported type: paragraph [json-pointer:/blocks/0/type]"),
    ("no type", {"text": plain(1)}, "missing required field: type [json-pointer:/blocks/0]"),
    ("unknown field", section(1) | {"color": "red"}, "invalid additional property: color [json-pointer:/blocks/0]"),
    ("nothing said", {"type": "section"}, "must define either `text` or `fields`"),
    ("markdown in a header", {"type": "header", "text": mrkdwn(1)}, "unsupported type: mrkdwn"),
    ("emoji on mrkdwn", {"type": "section", "text": mrkdwn(1) | {"emoji": True}}, "additional property: emoji"),
    ("button in an input", field(button()), "unsupported type: button [json-pointer:/blocks/0/element/type]"),
    ("text field in actions", {"type": "actions", "elements": [{"type": "plain_text_input"}]}, "unsupported type"),
    ("button in context", {"type": "context", "elements": [button()]}, "unsupported type: button"),
    ("email field in a message", field({"type": "email_text_input"}), "unsupported type: email_text_input"),
    ("same action ids", {"type": "actions", "elements": [button(), button()]}, "`action_id` already exists: go"),
    ("options and groups", select(1, option_groups=[]), "no fewer than 1 items"),
    ("no options", accessory({"type": "static_select"}), "must define either `options` or `option_groups`"),
    ("image without source", {"type": "image", "alt_text": "x"}, "must define either `image_url` or `slack_file`"),
    ("bad style", accessory(button(style="blue")), "must be a valid enum value"),
    ("null accessory", section(1) | {"accessory": None}, "must provide an object"),
    ("number as text", header(1) | {"block_id": 7}, "must provide a string"),
    ("list in a list", rich({"type": "rich_text_list", "style": "bullet", "elements": [text()]}), "unsupported type: text"),
    ("mention in code", rich({"type": "rich_text_preformatted", "elements": [{"type": "user", "user_id": "U1"}]}), "unsupported"),
    ("empty rich text", rich(), "no fewer than 1 items"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("block", "said"), [case[1:] for case in REFUSED_BLOCKS], ids=[c[0] for c in REFUSED_BLOCKS]
)
def test_what_is_refused(block: Json, said: str) -> None:
    assert any(said in problem for problem in message_problems([block])), message_problems([block])


def test_a_message_has_at_most_fifty_blocks() -> None:
    assert message_problems([header(1)] * 50) == []
    assert message_problems([header(1)] * 51) == ["no more than 50 items allowed [json-pointer:/blocks]"]


def test_block_ids_of_a_message_differ() -> None:
    assert message_problems([header(1) | {"block_id": "b"}] * 2) == [
        "`block_id` already exists: b [json-pointer:/blocks/1/block_id]",
    ]


def modal(blocks: list[Json] | None = None, **changes: object) -> Json:
    return {"type": "modal", "title": plain(5), "blocks": blocks or [header(1)], **changes}


VIEW_LIMITS: list[tuple[str, Json, Json, str]] = [
    ("blocks", modal([header(1)] * 100), modal([header(1)] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
    ("title", modal(title=plain(24)), modal(title=plain(25)), "less than 25 characters [json-pointer:/view/title/text]"),
    ("submit", modal(submit=plain(24)), modal(submit=plain(25)), "less than 25"),
    ("close", modal(close=plain(24)), modal(close=plain(25)), "less than 25"),
    ("metadata", modal(private_metadata="m" * 3000), modal(private_metadata="m" * 3001), "less than 3001"),
    ("callback", modal(callback_id="c" * 255), modal(callback_id="c" * 256), "less than 256"),
    ("inputs", modal([typed()], submit=plain(1)), modal([typed()]), "must define `submit` to use an `input` block in modals"),
    ("block ids", modal([header(1), header(1)]), modal([header(1) | {"block_id": "b"}] * 2), "`block_id` already exists: b"),
    ("unknown field", modal(), modal(submit_disabled=True), "invalid additional property: submit_disabled [json-pointer:/view]"),
    ("title needed", modal(), {"type": "modal", "blocks": []}, "missing required field: title [json-pointer:/view]"),
    ("home", {"type": "home", "blocks": [header(1)]}, {"type": "home", "blocks": [header(1)], "title": plain(1)}, "property: title"),
    ("email", modal([field({"type": "email_text_input"})], submit=plain(1)),
     {"type": "home", "blocks": [field({"type": "email_text_input"})]}, "unsupported type: email_text_input"),
    ("number", modal([field({"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "2"})], submit=plain(1)),
     modal([field({"type": "number_input", "is_decimal_allowed": False, "min_value": "3", "max_value": "2"})], submit=plain(1)),
     "must be at most `max_value`"),
    ("table", modal(), modal([{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}]), "unsupported type: table"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("good", "bad", "said"), [case[1:] for case in VIEW_LIMITS], ids=[c[0] for c in VIEW_LIMITS]
)
def test_both_sides_of_each_limit_of_a_view(good: Json, bad: Json, said: str) -> None:
    assert view_problems(good) == []
    assert any(said in problem for problem in view_problems(bad)), view_problems(bad)


def test_the_text_of_all_blocks_is_counted() -> None:
    blocks = [section(3000)] * 4 + [section(1000)]
    assert visible_length(blocks) == MESSAGE_TEXT_LIMIT


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        "text",
        [7],
        [[]],
        [None],
        {"type": "section"},
        [{"type": ["section"]}],
        [{"type": "actions", "elements": "x"}],
    ],
)
def test_nonsense_is_refused_without_a_crash(value: object) -> None:
    assert message_problems(value)
    assert view_problems(value)
