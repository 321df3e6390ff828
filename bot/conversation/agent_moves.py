"""What agents do with a case, as `bot.conversation.handoff` allows it; who may not is told whose it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.conversation.agent_actions import (
    AskBack,
    Claim,
    Deed,
    GiveBack,
    Mark,
    Moving,
    Note,
    OfferOutcomes,
    Outward,
    Reassign,
    Reopen,
    Reply,
    Resolve,
)
from bot.conversation.case import Case
from bot.conversation.clean_text import cleaned
from bot.conversation.derive import Rules, card_of, result_of, screen_of
from bot.conversation.effects import AddEntry, Denial, Moved, News, Outcomes, SendWords, Sent, Tell, TellAgent
from bot.conversation.handoff import HELD, WITH_AGENTS, By, Move, Outcome, Standing, row_for
from bot.conversation.now import Now
from bot.conversation.people import Handoff, Person
from bot.conversation.turn import Turn

LONGEST_WORDS = 2500
LONGEST_NOTE = 500
MOVES_OF: Final = {
    "claim": Move.CLAIM,
    "reply": Move.REPLY,
    "ask_back": Move.ASK,
    "resolve": Move.RESOLVE,
    "give_back": Move.GIVE_BACK,
    "reassign": Move.REASSIGN,
    "reopen": Move.REOPEN,
}


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


def taken_from_bot(case: Case, now: Now) -> Case:
    """Return a case that waits again, since what owns it is no person and will never answer."""
    if case.handoff is None or case.standing not in HELD:
        return case
    free = replace(case.handoff, claimed_by=None, claimed_at=None, standing=Standing.WAITING, since=now.at)
    return replace(case, handoff=free, revision=case.revision + 1)


def dealt(rules: Rules, case: Case, agent: Person, deed: Deed, now: Now) -> Turn:
    """Do what an agent wants with the case, or tell why not."""
    if case.handoff is None:
        return Turn(case)
    match deed:
        case Mark(urgent):
            return _marked(rules, case, agent, now, urgent=urgent)
        case OfferOutcomes():
            return _offered(rules, case, agent, now)
        case Claim() if case.standing in HELD:
            return _claimed_already(rules, case, agent, now)
        case moving:
            return _done(rules, case, agent, moving, now)


def allowed(case: Case, agent: Person, move: Move) -> Denial | None:
    """Return why an agent may not make a move, None where they may."""
    row = row_for(move, case.standing)
    owner = case.handoff.claimed_by if case.handoff else None
    if row is None or row.by not in {By.AGENT, By.OWNER}:
        return Denial.NOT_NOW
    if row.by is By.OWNER and owner != agent:
        return Denial.NOT_YOURS if owner is not None else Denial.NOT_NOW
    return None


def _done(rules: Rules, case: Case, agent: Person, deed: Moving, now: Now) -> Turn:
    """Do a deed that moves the case, where its row in the table allows it."""
    move = MOVES_OF[deed.kind]
    why, row = allowed(case, agent, move), row_for(move, case.standing)
    if why is not None or row is None or case.handoff is None:
        return _denied(rules, case, agent, why or Denial.NOT_NOW, now)
    after = moved_to(case.handoff, row.after, now)
    match deed:
        case Claim():
            return _taken(case, after, agent, now)
        case Reply(words):
            return _said(case, after, SendWords(case.person, case.number, agent, words))
        case AskBack(words):
            result = result_of(screen_of(rules, case, now))
            lacking = result is not None and bool(result.missing)
            asked = SendWords(case.person, case.number, agent, words, asks=True, wants_details=lacking)
            return _said(case, after, asked)
        case Resolve(outcome):
            return _resolved(case, after, agent, outcome, now)
        case GiveBack():
            return _given_back(case, after, agent, now)
        case Reassign(to) if after.claimed_by == to:
            return _denied(rules, case, agent, Denial.TAKEN, now)
        case Reassign(to, for_them):
            return _taken(case, after, to, now, AddEntry(Moved(Move.REASSIGN, agent, to, for_them)))
        case Reopen():
            anew = replace(after, outcome=None, resolved_at=None)
            return _taken(case, anew, agent, now, AddEntry(Moved(Move.REOPEN, agent)))


def _denied(rules: Rules, case: Case, agent: Person, why: Denial, now: Now) -> Turn:
    """Change nothing, and tell the agent why."""
    return Turn(case, effects=(TellAgent(agent, card_of(rules, case, now), why),))


def _claimed_already(rules: Rules, case: Case, agent: Person, now: Now) -> Turn:
    """Tell who was first and since when, unless it is the one who claims again."""
    if case.handoff is not None and case.handoff.claimed_by == agent:
        return Turn(case)
    return _denied(rules, case, agent, Denial.TAKEN, now)


def _taken(case: Case, after: Handoff, owner: Person, now: Now, *entries: AddEntry) -> Turn:
    """Give the case to an agent, and tell the requester who has it."""
    taken = replace(case, handoff=replace(after, claimed_by=owner, claimed_at=now.at))
    return Turn(taken, effects=(Tell(case.person, News.CLAIMED, case.number, owner, now.at), *entries))


def _said(case: Case, after: Handoff, said: SendWords) -> Turn:
    """Send words to the requester, with a copy in the thread."""
    copy = AddEntry(Sent(said.agent, said.words, asks=said.asks))
    return Turn(replace(case, handoff=after), effects=(said, copy))


def _resolved(case: Case, after: Handoff, agent: Person, outcome: Outcome, now: Now) -> Turn:
    done = replace(
        after,
        claimed_by=after.claimed_by or agent,
        claimed_at=after.claimed_at or now.at,
        outcome=outcome,
        resolved_at=now.at,
        urgent=False,
    )
    effects = (
        Tell(case.person, News.RESOLVED, case.number, agent, now.at, outcome=outcome),
        AddEntry(Moved(Move.RESOLVE, agent, outcome=outcome)),
    )
    return Turn(replace(case, handoff=done), effects=effects)


def _given_back(case: Case, after: Handoff, agent: Person, now: Now) -> Turn:
    free = replace(after, claimed_by=None, claimed_at=None, urgent=False)
    effects = (
        Tell(case.person, News.GIVEN_BACK, case.number, agent, now.at),
        AddEntry(Moved(Move.GIVE_BACK, agent)),
    )
    return Turn(replace(case, handoff=free), effects=effects, again=True)


def _marked(rules: Rules, case: Case, agent: Person, now: Now, *, urgent: bool) -> Turn:
    """Mark a case that is with the agents; any of them may see that it burns."""
    if case.handoff is None or case.standing not in WITH_AGENTS:
        return _denied(rules, case, agent, Denial.NOT_NOW, now)
    return Turn(replace(case, handoff=replace(case.handoff, urgent=urgent)))


def _offered(rules: Rules, case: Case, agent: Person, now: Now) -> Turn:
    if why := allowed(case, agent, Move.RESOLVE):
        return _denied(rules, case, agent, why, now)
    return Turn(case, effects=(AddEntry(Outcomes(case.revision)),))
