"""People who want something of the desk and do not give up: each looks at what stands there and goes on."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from bot.playground.standin import Message, StandInError, View, text_of
from policy.facts import Fact

if TYPE_CHECKING:
    from bot.conversation.case import Case
    from bot.playground.standin.courier import Delivery
    from tests.faults.simulator import Simulator

SUPPORT: Final = "ssl-support"
AGENTS: Final = "ssl-agents"
PATIENCE: Final = 150  # looks at the screen, and
ENOUGH: Final = timedelta(minutes=3)  # of waiting for an answer, then a person does it again
LONG: Final = 1200  # seconds by the clock, then a person is stuck
FACTS: Final = {
    "program": "opensrs",
    "requester": "reseller",
    "issued": "true",
    "provider": "sectigo",
    "fulfilled_on": "2026-11-10",
}
DETAILS: Final = {
    "reseller_username": "acme",
    "supplier_order_id": "1234567890",
    "common_name": "www.example.com",
}
WANTED: Final = {
    Fact.PROGRAM: ("trustico", "opensrs"),  # and what is said first by mistake
    Fact.ACCOUNT: ("partner", "retail"),
    Fact.SUBJECT: ("prepaid_balance", "soonish"),
}


class StuckError(AssertionError):
    """Somebody could not go on with what they want."""


def buttons(where: Message | View | None) -> set[str]:
    """Return the action ids that can be clicked."""
    blocks = where.blocks if where is not None else []
    return {e["action_id"] for b in blocks if b["type"] == "actions" for e in b["elements"]}


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
class Requester:
    """Somebody with one question, who wants an answer and then an agent."""

    sim: Simulator
    name: str
    asked: bool = False
    shared: bool = False
    curious: bool = True
    said: dict[str, datetime] = field(default_factory=dict)

    async def case(self) -> Case | None:
        """Return the case of this person, as the database has it."""
        mine = [c for c in await self.sim.cases() if c.person.user == self.sim.slack.user(self.name)]
        return mine[-1] if mine else None

    async def run(self) -> None:
        """Go on until the case is with the agents."""
        async for _ in self.sim.patience(times=3):  # what is said is edited, deleted and said again
            case = await self.case()
            if case is not None and case.handoff is not None and case.outcome is not None:
                return
            await self.act(case)
        raise StuckError(f"{self.name} is stuck: {await self.case()}")

    async def act(self, case: Case | None) -> None:
        """Do the next thing."""
        raise NotImplementedError

    @property
    def dm(self) -> list[Message]:
        """Return what stands in the DM with the bot."""
        slack = self.sim.slack
        return slack.messages(slack.im(self.name), self.name)


class ByModal(Requester):
    """Uses the slash command and the modal."""

    async def act(self, case: Case | None) -> None:
        slack, view = self.sim.slack, self.sim.slack.view(self.name)
        if view is not None:
            await self._in_view(view)
        elif result := newest(self.dm, "hand_off"):
            await done(slack.click(self.name, result, "hand_off"))
        elif case is None or case.outcome is None:
            said = "" if self.asked else "new"
            self.asked = True
            await done(slack.slash(self.name, SUPPORT, "/certdesk", said))

    async def _in_view(self, view: View) -> None:
        match view.callback_id:
            case "question" if self.curious and "why" in buttons(view):
                self.curious = not await done(self.sim.slack.click(self.name, view, "why"))
            case "question" | "details":
                await done(self._submit(view))
            case "result" if not self.shared and "share" in buttons(view):
                self.shared = await done(self.sim.slack.click(self.name, view, "share"))
            case "result" if "hand_off" in buttons(view):
                await done(self.sim.slack.click(self.name, view, "hand_off"))
            case _:
                await self.sim.slack.close(self.name)

    async def _submit(self, view: View) -> Delivery:
        for block in view.blocks:
            kind, _, name = str(block.get("block_id", "")).partition("-")
            if kind in {"fact", "detail"} and block["type"] == "input":
                view = self.sim.slack.fill(view, block["block_id"], (FACTS | DETAILS)[name])
        return await self.sim.slack.submit(self.name, view)


class ByMessage(Requester):
    """Writes to the bot, edits and deletes what was written, and clicks what it offers."""

    async def act(self, case: Case | None) -> None:
        open_facts = [fact for fact in WANTED if case is None or case.token(fact) is None]
        if case is None or case.outcome is not None:
            word = "new" if case is None else "agent"
            if self._patient(word):
                await self.say(word)
        elif open_facts:
            token, slip = WANTED[open_facts[0]]
            question = newest(self.dm, f"choose:{token}")
            if question is not None and self._patient(token):
                await self._answer(question, token, slip)

    def _patient(self, word: str) -> bool:
        """Tell whether it is long enough ago that this was said to say it again."""
        before, now = self.said.get(word), self.sim.clock.at
        if before is not None and now - before < ENOUGH:
            return False
        self.said[word] = now
        return True

    async def _answer(self, question: Message, token: str, slip: str) -> None:
        """Answer by a click, in words, by a slip that is edited, or by what is deleted and said again."""
        chance, words = self.sim.random.random(), token.replace("_", " ")
        if chance < 0.4:
            await done(self.sim.slack.click(self.name, question, f"choose:{token}"))
        elif chance < 0.6:
            await self.say(words)
        elif chance < 0.8:
            ts = await self.say(slip)
            await self._change(ts, words, slip, words)
        else:
            ts = await self.say(words)
            await self._change(ts)
            self.said.clear()

    async def _change(self, ts: str, *texts: str) -> None:
        """Edit an own message, one text close upon the other, or delete it where there is none."""
        slack, im = self.sim.slack, self.sim.slack.im(self.name)
        work = [slack.edit(self.name, im, ts, text) for text in texts] or [slack.delete(self.name, im, ts)]
        with contextlib.suppress(StandInError):  # somebody else has deleted it meanwhile
            for made in [await one for one in work]:
                assert made is not None
                await self._taken(made.payload["event_id"])
        for one in work:
            one.close()

    async def say(self, text: str) -> str:
        """Write a message, which Slack delivers until it is acknowledged; returns its timestamp."""
        slack = self.sim.slack
        ts = await slack.say(self.name, slack.im(self.name), text)
        [sent, *_] = [d for d in slack.deliveries if (d.payload.get("event") or {}).get("ts") == ts]
        await self._taken(sent.payload["event_id"])
        return ts

    async def _taken(self, event_id: str) -> None:
        """Wait until an event is acknowledged, and let Slack deliver it again where it is not."""
        slack = self.sim.slack
        async for attempt in self.sim.patience():
            sent = [d for d in slack.deliveries if d.payload.get("event_id") == event_id]
            if any(d.acked for d in sent):
                return
            if sent and attempt and sent[-1].error != "held":
                await slack.redeliver(sent[-1], min(attempt, 3))
        raise StuckError(f"what {self.name} wrote is never taken")


@dataclass
class Agent:
    """Claims every card that is there to be claimed, until told whose it is."""

    sim: Simulator
    name: str
    clicked: dict[int, datetime] = field(default_factory=dict)

    def told(self, case: Case) -> bool:
        """Tell whether the channel has said to this agent who has the case."""
        seen = self.sim.slack.messages(AGENTS, self.name)
        return any(m.ephemeral and case.name in text_of(m) and "is taken" in text_of(m) for m in seen)

    def owns(self, case: Case) -> bool:
        """Tell whether the case is this agent's."""
        owner = case.handoff.claimed_by if case.handoff else None
        return owner is not None and owner.user == self.sim.slack.user(self.name)

    async def run(self, cases: int) -> None:
        """Go on until so many cases are this agent's or another's, and the channel has said so."""
        async for _ in self.sim.patience(times=10):  # cases come when requesters are done
            settled = [c for c in await self.sim.cases() if c.handoff and (self.owns(c) or self.told(c))]
            if len(settled) >= cases:
                return
            await self._claim({c.number for c in settled})
        raise StuckError(f"{self.name} could not claim every case")

    async def _claim(self, settled: set[int]) -> None:
        for card in self.sim.slack.messages(AGENTS):
            if "claim" in buttons(card):
                self.sim.cards[self.sim.case_in(card)] = card
        for number, card in list(self.sim.cards.items()):
            if number not in settled and self._impatient(number):
                self.clicked[number] = self.sim.clock.at
                await done(self.sim.slack.click(self.name, card, "claim", stale=True))

    def _impatient(self, number: int) -> bool:
        """Tell whether it is long enough ago that this agent clicked to click again."""
        before = self.clicked.get(number)
        return before is None or self.sim.clock.at - before > ENOUGH


async def together(*work: Awaitable[None]) -> None:
    """Do all at once; the first that gets stuck ends it."""
    async with asyncio.TaskGroup() as group:
        for one in work:
            group.create_task(one)  # type: ignore[arg-type]
