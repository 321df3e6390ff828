"""What one transaction works with: a person, their day, their cases; how a step is written down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.conversation.agent_move import without_owner
from bot.conversation.case import Case
from bot.conversation.case_record import RecordedWords, TakenAs, Typed
from bot.conversation.derive import Rules, result_of, screen_of
from bot.conversation.effects import IN_DM, Effect, News, Tell, TellAgent
from bot.conversation.events import Event, Wrote
from bot.conversation.handoff import SETTLED
from bot.conversation.now import Now
from bot.conversation.screens import Listed, Result, Screen, TicketEditor
from bot.conversation.step import Step, remember, step
from bot.desk import same_orders
from bot.desk.queueing import order_for
from bot.desk.record_keeping import Files, Record
from bot.desk.results import Noted, Seen
from bot.store import KnownPerson, Unit
from bot.store.history import trail_name

LISTED = 20
EASTERNMOST: Final = timezone(timedelta(hours=14))


@dataclass(frozen=True, slots=True)
class Transaction:
    """One delivery's transaction: whose it is, when, under which receipt, and where to answer a click.

    `agents` is the agents' channel, `typed` what a requester typed, `thread` the DM thread in which they did.
    `whispered`: what was clicked is in a message that nobody else sees.
    """

    unit: Unit
    known: KnownPerson
    now: Now
    key: str
    rules: Rules
    agents: str | None
    response_url: str | None = None
    typed: Typed | None = None
    thread: str | None = None
    whispered: bool = False

    @property
    def record(self) -> Record:
        """Return the records of the person's cases."""
        return Record(self.unit, self.known, self.key, self.now, self.rules.policy)

    @property
    def files(self) -> Files:
        """Return the files of the person's cases."""
        return Files(self.unit, self.known, self.key, self.now)

    def now_of(self, case: Case) -> Now:
        """Return the moment in the requester's time zone, whoever acts."""
        if case.person == self.known.person:
            return self.now
        return now_for(self.unit.people.get_or_add(case.person), self.now.at)

    def screen(self, case: Case) -> Screen:
        """Return a case as it stands now."""
        return screen_of(self.rules, case, self.now_of(case))

    def listed(self, case: Case) -> Listed:
        """Return a case as a line of a list."""
        return Listed(case.number, self.screen(case))

    def apply(self, case: Case, event: Event, *, quiet: bool = False) -> Seen:
        """Apply an event to a case. `quiet`: an event that changes nothing has no effects either.

        A case whose owner is no longer an agent is not reopened for them. A message about a duplicate goes to
        the case that replaces it.
        """
        if isinstance(event, Wrote) and case.duplicate_of is not None:
            living = same_orders.living_case(self, case)
            if living.number != case.number:
                return self.apply(living, event)
        owner = case.handoff.claimed_by if case.handoff is not None and case.standing in SETTLED else None
        if owner is not None and not self.unit.agents.has(owner.installation, owner.user):
            case = without_owner(case)
        return self.save(case, step(self.rules, case, event, self.now_of(case)), event, quiet=quiet)

    def save(
        self, before: Case | None, after: Step, event: Event | None = None, *, quiet: bool = False
    ) -> Seen:
        """Save the result of a step and queue its effects."""
        after = same_orders.link_cases(self, before, after)
        case = after.case
        changed = case != before
        if changed:
            file_case(self.unit, after, self.now_of(case))
            self.unit.history.add(case.number, trail_name(event), case.standing, self.known.id, self.now.at)
        self.unit.receipts.assign(self.key, case.number, changed=changed)
        self.record.add_step(self.typed, event, before, after)
        if case.person == self.known.person and changed:
            self.unit.people.remember(self.known, remember(self.rules.policy, case))
        opening = self.record.opening_effects(before, case)
        had_card = before is not None and before.handoff is not None
        if had_card:  # earlier messages go above new ones
            self._queue_all(opening, case)
        self._queue_all(() if quiet and not changed else after.effects, case)
        self._queue_all(self.files.send_out(case, after.effects), case)
        if not had_card:
            self._queue_all(opening, case)
        self._queue_all(self.files.receive(self.typed, before, case), case)
        return Seen(case.number, case.surface, after.screen)

    def keep_words(self, case: Case) -> None:
        """Keep what was typed with a case, without changing the case."""
        if self.typed is not None:
            self.record.add(case, self.typed, TakenAs.KEPT)
        self.unit.receipts.assign(self.key, case.number, changed=False)
        self._queue_all(self.files.receive(self.typed, case, case), case)

    def redraw(self, changed: RecordedWords) -> None:
        """Update what agents see of a message after a change; `changed` is what it was before."""
        number, effects = self.record.redraw(changed)
        for effect in effects:
            self.queue(effect, number)

    def _queue_all(self, effects: Iterable[Effect], case: Case) -> None:
        for effect in effects:
            self.queue(effect, case.number)

    def queue(self, effect: Effect, case: int | None = None) -> Noted:
        """Queue an effect, of a case or of none."""
        match effect:
            case TellAgent():
                effect = replace(effect, response_url=self.response_url)
            case Tell(case=number) if number:
                case = number
            case _:
                pass
        if self.thread is not None and isinstance(effect, IN_DM) and effect.to == self.known.person:
            effect = replace(effect, thread=self.thread)
        self.unit.outbox.queue(order_for(effect, case), self.now.at)
        return Noted(case)

    def tell(self, news: News, case: int = 0) -> Noted:
        """Tell the person some news."""
        return self.queue(Tell(self.known.person, news, case))


class Stage(StrEnum):
    """How far a case is, in lists of cases and in the table."""

    ASKING = "asking"
    ANSWERED = "answered"
    GIVEN_UP = "given_up"


def file_case(unit: Unit, after: Step, now: Now) -> None:
    """Save a case, and schedule exactly its reminders."""
    result = result_in(after.screen)
    deadline = result.decision.refund.last_day if result is not None else None
    stage = Stage.GIVEN_UP if after.case.interview.given_up else stage_of(after.screen)
    unit.cases.save(after.case, stage, now.at, deadline=deadline)
    schedule_reminders(unit, after, now)


def schedule_reminders(unit: Unit, after: Step, now: Now) -> None:
    """Schedule exactly the reminders of a case."""
    unit.reminders.keep(after.case.number, after.reminders, now.at)


def result_in(screen: Screen | TicketEditor) -> Result | None:
    """Return the result that a screen shows, None while a question is open."""
    return screen.result if isinstance(screen, TicketEditor) else result_of(screen)


def stage_of(screen: Screen | TicketEditor) -> Stage:
    """Return how far a case is that shows this screen."""
    return Stage.ANSWERED if isinstance(screen, Result | TicketEditor) else Stage.ASKING


def now_for(known: KnownPerson, at: datetime) -> Now:
    """Return a moment as a person has it; in an unknown zone, no day anywhere on earth is the future."""
    zone = _zone(known)
    if zone is None:
        return Now(at, at.astimezone(UTC).date(), at.astimezone(EASTERNMOST).date())
    today = at.astimezone(zone).date()
    return Now(at, today, today, zone)


def _zone(known: KnownPerson) -> ZoneInfo | timezone | None:
    if known.zone is not None:
        try:
            return ZoneInfo(known.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass  # not in this machine's time zone data; the offset will do
    if known.zone_offset is None or abs(known.zone_offset) >= timedelta(days=1).total_seconds():
        return None
    return timezone(timedelta(seconds=known.zone_offset))
