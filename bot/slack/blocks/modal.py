"""The modal: one screen of a case as a view."""

from __future__ import annotations

from datetime import date
from typing import Final

from bot.conversation.answering import LONGEST_TICKET
from bot.conversation.derive import wanted_details
from bot.conversation.interview import Answer, program_in
from bot.conversation.order_details import LONGEST
from bot.conversation.people import case_name
from bot.conversation.problems import Problem
from bot.conversation.screens import Details, Question, Result, Screen, TicketEditor
from bot.render import contexts_lines as lines
from bot.render import contexts_notices as n
from bot.render import to_blocks, to_plain
from bot.render.screen_labels import AnswerLabels, DetailsLabels, NoticeLabels, QuestionLabels, TicketLabels
from bot.render.texts import Texts
from bot.slack.blocks import answer
from bot.slack.blocks.ids import Action, Callback, Ref
from bot.slack.blocks.parts import (
    ERROR_TEXT,
    VIEW_TITLE,
    Json,
    actions,
    button,
    choice_element,
    cut,
    field,
    header,
    note,
    option,
    plain,
)
from bot.slack.blocks.read_back import read_back_blocks
from policy.facts import UNKNOWN, Detail
from policy.vocabulary import FactKind

MOST_RADIO: Final = 5


def view_of(
    texts: Texts, screen: Screen | TicketEditor, *, notice: str = "", picked_up: bool = False
) -> Json:
    """Return a screen as a modal view; `notice` is a small line on top.

    `picked_up`: the case was begun earlier, so the person may want a new one instead.
    """
    top = [note(notice)] if notice else []
    if picked_up:
        new = button(Action.NEW, texts.labels(NoticeLabels).new_case, Ref(0, 0))
        top = [note(to_plain(texts.say(n.PickedUp(_case_of(screen))))), *actions([new])]
    if not isinstance(screen, TicketEditor) and screen.read is not None:
        top += read_back_blocks(texts, Ref(screen.case, screen.revision), screen.read)
    match screen:
        case Question():
            return _question(texts, screen, top)
        case Details():
            return _details(texts, screen, top)
        case Result():
            return _result(texts, screen, top)
        case TicketEditor():
            return _ticket(texts, screen, top)


def _case_of(screen: Screen | TicketEditor) -> str:
    return case_name(screen.result.case if isinstance(screen, TicketEditor) else screen.case)


def errors_of(texts: Texts, screen: Screen | TicketEditor) -> dict[str, str]:
    """Return what is wrong, by block; empty if nothing is, or if there is no field for it."""
    match screen:
        case Question(problem=Problem() as problem):
            return {question_block(screen): _sentence(texts, problem, screen)}
        case Details(problems=problems):
            found = {p.field: p for p in problems if isinstance(p.field, Detail)}
            stray = next((p for p in problems if not isinstance(p.field, Detail)), None)
            if stray is not None:
                found = dict.fromkeys(screen.wanted[:1], stray)
            return {detail_block(detail): _sentence(texts, problem) for detail, problem in found.items()}
        case TicketEditor(problem=Problem() as problem):
            return {TICKET_BLOCK: _sentence(texts, problem)}
        case _:
            return {}


TICKET_BLOCK: Final = "ticket"


def question_block(question: Question) -> str:
    """Return the id of the block in which a question is answered."""
    return f"fact-{question.fact}"


def detail_block(detail: Detail) -> str:
    """Return the id of the block in which a detail is given."""
    return f"detail-{detail}"


def _view(  # noqa: PLR0913  the parts of a view
    texts: Texts,
    callback: Callback,
    case: int,
    revision: int,
    blocks: list[Json],
    *,
    close: str,
    submit: str = "",
) -> Json:
    view: Json = {
        "type": "modal",
        "callback_id": callback.value,
        "private_metadata": str(Ref(case, revision)),
        "title": plain(texts.line_of(lines.Title(case_name(case))), VIEW_TITLE),
        "close": plain(close, VIEW_TITLE),
        "blocks": blocks,
    }
    if submit:
        view["submit"] = plain(submit, VIEW_TITLE)
    return view


def _question(texts: Texts, screen: Question, top: list[Json]) -> Json:
    words = texts.asking(screen.fact, program_in(screen.answers))
    where = to_plain(words.where)
    blocks = [
        *top,
        *([note(to_plain(texts.say(n.Intro())))] if not screen.answers else []),
        note(progress(texts, screen)),
        *([note(recap(texts, screen.answers))] if screen.answers else []),
        *(to_blocks(texts.problem(screen.problem, screen)) if screen.problem else []),
        field(question_block(screen), words.question, _element(texts, screen), to_plain(words.hint)),
        *(to_blocks(texts.because(screen.reason)) if screen.why else []),
        *([note(texts.line_of(lines.Where(where)))] if where else []),
        *actions([*_unknown(texts, screen), *helpers(texts, screen)]),
    ]
    labels = texts.labels(QuestionLabels)
    return _view(
        texts,
        Callback.QUESTION,
        screen.case,
        screen.revision,
        blocks,
        close=labels.close,
        submit=labels.next,
    )


def progress(texts: Texts, screen: Question) -> str:
    """Return how far the interview is, as a bar and in words."""
    bar = "●" * screen.number + "○" * (screen.of - screen.number)
    return f"{bar}  {texts.line_of(lines.Progress(screen.number, screen.of))}"


def recap(texts: Texts, given: tuple[Answer, ...]) -> str:
    """Return the answers so far in one line."""
    told = tuple(f"{line.name}: {line.value}" for line in texts.lines(given))
    return texts.line_of(lines.SoFar(told))


def helpers(texts: Texts, screen: Question) -> list[Json]:
    """Return the buttons that every question has."""
    ref, labels = Ref(screen.case, screen.revision), texts.labels(QuestionLabels)
    row: list[Json] = []
    if screen.answers:
        row.append(button(Action.BACK, labels.back, ref))
    if not screen.why:
        row.append(button(Action.WHY, labels.why, ref))
    if screen.answers:
        row.append(button(Action.START_OVER, labels.start_over, ref))
    return row


def _unknown(texts: Texts, screen: Question) -> list[Json]:
    """Return the button beside a date picker, which cannot say that a day is not known."""
    if screen.kind is not FactKind.DAY:
        return []
    words = texts.labels(QuestionLabels).unknown
    return [button(Action.CHOOSE, words, choice_ref(screen, UNKNOWN), unique=UNKNOWN)]


def choice_ref(screen: Question, token: str) -> Ref:
    """Return the value of a button that answers a question."""
    return Ref(screen.case, screen.revision, f"{screen.fact}={token}")


def _element(texts: Texts, screen: Question) -> Json:
    if screen.kind is FactKind.DAY:
        picker: Json = {"type": "datepicker", "action_id": Action.INPUT.value}
        if screen.chosen and _is_date(screen.chosen):
            picker["initial_date"] = screen.chosen
        return picker
    options = [option(label, token) for token, label in texts.choices(screen)]
    chosen = next((each for each in options if each["value"] == screen.chosen), None)
    return choice_element(options, chosen, radio=len(options) <= MOST_RADIO)


def _details(texts: Texts, screen: Details, top: list[Json]) -> Json:
    values = dict(screen.values) | dict(screen.result.details)
    ref = Ref(screen.case, screen.revision)
    words, program = texts.result(screen.result), program_in(screen.result.answers)
    labels, needed = texts.labels(DetailsLabels), wanted_details(screen.result.decision)
    ways = [button(Action.BACK, labels.back, ref), button(Action.SKIP, labels.skip, ref)]
    blocks = [
        *top,
        header(answer.marked(screen.result, words.headline)),
        *to_blocks(words.verdict),
        note(labels.intro if needed else labels.intro_optional),
        *[
            _detail_field(texts, detail, values.get(detail, ""), program, optional=detail not in needed)
            for detail in screen.wanted
        ],
        *actions([*answer.missing_answer(texts, screen.result), *ways]),
        note(recap(texts, screen.result.answers)),
    ]
    return _view(
        texts,
        Callback.DETAILS,
        screen.case,
        screen.revision,
        blocks,
        close=labels.close,
        submit=labels.write if needed else labels.write_optional,
    )


def _detail_field(texts: Texts, detail: Detail, value: str, program: str | None, *, optional: bool) -> Json:
    words = texts.asking(detail, program)
    element: Json = {"type": "plain_text_input", "action_id": Action.INPUT.value, "max_length": 3000}
    if value:
        element["initial_value"] = cut(value, max(LONGEST.values()))
    made = field(detail_block(detail), words.name, element, to_plain(words.hint))
    return made | {"optional": True} if optional else made


def _result(texts: Texts, screen: Result, top: list[Json]) -> Json:
    problem = [note(_sentence(texts, screen.problem))] if screen.problem else []
    blocks = [
        *top,
        *problem,
        *answer.result_blocks(texts, screen),
    ]
    done = texts.labels(AnswerLabels).done
    return _view(texts, Callback.RESULT, screen.case, screen.revision, blocks, close=done)


def _ticket(texts: Texts, screen: TicketEditor, top: list[Json]) -> Json:
    draft, labels = texts.draft(screen.result) or "", texts.labels(TicketLabels)
    element = {
        "type": "plain_text_input",
        "action_id": Action.INPUT.value,
        "multiline": True,
        "initial_value": draft[:LONGEST_TICKET],
        "max_length": 3000,
    }
    blocks = [
        *top,
        field(TICKET_BLOCK, labels.text, element, labels.hint),
        *actions([button(Action.OPEN, labels.back, Ref(screen.result.case, screen.result.revision))]),
    ]
    result = screen.result
    return _view(
        texts,
        Callback.TICKET,
        result.case,
        result.revision,
        blocks,
        close=labels.close,
        submit=labels.save,
    )


def _sentence(texts: Texts, problem: Problem, question: Question | None = None) -> str:
    return cut(to_plain(texts.problem(problem, question)), ERROR_TEXT)


def _is_date(token: str) -> bool:
    try:
        date.fromisoformat(token)
    except ValueError:
        return False
    return True
