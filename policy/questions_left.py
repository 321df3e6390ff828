"""Compute how many questions an interview can still have, at most."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date
from typing import Final

from policy.conditions import Age, Answer
from policy.facts import Facts, Value
from policy.states import Next, State, States

__all__ = ["QuestionsLeft"]

MAX_LOOKED_AT: Final = 20_000


class QuestionsLeft:
    """The most questions that can follow each state of a program's interviews, computed on demand."""

    def __init__(self, states: States) -> None:
        self._states = states
        self._known: dict[State, int] = {}

    @property
    def first(self) -> int:
        """The most questions from the start."""
        return self._most(self._states.first)

    def after(self, facts: Facts, today: date) -> int:
        """Return the most questions that can follow these answers."""
        state, given = self._states.first, 0
        while isinstance(end := self._states.end(state), Next) and end.fact in facts:
            answer = self._answer(end, facts[end.fact], today)
            state, given = self._states.after(state, end.fact, answer), given + 1
        return self._most(state, given)

    def _answer(self, asked: Next, value: Value, today: date) -> Answer:
        if not isinstance(value, date):
            return value
        ages = [answer.days for answer in self._states.answers[asked.fact] if isinstance(answer, Age)]
        span = min(bisect_left(ages, (today - value).days), len(ages) - 1)
        return Age(ages[span])

    def _most(self, state: State, given: int = 0) -> int:
        """Return the length of the longest way on; if there are too many, the number of facts not given."""
        if state not in self._known:
            if len(self._known) > MAX_LOOKED_AT:
                return len(self._states.answers) - given
            self._known[state] = self._longest(state, given)
        return self._known[state]

    def _longest(self, state: State, given: int) -> int:
        end = self._states.end(state)
        if not isinstance(end, Next):
            return 0
        later = [self._states.after(state, end.fact, answer) for answer in self._states.answers[end.fact]]
        return 1 + max(self._most(each, given + 1) for each in later)
