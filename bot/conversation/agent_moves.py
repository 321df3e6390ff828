"""What agents do with a case: one class for each move, with everything that the desk knows about it.

A class says when its move is allowed (its rows of the table of moves), where its button stands on the card,
which form and which emoji it has, what it changes, and what the requester and the other agents are told. Its
words are in `templates/moves/<kind>.md`: the button's label, the line in the card's thread, the form's
labels. A move's `kind` is its id everywhere: in the button, the form, the template, the audit trail and the
docs. An agent who may not make a move is told whose the case is, or where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Final, Literal, Self, TypeAlias, get_args

from bot.conversation.agent_move import AgentMove, Filled, Form, Scene
from bot.conversation.agent_words import Note, Outward, note, outward
from bot.conversation.derive import Snapshot
from bot.conversation.effects import AddEntry, Denial, News, SendWords, Tell
from bot.conversation.files import File
from bot.conversation.handoff import HELD, WITH_AGENTS, By, Handoff, Outcome, Row, Standing
from bot.conversation.people import Person
from bot.conversation.thread_entries import Moved, OutcomeButtons
from bot.conversation.turn import OpenQuestion, Turn

_W, _C, _A = Standing.WAITING, Standing.CLAIMED, Standing.ASKED
_SETTLED: Final = (Standing.RESOLVED, Standing.CLOSED)
_CASE: Final = re.compile(r"(?i:c\s?-?\s?)?([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Claim(AgentMove):
    """Claim a waiting case."""

    called = "claims it"
    rows = (Row(By.AGENT, (_W,), _C),)
    buttons = {_W: 1}  # noqa: RUF012  a constant of the class
    primary = True
    emoji = "eyes"
    kind: Literal["claim"] = "claim"

    def make(self, scene: Scene) -> Turn:
        """Claim it, or say who was first and when. Claiming one's own case again changes nothing."""
        if scene.handoff.standing not in HELD:
            return AgentMove.make(self, scene)
        return scene.stays() if scene.handoff.claimed_by == scene.agent else scene.denied(Denial.TAKEN)

    def change(self, scene: Scene, after: Handoff) -> Turn:
        """Give it to the agent who claims it."""
        return scene.given(after, scene.agent)


@dataclass(frozen=True, slots=True)
class Reassign(AgentMove):
    """Give the case to an agent, oneself included."""

    called = "gives it to an agent"
    rows = (Row(By.AGENT, (_W, _C, _A), _C),)
    buttons = {_W: 2, _C: 4, _A: 4}  # noqa: RUF012
    form = Form.COLLEAGUE
    tells = True
    to: Person
    note: Note | None = None
    kind: Literal["reassign"] = "reassign"

    @classmethod
    def read(cls, filled: Filled) -> Self | None:
        """Return it with the agent to whom the case is given."""
        return cls(filled.to, note(filled.words)) if filled.to is not None else None

    def change(self, scene: Scene, after: Handoff) -> Turn:
        """Give it to them, unless they have it."""
        if after.claimed_by == self.to:
            return scene.denied(Denial.TAKEN)
        told = AddEntry(Moved(self.kind, scene.agent, self.to, self.note))
        return scene.given(after, self.to, told)


@dataclass(frozen=True, slots=True)
class Reply(AgentMove):
    """Write to the requester."""

    called = "replies to the requester"
    rows = tuple(Row(By.OWNER, (each,), each) for each in (_C, _A, Standing.RESOLVED))
    buttons = {_C: 1, _A: 1}  # noqa: RUF012
    primary = True
    form = Form.WORDS
    words: Outward
    files: tuple[File, ...] = ()
    kind: Literal["reply"] = "reply"

    @classmethod
    def read(cls, filled: Filled) -> Self | None:
        """Return it with the words and the files."""
        return cls(words, filled.files) if (words := outward(filled.words)) is not None else None

    def change(self, scene: Scene, after: Handoff) -> Turn:
        """Send them."""
        case = scene.case
        said = SendWords(case.person, case.number, scene.agent, self.words, files=self.files)
        return scene.said(after, said)


@dataclass(frozen=True, slots=True)
class AskBack(AgentMove):
    """Ask the requester for something; the case waits for their answer."""

    called = "asks the requester for details"
    rows = (Row(By.OWNER, (_C, _A), _A),)
    buttons = {_C: 2, _A: 2}  # noqa: RUF012
    form = Form.WORDS
    words: Outward
    files: tuple[File, ...] = ()
    kind: Literal["ask_back"] = "ask_back"

    @classmethod
    def read(cls, filled: Filled) -> Self | None:
        """Return it with the words and the files."""
        return cls(words, filled.files) if (words := outward(filled.words)) is not None else None

    def change(self, scene: Scene, after: Handoff) -> Turn:
        """Send them, with a form for the details that the ticket lacks."""
        case = scene.case
        lacking = bool(scene.before.missing)
        asked = SendWords(
            case.person,
            case.number,
            scene.agent,
            self.words,
            asks=True,
            wants_details=lacking,
            files=self.files,
        )
        return scene.said(after, asked)


@dataclass(frozen=True, slots=True)
class Resolve(AgentMove):
    """Resolve the case with an outcome."""

    called = "resolves it, with an outcome"
    rows = (Row(By.AGENT, (_W,), Standing.RESOLVED), Row(By.OWNER, (_C, _A), Standing.RESOLVED))
    buttons = {_W: 3, _C: 3, _A: 3}  # noqa: RUF012
    choices = Outcome
    tells = True
    outcome: Outcome
    kind: Literal["resolve"] = "resolve"

    @property
    def trail(self) -> str:
        """Return it with the outcome, by which weeks and months are counted."""
        return f"{self.kind}:{self.outcome}"

    @classmethod
    def read(cls, filled: Filled) -> Self | None:
        """Return it with the outcome."""
        return cls(Outcome(filled.choice)) if filled.choice in set(Outcome) else None

    def change(self, scene: Scene, after: Handoff) -> Turn:
        """Note the outcome, and tell the requester. An unclaimed case becomes the resolving agent's."""
        at = scene.now.at
        done = replace(
            after,
            claimed_by=after.claimed_by or scene.agent,
            claimed_at=after.claimed_at or at,
            outcome=self.outcome,
            duplicate_of=None,
            resolved_at=at,
            urgent=False,
        )
        case = scene.case
        effects = (
            Tell(case.person, News.RESOLVED, case.number, scene.agent, at, outcome=self.outcome),
            AddEntry(Moved(self.kind, scene.agent, outcome=self.outcome)),
        )
        return Turn(replace(case, handoff=done), effects=effects)


@dataclass(frozen=True, slots=True)
class Duplicate(AgentMove):
    """Resolve the case as a duplicate of another, which gets the requester's messages from then on.

    `original` is 0 if what was typed names no case. The desk checks whether there is one, and whether it is
    the same requester's (`theirs`).
    """

    called = "resolves it as a duplicate of another case"
    rows = Resolve.rows
    form = Form.CASE
    tells = True
    original: int
    theirs: bool = False
    kind: Literal["duplicate"] = "duplicate"

    @classmethod
    def read(cls, filled: Filled) -> Self | None:
        """Return it with the number of the other case."""
        named = _CASE.fullmatch(filled.words.strip())
        return cls(int(named[1]) if named is not None else 0)

    @property
    def trail(self) -> str:
        """Return it as an outcome, by which weeks and months are counted."""
        return Resolve(Outcome.DUPLICATE).trail

    def change(self, scene: Scene, after: Handoff) -> Turn:
        """Note which case continues; the requester is told its number if it is theirs."""
        resolved = Resolve(Outcome.DUPLICATE).change(scene, after)
        handoff = resolved.case.handoff
        if handoff is None:
            return resolved
        case = replace(resolved.case, handoff=replace(handoff, duplicate_of=self.original))
        at, others = scene.now.at, (self.original,) if self.theirs else ()
        told = Tell(
            case.person, News.RESOLVED, case.number, scene.agent, at, outcome=Outcome.DUPLICATE, others=others
        )
        return Turn(case, effects=(told, AddEntry(Moved(self.kind, scene.agent, case=self.original))))


@dataclass(frozen=True, slots=True)
class GiveBack(AgentMove):
    """Give the case back to the bot."""

    called = "gives it back to the bot"
    rows = (Row(By.AGENT, (_W,), Standing.NEW), Row(By.OWNER, (_C, _A), Standing.NEW))
    buttons = {_C: 5, _A: 5}  # noqa: RUF012
    tells = True
    kind: Literal["give_back"] = "give_back"

    def change(self, scene: Scene, after: Handoff) -> Turn:
        """Make it nobody's, and ask the requester the open question."""
        free, case = replace(after, claimed_by=None, claimed_at=None, urgent=False), scene.case
        effects = (
            Tell(case.person, News.GIVEN_BACK, case.number, scene.agent, scene.now.at),
            AddEntry(Moved(self.kind, scene.agent)),
        )
        return Turn(replace(case, handoff=free), effects=effects, question=OpenQuestion.REPOSTED)


@dataclass(frozen=True, slots=True)
class Reopen(AgentMove):
    """Reopen a resolved or closed case."""

    called = "reopens it"
    rows = (Row(By.AGENT, _SETTLED, _C),)
    buttons = dict.fromkeys(_SETTLED, 1)
    tells = True
    kind: Literal["reopen"] = "reopen"

    def change(self, scene: Scene, after: Handoff) -> Turn:
        """Give it to the agent who reopens it, without an outcome."""
        anew = replace(after, outcome=None, resolved_at=None)
        return scene.given(anew, scene.agent, AddEntry(Moved(self.kind, scene.agent)))


@dataclass(frozen=True, slots=True)
class Mark(AgentMove):
    """Mark a case as urgent, or remove the mark; any agent may, while it is with the agents."""

    emoji = "rotating_light"
    urgent: bool
    kind: Literal["mark"] = "mark"

    @classmethod
    def read(cls, filled: Filled) -> Self | None:  # noqa: ARG003
        """Return None: it has an emoji but no button."""
        return None

    @classmethod
    def by_emoji(cls, *, on: bool) -> Self | None:
        """Return the mark for an emoji that was added or removed."""
        return cls(on)

    def make(self, scene: Scene) -> Turn:
        """Set the mark; the case stays where it stands."""
        if scene.handoff.standing not in WITH_AGENTS:
            return scene.denied(Denial.NOT_NOW)
        return Turn(replace(scene.case, handoff=replace(scene.handoff, urgent=self.urgent)))


@dataclass(frozen=True, slots=True)
class OfferOutcomes(AgentMove):
    """Post the outcomes as buttons into the card's thread, for whoever may resolve the case."""

    emoji = "white_check_mark"
    kind: Literal["offer_outcomes"] = "offer_outcomes"

    @classmethod
    def why_not(cls, scene: Scene) -> Denial | None:
        """Return why the agent may not resolve the case."""
        return Resolve.why_not(scene)

    def make(self, scene: Scene) -> Turn:
        """Offer them; the case moves when one is chosen."""
        if why := self.why_not(scene):
            return scene.denied(why)
        return Turn(scene.case, effects=(AddEntry(OutcomeButtons(scene.case.revision)),))


AnyAgentMove: TypeAlias = (
    Claim | Reassign | Reply | AskBack | Resolve | Duplicate | GiveBack | Reopen | Mark | OfferOutcomes
)


def kind_of(move: type[AgentMove]) -> str:
    """Return the id of a move's class."""
    return str(next(field.default for field in fields(move) if field.name == "kind"))  # type: ignore[arg-type]


AGENT_MOVES: Final[Mapping[str, type[AnyAgentMove]]] = {
    kind_of(each): each for each in get_args(AnyAgentMove)
}


def button_row(standing: Standing) -> list[type[AnyAgentMove]]:
    """Return the moves whose buttons stand on a card, in order."""
    shown = [each for each in AGENT_MOVES.values() if standing in each.buttons]
    return sorted(shown, key=lambda each: each.buttons[standing])


def move_by_emoji(emoji: str, *, on: bool) -> AnyAgentMove | None:
    """Return the move of an emoji that was added to a card or removed, None if it has none."""
    found = next((each for each in AGENT_MOVES.values() if each.emoji == emoji), None)
    return found.by_emoji(on=on) if found is not None else None


def agent_moved(before: Snapshot, agent: Person, move: AgentMove) -> Turn:
    """Make an agent's move, or tell them why not; nothing if the case was never handed over."""
    handoff = before.case.handoff
    return move.make(Scene(before, handoff, agent)) if handoff is not None else Turn(before.case)


def why_not(before: Snapshot, agent: Person, move: type[AgentMove]) -> Denial | None:
    """Return why an agent may not make a move, None if they may."""
    handoff = before.case.handoff
    return move.why_not(Scene(before, handoff, agent)) if handoff is not None else Denial.NOT_NOW
