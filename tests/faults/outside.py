"""Runs against a real `certdesk serve`, judged by Slack's record and by the commands that an operator has.

Nothing of the bot is imported here, in `served` or in `outside_people`: what judges shares nothing with what
is judged but the stand-in for Slack, which shares no code with the bot either.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from random import Random
from typing import Final

from bot.playground.standin import ORGANIZATION, SISTER_TEAM, Fault, Guise, Message, StandIn, text_of
from tests.faults.outside_people import (
    AGENTS,
    LATE,
    OUTCOME,
    OWNER,
    Said,
    Visit,
    actions_of,
    done,
    elements_of,
)
from tests.faults.plan import Harm, Plan, Report
from tests.faults.served import Log, Served

HARMED: Final = 4.0  # seconds that a harm lasts
SOON: Final = 3.0  # seconds of a visit, before it begins
CALM: Final = 75.0  # seconds until all is well again: a minute, and what a sweep takes
SCALE: Final = 0.4  # of Slack's three seconds and its retries
DAY: Final = 86_400
HOUR: Final = 3_600
CLOCKS: Final = {"hour_ahead": HOUR, "hour_back": -HOUR, "day_ahead": DAY, "day_back": -DAY}
UNKNOWN_CODE: Final = "flux_capacitor_empty"
DOCUMENTED: Final = ("restricted_action", "ekm_access_denied", "service_unavailable")  # which may pass
GUISES: Final = (None, Guise(SISTER_TEAM), Guise(ORGANIZATION), Guise(None), Guise(None, whole=True))
MARK: Final = "Sent again"


async def run(plan: Plan) -> Report:
    """Run a plan to its end: one guest for each harm, and one before them."""
    report, began = Report(plan), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="certdesk-outside-") as folder:
        options = {"commands": ["/certdesk"], "app_name": "certdesk", "time_scale": SCALE, "seed": plan.name}
        async with StandIn.serving(**options) as slack:
            jumps = any(harm.site == "outside:clock" for harm in plan.harms)
            desk = Served(Path(folder), environment(plan, slack, Path(folder)), clock=jumps)
            if plan.http:
                slack.request_url = f"{desk.url}/slack/events"
            outside = Outside(plan, slack, desk, report)
            try:
                await desk.start()
                for number, harm in enumerate((None, *plan.harms)):
                    await outside.visited(number, harm)
                await outside.calm()
                report.broken += [line async for line in outside.breaches()]
            except Exception as stuck:  # noqa: BLE001  whatever it is, the plan is to be named
                report.broken.append(
                    f"stuck: {stuck!r} {getattr(stuck, 'exceptions', '')}; {outside.state()}"
                )
            finally:
                await desk.stop()
    report.lives, report.seconds = 1 + len(desk.ends), time.monotonic() - began
    return report


def environment(plan: Plan, slack: StandIn, folder: Path) -> dict[str, str]:
    """Return what `certdesk serve` is told."""
    told = {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.api_url,
        "CERTDESK_AGENTS_CHANNEL": slack.channel(AGENTS),
        "CERTDESK_DATABASE_URL": f"sqlite:///{folder / 'certdesk.db'}",
    }
    return told if plan.http else told | {"SLACK_APP_TOKEN": slack.app_token}


class Outside:
    """One run's world."""

    def __init__(self, plan: Plan, slack: StandIn, desk: Served, report: Report) -> None:
        self.slack, self.desk, self.report = slack, desk, report
        self.random = Random(f"outside/{plan.name}")  # noqa: S311  chance, not secrecy
        self.visits: list[Visit] = []
        self.killed = 0

    async def visited(self, number: int, harm: Harm | None) -> None:
        """Let a guest come with a question, while something goes wrong."""
        name = f"guest{number}"
        user = self.slack.add_user(name, role="requester")
        self.slack.world.open_im(user.id)
        visit = Visit(self.slack, name)
        self.visits.append(visit)
        if harm is None:
            await visit.run()
            return
        if harm.site == "outside:log":
            await self.desk.restart(Log(harm.fault))
        if harm.fault == "full_with_log":
            await self.desk.restart(Log.FILE)
        async with asyncio.TaskGroup() as group:
            group.create_task(visit.run())
            group.create_task(self.harmed(harm, visit))
        self.report.counts[harm.site, harm.fault] += 1

    async def harmed(self, harm: Harm, visit: Visit) -> None:
        """Do harm while a guest is here, for some seconds."""
        await asyncio.sleep(self.random.uniform(0, SOON))
        match harm.site.partition(":")[2]:
            case "log":
                self.slack.inject("chat.postMessage", Fault.SERVER_ERROR, times=2)  # so that there is a line
            case "clock":
                await self._clock(CLOCKS[harm.fault])
            case "disk":
                self.desk.disk(full=True)
                await asyncio.sleep(HARMED)
                self.desk.disk(full=False)
            case "process":
                self.killed += 1
                self.desk.kill()
            case "person" if harm.fault == "organization":
                await self._disguised(visit)
            case "person":
                await self._leave(harm, visit)
            case _:
                self._answer(harm)

    async def _clock(self, seconds: int) -> None:
        """Let the clock jump, and back again; what fails meanwhile is to be tried again soon after."""
        self.slack.inject("chat.postMessage", Fault.SERVER_ERROR, times=1)
        self.desk.clock(seconds)
        await asyncio.sleep(HARMED / 2)
        self.slack.inject("chat.postMessage", Fault.SERVER_ERROR, times=1)
        await asyncio.sleep(HARMED / 2)
        self.desk.clock(0)

    def _answer(self, harm: Harm) -> None:
        inject = self.slack.inject
        match harm.fault:
            case "proxy":
                for site in ("chat.postMessage", "chat.update", "views.open"):
                    inject(site, self.random.choice((Fault.PROXY, Fault.PROXY_AFTER)), times=3, delay=1)
            case "unknown_code":
                inject("chat.postMessage", Fault.REFUSED, times=2, error=UNKNOWN_CODE)
                inject("chat.update", Fault.REFUSED, times=2, error=UNKNOWN_CODE)
            case "documented_code":
                inject("chat.postMessage", Fault.REFUSED, times=2, error=self.random.choice(DOCUMENTED))
            case "day_of_retry_after":
                inject("users.info", Fault.RATE_LIMITED, times=1, delay=DAY)
            case _:
                raise ValueError(harm)

    async def _disguised(self, visit: Visit) -> None:
        """Let payloads name now one team beside a person, now another, for as long as the guest is here."""
        people = (visit.name, OWNER, LATE)
        while not visit.over:
            self.slack.names(self.random.choice(people), self.random.choice(GUISES))
            await asyncio.sleep(0.1)
        for who in people:
            self.slack.names(who, None)

    async def _leave(self, harm: Harm, visit: Visit) -> None:
        """Let the owner of a case leave: then she can do nothing, until she is back."""
        while not visit.case:
            await asyncio.sleep(0.1)
        if harm.fault == "bot_joins":
            await self.slack.join(self.slack.add_user(f"robot{len(self.visits)}", is_bot=True).id, AGENTS)
            return
        await self.slack.leave(OWNER, AGENTS)
        await self._powerless(visit)
        await self.slack.join(OWNER, AGENTS)

    async def _powerless(self, visit: Visit) -> None:
        """Let who is no agent any more try to end the case, which waits for another, on a card before her."""
        card = visit.cards()[-1]
        slack, owner = self.slack, self.slack.user(OWNER)
        menus = [element for element in elements_of(card) if element["action_id"] == "resolve"]
        slack.world.channel(AGENTS).members.add(owner)  # her screen has not caught up
        try:
            for option in [option["value"] for menu in menus for option in menu["options"]][:1]:
                await done(slack.click(OWNER, card, "resolve", option=option, stale=True))
        finally:
            slack.world.channel(AGENTS).members.discard(owner)
        await asyncio.sleep(HARMED)
        if menus and "reopen" in actions_of(visit.cards()[-1]):
            self.report.broken.append(f"who left can do nothing: {visit.case} was resolved")

    async def calm(self) -> None:
        """Wait until nothing is left to do."""
        self.slack.faults.clear()
        self.desk.clock(0)
        self.desk.disk(full=False)
        await self.desk.ready(CALM)
        until = time.monotonic() + CALM
        while await self._waiting() and time.monotonic() < until:
            await asyncio.sleep(1)

    async def _waiting(self) -> list[str]:
        """Return what an operator sees of what is not sent."""
        listed = (await self.desk.said("outbox", "list", "--waiting")).splitlines()
        return [line for line in listed if "C-" in line or "queued" in line or "dead" in line]

    def state(self) -> str:
        """Return what there is to see, for whoever looks for the reason."""
        failed = [f"{d.name}:{d.error}" for d in self.slack.deliveries[-8:]]
        calls = [f"{c.method}:{c.error}" for c in self.slack.calls[-8:]]
        return f"deliveries {failed}, calls {calls}, log {self.desk.lines[-3:]}, ends {self.desk.ends}"

    # --- what must hold

    async def breaches(self) -> AsyncIterator[str]:
        """Yield a sentence for each breach."""
        for left in await self._waiting():
            yield f"nothing stuck: {left}"
        exported = await self.desk.said("cases", "export", "--format", "jsonl")
        cases = {row["case"]: row for row in map(json.loads, exported.splitlines())}
        if len(cases) != len(self.visits):
            yield f"one case for each question: {len(self.visits)} came, there are {sorted(cases)}"
        for visit in self.visits:
            for line in [
                *self._cards(visit),
                *self._texts(visit),
                *self._outcome(visit, cases.get(visit.case)),
            ]:
                yield line
        for line in self._record():
            yield line

    def _cards(self, visit: Visit) -> Iterator[str]:
        cards = [card for card in visit.cards() if MARK not in text_of(card)]
        if len(cards) != 1:
            yield f"one card: {visit.case} has {len(cards)}"
        owner = self.slack.user(OWNER)
        if cards and f"<user:{owner}>" not in text_of(cards[-1]):
            yield f"one owner: the card of {visit.case} does not name {OWNER}"
        if any(visit.late) and not visit.told():
            yield f"all others told: {LATE} was not, of {visit.case}"

    def _texts(self, visit: Visit) -> Iterator[str]:
        for said, places in ((visit.words, {"thread": visit.thread()}), (visit.replies, self._both(visit))):
            for each in said:
                for place, there in places.items():
                    yield from _counted(each, place, there)

    def _both(self, visit: Visit) -> dict[str, list[Message]]:
        return {"thread": [*visit.thread()], "DM": [*visit.dm]}

    def _outcome(self, visit: Visit, row: dict[str, object] | None) -> Iterator[str]:
        if row is None:
            yield f"{visit.case} of {visit.name} is in no export"
        elif (row["standing"], row["resolution"]) != ("resolved", OUTCOME):
            yield f"{visit.case} ended as {row['standing']} ({row['resolution']})"

    def _record(self) -> Iterator[str]:
        for problem in self.slack.problems:
            yield f"no wrong answers: {problem}"
        for effect, posts in self.slack.posted_twice("effect").items():
            if any(not post.hidden for post in posts[:-1]):
                yield f"posted once: {effect} was posted again though the desk was told of the first"
        for line in self.desk.lines:
            if "Traceback" in line:
                yield f"no traceback: {line}"
        for soon in self.slack.faults.too_soon:
            if soon.seconds < DAY - 660:
                yield f"Retry-After: {soon.site} was called {soon.seconds:.0f} s too soon"
        if len(self.desk.ends) != self.killed:
            yield f"it ended by itself with {self.desk.ends}, and was killed {self.killed} times"


def _counted(said: Said, place: str, there: list[Message]) -> Iterator[str]:
    found = [m for m in there if m.by_app and said.text in text_of(m)]
    unmarked = [m for m in found if MARK not in text_of(m)]
    if len(unmarked) > 1 or (said.taken and not found):
        yield f"each text once: {said.text!r} stands {len(unmarked)} times in the {place}"
