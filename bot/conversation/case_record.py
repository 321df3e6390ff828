"""The record of a case: what the requester wrote, in order, and what it was taken as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.conversation.files import File

MOST_SHOWN: Final = 12  # in the opening of a card's thread, unless more were not understood
MOST_AT_ALL: Final = 25  # that Slack still takes, however long they are
FOLDED_AT: Final = 300  # characters; a longer message is also posted whole


class TakenAs(StrEnum):
    """What a message was taken as.

    Held: its writer is asked which case it is about, and nobody else sees it. In doubt: the agents of every
    possible case see it, because its writer has not answered.
    """

    ANSWER = "answer"
    COMMAND = "command"
    PASSED_ON = "passed_on"
    KEPT = "kept"
    HELD = "held"
    IN_DOUBT = "in_doubt"
    NOT_UNDERSTOOD = "not_understood"


class Place(StrEnum):
    """Where a message was typed."""

    MESSAGE = "message"
    THREAD = "thread"
    FORM = "form"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Typed:
    """What a requester typed in one delivery; the text is None if it held a private key.

    `edited_at` is the timestamp of an edit that came before the message itself; `files` came with it.
    """

    text: str | None
    place: Place
    edited_at: str = ""
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordedWords:
    """A message in the record. Its text is None if it was deleted, or held a private key.

    `key` is the key of the delivery that brought it.
    """

    key: str
    at: datetime
    place: Place
    taken_as: TakenAs
    text: str | None
    edited_at: datetime | None = None
    deleted_at: datetime | None = None

    @property
    def is_long(self) -> bool:
        """Tell whether the opening of a thread shows only its beginning."""
        return self.text is not None and len(self.text) > FOLDED_AT


def for_opening(record: Sequence[RecordedWords]) -> list[RecordedWords]:
    """Return which messages the opening of a thread shows, in order.

    The first ones stay, and what was not understood; answers, which the card has, are dropped first.
    """
    first, rest = list(record[:1]), record[1:]
    told = [words for words in rest if words.taken_as is not TakenAs.ANSWER][: MOST_AT_ALL - 1]
    answers = [words for words in rest if words.taken_as is TakenAs.ANSWER]
    room = max(MOST_SHOWN - len(first) - len(told), 0)
    shown = {id(words) for words in (*first, *told, *(answers[-room:] if room else ()))}
    return [words for words in record if id(words) in shown]
