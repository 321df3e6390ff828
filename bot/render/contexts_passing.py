"""The exact contexts of what became of words and files: passed on, kept, or whose they are.

As in `bot.render.contexts`, a field for each variable of the template, and none besides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.render.document import Mention
from bot.render.environment import Context
from bot.render.typed import Trusted


@dataclass(frozen=True)
class UnpassedLine:
    """A file that nobody gets, why, and where it can be seen."""

    name: str
    why: str
    link: Trusted | None


@dataclass(frozen=True)
class PassedOn(Context):
    """What was written is with the agents of a case; `agent` has it, None where nobody has yet."""

    template: ClassVar[str] = "notices/passed_on.md"
    case: str
    order: str
    agent: Mention | None


@dataclass(frozen=True)
class Unreadable(Context):
    """The agents of a case were told that something was sent, and nothing of it could be read."""

    template: ClassVar[str] = "notices/unreadable.md"
    case: str
    order: str


@dataclass(frozen=True)
class WhoseOpen(Context):
    """Which case is it about? `several`: messages."""

    template: ClassVar[str] = "notices/whose/open.md"
    several: bool


@dataclass(frozen=True)
class WhoseInDoubt(Context):
    """The agents of all see it."""

    template: ClassVar[str] = "notices/whose/in_doubt.md"


@dataclass(frozen=True)
class WhoseBelow(Context):
    """The question was asked again, about more messages."""

    template: ClassVar[str] = "notices/whose/below.md"


@dataclass(frozen=True)
class WhoseGone(Context):
    """What it was about was deleted."""

    template: ClassVar[str] = "notices/whose/gone.md"


@dataclass(frozen=True)
class WhoseMoving(Context):
    """It went to that case, and perhaps is about another."""

    template: ClassVar[str] = "notices/whose/moving.md"
    case: str
    order: str


@dataclass(frozen=True)
class WhoseChosen(WhoseMoving):
    """It was about this one."""

    template: ClassVar[str] = "notices/whose/chosen.md"


@dataclass(frozen=True)
class WhosePassedOn(WhoseMoving):
    """It was about this one, whose agents have it now."""

    template: ClassVar[str] = "notices/whose/passed_on.md"


@dataclass(frozen=True)
class WhoseKept(WhoseMoving):
    """It was about this one, which agents have not got."""

    template: ClassVar[str] = "notices/whose/kept.md"


@dataclass(frozen=True)
class WhoseBegan(Context):
    """It was about none that there was."""

    template: ClassVar[str] = "notices/whose/began.md"
    case: str


@dataclass(frozen=True)
class Kept(Context):
    """Words under an answer are kept with it: what to do, and how to reach a person (`agents`)."""

    template: ClassVar[str] = "notices/kept.md"
    case: str
    order: str
    draft: bool
    support: str
    portal: Trusted | None
    support_form: Trusted | None
    support_email: str
    agents: bool


@dataclass(frozen=True)
class KeptClosed(Context):
    """Words to a case that is over; `reopens`: it can be opened again, `agents`: handed over."""

    template: ClassVar[str] = "notices/kept_closed.md"
    case: str
    order: str
    reopens: bool
    agents: bool


@dataclass(frozen=True)
class FilesKept(Context):
    """Files are kept with a case until somebody takes it over; `agents`: there is somebody who could."""

    template: ClassVar[str] = "notices/files_kept.md"
    case: str
    files: tuple[str, ...]
    agents: bool


@dataclass(frozen=True)
class FilesUnkept(Context):
    """Files belong to no case."""

    template: ClassVar[str] = "notices/files_unkept.md"
    files: tuple[str, ...]


@dataclass(frozen=True)
class FilesUnpassed(Context):
    """Files that agents do not get; `private_key`: one was found in them."""

    template: ClassVar[str] = "notices/files_unpassed.md"
    case: str
    files: tuple[UnpassedLine, ...]
    private_key: bool


@dataclass(frozen=True)
class FileOfAgent(Context):
    """What an agent's file in the DM is introduced with."""

    template: ClassVar[str] = "notices/file.md"
    case: str
    agent: Mention


@dataclass(frozen=True)
class FilesUnsent(Context):
    """Files that an agent wanted to send, and the requester does not get."""

    template: ClassVar[str] = "notices/files_unsent.md"
    case: str
    agent: Mention
    files: tuple[UnpassedLine, ...]
