"""The modal in which somebody clicked or submitted, sent back with a note on top."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from bot.slack.inbound.modals import open_modal, with_first_block
from tests.slack.inbound.samples import PAYLOADS, Json
from tests.slack.inbound.test_actions import IN_APP_HOME, IN_DM, IN_MODAL
from tests.slack.inbound.test_submissions import QUESTION

FIELD = {"type": "input", "block_id": "fact-program"}
NOTE = {"type": "context", "block_id": "trouble"}


@pytest.mark.parametrize(
    ("body", "modal"),
    [
        (
            IN_MODAL,
            {"type": "modal", "private_metadata": "1001.2.", "callback_id": "question", "blocks": []},
        ),
        (
            QUESTION,
            {
                "type": "modal",
                "private_metadata": "1001.2.",
                "callback_id": "question",
                "title": QUESTION["view"]["title"],
                "blocks": [],
            },
        ),
        (IN_DM, None),
        (IN_APP_HOME, None),
        ({"view": {"type": "modal"}}, None),
        ({"view": {"type": "modal", "blocks": "none"}}, None),
        ({"view": {"type": "modal", "blocks": [FIELD, "x", None]}}, {"type": "modal", "blocks": [FIELD]}),
        ({"view": []}, None),
    ],
)
def test_of_a_modal_only_what_slack_takes_back_is_kept(body: Json, modal: Json | None) -> None:
    assert open_modal(body) == modal


@pytest.mark.parametrize("before", [[FIELD], [NOTE | {"elements": []}, FIELD]])
def test_a_note_stands_on_top_once(before: list[Json]) -> None:
    assert with_first_block({"type": "modal", "blocks": before}, NOTE) == {
        "type": "modal",
        "blocks": [NOTE, FIELD],
    }


@pytest.mark.long
@settings(max_examples=30, deadline=None)
@given(body=PAYLOADS)
def test_no_payload_makes_reading_raise(body: Json) -> None:
    assert with_first_block(open_modal(body) or {"blocks": []}, NOTE)["blocks"][0] == NOTE
