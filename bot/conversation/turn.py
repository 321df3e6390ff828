"""What one event changes, before it is drawn and told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from bot.conversation.case import Case
from bot.conversation.effects import Effect
from bot.conversation.problems import Problem
from bot.conversation.screens import ReadBack


class Look(Enum):
    """How the person looks at the case, this once."""

    PLAIN = auto()
    WHY = auto()  # with the reason why the question is asked
    EDITING = auto()  # with the draft in an editor


class OpenQuestion(Enum):
    """What becomes of the message of the open question in the DM."""

    FOLLOWS = auto()  # redrawn where its question stays open, else replaced by the next one
    REPOSTED = auto()  # posted anew, even where nothing changed
    STUCK = auto()  # posted anew with a way to a person: what was typed could not be read, again
    LEFT = auto()  # the change was said elsewhere and the question is no longer open: marked as left
    KEPT = auto()  # the change was said elsewhere and the question is still open: redrawn


POSTED_ANEW = frozenset({OpenQuestion.REPOSTED, OpenQuestion.STUCK})
SAID_ELSEWHERE = frozenset({OpenQuestion.LEFT, OpenQuestion.KEPT})


@dataclass(frozen=True, slots=True)
class Turn:
    """The case as the event leaves it, its problems, effects of its own, and how to look at it.

    `read` is what is to be said of a text that was read. `fresh_card` redraws the card though nothing changed
    but the day.
    """

    case: Case
    problems: tuple[Problem, ...] = ()
    effects: tuple[Effect, ...] = ()
    look: Look = Look.PLAIN
    question: OpenQuestion = OpenQuestion.FOLLOWS
    fresh_card: bool = False
    read: ReadBack | None = None

    @property
    def missed(self) -> bool:
        """Tell whether something could not be read."""
        return any(problem.is_unread for problem in self.problems)
