"""Slash commands: https://docs.slack.dev/interactivity/implementing-slash-commands."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl

from bot.conversation.case import Surface
from bot.desk.deliveries import Ask, Delivery, Intent, Look, Oversized, Sort, Start
from bot.slack.inbound.fields import key, person, text
from bot.slack.inbound.incoming import Foreign, Incoming, Payload, Place
from bot.slack.inbound.slack_text import as_words, digest, fitted, is_too_long, without_key


def read(body: Payload, home: str) -> Incoming | Foreign:
    """Read a slash command, for an app installed by the team `home`."""
    who = person(home, text(body, "team_id"), text(body, "user_id"))
    trigger = text(body, "trigger_id")
    if who is None or not trigger:
        return Foreign("a command without a person")
    channel, url = text(body, "channel_id"), text(body, "response_url")
    intent = _wanted(text(body, "text"), channel, url)
    return Incoming(Delivery(key("command", trigger), who, intent), trigger, Place(channel=channel), url)


def is_ssl_check(form: bytes) -> bool:
    """Tell whether a form is Slack's check of the certificate, which is not signed."""
    return ("ssl_check", "1") in parse_qsl(form.decode("latin-1"))


def start_in(channel: str, url: str, *, alike: bool = False, afresh: bool = False) -> Start:
    """Return the start of a case in a modal; a direct message is no channel to share the result in."""
    if not channel or channel.startswith("D"):
        return Start(Surface.MODAL, alike=alike, afresh=afresh)
    return Start(Surface.MODAL, channel, url or None, alike=alike, afresh=afresh)


def _wanted(sent: str, channel: str, url: str) -> Intent:
    """Return what the words after a slash command want."""
    safe = without_key(sent)
    said = fitted(as_words(safe or "").strip())
    match said.casefold():
        case _ if safe is None:
            return Look(Ask.KEY)
        case _ if is_too_long(said):
            return Oversized(Sort.COMMAND, len(said), digest(said))
        case "" | "start" | "new" as word:
            return start_in(channel, url, afresh=word == "new")
        case "help" | "cases" | "pin" as word:
            return Look(Ask(word))
        case _:
            return replace(start_in(channel, url, afresh=True), words=said)
