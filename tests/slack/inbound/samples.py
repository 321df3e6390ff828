"""What the tests of payloads share: changing a sample, and payloads of any shape."""

from __future__ import annotations

import copy
from typing import Any, Final

from hypothesis import strategies as st

from bot.conversation.people import Person
from bot.slack.blocks.ids import Action, Callback
from bot.slack.inbound.incoming import Foreign, Incoming

HOME: Final = "T0HOME"  # the team that installed certdesk
ROSA: Final = Person(HOME, HOME, "U0ROSA")
ABSENT: Final = object()

Json = dict[str, Any]


def changed(sample: Json, changes: dict[str, object]) -> Json:
    """Return a payload with other values, each at the path of its names; `ABSENT` takes a name out."""
    payload = copy.deepcopy(sample)
    for path, value in changes.items():
        *above, name = path.split(".")
        part: Any = payload
        for each in above:
            part = part[int(each)] if isinstance(part, list) else part[each]
        if value is ABSENT:
            del part[name]
        else:
            part[name] = value
    return payload


def intent_of(read: Incoming | Foreign) -> object:
    """Return what a payload wants; what is not ours as it is."""
    return read.delivery.intent if isinstance(read, Incoming) else read


def is_fit_to_keep(read: Incoming | Foreign) -> bool:
    """Hold what was read to what every database takes, and to the one installation."""
    if isinstance(read, Incoming):
        assert 0 < len(read.delivery.key) <= 255
        assert read.delivery.person.installation == HOME
        assert read.delivery.person.user
        for text in (read.delivery.key, str(read.delivery.person), repr(read.delivery.intent)):
            text.encode()
            assert "\0" not in text
    return True


_NAMES: Final = """
type team_id user_id trigger_id channel_id response_url text event user team user_team channel
channel_type bot_id subtype ts event_id actions action_id value selected_option selected_date
block_id action_ts container message_ts view id hash private_metadata callback_id state values fact-
program fact-fulfilled_on ticket detail-common_name tab item reaction tokens bot message thread_ts
"""
NAMES: Final = st.sampled_from(_NAMES.split())
LEAVES: Final = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.text(st.characters(), max_size=3)
    | st.sampled_from(
        ["U1", "T1", "D1", "C1", "im", "1001.1.", "1001.1.program=opensrs", "1.1.trustico", "2026-11-10"]
    )
    | st.sampled_from(["home", "queue.1", "own.0", "week.9999999", "message", "check_order"])
    | st.sampled_from([*Action, *Callback, "choose:x", "pick_date:1001.1", "pick_date:", "\ud800", "\0"])
)
ANYTHING: Final = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=25,
)
PAYLOADS: Final = st.dictionaries(NAMES, ANYTHING, max_size=12)
