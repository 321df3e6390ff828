"""Send signed traffic at a rate: `python -m tests.bench.load.traffic PLAN`, its result as JSON.

Arrivals are scheduled beforehand, by chance, and every latency counts from the scheduled moment: who comes
while the bot is slow waits as people would. A person acts again only after the answer was seen, and a pause
to read it; where nobody is ready somebody new comes.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import random
import ssl
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, field
from heapq import heappop, heappush
from pathlib import Path

import aiohttp

from tests.bench.load import people
from tests.bench.load.people import Act, Json, Kind, Person, Seen

SECRET = "bench-signing-secret"  # noqa: S105  of a Slack that there is not
READING = (1.2, 2.2)  # seconds until somebody acts again
SKIMMING = (0.3, 1.0)  # the same where only steps count
PATIENCE_SECONDS = 10.0  # until an answer counts as never shown
ACK_SECONDS = 3.0
CALM_RATE = 20.0  # a second, after the load


@dataclass(frozen=True)
class Plan:
    """What to send. `warm` seconds go before the `seconds` that count; `replay`: bodies sent as they are.

    `steps`: the commands come in the warm time, and only submitted steps count. `record` is a file for some
    of the bodies, to be replayed. `again`: what is not acknowledged is delivered again, as Slack does. Then
    `after` seconds of CALM_RATE follow, in a list of their own.
    """

    urls: list[str]
    rate: float
    seconds: float
    warm: float
    seed: int
    fake: str = ""
    authority: str = ""
    steps: bool = False
    record: str = ""
    replay: str = ""
    again: bool = False
    after: float = 0


@dataclass
class Sample:
    """What came of one act: milliseconds from its moment to its acknowledgment, and on to its answer.

    `at` is its moment, in seconds since the load ended. `late` is how long after its moment it was sent, so
    what the generator itself is to blame for.
    """

    kind: str
    key: str
    late: float
    at: float
    ack: float | None = None
    shown: float | None = None
    error: str = ""
    waits: bool = False


@dataclass
class Traffic:
    """One run."""

    plan: Plan
    session: aiohttp.ClientSession
    random: random.Random
    replayed: list[Json]
    samples: list[Sample] = field(default_factory=list)
    calm: list[Sample] = field(default_factory=list)
    over: float = 0.0
    recorded: list[Json] = field(default_factory=list)
    ready: list[tuple[float, int, Person, Act]] = field(default_factory=list)
    waiting: dict[str, asyncio.Future[Json]] = field(default_factory=dict)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    starved: int = 0
    born: int = 0
    sent: int = 0

    async def run(self) -> Json:
        """Send it all; returns the result."""
        if self.plan.fake:
            watching = asyncio.create_task(self._watch())
        begin = time.monotonic() + 0.2
        counting = begin + self.plan.warm
        self.over = counting + self.plan.seconds
        if self.plan.warm and self.plan.steps:
            await self._at_rate(begin, counting - 2.5, fresh=True)
        elif self.plan.warm:
            await self._at_rate(begin, counting)
        await _until(counting)
        _mark("begin")
        await self._at_rate(counting, self.over, self.samples)
        _mark("end")
        await self._at_rate(self.over, self.over + self.plan.after, self.calm, rate=CALM_RATE, fresh=True)
        if self.tasks:
            await asyncio.wait(self.tasks, timeout=PATIENCE_SECONDS)
        if self.plan.fake:
            watching.cancel()
        return {
            "samples": [asdict(one) for one in self.samples],
            "calm": [asdict(one) for one in self.calm],
            "starved": self.starved,
            "people": self.born,
        }

    async def _at_rate(
        self,
        begin: float,
        end: float,
        into: list[Sample] | None = None,
        *,
        rate: float | None = None,
        fresh: bool = False,
    ) -> None:
        bodies = self.replayed
        if rate is None:
            rate = self.plan.rate
            if fresh:  # as many people as there are steps to come, four each
                rate *= self.plan.seconds / 4 / max(end - begin, 0.1) * 1.1
        at = begin
        while (at := at + self.random.expovariate(rate)) < end:
            await _until(at)
            if bodies:
                self._spawn(self._replayed(at, bodies[self.sent % len(bodies)], into))
            else:
                self._next(at, into, fresh=fresh)

    def _next(self, at: float, into: list[Sample] | None, *, fresh: bool) -> None:
        if self.ready and self.ready[0][0] <= at and not fresh:
            _, _, person, act = heappop(self.ready)
        elif self.plan.steps and not fresh:
            self.starved += 1
            return
        else:
            self.born += 1
            scripts = people.steps if self.plan.steps else people.everything
            person = Person.made(self.born + self.plan.seed * 100_000, scripts(self.born))
            act = next(person.script)
        self._spawn(self._does(at, person, act, into))

    def _spawn(self, work: asyncio._CoroutineLike[None]) -> None:
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _replayed(self, at: float, recorded: Json, into: list[Sample] | None) -> None:
        act = Act(Kind(recorded["kind"]), recorded["body"].encode(), "", None)
        sample = self._sample(at, act, "")
        await self._post(at, act, sample)
        if into is not None:
            into.append(sample)

    async def _does(self, at: float, person: Person, act: Act, into: list[Sample] | None) -> None:
        sample = self._sample(at, act, act.key)
        if into is not None:
            into.append(sample)
            if self.plan.record and len(self.recorded) < 600:
                self.recorded.append({"kind": act.kind, "body": act.body.decode()})
        coming: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        if act.answer is not None:
            self.waiting[act.answer] = coming
        ack = await self._post(at, act, sample)
        if ack is None:
            self.waiting.pop(act.answer or "", None)
            return  # somebody else comes in their place
        seen = Seen(ack)
        if act.answer is not None:
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    shown = await coming
            except TimeoutError:
                sample.error = "no answer"
                return
            sample.shown = _ms(shown["at"] - at) - (sample.ack or 0)
            seen = Seen(ack, shown["given"], shown["answer"])
        pause = self.random.uniform(*(SKIMMING if self.plan.steps else READING))
        after = person.script.send(seen)
        if self.plan.steps and after.kind is Kind.COMMAND:
            return
        heappush(self.ready, (time.monotonic() + pause, self.sent, person, after))

    def _sample(self, at: float, act: Act, key: str) -> Sample:
        late = _ms(time.monotonic() - at)
        return Sample(act.kind, key, late, round(at - self.over, 3), waits=act.answer is not None)

    async def _post(self, at: float, act: Act, sample: Sample) -> Json | None:
        """Deliver an act; returns what the acknowledgment held, None where there was none."""
        for pause in (1.0, 2.0, 4.0) if self.plan.again else ():
            held = await self._try(at, act, sample)
            if held is not None:
                return held
            await asyncio.sleep(pause)
        return await self._try(at, act, sample)

    async def _try(self, at: float, act: Act, sample: Sample) -> Json | None:
        self.sent += 1
        url = self.plan.urls[self.sent % len(self.plan.urls)]
        try:
            async with self.session.post(url, data=act.body, headers=signed(act)) as response:
                text = await response.text()
                if response.status != 200:
                    sample.error = str(response.status)
                    return None
        except (aiohttp.ClientError, TimeoutError) as error:
            sample.error = type(error).__name__
            return None
        sample.error = ""
        sample.ack = _ms(time.monotonic() - at)
        return json.loads(text) if text else {}

    async def _watch(self) -> None:
        """Take note of what the bot calls, as the fake Slack tells."""
        async for told in calls(self.session, self.plan.fake, self.plan.authority):
            waiting = self.waiting.pop(answer_of(told), None)
            if waiting is not None and not waiting.done():
                waiting.set_result(told)


async def calls(session: aiohttp.ClientSession, fake: str, authority: str) -> AsyncIterator[Json]:
    """Yield what the fake Slack is called, as it comes."""
    context = ssl.create_default_context(cafile=authority)
    forever = aiohttp.ClientTimeout(total=None)
    async with session.get(f"{fake}watch", ssl=context, timeout=forever, read_bufsize=1 << 22) as response:
        async for line in response.content:
            yield json.loads(line)


def signed(act: Act) -> dict[str, str]:
    """Return a delivery's headers."""
    now = str(int(time.time()))
    base = b"v0:" + now.encode() + b":" + act.body
    signature = hmac.new(SECRET.encode(), base, hashlib.sha256).hexdigest()
    kind = "application/json" if act.is_event else "application/x-www-form-urlencoded"
    return {"Content-Type": kind, "X-Slack-Request-Timestamp": now, "X-Slack-Signature": f"v0={signature}"}


def answer_of(told: Json) -> str:
    """Return the name under which an act waits for this call."""
    given = told["given"]
    about = {"views.open": "trigger_id", "views.update": "view_id", "views.publish": "user_id"}
    return f"{told['method']}:{given.get(about.get(told['method'], 'channel'))}"


async def _until(at: float) -> None:
    wait = at - time.monotonic()
    if wait > 0:
        await asyncio.sleep(wait)


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)


def _mark(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


async def sent(plan: Plan, replayed: list[Json]) -> tuple[Json, list[Json]]:
    """Send what a plan says; returns what came of it, and some of what was sent."""
    connector = aiohttp.TCPConnector(limit=0)
    limit = aiohttp.ClientTimeout(total=ACK_SECONDS)
    async with aiohttp.ClientSession(connector=connector, timeout=limit) as session:
        by_chance = random.Random(plan.seed)  # noqa: S311  arrivals, no secret
        traffic = Traffic(plan, session, by_chance, replayed)
        return await traffic.run(), traffic.recorded


def main(plan: Plan) -> None:
    replayed = json.loads(Path(plan.replay).read_text()) if plan.replay else []
    result, recorded = asyncio.run(sent(plan, replayed))
    if plan.record:
        Path(plan.record).write_text(json.dumps(recorded))
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main(Plan(**json.loads(sys.argv[1])))
