"""Slack's payloads to typed deliveries: the only code that looks into a payload.

What a person typed goes no further than here where it holds a private key. No payload makes these
functions raise: what cannot be read is `Foreign`. `home` is the team that installed certdesk; payloads name
it in one place for a message, in another for a click, and not at all for a click in a shared channel.
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
    CreditCame,
    EditedTicket,
    Event,
    Opened,
    OpenedTicket,
    PastedKey,
    Provided,
    Returned,
    Revisited,
    RevisitedDetails,
    Said,
    SentIt,
    Shared,
    Skipped,
    StartedOver,
    Stopped,
    WentBack,
)
from bot.conversation.people import Person
from bot.conversation.promise import Reminder
from bot.conversation.secrets import holds_private_key
from bot.desk.intents import Act, Ask, Delivery, Intent, Look, Spot, Start, Write
from bot.desk.visits import Visit
from bot.slack import agent_acts
from bot.slack.ids import Action, Callback, Ref, read_action, read_ref, read_visit
from bot.slack.payload_parts import key as _key
from bot.slack.payload_parts import part as _part
from bot.slack.payload_parts import person as _person
from bot.slack.payload_parts import text as _text
from policy.decision import Detail
from policy.facts import Fact

Payload: TypeAlias = Mapping[str, Any]

LONGEST_TEXT: Final = 3000
LONGEST_UNCLEAR: Final = 80


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was clicked: a modal, a message in a channel, or a page of App Home."""

    view: str | None = None
    view_hash: str | None = None
    channel: str | None = None
    ts: str | None = None
    thread: str | None = None
    home: Visit | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """A delivery, and what is needed to answer it at once.

    `looked_up`: Slack was asked who is an agent.
    """

    delivery: Delivery
    trigger: str | None = None
    place: Place = Place()
    response_url: str | None = None
    looked_up: bool = False


@dataclass(frozen=True, slots=True)
class Foreign:
    """A payload that is none of ours, or broken; `case` is the number it speaks of, where it does."""

    what: str
    case: int | None = None


def command(body: Payload, home: str) -> Incoming | Foreign:
    """Read a slash command."""
    person = _person(home, _text(body, "team_id"), _text(body, "user_id"))
    trigger = _text(body, "trigger_id")
    if person is None or not trigger:
        return Foreign("a command without a person")
    channel, url = _text(body, "channel_id"), _text(body, "response_url")
    intent = _commanded(_text(body, "text"), channel, url)
    return Incoming(Delivery(_key("command", trigger), person, intent), trigger, Place(channel=channel), url)


def direct_message(body: Payload, home: str) -> Incoming | Foreign:
    """Read a message event; only what a person writes to the bot directly is one of ours."""
    event = _part(body, "event")
    theirs = event.get("bot_id") or event.get("app_id") or event.get("subtype") not in (None, "file_share")
    person = _person(home, _text(event, "user_team") or _text(event, "team"), _text(event, "user"))
    if event.get("channel_type") != "im" or theirs or person is None:
        return Foreign("a message that is not for the bot")
    channel, ts, event_id = _text(event, "channel"), _text(event, "ts"), _text(body, "event_id")
    if not event_id and not ts:
        return Foreign("a message that nothing tells from another")
    text = _safe(_text(event, "text"))
    intent = Write(None if text is None else unescape(text)[: LONGEST_TEXT + 1])
    key = _key("event", event_id) if event_id else _key("message", channel, ts)
    return Incoming(Delivery(key, person, intent), place=Place(channel=channel))


def block_action(body: Payload, home: str) -> Incoming | Foreign:
    """Read a click on a button, a choice in a menu, or a picked date."""
    clicked = _clicked(body)
    action, ref, person = read_action(_text(clicked, "action_id")), _ref(clicked), _clicker(body, home)
    case = ref.case if ref else None
    if action is None:
        return Foreign("an unknown action", case)
    place, trigger, url = _place(body), _text(body, "trigger_id"), _text(body, "response_url") or None
    intent = (
        _start(action, place, url) if ref is None or action in _WITHOUT_CASE else _act(action, ref, place)
    )
    if intent is None or person is None:
        return Foreign("an action without its case or person", case)
    where = place.view or place.ts or ""
    key = _key("action", trigger or _text(clicked, "action_ts"), _text(clicked, "action_id"), where)
    return Incoming(Delivery(key, person, intent), trigger or None, place, url)


def submission(body: Payload, home: str) -> Incoming | Foreign:
    """Read a submitted view."""
    view = _part(body, "view")
    ref = read_ref(_text(view, "private_metadata"))
    callback = _text(view, "callback_id")
    if ref is None or callback not in set(Callback):
        return Foreign("an unknown view", ref.case if ref else None)
    intent, person = _wanted(Callback(callback), ref, view, home), _clicker(body, home)
    if intent is None or person is None:
        return Foreign("a view without an answer or person", ref.case)
    trigger = _text(body, "trigger_id")
    key = _key("view", trigger or _text(view, "id") + _text(view, "hash"))
    delivery = Delivery(key, person, intent)
    return Incoming(delivery, trigger or None, Place(view=_text(view, "id"), view_hash=_text(view, "hash")))


def case_of(body: Payload) -> int | None:
    """Return the number of the case that a payload speaks of, as far as it can be told; for the log."""
    ref = _ref(_clicked(body)) or read_ref(_text(_part(body, "view"), "private_metadata"))
    return ref.case if ref else None


def unescape(text: str) -> str:
    """Return what was typed of what Slack sends: entities undone, links and addresses as written.

    Slack sends `<http://a.example|a.example>` where somebody typed a.example.
    """
    text = re.sub(r"<(?:https?://|mailto:)[^|<>]*\|([^<>]*)>", r"\1", text)
    text = re.sub(r"<((?:https?://|mailto:)[^|<>]*)>", r"\1", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


# --- the pieces ------------------------------------------------------------------------------------------

_WITHOUT_CASE: Final = frozenset({Action.START, Action.ANOTHER, Action.NEW})
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
    Action.RETURN: Returned(),
    Action.SENT_IT: SentIt(),
    Action.CREDIT_CAME: CreditCame(came=True),
    Action.CREDIT_MISSING: CreditCame(came=False),
}
# What is right at any revision: looking at a case again, handing it over, what stands in a message for days.
_ANY_REVISION: Final = frozenset(
    {Action.OPEN, Action.HAND_OFF, Action.RETURN, Action.SENT_IT, Action.STOP, Action.DETAILS}
    | {Action.CREDIT_CAME, Action.CREDIT_MISSING}
)


def _commanded(text: str, channel: str, url: str) -> Intent:
    """Return what the words after a slash command want."""
    safe = _safe(text)
    said = unescape(safe or "").strip()
    match said.casefold():
        case _ if safe is None:
            return Look(Ask.KEY)
        case "" | "start" | "new" as word:
            return _opening(channel, url, afresh=word == "new")
        case "help" | "cases" | "pin" as word:
            return Look(Ask(word))
        case _:
            return Look(Ask.HELP, unclear=said[:LONGEST_UNCLEAR])


def _start(action: Action, place: Place, url: str | None) -> Intent | None:
    match action:
        case Action.START:
            return _opening(place.channel or "", url or "")
        case Action.ANOTHER:
            return _opening(place.channel or "", url or "", alike=True)
        case Action.NEW:
            return _opening(place.channel or "", url or "", afresh=True)
        case _:
            return None


def _opening(channel: str, url: str, *, alike: bool = False, afresh: bool = False) -> Start:
    """Return the start of a case in a modal; a direct message is no channel to share the result in."""
    if not channel or channel.startswith("D"):
        return Start(Surface.MODAL, alike=alike, afresh=afresh)
    return Start(Surface.MODAL, channel, url or None, alike=alike, afresh=afresh)


def _act(action: Action, ref: Ref, place: Place) -> Intent | None:
    if action is Action.HOME:
        return read_visit(ref.argument)
    if action in agent_acts.OF_AGENTS:
        spot = Spot(place.channel or "", place.ts or "", place.thread) if place.home is None else None
        return agent_acts.clicked(action, ref, spot)
    event = _event(action, ref)
    if event is None:
        return None
    return Act(ref.case, event, None if action in _ANY_REVISION else ref.revision)


def _event(action: Action, ref: Ref) -> Event | None:
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
        case Action.STOP:
            return Stopped(Reminder(ref.argument)) if ref.argument in set(Reminder) else None
        case Action.CHANGE:
            return Revisited(Fact(ref.argument)) if ref.argument in set(Fact) else None
        case _:
            return _PLAIN.get(action)


def _values(view: Payload) -> dict[str, dict[str, Any]]:
    """Return what each block of a view holds."""
    blocks = _part(_part(view, "state"), "values")
    return {block: _only(fields) for block, fields in blocks.items()}


def _wanted(callback: Callback, ref: Ref, view: Payload, home: str) -> Intent | None:
    """Return what a submitted view wants: of an agent's form a deed, of a requester's an event."""
    if callback not in agent_acts.AGENT_FORMS:
        event = _submitted(callback, view)
        return Act(ref.case, event, ref.revision) if event is not None else None
    values = _values(view)
    words = _text(values.get("note" if callback is Callback.REASSIGN else "words", {}), "value")
    if _safe(words) is None:
        return Look(Ask.KEY)
    to = _person(home, home, _text(values.get("agent", {}), "selected_user"))
    return agent_acts.submitted(callback, ref, words, to)


def _submitted(callback: Callback, view: Payload) -> Event | None:
    values = _values(view)
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
        case _:
            return None


def _only(fields: object) -> dict[str, Any]:
    """Return what the one element of an input block holds."""
    only = next(iter(fields.values()), None) if isinstance(fields, dict) else None
    return only if isinstance(only, dict) else {}


def _answered(block: str, field: Payload) -> Event | None:
    name = block.removeprefix("fact-")
    option = field.get("selected_option")
    token = _text(option, "value") if isinstance(option, dict) else _text(field, "selected_date")
    return Answered(Fact(name), token[:80]) if name in set(Fact) else None


def _clicked(body: Payload) -> Payload:
    """Return the first action of a payload; Slack sends one."""
    found = body.get("actions")
    first = found[0] if isinstance(found, list) and found else None
    return first if isinstance(first, dict) else {}


def _ref(clicked: Payload) -> Ref | None:
    """Return what a click is about: from the button's value, the menu's option, or the date picker's id."""
    if picked := _text(clicked, "selected_date"):
        _, _, about = _text(clicked, "action_id").partition(":")
        return read_ref(f"{about}.{picked}")
    option = clicked.get("selected_option")
    return read_ref(_text(option if isinstance(option, dict) else clicked, "value"))


def _place(body: Payload) -> Place:
    container, view = _part(body, "container"), _part(body, "view")
    channel = _text(container, "channel_id") or _text(_part(body, "channel"), "id")
    if _text(view, "type") == "home":
        return Place(home=read_visit(_text(view, "private_metadata")) or Visit())
    return Place(
        view=_text(view, "id") or None,
        view_hash=_text(view, "hash") or None,
        channel=channel or None,
        ts=_text(container, "message_ts") or None,
        thread=_text(container, "thread_ts") or None,
    )


def _clicker(body: Payload, home: str) -> Person | None:
    user = _part(body, "user")
    return _person(home, _text(user, "team_id") or _text(_part(body, "team"), "id"), _text(user, "id"))


def _safe(text: str) -> str | None:
    """Return a typed text, or None where it holds a private key."""
    return None if holds_private_key(text) else text
