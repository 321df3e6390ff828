"""Find the questions that need not be asked, because every answer leads to the same decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from policy.conditions import Answer
from policy.facts import Fact
from policy.states import NOTHING, Decided, Next, Reached, State, States
from policy.tree import CREDITED
from policy.vocabulary import FactKind

__all__ = ["Pointless", "pointless"]

MAX_PARTIAL: Final = 20_000  # states of facts given in another order than asked
MAX_STEPS: Final = 5_000  # to tell whether one question matters; beyond that it is assumed to


@dataclass(frozen=True, slots=True)
class Pointless:
    """A question that makes no difference once `reached`, and the rule that asks it."""

    because: str
    fact: Fact
    reached: Reached


def pointless(states: States) -> Iterator[Pointless]:
    """Yield the pointless questions, once for each rule and fact.

    It examines all interviews, and sets of facts given out of order up to `MAX_PARTIAL` states.
    """
    matter: dict[State, bool] = {}
    found: set[tuple[str, Fact]] = set()
    for reached in states.partial(MAX_PARTIAL):
        end = states.end(reached.state)
        if not isinstance(end, Next) or not end.unasked:
            continue
        # which facts are absent does not matter here: any of them may be answered later
        state, fact = replace(reached.state, absent=NOTHING), end.fact
        because = states.because(state)
        if state not in matter:
            matter[state] = _matters(states, state, fact)
        if not matter[state] and (because, fact) not in found:
            found.add((because, fact))
            yield Pointless(because, fact, reached)


def _matters(states: States, state: State, fact: Fact) -> bool:
    """Tell whether two answers to a fact can lead to different decisions, given the same other answers."""
    after = [states.after(state, fact, answer) for answer in states.answers[fact]]
    is_day = states.facts[fact].kind is FactKind.DAY
    left = MAX_STEPS
    waiting: list[tuple[list[State], Mapping[Fact, Answer]]] = [(after, {})]
    while waiting and left > 0:
        left -= 1
        each, given = waiting.pop()
        here = [_on(states, one, given) for one in each]
        if all(one == here[0] for one in here):
            continue
        ends = [states.end(one) for one in here]
        asked = next((end.fact for end in ends if isinstance(end, Next)), None)
        if asked is not None:
            waiting += [(here, {**given, asked: answer}) for answer in reversed(states.answers[asked])]
        elif len({_essence(end, one, is_day=is_day) for end, one in zip(ends, here, strict=True)}) > 1:
            return True
    return bool(waiting)


def _on(states: States, state: State, given: Mapping[Fact, Answer]) -> State:
    """Return the state reached by following the given answers as far as they go."""
    while True:
        end = states.end(state)
        if not isinstance(end, Next) or end.fact not in given:
            return state
        state = states.after(state, end.fact, given[end.fact])


def _essence(end: object, state: State, *, is_day: bool) -> object:
    """Return what two decisions must share to be the same: everything but rule ids and the facts used.

    For a question about a day the windows are left out as well, since their dates differ with every day.
    """
    match end:
        case Decided(cancellation, refund):
            return (
                cancellation.route,
                cancellation.credit if refund.verdict in CREDITED else None,
                (refund.verdict, state.unknown),
                tuple(dict.fromkeys((*cancellation.needs, *refund.needs))),
                tuple(dict.fromkeys((cancellation.citation, refund.citation))),
                () if is_day else refund.last_day_windows,
            )
        case _:
            return end
