"""What one event changes, before it is drawn and told."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.case import Case
from bot.conversation.effects import Effect
from bot.conversation.problems import Problem


@dataclass(frozen=True, slots=True)
class Turn:
    """The case as the event leaves it, its problems, effects of its own, and how to look at it.

    `why` and `editing` hold for this one look. `again` posts an open question anew in the DM, `fresh_card`
    redraws the card though nothing changed but the day. `elsewhere`: what changed was not said to the
    question that is open; `asks_on`: that question is still the open one.
    """

    case: Case
    problems: tuple[Problem, ...] = ()
    effects: tuple[Effect, ...] = ()
    why: bool = False
    editing: bool = False
    again: bool = False
    fresh_card: bool = False
    elsewhere: bool = False
    asks_on: bool = False
