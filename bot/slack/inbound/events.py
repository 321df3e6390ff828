"""Events other than messages: reactions, members of a channel, App Home, the app itself.

https://docs.slack.dev/reference/events
"""

from __future__ import annotations

from typing import Final

from bot.desk.app_home_views import Visit
from bot.desk.deliveries import Deactivated, Delivery, Membership, React, Spot
from bot.slack.blocks.ids import read_visit
from bot.slack.inbound.fields import key, part, person, text
from bot.slack.inbound.incoming import Foreign, Incoming, Payload, Place

LONGEST_EMOJI: Final = 40


def reaction(body: Payload, home: str) -> Incoming | Foreign:
    """Read that somebody added an emoji to a message, or removed it."""
    event = part(body, "event")
    item, event_id = part(event, "item"), text(body, "event_id")
    who = person(home, text(event, "user_team") or home, text(event, "user"))
    spot = Spot(text(item, "channel"), text(item, "ts"))
    if who is None or not event_id or text(item, "type") != "message" or not spot.ts:
        return Foreign("a reaction to no message")
    react = React(text(event, "reaction")[:LONGEST_EMOJI], text(event, "type") == "reaction_added", spot)
    return Incoming(Delivery(key("event", event_id), who, react), place=Place(channel=spot.channel))


def membership(body: Payload, home: str) -> Incoming | Foreign:
    """Read that somebody joined a channel, or left it."""
    event, event_id = part(body, "event"), text(body, "event_id")
    who = person(home, text(event, "team") or home, text(event, "user"))
    if who is None or not event_id:
        return Foreign("a membership of nobody")
    joined = Membership(text(event, "channel"), text(event, "type") == "member_joined_channel")
    return Incoming(Delivery(key("event", event_id), who, joined))


def account_changed(body: Payload, home: str) -> Incoming | Foreign:
    """Read that somebody's account was deactivated. Everybody's new status comes as the same event."""
    event, event_id = part(body, "event"), text(body, "event_id")
    user = part(event, "user")
    who = person(home, text(user, "team_id") or home, text(user, "id"))
    if who is None or not event_id or user.get("deleted") is not True:
        return Foreign("an account that is there")
    return Incoming(Delivery(key("event", event_id), who, Deactivated()))


def home_opened(body: Payload, home: str) -> Incoming | Foreign:
    """Read that somebody opened App Home: on the tab and page where they were before."""
    event, event_id = part(body, "event"), text(body, "event_id")
    who = person(home, home, text(event, "user"))
    if who is None or not event_id or text(event, "tab") != "home":
        return Foreign("an opened tab that is not Home")
    shown = read_visit(text(part(event, "view"), "private_metadata")) or Visit()
    return Incoming(Delivery(key("event", event_id), who, shown), place=Place(home=shown))


def revokes_bot_token(body: Payload) -> bool:
    """Tell whether a `tokens_revoked` event names the bot's token; certdesk uses nobody else's."""
    return bool(part(part(body, "event"), "tokens").get("bot"))


def rate_limited_minute(body: Payload) -> int | None:
    """Return the minute in which Slack began to drop events, in seconds since 1970."""
    minute = body.get("minute_rate_limited")
    return minute if isinstance(minute, int) else None
