"""The interview in the DM: what each screen looks like as a message."""

from __future__ import annotations

from typing import Final

from bot.conversation.effects import DmScreen, Unread
from bot.conversation.interview import program_in
from bot.conversation.people import case_name
from bot.conversation.problems import Problem, Trouble
from bot.conversation.screens import (
    Asking,
    CaseChoice,
    Details,
    Question,
    ReadBack,
    Result,
    Retired,
    Settled,
    Whose,
)
from bot.desk.deliveries import AT_ONCE, MOST_AT_ONCE
from bot.render import contexts_lines as lines
from bot.render import contexts_notices as n
from bot.render import contexts_passing as passing
from bot.render import to_blocks, to_fallback, to_plain
from bot.render.document import Document
from bot.render.screen_labels import AnswerLabels, DetailsLabels, NoticeLabels
from bot.render.texts import Texts
from bot.slack.blocks import answer
from bot.slack.blocks.ids import Action, Ref, keys_text
from bot.slack.blocks.modal import choice_ref, helpers, progress
from bot.slack.blocks.parts import Json, Message, Style, actions, button, header, note, said
from bot.slack.blocks.read_back import read_back_blocks
from policy.facts import UNKNOWN, Detail
from policy.vocabulary import FactKind

# What may have been meant: answers, or else what to type for them.
_ANSWERS: Final = frozenset(
    {Trouble.DATE_AMBIGUOUS, Trouble.DATE_LONG_AGO, Trouble.DATE_HINTED, Trouble.UNSURE}
)


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
    """Return the reply to what could not be taken, or to "why do you ask?"."""
    match screen:
        case Question(problem=Problem() as problem):
            document = texts.problem(problem, screen)
            row = _guesses(texts, screen, problem)
            row += _to_a_person(texts, screen.case, problem) if screen.agents else []
        case Question():
            document = texts.because(screen.reason)
            where = to_plain(texts.asking(screen.fact, program_in(screen.answers)).where)
            found = [note(texts.line_of(lines.Where(where)))] if where else []
            return Message([*to_blocks(document), *found], to_fallback(document))
        case Details(problems=problems, result=result):
            document = texts.problem(problems[0])
            row = _to_a_person(texts, screen.case, problems[0]) if result.agents else []
        case Result(problem=Problem() as problem):
            document, row = texts.problem(problem), []
        case Result():
            document, row = texts.result(screen).why, []
    return Message([*to_blocks(document), *actions(row)], to_fallback(document))


def read_back(texts: Texts, case: Ref, read: ReadBack) -> Message:
    """Return what was read in a text, with a button to change each thing."""
    return Message(read_back_blocks(texts, case, read), to_fallback(texts.read_back(read)))


def unread(texts: Texts, effect: Unread) -> Message:
    """Return the reply to an edited message that could not be taken."""
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


def slowed(texts: Texts, first: str = "") -> Message:
    """Return the notice to a person who sent too much at once; `first` is the first of it, unread."""
    return said(texts, n.Slowed(MOST_AT_ONCE, int(AT_ONCE.total_seconds()), first))


def pinned(texts: Texts) -> Message:
    """Return the message with the Start button."""
    return said(
        texts,
        n.Pinned(),
        [button(Action.START, texts.labels(NoticeLabels).start, Ref(0, 0), style="primary")],
    )


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
    """Return a button for each guess; for a span of days, neither end need be right."""
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
    """Return the way to a person for somebody who is stuck at a question."""
    return [hand_off(texts, screen.case)] if screen.stuck and agents else []


def _result(texts: Texts, screen: Result) -> Message:
    return Message(answer.result_blocks(texts, screen), to_fallback(answer.answer_fallback(texts, screen)))
