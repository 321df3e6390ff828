"""The contexts of the answers to mentions in channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.render.document import Mention
from bot.render.environment import Context


@dataclass(frozen=True)
class Invited(Context):
    """What *Start* does. `understood`: something was read; `channel`: where it was asked, an hour ago."""

    template: ClassVar[str] = "notices/mentions/invitation.md"
    case: str
    channel: Mention | None
    understood: bool


@dataclass(frozen=True)
class InAgentsChannel(Context):
    """No case begins in the agents' channel."""

    template: ClassVar[str] = "notices/mentions/agents_channel.md"


@dataclass(frozen=True)
class Welcome(Context):
    """An answer to thanks."""

    template: ClassVar[str] = "notices/mentions/thanks.md"


@dataclass(frozen=True)
class GoesOnInDm(Context):
    """The case goes on in the DM."""

    template: ClassVar[str] = "notices/mentions/elsewhere.md"
    case: str
