"""Which listener takes a payload, however odd it is."""

from __future__ import annotations

from typing import Any, Final

import pytest

from bot.slack.app.listeners import ANY, COMMAND, Dispatch

KINDS: Final = (COMMAND, "block_actions", "view_submission", "app_rate_limited")
EVENTS: Final = ("message", ANY)


async def nobody(*_: Any) -> None:  # noqa: ANN401  never called
    raise AssertionError


LISTENERS: Final = {kind: (lambda *_: nobody()) for kind in KINDS + EVENTS}
DISPATCH: Final = Dispatch(
    {kind: LISTENERS[kind] for kind in KINDS}, {kind: LISTENERS[kind] for kind in EVENTS}, lambda _: None
)


@pytest.mark.parametrize(
    ("body", "taken_by"),
    [
        ({"type": "block_actions", "actions": []}, "block_actions"),
        ({"type": "view_submission"}, "view_submission"),
        ({"type": "view_closed"}, None),
        ({"command": "/certdesk", "text": ""}, COMMAND),
        ({"command": "certdesk"}, None),
        ({"command": ["/certdesk"]}, None),
        ({"type": "event_callback", "event": {"type": "message"}}, "message"),
        ({"type": "event_callback", "event": {"type": "message", "subtype": "me_message"}}, "message"),
        ({"type": "event_callback", "event": {"type": "emoji_changed"}}, ANY),
        ({"type": "event_callback", "event": {"type": ["message"]}}, None),
        ({"type": "event_callback", "event": "message"}, None),
        ({"type": "event_callback"}, None),
        ({"type": ["block_actions"]}, None),
        ({"type": "app_rate_limited", "minute_rate_limited": 1518467820}, "app_rate_limited"),
        ({"type": "event_callback", "minute_rate_limited": 1518467820}, None),
        ({"type": ["app_rate_limited"]}, None),
        ({"type": "message"}, None),
        ({"type": ANY}, None),
        ({}, None),
    ],
)
def test_a_payload_has_one_listener_or_none(body: dict[str, Any], taken_by: str | None) -> None:
    found = DISPATCH.listener_of(body)
    assert found is (LISTENERS[taken_by] if taken_by else None)
