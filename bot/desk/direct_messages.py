"""What is written to the bot directly: a command, an answer, words for the agents, first words of a case.

Where an agent has a person's case, or has resolved it lately, what they write is for the agents.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.conversation.answering import plain_answer, states_anything
from bot.conversation.case import Case, Surface
from bot.conversation.derive import Snapshot, contacts_of
from bot.conversation.effects import Aside, ListCases, News, Tell
from bot.conversation.events import (
    AskedForPerson,
    AskedWhy,
    Event,
    Opened,
    Reworded,
    Rewrote,
    Said,
    StartedOver,
    TookBack,
    WentBack,
    Wrote,
)
from bot.conversation.handoff import SETTLED, WITH_AGENTS, Handoff, Standing
from bot.conversation.posted import Posted
from bot.conversation.reminders import CLOSED_AFTER
from bot.conversation.screens import Result
from bot.conversation.typed_answers import as_command
from bot.desk import typed_commands
from bot.desk.deliveries import Intent, Rewrite, Start, Withdraw, Write
from bot.desk.receipts import record
from bot.desk.requests import PICKED_UP_FOR, start
from bot.desk.results import Noted, Reply, Seen
from bot.desk.transaction import LISTED, Transaction
from bot.desk.typed_words import typed_in
from bot.reading.interruptions import breaks_off
from bot.reading.thanks import may_answer
from bot.store import Taken

LOOKED_THROUGH: Final = LISTED  # of a person's cases, the latest


def write(transaction: Transaction, wrote: Write) -> Reply:
    """Take a direct message with its files, which belong where the words do; else to the latest case."""
    reply = _write(transaction, wrote)
    if wrote.files and not transaction.unit.files.came_with(transaction.key):
        since = transaction.now.at - PICKED_UP_FOR
        latest = transaction.unit.latest_case(transaction.known, Surface.DM, since)
        latest = latest or next(iter(transaction.unit.cases_of(transaction.known, 1)), None)
        if latest is None:
            names = tuple(file.name for file in wrote.files)
            transaction.queue(Tell(transaction.known.person, News.FILES_UNKEPT, 0, files=names))
        else:
            transaction.keep_words(latest)
    return reply


def _write(transaction: Transaction, wrote: Write) -> Reply:
    """Take a direct message; its text is None where it held a private key."""
    text = wrote.text
    said = as_command(text or "")
    if text is not None and said in typed_commands.HELP:
        return transaction.tell(News.HELP)
    if text is not None and said in typed_commands.CASES:
        mine = transaction.unit.cases_of(transaction.known, LISTED)
        return transaction.queue(ListCases(transaction.known.person, tuple(map(transaction.listed, mine))))
    if (number := typed_commands.CASE.fullmatch(said)) and (named := _named(transaction, int(number[1]))):
        return transaction.queue(ListCases(transaction.known.person, (transaction.listed(named),)))
    if said in typed_commands.NEW:
        return _first_words(transaction, text, said)
    if text is not None and not wrote.files and typed_commands.is_only_thanks(transaction.rules.policy, text):
        return _thanked(transaction, wrote, text)
    by_name = isinstance(typed_commands.COMMANDS.get(said), AskedForPerson)
    if not by_name and (case := _spoken_to(transaction, wrote)) is not None:
        _revoke_first(transaction, text, case)
        return _for_agents(transaction, case, wrote)
    asking = _asking(transaction, text or "")
    if asking is None or asking.held:
        return _first_words(transaction, text, said)
    return _answered(transaction, asking, wrote)


def event_for(at: Snapshot, wrote: Write, message: str, *, leaked: bool) -> Event:
    """Return what a text means while a question is open; agents with the case get what answers nothing.

    `leaked`: it tells of a private key that leaked, and answers only what it states besides.
    """
    with_agents = at.case.standing in WITH_AGENTS
    event = typed_commands.event_of(wrote.text, message, wrote.at, with_agents=with_agents)
    if not isinstance(event, Said):
        return event
    if with_agents:
        return plain_answer(at, event) or Wrote(message, event.text, wrote.at, wrote.files)
    return Opened() if leaked and not states_anything(at, event.text) else event


def _answered(transaction: Transaction, asking: Case, wrote: Write) -> Reply:
    """Take what is written while a question is open; a file alone answers nothing."""
    if wrote.files and not (wrote.text or "").strip() and asking.standing not in WITH_AGENTS:
        transaction.keep_words(asking)
        return Noted(asking.number)
    leaked = _revoke_first(transaction, wrote.text, asking)
    at = Snapshot.of(transaction.rules, asking, transaction.now)
    event = event_for(at, wrote, transaction.key, leaked=leaked)
    match event:
        case Opened():
            transaction.keep_words(asking)
            return replace(transaction, typed=None).happens(asking, event)
        case Said(text=text) if breaks_off(text) and asking.standing not in WITH_AGENTS:
            transaction.keep_words(asking)
            return transaction.tell(News.CANCEL_WHAT, asking.number)
        case _:
            return transaction.happens(asking, event)


def _revoke_first(transaction: Transaction, text: str | None, case: Case) -> bool:
    """Say before anything else what to do about a key that leaked; returns whether a text tells of one."""
    rules = transaction.rules
    if text is None or not typed_commands.tells_of_leak(rules.policy, text, transaction.now.today, case):
        return False
    contacts = contacts_of(rules, case)
    transaction.queue(Tell(case.person, News.KEY_LEAKED, case.number, contacts=contacts))
    return True


def rewrite(transaction: Transaction, edit: Rewrite) -> Reply:
    """Take an edit of a direct message, which the record of its case follows."""
    before = transaction.record.of(edit.message)
    followed = transaction.record.rewords(edit.message, edit.text, edit.at)
    reply = _rewrite(transaction, edit)
    if before is not None and followed:
        transaction.redraw(before)
    return reply


def _rewrite(transaction: Transaction, edit: Rewrite) -> Reply:
    """Take an edit to the case that its message answered, or to the thread that it was passed on to.

    An edit that is here before its message is the message; what comes later with the old text is nothing
    new then. An edit of what answered nothing is no answer either.
    """
    case = _told_by(transaction, edit.message)
    if case is None and not edit.late:
        wrote = Write(edit.text, edit.at, files=edit.files)
        if _overtook(transaction, edit.message, wrote):
            return write(replace(transaction, key=edit.message, typed=typed_in(wrote)), wrote)
        case = _told_by(transaction, edit.message)  # taken by somebody else in this instant, perhaps
    if case is None:
        return transaction.tell(News.PRIVATE_KEY) if edit.text is None else Noted()
    if edit.message not in case.relay.messages:
        return transaction.happens(case, Reworded(edit.message, edit.text, edit.at))
    if edit.text is None:
        transaction.tell(News.PRIVATE_KEY)
    return transaction.happens(case, Rewrote(edit.message, edit.text, edit.at, edit.files))


def withdraw(transaction: Transaction, gone: Withdraw) -> Reply:
    """Take a direct message back, and out of the record of its case."""
    before = transaction.record.of(gone.message)
    transaction.unit.files.take_back(transaction.known.id, gone.message)
    followed = transaction.record.takes_back(gone.message)
    reply = _withdraw(transaction, gone)
    if before is not None and followed:
        transaction.redraw(before)
    return reply


def _withdraw(transaction: Transaction, gone: Withdraw) -> Reply:
    """Take back what a deleted message said; what is deleted before it came is never taken."""
    case = _told_by(transaction, gone.message)
    if case is None and not _overtook(transaction, gone.message, gone):
        case = _told_by(transaction, gone.message)
    if case is None:
        return Noted()
    event = Rewrote(gone.message, None) if gone.message in case.relay.messages else TookBack(gone.message)
    return transaction.happens(case, event)


# --- whose words they are


def _asking(transaction: Transaction, text: str) -> Case | None:
    """Return the case whose question a person has before them, None where there is none.

    One that was opened and left is meant only where nothing was shown since. An agent is asked for in what
    was shown last, though it asks nothing any more.
    """
    since = transaction.now.at - PICKED_UP_FOR
    latest = transaction.unit.latest_case(transaction.known, Surface.DM, since)
    if latest is None or latest.shown.asked_in is not None:
        return latest
    if isinstance(typed_commands.command_of(text), AskedForPerson):
        return None
    return transaction.unit.open_case(transaction.known, Surface.DM, since, left=False)


def _spoken_to(transaction: Transaction, wrote: Write) -> Case | None:
    """Return the case with whose agents a person is talking, None where it is the bot.

    In the thread of a message it is that message's case. Otherwise it is the case that last moved, of those
    that wait for an answer: of the agents, or of the bot.
    """
    if wrote.thread is not None:
        number = transaction.unit.case_with(Posted(*wrote.thread))
        case = transaction.unit.case(number) if number is not None else None
        if case is not None and case.person == transaction.known.person and listens(case, transaction.now.at):
            return case
    for case in transaction.unit.talked_of(transaction.known, transaction.now.at - CLOSED_AFTER):
        if listens(case, transaction.now.at):
            return case
        if case.surface is Surface.DM and case.shown.asked_in is not None:
            return None  # the bot's own question is the newest thing between them
    return None


def listens(case: Case, at: datetime) -> bool:
    """Tell whether what a person writes at a moment is for the agents of a case."""
    handoff = case.handoff
    if handoff is None:
        return False
    if handoff.standing is Standing.RESOLVED:
        return at - handoff.began < CLOSED_AFTER
    asks_on = case.surface is Surface.DM and case.shown.asked_in is not None
    return handoff.standing in WITH_AGENTS and not asks_on


def _for_agents(transaction: Transaction, case: Case, wrote: Write) -> Reply:
    if wrote.text is None:
        return transaction.tell(News.PRIVATE_KEY)
    return transaction.happens(case, Wrote(transaction.key, wrote.text, wrote.at, wrote.files))


def _thanked(transaction: Transaction, wrote: Write, text: str) -> Reply:
    """Answer thanks: they change nothing, unless they can be what an agent has asked for (*ok, thanks*)."""
    case = _spoken_to(transaction, wrote)
    if case is not None and case.standing is Standing.ASKED and may_answer(text):
        return _for_agents(transaction, case, wrote)
    case = case or next(iter(transaction.unit.cases_of(transaction.known, 1)), None)
    if case is None:
        return transaction.tell(News.HELP)
    transaction.keep_words(case)
    if case.standing in WITH_AGENTS:
        return transaction.tell(News.STILL_WITH_AGENTS, case.number)
    asks = case.surface is Surface.DM and case.shown.asked_in is not None
    return transaction.tell(News.STILL_ASKING if asks else News.STILL_OPEN, case.number)


def _told_by(transaction: Transaction, message: str) -> Case | None:
    """Return which of a person's latest cases a message answered or was passed on in, None where none."""
    found = transaction.unit.cases_of(transaction.known, LOOKED_THROUGH)
    return next((case for case in found if _knows(case, message)), None)


def _knows(case: Case, message: str) -> bool:
    return case.interview.source(message) is not None or message in case.relay.messages


def _overtook(transaction: Transaction, message: str, intent: Intent) -> bool:
    """Record a message as taken; tell whether it had not come yet."""
    return transaction.unit.take(
        Taken(message, intent.kind, record(intent), transaction.known.id), transaction.now.at
    )


def _named(transaction: Transaction, number: int) -> Case | None:
    """Return the case of a number that a person typed, if it is theirs."""
    case = transaction.unit.case(number)
    return case if case is not None and case.person == transaction.known.person else None


# --- while no question is open


def _first_words(transaction: Transaction, text: str | None, said: str) -> Reply:
    """Answer what is written while no question is open."""
    if text is None:
        return transaction.tell(News.PRIVATE_KEY)
    latest = next(iter(transaction.unit.cases_of(transaction.known, 1)), None)
    if latest is not None and not said:
        transaction.keep_words(latest)
        has_files = transaction.typed is not None and bool(transaction.typed.files)
        return Noted(latest.number) if has_files else transaction.tell(News.STILL_OPEN, latest.number)
    event, policy = typed_commands.command_of(text), transaction.rules.policy
    if latest and (
        isinstance(event, AskedForPerson)
        or (latest.surface is Surface.DM and isinstance(event, WentBack | StartedOver | AskedWhy))
    ):
        _revoke_first(transaction, text, latest)
        return _about(transaction, latest, event)
    leaked = typed_commands.tells_of_leak(policy, text, transaction.now.today, None)
    if latest is None and not leaked:
        transaction.tell(News.WELCOME)
    edited_at = transaction.typed.edited_at if transaction.typed else ""
    words = typed_commands.opening_words(text, transaction.key, edited_at)
    first = News.KEY_LEAKED if leaked else None
    seen = start(transaction, Start(Surface.DM, afresh=True), first=first, words=words)
    begun = transaction.unit.case(seen.case) if isinstance(event, AskedForPerson) else None
    return transaction.happens(begun, event) if begun is not None and event is not None else seen


def _about(transaction: Transaction, case: Case, event: Event) -> Seen:
    """Do what was typed to a case whose message may stand far up: what comes of it is said below."""
    seen = transaction.happens(case, event)
    match event, seen.screen:
        case AskedForPerson(), Result() if case.standing in SETTLED:
            pass  # it was told that it is open again
        case AskedForPerson(), Result(problem=None, handoff=Handoff(claimed_by=agent, claimed_at=at)):
            news = News.CLAIMED if agent else News.HANDED_OVER
            transaction.queue(Tell(case.person, news, case.number, agent, at))
        case (AskedWhy(), Result() as result):
            transaction.queue(Aside(case.person, result))
        case (AskedForPerson(), Result() as result) if case.surface is Surface.MODAL:
            transaction.queue(Aside(case.person, result))
        case _:
            pass
    return seen
