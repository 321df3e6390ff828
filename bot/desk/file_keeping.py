"""Files from requesters: passed on while agents have the case, kept by reference until then.

A file belongs to the case that its message belongs to. It is inspected even before anybody claims the case,
because a private key must be reported at once.
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
    """The files of a person's cases, within the transaction of one of their deliveries."""

    unit: Unit
    known: KnownPerson
    key: str
    now: Now

    def receive(self, typed: Typed | None, before: Case | None, case: Case) -> tuple[Effect, ...]:
        """Keep the files of a message, and pass on what the agents do not have yet."""
        came = typed.files if typed is not None else ()
        self._keep(case, came)
        had = before is not None and before.standing in WITH_AGENTS
        if case.standing not in WITH_AGENTS:
            return self._looks(case, came) if came else ()
        return self.pass_on(case) if came or not had else ()

    def send_out(self, case: Case, effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
        """Send the files of an agent's message, and name to both sides those that are not sent."""
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
        """Say which files are kept and which will not be passed on, and inspect those that are kept."""
        good, bad = sorted_out(came)
        names = tuple(file.name for file in good)
        looks = tuple(_look(case.person, file, self.key) for file in good)
        kept = (Tell(case.person, News.FILES_KEPT, case.number, files=names),) if good else ()
        return (*kept, *self._refused(case, bad), *looks)

    def pass_on(self, case: Case) -> tuple[Effect, ...]:
        """Pass on the files that are kept with a case, and name to both sides those that are not."""
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
    """Return what to do with a file that no agent gets yet: answer a list, inspect anything else."""
    return AnswerList(person, file) if is_list(file) else LookAtFile(person, file, message)


def unsent(to: Person, agent: Person, case: int, files: tuple[Unpassed, ...]) -> tuple[Effect, ...]:
    """Return the messages that name to both sides an agent's files that are not sent."""
    told = Tell(to, News.FILES_UNSENT, case, agent, unpassed=files)
    return (AddEntry(NotPassedOn(agent, files)), told)
