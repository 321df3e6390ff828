"""The list of a person's cases, and the line for each of them."""

from __future__ import annotations

from bot.conversation.handoff import Standing
from bot.conversation.interview import program_in
from bot.conversation.people import case_name
from bot.conversation.screens import Details, Listed, Question, Result
from bot.render import contexts_lines as lines
from bot.render import contexts_notices as n
from bot.render import to_blocks, to_fallback
from bot.render.screen_labels import NoticeLabels
from bot.render.texts import Texts
from bot.render.word_lists import STANDINGS_LISTED
from bot.slack.blocks import answer
from bot.slack.blocks.ids import Action, Ref
from bot.slack.blocks.parts import SECTION_TEXT, Json, Message, actions, button, plain


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
    """Return where a case stands between people, if it was handed over."""
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
