"""What must hold of the handoff desk once nothing is left to do. Checks yield a sentence for each breach."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from bot.conversation.agent_moves import (
    AGENT_MOVES,
    Claim,
    Duplicate,
    GiveBack,
    Reassign,
    Reopen,
    Resolve,
)
from bot.conversation.case import Case
from bot.conversation.effects import Denial, Effect, News, SendWords, Tell, TellAgent
from bot.conversation.handoff import HELD, SETTLED, By, Standing, row_in
from bot.conversation.people import Person
from bot.conversation.reminder_kinds import Reminder
from bot.desk.deliveries import Handle, React
from bot.playground.standin import Message, text_of
from bot.store.coding import EFFECT, SHELF
from tests.faults import fates
from tests.faults.actors import AGENTS
from tests.faults.replay import Row
from tests.faults.standing import count_problem, stands
from tests.faults.written import Sort

if TYPE_CHECKING:
    from tests.faults.simulator import Simulator

ELSEWHERE: Final = frozenset(Standing) - SETTLED
COMES_IN: Final = {
    Reminder.WINDOW_SOON: ELSEWHERE,
    Reminder.WINDOW_LAST: ELSEWHERE,
    Reminder.UNCLAIMED: {Standing.WAITING},
    Reminder.OWNER_IDLE: {Standing.CLAIMED},
    Reminder.REQUESTER_IDLE: {Standing.ASKED},
    Reminder.IDLE_CLOSE: {Standing.ASKED},
    Reminder.FORGET: {Standing.RESOLVED},
}
ONCE_A_CASE: Final = (Reminder.WINDOW_SOON, Reminder.WINDOW_LAST)
TOLD_BY: Final = {
    News.WINDOW: ONCE_A_CASE,
    News.CREDIT_DUE: (Reminder.CREDIT,),
    News.UNANSWERED: (Reminder.UNCLAIMED,),
    News.STILL_THERE: (Reminder.REQUESTER_IDLE,),
    News.CLOSED_IDLE: (Reminder.IDLE_CLOSE,),
}
HOME_SAYS: Final = {
    Standing.WAITING: "Waiting for an agent since",
    Standing.CLAIMED: "has it since",
    Standing.ASKED: "waits for your answer",
    Standing.RESOLVED: "Resolved:",
    Standing.CLOSED: "Closed since",
}
HOME_LOOKS: Final = 1_500
LOOK: Final = 0.02  # real seconds between two: half a minute in all, for a machine that does much else


async def check(sim: Simulator) -> list[str]:
    """Return every breach. `sim` has folded all receipts."""
    cases = await sim.cases()
    return [
        *_notes_stay(sim),
        *_replies_arrive(sim, cases),
        *fates.check(sim, cases),
        *_owner(sim, cases),
        *_reminders(sim),
        *_agents(sim),
        *await _homes(sim, cases),
    ]


# --- words


def _notes_stay(sim: Simulator) -> Iterator[str]:
    """What agents write among themselves is found nowhere but in their channel."""
    world, home = sim.slack.world, sim.slack.channel(AGENTS)
    agents = {agent.user for agent in sim.agents}
    channels = [messages for channel, messages in world.messages.items() if channel != home]
    elsewhere = [str((m.text, m.blocks)) for messages in channels for m in messages.values()]
    elsewhere += [str(view.body) for user, view in world.homes.items() if user not in agents]
    elsewhere += [str(call.args) for call in sim.slack.calls if call.args.get("channel") != home]
    elsewhere += [str(delivery.response) for delivery in sim.slack.deliveries]
    everything = "\n".join(elsewhere)
    for note in sim.writings.of(Sort.NOTE):
        if note.newest in everything:
            yield f"a note stays among agents: {note.newest!r} left their channel"


def _replies_arrive(sim: Simulator, cases: list[Case]) -> Iterator[str]:
    """What an agent sent and the bot took is in the requester's DM once, and once in the card's thread."""
    effects = effects_of(sim)
    sent = Counter(effect.words.text for _, effect in effects if isinstance(effect, SendWords))
    whispers = [(n, e) for n, e in effects if isinstance(e, TellAgent) and e.why is not Denial.TAKEN]
    dms = {case.number: who.dm for case in cases for who in sim.requesters if who.user == case.person.user}
    denied = {(effect.to.user, number) for number, effect in whispers}
    for reply in sim.writings.of(Sort.REPLY):
        took = sent[reply.newest]
        told = (sim.slack.user(reply.by), reply.case) in denied
        if took > 1 or (reply.taken and not took and not reply.refused and not told):
            yield f"a reply counts once: {reply.newest!r} was taken {took} times, and nobody told otherwise"
        for place, there in (("DM", dms[reply.case]), ("thread", _thread(sim))):
            found = [m for m in there if m.by_app and reply.newest in text_of(m)]
            if problem := count_problem(sim, found, took):
                yield f"a reply arrives once: {reply.newest!r} stands {problem} in the {place}"


@lru_cache(1000)
def loaded(text: str) -> Effect:
    """Return an effect as the outbox keeps it."""
    return EFFECT.load(text)


def effects_of(sim: Simulator) -> list[tuple[int, Effect]]:
    """Return every effect with its case's number."""
    found = sim.rows("SELECT case_id, effect FROM outbox WHERE case_id IS NOT NULL ORDER BY id")
    return [(case + SHELF, loaded(text)) for case, text in found]


def _thread(sim: Simulator) -> list[Message]:
    return [m for m in sim.slack.messages(AGENTS) if m.is_reply and stands(sim, m)]


# --- whose it is


def _owner(sim: Simulator, cases: list[Case]) -> Iterator[str]:
    """The owner is the one whom the last move that was accepted made so."""
    owners: dict[int, Person | None] = {}
    for row in sorted(sim.replay.rows, key=lambda row: (row.case, row.version)):
        owners[row.case] = _after(row, owners.get(row.case))
    for case in cases:
        stored = case.handoff.claimed_by if case.handoff else None
        if stored != owners.get(case.number):
            yield f"one owner: {case.name} is {stored}'s, the last move gave it to {owners.get(case.number)}"
        if stored is None and case.standing in HELD:
            yield f"one owner: {case.name} is {case.standing} and nobody's"


def _after(row: Row, before: Person | None) -> Person | None:
    """Return whose a case is after a receipt that changed it, if only since a new day had come."""
    wanted = _wanted(row)
    allowed = row_in(AGENT_MOVES[wanted].rows, row.stood) if wanted is not None else None
    if allowed is None or (allowed.by is By.OWNER and row.person != before):
        return before
    match row.intent:
        case Handle(move=Resolve() | Duplicate()):
            return before or row.person
        case Handle(move=Reassign(to)):
            return to
        case Handle(move=GiveBack()):
            return None
        case _:
            return row.person


def _wanted(row: Row) -> str | None:
    """Return the id of the move that would make a case somebody's, None where the receipt is of none."""
    match row.intent:
        case React(emoji="eyes", on=True):
            return "claim"
        case Handle(move=Claim() | Reopen() | Resolve() | Duplicate() | Reassign() | GiveBack() as move):
            return move.kind
        case _:
            return None


def _agents(sim: Simulator) -> Iterator[str]:
    """The database knows the people in the agents' channel, and nobody else could do anything."""
    known = {user for (user,) in sim.rows('SELECT "user" FROM agents')}
    users = sim.slack.world.users
    there = sim.slack.world.channels[sim.slack.channel(AGENTS)].members
    members = {user for user in there if not users[user].is_bot}
    if known != members:
        yield f"who is an agent: {known - members} are none, {members - known} are not known"
    for row in sim.replay.rows:
        if isinstance(row.intent, Handle | React) and row.person and row.person.user == sim.newcomer.user:
            yield f"who is no agent does nothing: {row.intent}"


# --- what time brings


def _reminders(sim: Simulator) -> Iterator[str]:
    """Each reminder comes once, where it is wanted, and none that is due is left."""
    came: Counter[tuple[int, Reminder]] = Counter()
    before: dict[int, str] = {}
    over: set[tuple[int, str]] = set()
    for case, what, standing in sim.rows("SELECT case_id, what, standing FROM history ORDER BY case_id, id"):
        kind, _, name = what.partition(":")
        if kind == "came_due":
            reminder = Reminder(name)
            came[case, reminder] += 1
            if before[case] not in COMES_IN.get(reminder, frozenset(Standing)) or (case, name) in over:
                yield f"reminders are wanted: {name} came to C-{case + SHELF}, {before[case]}"
        if kind == "stopped":
            over.add((case, name))
        if kind == "credit_came":
            over.add((case, Reminder.CREDIT))
        before[case] = standing
    done = sim.rows("SELECT case_id, reminder FROM reminders WHERE state = 'done'")
    if came != Counter((case, Reminder(name)) for case, name in done):
        yield f"each reminder once: {came} came, of {Counter(done)}"
    twice = {pair for pair, n in came.items() if n > 1 and pair[1] in ONCE_A_CASE}
    if twice:
        yield f"each reminder once: {twice} came again"
    yield from _told_once(sim, came)
    if sim.overdue() and not sim.plan.process:
        yield f"each reminder comes: {sim.overdue()} did not"


def _told_once(sim: Simulator, came: Counter[tuple[int, Reminder]]) -> Iterator[str]:
    tells = [(number, effect) for number, effect in effects_of(sim) if isinstance(effect, Tell)]
    told = Counter((number, effect.news) for number, effect in tells if effect.news in TOLD_BY)
    for (number, news), times in told.items():
        if times != sum(came[number - SHELF, reminder] for reminder in TOLD_BY[news]):
            yield f"each reminder once: {news} was told {times} times of C-{number}"


# --- App Home


async def _homes(sim: Simulator, cases: list[Case]) -> list[str]:
    """Who opens App Home now sees how their cases stand; agents, how many there are.

    What was opened and left without an answer or a word is no case.
    """
    said_of = {n + SHELF for (n,) in sim.rows("SELECT case_id FROM words WHERE taken_as != 'command'")}
    cases = [case for case in cases if case.revision > 1 or case.number in said_of]
    broken = []
    for who in (*sim.requesters, *sim.agents):
        await sim.slack.open_home(who.name)
        said: list[str] = ["nothing"]
        for _ in range(HOME_LOOKS):
            said = [*_home_of(sim, who.user, cases)]
            if not said:
                break
            await asyncio.sleep(LOOK)
        broken += [f"App Home is true: {who.name} sees {problem}" for problem in said]
    return broken


def _home_of(sim: Simulator, user: str, cases: list[Case]) -> Iterator[str]:
    home = sim.slack.world.homes.get(user)
    if home is None:
        yield "nothing"
        return
    if any(agent.user == user for agent in sim.agents):
        waiting = sum(case.standing is Standing.WAITING for case in cases)
        held = [c for c in cases if c.standing in HELD and c.handoff and c.handoff.claimed_by]
        mine = sum(c.handoff.claimed_by.user == user for c in held if c.handoff and c.handoff.claimed_by)
        yield from _lacking(home.blocks, f"Queue ({waiting})", f"Mine ({mine})")
        return
    parts = re.split(r"(C-\d+)", text_of(home))
    shown = dict(zip(parts[1::2], parts[2::2], strict=True))
    for case in (case for case in cases if case.person.user == user):
        says = {standing for standing, phrase in HOME_SAYS.items() if phrase in shown.get(case.name, "")}
        if case.name not in shown or says != {case.standing} & HOME_SAYS.keys():
            yield f"{case.name} as {says}, it is {case.standing}"


def _lacking(blocks: list[Any], *labels: str) -> Iterator[str]:
    shown = str(blocks)
    yield from (f"no {label!r}" for label in labels if label not in shown)
