"""Publish App Home: when somebody opens it or turns a page, and after they did something."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import structlog

from bot.conversation.people import Person
from bot.desk.app_home_views import Home, Visit
from bot.desk.desk import Desk
from bot.render.texts import Texts
from bot.slack.blocks.home import home_view
from bot.slack.blocks.parts import Json
from bot.slack.outbound.errors import BY_CODE, advice_on
from bot.slack.outbound.modals import FAILURES, reason
from bot.slack.outbound.web_api import WebApi

log = structlog.get_logger("certdesk.slack")

REMEMBERED: Final = 1000  # people whose App Home this process has published


@dataclass(slots=True)
class _Shown:
    """What a person is looking at; published one at a time, so that the last one stays."""

    visit: Visit
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Homes:
    """Each person's App Home, best effort: what does not arrive is there when they open it again.

    `slack` is the address of the workspace.
    """

    def __init__(self, client: WebApi, desk: Desk, texts: Texts, slack: str) -> None:
        self._client = client
        self._desk = desk
        self._texts = texts
        self._slack = slack
        self._shown: OrderedDict[Person, _Shown] = OrderedDict()

    def has_shown(self, person: Person) -> bool:
        """Tell whether a person may be looking at App Home, as far as this process knows."""
        return person in self._shown

    async def show(self, home: Home) -> None:
        """Publish a page that somebody asked for."""
        shown = self._at(home.viewer, Visit(home.tab, home.page))
        async with shown.turn:
            await self._publish(home)

    async def refresh(self, person: Person, done: int | None = None, notice: Sequence[Json] = ()) -> None:
        """Publish the page that a person is looking at as it is now, with the result of what they did."""
        shown = self._at(person)
        async with shown.turn:
            home = await self._desk.home(person, replace(shown.visit, done=done))
            if home is not None:
                await self._publish(home, notice)

    def _at(self, person: Person, visit: Visit | None = None) -> _Shown:
        """Return which page a person is on; `visit` moves them, if it is given."""
        shown = self._shown.setdefault(person, _Shown(visit or Visit()))
        shown.visit = visit or shown.visit
        self._shown.move_to_end(person)
        if len(self._shown) > REMEMBERED:
            self._shown.popitem(last=False)
        return shown

    async def _publish(self, home: Home, notice: Sequence[Json] = ()) -> None:
        view = home_view(self._texts, home, self._slack, notice)
        try:
            await self._client.views_publish(user_id=home.viewer.user, view=view)
        except FAILURES as error:
            code = reason(error)
            todo = advice_on(code) if code in BY_CODE else "nothing to do: the next visit draws it"
            log.warning("home_not_published", error=code, todo=todo)
