"""What Slack says about people: who is an agent, and whom to look up."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Final

from bot.conversation.people import Account, Person
from bot.desk.deliveries import Membership
from bot.desk.recorded_deliveries import try_recorded
from bot.store import KnownPerson, Store, Unit
from bot.store.accounts import ASKING, is_due
from bot.store.coding import millis

CLOCKS_APART: Final = timedelta(seconds=5)  # the clocks of two processes


class People:
    """People as Slack describes them. `channel` is the agents' channel, if there is one."""

    def __init__(self, store: Store, clock: Callable[[], datetime], channel: str | None) -> None:
        self._store = store
        self._clock = clock
        self._channel = channel
        self._zoneless: set[Person] = set()  # people whose time zone was unknown when they last acted

    def saw(self, unit: Unit, known: KnownPerson, at: datetime) -> None:
        """Note a requester who acts and is to be looked up; no other process looks them up meanwhile."""
        if known.zone is None and is_due(known.ask_at, at):
            unit.people.update(known.id, ask_at=millis(at + ASKING))
            self._zoneless.add(known.person)

    def is_to_be_asked(self, person: Person) -> bool:
        """Tell whether a person is to be looked up at Slack, once for each of their acts."""
        is_zoneless = person in self._zoneless
        self._zoneless.discard(person)
        return is_zoneless

    async def to_ask(self, installation: str, users: Collection[str], most: int) -> list[str]:
        """Return user ids to look up now; no other process looks them up meanwhile."""
        at = self._clock()

        def work(unit: Unit) -> list[str]:
            for user in users:
                unit.people.get_or_add(Person(installation, installation, user))
            return unit.accounts(installation).to_ask(users, at, most)

        return await self._store.write(work)

    async def learned(self, installation: str, account: Account) -> None:
        """Keep what Slack said about a user id."""
        at = self._clock()
        await self._store.write(lambda unit: unit.accounts(installation).learned(account, at))

    async def asked_in_vain(self, installation: str, user: str) -> None:
        """Wait before looking up a user id again that Slack did not answer."""
        at = self._clock()
        await self._store.write(lambda unit: unit.accounts(installation).failed(user, at))

    async def members_are(self, installation: str, users: Collection[str], since: datetime) -> None:
        """Take the members of the agents' channel, as read since a moment: the people among them are agents.

        Join and leave events since that moment take precedence over the list.
        """
        at = self._clock()

        def work(unit: Unit) -> None:
            unit.agents.hold()
            there = set(users)
            for user, event in unit.receipts.of_kind_since("membership", since - CLOCKS_APART):
                change = try_recorded(event)
                if isinstance(change, Membership) and change.channel == self._channel:
                    (there.add if change.member else there.discard)(user)
            unit.agents.replace(installation, unit.accounts(installation).persons(there), at)

        await self._store.write(work)
