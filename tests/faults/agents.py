"""Agents: they claim every case, and then work on it, on the card, in its thread and in App Home."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Container
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from bot.conversation.case import Case
from bot.conversation.handoff import SETTLED, Standing
from bot.playground.standin import Message, StandInError, View, text_of
from tests.faults.actors import AGENTS, Someone, StuckError, buttons, done
from tests.faults.written import Sort, Written

if TYPE_CHECKING:
    pass

LOOKS: Final = 30  # at the screen, for a window to open
CLUMSY: Final = 0.2  # how often one acts on another's case
# What there is to do about a case that somebody has; it comes around, so that a run does each.
JOBS: Final = (
    *("note", "reply", "reply", "ask", "ask", "resolve", "resolve", "give back"),
    *("reassign", "mark", "check", "stop_as_agent", "stop_as_agent", "at home"),
)
DUPLICATE: Final = "duplicate"
OUTCOMES: Final = ("refunded", "canceled_only", "refused", "sent_to_provider", DUPLICATE)


@dataclass
class Agent(Someone):
    """Claims every card that is there to be claimed, until told whose it is; then works on what is theirs."""

    clicked: dict[int, datetime] = field(default_factory=dict)
    heard: set[int] = field(default_factory=set)  # the cases whose claim was acknowledged
    known: set[int] = field(default_factory=set)  # the cases of which it is known whose they are

    # --- whose it is

    def told(self, case: Case) -> bool:
        """Tell whether the channel has said to this agent who has the case."""
        return self._whispered(case, "is taken")

    def _whispered(self, case: Case, words: str) -> bool:
        seen = self.sim.slack.messages(AGENTS, self.name)
        return any(m.ephemeral and case.name in text_of(m) and words in text_of(m) for m in seen)

    def owns(self, case: Case) -> bool:
        """Tell whether the case is this agent's."""
        owner = case.handoff.claimed_by if case.handoff else None
        return owner is not None and owner.user == self.user

    def knows(self, case: Case) -> bool:
        """Tell whether this agent knows whose the case is, or need not: it was never theirs to claim."""
        # who clicked before Slack had said who is an agent was told that nothing was done
        unheard = case.number not in self.heard or self._whispered(case, "Nothing was done")
        return self.owns(case) or self.told(case) or (self._too_late(case) and unheard)

    def _too_late(self, case: Case) -> bool:
        """Tell whether another has the case and the card with the button is gone."""
        card = self.sim.cards.get(case.number)
        claimed = case.handoff is not None and case.handoff.claimed_by is not None
        return claimed and card is not None and card.ts not in self._there()

    def _there(self) -> Container[str]:
        """Return the timestamps of what stands in the agents' channel."""
        return self.sim.slack.world.messages[self.sim.slack.channel(AGENTS)]

    async def run(self, cases: int) -> None:
        """Go on until it is known of so many cases whose they are, and the work on them is done."""
        async for _ in self.sim.patience(times=10):  # cases come when requesters are done
            stored = await self.sim.cases()
            fresh = [case for case in stored if case.handoff and case.number not in self.known]
            self.known |= {case.number for case in fresh if self.knows(case)}
            if not (claimed := self._knows_all(stored, cases)):
                await self._claim()
            elif not any(map(self.sim.unfinished, stored)):
                return
            await self.work(stored)
        if not claimed:
            raise StuckError(f"{self.name} could not claim every case")

    def _knows_all(self, stored: list[Case], cases: int) -> bool:
        """Tell whether it is known whose are so many cases: of each requester the first."""
        first = {case.person: case.number for case in reversed(stored)}
        return len(self.known.intersection(first.values())) >= cases

    async def _claim(self) -> None:
        there = self._there()
        for card in self.sim.slack.messages(AGENTS):
            number = self.sim.case_in(card) if "claim" in buttons(card) else None
            before = self.sim.cards.get(number) if number is not None else None
            # where somebody deleted it there is another, in which nobody has claimed yet
            if number is not None and (before is None or before.ts not in there):
                self.sim.cards[number] = card
        for number, card in list(self.sim.cards.items()):
            if number not in self.known and self._impatient(number):
                self.clicked[number] = self.sim.clock.at
                if card.ts not in there:
                    await self._claim_at_home(number)
                if await self._press(card, "claim"):
                    self.heard.add(number)

    async def _claim_at_home(self, number: int) -> None:
        """Claim from the queue in App Home a case whose card somebody has deleted."""
        home, claim = await self.visit(), f"claim:C-{number}"
        async for _ in self.sim.glances(LOOKS):
            if home is None or claim in {e["action_id"] for e in elements(home)}:
                break
            home = self.sim.slack.home(self.name)
        if home is not None and await self._press(home, claim):
            self.heard.add(number)

    def _impatient(self, number: int) -> bool:
        """Tell whether it is long enough ago that this agent clicked to click again."""
        before = self.clicked.get(number)
        return before is None or self.sim.clock.at - before > self.sim.enough

    # --- the work

    async def work(self, cases: list[Case]) -> None:
        """Do the next thing for each case that has one left."""
        for case in cases:
            if self.sim.workable(case) and (doing := self._next(case)) is not None:
                self.sim.left[case.number] -= 1
                await self.sim.breath()
                await doing
                await self._tidy()

    def _next(self, case: Case) -> Awaitable[Any] | None:
        """Return what this agent does about a case now; where it is not theirs, seldom anything."""
        chance = self.sim.random.random()
        if case.standing is Standing.WAITING:
            return self._take(case)
        if not self.owns(case) and chance > CLUMSY:
            return None
        if case.standing in SETTLED:
            return self._on_card(case, "reopen") if chance < CLUMSY else None
        jobs = {
            "note": self._note,
            "reply": self._reply,
            "ask": self._ask,
            "resolve": self._resolve,
            "give back": self._give_back,
            "reassign": self._reassign,
            "mark": self._mark,
            "check": self._check,
            "stop_as_agent": self._stop_reminder,
            "at home": self._at_home,
        }
        return jobs[self.sim.draw()](case)

    def card(self, case: Case) -> Message | None:
        """Return the card of a case, None where it is gone."""
        channel = self.sim.slack.messages(AGENTS)
        cards = (m for m in reversed(channel) if m.by_app and not m.is_reply and not m.ephemeral)
        return next((m for m in cards if f"{case.name}: " in text_of(m)), None)

    async def _press(self, where: Message | View, action: str, **how: object) -> bool:
        return await done(self.sim.slack.click(self.name, where, action, stale=True, **how))

    async def _on_card(self, case: Case, action: str, **how: object) -> bool:
        card = self.card(case)
        return card is not None and await self._press(card, action, **how)

    async def _take(self, case: Case) -> None:
        if self.sim.random.random() < 0.5:
            await self._emoji(case, "eyes")
        else:
            await self._on_card(case, "claim")

    async def _note(self, case: Case) -> None:
        if (card := self.card(case)) is not None:
            text = self.sim.writings.add(Sort.NOTE, self.name, case.number).newest
            await self.sim.slack.say(self.name, AGENTS, text, thread_ts=card.ts)

    async def _reply(self, case: Case) -> None:
        await self._send(case, "reply")

    async def _ask(self, case: Case) -> None:
        await self._send(case, "ask_back")

    async def _send(self, case: Case, form: str) -> None:
        if await self._on_card(case, form) and (view := await self._window(form)):
            await self._submit_words(case, view)

    async def _submit_words(self, case: Case, view: View) -> None:
        reply = self.sim.writings.add(Sort.REPLY, self.name, case.number)
        await self._submit(reply, view, words=reply.newest)

    async def _resolve(self, case: Case) -> None:
        outcome = self.sim.random.choice(OUTCOMES)
        card = self.card(case)
        if card is not None:
            options = next((e["options"] for e in elements(card) if e["action_id"] == "resolve"), [])
            chosen = [o["value"] for o in options if o["value"].endswith(outcome)]
            if chosen and await self._press(card, "resolve", option=chosen[0]):
                await self._name_original(outcome)

    async def _name_original(self, outcome: str) -> None:
        """Fill in of which case it is a duplicate, if it was resolved as such."""
        if outcome == DUPLICATE and (view := await self._window(DUPLICATE)):
            original = self.sim.random.choice(await self.sim.cases())
            with contextlib.suppress(StandInError):  # the form is gone
                await self.sim.slack.submit(self.name, self.sim.slack.fill(view, "case", original.name))

    async def _give_back(self, case: Case) -> None:
        await self._on_card(case, "give_back")

    async def _reassign(self, case: Case) -> None:
        if await self._on_card(case, "reassign") and (view := await self._window("reassign")):
            to = self.sim.random.choice([agent.user for agent in self.sim.agents])
            note = self.sim.writings.add(Sort.NOTE, self.name, case.number)
            await self._submit(note, view, agent=to, note=note.newest)

    async def _mark(self, case: Case) -> None:
        """Mark it as urgent, and think again."""
        await self._emoji(case, "rotating_light")
        await self.sim.breath()
        await self._emoji(case, "rotating_light")

    async def _check(self, case: Case) -> None:
        """Ask for the outcomes by emoji, and choose one."""
        before = {m.ts for m in self.sim.slack.messages(AGENTS)}
        await self._emoji(case, "white_check_mark")
        chosen = self.sim.random.choice(OUTCOMES)
        outcome = f"resolve:{chosen}"
        async for _ in self.sim.glances(LOOKS):
            offered = [m for m in self.sim.slack.messages(AGENTS) if m.ts not in before and m.is_reply]
            if found := [m for m in offered if outcome in buttons(m)]:
                if await self._press(found[-1], outcome):
                    await self._name_original(chosen)
                return

    async def _emoji(self, case: Case, name: str) -> None:
        """Put an emoji on the card, or take it off where it is there."""
        card, slack = self.card(case), self.sim.slack
        if card is None:
            return
        act = slack.unreact if (name, self.user) in card.reactions else slack.react
        try:
            await self.taken(await act(self.name, card, name))
        except StandInError:
            return  # the card is gone

    async def _stop_reminder(self, case: Case) -> None:
        card = self.card(case)
        options = (
            [o for e in elements(card) if e["action_id"] == "stop_as_agent" for o in e["options"]]
            if card
            else []
        )
        if card is not None and options:
            await self._press(card, "stop_as_agent", option=self.sim.random.choice(options)["value"])

    async def _at_home(self, case: Case) -> None:
        """Look at App Home, and answer from there where the case is listed."""
        home = await self.visit()
        if home is None:
            return
        tab = self.sim.random.choice(["home:queue", "home:held", "home:risk", "home:week", "home:own"])
        await self._press(home, tab)
        reply = f"reply:{case.name}"
        async for _ in self.sim.glances(LOOKS):
            home = self.sim.slack.home(self.name) or home
            if reply in {e["action_id"] for e in elements(home)}:
                break
        if await self._press(home, reply) and (view := await self._window("reply")):
            await self._submit_words(case, view)

    async def _window(self, callback: str) -> View | None:
        """Wait for a form, None where it does not open."""
        async for _ in self.sim.glances(LOOKS):
            view = self.sim.slack.view(self.name)
            if view is not None and view.callback_id == callback:
                return view
        return None

    async def _submit(self, written: Written, view: View, **fields: str) -> None:
        slack = self.sim.slack
        try:
            for name, value in fields.items():
                view = slack.fill(view, name, value)
            delivery = await slack.submit(self.name, view)
        except StandInError:
            return  # the form is gone
        written.taken = delivery.acked
        written.refused = isinstance(delivery.response, dict) and "view" in delivery.response

    async def _tidy(self) -> None:
        """Close what is open."""
        while (view := self.sim.slack.view(self.name)) is not None:
            await self.sim.slack.close(self.name, view)


@dataclass
class Newcomer(Someone):
    """Joins the agents' channel and leaves it again; who has left can do nothing."""

    async def run(self) -> None:
        """Come and go."""
        slack = self.sim.slack
        for _ in range(self.sim.random.randint(1, 2)):
            await self.sim.breath()
            await self.taken(await slack.join(self.name, AGENTS))
            await self.sim.breath()
            await self.taken(await slack.leave(self.name, AGENTS))
        async for _ in self.sim.glances(5):
            for card in slack.messages(AGENTS):
                for block in card.blocks if "claim" in buttons(card) else ():
                    if found := [e for e in block.get("elements", []) if e.get("action_id") == "claim"]:
                        await done(slack.people.act(self.user, card, block, found[0], None))
                        return


def elements(where: Message | View) -> list[dict[str, Any]]:
    """Return everything that can be used, beside texts too."""
    rows = [e for b in where.blocks if b["type"] == "actions" for e in b["elements"]]
    return rows + [b["accessory"] for b in where.blocks if "accessory" in b]
