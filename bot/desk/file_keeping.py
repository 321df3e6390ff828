"""Files that a requester sends: passed on while agents have the case, kept by reference until then.

A file belongs to the case that the words belong to that it came with. Before somebody takes the case over it
is looked into all the same, since what must not lie around is told at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from bot.conversation.case import Case
from bot.conversation.case_record import Typed
from bot.conversation.effects import AddEntry, Effect, News, SendWords, Tell
from bot.conversation.file_effects import AnswerList, LookAtFile, PassFile, SendFile
from bot.conversation.files import File, Unpassed, is_list, sorted_out
from bot.conversation.handoff import WITH_AGENTS
from bot.conversation.now import Now
from bot.conversation.people import Person
from bot.conversation.thread_entries import NotPassedOn
from bot.store import KnownPerson, Unit


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a person's cases, in the transaction of one of their deliveries."""

    unit: Unit
    known: KnownPerson
    key: str
    now: Now

    def come(self, typed: Typed | None, before: Case | None, case: Case) -> tuple[Effect, ...]:
        """Keep the files that came with words, and pass on what the agents of a case have not got yet."""
        came = typed.files if typed is not None else ()
        self._keep(case, came)
        had = before is not None and before.standing in WITH_AGENTS
        if case.standing not in WITH_AGENTS:
            return self._looks(case, came) if came else ()
        return self.passes(case) if came or not had else ()

    def go(self, case: Case, effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
        """Send what an agent's words bring with them, and name to both sides what is not sent."""
        found: list[Effect] = []
        for words in (effect for effect in effects if isinstance(effect, SendWords) and effect.files):
            of = self.unit.people.get_or_add(case.person).id
            self.unit.files.add(case.number, of, self.key, words.files, self.now.at)
            self.unit.files.pass_on(case.number)
            good, bad = sorted_out(words.files)
            found += [SendFile(words.to, words.agent, file, self.key) for file in good]
            found += unsent(words.to, words.agent, case.number, bad) if bad else ()
        return tuple(found)

    def _keep(self, case: Case, came: tuple[File, ...]) -> None:
        if not came or self.unit.files.came_with(self.key):
            return
        self.unit.files.add(case.number, self.known.id, self.key, came, self.now.at)

    def _looks(self, case: Case, came: tuple[File, ...]) -> tuple[Effect, ...]:
        """Tell what is kept and what will not be passed on, and look into what is kept."""
        good, bad = sorted_out(came)
        names = tuple(file.name for file in good)
        looks = tuple(_look(case.person, file, self.key) for file in good)
        kept = (Tell(case.person, News.FILES_KEPT, case.number, files=names),) if good else ()
        return (*kept, *self._refused(case, bad), *looks)

    def passes(self, case: Case) -> tuple[Effect, ...]:
        """Pass on what is kept with a case, and name to both sides what is not passed on."""
        kept = self.unit.files.kept(case.number)
        self.unit.files.pass_on(case.number)
        effects: list[Effect] = []
        for message, files in groupby(kept, key=lambda each: each.message):
            good, bad = sorted_out(tuple(each.file for each in files))
            effects += [PassFile(case.person, file, message) for file in good]
            effects += [AddEntry(NotPassedOn(case.person, bad))] if bad else []
            effects += self._refused(case, bad) if message == self.key else ()
        return tuple(effects)

    def _refused(self, case: Case, bad: tuple[Unpassed, ...]) -> tuple[Effect, ...]:
        return (Tell(case.person, News.FILES_UNPASSED, case.number, unpassed=bad),) if bad else ()


def _look(person: Person, file: File, message: str) -> AnswerList | LookAtFile:
    """Return what becomes of a file that nobody gets yet: a list is answered, all else looked into."""
    return AnswerList(person, file) if is_list(file) else LookAtFile(person, file, message)


def unsent(to: Person, agent: Person, case: int, files: tuple[Unpassed, ...]) -> tuple[Effect, ...]:
    """Return what names files of an agent that the requester does not get to both sides."""
    told = Tell(to, News.FILES_UNSENT, case, agent, unpassed=files)
    return (AddEntry(NotPassedOn(agent, files)), told)
