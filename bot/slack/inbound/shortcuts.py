"""The shortcut on a message: https://docs.slack.dev/interactivity/implementing-shortcuts."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.desk.deliveries import Ask, Delivery, Intent, Look, Oversized, Sort
from bot.slack.inbound import files
from bot.slack.inbound.commands import start_in
from bot.slack.inbound.fields import clicker, key, part, text
from bot.slack.inbound.incoming import Foreign, Incoming, Payload, Place
from bot.slack.inbound.message_text import emoji_in, sent_text
from bot.slack.inbound.slack_text import as_words, digest, is_too_long, without_key

CHECK_ORDER: Final = "check_order"


def read(body: Payload, home: str, own: str = "") -> Incoming | Foreign:
    """Read a shortcut: a case of whoever used it begins in the message's channel, with what it says.

    `own` is the bot's user id.
    """
    who, trigger = clicker(body, home), text(body, "trigger_id")
    if text(body, "callback_id") != CHECK_ORDER or who is None or not trigger:
        return Foreign("an unknown shortcut")
    channel, url = text(part(body, "channel"), "id"), text(body, "response_url")
    if channel.startswith("D"):
        channel, url = "", ""
    delivery = Delivery(key("shortcut", trigger), who, _begun_with(part(body, "message"), channel, url, own))
    return Incoming(delivery, trigger, Place(channel=channel or None), url or None)


def _begun_with(message: Payload, channel: str, url: str, own: str) -> Intent:
    """Return the start of a case with what a message says; what the bot itself has said is not read."""
    started = start_in(channel, url, afresh=True)
    if message.get("bot_id") and text(message, "user") == own:
        return started
    safe = without_key(sent_text(message))
    said = as_words(safe or "", own, emoji_in(message)).strip()
    if safe is None:
        return Look(Ask.KEY)
    if is_too_long(said):
        return Oversized(Sort.COMMAND, len(said), digest(said))
    return replace(started, words=said, pointed_at=True, files=files.read(message))
