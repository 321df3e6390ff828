"""What every agent's move has: the scene, its form, and the rows that say when it is allowed.

A case whose owner is no longer an agent (they left, were deactivated, or are a bot) makes a move by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import ClassVar, Self

from bot.conversation.case import Case
from bot.conversation.derive import Snapshot
from bot.conversation.effects import AddEntry, Denial, News, SendWords, Tell, TellAgent
from bot.conversation.files import File
from bot.conversation.handoff import SETTLED, By, Handoff, Move, Outcome, Row, Standing, row_for, row_in
from bot.conversation.now import Now
from bot.conversation.people import Person
from bot.conversation.thread_entries import Moved, Sent
from bot.conversation.turn import Turn


class Form(Enum):
    """What an agent fills in for a move: words for the requester, a colleague and a note, or another case."""

    WORDS = "words"
    COLLEAGUE = "colleague"
    CASE = "case"


@dataclass(frozen=True, slots=True)
class Filled:
    """What came with a click or a form: a menu's choice, typed text, the colleague, files."""

    choice: str = ""
    words: str = ""
    to: Person | None = None
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """An agent looking at a case that was handed over."""

    before: Snapshot
    handoff: Handoff
    agent: Person

    @property
    def case(self) -> Case:
        """Return the case before the move."""
        return self.before.case

    @property
    def now(self) -> Now:
        """Return the moment, in the requester's time zone."""
        return self.before.now

    def stays(self) -> Turn:
        """Change nothing."""
        return Turn(self.case)

    def denied(self, why: Denial) -> Turn:
        """Change nothing, and tell the agent why."""
        return Turn(self.case, effects=(TellAgent(self.agent, self.before.card, why),))

    def why_not(self, rows: tuple[Row, ...]) -> Denial | None:
        """Return why the agent may not make a move with these rows, None if they may."""
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
    """A move and all that is known about it. Each subclass is a frozen dataclass of what came with it.

    `called` is its name in docs/states.md. `buttons` is where its button stands on the card, by standing;
    `primary` makes it the main one. `tells`: the card's thread reports it.
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
        """Return its name in the audit trail."""
        return self.kind

    @classmethod
    def read(cls, filled: Filled) -> Self | None:  # noqa: ARG003  most need nothing
        """Return the move with what came with it, None if something that it needs is missing."""
        return cls()

    @classmethod
    def by_emoji(cls, *, on: bool) -> Self | None:
        """Return the move that its emoji makes when it is added to the card, or removed."""
        return cls() if on else None

    @classmethod
    def why_not(cls, scene: Scene) -> Denial | None:
        """Return why an agent may not make the move, None if they may."""
        return scene.why_not(cls.rows)

    def make(self, scene: Scene) -> Turn:
        """Make the move if its rows allow it; else tell the agent why not."""
        why, row = self.why_not(scene), row_in(self.rows, scene.handoff.standing)
        if why is not None or row is None:
            return scene.denied(why or Denial.NOT_NOW)
        return self.change(scene, moved_to(scene.handoff, row.after, scene.now))

    def change(self, scene: Scene, after: Handoff) -> Turn:
        """Return what the move changes in the case; `after` is the standing that it leads to."""
        raise NotImplementedError


def moved_to(handoff: Handoff, standing: Standing, now: Now) -> Handoff:
    """Return the handoff in its new standing; `since` restarts if the standing is another one."""
    since = handoff.began if standing is handoff.standing else now.at
    return replace(handoff, standing=standing, since=since, talked_at=now.at)


def owner_left(before: Snapshot) -> Turn:
    """Return a case without its owner to the queue, and tell the agents and the requester."""
    case, handoff = before.case, before.case.handoff
    row = row_for(Move.LEAVE, case.standing)
    if handoff is None or row is None:
        return Turn(case)
    after = moved_to(handoff, row.after, before.now)
    free = replace(after, claimed_by=None, claimed_at=None)
    effects = (
        Tell(case.person, News.OWNER_LEFT, case.number, handoff.claimed_by),
        AddEntry(Moved(Move.LEAVE, handoff.claimed_by)),
    )
    return Turn(replace(case, handoff=free), effects=effects)


def without_owner(case: Case) -> Case:
    """Return a settled case as nobody's, so that it waits for anybody once it is reopened."""
    if case.handoff is None or case.standing not in SETTLED:
        return case
    return replace(case, handoff=replace(case.handoff, claimed_by=None, claimed_at=None))
