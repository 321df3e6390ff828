"""What people do, step by step, as payloads: interviews in the modal and in the DM, and a look at App Home.

A script is a generator: it yields an act and is sent what was seen of it, the acknowledgment and the call
that the bot made of Slack. So it goes on from what the bot really showed.
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from tests.bench.load.fake import BOT, TEAM, dm_of

Json = dict[str, Any]

HELP_CHANNEL = "C0HELP"
FACTS = {"program": "opensrs", "requester": "reseller", "issued": "true", "provider": "sectigo"}
DETAILS = {
    "reseller_username": "acme-certs",
    "supplier_order_id": "123456789",
    "common_name": "www.example.com",
}
NEXT = itertools.count(1).__next__


class Kind(StrEnum):
    """What a person does."""

    COMMAND = "slash command"
    SUBMISSION = "submitted step"
    CLICK = "click in the modal"
    MESSAGE = "message"
    CHOICE = "click in the DM"
    HOME = "App Home"


@dataclass(frozen=True, slots=True)
class Act:
    """A delivery: its body, its receipt's key, and which call shows the answer (None: the acknowledgment)."""

    kind: Kind
    body: bytes
    key: str
    answer: str | None

    @property
    def is_event(self) -> bool:
        """Tell whether it is sent as JSON; the others are forms."""
        return self.kind in {Kind.MESSAGE, Kind.HOME}


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of an act: what the acknowledgment held, and the call that showed the answer."""

    ack: Json
    given: Json = field(default_factory=dict)
    answer: Json = field(default_factory=dict)


Script = Generator[Act, Seen, None]


@dataclass
class Person:
    """Somebody with a script that never ends."""

    user: str
    script: Script

    @classmethod
    def made(cls, number: int, scripts: Iterator[Callable[[str], Script]]) -> Person:
        user = f"U{number:07d}"
        return cls(user, _one_after_the_other(user, scripts))


def _one_after_the_other(user: str, scripts: Iterator[Callable[[str], Script]]) -> Script:
    for script in scripts:
        yield from script(user)


def everything(number: int) -> Iterator[Callable[[str], Script]]:
    """Return the whole mix; where people begin differs, and one in a hundred hands over."""
    third = hand_over if number % 100 == 1 else home
    order = [(modal, third, conversation), (conversation, modal, third), (home, conversation, modal)]
    return itertools.cycle(order[number % 3])


def steps(_: int) -> Iterator[Callable[[str], Script]]:
    """Return what is answered by the acknowledgment alone, but for the command that begins it."""
    return itertools.repeat(questions)


def questions(user: str) -> Script:
    """Begin a case anew and answer the first four questions."""
    seen = yield command(user, "new")
    view = seen.given["view"] | seen.answer["view"]
    for fact, token in FACTS.items():
        seen = yield submission(user, view, {f"fact-{fact}": chosen(token)})
        view = _next(view, seen)


def modal(user: str) -> Script:
    """Go through an interview in the modal, once back and once asking why."""
    seen = yield command(user, "new")
    view = seen.given["view"] | seen.answer["view"]
    for fact, token in FACTS.items():
        seen = yield submission(user, view, {f"fact-{fact}": chosen(token)})
        view = _next(view, seen)
        if fact == "requester":
            for action in ("back", "why"):
                seen = yield click(user, view, action)
                view = seen.given["view"] | {"id": view["id"]} | seen.answer["view"]
            seen = yield submission(user, view, {"fact-requester": chosen(token)})
            view = _next(view, seen)
    seen = yield submission(user, view, {"fact-fulfilled_on": {"selected_date": recently()}})
    view = _next(view, seen)
    yield submission(user, view, {f"detail-{name}": {"value": value} for name, value in DETAILS.items()})


def conversation(user: str) -> Script:
    """Go through an interview in the DM, by typing and by a click, to the answer."""
    yield message(user, "new")
    seen = yield message(user, "opensrs")
    try:
        yield choice(user, seen, "choose:reseller")
    except LookupError:  # a welcome, which has no buttons: the question came later
        yield message(user, "reseller")
    for words in ("yes", "positivessl", recently(), *DETAILS.values()):
        yield message(user, words)


def home(user: str) -> Script:
    """Look at App Home."""
    event = {"type": "app_home_opened", "user": user, "channel": dm_of(user), "tab": "home"}
    yield Act(Kind.HOME, *_event(event), f"views.publish:{user}")


def hand_over(user: str) -> Script:
    """Ask in the DM for a person to take the case."""
    yield message(user, "agent")


# --- payloads


def command(user: str, text: str) -> Act:
    """Type the slash command."""
    trigger = _trigger()
    form = {
        "team_id": TEAM,
        "team_domain": "bench",
        "channel_id": HELP_CHANNEL,
        "channel_name": "ssl-support",
        "user_id": user,
        "user_name": user.lower(),
        "command": "/certdesk",
        "text": text,
        "api_app_id": "A0BENCH",
        "is_enterprise_install": "false",
        "response_url": f"https://127.0.0.1:9/commands/{trigger}",
        "trigger_id": trigger,
    }
    return Act(Kind.COMMAND, urlencode(form).encode(), f"command:{trigger}", f"views.open:{trigger}")


def submission(user: str, view: Json, values: dict[str, Json]) -> Act:
    """Submit a modal with what its fields hold."""
    state = {"values": {block: {"input": field} for block, field in values.items()}}
    body, key = _interaction("view_submission", user, {"view": view | {"state": state}})
    return Act(Kind.SUBMISSION, body, f"view:{key}", None)


def click(user: str, view: Json, action: str) -> Act:
    """Press a button of a modal."""
    button = _button(view["blocks"], action)
    part = {
        "view": view,
        "container": {"type": "view", "view_id": view["id"]},
        "actions": [button | {"action_ts": _ts()}],
    }
    body, key = _interaction("block_actions", user, part)
    return Act(Kind.CLICK, body, f"action:{key}:{action}:{view['id']}", f"views.update:{view['id']}")


def choice(user: str, seen: Seen, action: str) -> Act:
    """Press a button of a message in the DM."""
    channel, ts = dm_of(user), seen.answer["ts"]
    part = {
        "container": {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": False},
        "channel": {"id": channel, "name": "directmessage"},
        "message": {"type": "message", "user": BOT, "ts": ts, "blocks": seen.given["blocks"]},
        "actions": [_button(seen.given["blocks"], action) | {"action_ts": _ts()}],
    }
    body, key = _interaction("block_actions", user, part)
    return Act(Kind.CHOICE, body, f"action:{key}:{action}:{ts}", f"chat.postMessage:{channel}")


def message(user: str, text: str) -> Act:
    """Write to the bot."""
    channel, ts = dm_of(user), _ts()
    event = {"type": "message", "channel": channel, "channel_type": "im", "user": user, "team": TEAM}
    body, _ = _event(event | {"text": text, "ts": ts, "event_ts": ts})
    return Act(Kind.MESSAGE, body, f"message:{channel}:{ts}", f"chat.postMessage:{channel}")


def _event(event: Json) -> tuple[bytes, str]:
    number = f"Ev{NEXT():08d}"
    envelope = {
        "team_id": TEAM,
        "api_app_id": "A0BENCH",
        "type": "event_callback",
        "event_id": number,
        "event_time": int(time.time()),
        "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True, "is_enterprise_install": False}],
        "event": {"event_ts": _ts()} | event,
    }
    return json.dumps(envelope).encode(), f"event:{number}"


def _interaction(kind: str, user: str, part: Json) -> tuple[bytes, str]:
    trigger = _trigger()
    payload = {
        "type": kind,
        "team": {"id": TEAM, "domain": "bench"},
        "user": {"id": user, "username": user.lower(), "name": user.lower(), "team_id": TEAM},
        "api_app_id": "A0BENCH",
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": trigger,
        **part,
    }
    return urlencode({"payload": json.dumps(payload)}).encode(), trigger


def chosen(token: str) -> Json:
    """Return what a field holds in which an option was chosen."""
    return {"type": "radio_buttons", "selected_option": {"value": token}}


def recently() -> str:
    """Return a day within the refund window."""
    return (datetime.now(UTC) - timedelta(days=12)).date().isoformat()


def _next(view: Json, seen: Seen) -> Json:
    return seen.ack["view"] | {"id": view["id"], "hash": f"h{NEXT()}"}


def _button(blocks: list[Json], action: str) -> Json:
    elements = itertools.chain.from_iterable(block.get("elements", ()) for block in blocks)
    for one in elements:
        if one.get("action_id") == action:
            return one
    raise LookupError(action)


def _trigger() -> str:
    return f"{NEXT()}.{time.time_ns()}"


def _ts() -> str:
    return f"{int(time.time())}.{NEXT() % 1_000_000:06d}"
