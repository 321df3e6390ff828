"""A requester's clicks, commands and forms: begin or continue a case, act on it, list what there is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final, Literal

from bot.conversation.case import Case, Invitation, Surface
from bot.conversation.case_record import TakenAs
from bot.conversation.derive import Snapshot, contacts_of
from bot.conversation.effects import AnswerMention, News, NoCase, TakeAway, Tell
from bot.conversation.events import AskedForPerson, GaveUp, Opened, Said
from bot.conversation.handoff import WITH_AGENTS, Standing
from bot.conversation.now import Now
from bot.conversation.people import Origin
from bot.conversation.step import begin, step
from bot.conversation.typed_answers import as_command
from bot.desk import typed_commands
from bot.desk.app_home import home_of
from bot.desk.app_home_views import Visit
from bot.desk.deliveries import Act, Ask, Delivery, Intent, Look, Oversized, Sort, Start, Withhold
from bot.desk.rate_limit import first_words
from bot.desk.results import Noted, Refusal, Refused, Reply, Seen, ShownAfter, Told
from bot.desk.routing import mine
from bot.desk.transaction import LISTED, Transaction
from bot.reading.intents import Intent as MeantFor
from bot.reading.interruptions import asks_for_person
from bot.reading.pasted_certificates import holds_certificate
from bot.reading.sentences import read

PICKED_UP_FOR: Final = timedelta(days=14)
LONGEST_UNCLEAR: Final = 80
_SAYS_NOTHING: Final = frozenset({MeantFor.OTHER, MeantFor.THANKS})
RESPONSE_URL_LIVES: Final = timedelta(minutes=30)


def answer_repetition(transaction: Transaction, delivery: Delivery) -> Reply:
    """Answer a repeated delivery with what came of the first one; nothing is done twice."""
    match delivery.intent:
        case Look() as asked:
            return look(transaction, asked)
        case Withhold():
            return Told(Ask.KEY)
        case Oversized(what=Sort.COMMAND, length=length):
            return Told(Ask.TOO_LONG, length=length)
        case Visit() as visit:
            return home_of(transaction.unit, transaction.rules, transaction.known, transaction.now.at, visit)
        case _:
            receipt = transaction.unit.receipts.get(transaction.key)
            case = transaction.unit.cases.get(receipt.case) if receipt and receipt.case else None
            if case is None or case.person != transaction.known.person:
                return Noted()
            return Seen(case.number, case.surface, transaction.screen(case), ShownAfter.REPETITION)


def look(transaction: Transaction, asked: Look) -> Told:
    """Return help or the list of cases; changes nothing."""
    if asked.ask is not Ask.CASES:
        return Told(asked.ask, unclear=asked.unclear)
    return Told(
        asked.ask, tuple(map(transaction.listed, transaction.unit.cases.of_person(transaction.known, LISTED)))
    )


def looked_up(transaction: Transaction, text: str) -> Literal[Ask.HELP, Ask.CASES] | Case | None:
    """Return what a text asks to see: help, the person's cases, or the one that it names; None if nothing."""
    said = as_command(text)
    if said in typed_commands.HELP:
        return Ask.HELP
    if said in typed_commands.CASES:
        return Ask.CASES
    numbered = typed_commands.CASE.fullmatch(said)
    return mine(transaction, int(numbered[1])) if numbered else None


def begin_with(transaction: Transaction, wanted: Start) -> Reply:
    """Do what the words after a command ask for, or begin a case with what they state."""
    match looked_up(transaction, wanted.words):
        case Ask() as asked:
            return look(transaction, Look(asked))
        case Case() as named:
            return Told(Ask.CASES, (transaction.listed(named),))
        case None if not as_command(wanted.words):
            return Told(Ask.HELP)
    meant = read(transaction.rules.policy, wanted.words, transaction.now.today)
    says_nothing = not meant.found and not meant.offered and meant.intent in _SAYS_NOTHING
    if says_nothing and not wanted.pointed_at and not holds_certificate(wanted.words):
        return Told(Ask.HELP, unclear=wanted.words[:LONGEST_UNCLEAR])
    leaked = typed_commands.tells_of_leak(transaction.rules.policy, wanted.words, transaction.now.today, None)
    words = typed_commands.opening_words(wanted.words, transaction.key)
    seen = start(transaction, wanted, leaked=leaked, words=words)
    begun = transaction.unit.cases.get(seen.case) if asks_for_person(wanted.words) else None
    return transaction.apply(begun, AskedForPerson()) if begun is not None else seen


def start(
    transaction: Transaction, wanted: Start, *, leaked: bool = False, words: Said | None = None
) -> Seen:
    """Begin a case, or continue the one that was left unfinished.

    `words` are read as it begins. `leaked`: they report a leaked private key, which is answered first.
    """
    anew = wanted.alike or wanted.afresh or words is not None or wanted.order is not None
    left = None
    if not anew:
        left = transaction.unit.cases.unfinished(
            transaction.known, wanted.surface, transaction.now.at - PICKED_UP_FOR
        )
    if left is not None and not left.held:
        here = replace(left, origin=_origin(wanted, transaction.now) or left.origin)
        seen = transaction.save(left, step(transaction.rules, here, Opened(), transaction.now), Opened())
        return replace(seen, after=ShownAfter.PICKING_UP)
    invitation = _where_mentioned(transaction) if wanted.surface is Surface.DM else None
    number = transaction.unit.cases.new_number(transaction.known, wanted.surface, transaction.now.at)
    opened = begin(
        transaction.rules,
        number,
        transaction.known.person,
        wanted.surface,
        transaction.now,
        remembered=transaction.known.remembered,
        origin=_origin(wanted, transaction.now),
        alike=wanted.alike,
        words=words,
        invitation=invitation,
        order=wanted.order,
    )
    if leaked:
        revoke_first(transaction, opened.case)
    return replace(transaction.save(None, opened), after=ShownAfter.OPENING)


def act(transaction: Transaction, wanted: Act) -> Reply:
    """Apply an event to a person's own case; an old button does nothing."""
    case = transaction.unit.cases.get(wanted.case)
    if case is None:
        return Refused(Refusal.NO_SUCH_CASE, wanted.case)
    if case.person != transaction.known.person:
        return Refused(Refusal.NOT_YOURS, wanted.case)
    if wanted.revision == case.revision - 1:  # a double click: the person is looking at its result
        transaction.unit.receipts.assign(transaction.key, case.number, changed=False)
        return Seen(case.number, case.surface, transaction.screen(case), ShownAfter.STALE_CLICK)
    if wanted.revision is not None and wanted.revision != case.revision:
        return replace(transaction.apply(case, Opened(), quiet=True), after=ShownAfter.STALE_CLICK)
    if case.invitation is not None and case.invitation.leaked and case.is_invited:
        revoke_first(transaction, case)
    seen = transaction.apply(case, wanted.event)
    if case.invitation is not None and transaction.whispered and transaction.response_url:
        transaction.queue(TakeAway(case.person, case.number, transaction.response_url), case.number)
    return replace(seen, after=ShownAfter.OPENING) if isinstance(wanted.event, Opened) else seen


def revoke_first(transaction: Transaction, case: Case) -> None:
    """Say before anything else what to do about a leaked key."""
    rules, have_it = transaction.rules, case.standing in WITH_AGENTS
    agents = have_it or Snapshot.of(rules, case, transaction.now_of(case)).can_be_handed_over
    at = case.handoff.asked_at if case.handoff is not None and have_it else None
    told = Tell(case.person, News.KEY_LEAKED, case.number, at=at, agents=agents)
    transaction.queue(replace(told, contacts=contacts_of(rules, case)))


def oversized(transaction: Transaction, sent: Oversized) -> Told | Noted:
    """Tell a person that nothing they sent was read."""
    if sent.what is Sort.COMMAND:
        return Told(Ask.TOO_LONG, length=sent.length)
    person = transaction.known.person
    if sent.place is not None:
        return transaction.queue(AnswerMention(person, sent.place, NoCase.TOO_LONG, sent.length))
    news = News.TOO_LONG if sent.what is Sort.MESSAGE else News.TOO_LARGE
    return transaction.queue(Tell(person, news, 0, length=sent.length))


def answer_flood(transaction: Transaction, intent: Intent, *, begins: bool) -> Reply:
    """Do nothing, show how things stand, and say why as a flood begins."""
    if begins:
        transaction.queue(Tell(transaction.known.person, News.SLOWED, 0, typed=first_words(intent)))
    match intent:
        case Act(case=number):
            case = transaction.unit.cases.get(number)
        case Start(surface=surface):
            case = transaction.unit.cases.unfinished(
                transaction.known, surface, transaction.now.at - PICKED_UP_FOR
            )
        case Look():
            return Told(Ask.SLOWED)
        case _:
            return Noted(slowed=True)
    if case is None or case.person != transaction.known.person:
        return Told(Ask.SLOWED)
    transaction.unit.receipts.assign(transaction.key, case.number, changed=False)
    return Seen(case.number, case.surface, transaction.screen(case), ShownAfter.FLOOD)


def _where_mentioned(transaction: Transaction) -> Invitation | None:
    """Return where a new case of somebody without a DM continues: where they first mentioned certdesk."""
    if transaction.known.dm_channel:
        return None
    since = transaction.now.at - PICKED_UP_FOR
    before = transaction.unit.cases.latest(transaction.known, Surface.DM, since)
    found = before.invitation if before is not None else None
    return replace(found, read=None, leaked=False, waits=False) if found is not None else None


def _origin(wanted: Start, now: Now) -> Origin | None:
    if wanted.channel is None:
        return None
    lapses = now.at + RESPONSE_URL_LIVES if wanted.response_url else None
    return Origin(wanted.channel, wanted.response_url, lapses)


def begin_one_of_several(transaction: Transaction, wanted: Start) -> Reply:
    """Begin a case for one of several orders, with the message that named it.

    The case in which they were named is given up, if nothing has been done in it since: each order has its
    own.
    """
    beside = transaction.unit.cases.get(wanted.beside)
    seen = start(transaction, wanted)
    if beside is None or beside.person != transaction.known.person:
        return seen
    for said in transaction.unit.record.of(beside.number):
        if said.text is not None:
            transaction.unit.record.add(seen.case, transaction.known.id, replace(said, taken_as=TakenAs.KEPT))
    if beside.revision == wanted.revision and beside.standing is Standing.NEW:
        _give_up_quietly(transaction, beside)
    transaction.unit.receipts.assign(transaction.key, seen.case, changed=True)
    return seen


def _give_up_quietly(transaction: Transaction, case: Case) -> None:
    """Give up a case without a message: what replaces it has been said already."""
    after = step(transaction.rules, case, GaveUp(), transaction.now)
    told = tuple(effect for effect in after.effects if not isinstance(effect, Tell))
    transaction.save(case, replace(after, effects=told), GaveUp())
