"""What people write in a run: each text stands nowhere else, so that it can be looked for afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from string import ascii_lowercase
from typing import Final

LETTERS: Final = 4


class Sort(StrEnum):
    """Who is meant to read it."""

    NOTE = "note"
    REPLY = "reply"
    WORDS = "words"


@dataclass
class Written:
    """A text of somebody about a case.

    `texts` are all that it ever said, the newest last. `taken`: Slack told the writer that the bot took it.
    `refused`: and that nothing came of it. `owed`: it was written to agents who were there to hear it.
    `meant`: the case that it names, or in whose thread it was written; 0 where it does neither.
    """

    sort: Sort
    by: str
    case: int
    texts: list[str]
    ts: str = ""
    taken: bool = False
    refused: bool = False
    owed: bool = False
    meant: int = 0

    @property
    def newest(self) -> str:
        """Return what it says now."""
        return self.texts[-1]


@dataclass
class Writings:
    """All that was written. No text is an answer to any question of the bot's, nor a command."""

    all: list[Written] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=count)

    def text(self, by: str) -> str:
        """Return a text that nobody has written yet."""
        number, letters = next(self._numbers), ""
        for _ in range(LETTERS):
            number, place = divmod(number, len(ascii_lowercase))
            letters = ascii_lowercase[place] + letters
        return f"{by} murmurs qz{letters}"

    def add(self, sort: Sort, by: str, case: int, before: str = "") -> Written:
        """Note what somebody is about to write, and what stands before it."""
        made = Written(sort, by, case, [before + self.text(by)])
        self.all.append(made)
        return made

    def of(self, sort: Sort) -> list[Written]:
        """Return all of a sort."""
        return [each for each in self.all if each.sort is sort]
