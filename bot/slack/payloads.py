"""Slack's payloads to typed deliveries: the only code that looks into a payload.

What a person typed goes no further than here where it holds a private key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from bot.conversation.case import Surface
from bot.conversation.events import (
    Answered,
    AskedForPerson,
    AskedWhy,
    Claimed,
    EditedTicket,
    Event,
    Opened,
    OpenedTicket,
    PastedKey,
    Provided,
    Revisited,
    RevisitedDetails,
    Said,
    Shared,
    Skipped,
    StartedOver,
    WentBack,
)
from bot.conversation.people import Person
from bot.conversation.secrets import holds_private_key
from bot.desk.intents import Act, Ask, Delivery, Intent, Look, Start, Write
from bot.slack.ids import Action, Callback, Ref, read_action, read_ref
from policy.decision import Detail
from policy.facts import Fact

Payload: TypeAlias = Mapping[str, Any]

LONGEST_TEXT: Final = 3000


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was clicked: a view, or a message in a channel."""

    view: str | None = None
    view_hash: str | None = None
    channel: str | None = None
    ts: str | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """A delivery, and what is needed to answer it at once."""

    delivery: Delivery
    trigger: str | None = None
    place: Place = Place()
    response_url: str | None = None


@dataclass(frozen=True, slots=True)
class Foreign:
    """A payload that is none of ours, or broken; `case` is the number it speaks of, where it does."""

    what: str
    case: int | None = None


def command(body: Payload) -> Incoming | Foreign:
    """Read a slash command."""
    person = Person(_text(body, "team_id"), _text(body, "team_id"), _text(body, "user_id"))
    trigger = _text(body, "trigger_id")
    if not person.user or not trigger:
        return Foreign("a command without a person")
    channel, url = _text(body, "channel_id"), _text(body, "response_url")
    said = _text(body, "text").strip().casefold()
    intent: Intent
    match said:
        case "" | "start" | "new":
            intent = _opening(channel, url, afresh=said == "new")
        case "help" | "cases" | "pin":
            intent = Look(Ask(said))
        case _:
            intent = Look(Ask.HELP, unclear=said[:80])
    return Incoming(Delivery(f"command:{trigger}", person, intent), trigger, Place(channel=channel), url)


def direct_message(body: Payload) -> Incoming | Foreign:
    """Read a message event; only what a person writes to the bot directly is one of ours."""
    event = _part(body, "event")
    theirs = event.get("bot_id") or event.get("app_id") or event.get("subtype") not in {None, "file_share"}
    if event.get("channel_type") != "im" or theirs or not event.get("user"):
        return Foreign("a message that is not for the bot")
    installation = _text(body, "team_id")
    team = _text(event, "user_team") or _text(event, "team") or installation
    person = Person(installation, team, _text(event, "user"))
    text = _safe(_text(event, "text"))
    intent = Write(None if text is None else unescape(text)[: LONGEST_TEXT + 1])
    key = f"event:{_text(body, 'event_id')}"
    return Incoming(Delivery(key, person, intent), place=Place(channel=_text(event, "channel")))


def block_action(body: Payload) -> Incoming | Foreign:
    """Read a click on a button, a choice in a menu, or a picked date."""
    clicked = next(iter(body.get("actions") or ()), None)
    action = read_action(_text(clicked, "action_id")) if isinstance(clicked, dict) else None
    if clicked is None or action is None:
        return Foreign("an unknown action", _case_of(clicked))
    ref = _ref(clicked)
    place, trigger = _place(body), _text(body, "trigger_id")
    key = f"action:{trigger}:{clicked['action_id']}:{place.view or place.ts or ''}"
    person, url = _person(body), _text(body, "response_url") or None
    intent = (
        _start(action, place, url) if ref is None or action in _WITHOUT_CASE else _act(action, ref, person)
    )
    if intent is None:
        return Foreign("an action without its case", ref.case if ref else None)
    return Incoming(Delivery(key[:255], person, intent), trigger or None, place, url)


def submission(body: Payload) -> Incoming | Foreign:
    """Read a submitted view."""
    view = _part(body, "view")
    ref = read_ref(_text(view, "private_metadata"))
    callback = _text(view, "callback_id")
    if ref is None or callback not in set(Callback):
        return Foreign("an unknown view", ref.case if ref else None)
    event = _submitted(Callback(callback), view)
    if event is None:
        return Foreign("a view without an answer", ref.case)
    person, trigger = _person(body), _text(body, "trigger_id")
    key = f"view:{trigger or _text(view, 'id') + _text(view, 'hash')}"
    delivery = Delivery(key[:255], person, Act(ref.case, event, ref.revision))
    return Incoming(delivery, trigger or None, Place(view=_text(view, "id"), view_hash=_text(view, "hash")))


def unescape(text: str) -> str:
    """Return what was typed of what Slack sends: entities undone, links and addresses as written.

    Slack sends `<http://a.example|a.example>` where somebody typed a.example.
    """
    text = re.sub(r"<(?:https?://|mailto:)[^|<>]*\|([^<>]*)>", r"\1", text)
    text = re.sub(r"<((?:https?://|mailto:)[^|<>]*)>", r"\1", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


# --- the pieces ------------------------------------------------------------------------------------------

_WITHOUT_CASE: Final = frozenset({Action.START, Action.ANOTHER})
_PLAIN: Final[dict[Action, Event]] = {
    Action.OPEN: Opened(),
    Action.SKIP: Skipped(),
    Action.BACK: WentBack(),
    Action.WHY: AskedWhy(),
    Action.START_OVER: StartedOver(),
    Action.DETAILS: RevisitedDetails(),
    Action.EDIT: OpenedTicket(),
    Action.HAND_OFF: AskedForPerson(),
    Action.SHARE: Shared(),
}
# What is right at any revision: looking at a case again, and claiming it.
_ANY_REVISION: Final = frozenset({Action.OPEN, Action.CLAIM, Action.HAND_OFF})


def _start(action: Action, place: Place, url: str | None) -> Intent | None:
    match action:
        case Action.START:
            return _opening(place.channel or "", url or "")
        case Action.ANOTHER:
            return _opening(place.channel or "", url or "", alike=True)
        case _:
            return None


def _opening(channel: str, url: str, *, alike: bool = False, afresh: bool = False) -> Start:
    """Return the start of a case in a modal; a direct message is no channel to share the result in."""
    if not channel or channel.startswith("D"):
        return Start(Surface.MODAL, alike=alike, afresh=afresh)
    return Start(Surface.MODAL, channel, url or None, alike=alike, afresh=afresh)


def _act(action: Action, ref: Ref, person: Person) -> Intent | None:
    event = _event(action, ref, person)
    if event is None:
        return None
    return Act(ref.case, event, None if action in _ANY_REVISION else ref.revision)


def _event(action: Action, ref: Ref, person: Person) -> Event | None:
    match action:
        case Action.CHOOSE:
            fact, _, token = ref.argument.partition("=")
            return Answered(Fact(fact), token) if fact in set(Fact) else None
        case Action.PICK_DATE:
            return Answered(Fact.FULFILLED_ON, ref.argument)
        case Action.GUESS | Action.USE_DETAIL:
            return Said(ref.argument)
        case Action.CHANGE if ref.argument == Action.DETAILS:
            return RevisitedDetails()
        case Action.CHANGE:
            return Revisited(Fact(ref.argument)) if ref.argument in set(Fact) else None
        case Action.CLAIM:
            return Claimed(person)
        case _:
            return _PLAIN.get(action)


def _submitted(callback: Callback, view: Payload) -> Event | None:
    values: dict[str, Payload] = {
        str(block): next(iter(fields.values()), {})
        for block, fields in _part(_part(view, "state"), "values").items()
        if isinstance(fields, dict)
    }
    if any(_safe(_text(field, "value")) is None for field in values.values()):
        return PastedKey()
    match callback:
        case Callback.QUESTION:
            return next((_answered(block, field) for block, field in values.items()), None)
        case Callback.DETAILS:
            given = {block.removeprefix("detail-"): _text(field, "value") for block, field in values.items()}
            return Provided(tuple((d, given[d][:LONGEST_TEXT]) for d in Detail if d in given))
        case Callback.TICKET:
            return EditedTicket(_text(values.get("ticket", {}), "value")[: LONGEST_TEXT + 1])
        case Callback.RESULT:
            return Opened()


def _answered(block: str, field: Payload) -> Event | None:
    name = block.removeprefix("fact-")
    option = field.get("selected_option")
    token = _text(option, "value") if isinstance(option, dict) else _text(field, "selected_date")
    return Answered(Fact(name), token[:80]) if name in set(Fact) else None


def _ref(clicked: Payload) -> Ref | None:
    """Return what a click is about: from the button's value, the menu's option, or the date picker's id."""
    if picked := _text(clicked, "selected_date"):
        _, _, about = _text(clicked, "action_id").partition(":")
        return read_ref(f"{about}.{picked}")
    option = clicked.get("selected_option")
    return read_ref(_text(option if isinstance(option, dict) else clicked, "value"))


def _case_of(clicked: object) -> int | None:
    ref = _ref(clicked) if isinstance(clicked, dict) else None
    return ref.case if ref else None


def _place(body: Payload) -> Place:
    container, view = _part(body, "container"), _part(body, "view")
    channel = _text(container, "channel_id") or _text(_part(body, "channel"), "id")
    return Place(
        view=_text(view, "id") or None,
        view_hash=_text(view, "hash") or None,
        channel=channel or None,
        ts=_text(container, "message_ts") or None,
    )


def _person(body: Payload) -> Person:
    user = _part(body, "user")
    installation = _text(_part(body, "team"), "id") or _text(user, "team_id")
    return Person(installation, _text(user, "team_id") or installation, _text(user, "id"))


def _safe(text: str) -> str | None:
    """Return a typed text, or None where it holds a private key."""
    return None if holds_private_key(text) else text


def _part(body: object, name: str) -> dict[str, Any]:
    part = body.get(name) if isinstance(body, Mapping) else None
    return part if isinstance(part, dict) else {}


def _text(body: object, name: str) -> str:
    part = body.get(name) if isinstance(body, Mapping) else None
    return part if isinstance(part, str) else ""
