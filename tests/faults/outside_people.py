"""A guest with a question, and two agents: as people do, they look, act, and act again if nothing came."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from bot.playground.standin import Delivery, Message, StandIn, StandInError, View, text_of

AGENTS: Final = "ssl-agents"
LOOK: Final = 0.05  # seconds between two looks
AGAIN: Final = 6.0  # seconds after which somebody does again what had no effect
PATIENCE: Final = 600.0  # seconds until somebody is stuck
RETRIES: Final = 3  # of Slack, after a first try
TRYING: Final = 180.0  # seconds that they take, and more
CASE: Final = re.compile(r"C-\d+")
OWNER: Final = "ada"
LATE: Final = "ben"
OUTCOME: Final = "refused"


class StuckError(AssertionError):
    """Somebody could not go on with what they want."""


@dataclass
class Said:
    """A text that stands nowhere else, and whether the desk took it."""

    text: str
    taken: bool


@dataclass
class Visit:
    """One guest's question from the first word to its end, and all that was said on the way."""

    slack: StandIn
    name: str
    words: list[Said] = field(default_factory=list)
    replies: list[Said] = field(default_factory=list)
    late: list[bool] = field(default_factory=list)  # of each click that came too late, whether it was taken
    case: str = ""
    over: bool = False

    @property
    def user(self) -> str:
        """Return the guest's id."""
        return self.slack.user(self.name)

    @property
    def dm(self) -> list[Message]:
        """Return what stands in the guest's DM with the desk."""
        return self.slack.messages(self.slack.im(self.name), self.name)

    def cards(self) -> list[Message]:
        """Return what stands in the agents' channel of this guest, threads aside."""
        mine = f"<user:{self.user}>"
        return [m for m in self.slack.messages(AGENTS) if not m.is_reply and mine in text_of(m)]

    def thread(self) -> list[Message]:
        """Return what stands in the threads of this guest's cards."""
        return [m for card in self.cards() for m in self.slack.world.thread(card.channel, card.ts)]

    async def run(self) -> None:
        """Ask, be answered, want an agent, talk with her, and be told how it ended."""
        await self.say_until("trustico", lambda: self._has("choose:partner"))
        await self.click_until("choose:partner", lambda: self._has("choose:prepaid_balance"))
        await self.click_until("choose:prepaid_balance", lambda: self._has("hand_off"))
        await self.click_until("hand_off", lambda: bool(self.cards()))
        await self.claimed()
        await self.tell_agents(1)
        await self.replied()
        await self.tell_agents(2)
        await self.resolved()
        self.over = True

    # --- the guest

    def _has(self, action: str) -> bool:
        return any(action in actions_of(m) for m in self.dm)

    async def say_until(self, text: str, holds: Callable[[], bool]) -> None:
        await self.until(holds, lambda: self._say(text), f"{self.name} said {text!r}")

    async def _say(self, text: str) -> bool:
        """Write to the desk; returns whether Slack got it there, at the first or a later try."""
        ts = await self.slack.say(self.name, self.slack.im(self.name), text)
        return await self.arrived(ts)

    async def arrived(self, ts: str) -> bool:
        """Wait until one try of a message's delivery is acknowledged; False where not even the last one is.

        Who says it again sooner might say it twice, and what Slack tries later might open the case again.
        """
        until = time.monotonic() + TRYING
        while time.monotonic() < until:
            tries = [d for d in self.slack.deliveries if (d.payload.get("event") or {}).get("ts") == ts]
            if any(d.acked for d in tries):
                return True
            if any(d.retry_num == RETRIES for d in tries):
                return False
            await asyncio.sleep(LOOK)
        return False

    async def click_until(self, action: str, holds: Callable[[], bool]) -> None:
        await self.until(holds, lambda: self._click_newest(action), f"{self.name} clicked {action}")

    async def _click_newest(self, action: str) -> bool:
        there = [m for m in self.dm if action in actions_of(m)]
        return bool(there) and await done(self.slack.click(self.name, there[-1], action, stale=True))

    async def tell_agents(self, number: int) -> None:
        """Write to who has the case, and again in other words where the desk did not take it."""
        for attempt in range(5):
            text = f"word {self.name} {number} {attempt}"
            taken = await self._say(text)
            self.words.append(Said(text, taken))
            if taken:
                await self.until(partial(self._stands_in_thread, text), None, f"{text!r} was taken")
                return
        raise StuckError(f"nobody takes what {self.name} writes")

    def _stands_in_thread(self, text: str) -> bool:
        return stands(self.thread(), text)

    def _stands_in_dm(self, text: str) -> bool:
        return stands(self.dm, text)

    # --- the agents

    async def claimed(self) -> None:
        """Let one claim the case, and the other come too late."""
        seen = self.cards()[-1]

        async def claim() -> bool:
            return await done(self.slack.click(OWNER, self.cards()[-1], "claim", stale=True))

        await self.until(lambda: "claim" not in actions_of(self.cards()[-1]), claim, f"{OWNER} claimed")
        self.case = CASE.findall(text_of(self.cards()[-1]))[0]
        late = await done(self.slack.click(LATE, seen, "claim", stale=True))
        self.late.append(late)

    def told(self) -> bool:
        """Tell whether the one who came too late was told."""
        seen = self.slack.messages(AGENTS, LATE)
        return any(m.ephemeral and self.case in text_of(m) for m in seen)

    async def replied(self) -> None:
        """Let the owner write to the guest, and again in other words where her form was not taken."""
        for attempt in range(12):
            text = f"reply {self.name} {attempt}"
            form = await self._form()
            if form is None:
                continue
            taken = await self._submitted(form, text)
            self.replies.append(Said(text, taken))
            if taken:
                await self.until(partial(self._stands_in_dm, text), None, f"{text!r} was taken")
                return
            await asyncio.sleep(1)
            await self._close()
        raise StuckError(f"{OWNER} cannot reply to {self.name}")

    async def _form(self) -> View | None:
        """Open the form, once the case is hers: it waits again where she has left meanwhile."""
        if "claim" in actions_of(self.cards()[-1]):
            await done(self.slack.click(OWNER, self.cards()[-1], "claim", stale=True))
            await asyncio.sleep(1)
        if await done(self.slack.click(OWNER, self.cards()[-1], "reply", stale=True)):
            for _ in range(60):
                if (view := self.slack.view(OWNER)) is not None:
                    return view
                await asyncio.sleep(LOOK)
        await asyncio.sleep(1)
        return None

    async def _submitted(self, form: View, text: str) -> bool:
        """Send a form off; returns whether it was taken, and not answered with why not."""
        try:
            sent = await self.slack.submit(OWNER, self.slack.fill(form, "words", text))
        except StandInError:
            return False
        answer = sent.response if isinstance(sent.response, dict) else {}
        return sent.acked and answer.get("response_action") in {None, "clear"}

    async def _close(self) -> None:
        if self.slack.view(OWNER) is not None:
            await self.slack.close(OWNER)

    async def resolved(self) -> None:
        """Let the owner end it."""

        async def resolve() -> bool:
            card = self.cards()[-1]
            menus = [element for element in elements_of(card) if element["action_id"] == "resolve"]
            options = [option["value"] for menu in menus for option in menu["options"]]
            chosen = [value for value in options if value.endswith(OUTCOME)]
            return bool(chosen) and await done(
                self.slack.click(OWNER, card, "resolve", option=chosen[0], stale=True)
            )

        await self.until(lambda: "resolve" not in actions_of(self.cards()[-1]), resolve, f"{OWNER} resolved")

    # --- what people are

    async def until(
        self, holds: Callable[[], bool], act: Callable[[], Awaitable[bool]] | None, what: str
    ) -> None:
        """Act until something holds: again at once where it was not taken, else after a while."""
        since, again = time.monotonic(), 0.0
        while not holds():
            now = time.monotonic()
            if now - since > PATIENCE:
                raise StuckError(f"{what}, and nothing came of it")
            if act is not None and now >= again:
                again = now + (AGAIN if await act() else 0.5)
            await asyncio.sleep(LOOK)


def elements_of(message: Message) -> list[dict[str, Any]]:
    """Return what can be clicked in a message."""
    blocks = [block for block in message.blocks if block["type"] == "actions"]
    return [element for block in blocks for element in block["elements"]]


def actions_of(message: Message) -> set[str]:
    """Return the action ids in a message."""
    return {element["action_id"] for element in elements_of(message)}


def stands(messages: list[Message], text: str) -> bool:
    """Tell whether a text stands among messages of the desk."""
    return any(m.by_app and text in text_of(m) for m in messages)


async def done(act: Awaitable[Delivery | None]) -> bool:
    """Do something in Slack; returns whether it was acknowledged."""
    try:
        delivery = await act
    except StandInError:
        return False  # it is not there any more
    return delivery is not None and delivery.acked
