"""Keep the record of a case: what its requester wrote and sent, and what agents see of it.

Agents see the words at the top of the card's thread, from the handover until one of them claims the case.
What was passed on is in the thread as an entry of its own. A file belongs to the case that its message
belongs to: it is kept by reference until agents have the case, but inspected at once, because a private key
must be reported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Final

from bot.conversation.case import Case
from bot.conversation.case_record import FOLDED_AT, RecordedWords, TakenAs, Typed, for_opening
from bot.conversation.clean_text import cleaned
from bot.conversation.effects import AddEntry, ChangeEntry, Effect, News, SendWords, Tell
from bot.conversation.events import EditedTicket, Event, Opened, PastedKey, Provided, Reworded, Said, Wrote
from bot.conversation.files import (
    AnswerList,
    File,
    LookAtFile,
    PassFile,
    SendFile,
    Unpassed,
    is_list,
    sorted_out,
)
from bot.conversation.handoff import WITH_AGENTS, Handoff, Standing
from bot.conversation.now import Now
from bot.conversation.people import Person
from bot.conversation.requester_moves import heard_slot
from bot.conversation.screens import Details, Screen, TicketEditor
from bot.conversation.step import Step
from bot.conversation.thread_entries import Heard, NotPassedOn, Opening, OpeningLine
from bot.conversation.typed_answers import as_command
from bot.desk import typed_commands
from bot.reading.intents import Intent
from bot.reading.sentences import read
from bot.store import KnownPerson, Unit
from policy import Policy

_TS: Final = re.compile(r"[0-9]{1,12}\.[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Record:
    """The records of a person's cases, within the transaction of one of their deliveries."""

    unit: Unit
    known: KnownPerson
    key: str
    now: Now
    policy: Policy

    def add_step(self, typed: Typed | None, event: Event | None, before: Case | None, after: Step) -> None:
        """Write down what was typed in the delivery that made a step, and what it was taken as."""
        case = after.case
        if typed is not None:
            self.add(case, typed, self._fate(typed, event, before, after))
        match event:
            case Reworded(message=message) if before is not None and _says_more(before, case):
                self.unit.record.answered(self.known.id, message)

    def add(self, case: Case, typed: Typed, fate: TakenAs) -> None:
        """Write down what was typed about a case."""
        edited = moment_of(typed.edited_at)
        said = RecordedWords(self.key, self.now.at, typed.place, fate, typed.text, edited)
        self.unit.record.add(case.number, self.known.id, said)

    def opening_effects(self, before: Case | None, case: Case) -> tuple[Effect, ...]:
        """Return the effects that show agents what they have not seen; none once an agent has the case.

        Answers alone show nothing, because the card has them; neither do thanks.
        """
        handoff, came = case.handoff, before is None or before.standing not in WITH_AGENTS
        if handoff is None or not (
            case.standing is Standing.WAITING or (came and case.standing in WITH_AGENTS)
        ):
            return ()
        slot, record = opening_slot(handoff), self.unit.record
        seen = {said.key for said in record.shown_in(case.number, slot)}
        unseen = record.not_shown(case.number)
        if not unseen or not (seen or any(map(self._is_news, unseen))):
            return ()
        record.put_into(case.number, slot)
        shown = record.shown_in(case.number, slot)
        entry = opening(case, shown)
        whole = tuple(_whole(case, said) for said in shown if said.is_long and said.key not in seen)
        return (ChangeEntry(slot, entry) if seen else AddEntry(entry, slot), *whole)

    def of(self, message: str) -> RecordedWords | None:
        """Return what the record has of a message."""
        return self.unit.record.words(self.known.id, message)

    def apply_edit(self, message: str, text: str | None, at: str) -> bool:
        """Apply an edit to the record; False if it lacks the message, or has a later change."""
        moment = moment_of(at) or self.now.at
        words = cleaned(text) if text is not None else None
        return self.unit.record.reword(self.known.id, message, words, moment)

    def apply_deletion(self, message: str) -> bool:
        """Apply a deletion to the record; False if it lacks the message, or has a later change."""
        return self.unit.record.take_back(self.known.id, message, self.now.at)

    def redraw(self, before: RecordedWords) -> tuple[int, tuple[Effect, ...]]:
        """Return the case whose thread opening shows changed words (0 if none does) and what redraws it."""
        found = self.unit.record.opening_with(self.known.id, before.key)
        case = self.unit.cases.get(found[0]) if found is not None else None
        if found is None or case is None:
            return 0, ()
        number, slot = found
        shown = self.unit.record.shown_in(number, slot)
        said = next(words for words in shown if words.key == before.key)
        effects: tuple[Effect, ...] = (ChangeEntry(slot, opening(case, shown)),)
        if before.is_long:
            return number, (*effects, ChangeEntry(heard_slot(said.key), _heard(case, said)))
        return number, (*effects, *([_whole(case, said)] if said.is_long else []))

    def redraw_opening(self, number: int, slot: str) -> tuple[Effect, ...]:
        """Return the effects that redraw a thread's opening."""
        case, shown = self.unit.cases.get(number), self.unit.record.shown_in(number, slot)
        return (ChangeEntry(slot, opening(case, shown)),) if case is not None else ()

    def _fate(self, typed: Typed, event: Event | None, before: Case | None, after: Step) -> TakenAs:
        """Return what a message was taken as. One that opens a case and says no more is a command."""
        match event:
            case _ if typed.text is None:
                return TakenAs.NOT_UNDERSTOOD
            case None:
                return TakenAs.COMMAND if self._only_opens(typed.text) else TakenAs.KEPT
            case Wrote():
                passed_on = self.key in after.case.relay.messages
                return TakenAs.PASSED_ON if passed_on else TakenAs.NOT_UNDERSTOOD
            case Said() | Provided() | EditedTicket():
                refused = _has_problem(after.screen) or (isinstance(event, Said) and after.case == before)
                refused = refused and not (before is not None and _says_more(before, after.case))
                return TakenAs.NOT_UNDERSTOOD if refused else TakenAs.ANSWER
            case Opened() | PastedKey():
                return TakenAs.NOT_UNDERSTOOD
            case _:
                return TakenAs.COMMAND

    def _is_news(self, said: RecordedWords) -> bool:
        """Tell whether a message says more than the card does, and more than thanks."""
        kept = said.taken_as is TakenAs.KEPT
        thanks = kept and said.text is not None and typed_commands.is_only_thanks(self.policy, said.text)
        return said.taken_as is not TakenAs.ANSWER and not thanks

    def _only_opens(self, text: str) -> bool:
        """Tell whether a text says nothing but *new*, or a greeting."""
        if as_command(text) in typed_commands.NEW:
            return True
        meant = read(self.policy, text, self.now.today)
        return meant.intent is Intent.GREETING and not meant.found


def opening_slot(handoff: Handoff) -> str:
    """Return the slot of the thread opening for a handoff."""
    return f"opening-{int(handoff.asked_at.timestamp() * 1000)}"


def opening(case: Case, record: list[RecordedWords]) -> Opening:
    """Return the opening of a case's thread."""
    shown = for_opening(record)
    return Opening(case.person, tuple(map(_line, shown)), len(record) - len(shown))


def moment_of(ts: str) -> datetime | None:
    """Return the moment of a Slack timestamp, None if it is none."""
    return datetime.fromtimestamp(float(ts), UTC) if _TS.fullmatch(ts) else None


def _line(said: RecordedWords) -> OpeningLine:
    text = said.text[:FOLDED_AT].rstrip() if said.text is not None else None
    return OpeningLine(
        at=said.at,
        text=text,
        folded=said.is_long,
        not_understood=said.taken_as is TakenAs.NOT_UNDERSTOOD,
        edited=said.edited_at is not None,
        deleted=said.deleted_at is not None,
        in_doubt=said.taken_as is TakenAs.IN_DOUBT,
    )


def _whole(case: Case, said: RecordedWords) -> AddEntry:
    return AddEntry(_heard(case, said), heard_slot(said.key))


def _heard(case: Case, said: RecordedWords) -> Heard:
    return Heard(case.person, said.text, edited=said.edited_at is not None, early=True)


def _has_problem(screen: Screen | TicketEditor) -> bool:
    return bool(screen.problems) if isinstance(screen, Details) else screen.problem is not None


def _says_more(before: Case, after: Case) -> bool:
    was, now = before.interview, after.interview
    return (was.answers, was.details, was.details_closed) != (now.answers, now.details, now.details_closed)


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
