"""Somebody with two cases at once: they name the one that they mean, or are asked, and change their mind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.conversation.handoff import WITH_AGENTS
from bot.playground.standin import Message, text_of
from policy.facts import PROGRAM
from tests.faults.actors import Requester, buttons, newest

if TYPE_CHECKING:
    from bot.conversation.case import Case
    from tests.faults.written import Written

ANSWER: Final = "choose:opensrs"
AT_LENGTH: Final = "For whoever reads this: "  # what is shorter may be meant as an answer
ASSIGN: Final = "assign:"
MESSAGE: Final = re.compile(r"message:[A-Z0-9]+:([0-9.]+)")  # in what a button carries
SAYS_WHICH: Final = 0.7
THINKS_AGAIN: Final = 0.6
TYPES_IT: Final = 0.3
NEW: Final = 0


async def write_to_two(who: Requester, case: Case) -> None:
    """Begin another case beside one that agents have, and write to both."""
    if (other := await _begin_another(who, case)) is None:
        return
    await who.sim.breath()
    words = await who.murmur(case.number, before=AT_LENGTH)
    if await _question(who, words) is not None and who.sim.random.random() < SAYS_WHICH:
        await _choose(who)
    for number in who.sim.random.sample([case.number, other.number], 2):
        await who.sim.breath()
        await _name(who, number)
    if who.sim.random.random() < THINKS_AGAIN:
        await _think_again(who)


async def _begin_another(who: Requester, case: Case) -> Case | None:
    """Begin another case and answer its first question; None where that did not come about."""
    if case.standing not in WITH_AGENTS:
        return None
    await who.say("new")
    who.begun += 1
    mine = [c.number for c in await who.sim.cases() if c.person.user == who.user]
    async for _ in who.sim.patience():
        found = next(c for c in await who.sim.cases() if c.number == max(mine))
        if found.interview.token(PROGRAM) is not None:
            return found if found.number != case.number else None
        question = newest(who.dm, ANSWER)
        if question is not None and found.name in text_of(question) and who.again(ANSWER):
            await who.click(question, ANSWER)
    return None


async def _name(who: Requester, number: int) -> None:
    """Write to the one that is named, by its number or in the thread of one of its messages."""
    thread = who.thread_of(number) if who.sim.random.random() < SAYS_WHICH else None
    if thread is not None:
        await who.murmur(number, meant=number, thread=thread)
    else:
        await who.murmur(number, meant=number, before=f"C-{number}: ")


async def _question(who: Requester, words: Written | None = None) -> Message | None:
    """Return the question which case something is about; None where it is not asked."""
    async for _ in who.sim.patience():
        if (asked := _asked(who)) is not None:
            return asked
        if words is not None and not _is_held(who, words):
            return None
    return None


def _is_held(who: Requester, words: Written) -> bool:
    key = f"message:{who.sim.slack.im(who.name)}:{words.ts}"
    held = f"SELECT 1 FROM words WHERE message = '{key}' AND taken_as = 'held'"  # noqa: S608  our own words
    return bool(who.sim.rows(held))


def _asked(who: Requester) -> Message | None:
    return next((m for m in reversed(who.dm) if _choices(m)), None)


def _choices(message: Message) -> list[str]:
    return sorted(action for action in buttons(message) if action.startswith(ASSIGN))


async def _choose(who: Requester) -> None:
    """Say which case the messages are about that the bot asks about, a new one perhaps."""
    asked = _asked(who)
    if asked is None:
        return
    action = who.sim.random.choice(_choices(asked))
    number = int(action.removeprefix(ASSIGN))
    messages = set(MESSAGE.findall(str(asked.blocks)))
    about = [words for words in who.sim.writings.all if words.ts in messages]
    for words in about:
        words.meant = NEW  # what was clicked may come about without their seeing it
    if who.sim.random.random() < TYPES_IT:
        await who.say(f"C-{number}" if number else "a new case")
    elif await who.click(asked, action):
        for words in about:
            words.meant = number


async def _think_again(who: Requester) -> None:
    """Find that the words that were passed on last are about another case."""
    told = newest(who.dm, "another_case")
    if told is not None and await who.click(told, "another_case") and await _question(who) is not None:
        await _choose(who)
