"""Trigger ids and response URLs: what an interaction gives the app for a limited time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .errors import Refusal

if TYPE_CHECKING:
    from .world import World

TRIGGER_SECONDS: Final = 3
RESPONSE_URL_SECONDS: Final = 30 * 60
RESPONSE_URL_USES: Final = 5


@dataclass(slots=True)
class Trigger:
    """Whose interaction a trigger id comes from, when, and in which view."""

    user: str
    issued: float
    view_id: str | None = None
    exchanged: bool = False


class Triggers:
    """Trigger ids, each good for one view within three seconds by the stand-in's clock."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._known: dict[str, Trigger] = {}

    def issue(self, user: str, view_id: str | None = None) -> str:
        """Return a new trigger id."""
        ids = self._world.ids
        parts = ids.below(10**12), ids.below(10**9), ids.hex(16)
        new = ".".join(map(str, parts))
        self._known[new] = Trigger(user, self._world.clock(), view_id)
        return new

    def look(self, trigger_id: object) -> Trigger:
        """Return what a trigger id stands for, or refuse it; the caller sets `exchanged`."""
        found = self._known.get(trigger_id) if isinstance(trigger_id, str) else None
        if found is None:
            raise Refusal("invalid_trigger_id")
        if found.exchanged:
            raise Refusal("exchanged_trigger_id")
        if self._world.clock() - found.issued > TRIGGER_SECONDS:
            raise Refusal("expired_trigger_id")
        return found


@dataclass(slots=True)
class ResponseUrl:
    """Where a response URL leads: the conversation, the person, and the message clicked on."""

    channel: str
    user: str
    issued: float
    message_ts: str | None = None
    thread_ts: str | None = None
    uses: int = 0


class ResponseUrls:
    """Response URLs, each good for five posts within thirty minutes by the stand-in's clock."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._known: dict[str, ResponseUrl] = {}
        self.base = ""

    def issue(self, kind: str, target: ResponseUrl) -> str:
        """Return a new URL of the kind `commands`, `actions` or, for shortcuts, `app`."""
        path = f"/{kind}/T0PLAYGROUND/{self._world.ids.below(10**12)}/{self._world.ids.hex(12)}"
        self._known[path] = target
        return self.base + path

    def use(self, path: str) -> ResponseUrl:
        """Return where the URL leads and count the use, or refuse it."""
        found = self._known.get(path)
        if found is None:
            raise Refusal("invalid_url")
        if self._world.clock() - found.issued > RESPONSE_URL_SECONDS:
            raise Refusal("expired_url")
        if found.uses >= RESPONSE_URL_USES:
            raise Refusal("used_url")
        found.uses += 1
        return found
