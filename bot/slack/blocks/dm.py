"""Messages in the DM and in the channels: what each effect looks like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.conversation.clean_text import LONGEST_TYPED
from bot.conversation.derive import has_draft
from bot.conversation.effects import DmScreen, News, SendWords, Tell, Unread
from bot.conversation.files import Unpassed, WhyNot
from bot.conversation.handoff import Standing
from bot.conversation.people import Person, case_name
from bot.conversation.problems import Problem, Trouble
from bot.conversation.reminder_kinds import Reminder
from bot.conversation.screens import (
    Asking,
    CaseChoice,
    Contacts,
    Details,
    Listed,
    Question,
    ReadBack,
    Result,
    Retired,
    Settled,
    Whose,
)
from bot.desk.deliveries import AT_ONCE, MOST_AT_ONCE
from bot.render import contexts_desk as d
from bot.render import contexts_lines as lines
from bot.render import contexts_notices as n
from bot.render import contexts_passing as passing
from bot.render import to_blocks, to_fallback
from bot.render.answer_texts import link
from bot.render.document import Document
from bot.render.environment import Context
from bot.render.mentions import Mention, Moment
from bot.render.screen_labels import AnswerLabels, DetailsLabels, NoticeLabels
from bot.render.texts import Texts, program_in
from bot.render.word_lists import OUTCOMES_TOLD, STANDINGS_LISTED, WHY_NOT
from bot.slack.blocks import answer
from bot.slack.blocks.ids import Action, Ref, keys_text
from bot.slack.blocks.modal import choice_ref, helpers, progress
from bot.slack.blocks.parts import SECTION_TEXT, Json, Style, actions, button, header, note, plain
from bot.slack.blocks.read_back import read_back_blocks
from policy.facts import UNKNOWN, Detail
from policy.vocabulary import FactKind

# What may have been meant is an answer; else it is what to type for it.
_ANSWERS: Final = frozenset(
    {Trouble.DATE_AMBIGUOUS, Trouble.DATE_LONG_AGO, Trouble.DATE_HINTED, Trouble.UNSURE}
)
MOST_OTHERS: Final = 5
EPOCH: Final = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Message:
    """Blocks, and the same as escaped text for notifications."""

    blocks: list[Json]
    text: str


def message_of(texts: Texts, screen: DmScreen) -> Message:
    """Return a screen as a message in the requester's DM."""
    match screen:
        case Question():
            return _question(texts, screen)
        case Details():
            return _details(texts, screen)
        case Result():
            return _result(texts, screen)
        case Settled():
            return said(texts, n.AnsweredLines(texts.settled(screen)))
        case Retired():
            document = texts.say(
                n.OutOfDate(case_name(screen.result.case), screen.since, texts.headline(screen.result))
            )
            return Message(answer.retired_blocks(texts, screen), to_fallback(document))
        case Whose():
            return whose(texts, screen)


def aside(texts: Texts, screen: Question | Details | Result) -> Message:
    """Return the answer to what could not be taken, or to "why do you ask?"."""
    match screen:
        case Question(problem=Problem() as problem):
            document = texts.problem(problem, screen)
            row = _guesses(texts, screen, problem)
            row += _to_a_person(texts, screen.case, problem) if screen.agents else []
        case Question():
            document, row = texts.because(screen.reason), []
        case Details(problems=problems, result=result):
            document = texts.problem(problems[0])
            row = _to_a_person(texts, screen.case, problems[0]) if result.agents else []
        case Result(problem=Problem() as problem):
            document, row = texts.problem(problem), []
        case Result():
            document, row = texts.result(screen).why, []
    return Message([*to_blocks(document), *actions(row)], to_fallback(document))


def read_back(texts: Texts, case: Ref, read: ReadBack) -> Message:
    """Return what was read in somebody's words, with a button to change each thing."""
    return Message(read_back_blocks(texts, case, read), to_fallback(texts.read_back(read)))


def unread(texts: Texts, effect: Unread) -> Message:
    """Return the answer to an edited message that could not be taken."""
    wrong = texts.problem(effect.problem, effect.question)
    value = None if effect.token is None else texts.value(effect.asked, effect.token, effect.program)
    counts = texts.say(
        n.StillCounts(case_name(effect.case), texts.asking(effect.asked, effect.program).name, value)
    )
    document = Document(wrong.blocks + counts.blocks)
    return Message(to_blocks(document), to_fallback(document))


def _to_a_person(texts: Texts, case: int, problem: Problem) -> list[Json]:
    """Return the button that hands a case over, under what could not be read."""
    return [hand_off(texts, case)] if problem.is_unread else []


def hand_off(texts: Texts, case: int) -> Json:
    """Return the button that hands a case to the agents."""
    return button(Action.HAND_OFF, texts.labels(AnswerLabels).hand_off, Ref(case, 0))


def said(texts: Texts, context: Context, row: list[Json] | None = None) -> Message:
    """Return one text as a message, with buttons under it."""
    document = texts.say(context)
    return Message([*to_blocks(document), *actions(row or [])], to_fallback(document))


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
            hand = agents and tell.agents and tell.at is None  # else they have it already
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
    """Return what to do first about a private key that leaked."""
    return n.KeyLeaked(link(links.portal), link(links.support_form), links.support_email, agents)


def unpassed_lines(texts: Texts, files: tuple[Unpassed, ...]) -> tuple[passing.UnpassedLine, ...]:
    """Return files that nobody gets as a template has them."""
    reasons = texts.words(WHY_NOT)
    return tuple(passing.UnpassedLine(each.name, reasons[each.why], link(each.link)) for each in files)


def _resolved(texts: Texts, tell: Tell) -> Message:
    """Return how a case came out, and which goes on for a duplicate."""
    outcome = texts.words(OUTCOMES_TOLD)[tell.outcome] if tell.outcome is not None else ""
    goes_on = case_name(tell.others[0]) if tell.others else ""
    return said(texts, d.ResolvedCase(case_name(tell.case), mention(tell.who), outcome, goes_on))


def _same_order(texts: Texts, tell: Tell) -> Message:
    """Return which other cases of a person are about an order, with a button that opens each."""
    row = [button(Action.OPEN, case_name(each), Ref(each, 0), unique=str(each)) for each in tell.others]
    return said(
        texts, d.SameOrder(case_name(tell.case), tuple(map(case_name, tell.others))), row[:MOST_OTHERS]
    )


def whose(texts: Texts, screen: Whose) -> Message:
    """Return the question which case some messages are about, or what came of it."""
    name, labels = case_name(screen.case), texts.labels(NoticeLabels)
    carried = keys_text(screen.asked_under, screen.messages)
    row = [
        button(Action.ASSIGN, _called(each), Ref(each.case, 0, carried), unique=str(each.case))
        for each in screen.choices
    ]
    row.append(button(Action.ASSIGN, labels.to_new_case, Ref(0, 0, carried), unique="0"))
    again = [button(Action.ANOTHER_CASE, labels.another_case, Ref(screen.case, 0, carried))]
    match screen.asking:
        case Asking.OPEN:
            return said(texts, passing.WhoseOpen(len(screen.messages) > 1), row)
        case Asking.IN_DOUBT:
            return said(texts, passing.WhoseInDoubt(), row)
        case Asking.MOVING:
            return said(texts, passing.WhoseMoving(name, screen.order), row)
        case Asking.BELOW:
            return said(texts, passing.WhoseBelow())
        case Asking.CHOSEN:
            return said(texts, passing.WhoseChosen(name, screen.order))
        case Asking.GONE:
            return said(texts, passing.WhoseGone())
        case Asking.PASSED_ON:
            return said(texts, passing.WhosePassedOn(name, screen.order), again)
        case Asking.KEPT:
            hand = button(Action.HAND_OFF, texts.labels(AnswerLabels).hand_off, Ref(screen.case, 0))
            return said(
                texts, passing.WhoseKept(name, screen.order), [hand, *again] if screen.agents else again
            )
        case Asking.BEGAN:
            return said(texts, passing.WhoseBegan(name), again)


def _called(choice: CaseChoice) -> str:
    """Return a case as its button names it: by its number, and by what the requester calls the order."""
    return f"{case_name(choice.case)}, {choice.order}" if choice.order else case_name(choice.case)


def _another_case(texts: Texts, tell: Tell) -> list[Json]:
    """Return the button that moves a message to another case than the one that it went to."""
    if not tell.message:
        return []
    carried = keys_text(tell.case, [tell.message])
    label = texts.labels(NoticeLabels).another_case
    return [button(Action.ANOTHER_CASE, label, Ref(tell.case, 0, carried))]


def _kept(texts: Texts, tell: Tell, *, agents: bool) -> Message:
    """Return what is said to words under an answer: what to do, and how to reach a person."""
    links, result = tell.contacts or Contacts(), tell.result
    if result is not None and not result.decision.cancellation.handoff:
        links = Contacts()  # what there is to send goes to somebody else
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
    """Return what is said to words for a case that is over."""
    reopens = tell.at is not None  # since when it is over, where agents had it
    theirs = agents and (tell.result is None or tell.result.agents)
    over = passing.KeptClosed(case_name(tell.case), tell.order, reopens, theirs)
    reopen = button(Action.RETURN, texts.labels(NoticeLabels).reopen, Ref(tell.case, 0), style="primary")
    way = [reopen] if reopens else [hand_off(texts, tell.case)] if theirs else []
    return said(texts, over, [*way, *_another_case(texts, tell)])


def slowed(texts: Texts, first: str = "") -> Message:
    """Return what a person is told of whom too much came at once; `first` of it was not read."""
    return said(texts, n.Slowed(MOST_AT_ONCE, int(AT_ONCE.total_seconds()), first))


def _window(texts: Texts, tell: Tell) -> Message:
    """Return the reminder that a refund window closes. Raises ValueError where the case has none."""
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
    """Return an agent's words for the requester."""
    context = d.AgentWords(case_name(effect.case), mention(effect.agent), effect.words.text, effect.asks)
    form = button(
        Action.DETAILS, texts.labels(NoticeLabels).give_details, Ref(effect.case, 0), style="primary"
    )
    return said(texts, context, [form] if effect.wants_details else [])


def case_list(texts: Texts, cases: tuple[Listed, ...]) -> Message:
    """Return a person's cases, each with its state and a button that opens it."""
    head = texts.say(n.CaseList(len(cases)))
    blocks = [*to_blocks(head), *[_case_row(texts, listed) for listed in cases]]
    if not cases:
        blocks += actions(
            [button(Action.START, texts.labels(NoticeLabels).start, Ref(0, 0), style="primary")]
        )
    return Message(blocks, to_fallback(head))


def _case_row(texts: Texts, listed: Listed) -> Json:
    name = case_name(listed.case)
    return {
        "type": "section",
        "text": plain(f"{name}  {state_line(texts, listed)}{_standing(texts, listed)}", SECTION_TEXT),
        "accessory": button(Action.OPEN, texts.labels(NoticeLabels).open, Ref(listed.case, 0), unique=name),
    }


def _standing(texts: Texts, listed: Listed) -> str:
    """Return where a case stands between people, where it does, after what it says."""
    handoff = listed.screen.handoff if isinstance(listed.screen, Result) else None
    if handoff is None or handoff.standing is Standing.NEW:
        return ""
    return f"  ·  {texts.words(STANDINGS_LISTED)[handoff.standing]}"


def state_line(texts: Texts, listed: Listed) -> str:
    """Return in one line how a case stands."""
    match listed.screen:
        case Question() as question:
            words = texts.asking(question.fact, program_in(question.answers))
            return texts.line_of(lines.OpenQuestion(question.number, words.question))
        case Details(result=result):
            return texts.line_of(lines.OpenDetails(texts.headline(result)))
        case Result() as result:
            return answer.marked(result, texts.headline(result))


def pinned(texts: Texts) -> Message:
    """Return the message with the Start button."""
    return said(
        texts,
        n.Pinned(),
        [button(Action.START, texts.labels(NoticeLabels).start, Ref(0, 0), style="primary")],
    )


def mention(person: Person | None) -> Mention:
    """Return a person to be shown by name."""
    return Mention("user", person.user if person else "")


def _question(texts: Texts, screen: Question) -> Message:
    words = texts.asking(screen.fact, program_in(screen.answers))
    question = texts.say(n.CaseLine(case_name(screen.case), words.question))
    blocks = [
        *to_blocks(Document(question.blocks + words.hint.blocks)),
        *actions(_choices(texts, screen)),
        *actions([*helpers(texts, screen), *_way_out(texts, screen, agents=screen.agents)]),
        note(progress(texts, screen)),
    ]
    return Message(blocks, to_fallback(question))


def _choices(texts: Texts, screen: Question) -> list[Json]:
    row: list[Json] = []
    if screen.kind is FactKind.DAY:
        row.append({"type": "datepicker", "action_id": f"{Action.PICK_DATE}:{screen.case}.{screen.revision}"})
    for token, label in texts.choices(screen):
        ref = choice_ref(screen, token)
        style: Style = "primary" if token == screen.chosen and token != UNKNOWN else None
        row.append(button(Action.CHOOSE, label, ref, unique=token, style=style))
    return row


def _guesses(texts: Texts, screen: Question, problem: Problem) -> list[Json]:
    """Return a button for each that may have been meant; of a time, none of its ends need be."""
    if problem.kind is Trouble.DATE_INEXACT:
        return []
    return [_guess(screen, problem, value, words) for value, words in texts.meant(problem)]


def _guess(screen: Question, problem: Problem, value: str, words: str) -> Json:
    if problem.kind in _ANSWERS:
        ref = choice_ref(screen, value)
        return button(Action.CHOOSE, words, ref, unique=value)
    return button(Action.GUESS, words, Ref(screen.case, screen.revision, value), unique=value)


def _details(texts: Texts, screen: Details) -> Message:
    detail = screen.left[0]
    words = texts.asking(detail, program_in(screen.result.answers))
    asked = texts.say(n.CaseLine(case_name(screen.case), words.question))
    headline = answer.marked(screen.result, texts.headline(screen.result))
    top = [header(headline), *_verdict_once(texts, screen)] if screen.begins else [note(headline)]
    where = Document(asked.blocks + words.hint.blocks + words.where.blocks)
    ref = Ref(screen.case, screen.revision)
    return Message(
        [*top, *to_blocks(where), *actions(_detail_buttons(texts, screen, detail, ref))], to_fallback(asked)
    )


def _verdict_once(texts: Texts, screen: Details) -> list[Json]:
    return to_blocks(texts.result(screen.result).verdict)


def _detail_buttons(texts: Texts, screen: Details, detail: Detail, ref: Ref) -> list[Json]:
    offered, labels = dict(screen.values).get(detail), texts.labels(DetailsLabels)
    row = []
    if offered:
        own = Ref(ref.case, ref.revision, offered)
        row.append(button(Action.USE_DETAIL, texts.line_of(lines.Use(offered)), own, style="primary"))
    row += answer.missing_answer(texts, screen.result)
    ways = [button(Action.SKIP, labels.skip, ref), button(Action.BACK, labels.back, ref)]
    return [*row, *ways, *_way_out(texts, screen, agents=screen.result.agents)]


def _way_out(texts: Texts, screen: Question | Details, *, agents: bool) -> list[Json]:
    """Return the way to a person for who is stuck at a question."""
    return [hand_off(texts, screen.case)] if screen.stuck and agents else []


def _result(texts: Texts, screen: Result) -> Message:
    return Message(answer.result_blocks(texts, screen), to_fallback(answer.answer_fallback(texts, screen)))
