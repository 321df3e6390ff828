"""Direct messages: a command, an answer, a message for the agents, or the beginning of a case.

`bot.conversation.routing` decides which; this module does it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.conversation.answering import only_wishes, plain_answer, states_anything
from bot.conversation.case import Case, Surface, order_of
from bot.conversation.derive import Snapshot, contacts_of, result_of
from bot.conversation.effects import Aside, ListCases, News, Tell
from bot.conversation.events import (
    AskedForPerson,
    AskedWhy,
    Event,
    Opened,
    PastedKey,
    Said,
    StartedOver,
    WentBack,
    Wrote,
)
from bot.conversation.handoff import SETTLED, WITH_AGENTS, Handoff
from bot.conversation.routing import Fate, Stands, asks, stands
from bot.conversation.screens import Result
from bot.conversation.typed_answers import as_command
from bot.desk import held_words, order_lists, typed_commands
from bot.desk.deliveries import Ask, Start, Write
from bot.desk.recorded_deliveries import record
from bot.desk.requests import PICKED_UP_FOR, looked_up, revoke_first, start
from bot.desk.results import Noted, Reply, Seen
from bot.desk.routing import Conversation
from bot.desk.transaction import LISTED, Transaction
from bot.desk.which_case import typed_choice
from bot.reading.interruptions import breaks_off

_LISTENING: Final = frozenset({Stands.WITH_AGENTS, Stands.RESOLVED})


def write(transaction: Transaction, wrote: Write) -> Reply:
    """Take a direct message with its files. Files without a case of their own go to the latest case."""
    reply = _write(transaction, wrote)
    is_answered = isinstance(reply, Noted) and reply.lists
    if wrote.files and not is_answered and not transaction.unit.files.came_with(transaction.key):
        since = transaction.now.at - PICKED_UP_FOR
        latest = transaction.unit.cases.latest(transaction.known, Surface.DM, since)
        latest = latest or next(iter(transaction.unit.cases.of_person(transaction.known, 1)), None)
        if latest is None:
            names = tuple(file.name for file in wrote.files)
            transaction.queue(Tell(transaction.known.person, News.FILES_UNKEPT, 0, files=names))
        else:
            transaction.keep_words(latest)
    return reply


def _write(transaction: Transaction, wrote: Write) -> Reply:
    """Take a direct message; its text is None if it held a private key."""
    if wrote.text is None:
        return _key_pasted(transaction, Conversation.of(transaction, wrote))
    asked, chosen = looked_up(transaction, wrote.text), typed_choice(transaction, wrote.text)
    match asked:
        case Ask.HELP:
            return transaction.tell(News.HELP)
        case Ask.CASES:
            return _listed(transaction, transaction.unit.cases.of_person(transaction.known, LISTED))
        case _ if chosen is not None:
            transaction.unit.receipts.set_event(transaction.key, record(chosen))
            return held_words.assign(replace(transaction, typed=None), chosen)
        case Case() as named:
            transaction.unit.receipts.assign(transaction.key, named.number, changed=False)
            return _listed(transaction, [named])
        case None if as_command(wrote.text) in typed_commands.NEW:
            return _begin(transaction, wrote.text)
        case None:
            return _routed(transaction, Conversation.of(transaction, wrote))


def _routed(transaction: Transaction, talk: Conversation) -> Reply:
    """Do with a message what `routing` decides."""
    route, wrote = talk.route(), replace(talk.wrote, text=talk.text)
    case = talk.case(route.cases[0]) if route.cases else None
    if case is None:
        return _first_words(transaction, talk, route.fate)
    alone = bool(wrote.files) and not (wrote.text or "").strip()
    match route.fate:
        case Fate.KEPT | Fate.KEPT_CLOSED | Fate.ASKS_AGAIN if alone:  # a file answers nothing
            transaction.keep_words(case)
            return Noted(case.number)
        case Fate.HELD:
            return held_words.hold(transaction, [*map(talk.case, route.cases)])
        case Fate.TO_BOTH:
            _revoke_first(transaction, case, leaked=talk.leaks)
            return held_words.hold(transaction, [*map(talk.case, route.cases)], urgent=True)
        case Fate.PASSED_ON | Fate.REOPENS:
            _revoke_first(transaction, case, leaked=talk.leaks)
            return transaction.apply(
                case, Wrote(transaction.key, talk.wrote.text or "", wrote.at, wrote.files)
            )
        case Fate.CHANGES_NOTHING:
            return _thanked(transaction, case)
        case Fate.KEPT:
            return _kept(transaction, case, News.KEPT, leaked=talk.leaks)
        case Fate.KEPT_CLOSED:
            return _kept(transaction, case, News.KEPT_CLOSED, leaked=talk.leaks)
        case Fate.DONE if (event := talk.command()) is not None and not asks(case):
            return _about(transaction, case, event)
        case _:
            return _answered(transaction, case, wrote, leaked=talk.leaks)


def event_for(at: Snapshot, wrote: Write, message: str, *, leaked: bool) -> Event:
    """Return what a text means while a question is open; what answers nothing goes to the agents, if any.

    `leaked`: it reports a leaked private key, so it answers only what it states besides.
    """
    with_agents = at.case.standing in WITH_AGENTS
    event = typed_commands.event_of(wrote.text, message, wrote.at, with_agents=with_agents)
    if not isinstance(event, Said):
        return event
    if with_agents:
        return plain_answer(at, event) or Wrote(message, event.text, wrote.at, wrote.files)
    return Opened() if leaked and not states_anything(at, event.text) else event


def listens(case: Case, at: datetime) -> bool:
    """Tell whether what a person writes about a case at this moment is for its agents, an answer or not."""
    return stands(case, at, None) in _LISTENING


def _answered(transaction: Transaction, asking: Case, wrote: Write, *, leaked: bool) -> Reply:
    """Take a message while a question is open."""
    _revoke_first(transaction, asking, leaked=leaked)
    at = Snapshot.of(transaction.rules, asking, transaction.now)
    event = event_for(at, wrote, transaction.key, leaked=leaked)
    match event:
        case Opened():
            transaction.keep_words(asking)
            return replace(transaction, typed=None).apply(asking, event)
        case Said(text=text) if breaks_off(text) and asking.standing not in WITH_AGENTS:
            transaction.keep_words(asking)
            return transaction.tell(News.CANCEL_WHAT, asking.number)
        case Said(text=text) if only_wishes(at, text):  # the answer to a wish is what has to be known first
            transaction.keep_words(asking)
            return replace(transaction, typed=None).apply(asking, AskedWhy())
        case _:
            return transaction.apply(asking, event)


def _revoke_first(transaction: Transaction, case: Case, *, leaked: bool) -> None:
    """Say before anything else what to do about a leaked key."""
    if leaked:
        revoke_first(transaction, case)


def _key_pasted(transaction: Transaction, talk: Conversation) -> Reply:
    """Say that a private key was pasted, under the open question if there is one."""
    case = talk.last
    if case is not None and asks(case) and not listens(case, transaction.now.at):
        return transaction.apply(case, PastedKey(transaction.key))
    return transaction.tell(News.PRIVATE_KEY)


def _kept(transaction: Transaction, case: Case, news: News, *, leaked: bool) -> Reply:
    """Keep a message with a case that nobody has claimed, and say how to reach a person."""
    transaction.keep_words(case)
    _revoke_first(transaction, case, leaked=leaked)
    rules = transaction.rules
    told = Tell(case.person, news, case.number, message=transaction.key, order=order_of(rules.policy, case))
    told = replace(told, at=case.handoff.began if case.handoff is not None else None)
    result = Snapshot.of(rules, case, transaction.now).result
    return transaction.queue(replace(told, result=result, contacts=contacts_of(rules, case)))


def _thanked(transaction: Transaction, case: Case) -> Reply:
    """Answer thanks, which change nothing."""
    transaction.keep_words(case)
    if case.standing in WITH_AGENTS:
        return transaction.tell(News.STILL_WITH_AGENTS, case.number)
    return transaction.tell(News.STILL_ASKING if asks(case) else News.STILL_OPEN, case.number)


def _listed(transaction: Transaction, cases: list[Case]) -> Reply:
    number = cases[0].number if len(cases) == 1 else None
    listed = tuple(map(transaction.listed, cases))
    return transaction.queue(ListCases(transaction.known.person, listed), number)


# --- messages that belong to no case


def _first_words(transaction: Transaction, talk: Conversation, fate: Fate) -> Reply:
    """Answer a message that is about no case shown recently."""
    text, latest = talk.text, next(iter(transaction.unit.cases.of_person(transaction.known, 1)), None)
    if not text.strip() and order_lists.are_lists(talk.wrote.files):
        return order_lists.answer(transaction, talk.wrote.files)
    if fate is Fate.CHANGES_NOTHING:
        return _thanked(transaction, latest) if latest else transaction.tell(News.HELP)
    if latest is not None and not text.strip() and talk.wrote.files:
        transaction.keep_words(latest)
        return Noted(latest.number)
    if latest is not None and not text.strip():
        return _thanked(transaction, latest)
    event = typed_commands.command_of(text)
    if latest is not None and (
        isinstance(event, AskedForPerson)
        or (latest.surface is Surface.DM and isinstance(event, WentBack | StartedOver | AskedWhy))
    ):
        _revoke_first(transaction, latest, leaked=talk.leaks)
        return _about(transaction, latest, event)
    return _begin(transaction, text)


def _begin(transaction: Transaction, text: str) -> Reply:
    """Begin a case with a message; if it asks for a person, hand it over at once."""
    policy, event = transaction.rules.policy, typed_commands.command_of(text)
    leaked = typed_commands.tells_of_leak(policy, text, transaction.now.today, None)
    is_new = as_command(text) in typed_commands.NEW
    known = is_new or leaked or transaction.unit.cases.of_person(transaction.known, 1)
    if not known:
        transaction.tell(News.WELCOME)
    edited_at = transaction.typed.edited_at if transaction.typed else ""
    words = typed_commands.opening_words(text, transaction.key, edited_at)
    seen = start(transaction, Start(Surface.DM, afresh=True), leaked=leaked, words=words)
    begun = transaction.unit.cases.get(seen.case) if isinstance(event, AskedForPerson) else None
    return transaction.apply(begun, event) if begun is not None and event is not None else seen


def _about(transaction: Transaction, case: Case, event: Event) -> Seen:
    """Do what was typed about a case whose message may be far up, and say below it what came of it."""
    seen = transaction.apply(case, event)
    match event, seen.screen:
        case AskedForPerson(), Result() if case.standing in SETTLED:
            pass  # reopening has told them already
        case AskedForPerson(), Result(problem=None, handoff=Handoff(claimed_by=agent, claimed_at=at)):
            news = News.CLAIMED if agent else News.HANDED_OVER
            transaction.queue(Tell(case.person, news, case.number, agent, at, result_of(seen.screen)))
        case (AskedWhy(), Result() as result):
            transaction.queue(Aside(case.person, result), case.number)
        case (AskedForPerson(), Result() as result) if case.surface is Surface.MODAL:
            transaction.queue(Aside(case.person, result), case.number)
        case _:
            pass
    return seen
