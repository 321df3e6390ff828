"""People who want something of the desk and do not give up: each looks at what stands there and goes on."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from bot.playground.standin import Message, StandInError, View, text_of
from bot.store.coding import SHELF
from policy.facts import PROGRAM, Fact
from tests.faults.written import Sort, Written
from tests.menus import elements_of, items, pressed

if TYPE_CHECKING:
    from bot.conversation.case import Case
    from bot.playground.standin.courier import Delivery
    from tests.faults.simulator import Simulator

SUPPORT: Final = "ssl-support"
AGENTS: Final = "ssl-agents"
FULFILLED: Final = timedelta(days=13)  # ago
FACTS: Final = {"program": "opensrs", "requester": "reseller", "issued": "true", "provider": "sectigo"}
DETAILS: Final = {
    "reseller_username": "acme",
    "supplier_order_id": "1234567890",
    "common_name": "www.example.com",
}
WANTED: Final = {
    PROGRAM: ("trustico", "opensrs"),  # and what is said first by mistake
    Fact("account"): ("partner", "retail"),
    Fact("subject"): ("prepaid_balance", "soonish"),
}
SOMETIMES: Final = 0.3
SELDOM: Final = 0.1  # of the looks at the screen
THANKS: Final = "thanks"
HOME_LOOKS: Final = 30
SEEN: Final = 6  # messages that a report quotes


class StuckError(AssertionError):
    """Somebody could not go on with what they want."""


def buttons(where: Message | View | None) -> set[str]:
    """Return the action ids that can be clicked."""
    if where is None:
        return set()
    return {e["action_id"] for e in elements_of(where)} | {action for action, _, _ in items(where)}


def newest(messages: list[Message], action: str) -> Message | None:
    """Return the newest message that has a button."""
    return next((m for m in reversed(messages) if action in buttons(m)), None)


async def done(act: Awaitable[Any]) -> bool:
    """Do something in Slack; returns whether it went through, as far as the person can tell."""
    try:
        delivery = await act
    except StandInError:
        return False  # what was to be clicked is no longer there
    return bool(delivery is not None and delivery.acked)


@dataclass
class Someone:
    """Somebody in the workspace."""

    sim: Simulator
    name: str

    @property
    def user(self) -> str:
        """Return their id."""
        return self.sim.slack.user(self.name)

    async def taken(self, sent: Delivery | None) -> None:
        """Wait until an event is acknowledged, and let Slack deliver it again where it is not."""
        if sent is None:
            return
        async for attempt in self.sim.patience():
            tries = self.sim.tries()[sent.payload["event_id"]]
            if any(d.acked for d in tries):
                return
            if attempt:
                await self.sim.repeat(tries, min(attempt, 3))
        raise StuckError(f"what {self.name} did is never taken")

    async def visit(self) -> View | None:
        """Open App Home, and return what stands there, None where nothing was ever drawn."""
        await self.taken(await self.sim.slack.open_home(self.name))
        async for _ in self.sim.glances(HOME_LOOKS):
            if (view := self.sim.slack.home(self.name)) is not None:
                return view
        return None


@dataclass
class Requester(Someone):
    """Somebody with one question, who wants an answer and an agent, and then talks with whoever has it."""

    asked: bool = False
    quiet: bool = False
    helped: bool = False
    shared: bool = False
    curious: bool = True
    begun: int = 0  # cases beside the one that they came for
    said: dict[str, datetime] = field(default_factory=dict)

    async def case(self) -> Case | None:
        """Return the case of this person, as the database has it."""
        return next((c for c in await self.sim.cases() if c.person.user == self.user), None)

    async def run(self) -> None:
        """Go on until the case is answered and with the agents, and talk with them."""
        from tests.faults.talking import talk

        try:
            await self._hand_over()
            async for _ in self.sim.patience(times=10):
                case = await self.case()
                if case is not None and self.sim.is_known(case.number):
                    await talk(self, self.sim.random.randint(2, 5))
                    return
        finally:
            self.quiet = True

    async def _hand_over(self) -> None:
        # a Retry-After of a day is believed for ten minutes each time
        async for _ in self.sim.patience(times=3):
            case = await self.case()
            if case is not None and case.handoff is not None and (case.shown.latest is not None or case.held):
                return
            await self.act(case)
        raise StuckError(f"{self.name} is stuck: {await self.case()}, {self._before_them()}")

    async def act(self, case: Case | None) -> None:
        """Do the next thing."""
        raise NotImplementedError

    def _before_them(self) -> str:
        """Return what somebody has before them who is stuck, and when they last did what."""
        seen = [f"{m.ts} {text_of(m)[:60]!r} {sorted(buttons(m))}" for m in self.dm[-SEEN:]]
        done_at = {what: f"{at:%d %H:%M:%S}" for what, at in self.said.items()}
        unsent = "something" if self.sim.unsent() else "nothing"
        return f"at {self.sim.clock.at:%d %H:%M:%S} sees {seen}, did {done_at}, {unsent} is still to be sent"

    @property
    def dm(self) -> list[Message]:
        """Return what stands in the DM with the bot."""
        slack = self.sim.slack
        return slack.messages(slack.im(self.name), self.name)

    def again(self, word: str) -> bool:
        """Tell whether this was never done, or is long enough ago to do it again; it counts as done then."""
        before, now = self.said.get(word), self.sim.clock.at
        if before is not None and now - before < self.sim.enough:
            return False
        self.said[word] = now
        return True

    def missing(self, what: str) -> bool:
        """Tell whether something that ought to be there has been missed for long."""
        since = self.said.setdefault(f"missing {what}", self.sim.clock.at)
        return self.sim.clock.at - since > self.sim.enough

    async def click(self, where: Message, action: str) -> bool:
        """Click a button, sometimes twice."""
        times = 2 if self.sim.random.random() < SOMETIMES else 1
        return any(await asyncio.gather(*(done(self._click(where, action)) for _ in range(times))))

    def _click(self, where: Message, action: str) -> Awaitable[Delivery]:
        how = {"action_id": action} | pressed(where, action)
        return self.sim.slack.click(self.name, where, **how, stale=True)

    async def ask_for_agent(self) -> None:
        """Write that a person is wanted."""
        if self.again("agent"):
            await self.say("agent")

    async def say(self, text: str, thread: str | None = None) -> str:
        """Write a message, which Slack delivers until it is acknowledged; returns its timestamp.

        `thread` is the message in whose thread it is written.
        """
        slack, before = self.sim.slack, len(self.sim.slack.deliveries)
        ts = await slack.say(self.name, slack.im(self.name), text, thread_ts=thread)
        [sent, *_] = [d for d in slack.deliveries[before:] if (d.payload.get("event") or {}).get("ts") == ts]
        await self.taken(sent)
        return ts

    async def murmur(
        self, case: int, *, meant: int = 0, thread: str | None = None, before: str = ""
    ) -> Written:
        """Write words that are no answer to anything, nor a command, perhaps with something before them."""
        words = self.sim.writings.add(Sort.WORDS, self.name, case, before)
        words.meant, words.ts = meant, await self.say(words.newest, thread)
        return words

    def thread_of(self, case: int) -> str | None:
        """Return one of the messages in the DM that are of a case, by chance; None where there is none.

        The question which case words are about is of the one that it names since it was answered.
        """
        im = self.sim.slack.im(self.name)
        other = f"SELECT ts FROM messages WHERE slot LIKE 'about-%%' AND case_id <> {case - SHELF}"  # noqa: S608
        mine = f"case_id = {case - SHELF} AND channel = '{im}' AND ts NOT IN ({other})"
        query = f"SELECT ts FROM messages WHERE {mine}"  # noqa: S608  our own words
        messages = self.sim.slack.world.messages[im]
        there = [ts for (ts,) in self.sim.rows(query) if ts in messages and not messages[ts].is_reply]
        return self.sim.random.choice(sorted(there)) if there else None

    async def change(self, ts: str, *texts: str) -> int:
        """Edit an own message, one text close upon the other, or delete it where there is none.

        Returns how many changes Slack took: none of what somebody else has deleted meanwhile.
        """
        slack, im = self.sim.slack, self.sim.slack.im(self.name)
        work = [slack.edit(self.name, im, ts, text) for text in texts] or [slack.delete(self.name, im, ts)]
        made = []
        with contextlib.suppress(StandInError):
            for one in work:
                made.append(await one)  # noqa: PERF401  those before the one that fails count
        for one in work:
            one.close()
        with contextlib.suppress(StandInError):
            for each in made:
                await self.taken(each)
        return len(made)


@dataclass
class ByModal(Requester):
    """Uses the slash command, or the shortcut of a message, and the modal."""

    by_shortcut: bool = False

    async def act(self, case: Case | None) -> None:
        view = self.sim.slack.view(self.name)
        if view is not None:
            await self._in_view(view)
        elif not self.helped:
            self.helped = await done(self._slash("help"))
        elif case is None or case.shown.latest is None:
            if self.again("command"):
                await self._begin()
        elif result := newest(self.dm, "hand_off"):
            if self.again("aside"):
                await self.murmur(case.number, meant=case.number)
            await self.click(result, "hand_off")
        elif self.missing("result"):
            await self.ask_for_agent()

    async def _begin(self) -> None:
        """Begin with the slash command, or with the shortcut of a message; later on come back by command."""
        slack, anew = self.sim.slack, not self.asked
        self.asked = True
        if anew and self.by_shortcut:
            await slack.say(self.name, SUPPORT, "Can I cancel this order?")
            await done(slack.shortcut(self.name, "check_order", slack.messages(SUPPORT)[-1]))
        else:
            await done(self._slash("new" if anew else ""))

    def _slash(self, text: str) -> Awaitable[Delivery]:
        return self.sim.slack.slash(self.name, SUPPORT, "/certdesk", text)

    async def _in_view(self, view: View) -> None:
        self.said.pop("command", None)
        match view.callback_id:
            case "question" if self.curious and "why" in buttons(view):
                self.curious = not await done(self.sim.slack.click(self.name, view, "why"))
            case "question" | "details":
                await done(self._submit(view))
            case "result" if not self.shared and "share" in buttons(view):
                self.shared = await done(
                    self.sim.slack.click(self.name, view, **pressed(view, "share") or {"action_id": "share"})
                )
            case "result" if "hand_off" in buttons(view):
                await done(self.sim.slack.click(self.name, view, "hand_off"))
            case _:
                await self.sim.slack.close(self.name)

    async def _submit(self, view: View) -> Delivery:
        fulfilled = (self.sim.clock.at - FULFILLED).date().isoformat()
        told = FACTS | DETAILS | {"fulfilled_on": fulfilled}
        for block in view.blocks:
            kind, _, name = str(block.get("block_id", "")).partition("-")
            if kind in {"fact", "detail"} and block["type"] == "input":
                view = self.sim.slack.fill(view, block["block_id"], told[name])
        return await self.sim.slack.submit(self.name, view)


@dataclass
class ByMessage(Requester):
    """Writes to the bot, edits and deletes what was written, and clicks what it offers.

    The hasty want an agent before all is answered; others take their first answer back and say it again.
    """

    hasty: bool = False
    repented: bool = False
    first: str | None = None  # the message that they began with
    asides: int = 2  # things to be said that answer nothing

    async def act(self, case: Case | None) -> None:
        if case is None:
            if self.first is None or self._is_gone(self.first):
                self.first = await self._begin()
        elif self._has_aside():
            self.asides -= 1
            await self._aside(case)
        elif case.handoff is None and case.shown.latest is not None and self.again("aside"):
            await self.murmur(case.number, meant=case.number)
        elif case.handoff is None and (
            case.shown.latest is not None or (self.hasty and case.interview.answers)
        ):
            await self.ask_for_agent()
        elif case.shown.latest is None and (case.handoff is None or self._with_agents(case)):
            still_open = [wanted for fact, wanted in WANTED.items() if case.interview.token(fact) is None]
            if still_open:
                await self._go_on(*still_open[0])

    async def _begin(self) -> str:
        """Begin by a command, or by saying what it is about; returns the message's timestamp."""
        if self.sim.random.random() < SOMETIMES:
            return (await self.murmur(0)).ts
        return await self.say("new")

    def _is_gone(self, ts: str) -> bool:
        """Tell whether somebody has deleted a message of theirs, and nothing has come of it for long."""
        slack = self.sim.slack
        return ts not in slack.world.messages[slack.im(self.name)] and self.missing(ts)

    def _has_aside(self) -> bool:
        return self.asides > 0 and self.sim.random.random() < SELDOM

    async def _aside(self, case: Case) -> None:
        """Say something that is no answer while a question is open, in its thread perhaps, or thank."""
        if case.shown.asked_in is None:
            return
        await self.sim.breath()
        match self.sim.random.choice(["murmur", "in the thread", "thanks"]):
            case "thanks":
                await self.say(THANKS)
            case "in the thread":
                await self.murmur(case.number, meant=case.number, thread=self.thread_of(case.number))
            case _:
                await self.murmur(case.number, meant=case.number)

    def _with_agents(self, case: Case) -> bool:
        """Tell whether the agents see the case, and click at this moment; or have not for long."""
        cards = self.sim.slack.messages(AGENTS)
        return any(f"{case.name}: " in text_of(card) for card in cards) or self.missing("card")

    async def _go_on(self, token: str, slip: str) -> None:
        question = newest(self.dm, f"choose:{token}")
        if question is None:
            # somebody deleted it, and it was seen before
            if self.missing(token) and self.again(token):
                await self.say(token.replace("_", " "))
        elif self.again(token):
            await self._answer(question, token, slip)

    async def _answer(self, question: Message, token: str, slip: str) -> None:
        """Answer by a click, in words, by a slip that is edited, or by what is deleted and said again."""
        chance, words = self.sim.random.random(), token.replace("_", " ")
        if self.hasty:
            await self.say(words)
        elif chance < 0.4 and self.repented:
            await self.click(question, f"choose:{token}")
        elif chance < 0.6 and self.repented:
            await self.say(words)
        elif chance < 0.8 and self.repented:
            await self.change(await self.say(slip), words, slip, words)
        else:
            self.repented = True
            await self.change(await self.say(words))
            self.said.clear()


async def together(*work: Awaitable[None]) -> None:
    """Do all at once; the first that gets stuck ends it."""
    async with asyncio.TaskGroup() as group:
        for one in work:
            group.create_task(one)  # type: ignore[arg-type]
