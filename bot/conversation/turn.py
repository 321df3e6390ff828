"""What one event changes, before it is drawn and told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from bot.conversation.case import Case
from bot.conversation.effects import Effect
from bot.conversation.problems import Problem
from bot.conversation.screens import ReadBack


class Look(Enum):
    """What this one look at the case shows besides."""

    PLAIN = auto()
    WHY = auto()  # the reason why the question is asked
    EDITING = auto()  # the draft in an editor


class OpenQuestion(Enum):
    """What becomes of the open question's message in the DM."""

    FOLLOWS = auto()  # redrawn if its question stays open, else replaced by the next one
    REPOSTED = auto()  # posted again, even if nothing changed
    STUCK = auto()  # posted again with a way to a person: a second text could not be read
    LEFT = auto()  # the change was said elsewhere and closed the question: marked as left
    KEPT = auto()  # the change was said elsewhere and left the question open: redrawn


POSTED_ANEW = frozenset({OpenQuestion.REPOSTED, OpenQuestion.STUCK})
SAID_ELSEWHERE = frozenset({OpenQuestion.LEFT, OpenQuestion.KEPT})


@dataclass(frozen=True, slots=True)
class Turn:
    """The case after the event, its problems, its own effects, and what this look shows besides.

    `read` is what to say about a text that was read. `fresh_card` redraws the card even if only the day
    changed.
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
