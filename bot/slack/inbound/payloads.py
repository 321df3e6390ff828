"""Slack's payloads to typed deliveries: the only code that looks into a payload.

What a person typed goes no further than here where it holds a private key. No payload makes these
functions raise: what cannot be read is `Foreign`. `home` is the team that installed certdesk; payloads name
it in one place for a message, in another for a click, and not at all for a click in a shared channel.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from bot.conversation.case import Surface
from bot.conversation.clean_text import LONGEST_TYPED
from bot.conversation.events import (
    Answered,
    AskedForPerson,
    AskedWhy,
    CreditCame,
    EditedTicket,
    Event,
    Opened,
    OpenedTicket,
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
    TooLong,
    WentBack,
)
from bot.conversation.people import Person
from bot.conversation.reminder_kinds import Reminder
from bot.desk.app_home_views import Visit
from bot.desk.deliveries import (
    Act,
    Ask,
    Delivery,
    Intent,
    Look,
    Oversized,
    Rewrite,
    Sort,
    Spot,
    Start,
    Withdraw,
    Withhold,
    Write,
)
from bot.reading.private_keys import has_ended, holds_private_key
from bot.slack.blocks.ids import Action, Callback, Ref, read_action, read_ref, read_visit
from bot.slack.inbound import agent_clicks
from bot.slack.inbound.fields import key as _key
from bot.slack.inbound.fields import part as _part
from bot.slack.inbound.fields import person as _person
from bot.slack.inbound.fields import text as _text
from policy.facts import Detail, Fact

Payload: TypeAlias = Mapping[str, Any]

CHANGES: Final = frozenset({"message_changed", "message_deleted"})
LOOKED_AT: Final = 100_000  # characters in which a private key is looked for; Slack sends 40,000 at most
LONGEST_UNCLEAR: Final = 80
MOST_DAYS_ON_THE_WAY: Final = 1  # Slack repeats an event for some hours at the most

TOMBSTONE: Final = "tombstone"  # what a deleted message with replies turns into


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
class Asker:
    """Who did something, and where they can be answered so that nobody else sees it."""

    person: Person
    place: Place = Place()
    response_url: str | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """A delivery, and what is needed to answer it at once.

    `looked_up`: Slack was asked who is an agent. `field` is the block of a form under which to say that it
    holds a private key.
    """

    delivery: Delivery
    trigger: str | None = None
    place: Place = Place()
    response_url: str | None = None
    looked_up: bool = False
    field: str | None = None

    @property
    def asker(self) -> Asker:
        """Return who did it, and where."""
        return Asker(self.delivery.person, self.place, self.response_url)


@dataclass(frozen=True, slots=True)
class Foreign:
    """A payload that is none of ours, or broken; `case` is the number it speaks of, where it does.

    `asker` is who waits for an answer all the same.
    """

    what: str
    case: int | None = None
    asker: Asker | None = None


def command(body: Payload, home: str) -> Incoming | Foreign:
    """Read a slash command."""
    person = _person(home, _text(body, "team_id"), _text(body, "user_id"))
    trigger = _text(body, "trigger_id")
    if person is None or not trigger:
        return Foreign("a command without a person")
    channel, url = _text(body, "channel_id"), _text(body, "response_url")
    intent = _commanded(_text(body, "text"), channel, url)
    return Incoming(Delivery(_key("command", trigger), person, intent), trigger, Place(channel=channel), url)


def direct_message(body: Payload, home: str, own: str = "") -> Incoming | Foreign:
    """Read a message event; only what a person writes to the bot directly, or changes there, is one of ours.

    `own` is the bot's user id. A message is known by its place, not by its event: an edit of it is another
    event, and has to say what it changes.
    """
    event = _part(body, "event")
    subject = _subject(event)
    person, channel, ts = _writer(subject, home, own), _text(event, "channel"), _text(subject, "ts")
    if event.get("channel_type") != "im" or person is None or not ts:
        return Foreign("a message that is not for the bot")
    message = _key("message", channel, ts)
    intent = _written(event, subject, message)
    if intent is None:
        return Foreign("a change of what stands around a text")
    if isinstance(intent, Write) and (thread := _text(event, "thread_ts")):
        intent = replace(intent, thread=(channel, thread))
    key = message
    if event.get("subtype") in CHANGES:
        key = _key("event", _text(body, "event_id") or _text(event, "event_ts") + message)
    return Incoming(Delivery(key, person, intent), place=Place(channel=channel))


def block_action(body: Payload, home: str) -> Incoming | Foreign:
    """Read a click on a button, a choice in a menu, or a picked date."""
    clicked = _clicked(body)
    action, ref, person = read_action(_text(clicked, "action_id")), _ref(clicked), _clicker(body, home)
    case = ref.case if ref else None
    place, trigger, url = _place(body), _text(body, "trigger_id"), _text(body, "response_url") or None
    asker = Asker(person, place, url) if person else None
    if action is None:
        return Foreign("an unknown action", case, asker)
    intent = (
        _start(action, place, url) if ref is None or action in _WITHOUT_CASE else _act(action, ref, place)
    )
    if intent is None or person is None:
        return Foreign("an action without its case or person", case, asker)
    where = place.view or place.ts or ""
    key = _key("action", trigger or _text(clicked, "action_ts"), _text(clicked, "action_id"), where)
    return Incoming(Delivery(key, person, intent, url), trigger or None, place, url)


def submission(body: Payload, home: str) -> Incoming | Foreign:
    """Read a submitted view."""
    view = _part(body, "view")
    ref = read_ref(_text(view, "private_metadata"))
    callback = _text(view, "callback_id")
    if ref is None or callback not in set(Callback):
        return Foreign("an unknown view", ref.case if ref else None)
    typed = _typed_into(view)
    keyed = next((block for block, text in typed.items() if _safe(text) is None), None)
    intent, person = _wanted(Callback(callback), ref, view, home), _clicker(body, home)
    if keyed is not None:
        intent = Withhold(ref.case, has_ended(typed[keyed]))
    if intent is None or person is None:
        return Foreign("a view without an answer or person", ref.case)
    trigger = _text(body, "trigger_id")
    key = _key("view", trigger or _text(view, "id") + _text(view, "hash"))
    return Incoming(
        Delivery(key, person, intent),
        trigger or None,
        Place(view=_text(view, "id"), view_hash=_text(view, "hash")),
        field=keyed or max(typed, key=lambda block: len(typed[block]), default=None),
    )


def modal(body: Payload) -> dict[str, Any] | None:
    """Return the modal that something was done in, as Slack takes it back; None where it was no modal."""
    view = _part(body, "view")
    if view.get("type") != "modal" or not isinstance(view.get("blocks"), list):
        return None
    return {name: view[name] for name in _OF_A_VIEW if view.get(name)}


_OF_A_VIEW: Final = ("type", "title", "blocks", "close", "submit", "private_metadata", "callback_id")


def oversized(key: str, who: tuple[str, str, str], what: Oversized) -> Delivery | None:
    """Return what is recorded of a payload that was not parsed, None where it is not told from another.

    `who` is home, team and user; `key` what Slack tells deliveries apart by.
    """
    person = _person(*who)
    return Delivery(_key("oversized", key), person, what) if key and person else None


def case_of(body: Payload) -> int | None:
    """Return the number of the case that a payload speaks of, as far as it can be told; for the log."""
    ref = _ref(_clicked(body)) or read_ref(_text(_part(body, "view"), "private_metadata"))
    return ref.case if ref else None


def digest(text: str) -> str:
    """Return what is kept of a text that is not read, to tell it from another."""
    return hashlib.sha256(text.encode()).hexdigest()


def unescape(text: str) -> str:
    """Return what was typed of what Slack sends: entities undone, links and addresses as written.

    Slack sends `<http://a.example|a.example>` where somebody typed a.example.
    """
    text = re.sub(r"<(?:https?://|mailto:)[^|<>]*\|([^<>]*)>", r"\1", text)
    text = re.sub(r"<((?:https?://|mailto:)[^|<>]*)>", r"\1", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


# --- the pieces ------------------------------------------------------------------------------------------

_TS: Final = re.compile(r"[0-9]{1,12}\.[0-9]{1,9}")
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


def _subject(event: Payload) -> Payload:
    """Return the message that an event is about; of a deleted one, what it was."""
    changed, before = _part(event, "message"), _part(event, "previous_message")
    match event.get("subtype"):
        case "message_changed":
            return before if changed.get("subtype") == TOMBSTONE else changed
        case "message_deleted":
            return before
        case _:
            return event


def _writer(message: Payload, home: str, own: str) -> Person | None:
    """Return who wrote a message, None where it was an app, the bot itself or Slack."""
    if message.get("bot_id") or message.get("app_id") or message.get("subtype") not in (None, "file_share"):
        return None
    user = _text(message, "user")
    return _person(home, _text(message, "user_team") or _text(message, "team"), user) if user != own else None


def _written(event: Payload, subject: Payload, message: str) -> Write | Rewrite | Withdraw | Oversized | None:
    """Return what was done to a message, None where only a preview or the like has come to it."""
    sent = _text(subject, "text")
    if event.get("subtype") not in CHANGES:
        return _typed(sent)
    if subject is not event.get("message"):
        return Withdraw(message)
    before = event.get("previous_message")
    if isinstance(before, dict) and unescape(_text(before, "text")) == unescape(sent):
        return None
    typed = _typed(sent)
    if isinstance(typed, Oversized):
        return typed
    at = _text(_part(subject, "edited"), "ts") or _text(event, "event_ts")
    return Rewrite(message, typed.text, at, late=_days_apart(_text(subject, "ts"), at) > MOST_DAYS_ON_THE_WAY)


def _days_apart(ts: str, at: str) -> float:
    """Return how many days lie between two of Slack's timestamps; endlessly many where one is none."""
    if not (_TS.fullmatch(ts) and _TS.fullmatch(at)):
        return math.inf
    return (float(at) - float(ts)) / 86_400


def _typed(text: str) -> Write | Oversized:
    """Return what was typed, if it is no longer than the desk reads."""
    safe = _safe(text)
    said = unescape(safe or "")
    if len(said) > LONGEST_TYPED:
        return Oversized(Sort.MESSAGE, len(said), digest(said))
    return Write(None, ended=has_ended(text)) if safe is None else Write(said)


def _commanded(text: str, channel: str, url: str) -> Intent:
    """Return what the words after a slash command want."""
    safe = _safe(text)
    said = unescape(safe or "").strip()
    match said.casefold():
        case _ if safe is None:
            return Look(Ask.KEY)
        case _ if len(said) > LONGEST_TYPED:
            return Oversized(Sort.COMMAND, len(said), digest(said))
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
    if action in agent_clicks.OF_AGENTS:
        spot = Spot(place.channel or "", place.ts or "", place.thread) if place.home is None else None
        return agent_clicks.clicked(action, ref, spot)
    event = _event(action, ref)
    if event is None:
        return None
    return Act(ref.case, event, None if action in _ANY_REVISION else ref.revision)


def _event(action: Action, ref: Ref) -> Event | None:
    match action:
        case Action.CHOOSE:
            fact, _, token = ref.argument.partition("=")
            return Answered(Fact(fact), token[:80]) if _is_id(fact) else None
        case Action.GUESS | Action.USE_DETAIL | Action.PICK_DATE:
            return Said(ref.argument)
        case Action.CHANGE if ref.argument == Action.DETAILS:
            return RevisitedDetails()
        case Action.STOP:
            return Stopped(Reminder(ref.argument)) if ref.argument in set(Reminder) else None
        case Action.CHANGE:
            return Revisited(Fact(ref.argument)) if _is_id(ref.argument) else None
        case _:
            return _PLAIN.get(action)


def _values(view: Payload) -> dict[str, dict[str, Any]]:
    """Return what each block of a view holds."""
    blocks = _part(_part(view, "state"), "values")
    return {block: _only(fields) for block, fields in blocks.items()}


def _typed_into(view: Payload) -> dict[str, str]:
    """Return what was typed into each field of a view."""
    return {block: text for block, field in _values(view).items() if (text := _text(field, "value"))}


def _wanted(callback: Callback, ref: Ref, view: Payload, home: str) -> Intent | None:
    """Return what a submitted view wants: of an agent's form a deed, of a requester's an event."""
    if callback not in agent_clicks.AGENT_FORMS:
        event = _submitted(callback, view)
        return Act(ref.case, event, ref.revision) if event is not None else None
    values = _values(view)
    words = _text(values.get("note" if callback is Callback.REASSIGN else "words", {}), "value")
    to = _person(home, home, _text(_part(values.get("agent", {}), "selected_option"), "value"))
    return agent_clicks.submitted(callback, ref, words, to)


def _submitted(callback: Callback, view: Payload) -> Event | None:
    values = _values(view)
    for block, field in values.items():
        if len(typed := _text(field, "value")) > LONGEST_TYPED:
            return TooLong(_detail_of(block), len(typed), digest(typed))
    match callback:
        case Callback.QUESTION:
            return next((_answered(block, field) for block, field in values.items()), None)
        case Callback.DETAILS:
            given = {_detail_of(block): _text(field, "value") for block, field in values.items()}
            return Provided(tuple((detail, text) for detail, text in given.items() if detail is not None))
        case Callback.TICKET:
            return EditedTicket(_text(values.get("ticket", {}), "value"))
        case Callback.RESULT:
            return Opened()
        case _:
            return None


def _detail_of(block: str) -> Detail | None:
    """Return the detail that a field asks for; whether there is such a one, the case tells."""
    name = block.removeprefix("detail-")
    return Detail(name) if name != block and _is_id(name) else None


def _is_id(name: str) -> bool:
    """Tell whether a name can be one that a policy file declares."""
    return re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name) is not None


def _only(fields: object) -> dict[str, Any]:
    """Return what the one element of an input block holds."""
    only = next(iter(fields.values()), None) if isinstance(fields, dict) else None
    return only if isinstance(only, dict) else {}


def _answered(block: str, field: Payload) -> Event | None:
    name = block.removeprefix("fact-")
    option = field.get("selected_option")
    token = _text(option, "value") if isinstance(option, dict) else _text(field, "selected_date")
    return Answered(Fact(name), token[:80]) if _is_id(name) else None


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
    return None if holds_private_key(text[:LOOKED_AT]) else text
