"""Mentions of certdesk in a channel: each makes a case, which begins once its writer presses *Start*.

The message is kept with the case at once. If Slack opens no DM with somebody, their case continues in the
channel, visible to them alone: what they write to certdesk there is taken as a direct message.
"""

from __future__ import annotations

from bot.conversation.case import Case, Invitation, Surface
from bot.conversation.derive import contacts_of
from bot.conversation.effects import AnswerMention, Effect, Invite, NoCase
from bot.conversation.events import Opened, Said
from bot.conversation.step import Step, begin
from bot.desk import direct_messages, typed_commands
from bot.desk.deliveries import Mention, Write
from bot.desk.requests import PICKED_UP_FOR
from bot.desk.results import Reply
from bot.desk.transaction import Transaction


def mentioned(transaction: Transaction, mention: Mention) -> Reply:
    """Answer somebody who mentioned certdesk in a channel, visible to them alone."""
    why = _no_case(transaction, mention)
    going_on = _goes_on_here(transaction)
    if going_on is not None and why is not NoCase.AGENTS_CHANNEL:
        if mention.text == "" and not mention.files:
            return transaction.apply(going_on, Opened())
        wrote = Write(mention.text, ended=mention.ended, files=mention.files)
        return direct_messages.write(transaction, wrote)
    if why is not None:
        return transaction.queue(AnswerMention(transaction.known.person, mention.place, why))
    return _invited(transaction, mention, mention.text or "")


def _no_case(transaction: Transaction, mention: Mention) -> NoCase | None:
    """Return why a mention makes no case, None if it makes one."""
    if mention.text is None:
        return NoCase.PRIVATE_KEY
    if mention.place.channel == transaction.agents:
        return NoCase.AGENTS_CHANNEL
    thanked = typed_commands.is_only_thanks(transaction.rules.policy, mention.text)
    return NoCase.THANKS if mention.text and thanked and not mention.files else None


def _goes_on_here(transaction: Transaction) -> Case | None:
    """Return the person's case that continues in channels because Slack opens no DM with them."""
    if transaction.known.dm_channel:
        return None
    since = transaction.now.at - PICKED_UP_FOR
    latest = transaction.unit.cases.latest(transaction.known, Surface.DM, since)
    return latest if latest is not None and latest.invitation is not None and not latest.is_invited else None


def _invited(transaction: Transaction, mention: Mention, text: str) -> Reply:
    """Keep the message with a new case, and offer to begin it."""
    unit, now, policy = transaction.unit, transaction.now, transaction.rules.policy
    leaked = typed_commands.tells_of_leak(policy, text, now.today, None)
    opened = begin(
        transaction.rules,
        unit.cases.new_number(transaction.known, Surface.DM, now.at),
        transaction.known.person,
        Surface.DM,
        now,
        remembered=transaction.known.remembered,
        words=Said(text, transaction.key),
        invitation=Invitation(mention.place, now.at, leaked=leaked),
    )
    return transaction.save(
        None, Step(opened.case, opened.screen, _offers(transaction, opened.case), opened.reminders)
    )


def _offers(transaction: Transaction, case: Case) -> tuple[Effect, ...]:
    if case.invitation is None:
        return ()
    contacts = contacts_of(transaction.rules, case)
    return (Invite(case.person, case.number, case.invitation, contacts=contacts),)
