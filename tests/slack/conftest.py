"""What these tests share: acts of people in Slack, and that nothing the bot sends is refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.playground.standin import Message, StandIn, View, text_of
from tests.conftest import World
from tests.menus import doable, pressed

REQUESTER = "rosa"
SUPPORT = "ssl-support"
AGENTS = "ssl-agents"

OPENSRS = {"program": "opensrs", "requester": "reseller"}
ISSUED = OPENSRS | {"issued": "true"}
PARTNER = {"program": "trustico", "account": "partner"}
DETAILS = {"reseller_username": "acme", "supplier_order_id": "1234567890", "common_name": "www.example.com"}


@pytest.fixture
def refusals() -> set[str]:
    """The error codes with which this test wants Slack to refuse a call; none, unless it adds some."""
    return set()


@pytest.fixture(autouse=True)
def _strict(slack: StandIn, refusals: set[str]) -> Iterator[None]:
    """Hold every call and every answer of the bot to what Slack takes."""
    yield
    refused = [
        f"{call.method}: {call.response}"
        for call in slack.calls
        if (call.error or "ok") not in refusals | {"ok"}
    ]
    assert refused == []
    assert slack.problems == []


class Acts:
    """What people do, in the words of a test. Each act waits until nothing is left to be sent."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.slack = world.slack

    async def command(self, text: str = "", *, user: str = REQUESTER, channel: str = SUPPORT) -> View | None:
        delivery = await self.slack.slash(user, channel, "/certdesk", text)
        assert delivery.acked, delivery.error
        await self.world.settle()
        return self.slack.view(user)

    async def submit(self, user: str = REQUESTER, **fields: object) -> View:
        """Fill in the modal in front and submit it; a field is named by what it asks for."""
        view = self.modal(user)
        for name, value in fields.items():
            block = next(b["block_id"] for b in view.blocks if b["block_id"].endswith(name))
            view = self.slack.fill(view, block, value)
        delivery = await self.slack.submit(user, view)
        assert delivery.acked, delivery.error
        await self.world.settle()
        return self.modal(user)

    async def answer(self, facts: dict[str, str], user: str = REQUESTER) -> View:
        """Answer the questions in the modal, which must be these in this order."""
        for fact, value in facts.items():
            if (fact, value) == ("fulfilled_on", "unknown"):
                await self.press("I don't know", user=user)
            else:
                await self.submit(user, **{fact: value})
        return self.modal(user)

    async def walk(self, facts: dict[str, str], user: str = REQUESTER) -> View:
        await self.command("new", user=user)
        return await self.answer(facts, user)

    async def press(
        self, label: str, where: Message | View | None = None, *, user: str = REQUESTER, **how: object
    ) -> None:
        place = where or self.modal(user)
        how = {"action_id": label} | how | pressed(place, label, how.get("option"))
        delivery = await self.slack.click(user, place, **how)
        assert delivery.acked, delivery.error
        await self.world.settle()

    async def write(self, text: str, user: str = REQUESTER) -> str:
        """Write to the bot, and return what it has said since."""
        before = len(self.dm(user))
        await self.slack.say(user, self.slack.im(user), text)
        await self.world.settle()
        return "\n".join(text_of(message) for message in self.dm(user)[before + 1 :])

    def modal(self, user: str = REQUESTER) -> View:
        view = self.slack.view(user)
        assert view is not None
        return view

    def shown(self, user: str = REQUESTER) -> str:
        return text_of(self.modal(user))

    def dm(self, user: str = REQUESTER) -> list[Message]:
        return self.slack.messages(self.slack.im(user), user)

    def last(self, user: str = REQUESTER) -> Message:
        return self.dm(user)[-1]

    def channel(self, name: str = AGENTS, viewer: str | None = None) -> list[Message]:
        return self.slack.messages(name, viewer)


@pytest.fixture
def acts(world: World) -> Acts:
    return Acts(world)


def actions_in(where: Message | View) -> set[str]:
    """Return what can be done, by the action's name."""
    return doable(where)
