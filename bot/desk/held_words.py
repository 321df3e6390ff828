"""Messages that may be about one case or another: held until their writer says which, or for ten minutes.

They are rows of the record, one for each possible case, so nothing is held in memory. The question which case
they are about carries their keys, so an answer settles exactly the messages it was asked about.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.conversation.case import Case, Surface
from bot.conversation.case_record import RecordedWords, TakenAs
from bot.conversation.derive import Rules
from bot.conversation.effects import AddEntry, ChangeEntry, Effect, News, Post, Tell
from bot.conversation.events import Wrote
from bot.conversation.requester_moves import heard_slot
from bot.conversation.routing import Stands, stands
from bot.conversation.screens import Asking
from bot.conversation.step import step
from bot.conversation.thread_entries import CopiesLeft, Heard, MeantFor
from bot.desk import same_orders
from bot.desk.deliveries import AskWhose, Assign, Start
from bot.desk.record_keeping import moment_of
from bot.desk.requests import start
from bot.desk.results import Noted, Refusal, Refused, Reply
from bot.desk.transaction import Transaction, now_for
from bot.desk.which_case import MOST, OFFERED, ask, messages_of, notice, redraw, whose_slot
from bot.safe_errors import mishap
from bot.store import AWAY, Kept, Store, Unit

log = structlog.get_logger("certdesk.desk")

ANSWERED_WITHIN: Final = timedelta(minutes=10)
_HEARD: Final = frozenset({TakenAs.PASSED_ON, TakenAs.IN_DOUBT})


def hold(transaction: Transaction, cases: Sequence[Case], *, urgent: bool = False) -> Noted:
    """Hold a message and ask which case it is about. If it is `urgent`, the agents of each see it at once."""
    typed, key = transaction.typed, transaction.key
    if typed is None:
        return Noted()
    before = [] if urgent else messages_of(transaction.unit.record.held(transaction.known.id))
    said = RecordedWords(
        key, transaction.now.at, typed.place, TakenAs.HELD, typed.text, moment_of(typed.edited_at)
    )
    for case in cases:
        transaction.unit.record.add(case.number, transaction.known.id, said)
    transaction.unit.receipts.assign(key, cases[0].number, changed=False)
    for effect in transaction.files.receive(typed, cases[0], cases[0]):
        transaction.queue(effect, cases[0].number)
    if urgent:
        _show_in_doubt(transaction, [key])
    elif before:
        redraw(transaction, before, Asking.BELOW)
    messages = (*before, key)[-MOST:]
    return ask(transaction, messages, cases, Asking.IN_DOUBT if urgent else Asking.OPEN)


def ask_again(transaction: Transaction, wanted: AskWhose) -> Reply:
    """Ask which case some messages are about after they went to the wrong one."""
    found = _kept_places(transaction, wanted.messages)
    if not found:
        return Noted()
    here = transaction.unit.cases.get(found[0].case)
    if here is None:
        return Noted()
    transaction.unit.receipts.assign(transaction.key, here.number, changed=False)
    others = [case for case in _candidates(transaction) if case.number != here.number]
    return ask(transaction, messages_of(found), others, Asking.MOVING, under=here)


def assign(transaction: Transaction, wanted: Assign) -> Reply:
    """Assign messages to the case that their writer has chosen, or to a new one."""
    found = _kept_places(transaction, wanted.messages)
    if wanted.case:
        chosen = transaction.unit.cases.get(wanted.case)
        if chosen is None:
            return Refused(Refusal.NO_SUCH_CASE, wanted.case)
        if chosen.person != transaction.known.person:
            return Refused(Refusal.NOT_YOURS, wanted.case)
        chosen = same_orders.living_case(transaction, chosen)
        transaction.unit.receipts.assign(transaction.key, chosen.number, changed=False)
    elif not found:
        return Noted()
    else:
        begun = start(transaction, Start(Surface.DM, afresh=True))
        chosen = transaction.unit.cases.get(begun.case)
        if chosen is None:
            raise LookupError(begun.case)
    if not found:
        redraw(transaction, wanted.messages, Asking.GONE, wanted.asked_under)
        return Noted(chosen.number)
    transaction.unit.places.note_about(wanted.asked_under, whose_slot(wanted.messages), chosen.number)
    passed_on = _settle(transaction, found, chosen.number)
    if not wanted.case:
        redraw(transaction, wanted.messages, Asking.BEGAN, wanted.asked_under, chosen)
        return Noted(chosen.number)
    redraw(transaction, wanted.messages, Asking.CHOSEN, wanted.asked_under, chosen)
    # posted as a new message, so that the chosen case is the one shown last
    told = notice(transaction, wanted.messages, Asking.PASSED_ON if passed_on else Asking.KEPT, chosen)
    post = Post(transaction.known.person, whose_slot(wanted.messages), told)
    return transaction.queue(post, chosen.number)


def follow(transaction: Transaction, message: str) -> None:
    """Update what agents see of messages in doubt after an edit or a deletion."""
    found = transaction.unit.record.find(transaction.known.id, [message])
    for kept in found:
        if kept.opening == heard_slot(message) and kept.said.taken_as is TakenAs.IN_DOUBT:
            heard = Heard(transaction.known.person, kept.said.text, edited=True, doubt=True)
            transaction.queue(ChangeEntry(heard_slot(message), heard), kept.case)
    held = any(kept.said.taken_as is TakenAs.HELD for kept in found)
    if held and not any(k.said.text for k in transaction.unit.record.held(transaction.known.id)):
        redraw(transaction, [message], Asking.GONE)


# --- settling


def _settle(transaction: Transaction, found: Sequence[Kept], number: int) -> bool:
    """Assign messages to a case; returns whether its agents have them now."""
    passed_on = False
    for message in messages_of(found):
        places = [kept for kept in found if kept.said.key == message]
        if [kept.case for kept in places] == [number] and places[0].said.taken_as not in (
            TakenAs.HELD,
            TakenAs.IN_DOUBT,
        ):
            passed_on |= places[0].said.taken_as is TakenAs.PASSED_ON
            continue
        passed_on |= _move(transaction, message, places, number)
    return passed_on


def _move(transaction: Transaction, message: str, places: Sequence[Kept], number: int) -> bool:
    """Assign a message to a case and remove it from the others; returns whether agents have it now."""
    record, chosen = transaction.unit.record, transaction.unit.cases.get(number)
    text, slot = places[0].said.text, heard_slot(message)
    if chosen is None or text is None:
        return False
    now = stands(chosen, transaction.now.at, None)
    heard = now in (Stands.WITH_AGENTS, Stands.ASKING_WITH_AGENTS, Stands.RESOLVED)
    leave_copies(transaction, message, number)
    transaction.unit.files.move(transaction.known.id, message, number)
    record.assign(transaction.known.id, message, number, TakenAs.PASSED_ON if heard else TakenAs.KEPT)
    for kept in places:
        if kept.case != number:
            _take_from(transaction, kept, slot, number)
    if not heard:
        return False
    stood = message in chosen.relay.messages or any(k.case == number and k.opening == slot for k in places)
    _pass_on(transaction, chosen, Wrote(message, text), stood=stood)
    return True


def leave_copies(transaction: Transaction, message: str, case: int = 0) -> None:
    """Note in the thread that has copies of a message's files that it was deleted or moved elsewhere."""
    found = transaction.unit.files.copies(transaction.known.id, message)
    if found is not None and found[0] != case:
        transaction.queue(AddEntry(CopiesLeft(transaction.known.person, found[1], case)), found[0])


def _take_from(transaction: Transaction, kept: Kept, slot: str, number: int) -> None:
    """Remove a message from a case that it is not about; its agents see where it went."""
    if kept.opening == slot or kept.said.taken_as is TakenAs.PASSED_ON:
        entry = ChangeEntry(slot, MeantFor(transaction.known.person, number))
        transaction.queue(entry, kept.case)
    elif kept.opening is not None:
        for effect in transaction.record.redraw_opening(kept.case, kept.opening):
            transaction.queue(effect, kept.case)


def _pass_on(transaction: Transaction, case: Case, event: Wrote, *, stood: bool) -> None:
    """Pass a message on to the agents; if its thread entry is there already, only redraw it."""
    slot, heard = heard_slot(event.message), Heard(case.person, event.text)
    after = step(transaction.rules, case, event, transaction.now_of(case))
    effects: list[Effect] = []
    for effect in after.effects:
        match effect:
            case Tell(news=News.PASSED_ON):
                pass  # the answered question says so
            case AddEntry(entry=Heard()) if stood:
                pass
            case _:
                effects.append(effect)
    transaction.save(case, replace(after, effects=tuple(effects)), event)
    if stood:
        transaction.queue(ChangeEntry(slot, heard), case.number)
    for file in transaction.files.pass_on(case):
        transaction.queue(file, case.number)


def _show_in_doubt(transaction: Transaction, messages: Sequence[str]) -> None:
    """Show messages to the agents of each case that they may be about."""
    record = transaction.unit.record
    for kept in record.find(transaction.known.id, messages):
        case = transaction.unit.cases.get(kept.case)
        if case is None or kept.said.text is None or case.handoff is None:
            record.doubt(kept, None)  # whoever claims the case sees them at the top of its thread
            continue
        slot = heard_slot(kept.said.key)
        heard = Heard(case.person, kept.said.text, edited=kept.said.edited_at is not None, doubt=True)
        transaction.queue(AddEntry(heard, slot), case.number)
        record.doubt(kept, slot)


def _kept_places(transaction: Transaction, messages: Sequence[str]) -> list[Kept]:
    """Return where some of a person's messages are kept, without deleted ones."""
    found = transaction.unit.record.find(transaction.known.id, messages)
    return [kept for kept in found if kept.said.text is not None]


def _candidates(transaction: Transaction) -> list[Case]:
    """Return the person's cases that a message may be about, the most recently touched first."""
    at = transaction.now.at
    mine = transaction.unit.cases.of_person(transaction.known, OFFERED * 2)
    return [case for case in mine if stands(case, at, at) is not Stands.OVER][:OFFERED]


# --- writers who do not answer


@dataclass(frozen=True, slots=True)
class HeldWords:
    """Show the agents what has been held for too long. `wake` starts the sending."""

    store: Store
    rules: Rules
    clock: Callable[[], datetime]
    wake: Callable[[], None]

    async def show(self) -> int:
        """Show the agents what has been held for ten minutes; returns for how many people."""
        number = 0
        try:
            while await self.store.write(self._show_next):
                number += 1
        except AWAY:
            raise
        except Exception as error:  # noqa: BLE001  whatever else is due must still be done
            log.error("held_words_failed", **mishap(error))  # noqa: TRY400  its text may quote what was typed
        if number:
            self.wake()
        return number

    def _show_next(self, unit: Unit) -> bool:
        at = self.clock()
        writer = unit.record.held_since(at - ANSWERED_WITHIN)
        if writer is None:
            return False
        known = unit.people.get_or_add(unit.people.by_id(writer), hold=True)
        transaction = Transaction(unit, known, now_for(known, at), "", self.rules, None)
        old = [kept for kept in unit.record.held(known.id) if kept.said.at <= at - ANSWERED_WITHIN]
        if old:
            messages = messages_of(old)
            _show_in_doubt(transaction, messages)
            redraw(transaction, messages, Asking.IN_DOUBT)
        return True
