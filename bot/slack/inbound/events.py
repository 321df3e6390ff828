"""Payloads of what happens around the desk: emoji, people who come, go or look, the shortcut of a message."""

from __future__ import annotations

from typing import Final

from bot.conversation.case import Surface
from bot.desk.app_home_views import Visit
from bot.desk.deliveries import Delivery, Membership, React, Spot, Start
from bot.slack.blocks.ids import read_visit
from bot.slack.inbound.fields import key, part, person, text
from bot.slack.inbound.payloads import Foreign, Incoming, Payload, Place

CHECK_ORDER: Final = "check_order"


def reaction(body: Payload, home: str) -> Incoming | Foreign:
    """Read that somebody put an emoji on a message, or took it off."""
    event = part(body, "event")
    item, event_id = part(event, "item"), text(body, "event_id")
    who = person(home, text(event, "user_team") or home, text(event, "user"))
    spot = Spot(text(item, "channel"), text(item, "ts"))
    if who is None or not event_id or text(item, "type") != "message" or not spot.ts:
        return Foreign("a reaction to no message")
    react = React(text(event, "reaction")[:40], text(event, "type") == "reaction_added", spot)
    return Incoming(Delivery(key("event", event_id), who, react), place=Place(channel=spot.channel))


def membership(body: Payload, home: str) -> Incoming | Foreign:
    """Read that somebody joined a channel, or left it."""
    event, event_id = part(body, "event"), text(body, "event_id")
    who = person(home, text(event, "team") or home, text(event, "user"))
    if who is None or not event_id:
        return Foreign("a membership of nobody")
    joined = Membership(text(event, "channel"), text(event, "type") == "member_joined_channel")
    return Incoming(Delivery(key("event", event_id), who, joined))


def visit(body: Payload, home: str) -> Incoming | Foreign:
    """Read that somebody opened App Home: on the tab and page where they were before."""
    event, event_id = part(body, "event"), text(body, "event_id")
    who = person(home, home, text(event, "user"))
    if who is None or not event_id or text(event, "tab") != "home":
        return Foreign("an opened tab that is not Home")
    shown = read_visit(text(part(event, "view"), "private_metadata")) or Visit()
    return Incoming(Delivery(key("event", event_id), who, shown), place=Place(home=shown))


def shortcut(body: Payload, home: str) -> Incoming | Foreign:
    """Read the shortcut on a message: a case begins in that channel. What the message says is not read."""
    user, trigger = part(body, "user"), text(body, "trigger_id")
    who = person(home, text(user, "team_id") or text(part(body, "team"), "id"), text(user, "id"))
    if text(body, "callback_id") != CHECK_ORDER or who is None or not trigger:
        return Foreign("an unknown shortcut")
    channel, url = text(part(body, "channel"), "id"), text(body, "response_url") or None
    if channel.startswith("D"):
        channel, url = "", None
    start = Start(Surface.MODAL, channel or None, url, afresh=True)
    delivery = Delivery(key("shortcut", trigger), who, start)
    return Incoming(delivery, trigger, Place(channel=channel or None), url)
