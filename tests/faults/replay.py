"""Replay what the receipts keep through the pure conversation, in order: it must give the stored cases.

A receipt says whose delivery it was, what they wanted, when, and which version of which case came of it; one
of nobody's, that a moment had come.
What it does not keep is the address at which a result could be shared, so the stored cases are compared
without theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from bot.conversation.agent_moves import move_by_emoji
from bot.conversation.case import Case, Surface
from bot.conversation.derive import Rules, Snapshot
from bot.conversation.events import (
    AgentMoved,
    AskedForPerson,
    CameDue,
    Opened,
    Reworded,
    Rewrote,
    Said,
    Stopped,
    TookBack,
    Wrote,
)
from bot.conversation.handoff import Standing
from bot.conversation.interview import Remembered
from bot.conversation.now import Now
from bot.conversation.people import Origin, Person
from bot.conversation.step import Step, begin, remember, step
from bot.conversation.typed_answers import as_command
from bot.desk import typed_commands
from bot.desk.deliveries import (
    Act,
    Assign,
    Due,
    Handle,
    Intent,
    React,
    Rewrite,
    Start,
    StopReminder,
    Withdraw,
    Write,
)
from bot.desk.direct_messages import event_for, listens
from bot.desk.recorded_deliveries import REDACTED, try_recorded
from bot.desk.requests import RESPONSE_URL_LIVES
from bot.desk.transaction import EASTERNMOST
from bot.reading.thanks import is_thanks
from bot.store.coding import SHELF

_NUMBER: Final = re.compile(r"^C-[0-9]+: ")
# Of one case in the order of its versions: who was received first may have waited for who was written first.
QUERY = """
SELECT receipts.key, receipts.event, receipts.case_id,
    people.installation, people.team, people.user, receipts.case_version, receipts.received_at
FROM receipts LEFT JOIN people ON people.id = receipts.person_id
WHERE receipts.case_version IS NOT NULL
ORDER BY MAX(receipts.received_at) OVER (PARTITION BY receipts.case_id ORDER BY receipts.case_version),
    receipts.case_id, receipts.case_version
"""


@dataclass(frozen=True)
class Row:
    """A receipt of what changed a case, and where that stood before."""

    key: str
    intent: Intent | Due
    case: int
    person: Person | None
    version: int
    at: datetime
    stood: Standing = Standing.NEW


def rows(found: list[tuple[Any, ...]]) -> Iterator[Row]:
    """Yield what `QUERY` found."""
    for key, event, case, installation, team, user, version, at in found:
        moment = datetime.fromtimestamp(at / 1000, UTC)
        person = Person(installation, team, user) if user else None
        intent = try_recorded(event)
        assert intent is not None, event
        yield Row(key, intent, case + SHELF, person, version, moment)


def redacted(case: Case) -> Case:
    """Return a case as receipts know it: when a reminder comes hangs on a zone that was learned besides.

    Which cases are about the same order hangs on those cases.
    """
    case = replace(case, same_orders=())
    if case.origin is not None and case.origin.response_url:
        case = replace(case, origin=replace(case.origin, response_url=REDACTED))
    if case.shown.latest is not None:
        shown = replace(case.shown.latest, result=replace(case.shown.latest.result, reminders=()))
        case = replace(case, shown=replace(case.shown, latest=shown))
    return case


class Replay:
    """The cases as a fold over the receipts."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.rows: list[Row] = []
        self.odd: list[str] = []
        self.cases: dict[int, Case] = {}
        self.gone: dict[str, datetime] = {}  # messages, and when they were deleted
        self._taken: set[str] = set()
        self.known: dict[Person, Remembered] = {}
        self._ever: set[tuple[Person, Remembered]] = set()

    def take(self, row: Row) -> None:
        """Do what a receipt says, once."""
        if row.key in self._taken:
            return
        self._taken.add(row.key)
        case = self.cases.get(row.case)
        self.rows.append(row if case is None else replace(row, stood=case.standing))
        at = row.at
        now = Now(at, at.astimezone(UTC).date(), at.astimezone(EASTERNMOST).date())
        if case is not None and case.standing is Standing.RESOLVED and _thanks(row.intent):
            self.odd.append(f"thanks changed {case.name}, which was resolved")
        after = self._begin(row, now) if case is None else self._go_on(row, case, now)
        self.cases[row.case] = after.case
        if row.person == after.case.person:
            self.known[after.case.person] = remember(self.rules.policy, after.case)
            self._ever.add((after.case.person, self.known[after.case.person]))

    def of(self, stored: Case) -> Case | None:
        """Return a case as the receipts give it, None where they give none.

        In which order two cases of a person changed at the same moment no receipt says: what a case began
        with is right where it was remembered of them at any time.
        """
        case = self.cases.get(stored.number)
        if case is not None and (stored.person, stored.remembered) in self._ever:
            case = replace(case, remembered=stored.remembered)
        return case and redacted(case)

    def _begin(self, row: Row, now: Now) -> Step:
        assert row.person is not None
        start = row.intent if isinstance(row.intent, Start) else Start(Surface.DM)
        known = self.known.get(row.person, Remembered())
        origin = _origin(row, start)
        return begin(
            self.rules,
            row.case,
            row.person,
            start.surface,
            now,
            remembered=known,
            origin=origin,
            alike=start.alike,
            words=_words(row.intent, row.key),
        )

    def _go_on(self, row: Row, case: Case, now: Now) -> Step:
        if row.person is None:
            assert isinstance(row.intent, Due)
            return step(self.rules, case, CameDue(row.intent.reminder), now)
        return self._done_by(row.person, row, case, now)

    def _done_by(self, person: Person, row: Row, case: Case, now: Now) -> Step:
        match row.intent:
            case Start() as start:
                case = replace(case, origin=_origin(row, start) or case.origin)
                return step(self.rules, case, Opened(), now)
            case Act(event=event, revision=revision):
                stale = revision is not None and revision != case.revision
                return step(self.rules, case, Opened() if stale else event, now)
            case Handle(move=move):
                return step(self.rules, case, AgentMoved(person, move), now)
            case React(emoji, on) if (move := move_by_emoji(emoji, on=on)) is not None:
                return step(self.rules, case, AgentMoved(person, move), now)
            case StopReminder(reminder=reminder):
                return step(self.rules, case, Stopped(reminder), now)
            case Write(text, at=at) if _for_agents(case, _unnamed(text), row.at):
                return step(self.rules, case, Wrote(row.key, text or "", at), now)
            case Write(text) as wrote:
                wrote = replace(wrote, text=_unnamed(text))
                leaked = typed_commands.tells_of_leak(self.rules.policy, wrote.text or "", now.today, case)
                at = Snapshot.of(self.rules, case, now)
                event = event_for(at, wrote, row.key, leaked=leaked)
                return step(self.rules, case, event, now)
            case Rewrite(message, text, at=at) if message in case.relay.messages:
                return step(self.rules, case, Rewrote(message, text, at), now)
            case Rewrite(message, text, at=at):
                return step(self.rules, case, Reworded(message, text, at), now)
            case Assign(messages=messages):
                return self._assigned(case, messages, now)
            case Withdraw(message):
                gone = Rewrote(message, None) if message in case.relay.messages else TookBack(message)
                return step(self.rules, case, gone, now)
            case look:
                raise AssertionError(f"{look} changed a case")

    def _assigned(self, case: Case, messages: tuple[str, ...], now: Now) -> Step:
        """Pass on what was said to be about a case, but for what had been deleted by then."""
        kept = [message for message in messages if self.gone.get(message, now.at) >= now.at]
        after = step(self.rules, case, Wrote(kept[0], ""), now)
        for message in kept[1:]:
            after = step(self.rules, after.case, Wrote(message, ""), now)
        return after


def _words(intent: Intent | Due, key: str) -> Said | None:
    """Return the words that opened a case."""
    match intent:
        case Write(text=str(text), at=at):
            return typed_commands.opening_words(text, key, at)
        case Start(words=words) if words:
            return Said(words, key)
        case _:
            return None


def _for_agents(case: Case, text: str | None, at: datetime) -> bool:
    said = as_command(text or "")
    return listens(case, at) and not isinstance(typed_commands.COMMANDS.get(said), AskedForPerson)


def _unnamed(text: str | None) -> str | None:
    """Return a text without the number of the case that it begins with."""
    return _NUMBER.sub("", text) if text is not None else None


def _thanks(intent: Intent | Due) -> bool:
    return isinstance(intent, Write) and is_thanks(intent.text or "")


def _origin(row: Row, start: Start) -> Origin | None:
    if start.channel is None:
        return None
    return Origin(
        start.channel, start.response_url, row.at + RESPONSE_URL_LIVES if start.response_url else None
    )
