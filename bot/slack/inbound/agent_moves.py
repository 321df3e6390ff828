"""What an agent's click or form wants; the move's class reads what came with it."""

from __future__ import annotations

from bot.conversation.agent_move import Filled
from bot.conversation.agent_moves import AnyAgentMove, Duplicate, Resolve, kind_of
from bot.conversation.handoff import Outcome
from bot.conversation.reminder_kinds import Reminder
from bot.desk.deliveries import Handle, Prepare, Spot, StopReminder
from bot.slack.blocks.ids import Ref


def clicked(kind: type[AnyAgentMove], ref: Ref, spot: Spot | None) -> Handle | Prepare | None:
    """Return what a move's button wants, None where it makes no sense. In App Home it has no spot."""
    if kind is Resolve and ref.argument == Outcome.DUPLICATE:
        kind = Duplicate  # it has to be said of which case
    if kind.form is not None:
        return Prepare(ref.case, kind_of(kind), spot)
    return _made(ref, kind.read(Filled(choice=ref.argument)), spot)


def submitted(kind: type[AnyAgentMove], ref: Ref, filled: Filled) -> Handle | None:
    """Return what a move's form wants."""
    return _made(ref, kind.read(filled), None) if kind.form is not None else None


def stopped(ref: Ref, spot: Spot | None) -> StopReminder | None:
    """Return which reminder an agent stops, None where there is none of that name."""
    known = ref.argument in set(Reminder)
    return StopReminder(ref.case, Reminder(ref.argument), spot) if known else None


def _made(ref: Ref, move: AnyAgentMove | None, spot: Spot | None) -> Handle | None:
    return Handle(ref.case, move, spot) if move is not None else None
