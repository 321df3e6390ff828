"""What a payload becomes: a delivery for the desk with what answers it, or something that is not ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from bot.conversation.people import Person
from bot.desk.app_home_views import Visit
from bot.desk.deliveries import Delivery

Payload: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was clicked: a modal, a message in a channel, or a page of App Home.

    `whispered`: nobody else sees the message.
    """

    view: str | None = None
    view_hash: str | None = None
    channel: str | None = None
    ts: str | None = None
    thread: str | None = None
    home: Visit | None = None
    whispered: bool = False


@dataclass(frozen=True, slots=True)
class Asker:
    """Who did something, and where they can be answered so that nobody else sees it."""

    person: Person
    place: Place = Place()
    response_url: str | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """A delivery, and what is needed to answer it at once.

    `looked_up`: Slack was asked who is an agent. `field` is the block of a form under which an error about
    its text is shown.
    """

    delivery: Delivery
    trigger: str | None = None
    place: Place = Place()
    response_url: str | None = None
    looked_up: bool = False
    field: str | None = None

    @property
    def asker(self) -> Asker:
        """Return who did it, and where."""
        return Asker(self.delivery.person, self.place, self.response_url)


@dataclass(frozen=True, slots=True)
class Foreign:
    """A payload that is not ours, or is broken; `case` is the number it names, if it names one.

    `asker` is who waits for an answer all the same.
    """

    what: str
    case: int | None = None
    asker: Asker | None = None
