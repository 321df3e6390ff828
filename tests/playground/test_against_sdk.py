"""What Slack's own models and `blockkit` build, the stand-in takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import blockkit
import pytest
from slack_sdk.models import blocks as sdk
from slack_sdk.models.views import View

from bot.playground.standin.blockkit import message_problems, view_problems

if TYPE_CHECKING:
    from collections.abc import Callable

OPTIONS = [sdk.Option(value=str(n), text=f"Option {n}") for n in range(3)]
ELEMENTS: list[Callable[[], Any]] = [
    lambda: sdk.ButtonElement(text="Go", action_id="a", value="v", style="danger"),
    lambda: sdk.StaticSelectElement(
        placeholder="Pick", action_id="a", options=OPTIONS, initial_option=OPTIONS[1]
    ),
    lambda: sdk.StaticMultiSelectElement(placeholder="Pick", action_id="a", options=OPTIONS),
    lambda: sdk.RadioButtonsElement(action_id="a", options=OPTIONS, initial_option=OPTIONS[0]),
    lambda: sdk.CheckboxesElement(action_id="a", options=OPTIONS),
    lambda: sdk.OverflowMenuElement(action_id="a", options=OPTIONS),
    lambda: sdk.DatePickerElement(action_id="a", placeholder="Day", initial_date="2026-11-23"),
    lambda: sdk.TimePickerElement(action_id="a", initial_time="23:59"),
    lambda: sdk.UserSelectElement(placeholder="Who", action_id="a"),
    lambda: sdk.ConversationSelectElement(placeholder="Where", action_id="a"),
    lambda: sdk.ChannelSelectElement(placeholder="Where", action_id="a"),
]
INPUTS: list[Callable[[], Any]] = [
    lambda: sdk.PlainTextInputElement(action_id="a", multiline=True, initial_value="x", max_length=10),
    lambda: sdk.EmailInputElement(action_id="a", initial_value="a@example.com"),
    lambda: sdk.UrlInputElement(action_id="a", initial_value="https://example.com"),
    lambda: sdk.NumberInputElement(action_id="a", is_decimal_allowed=True, min_value="1"),
]


@pytest.mark.parametrize("make", ELEMENTS)
def test_elements_of_the_sdk(make: Callable[[], Any]) -> None:
    block = sdk.SectionBlock(text="x", accessory=make()).to_dict()
    assert message_problems([block]) == []


@pytest.mark.parametrize("make", INPUTS)
def test_inputs_of_the_sdk(make: Callable[[], Any]) -> None:
    block = sdk.InputBlock(label="Which", element=make(), hint="Hm")
    view = View(type="modal", title="T", submit="Go", close="No", blocks=[block], private_metadata="x")
    assert view_problems(view.to_dict()) == []


def test_rich_text_of_the_sdk() -> None:
    pieces = sdk.RichTextElementParts
    line = sdk.RichTextSectionElement(
        elements=[
            pieces.Text(text="x", style=pieces.TextStyle(bold=True, strike=True)),
            pieces.Link(url="https://example.com", text="y"),
            pieces.User(user_id="U1"),
            pieces.Emoji(name="wave"),
            pieces.Date(timestamp=1, format="{date}", fallback="day"),
        ],
    )
    code = sdk.RichTextPreformattedElement(elements=[pieces.Text(text="x")], border=0)
    items = sdk.RichTextListElement(elements=[line], style="ordered", indent=1, offset=2, border=1)
    block = sdk.RichTextBlock(
        elements=[line, items, sdk.RichTextQuoteElement(elements=[pieces.Text(text="q")]), code]
    )
    assert message_problems([block.to_dict()]) == []


def test_views_of_blockkit() -> None:
    view = (
        blockkit.Modal()
        .title("Hello")
        .submit("Go")
        .add_block(blockkit.Section("text").accessory(blockkit.Button("Press").action_id("b")))
        .add_block(blockkit.Divider())
        .add_block(blockkit.Input("Which").element(blockkit.PlainTextInput().action_id("t")))
        .build()
    )
    assert view_problems(view) == []
