"""Messages in channels that name certdesk: https://docs.slack.dev/reference/events/app_mention."""

from __future__ import annotations

from bot.conversation.people import Mentioned
from bot.desk.deliveries import Delivery, Mention, Oversized, Sort
from bot.reading.private_keys import has_ended
from bot.slack.inbound import files
from bot.slack.inbound.fields import is_id, key, part, person, text
from bot.slack.inbound.incoming import Foreign, Incoming, Payload, Place
from bot.slack.inbound.message_text import emoji_in, sent_text
from bot.slack.inbound.messages import WRITTEN
from bot.slack.inbound.slack_text import as_words, digest, is_too_long, without_key


def read(body: Payload, home: str, own: str = "") -> Incoming | Foreign:
    """Read a mention by a person; `own` is the bot's user id.

    It is known by where it stands: Slack tells of a message once more when it is edited.
    """
    event = part(body, "event")
    channel, ts = text(event, "channel"), text(event, "ts")
    by_app = event.get("bot_id") or event.get("app_id") or event.get("subtype") not in WRITTEN
    user = text(event, "user")
    who = person(home, text(event, "user_team") or text(event, "team") or home, user)
    if who is None or by_app or user == own or not ts:
        return Foreign("a mention by no person")
    if not is_id(channel) or channel.startswith("D"):
        return Foreign("a mention in no channel")
    thread = text(event, "thread_ts")
    place = Mentioned(channel, thread if thread not in ("", ts) else None)
    delivery = Delivery(key("mention", channel, ts), who, _said(event, place, own))
    return Incoming(delivery, place=Place(channel=channel))


def _said(event: Payload, place: Mentioned, own: str) -> Mention | Oversized:
    sent = sent_text(event)
    safe = without_key(sent)
    said = as_words(safe or "", own, emoji_in(event)).strip()
    if is_too_long(said):
        return Oversized(Sort.MESSAGE, len(said), digest(said), place)
    if safe is None:
        return Mention(place, None, ended=has_ended(sent))
    return Mention(place, said, files=files.read(event))
