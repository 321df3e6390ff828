"""News for a requester, each a message of its own in the DM."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from bot.conversation.clean_text import LONGEST_TYPED
from bot.conversation.derive import has_draft
from bot.conversation.effects import News, SendWords, Tell
from bot.conversation.files import Unpassed, WhyNot
from bot.conversation.people import case_name
from bot.conversation.reminder_kinds import Reminder
from bot.conversation.screens import Contacts
from bot.render import contexts_desk as d
from bot.render import contexts_notices as n
from bot.render import contexts_passing as passing
from bot.render.answer_texts import link
from bot.render.document import Moment
from bot.render.screen_labels import NoticeLabels
from bot.render.texts import Texts
from bot.render.word_lists import OUTCOMES_TOLD, WHY_NOT
from bot.slack.blocks.dm import hand_off, slowed
from bot.slack.blocks.ids import Action, Ref, keys_text
from bot.slack.blocks.parts import Json, Message, button, mention, said

MOST_OTHERS: Final = 5


EPOCH: Final = datetime.fromtimestamp(0, UTC)


def news(  # noqa: C901, PLR0912, PLR0915  a match over an enum
    texts: Texts, tell: Tell, *, agents: bool
) -> Message:
    """Return news for a person as a message."""
    name, here = case_name(tell.case), Ref(tell.case, 0)
    agent = mention(tell.who) if tell.who is not None else None
    labels = texts.labels(NoticeLabels)
    match tell.news:
        case News.WELCOME:
            return said(texts, n.Welcome())
        case News.HELP:
            start = button(Action.START, labels.start, here, style="primary")
            return said(texts, n.Help(texts.command, agents), [start])
        case News.STILL_OPEN:
            return said(texts, n.StillOpen(name))
        case News.STILL_ASKING:
            return said(texts, n.StillAsking(name))
        case News.STILL_WITH_AGENTS:
            return said(texts, n.StillWithAgents(name))
        case News.KEY_LEAKED:
            hand = agents and tell.agents and tell.at is None  # otherwise they have it already
            leaked = key_leaked(tell.contacts or Contacts(), agents=hand)
            return said(texts, leaked, [hand_off(texts, tell.case)] if hand else [])
        case News.KEPT:
            return _kept(texts, tell, agents=agents)
        case News.KEPT_CLOSED:
            return _kept_closed(texts, tell, agents=agents)
        case News.CANCEL_WHAT:
            row = [
                button(Action.GIVE_UP, labels.give_up, here),
                button(Action.OPEN, labels.go_on, here, style="primary"),
            ]
            return said(texts, n.CancelWhat(name), row)
        case News.GIVEN_UP:
            return said(texts, n.GivenUp(name))
        case News.PRIVATE_KEY:
            return said(texts, n.PrivateKey())
        case News.HANDED_OVER:
            return said(texts, n.HandedOver(name, asks=tell.result is None))
        case News.LOST_VIEW:
            return said(texts, n.LostView(name), [button(Action.OPEN, labels.open, here, style="primary")])
        case News.CLAIMED:
            return said(texts, n.TookIt(name, mention(tell.who)))
        case News.OWNER_LEFT:
            return said(texts, d.OwnerLeft(name, mention(tell.who)))
        case News.TOO_LONG:
            return said(texts, n.TooLong(tell.length, LONGEST_TYPED))
        case News.TOO_LARGE:
            return said(texts, n.TooLarge(texts.command))
        case News.SLOWED:
            return slowed(texts, tell.typed)
        case News.GIVEN_BACK:
            return said(texts, d.GivenBack(name, mention(tell.who)))
        case News.RESOLVED:
            return _resolved(texts, tell)
        case News.SAME_ORDER:
            return _same_order(texts, tell)
        case News.REOPENED:
            row = _another_case(texts, tell) or [button(Action.ANOTHER, labels.another, Ref(0, 0))]
            return said(texts, d.ReopenedCase(name, tell.order, agent), row)
        case News.LACKING:
            return said(texts, d.LackingCase(name, mention(tell.who)))
        case News.STILL_THERE:
            return said(texts, d.StillThere(name, agent))
        case News.CLOSED_IDLE:
            return said(
                texts, d.ClosedIdle(name), [button(Action.RETURN, labels.reopen, here, style="primary")]
            )
        case News.CREDIT_DUE:
            row = [
                button(Action.CREDIT_CAME, labels.credit_came, here, style="primary"),
                button(Action.CREDIT_MISSING, labels.credit_missing, here),
            ]
            return said(texts, d.CreditDue(name), row)
        case News.CREDIT_CAME:
            return said(texts, d.CreditCame(name))
        case News.CREDIT_MISSING:
            return said(texts, d.CreditMissing(name, agent))
        case News.UNANSWERED:
            links = tell.contacts or Contacts()
            reachable = bool(links.support_form or links.support_email)
            ready = has_draft(tell.result.decision) if tell.result else False
            since = Moment(tell.at or EPOCH)
            return said(texts, d.Unanswered(name, since, tell.result is not None, ready, reachable))
        case News.WINDOW:
            return _window(texts, tell)
        case News.UNREADABLE:
            return said(texts, passing.Unreadable(name, tell.order), _another_case(texts, tell))
        case News.PASSED_ON:
            return said(texts, passing.PassedOn(name, tell.order, agent), _another_case(texts, tell))
        case News.FILES_KEPT:
            return said(texts, passing.FilesKept(name, tell.files, agents))
        case News.FILES_UNKEPT:
            return said(texts, passing.FilesUnkept(tell.files))
        case News.FILES_UNPASSED:
            keyed = any(each.why is WhyNot.KEY for each in tell.unpassed)
            return said(texts, passing.FilesUnpassed(name, unpassed_lines(texts, tell.unpassed), keyed))
        case News.FILES_UNSENT:
            lines_of = unpassed_lines(texts, tell.unpassed)
            return said(texts, passing.FilesUnsent(name, mention(tell.who), lines_of))
        case News.UNREACHED:
            links = tell.contacts or Contacts()
            return said(texts, d.Unreached(name, link(links.support_form), links.support_email))
        case News.REACHED:
            return said(texts, d.Reached(name))


def key_leaked(links: Contacts, *, agents: bool) -> n.KeyLeaked:
    """Return what to do first about a leaked private key."""
    return n.KeyLeaked(link(links.portal), link(links.support_form), links.support_email, agents)


def unpassed_lines(texts: Texts, files: tuple[Unpassed, ...]) -> tuple[passing.UnpassedLine, ...]:
    """Return files that are not passed on, as a template has them."""
    reasons = texts.words(WHY_NOT)
    return tuple(passing.UnpassedLine(each.name, reasons[each.why], link(each.link)) for each in files)


def _resolved(texts: Texts, tell: Tell) -> Message:
    """Return how a case was resolved, and which case replaces a duplicate."""
    outcome = texts.words(OUTCOMES_TOLD)[tell.outcome] if tell.outcome is not None else ""
    goes_on = case_name(tell.others[0]) if tell.others else ""
    return said(texts, d.ResolvedCase(case_name(tell.case), mention(tell.who), outcome, goes_on))


def _same_order(texts: Texts, tell: Tell) -> Message:
    """Return the person's other cases about an order, each with a button that opens it."""
    row = [button(Action.OPEN, case_name(each), Ref(each, 0), unique=str(each)) for each in tell.others]
    return said(
        texts, d.SameOrder(case_name(tell.case), tuple(map(case_name, tell.others))), row[:MOST_OTHERS]
    )


def _another_case(texts: Texts, tell: Tell) -> list[Json]:
    """Return the button that moves a message to another case."""
    if not tell.message:
        return []
    carried = keys_text(tell.case, [tell.message])
    label = texts.labels(NoticeLabels).another_case
    return [button(Action.ANOTHER_CASE, label, Ref(tell.case, 0, carried))]


def _kept(texts: Texts, tell: Tell, *, agents: bool) -> Message:
    """Return the answer to a message under a result: what to do, and how to reach a person."""
    links, result = tell.contacts or Contacts(), tell.result
    if result is not None and not result.decision.cancellation.handoff:
        links = Contacts()  # the draft goes to somebody else
    theirs = agents and (result is None or result.agents)
    draft = result is not None and has_draft(result.decision)
    form, portal = link(links.support_form), link(links.portal)
    kept = passing.Kept(
        case_name(tell.case), tell.order, draft, links.support, portal, form, links.support_email, theirs
    )
    show = button(Action.OPEN, texts.labels(NoticeLabels).show, Ref(tell.case, 0))
    hand = [hand_off(texts, tell.case)] if theirs else []
    return said(texts, kept, [show, *hand, *_another_case(texts, tell)])


def _kept_closed(texts: Texts, tell: Tell, *, agents: bool) -> Message:
    """Return the answer to a message about a case that is over."""
    reopens = tell.at is not None  # since when it is over, if agents had it
    theirs = agents and (tell.result is None or tell.result.agents)
    over = passing.KeptClosed(case_name(tell.case), tell.order, reopens, theirs)
    reopen = button(Action.RETURN, texts.labels(NoticeLabels).reopen, Ref(tell.case, 0), style="primary")
    way = [reopen] if reopens else [hand_off(texts, tell.case)] if theirs else []
    return said(texts, over, [*way, *_another_case(texts, tell)])


def _window(texts: Texts, tell: Tell) -> Message:
    """Return the reminder that a refund window closes. Raises ValueError if the case has none."""
    result = tell.result
    last_day = result.decision.refund.last_day if result is not None else None
    if result is None or last_day is None:
        raise ValueError(tell.case)
    ref, labels = Ref(result.case, 0), texts.labels(NoticeLabels)
    row = [
        button(Action.OPEN, labels.show, ref, style="primary"),
        button(Action.SENT_IT, labels.sent_it, ref),
        button(Action.STOP, labels.stop, Ref(result.case, 0, Reminder.WINDOW_LAST)),
    ]
    return said(texts, d.WindowCloses(case_name(result.case), last_day, (last_day - result.on).days), row)


def words(texts: Texts, effect: SendWords) -> Message:
    """Return an agent's message to the requester."""
    context = d.AgentWords(case_name(effect.case), mention(effect.agent), effect.words.text, effect.asks)
    form = button(
        Action.DETAILS, texts.labels(NoticeLabels).give_details, Ref(effect.case, 0), style="primary"
    )
    return said(texts, context, [form] if effect.wants_details else [])
