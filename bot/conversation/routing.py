"""Which case a message is about, as a function of what it says, where it is, and how the cases stand.

A reply in a thread is about that message's case, and a case number names its case. Otherwise a message is
about the case shown last, whether the bot or an agent spoke last. If agents have another case, nobody can
tell which of the two is meant: the message is held and its writer is asked.

`python -m bot.conversation.routing > docs/routing.md` writes the table; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from typing import Final, TypeAlias

from bot.conversation.case import Case, Surface
from bot.conversation.handoff import WITH_AGENTS, Standing
from bot.conversation.reminders import CLOSED_AFTER

TALKED_OF_FOR: Final = timedelta(days=14)  # after that, a message under an old answer begins a new case


class Written(Enum):
    """What somebody wrote, as far as their cases have a say in it; the value is its name on the page."""

    ANSWER = "an answer to the open question"
    NEARLY = "nearly an answer"
    COMMAND = "*back*, *why*, *start over*"
    PERSON = "*agent*, in any words"
    THANKS = "thanks"
    CORRECTION = "*no, it was …*, or what was missing, of what the bot has answered"
    REQUEST = "a greeting, or another order"
    URGENT = "urgent words, a leaked key"
    WORDS = "other words"


class Stands(Enum):
    """How a case stands to what its requester writes; the value is its name on the page."""

    ASKING = "the bot asks"
    ANSWERED = "the bot has answered"
    ASKING_WITH_AGENTS = "with agents, a question is open"
    WITH_AGENTS = "with agents"
    RESOLVED = "resolved within 7 days"
    OVER = "closed, given up or older"


class Fate(StrEnum):
    """What becomes of a message; the value is its name on the page."""

    ANSWERS = "answers the question"
    CORRECTS = "changes the answer, and what came of it is said"
    ASKS_AGAIN = "not understood; the question stays, with *Hand to an agent*"
    DONE = "is done"
    PASSED_ON = "passed on to the agents"
    REOPENS = "passed on; the case is open again"
    KEPT = "kept with the case, with help and *Hand to an agent*"
    KEPT_CLOSED = "kept with the case, with *Reopen*"
    CHANGES_NOTHING = "changes nothing"
    BEGINS = "begins a new case"
    HELD = "held; asked which case"
    TO_BOTH = "goes to both at once, marked as in doubt; asked which case"


@dataclass(frozen=True, slots=True)
class OneCase:
    """A case as the function sees it. `spoken`: what was last shown of it was an agent's message."""

    number: int
    stands: Stands
    spoken: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """What becomes of a message, and its case, the first of `cases`; in doubt, all the possible ones."""

    fate: Fate
    cases: tuple[int, ...] = ()


_S: TypeAlias = Stands
_BOTS: Final = frozenset({_S.ASKING, _S.ANSWERED})
_AGENTS: Final = frozenset({_S.WITH_AGENTS, _S.ASKING_WITH_AGENTS})
_DOUBTFUL: Final = frozenset({Written.REQUEST, Written.URGENT, Written.WORDS})


def route(
    written: Written,
    cases: Sequence[OneCase],
    *,
    named: int | None = None,
    several: Sequence[int] = (),
    answers: int | None = None,
) -> Route:
    """Return what becomes of a message, and which of the person's cases it is about.

    `cases` are the person's, the one shown last first. `named` is the case in whose thread the message was
    written, or whose number it names; `several` are those that it names if there are more. `answers` is the
    one whose open question it answers.
    """
    if named is not None and (one := _numbered(cases, named)) is not None:
        return Route(fate_in(one.stands, written), (one.number,))
    live = [case for case in cases if case.stands is not Stands.OVER]
    possible = tuple(case.number for case in live if case.number in several)
    if len(possible) > 1 and written in _DOUBTFUL:
        return _in_doubt(written, possible)
    if len(possible) == 1:
        return route(written, cases, named=possible[0])
    if written is Written.ANSWER and answers is not None and _still_asks(live, answers):
        return Route(Fate.ANSWERS, (answers,))
    if not live:
        return Route(Fate.CHANGES_NOTHING if written is Written.THANKS else Fate.BEGINS)
    last, *before = live
    others = [case.number for case in before if case.stands in _AGENTS]
    if last.stands in _BOTS and others and written in _DOUBTFUL:
        return _in_doubt(written, (last.number, *others))
    fate = fate_in(last.stands, written)
    return Route(fate) if fate is Fate.BEGINS else Route(fate, (last.number,))


def _in_doubt(written: Written, cases: tuple[int, ...]) -> Route:
    return Route(Fate.TO_BOTH if written is Written.URGENT else Fate.HELD, cases)


def fate_in(stands: Stands, written: Written) -> Fate:
    """Return what becomes of a message about a case that stands so."""
    match stands, written:
        case (_, Written.THANKS):
            return Fate.CHANGES_NOTHING
        case (_S.ASKING | _S.ASKING_WITH_AGENTS, Written.ANSWER):
            return Fate.ANSWERS
        case (_S.ASKING | _S.ASKING_WITH_AGENTS | _S.ANSWERED, Written.COMMAND):
            return Fate.DONE
        case (_, Written.PERSON):
            return Fate.DONE
        case (_S.ASKING, _):
            return Fate.ASKS_AGAIN
        case (_S.ANSWERED, Written.CORRECTION):
            return Fate.CORRECTS
        case (_S.ANSWERED, Written.REQUEST):
            return Fate.BEGINS
        case (_S.ANSWERED, _):
            return Fate.KEPT
        case (_S.RESOLVED, _):
            return Fate.REOPENS
        case (_S.OVER, _):
            return Fate.KEPT_CLOSED
        case _:
            return Fate.PASSED_ON


def stands(case: Case, at: datetime, shown_at: datetime | None) -> Stands:
    """Return how a case stands at a moment; `shown_at` is when something of it was last shown."""
    handoff = case.handoff
    if handoff is not None and handoff.standing in WITH_AGENTS:
        return Stands.ASKING_WITH_AGENTS if asks(case) else Stands.WITH_AGENTS
    if handoff is not None and handoff.standing is Standing.RESOLVED:
        return Stands.RESOLVED if at - handoff.began < CLOSED_AFTER else Stands.OVER
    if handoff is not None and handoff.standing is Standing.CLOSED:
        return Stands.OVER
    if case.interview.given_up or shown_at is None or at - shown_at > TALKED_OF_FOR:
        return Stands.OVER
    if asks(case):
        return Stands.ASKING
    return Stands.ANSWERED if case.shown.latest is not None else Stands.OVER


def asks(case: Case) -> bool:
    """Tell whether a case waits for an answer in the DM."""
    return case.surface is Surface.DM and (case.shown.asked_in is not None or case.is_invited)


def _numbered(cases: Sequence[OneCase], number: int) -> OneCase | None:
    return next((case for case in cases if case.number == number), None)


def _still_asks(cases: Sequence[OneCase], number: int) -> bool:
    """Tell whether a case's question is still the thing to answer: no agent has spoken since."""
    for case in cases:
        if case.number == number:
            return True
        if case.spoken:
            return False
    return False


# --- the page

INTRODUCTION: Final = """\
What is typed to the bot is for the case of the message in whose thread it stands, or whose number it names
(*C-1003: please hurry*); else for the case that was last shown in the conversation, whether the bot or an
agent spoke last. Where the bot spoke last of one case while agents have another, and neither is named, or
where several are named, nobody can tell which is meant: the words are held, and whoever wrote them is asked,
with a button for each case and one for a new one; a typed number, order or *the first one* answers that too.
If they do not say within ten minutes, the agents see the words, marked as in doubt. *new*, *help* and *cases*
are commands anywhere, and so is a bare number where nothing is held.

Each passing-on names its case and has *Another case*, which moves the words. A private key is never kept,
wherever it is written.

![Words that may be about two cases, with a button for each](pictures/held.png)

A leaked key is answered before anything is asked:

![Have the certificate revoked now, and how](pictures/revoke.png)

What was written before agents have the case opens the thread of its card:

![The thread of a card, which opens with what Rosa wrote](pictures/opening.png)""".splitlines()


def page() -> Iterator[str]:
    """Yield the lines of docs/routing.md."""
    yield from (
        "# Which case words are for, and what becomes of them",
        "",
        "Made by `python -m bot.conversation.routing`, by calling the function that the desk calls.",
        "",
        *INTRODUCTION,
        "",
        "## For a case that is named, or the only one",
        "",
        *_rows(lambda written, one: route(written, [OneCase(1, one)], named=1)),
        "",
        "## For the case last shown, while agents have another one",
        "",
        *_rows(
            lambda written, one: route(written, [OneCase(1, one), _OTHER], answers=_answers(written, one))
        ),
        "",
        "An answer to a question of the bot's is taken as one where a notice about another case came since,",
        "but not where an agent wrote since: then it is for that agent.",
    )


_OTHER: Final = OneCase(2, Stands.WITH_AGENTS)


def _answers(written: Written, one: Stands) -> int | None:
    asks = one in (Stands.ASKING, Stands.ASKING_WITH_AGENTS)
    return 1 if written is Written.ANSWER and asks else None


def _rows(routed: Callable[[Written, Stands], Route]) -> Iterator[str]:
    yield "| " + " | ".join(["what is written", *(one.value for one in Stands)]) + " |"
    yield "| --- |" + " --- |" * len(Stands)
    for written in Written:
        asks = [one for one in Stands if _can_be(written, one)]
        cells = [routed(written, one).fate.value if one in asks else "–" for one in Stands]
        yield "| " + " | ".join([written.value, *cells]) + " |"


def _can_be(written: Written, one: Stands) -> bool:
    """Tell whether such a message is possible for a case: without a question, nothing is an answer."""
    if written in (Written.ANSWER, Written.NEARLY):
        return one in (Stands.ASKING, Stands.ASKING_WITH_AGENTS)
    return True


if __name__ == "__main__":
    print("\n".join(page()))  # noqa: T201  that is what it is run for
