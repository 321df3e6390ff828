"""What every agent's move has: its scene, the form it is filled in, the table of where it may be made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import ClassVar, Self

from bot.conversation.case import Case
from bot.conversation.derive import Snapshot
from bot.conversation.effects import AddEntry, Denial, News, SendWords, Tell, TellAgent
from bot.conversation.files import File
from bot.conversation.handoff import By, Handoff, Outcome, Row, Standing, row_in
from bot.conversation.now import Now
from bot.conversation.people import Person
from bot.conversation.thread_entries import Sent
from bot.conversation.turn import Turn


class Form(Enum):
    """What an agent fills in for a move: words for the requester; a colleague, and a note; another case."""

    WORDS = "words"
    COLLEAGUE = "colleague"
    CASE = "case"


@dataclass(frozen=True, slots=True)
class Filled:
    """What came with a click or a form: a menu's choice, what was typed, whom a case is given to, files."""

    choice: str = ""
    words: str = ""
    to: Person | None = None
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """An agent before a case that was handed over, at a moment."""

    before: Snapshot
    handoff: Handoff
    agent: Person

    @property
    def case(self) -> Case:
        """Return the case as it is before the move."""
        return self.before.case

    @property
    def now(self) -> Now:
        """Return the moment, as the requester has it."""
        return self.before.now

    def stays(self) -> Turn:
        """Change nothing."""
        return Turn(self.case)

    def denied(self, why: Denial) -> Turn:
        """Change nothing, and tell the agent why."""
        return Turn(self.case, effects=(TellAgent(self.agent, self.before.card, why),))

    def why_not(self, rows: tuple[Row, ...]) -> Denial | None:
        """Return why the agent may not make a move that has these rows, None where they may."""
        row, owner = row_in(rows, self.handoff.standing), self.handoff.claimed_by
        if row is None:
            return Denial.NOT_NOW
        if row.by is By.OWNER and owner != self.agent:
            return Denial.NOT_YOURS if owner is not None else Denial.NOT_NOW
        return None

    def given(self, after: Handoff, owner: Person, *entries: AddEntry) -> Turn:
        """Give the case to an agent, and tell the requester who has it."""
        taken = replace(self.case, handoff=replace(after, claimed_by=owner, claimed_at=self.now.at))
        told = Tell(self.case.person, News.CLAIMED, self.case.number, owner, self.now.at)
        return Turn(taken, effects=(told, *entries))

    def said(self, after: Handoff, said: SendWords) -> Turn:
        """Send words to the requester, with a copy in the card's thread."""
        names = tuple(file.name for file in said.files)
        copy = AddEntry(Sent(said.agent, said.words, asks=said.asks, files=names))
        return Turn(replace(self.case, handoff=after), effects=(said, copy))


class AgentMove:
    """A move: what is known of it. Each subclass is a frozen dataclass whose fields are what came with it.

    `called` is what docs/states.md says, `buttons` where the button stands in the card's row, by standing;
    `primary`: it is the one to press. `tells`: the card's thread tells of it.
    """

    kind: str
    called: ClassVar[str] = ""
    rows: ClassVar[tuple[Row, ...]] = ()
    buttons: ClassVar[Mapping[Standing, int]] = {}
    primary: ClassVar[bool] = False
    choices: ClassVar[type[Outcome] | None] = None
    form: ClassVar[Form | None] = None
    emoji: ClassVar[str | None] = None
    tells: ClassVar[bool] = False

    __slots__ = ()

    @property
    def trail(self) -> str:
        """Return what the audit trail calls it."""
        return self.kind

    @classmethod
    def read(cls, filled: Filled) -> Self | None:  # noqa: ARG003  most need nothing
        """Return the move with what came with it, None where something that it needs is missing."""
        return cls()

    @classmethod
    def by_emoji(cls, *, on: bool) -> Self | None:
        """Return the move that its emoji makes when it is put on the card, or taken off."""
        return cls() if on else None

    @classmethod
    def why_not(cls, scene: Scene) -> Denial | None:
        """Return why an agent may not make the move, None where they may."""
        return scene.why_not(cls.rows)

    def make(self, scene: Scene) -> Turn:
        """Make the move where its rows allow it; else tell the agent why not."""
        why, row = self.why_not(scene), row_in(self.rows, scene.handoff.standing)
        if why is not None or row is None:
            return scene.denied(why or Denial.NOT_NOW)
        return self.change(scene, moved_to(scene.handoff, row.after, scene.now))

    def change(self, scene: Scene, after: Handoff) -> Turn:
        """Return what the move makes of the case; `after` is the handoff where it then stands."""
        raise NotImplementedError


def moved_to(handoff: Handoff, standing: Standing, now: Now) -> Handoff:
    """Return the handoff where it then stands; `since` counts anew where it stood elsewhere."""
    since = handoff.began if standing is handoff.standing else now.at
    return replace(handoff, standing=standing, since=since, talked_at=now.at)
