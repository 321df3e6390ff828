"""List what the app posted, and find what it posted twice."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .model import Call
    from .schema import Json


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that `chat.postMessage` posted; `hidden` if the app did not learn that it was."""

    channel: str
    ts: str
    thread_ts: str | None
    text: str
    metadata: Json | None
    hidden: bool
    at: float


def posted(calls: Iterable[Call]) -> list[Posted]:
    """Return every message that was posted, in order, including deleted ones."""
    return [_of(call) for call in calls if call.method == "chat.postMessage" and call.error is None]


def _of(call: Call) -> Posted:
    message = call.response["message"]
    return Posted(
        channel=call.response["channel"],
        ts=call.response["ts"],
        thread_ts=message.get("thread_ts"),
        text=message["text"],
        metadata=message.get("metadata"),
        hidden=not call.heard,
        at=call.at,
    )


def posted_twice(posts: Iterable[Posted], field: str | None) -> dict[str, Sequence[Posted]]:
    """Return the messages that were posted again although the app knew of an earlier one.

    Args:
        posts: all messages, in the order in which they were posted.
        field: the key of the metadata's payload by which messages are the same; None for all of it.
    """
    groups: dict[str, list[Posted]] = {}
    for post in posts:
        if key := _key(post, field):
            groups.setdefault(key, []).append(post)
    return {key: group for key, group in groups.items() if not all(post.hidden for post in group[:-1])}


def _key(post: Posted, field: str | None) -> str | None:
    if post.metadata is None:
        return None
    if field is None:
        return json.dumps(post.metadata, sort_keys=True)
    value = post.metadata["event_payload"].get(field)
    return None if value is None else str(value)
