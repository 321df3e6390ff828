"""Immediate answers: in an acknowledgment, or visible to one person only."""

from __future__ import annotations

from typing import Any

from bot.conversation.clean_text import LONGEST_TYPED
from bot.conversation.people import case_name
from bot.conversation.screens import Listed, TicketEditor
from bot.desk.deliveries import Ask
from bot.desk.results import Refusal, Refused, Seen, Told
from bot.render import contexts_desk as d
from bot.render import contexts_notices as n
from bot.render import contexts_problems as p
from bot.render import to_plain
from bot.render.texts import Texts
from bot.slack.blocks import case_list, dm, parts
from bot.slack.blocks.parts import Message


def told(texts: Texts, reply: Told, *, agents: bool) -> dict[str, Any]:
    """Return help, the list of cases or the pinned message as the answer to a slash command."""
    message = _told(texts, reply, agents=agents)
    seen_by = "in_channel" if reply.ask is Ask.PIN else "ephemeral"
    return {"response_type": seen_by, "blocks": message.blocks, "text": message.text}


def said(texts: Texts, reply: Told) -> Message:
    """Return why a message that somebody pointed at was not read."""
    return _told(texts, reply, agents=False)


def _told(texts: Texts, reply: Told, *, agents: bool) -> Message:
    if reply.unclear:
        return parts.said(texts, n.Unclear(texts.command, reply.unclear))
    match reply.ask:
        case Ask.HELP:
            return parts.said(texts, n.Help(texts.command, agents))
        case Ask.CASES:
            return case_list.case_list(texts, reply.cases)
        case Ask.KEY:
            return parts.said(texts, n.PrivateKey())
        case Ask.PIN:
            return dm.pinned(texts)
        case Ask.TOO_LONG:
            return parts.said(texts, n.TooLong(reply.length, LONGEST_TYPED))
        case Ask.SLOWED:
            return dm.slowed(texts)


def key_in_form(texts: Texts) -> str:
    """Return what is said under the field of a form that holds a private key."""
    return to_plain(texts.say(n.KeyInForm()))


def refused(texts: Texts, reply: Refused) -> Message:
    """Return why nothing was done."""
    name = case_name(reply.case or 0)
    match reply.refusal:
        case Refusal.NO_SUCH_CASE:
            return parts.said(texts, p.NoSuchCase(name))
        case Refusal.NOT_YOURS:
            return parts.said(texts, p.NotYours(name, texts.command))
        case Refusal.NOT_AN_AGENT:
            return parts.said(texts, p.NotAnAgent(name))
        case Refusal.NO_SUCH_AGENT:
            return parts.said(texts, d.NoSuchAgent(name))
        case Refusal.NO_SUCH_ORIGINAL:
            return parts.said(texts, d.NoSuchOriginal(name))
        case Refusal.NOT_THE_CARD:
            return parts.said(texts, d.NotTheCard(name))


def unknown(texts: Texts) -> Message:
    """Return the notice that there is no such button or form: it is of another version, or forged."""
    return parts.said(texts, n.Unknown(texts.command))


def moved_on(texts: Texts, seen: Seen) -> Message:
    """Return where a case stands, for somebody who pressed an outdated button."""
    screen = seen.screen.result if isinstance(seen.screen, TicketEditor) else seen.screen
    standing = case_list.state_line(texts, Listed(seen.case, screen))
    return parts.said(texts, n.MovedOn(case_name(seen.case), standing))
