"""The shortcut on a message: https://docs.slack.dev/interactivity/implementing-shortcuts."""

from __future__ import annotations

from typing import Final

from bot.desk.deliveries import Delivery
from bot.slack.inbound.commands import start_in
from bot.slack.inbound.fields import clicker, key, part, text
from bot.slack.inbound.incoming import Foreign, Incoming, Payload, Place

CHECK_ORDER: Final = "check_order"


def read(body: Payload, home: str) -> Incoming | Foreign:
    """Read a shortcut: a case begins in the message's channel. What the message says is not read."""
    who, trigger = clicker(body, home), text(body, "trigger_id")
    if text(body, "callback_id") != CHECK_ORDER or who is None or not trigger:
        return Foreign("an unknown shortcut")
    channel, url = text(part(body, "channel"), "id"), text(body, "response_url")
    if channel.startswith("D"):
        channel, url = "", ""
    delivery = Delivery(key("shortcut", trigger), who, start_in(channel, url, afresh=True))
    return Incoming(delivery, trigger, Place(channel=channel or None), url or None)
