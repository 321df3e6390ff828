"""What can be wrong with what a person typed or clicked. Data here; a template words it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.conversation.answer_tokens import Asked


class Trouble(StrEnum):
    """The kind of a problem; each has its template `notices/problems/<kind>.md`."""

    NOT_A_CHOICE = "not_a_choice"
    NAME_NOT_KNOWN = "name_not_known"
    NAME_AMBIGUOUS = "name_ambiguous"
    NOT_A_DATE = "not_a_date"
    DATE_AMBIGUOUS = "date_ambiguous"
    DATE_INEXACT = "date_inexact"
    DATE_HINTED = "date_hinted"
    DATE_LONG_AGO = "date_long_ago"
    DATE_IN_FUTURE = "date_in_future"
    UNSURE = "unsure"
    NO_ANSWER = "no_answer"
    NOT_AN_ORDER_ID = "not_an_order_id"
    NOT_A_HOST_NAME = "not_a_host_name"
    NOT_AN_EMAIL = "not_an_email"
    NOT_A_USERNAME = "not_a_username"
    DETAIL_TOO_LONG = "detail_too_long"
    TICKET_EMPTY = "ticket_empty"
    TICKET_TOO_LONG = "ticket_too_long"
    TOO_LONG = "too_long"
    PRIVATE_KEY = "private_key"
    NOTHING_TO_HAND_OVER = "nothing_to_hand_over"
    NO_AGENTS = "no_agents"
    HELD = "held"
    SHARE_LAPSED = "share_lapsed"


# Problems of a text that could not be read. A text that can mean two things was read: it is asked back.
_UNREAD: Final = frozenset(
    {Trouble.NOT_A_CHOICE, Trouble.NAME_NOT_KNOWN, Trouble.NOT_A_DATE, Trouble.DATE_IN_FUTURE}
    | {Trouble.NO_ANSWER, Trouble.NOT_AN_ORDER_ID, Trouble.NOT_A_HOST_NAME, Trouble.NOT_AN_EMAIL}
    | {Trouble.NOT_A_USERNAME, Trouble.DETAIL_TOO_LONG}
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: the field it belongs under, what was typed, and what may have been meant.

    `typed` is the person's text, cut to 80 characters; `meant` are tokens or names to offer; `length` is the
    number of characters of a text that was not kept.
    """

    kind: Trouble
    field: Asked | None = None
    typed: str = ""
    meant: tuple[str, ...] = ()
    length: int = 0

    @property
    def is_unread(self) -> bool:
        """Tell whether the text could not be read, so that a person may read it better."""
        return self.kind in _UNREAD
