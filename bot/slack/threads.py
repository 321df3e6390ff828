"""The thread of a case's card: what the requester wrote, what went to them, who moved the case.

What stands here is for agents. It is a type of its own, which nothing that sends to a requester takes.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation import effects as e
from bot.conversation.effects import Entry
from bot.conversation.people import Person, case_name
from bot.render import contexts_desk as d
from bot.render import to_blocks, to_fallback
from bot.render.environment import Context
from bot.render.mentions import Mention, Moment
from bot.render.texts import Texts
from bot.slack.cards import outcome_buttons
from bot.slack.ids import Ref
from bot.slack.messages import mention
from bot.slack.parts import Json, actions


@dataclass(frozen=True, slots=True)
class ThreadMessage:
    """Blocks for the thread of a card, and the same as escaped text; `loud`: shown in the channel too."""

    blocks: list[Json]
    text: str
    loud: bool = False


def entry(texts: Texts, shown: Entry, case: int) -> ThreadMessage:
    """Return an entry of a case's thread."""
    document = texts.say(_context(shown))
    row = outcome_buttons(Ref(case, shown.revision)) if isinstance(shown, e.Outcomes) else []
    loud = isinstance(shown, e.Alarm) and shown.loud
    return ThreadMessage([*to_blocks(document), *actions(row)], to_fallback(document), loud)


def _context(shown: Entry) -> Context:
    match shown:
        case e.Heard(by, None):
            return d.TakenBack(mention(by))
        case e.Heard(by, words, edited):
            return d.Heard(mention(by), words or "", edited)
        case e.Sent(by, words, asks):
            return d.SentWords(mention(by), words.text, asks)
        case e.Moved(move, by, to, note, resolution):
            return d.Moved(move, _maybe(by), _maybe(to), note.text if note else None, resolution)
        case e.Outcomes():
            return d.ChooseOutcome()
        case e.Alarm():
            return _alarm(shown)


def _alarm(shown: e.Alarm) -> d.Alarm:
    card = shown.card
    last_day = card.result.decision.refund.last_day if card.result else None
    left = (last_day - card.result.on).days if card.result and last_day else 0
    began = Moment(card.handoff.began)
    return d.Alarm(shown.reminder, case_name(card.case), _maybe(shown.owner), began, last_day, left)


def _maybe(person: Person | None) -> Mention | None:
    return mention(person) if person is not None else None
