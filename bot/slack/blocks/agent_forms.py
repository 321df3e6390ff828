"""Forms for agents: words for the requester, a colleague to give a case to, or another case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from bot.conversation.agent_moves import AskBack, kind_of
from bot.conversation.agent_words import LONGEST_NOTE, LONGEST_WORDS
from bot.conversation.files import MOST_AT_ONCE
from bot.conversation.interview import program_in
from bot.conversation.people import Colleague, case_name
from bot.conversation.screens import Card
from bot.desk.results import Prepared
from bot.render.contexts_lines import PleaseSend
from bot.render.move_texts import CaseLabels, ColleagueLabels, Labels, MoveText, WordsLabels
from bot.render.texts import Texts
from bot.slack.blocks import answer
from bot.slack.blocks.ids import Action, Ref
from bot.slack.blocks.parts import OPTION_TEXT, VIEW_TITLE, Json, field, note, option, plain

MENU_OPTIONS: Final = 100
MENU_GROUPS: Final = 10  # Slack takes a view of 250 kB
LETTERS: Final = 30

WORDS_BLOCK: Final = "words"
AGENT_BLOCK: Final = "agent"
NOTE_BLOCK: Final = "note"
CASE_BLOCK: Final = "case"
LONGEST_NUMBER: Final = 12
FILES_BLOCK: Final = "files"


def form_of(texts: Texts, prepared: Prepared) -> Json:
    """Return the form of a move as a modal view. Raises ValueError if the move has none."""
    card, kind = prepared.card, kind_of(prepared.move)
    labels = texts.move(kind, MoveText()).labels
    if labels is None:
        raise ValueError(kind)
    return {
        "type": "modal",
        "callback_id": kind,
        "private_metadata": str(Ref(card.case, card.revision)),
        "title": plain(labels.title, VIEW_TITLE),
        "submit": plain(labels.send, VIEW_TITLE),
        "close": plain(labels.cancel, VIEW_TITLE),
        "blocks": [note(_about(texts, card)), *_fields(texts, prepared, labels)],
    }


def _about(texts: Texts, card: Card) -> str:
    headline = answer.marked(card.result, texts.headline(card.result)) if card.result else ""
    return f"{case_name(card.case)}  {headline}".strip()


def _fields(texts: Texts, prepared: Prepared, labels: Labels) -> list[Json]:
    match labels:
        case WordsLabels():
            given = _wanted(texts, prepared.card) if prepared.move is AskBack else ""
            return [_words(labels, given), _files(labels)]
        case ColleagueLabels():
            note_field = field(NOTE_BLOCK, labels.note, _text(LONGEST_NOTE), labels.note_hint)
            return [
                field(AGENT_BLOCK, labels.agent, _menu(prepared.agents), labels.agent_hint),
                {**note_field, "optional": True},
            ]
        case CaseLabels():
            number = {**_text(LONGEST_NUMBER), "multiline": False}
            known = next((each for each in prepared.card.same_orders), None)
            if known is not None:
                number["initial_value"] = case_name(known)
            return [field(CASE_BLOCK, labels.case, number, labels.hint)]


def _menu(agents: Sequence[Colleague]) -> Json:
    """Return the agents to choose from. Slack's own menus of people offer bots and everybody else too."""
    shared = {name for name, number in Counter(each.name for each in agents).items() if number > 1}
    options = [
        option(f"{each.name} ({each.user})" if each.name in shared else each.name, each.user)
        for each in agents[: MENU_OPTIONS * MENU_GROUPS]
    ]
    menu: Json = {"type": "static_select", "action_id": Action.INPUT.value}
    if len(options) <= MENU_OPTIONS:
        return menu | {"options": options}
    groups = [options[first : first + MENU_OPTIONS] for first in range(0, len(options), MENU_OPTIONS)]
    return menu | {"option_groups": [{"label": _from_to(group), "options": group} for group in groups]}


def _from_to(group: Sequence[Json]) -> Json:
    first, last = (each["text"]["text"][:LETTERS] for each in (group[0], group[-1]))
    return plain(f"{first} – {last}", OPTION_TEXT)


def _wanted(texts: Texts, card: Card) -> str:
    """Return the prefilled request for the details that the ticket lacks."""
    missing = card.result.missing if card.result else ()
    program = program_in(card.answers)
    names = tuple(texts.asking(detail, program).name.casefold() for detail in missing)
    return texts.line_of(PleaseSend(names)) if names else ""


def _words(labels: WordsLabels, given: str = "") -> Json:
    element = _text(LONGEST_WORDS)
    if given:
        element["initial_value"] = given
    return field(WORDS_BLOCK, labels.words, element, labels.hint)


def _files(labels: WordsLabels) -> Json:
    element: Json = {"type": "file_input", "action_id": Action.INPUT.value, "max_files": MOST_AT_ONCE}
    return {**field(FILES_BLOCK, labels.files, element, labels.files_hint), "optional": True}


def _text(longest: int) -> Json:
    return {
        "type": "plain_text_input",
        "action_id": Action.INPUT.value,
        "multiline": True,
        "max_length": longest,
    }
