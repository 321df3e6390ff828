"""Six sample cases for the playground's agents, asked by Eve, with different ages and states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot import clock
from bot.playground.standin import Message, StandIn
from bot.wiring import Bot

__all__ = ["SAMPLES", "EarlierClock", "Sample", "ask_samples"]

REQUESTER: Final = "eve"
AGENTS: Final = "ssl-agents"


@dataclass
class EarlierClock:
    """A clock that is `behind` the machine's, and is only set forward while a desk uses it."""

    behind: timedelta = timedelta()

    def __post_init__(self) -> None:
        """Remember how far it was behind, so that its ticks start from the machine's."""
        self._first = self.behind

    @classmethod
    def for_samples(cls) -> EarlierClock:
        """Return the clock for a desk that starts with the samples."""
        return cls(max(sample.age for sample in SAMPLES))

    def now(self) -> datetime:
        """Return the current time by this clock."""
        return clock.now() - self.behind

    def ticks(self) -> float:
        """Return steady seconds that also jump when this clock is set forward."""
        return clock.ticks() + (self._first - self.behind).total_seconds()


@dataclass(frozen=True, slots=True)
class Sample:
    """What a requester wrote, how long ago, and what an agent then did: buttons, a choice, an emoji."""

    age: timedelta
    words: tuple[str, ...]
    agent: str = ""
    clicks: tuple[str, ...] = ()
    choice: str = ""
    emoji: str = ""


OPENSRS: Final = ("new", "opensrs", "reseller", "yes")
PARTNER: Final = ("new", "trustico", "partner")
CLAIM: Final = ("claim",)
SAMPLES: Final = (
    Sample(timedelta(days=6), (*OPENSRS, "geotrust", "20 days ago"), "ben", CLAIM, "refunded"),
    Sample(timedelta(days=4), (*PARTNER, "prepaid balance"), "ada", CLAIM),
    Sample(timedelta(days=2), (*OPENSRS, "rapidssl")),
    Sample(timedelta(hours=26), (*PARTNER, "certificate", "no"), "ben", CLAIM),
    Sample(timedelta(hours=3), (*OPENSRS, "thawte", "29 days ago"), "ada", emoji="rotating_light"),
    Sample(timedelta(minutes=20), ("new", "other")),
)


async def ask_samples(slack: StandIn, bot: Bot, past: EarlierClock) -> None:
    """Ask each sample with the clock at its time, then set the clock to the present."""
    for sample in SAMPLES:
        past.behind = sample.age
        await _ask(slack, bot, sample)
        await _sent(bot)
    past.behind = timedelta()


async def _ask(slack: StandIn, bot: Bot, sample: Sample) -> None:
    im, cards = slack.im(REQUESTER), len(_cards(slack))
    for text in (*sample.words, "agent"):
        said = await slack.say(REQUESTER, im, text)
        await slack.until(lambda said=said: [m for m in slack.messages(im) if m.by_app and m.ts > said])  # type: ignore[misc]
    card = (await slack.until(lambda: _cards(slack)[cards:]))[-1]
    for action in sample.clicks:
        await slack.click(sample.agent, card, action)
        await slack.until(_redrawn(slack, card))
    await _sent(bot)
    if sample.choice:
        card = _cards(slack)[-1]
        await slack.click(sample.agent, card, "resolve", option=_option(card, sample.choice))
    if sample.emoji:
        await slack.react(sample.agent, card, sample.emoji)


async def _sent(bot: Bot) -> None:
    """Wait until everything is sent: a message still queued when the clock is set forward would expire."""
    await bot.listeners.after_ack.drain()
    while await bot.outbox.drain():
        pass


def _redrawn(slack: StandIn, card: Message) -> Callable[[], bool]:
    return lambda: any(each.ts == card.ts and each.blocks != card.blocks for each in _cards(slack))


def _option(card: Message, choice: str) -> str:
    """Return the menu value that ends with a word."""
    elements = [e for block in card.blocks if block["type"] == "actions" for e in block["elements"]]
    values = [str(option["value"]) for e in elements for option in e.get("options", ())]
    return next(value for value in values if value.endswith(choice))


def _cards(slack: StandIn) -> list[Message]:
    return [message for message in slack.messages(AGENTS) if message.by_app and not message.is_reply]
