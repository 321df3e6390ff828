"""A message as Slack takes it, and how a template becomes one."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.people import Person
from bot.render import to_blocks, to_fallback
from bot.render.environment import Context
from bot.render.mentions import Mention
from bot.render.texts import Texts
from bot.slack.blocks.parts import Json, actions


@dataclass(frozen=True, slots=True)
class Message:
    """Blocks, and the same as escaped text for notifications."""

    blocks: list[Json]
    text: str


def said(texts: Texts, context: Context, row: list[Json] | None = None) -> Message:
    """Return one text as a message, with buttons under it."""
    document = texts.say(context)
    return Message([*to_blocks(document), *actions(row or [])], to_fallback(document))


def mention(person: Person | None) -> Mention:
    """Return a person to be shown by name."""
    return Mention("user", person.user if person else "")
