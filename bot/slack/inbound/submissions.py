"""Submitted modals.

https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
"""

from __future__ import annotations

from typing import Any

from bot.conversation.agent_move import Filled
from bot.conversation.agent_moves import AnyAgentMove
from bot.conversation.events import Answered, EditedTicket, Event, Opened, Provided, TooLong
from bot.desk.deliveries import Act, Delivery, Intent, Withhold
from bot.reading.private_keys import has_ended
from bot.slack.blocks.ids import Callback, Ref, read_callback
from bot.slack.inbound import files
from bot.slack.inbound.actions import LONGEST_TOKEN, move_submitted
from bot.slack.inbound.fields import clicker, is_declared_name, key, part, person, ref_of_view, text
from bot.slack.inbound.incoming import Foreign, Incoming, Payload, Place
from bot.slack.inbound.slack_text import digest, is_too_long, without_key
from policy.facts import Detail, Fact


def read(body: Payload, home: str) -> Incoming | Foreign:
    """Read a submitted modal. Of a form in which a private key was typed, nothing is read."""
    view = part(body, "view")
    ref, callback = ref_of_view(view), read_callback(text(view, "callback_id"))
    if ref is None or callback is None:
        return Foreign("an unknown view", ref.case if ref else None)
    typed = _typed_into(view)
    keyed = next((block for block, words in typed.items() if without_key(words) is None), None)
    intent, who = _wanted(callback, ref, view, home), clicker(body, home)
    if keyed is not None:
        intent = Withhold(ref.case, has_ended(typed[keyed]))
    if intent is None or who is None:
        return Foreign("a view without an answer or person", ref.case)
    trigger = text(body, "trigger_id")
    return Incoming(
        Delivery(key("view", trigger or text(view, "id") + text(view, "hash")), who, intent),
        trigger or None,
        Place(view=text(view, "id"), view_hash=text(view, "hash")),
        field=keyed or max(typed, key=lambda block: len(typed[block]), default=None),
    )


def _values(view: Payload) -> dict[str, dict[str, Any]]:
    """Return what each input block of a view holds."""
    blocks = part(part(view, "state"), "values")
    return {block: _only(fields) for block, fields in blocks.items()}


def _only(fields: object) -> dict[str, Any]:
    """Return what the one element of an input block holds."""
    only = next(iter(fields.values()), None) if isinstance(fields, dict) else None
    return only if isinstance(only, dict) else {}


def _typed_into(view: Payload) -> dict[str, str]:
    """Return what was typed into each field of a view."""
    return {block: typed for block, field in _values(view).items() if (typed := text(field, "value"))}


def _wanted(callback: Callback | type[AnyAgentMove], ref: Ref, view: Payload, home: str) -> Intent | None:
    """Return what a form wants: an agent's form a move, a requester's an event."""
    if isinstance(callback, Callback):
        event = _event(callback, view)
        return Act(ref.case, event, ref.revision) if event is not None else None
    values = _values(view)
    words = text(values.get("words") or values.get("note") or values.get("case") or {}, "value")
    to = person(home, home, text(part(values.get("agent", {}), "selected_option"), "value"))
    sent = files.read(values.get("files", {}))
    return move_submitted(callback, ref, Filled(words=words, to=to, files=sent))


def _event(callback: Callback, view: Payload) -> Event | None:
    values = _values(view)
    for block, field in values.items():
        if is_too_long(typed := text(field, "value")):
            return TooLong(_detail_of(block), len(typed), digest(typed))
    match callback:
        case Callback.QUESTION:
            return next((_answered(block, field) for block, field in values.items()), None)
        case Callback.DETAILS:
            given = {_detail_of(block): text(field, "value") for block, field in values.items()}
            return Provided(tuple((detail, value) for detail, value in given.items() if detail is not None))
        case Callback.TICKET:
            return EditedTicket(text(values.get("ticket", {}), "value"))
        case Callback.RESULT:
            return Opened()


def _detail_of(block: str) -> Detail | None:
    """Return the detail that a field asks for; the case knows whether there is such a one."""
    name = block.removeprefix("detail-")
    return Detail(name) if name != block and is_declared_name(name) else None


def _answered(block: str, field: Payload) -> Event | None:
    name = block.removeprefix("fact-")
    option = field.get("selected_option")
    token = text(option, "value") if isinstance(option, dict) else text(field, "selected_date")
    return Answered(Fact(name), token[:LONGEST_TOKEN]) if is_declared_name(name) else None
