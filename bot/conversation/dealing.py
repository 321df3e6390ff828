"""What agents do with a case, as `bot.conversation.standing` allows it; who may not is told whose it is."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.case import Case
from bot.conversation.deeds import (
    AskBack,
    Claim,
    Deed,
    GiveBack,
    Mark,
    Note,
    OfferOutcomes,
    Outward,
    Reassign,
    Reopen,
    Reply,
    Resolve,
)
from bot.conversation.derive import Rules, card_of, result_of, screen_of
from bot.conversation.effects import AddEntry, Denial, Moved, News, Outcomes, SendWords, Sent, Tell, TellAgent
from bot.conversation.events import Now
from bot.conversation.people import Handoff, Person
from bot.conversation.standing import HELD, WITH_AGENTS, By, Move, Resolution, Standing, row_for
from bot.conversation.turn import Turn
from bot.conversation.typed import cleaned

LONGEST_WORDS = 2500
LONGEST_NOTE = 500


def outward(text: str) -> Outward | None:
    """Return an agent's words for the requester, None where there are none."""
    plain = cleaned(text)[:LONGEST_WORDS]
    return Outward(plain) if plain else None


def note(text: str) -> Note | None:
    """Return an agent's words for other agents, None where there are none."""
    plain = cleaned(text)[:LONGEST_NOTE]
    return Note(plain) if plain else None


def moved_to(handoff: Handoff, standing: Standing, now: Now) -> Handoff:
    """Return the handoff where it then stands; `since` counts anew where it stood elsewhere."""
    since = handoff.began if standing is handoff.standing else now.at
    return replace(handoff, standing=standing, since=since, talked_at=now.at)


def dealt(rules: Rules, case: Case, agent: Person, deed: Deed, now: Now) -> Turn:
    """Do what an agent wants with the case, or tell why not."""
    if case.handoff is None:
        return Turn(case)
    match deed:
        case Claim():
            return _claimed(rules, case, agent, now)
        case Reply(words):
            return _said(rules, case, agent, (Move.REPLY, words), now)
        case AskBack(words):
            return _said(rules, case, agent, (Move.ASK, words), now)
        case Resolve(resolution):
            return _resolved(rules, case, agent, resolution, now)
        case GiveBack():
            return _given_back(rules, case, agent, now)
        case Reassign() as given:
            return _reassigned(rules, case, agent, given, now)
        case Reopen():
            return _reopened(rules, case, agent, now)
        case Mark(urgent):
            return _marked(rules, case, agent, now, urgent=urgent)
        case OfferOutcomes():
            return _offered(rules, case, agent, now)


def allowed(case: Case, agent: Person, move: Move) -> Denial | None:
    """Return why an agent may not make a move, None where they may."""
    row = row_for(move, case.standing)
    owner = case.handoff.claimed_by if case.handoff else None
    if row is None or row.by not in {By.AGENT, By.OWNER}:
        return Denial.NOT_NOW
    if row.by is By.OWNER and owner != agent:
        return Denial.NOT_YOURS if owner is not None else Denial.NOT_NOW
    return None


def _move(rules: Rules, case: Case, agent: Person, move: Move, now: Now) -> Handoff | Turn:
    """Return the handoff as a move leaves it, or the turn that tells why it may not be made."""
    why, row = allowed(case, agent, move), row_for(move, case.standing)
    if why is not None or row is None or case.handoff is None:
        return Turn(case, effects=(TellAgent(agent, card_of(rules, case, now), why or Denial.NOT_NOW),))
    return moved_to(case.handoff, row.after, now)


def _claimed(rules: Rules, case: Case, agent: Person, now: Now) -> Turn:
    """Give the case to the first agent who claims it; tell every other who has it and since when."""
    handoff = case.handoff
    if handoff is not None and case.standing in HELD:
        if handoff.claimed_by == agent:
            return Turn(case)
        return Turn(case, effects=(TellAgent(agent, card_of(rules, case, now), Denial.TAKEN),))
    match _move(rules, case, agent, Move.CLAIM, now):
        case Turn() as refused:
            return refused
        case after:
            taken = replace(case, handoff=replace(after, claimed_by=agent, claimed_at=now.at))
            return Turn(taken, effects=(Tell(case.person, News.CLAIMED, case.number, agent, now.at),))


def _said(rules: Rules, case: Case, agent: Person, said: tuple[Move, Outward], now: Now) -> Turn:
    move, words = said
    match _move(rules, case, agent, move, now):
        case Turn() as refused:
            return refused
        case after:
            result, asks = result_of(screen_of(rules, case, now)), move is Move.ASK
            lacking = asks and result is not None and bool(result.missing)
            effects = (
                SendWords(case.person, case.number, agent, words, asks=asks, wants_details=lacking),
                AddEntry(Sent(agent, words, asks=asks)),
            )
            return Turn(replace(case, handoff=after), effects=effects)


def _resolved(rules: Rules, case: Case, agent: Person, resolution: Resolution, now: Now) -> Turn:
    match _move(rules, case, agent, Move.RESOLVE, now):
        case Turn() as refused:
            return refused
        case after:
            owner = after.claimed_by or agent
            done = replace(
                after,
                claimed_by=owner,
                claimed_at=after.claimed_at or now.at,
                resolution=resolution,
                resolved_at=now.at,
                urgent=False,
            )
            effects = (
                Tell(case.person, News.RESOLVED, case.number, agent, now.at, resolution=resolution),
                AddEntry(Moved(Move.RESOLVE, agent, resolution=resolution)),
            )
            return Turn(replace(case, handoff=done), effects=effects)


def _given_back(rules: Rules, case: Case, agent: Person, now: Now) -> Turn:
    match _move(rules, case, agent, Move.GIVE_BACK, now):
        case Turn() as refused:
            return refused
        case after:
            free = replace(after, claimed_by=None, claimed_at=None, urgent=False)
            effects = (
                Tell(case.person, News.GIVEN_BACK, case.number, agent, now.at),
                AddEntry(Moved(Move.GIVE_BACK, agent)),
            )
            return Turn(replace(case, handoff=free), effects=effects, again=True)


def _reassigned(rules: Rules, case: Case, agent: Person, given: Reassign, now: Now) -> Turn:
    match _move(rules, case, agent, Move.REASSIGN, now):
        case Turn() as refused:
            return refused
        case after if after.claimed_by == given.to:
            return Turn(case)
        case after:
            taken = replace(case, handoff=replace(after, claimed_by=given.to, claimed_at=now.at))
            effects = (
                Tell(case.person, News.CLAIMED, case.number, given.to, now.at),
                AddEntry(Moved(Move.REASSIGN, agent, given.to, given.note)),
            )
            return Turn(taken, effects=effects)


def _reopened(rules: Rules, case: Case, agent: Person, now: Now) -> Turn:
    match _move(rules, case, agent, Move.REOPEN, now):
        case Turn() as refused:
            return refused
        case after:
            taken = replace(after, claimed_by=agent, claimed_at=now.at, resolution=None, resolved_at=None)
            effects = (
                Tell(case.person, News.CLAIMED, case.number, agent, now.at),
                AddEntry(Moved(Move.REOPEN, agent)),
            )
            return Turn(replace(case, handoff=taken), effects=effects)


def _marked(rules: Rules, case: Case, agent: Person, now: Now, *, urgent: bool) -> Turn:
    """Mark a case that is with the agents; any of them may see that it burns."""
    if case.handoff is None or case.standing not in WITH_AGENTS:
        return Turn(case, effects=(TellAgent(agent, card_of(rules, case, now), Denial.NOT_NOW),))
    return Turn(replace(case, handoff=replace(case.handoff, urgent=urgent)))


def _offered(rules: Rules, case: Case, agent: Person, now: Now) -> Turn:
    if why := allowed(case, agent, Move.RESOLVE):
        return Turn(case, effects=(TellAgent(agent, card_of(rules, case, now), why),))
    return Turn(case, effects=(AddEntry(Outcomes(case.revision)),))
