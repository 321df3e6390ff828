"""The answers to mentions of certdesk in a channel, visible to their writers only."""

from __future__ import annotations

from bot.conversation.clean_text import LONGEST_TYPED
from bot.conversation.effects import AnswerMention, Invite, NoCase, TakeAway
from bot.conversation.people import case_name
from bot.conversation.screens import Contacts
from bot.render import contexts_mentions as m
from bot.render import contexts_notices as n
from bot.render import to_blocks, to_fallback
from bot.render.document import Block, Document, Mention
from bot.render.screen_labels import NoticeLabels
from bot.render.texts import Texts
from bot.slack.blocks import news, parts
from bot.slack.blocks.ids import Action, Ref
from bot.slack.blocks.parts import Message, actions, button


def invitation(texts: Texts, invite: Invite) -> Message:
    """Return what was read, what to do first about a leaked key, and *Start*."""
    offered = invite.invitation
    channel = Mention("channel", offered.place.channel) if invite.by_dm else None
    blocks: list[Block] = []
    if offered.leaked:
        blocks += texts.say(news.key_leaked(invite.contacts or Contacts(), agents=False)).blocks
    if offered.read is not None:
        blocks += texts.read_back(offered.read).blocks
    blocks += texts.say(m.Invited(case_name(invite.case), channel, offered.read is not None)).blocks
    document = Document(tuple(blocks))
    label = texts.labels(NoticeLabels).start
    start = button(Action.OPEN, label, Ref(invite.case, 0), style="primary")
    return Message([*to_blocks(document), *actions([start])], to_fallback(document))


def no_case(texts: Texts, effect: AnswerMention) -> Message:
    """Return why a mention makes no case."""
    match effect.why:
        case NoCase.AGENTS_CHANNEL:
            return parts.said(texts, m.InAgentsChannel())
        case NoCase.THANKS:
            return parts.said(texts, m.Welcome())
        case NoCase.PRIVATE_KEY:
            return parts.said(texts, n.PrivateKey())
        case NoCase.TOO_LONG:
            return parts.said(texts, n.TooLong(effect.length, LONGEST_TYPED))


def elsewhere(texts: Texts, effect: TakeAway) -> Message:
    """Return the notice that a case continues in the DM."""
    return parts.said(texts, m.GoesOnInDm(case_name(effect.case)))
