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
FULFILLED: Final = timedelta(days=13)  # ago
FACTS: Final = {"program": "opensrs", "requester": "reseller", "issued": "true", "provider": "sectigo"}
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
SOMETIMES: Final = 0.3


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
    """Somebody with one question, who wants an answer and an agent."""

    sim: Simulator
    name: str
    asked: bool = False
    helped: bool = False
    shared: bool = False
    curious: bool = True
    said: dict[str, datetime] = field(default_factory=dict)

    async def case(self) -> Case | None:
        """Return the case of this person, as the database has it."""
        mine = [c for c in await self.sim.cases() if c.person.user == self.sim.slack.user(self.name)]
        return mine[-1] if mine else None

    async def run(self) -> None:
        """Go on until the case is answered and with the agents."""
        async for _ in self.sim.patience():
            case = await self.case()
            if case is not None and case.handoff is not None and (case.outcome is not None or case.held):
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
        return self.sim.slack.click(self.name, where, action, stale=True)

    async def ask_for_agent(self) -> None:
        """Write that a person is wanted."""
        if self.again("agent"):
            await self.say("agent")

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


class ByModal(Requester):
    """Uses the slash command and the modal."""

    async def act(self, case: Case | None) -> None:
        view = self.sim.slack.view(self.name)
        if view is not None:
            await self._in_view(view)
        elif not self.helped:
            self.helped = await done(self._slash("help"))
        elif case is None or case.outcome is None:
            if self.again("command"):
                said = "" if self.asked else "new"
                self.asked = True
                await done(self._slash(said))
        elif result := newest(self.dm, "hand_off"):
            await self.click(result, "hand_off")
        elif self.missing("result"):
            await self.ask_for_agent()

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
                self.shared = await done(self.sim.slack.click(self.name, view, "share"))
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

    async def act(self, case: Case | None) -> None:
        if case is None:
            if not self.asked:
                self.asked = True
                await self.say("new")
        elif case.handoff is None and (case.outcome is not None or (self.hasty and case.answers)):
            await self.ask_for_agent()
        elif case.outcome is None and (case.handoff is None or self._with_agents(case)):
            still_open = [wanted for fact, wanted in WANTED.items() if case.token(fact) is None]
            if still_open:
                await self._go_on(*still_open[0])

    def _with_agents(self, case: Case) -> bool:
        """Tell whether the agents see the case, and click at this moment; or have not for long."""
        cards = self.sim.slack.messages(AGENTS)
        return any(case.name in text_of(card) for card in cards) or self.missing("card")

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
            await self._change(await self.say(slip), words, slip, words)
        else:
            self.repented = True
            await self._change(await self.say(words))
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


@dataclass
class Agent:
    """Claims every card that is there to be claimed, until told whose it is."""

    sim: Simulator
    name: str
    clicked: dict[int, datetime] = field(default_factory=dict)
    heard: set[int] = field(default_factory=set)  # the cases whose claim was acknowledged

    def told(self, case: Case) -> bool:
        """Tell whether the channel has said to this agent who has the case."""
        seen = self.sim.slack.messages(AGENTS, self.name)
        return any(m.ephemeral and case.name in text_of(m) and "is taken" in text_of(m) for m in seen)

    def owns(self, case: Case) -> bool:
        """Tell whether the case is this agent's."""
        owner = case.handoff.claimed_by if case.handoff else None
        return owner is not None and owner.user == self.sim.slack.user(self.name)

    def knows(self, case: Case) -> bool:
        """Tell whether this agent knows whose the case is, or need not: it was never theirs to claim."""
        return self.owns(case) or self.told(case) or (self._too_late(case) and case.number not in self.heard)

    def _too_late(self, case: Case) -> bool:
        """Tell whether another has the case and the card with the button is gone."""
        card = self.sim.cards.get(case.number)
        there = self.sim.slack.world.messages[self.sim.slack.channel(AGENTS)]
        claimed = case.handoff is not None and case.handoff.claimed_by is not None
        return claimed and card is not None and card.ts not in there

    async def run(self, cases: int) -> None:
        """Go on until it is known of so many cases whose they are."""
        async for _ in self.sim.patience(times=10):  # cases come when requesters are done
            settled = {case.number for case in await self.sim.cases() if case.handoff and self.knows(case)}
            if len(settled) >= cases:
                return
            await self._claim(settled)
        raise StuckError(f"{self.name} could not claim every case")

    async def _claim(self, settled: set[int]) -> None:
        for card in self.sim.slack.messages(AGENTS):
            if "claim" in buttons(card):
                self.sim.cards[self.sim.case_in(card)] = card
        for number, card in list(self.sim.cards.items()):
            if number not in settled and self._impatient(number):
                self.clicked[number] = self.sim.clock.at
                if await done(self.sim.slack.click(self.name, card, "claim", stale=True)):
                    self.heard.add(number)

    def _impatient(self, number: int) -> bool:
        """Tell whether it is long enough ago that this agent clicked to click again."""
        before = self.clicked.get(number)
        return before is None or self.sim.clock.at - before > self.sim.enough


async def together(*work: Awaitable[None]) -> None:
    """Do all at once; the first that gets stuck ends it."""
    async with asyncio.TaskGroup() as group:
        for one in work:
            group.create_task(one)  # type: ignore[arg-type]
