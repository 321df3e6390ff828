"""Ask Slack who is who: the members of the agents' channel, and what a user id stands for."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

import structlog

from bot.conversation.people import Account, Kind, Person
from bot.desk.desk import Desk
from bot.slack.inbound.fields import part, text, workspace
from bot.slack.outbound.errors import UNREADABLE, Course
from bot.slack.outbound.web_api import CallError, WebApi

log = structlog.get_logger("certdesk.slack")

PAGE: Final = 200
PAGES: Final = 100
MOST: Final = 100  # people looked up at a time: a big channel takes some hours
TOGETHER: Final = 5
SLACKBOT: Final = "USLACKBOT"  # Slack says that this is no bot
BOTS: Final = ("is_bot", "is_workflow_bot", "is_connector_bot")
LONGEST_NAME: Final = 80
LONGEST_ZONE: Final = 64
DAY_SECONDS: Final = 86_400


class Accounts:
    """Look user ids up at Slack for the desk. `own` is the bot's own, which is never looked up."""

    def __init__(self, client: WebApi, desk: Desk, own: str) -> None:
        self._client = client
        self._desk = desk
        self._bots = {own, SLACKBOT}
        self._looking_up = 0  # people who have just acted

    async def learn_agents(self, installation: str, user: str | None = None) -> bool:
        """Learn who is an agent: the people in the agents' channel; returns whether Slack answered.

        Unknown ids are looked up: only `user` if it is given, else as many as Slack allows. An incomplete
        list removes nobody.
        """
        if self._desk.agents is None:
            return False
        since = self._desk.clock()
        try:
            members = await self._members(self._desk.agents)
            if await self._learn(installation, members & {user} if user is not None else members):
                since, members = self._desk.clock(), await self._members(self._desk.agents)
        except CallError as error:
            log.error("agents_not_learned", error=error.code)  # noqa: TRY400  its text may quote what was typed
            return False
        await self._desk.people.members_are(installation, members, since)
        await self._desk.corrections.free_cases_of_former_agents(installation)
        return True

    async def learn_person(self, person: Person) -> None:
        """Look up somebody whose time zone is unknown, if that is due.

        Where many newcomers act at once, what they ask goes first: the others are soon due again.
        """
        is_due = self._desk.people.is_to_be_asked(person) and person.user not in self._bots
        if not is_due or self._looking_up >= TOGETHER:
            return
        self._looking_up += 1
        try:
            await self._ask(person.installation, person.user)
        finally:
            self._looking_up -= 1

    async def _members(self, channel: str) -> set[str]:
        """Return all members of a channel. Raises CallError unless Slack gives the whole list."""
        members: set[str] = set()
        cursor: str | None = None
        for _ in range(PAGES):
            page = await self._client.conversations_members(channel=channel, limit=PAGE, cursor=cursor)
            members.update(user for user in page["members"] if isinstance(user, str))
            cursor = text(page.get("response_metadata"), "next_cursor") or None
            if cursor is None and members:  # the bot itself is a member: an empty list is no answer
                return members - self._bots
        raise CallError("conversations.members", UNREADABLE, Course.UNSURE)

    async def _learn(self, installation: str, users: Collection[str]) -> bool:
        """Look up the ids that are due; returns whether anything was answered."""
        if not (asked := [user for user in users if user not in self._bots]):
            return False
        answered = False
        for some in _some(await self._desk.people.to_ask(installation, asked, MOST)):
            answers = await asyncio.gather(*(self._ask(installation, user) for user in some))
            answered |= any(answers)
            if not any(answers):
                break  # Slack is in trouble; the others are soon due again
        return answered

    async def _ask(self, installation: str, user: str) -> bool:
        try:
            account = account_of(user, (await self._client.users_info(user=user))["user"])
        except CallError as error:
            log.info("account_not_learned", error=error.code)
            await self._desk.people.asked_in_vain(installation, user)
            return False
        await self._desk.people.learned(installation, account)
        return True


def account_of(user: str, said: Mapping[str, Any]) -> Account:
    """Return what Slack's answer says about a user id."""
    names = (text(part(said, "profile"), "display_name"), text(said, "real_name"), text(said, "name"))
    offset = said.get("tz_offset")
    known = isinstance(offset, int) and not isinstance(offset, bool) and abs(offset) < DAY_SECONDS
    zone = text(said, "tz")
    return Account(
        user=user,
        kind=_kind_of(user, said),
        name=next((name.strip()[:LONGEST_NAME] for name in names if name.strip()), ""),
        team=workspace(text(said, "team_id")) or "",
        zone=zone if 0 < len(zone) <= LONGEST_ZONE else None,
        zone_offset=offset if known else None,
    )


def _kind_of(user: str, said: Mapping[str, Any]) -> Kind:
    if user == SLACKBOT or any(said.get(mark) for mark in BOTS):
        return Kind.BOT
    return Kind.DEACTIVATED if said.get("deleted") else Kind.PERSON


def _some(users: list[str]) -> Iterator[list[str]]:
    for first in range(0, len(users), TOGETHER):
        yield users[first : first + TOGETHER]
