"""Messages in the DM, new, edited and deleted: https://docs.slack.dev/reference/events/message."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Final

from bot.conversation.people import Person
from bot.desk.deliveries import Delivery, Oversized, Rewrite, Sort, Withdraw, Write
from bot.reading.private_keys import has_ended
from bot.slack.inbound import files
from bot.slack.inbound.fields import key, part, person, text
from bot.slack.inbound.incoming import Foreign, Incoming, Payload, Place
from bot.slack.inbound.message_text import emoji_in, sent_text
from bot.slack.inbound.slack_text import as_words, digest, fitted, is_too_long, without_key

# What a person writes: alone, with a file, in a thread with *also send to*, as /me.
WRITTEN: Final = (None, "file_share", "thread_broadcast", "me_message")
TOMBSTONE: Final = "tombstone"  # what a deleted message with replies turns into
MOST_DAYS_ON_THE_WAY: Final = 1  # Slack repeats an event for some hours at the most

_TS: Final = re.compile(r"[0-9]{1,12}\.[0-9]{1,9}")


def read(body: Payload, home: str, own: str = "") -> Incoming | Foreign:
    """Read a message event; only what a person writes to the bot directly, or changes there, is ours.

    `own` is the bot's user id. A message is known by its place, not by its event: an edit of it is another
    event, and has to say what it changes.
    """
    event = part(body, "event")
    about = _message_of(event)
    who, channel, ts = _writer(about, home, own), text(event, "channel"), text(about, "ts")
    if event.get("channel_type") != "im" or who is None or not ts:
        return Foreign("a message that is not for the bot")
    message = key("message", channel, ts)
    intent = _done_to(event, about, message, own)
    if intent is None:
        return Foreign("a change of what stands around a text")
    if isinstance(intent, Write | Rewrite) and intent.text is not None:
        intent = replace(intent, files=files.read(about))
    thread = text(about, "thread_ts")
    if isinstance(intent, Write) and thread:
        intent = replace(intent, thread=(channel, thread))
    delivered = message
    if _is_change(event):
        delivered = key("event", text(body, "event_id") or text(event, "event_ts") + message)
    under = thread if thread not in ("", ts) else None
    return Incoming(Delivery(delivered, who, intent, thread=under), place=Place(channel=channel))


def _is_change(event: Payload) -> bool:
    return event.get("subtype") in ("message_changed", "message_deleted")


def _message_of(event: Payload) -> Payload:
    """Return the message that an event is about; for a deleted one, as it was."""
    now, before = part(event, "message"), part(event, "previous_message")
    match event.get("subtype"):
        case "message_changed":
            return before if now.get("subtype") == TOMBSTONE else now
        case "message_deleted":
            return before
        case _:
            return event


def _writer(message: Payload, home: str, own: str) -> Person | None:
    """Return who wrote a message, None if it was an app, the bot itself or Slack."""
    subtype = message.get("subtype")
    if message.get("bot_id") or message.get("app_id") or subtype not in WRITTEN:
        return None
    user = text(message, "user")
    return person(home, text(message, "user_team") or text(message, "team"), user) if user != own else None


def _done_to(
    event: Payload, about: Payload, message: str, own: str
) -> Write | Rewrite | Withdraw | Oversized | None:
    """Return what was done to a message, None if only a preview or the like was added to it."""
    sent = sent_text(about)
    if not _is_change(event):
        return _typed(about, sent, own)
    if about is not event.get("message"):
        return Withdraw(message)
    before = event.get("previous_message")
    if isinstance(before, dict) and as_words(sent_text(before)) == as_words(sent):
        return None
    typed = _typed(about, sent, own)
    if isinstance(typed, Oversized):
        return typed
    at = text(part(about, "edited"), "ts") or text(event, "event_ts")
    return Rewrite(message, typed.text, at, late=_days_apart(text(about, "ts"), at) > MOST_DAYS_ON_THE_WAY)


def _days_apart(ts: str, at: str) -> float:
    """Return how many days lie between two of Slack's timestamps; infinity if one of them is none."""
    if not (_TS.fullmatch(ts) and _TS.fullmatch(at)):
        return math.inf
    return (float(at) - float(ts)) / 86_400


def _typed(message: Payload, sent: str, own: str) -> Write | Oversized:
    """Return what was typed, unless it is longer than the desk reads."""
    safe = without_key(sent)
    said = fitted(as_words(safe or "", own, emoji_in(message)))
    if is_too_long(said):
        return Oversized(Sort.MESSAGE, len(said), digest(said))
    return Write(None, ended=has_ended(sent)) if safe is None else Write(said)
