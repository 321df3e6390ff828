"""The thread of a case's card: what the requester wrote, what was sent to them, who moved the case.

This is for agents. It has a type of its own, which nothing that sends to a requester accepts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from bot.conversation import thread_entries as e
from bot.conversation.handoff import Move
from bot.conversation.people import Person, case_name
from bot.conversation.reminder_kinds import Reminder
from bot.conversation.screens import Card
from bot.conversation.thread_entries import Entry
from bot.render import contexts_cards as cards
from bot.render import to_blocks, to_fallback
from bot.render.document import Document, Mention, Moment
from bot.render.environment import Context
from bot.render.move_texts import MoveText
from bot.render.texts import Texts
from bot.render.word_lists import OUTCOMES
from bot.slack.blocks.card import outcome_buttons
from bot.slack.blocks.ids import Ref
from bot.slack.blocks.news import unpassed_lines
from bot.slack.blocks.parts import Json, actions, mention


@dataclass(frozen=True, slots=True)
class ThreadMessage:
    """Blocks for the thread of a card, and the same as escaped text; `loud`: shown in the channel too."""

    blocks: list[Json]
    text: str
    loud: bool = False


# What an entry says that is not a move.
Words: TypeAlias = (
    e.Opening
    | e.Heard
    | e.NotPassedOn
    | e.CopiesLeft
    | e.MeantFor
    | e.Sent
    | e.OutcomeButtons
    | e.NotDelivered
    | e.Delivered
    | e.Alarm
)


def entry(texts: Texts, shown: Entry, case: int) -> ThreadMessage:
    """Return an entry of a case's thread."""
    document = _moved(texts, shown) if isinstance(shown, e.Moved) else texts.say(_context(texts, shown))
    row = outcome_buttons(texts, Ref(case, shown.revision)) if isinstance(shown, e.OutcomeButtons) else []
    return ThreadMessage([*to_blocks(document), *actions(row)], to_fallback(document), _is_loud(shown))


def _is_loud(shown: Entry) -> bool:
    """Tell whether the channel is to see it too: somebody has to claim the case."""
    match shown:
        case e.Alarm(loud=loud):
            return loud
        case e.Moved(move=move):
            return move == Move.LEAVE
        case _:
            return False


def _context(texts: Texts, shown: Words) -> Context:
    match shown:
        case e.Opening(by, lines, left_out):
            return cards.ThreadOpening(mention(by), tuple(map(_line, lines)), left_out)
        case e.Heard(by, None):
            return cards.TakenBack(mention(by))
        case e.Heard(by, words, edited, files, doubt, _):
            return cards.Heard(mention(by), words or "", edited, files, doubt)
        case e.NotPassedOn(by, files):
            return cards.NotPassedOn(mention(by), unpassed_lines(texts, files))
        case e.CopiesLeft(by, files, case):
            return cards.CopiesLeft(mention(by), files, case_name(case) if case else "")
        case e.MeantFor(by, case):
            return cards.MeantFor(mention(by), case_name(case))
        case e.Sent(by, words, asks, files):
            return cards.SentWords(mention(by), words.text, asks, files)
        case e.OutcomeButtons():
            return cards.ChooseOutcome()
        case e.NotDelivered(by, reason, dead):
            return cards.NotDelivered(mention(by), reason, dead)
        case e.Delivered(by):
            return cards.Delivered(mention(by))
        case e.Alarm():
            return _alarm(shown)


def _line(line: e.OpeningLine) -> cards.WrittenLine:
    return cards.WrittenLine(
        at=Moment(line.at),
        words=line.text or "",
        folded=line.folded,
        edited=line.edited,
        deleted=line.deleted,
        private_key=line.text is None and not line.deleted,
        not_understood=line.not_understood,
        in_doubt=line.in_doubt,
    )


def _moved(texts: Texts, shown: e.Moved) -> Document:
    outcome = texts.words(OUTCOMES)[shown.outcome] if shown.outcome is not None else ""
    note = shown.note.text if shown.note is not None else ""
    case = case_name(shown.case) if shown.case is not None else ""
    moved = MoveText(mention(shown.by), mention(shown.to), note, outcome, case=case)
    return texts.move(shown.move, moved).told


def _alarm(shown: e.Alarm) -> Context:
    card, name = shown.card, case_name(shown.card.case)
    match shown.reminder:
        case Reminder.UNCLAIMED:
            return cards.Unclaimed(name, Moment(card.handoff.began))
        case Reminder.OWNER_IDLE:
            return cards.OwnerIdle(name, mention(shown.owner))
        case Reminder.CREDIT:
            return cards.NoCredit(name, _maybe(shown.owner))
        case Reminder.WINDOW_SOON | Reminder.WINDOW_LAST:
            return _window(shown, card)


def _window(shown: e.Alarm, card: Card) -> Context:
    """Return the alarm about a refund window. Raises ValueError if the case has none."""
    last_day = card.result.decision.refund.last_day if card.result else None
    if card.result is None or last_day is None:
        raise ValueError(card.case)
    left = (last_day - card.result.on).days
    return cards.WindowAlarm(case_name(card.case), _maybe(shown.owner), last_day, left)


def _maybe(person: Person | None) -> Mention | None:
    return mention(person) if person is not None else None
