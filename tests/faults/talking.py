"""What requesters do once agents know of their case: they write, edit, take back, thank, look, and answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from bot.conversation.case import Surface
from bot.conversation.handoff import HELD, WITH_AGENTS, Standing
from tests.faults.actors import THANKS, Requester, done, newest
from tests.faults.two_cases import write_to_two
from tests.faults.written import Written

if TYPE_CHECKING:
    from bot.conversation.case import Case

IN_THREAD: Final = 0.3
LISTENING: Final = WITH_AGENTS | {Standing.RESOLVED}


async def talk(who: Requester, times: int) -> None:
    """Do so many things, each of which fits how the case stands just then; once with two cases at once."""
    if (case := await who.case()) is not None:
        await write_to_two(who, case)
    for _ in range(times):
        await _one(who)


async def answer_reminders(who: Requester) -> None:
    """Answer what time has brought: a credit that is due, a case that was closed, a window that closes."""
    case = await who.case()
    if case is None:
        return
    for action in ("credit_came", "credit_missing", "return", "sent_it"):
        asked = newest(who.dm, action)
        if asked is not None and who.sim.random.random() < 0.4:
            await who.click(asked, action)
            return
    await _one(who)


async def _one(who: Requester) -> None:
    await who.sim.breath()
    if (case := await who.case()) is not None:
        await who.sim.random.choice(_fitting(case))(who, case)


def _fitting(case: Case) -> list[Callable[[Requester, Case], Awaitable[object]]]:
    if case.standing in HELD:
        return [_words, _words, _words, _reworded, _reworded, _taken_back, _home]
    if case.standing is Standing.WAITING:
        return [_words, _reworded, _home]
    if case.standing is Standing.RESOLVED:
        return [_thanks, _thanks, _words, _home, _sent_it]
    if case.standing is Standing.CLOSED:
        return [_home, _return]
    return [_agent, _agent, _home]


async def _words(who: Requester, case: Case) -> Written:
    """Write to the agents, in the thread of one of the case's messages perhaps."""
    in_thread = who.sim.random.random() < IN_THREAD
    thread = who.thread_of(case.number) if in_thread else None
    before, asked = who.sim.given_back(case.number), await _asked(who)
    words = await who.murmur(case.number, thread=thread)
    after = await who.case()
    heard = case.standing in LISTENING and after is not None and after.standing in LISTENING
    heard = heard and who.sim.given_back(case.number) == before
    asked = asked or await _asked(who)
    words.owed = heard and not asked
    words.meant = case.number if heard and thread is not None else 0
    return words


async def _asked(who: Requester) -> bool:
    """Tell whether the bot asks this person something in the DM: words are for whoever spoke last then."""
    cases = await who.sim.cases()
    return any(c.person.user == who.user and c.surface is Surface.DM and c.shown.asked_in for c in cases)


async def _reworded(who: Requester, case: Case) -> None:
    """Write, and change it once or twice, one close upon the other."""
    words = await _words(who, case)
    texts = [who.sim.writings.text(who.name) for _ in range(who.sim.random.randint(1, 2))]
    words.texts += texts[: await who.change(words.ts, *texts)]


async def _taken_back(who: Requester, case: Case) -> None:
    words = await _words(who, case)
    await who.change(words.ts)


async def _thanks(who: Requester, _: Case) -> None:
    await who.say(THANKS)


async def _agent(who: Requester, case: Case) -> None:
    """Hand over again what was given back."""
    await who.say(f"{case.name}: agent" if who.begun else "agent")


async def _home(who: Requester, case: Case) -> None:
    """Look at App Home, and open the case there."""
    home = await who.visit()
    if home is not None:
        await done(who.sim.slack.click(who.name, home, f"open:{case.name}", stale=True))
        async for _ in who.sim.glances(5):
            if (view := who.sim.slack.view(who.name)) is not None:
                await who.sim.slack.close(who.name, view)
                return


async def _sent_it(who: Requester, _: Case) -> None:
    if (result := newest(who.dm, "sent_it")) is not None:
        await who.click(result, "sent_it")


async def _return(who: Requester, _: Case) -> None:
    if (told := newest(who.dm, "return")) is not None:
        await who.click(told, "return")
