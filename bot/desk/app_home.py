"""Gather what App Home shows: the cases of one page, and counts for the other tabs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Final

from bot.conversation.agent_moves import Resolve
from bot.conversation.case import Case, order_of
from bot.conversation.derive import Rules, screen_of
from bot.conversation.handoff import Outcome
from bot.conversation.now import Now
from bot.desk.app_home_views import PAGE, Home, HomeRow, Tab, Visit, Week
from bot.desk.transaction import now_for
from bot.store import CARD, KnownPerson, Unit
from bot.store.case_lists import Listing, closing, held_by, own, waiting

RISK: Final = timedelta(days=3)
WESTERNMOST: Final = timezone(timedelta(hours=-12))  # where a day ends last of all

RESOLVED: Final = {Resolve(outcome).trail: outcome for outcome in Outcome}


def home_of(unit: Unit, rules: Rules, known: KnownPerson, at: datetime, visit: Visit) -> Home:
    """Return what a person sees in App Home at a moment."""
    return _Look(unit, rules, known, now_for(known, at)).home(visit)


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at App Home."""

    unit: Unit
    rules: Rules
    known: KnownPerson
    now: Now

    def home(self, visit: Visit) -> Home:
        person = self.known.person
        agent = self.rules.agents and self.unit.agents.has(person.installation, person.user)
        lists = self.unit.case_lists(person.installation)
        tabs = self._tabs(agent=agent)
        counts = {tab: lists.count(listing) if listing else None for tab, listing in tabs.items()}
        tab = visit.tab if visit.tab in tabs else next(iter(tabs))
        pages = max(1, -(-(counts[tab] or 0) // PAGE))
        page, listing = min(max(visit.page, 1), pages), tabs[tab]
        return Home(
            viewer=person,
            tab=tab,
            page=page,
            pages=pages,
            counts=tuple(counts.items()),
            rows=tuple(map(self._row, lists.page(listing, page, PAGE))) if listing else (),
            weeks=(self._week(0), self._week(1)) if tab is Tab.WEEK else (),
            done=self._done(visit.done) if agent and visit.done is not None else None,
        )

    def _tabs(self, *, agent: bool) -> dict[Tab, Listing | None]:
        """Return the tabs that the person may see, with what each lists; the first one opens by default."""
        mine = {Tab.OWN: own(self.known.id)}
        if not agent:
            return {**mine}
        first, last = self.now.at.astimezone(WESTERNMOST).date(), self.now.today + RISK
        return {
            Tab.QUEUE: waiting(),
            Tab.HELD: held_by(self.known.id),
            Tab.RISK: closing(first, last),
            Tab.WEEK: None,
            **mine,
        }

    def _row(self, case: Case) -> HomeRow:
        """Return a case as its requester would see it today."""
        requester = (
            self.known if case.person == self.known.person else self.unit.people.get_or_add(case.person)
        )
        screen = screen_of(self.rules, case, now_for(requester, self.now.at))
        order = order_of(self.rules.policy, case)
        return HomeRow(screen, case.person, case.handoff, order, self.unit.places.of(case.number, CARD))

    def _done(self, number: int) -> HomeRow | None:
        case = self.unit.cases.get(number)
        here = case is not None and case.person.installation == self.known.person.installation
        return self._row(case) if case is not None and here else None

    def _week(self, back: int) -> Week:
        """Return the numbers of a week, counted back from this one, in the person's own time zone."""
        monday = self.now.today - timedelta(days=self.now.today.weekday(), weeks=back)
        during = self._midnight(monday), self._midnight(monday + timedelta(weeks=1))
        weekly = self.unit.weekly(self.known.person.installation)
        waits, resolved = weekly.waited(during), weekly.resolved(during)
        return Week(
            first=monday,
            last=monday + timedelta(days=6),
            handed_over=weekly.arrived(during),
            claimed=waits.number,
            wait=waits.median,
            resolved=tuple((how, resolved[name]) for name, how in RESOLVED.items() if name in resolved),
        )

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.now.zone)
