"""What an agent's click or form wants, from the pieces that `actions` and `submissions` have read."""

from __future__ import annotations

from typing import Final

from bot.conversation.agent_actions import AskBack, Claim, Deed, GiveBack, Reassign, Reopen, Reply, Resolve
from bot.conversation.agent_moves import note, outward
from bot.conversation.handoff import Outcome
from bot.conversation.people import Person
from bot.conversation.reminder_kinds import Reminder
from bot.desk.deliveries import Form, Handle, Intent, Prepare, Spot, StopReminder
from bot.slack.blocks.ids import Action, Callback, Ref

FORMS: Final = {Action.REPLY: Form.REPLY, Action.ASK: Form.ASK, Action.REASSIGN: Form.REASSIGN}
DEEDS: Final[dict[Action, Deed]] = {
    Action.CLAIM: Claim(),
    Action.GIVE_BACK: GiveBack(),
    Action.REOPEN: Reopen(),
}
OF_AGENTS: Final = frozenset({*FORMS, *DEEDS, Action.RESOLVE, Action.STOP_AS_AGENT})
AGENT_FORMS: Final = frozenset({Callback.REPLY, Callback.ASK, Callback.REASSIGN})


def clicked(action: Action, ref: Ref, spot: Spot | None) -> Intent | None:
    """Return what a click wants, None where it makes no sense. It has no spot where it was in App Home."""
    if action in FORMS:
        return Prepare(ref.case, FORMS[action], spot)
    if action in DEEDS:
        return Handle(ref.case, DEEDS[action], spot)
    if action is Action.RESOLVE and ref.argument in set(Outcome):
        return Handle(ref.case, Resolve(Outcome(ref.argument)), spot)
    if action is Action.STOP_AS_AGENT and ref.argument in set(Reminder):
        return StopReminder(ref.case, Reminder(ref.argument), spot)
    return None


def submitted(callback: Callback, ref: Ref, words: str, to: Person | None) -> Handle | None:
    """Return what a form of an agent's wants: `words` as typed, `to` whom a case is given."""
    match callback:
        case Callback.REPLY if (said := outward(words)) is not None:
            return Handle(ref.case, Reply(said))
        case Callback.ASK if (said := outward(words)) is not None:
            return Handle(ref.case, AskBack(said))
        case Callback.REASSIGN if to is not None:
            return Handle(ref.case, Reassign(to, note(words)))
        case _:
            return None
