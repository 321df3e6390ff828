"""Cases whose owner is no longer an agent: they left the channel, were deactivated, or are a bot."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.agent_move import moved_to
from bot.conversation.case import Case
from bot.conversation.derive import Snapshot
from bot.conversation.effects import AddEntry, News, Tell
from bot.conversation.handoff import SETTLED, Move, row_for
from bot.conversation.thread_entries import Moved
from bot.conversation.turn import Turn


def owner_left(before: Snapshot) -> Turn:
    """Return a case without its owner to the queue, and tell the agents and the requester."""
    case, handoff = before.case, before.case.handoff
    row = row_for(Move.LEAVE, case.standing)
    if handoff is None or row is None:
        return Turn(case)
    after = moved_to(handoff, row.after, before.now)
    free = replace(after, claimed_by=None, claimed_at=None)
    effects = (
        Tell(case.person, News.OWNER_LEFT, case.number, handoff.claimed_by),
        AddEntry(Moved(Move.LEAVE, handoff.claimed_by)),
    )
    return Turn(replace(case, handoff=free), effects=effects)


def without_owner(case: Case) -> Case:
    """Return a settled case as nobody's, so that it waits for anybody once it is reopened."""
    if case.handoff is None or case.standing not in SETTLED:
        return case
    return replace(case, handoff=replace(case.handoff, claimed_by=None, claimed_at=None))
