"""The addresses at which a payload wants to be answered: those that are not Slack's are taken out.

https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from bot.slack.inbound.fields import remove_response_urls
from tests.slack.inbound.samples import PAYLOADS, Json

OURS = "https://hooks.slack.com/commands/T1/2/x"
EVIL = "https://evil.example/x"


@pytest.mark.parametrize(
    ("body", "left", "removed"),
    [
        ({"text": "x"}, {"text": "x"}, []),
        ({"response_url": OURS}, {"response_url": OURS}, []),
        ({"response_url": ""}, {"response_url": ""}, []),
        ({"response_url": EVIL, "text": "x"}, {"text": "x"}, [EVIL]),
        ({"response_url": [OURS]}, {}, [[OURS]]),
        (
            {"response_urls": [{"block_id": "a", "response_url": EVIL}, {"response_url": OURS}, EVIL, None]},
            {"response_urls": [{"block_id": "a"}, {"response_url": OURS}, EVIL, None]},
            [EVIL],
        ),
        ({"response_urls": {"response_url": EVIL}}, {"response_urls": {"response_url": EVIL}}, []),
    ],
)
def test_which_addresses_are_left(body: Json, left: Json, removed: list[Any]) -> None:
    body = {**body}
    assert remove_response_urls(body, lambda url: url == OURS) == removed
    assert body == left


@settings(max_examples=30, deadline=None)
@given(body=PAYLOADS)
def test_no_payload_makes_reading_raise(body: Json) -> None:
    remove_response_urls(body, lambda _: False)
    assert not body.get("response_url")
