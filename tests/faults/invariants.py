"""What must hold once nothing is left to do. Each check returns a sentence for each breach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields
from typing import TYPE_CHECKING, Final, TypeVar

from bot.conversation.case import Case
from bot.conversation.effects import Effect, Post, ShowCard, Update
from bot.conversation.screens import Question, Result, Retired, Settled
from bot.desk.deliveries import Assign, Rewrite, Write
from bot.playground.standin import Message, text_of
from bot.store.coding import SHELF
from tests.faults import invariants_desk
from tests.faults.actors import AGENTS, WANTED, ByMessage
from tests.faults.replay import redacted
from tests.faults.standing import MARK, deleting, stands
from tests.faults.written import Sort

if TYPE_CHECKING:
    from tests.faults.simulator import Simulator

T = TypeVar("T", bound=Effect)
ERRORS: Final = ("Traceback", "Error", "Exception", "went wrong")


async def check(sim: Simulator) -> list[str]:
    """Return every breach."""
    sim.fold()
    cases = await sim.cases()
    return [
        *_one_case_each(sim, cases),
        *await _one_answer(sim),
        *await _meant(sim),
        *_once(sim),
        *await _one_owner(sim),
        *_nothing_left(sim),
        *_replayed(sim, cases),
        *_no_errors(sim),
        *await invariants_desk.check(sim),
    ]


def _one_case_each(sim: Simulator, cases: list[Case]) -> Iterator[str]:
    """Each question has one case, and so have words that were written to agents who no longer had it."""
    questions = sum(1 + who.begun for who in sim.requesters) + len(_by_words(sim, cases))
    if len(cases) != questions:
        yield f"one case for each question: {questions} were asked, there are {len(cases)} cases"


def _by_words(sim: Simulator, cases: list[Case]) -> set[int]:
    """Return the cases, but for the first ones, that words began or were said to be about."""
    first = {case.person: case.number for case in reversed(cases)}.values()
    words = {text for written in sim.writings.of(Sort.WORDS) for text in written.texts}
    begun = [row for row in sim.replay.rows if row.version == 1]
    return {row.case for row in begun if _is_by_words(row.intent, words)}.difference(first)


def _is_by_words(intent: object, words: set[str]) -> bool:
    match intent:
        case Write(text) | Rewrite(text=text):
            return text in words
        case _:
            return isinstance(intent, Assign)


async def _questions(sim: Simulator) -> list[Case]:
    """Return the cases that people came for."""
    return [case for who in sim.requesters if (case := await who.case()) is not None]


def shown(sim: Simulator) -> dict[str, list[Message]]:
    """Return the messages that stand somewhere, by the effect that posted them."""
    found: dict[str, list[Message]] = defaultdict(list)
    for channel in sim.slack.world.messages.values():
        for message in channel.values():
            if message.by_app and message.metadata and stands(sim, message):
                found[str(message.metadata["event_payload"].get("effect"))].append(message)
    return found


def _effects(sim: Simulator, kind: type[T]) -> list[tuple[str, int, T]]:
    """Return the effects of a kind, with their ids and their cases' numbers."""
    found = sim.rows("SELECT effect_id, case_id, effect FROM outbox WHERE case_id IS NOT NULL ORDER BY id")
    loaded = [(key, case + SHELF, invariants_desk.loaded(text)) for key, case, text in found]
    return [(key, case, effect) for key, case, effect in loaded if isinstance(effect, kind)]


async def _one_answer(sim: Simulator) -> list[str]:
    """Each case has one answer that stands, the others are marked, and in a DM each question stands once."""
    broken, standing = [], shown(sim)
    posts = _effects(sim, Post)
    for case in await _questions(sim):
        if case.shown.latest is None:
            if case.handoff is None and not deleting(sim):  # an agent had it before the last question
                broken.append(f"one visible answer: {case.name} has none")
            continue
        keys = [k for k, n, p in posts if n == case.number and p.slot == case.shown.latest.slot]
        answers = [m for key in keys for m in standing[key] if MARK not in text_of(m)]
        again = [m for key in keys for m in standing[key] if MARK in text_of(m)]
        if len(answers) > 1 or not (answers or again or _deleted(sim, keys)):
            broken.append(f"one visible answer: {case.name} has {len(answers)}")
        results = {p.slot for _, n, p in posts if n == case.number and isinstance(p.screen, Result)}
        unmarked = results - {case.shown.latest.slot} - _gone(sim, case.number)
        if unmarked:
            broken.append(f"one visible answer: {case.name} was answered in {unmarked} too")
    asked = [(n, p.slot) for _, n, p in posts if isinstance(p.screen, Question)]
    broken += [f"each question once: {slot} of C-{n}" for n, slot in {a for a in asked if asked.count(a) > 1}]
    return broken


def _gone(sim: Simulator, number: int) -> set[str]:
    """Return the slots of a case whose last redrawing says that it no longer holds."""
    last = {}
    for case, text in sim.rows("SELECT case_id, effect FROM outbox ORDER BY id"):
        effect = invariants_desk.loaded(text)
        if case == number - SHELF and isinstance(effect, Update):
            last[effect.slot] = effect.screen
    return {slot for slot, screen in last.items() if isinstance(screen, Retired | Settled)}


async def _meant(sim: Simulator) -> list[str]:
    """Each case that was written has the answers that were meant: of what was edited, the newest text."""
    broken = []
    for who in sim.requesters:
        case = await who.case()
        if isinstance(who, ByMessage) and case is not None and case.shown.latest is not None:
            said = {fact: case.interview.token(fact) for fact in WANTED}
            if said != {fact: token for fact, (token, _) in WANTED.items()}:
                broken.append(f"the newest text counts: {case.name} has {said}")
    return broken


def _deleted(sim: Simulator, keys: list[str]) -> bool:
    """Tell whether what one of these effects posted may have been deleted behind the bot's back."""
    payloads = [post.metadata["event_payload"] for post in sim.slack.posted if post.metadata]
    return deleting(sim) and any(payload.get("effect") in keys for payload in payloads)


def _once(sim: Simulator) -> Iterator[str]:
    """Nothing is seen twice, except where the first was hidden from the bot, and then it says so."""
    standing = shown(sim)
    for effect, posts in sim.slack.posted_twice("effect").items():
        there = {message.ts for message in standing[effect]}
        # a bot that was told and died finds none that somebody deleted meanwhile
        if not deleting(sim) or any(post.ts in there and not post.hidden for post in posts[:-1]):
            yield f"posted once: effect {effect} was posted again though the bot was told of the first"
    for effect, messages in standing.items():
        unmarked = [message for message in messages if MARK not in text_of(message)]
        if len(unmarked) > 1:
            yield f"posted once: effect {effect} stands {len(unmarked)} times, unmarked"


async def _one_owner(sim: Simulator) -> list[str]:
    """Each handoff has one card, that names the owner; who else claimed it was told."""
    broken, shows = [], _effects(sim, ShowCard)
    cards = [m for m in sim.slack.messages(AGENTS) if m.by_app]
    for case in await _questions(sim):
        if case.handoff is None:
            broken.append(f"one owner: {case.name} is with nobody")
            continue
        all_of_it = [m for m in cards if not m.is_reply and f"{case.name}: " in text_of(m)]
        mine = [m for m in all_of_it if MARK not in text_of(m)]
        keys = [key for key, number, _ in shows if number == case.number]
        if len(mine) > 1 or not (all_of_it or _deleted(sim, keys)):
            broken.append(f"one card: {case.name} has {len(mine)}")
        untold = [agent.name for agent in sim.agents if case.number not in agent.known]
        if untold:
            broken.append(f"all others told: {untold} not of {case.name}, which is {case.standing}")
        owner = case.handoff.claimed_by
        if case.held and owner is not None and mine and owner.user not in text_of(mine[0]):
            broken.append(f"one owner: the card of {case.name} does not name {owner.user}")
    return broken


def _nothing_left(sim: Simulator) -> Iterator[str]:
    for key, state, error in sim.rows(
        "SELECT id, state, error FROM outbox WHERE state NOT IN ('sent', 'merged', 'dropped')"
    ):
        if not (state == "dead" and error == "message_not_found" and deleting(sim)):
            yield f"nothing stuck: effect {key} is {state} ({error})"


def _replayed(sim: Simulator, cases: list[Case]) -> Iterator[str]:
    """Yield where the fold over the receipts gives another case than the stored one."""
    for stored in cases:
        replayed, case = sim.replay.of(stored), redacted(stored)
        if replayed != case:
            differs = _difference(replayed, case)
            versions = [row.version for row in sim.replay.rows if row.case == case.number]
            gaps = "" if versions == [*range(1, len(versions) + 1)] else f"; their versions are {versions}"
            yield f"replay: the receipts of {case.name} give another case{differs}{gaps}"
    yield from (f"replay: {odd}" for odd in sim.replay.odd)


def _difference(replayed: Case | None, stored: Case) -> str:
    if replayed is None:
        return ": none"
    names = [f.name for f in fields(stored) if getattr(replayed, f.name) != getattr(stored, f.name)]
    return f", in {', '.join(names)} (revision {replayed.revision} for {stored.revision})"


def _no_errors(sim: Simulator) -> Iterator[str]:
    for problem in sim.slack.problems:
        yield f"no wrong answers: {problem}"
    for channel in sim.slack.world.messages.values():
        for message in channel.values():
            if message.by_app and any(word in text_of(message) for word in ERRORS):
                yield f"no error text: {text_of(message)[:80]!r}"
