"""What agents fill in: words for the requester, or a colleague to give a case to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from bot.conversation.accounts import Colleague
from bot.conversation.dealing import LONGEST_NOTE, LONGEST_WORDS
from bot.conversation.people import case_name
from bot.conversation.screens import Card
from bot.desk.intents import Form, Prepared
from bot.render.texts import Texts, program_in
from bot.slack import answers
from bot.slack.ids import Action, Callback, Ref
from bot.slack.parts import OPTION_TEXT, VIEW_TITLE, Json, field, note, option, plain

MENU_OPTIONS: Final = 100
MENU_GROUPS: Final = 10  # Slack takes a view of 250 kB
LETTERS: Final = 30

WORDS_BLOCK: Final = "words"
AGENT_BLOCK: Final = "agent"
NOTE_BLOCK: Final = "note"
CALLBACKS: Final = {
    Form.REPLY: Callback.REPLY,
    Form.ASK: Callback.ASK,
    Form.REASSIGN: Callback.REASSIGN,
}
TITLES: Final = {
    Form.REPLY: "Reply to requester",
    Form.ASK: "Ask for details",
    Form.REASSIGN: "Give to an agent",
}


def form_of(texts: Texts, prepared: Prepared) -> Json:
    """Return a form as a modal view."""
    card, form = prepared.card, prepared.form
    return {
        "type": "modal",
        "callback_id": CALLBACKS[form].value,
        "private_metadata": str(Ref(card.case, card.revision)),
        "title": plain(TITLES[form], VIEW_TITLE),
        "submit": plain("Give" if form is Form.REASSIGN else "Send", VIEW_TITLE),
        "close": plain("Cancel", VIEW_TITLE),
        "blocks": [note(_about(texts, card)), *_fields(texts, prepared)],
    }


def _about(texts: Texts, card: Card) -> str:
    headline = answers.marked(card.result, texts.headline(card.result)) if card.result else ""
    return f"{case_name(card.case)}  {headline}".strip()


def _fields(texts: Texts, prepared: Prepared) -> list[Json]:
    match prepared.form:
        case Form.REPLY:
            hint = "It goes to the requester's direct messages, under your name. A copy stands in the thread."
            return [_words("Your reply", hint)]
        case Form.ASK:
            hint = "It goes to the requester's direct messages. Until they answer, the case waits for them."
            return [_words("What do you need?", hint, _wanted(texts, prepared.card))]
        case Form.REASSIGN:
            menu = _menu(prepared.agents)
            words = _text("Only agents see it, in the card's thread.", LONGEST_NOTE)
            return [
                field(AGENT_BLOCK, "Which agent?", menu, "A member of the agents' channel."),
                {**field(NOTE_BLOCK, "A note for them", *words), "optional": True},
            ]


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
    """Return the request for the details that the ticket lacks, to be changed at will."""
    missing = card.result.missing if card.result else ()
    if not missing:
        return ""
    program = program_in(card.answers)
    names = [texts.asking(detail, program).name.casefold() for detail in missing]
    return "Please send: " + ", ".join(names) + "."


def _words(label: str, hint: str, given: str = "") -> Json:
    element, words = _text(hint, LONGEST_WORDS)
    if given:
        element["initial_value"] = given
    return field(WORDS_BLOCK, label, element, words)


def _text(hint: str, longest: int) -> tuple[Json, str]:
    element: Json = {
        "type": "plain_text_input",
        "action_id": Action.INPUT.value,
        "multiline": True,
        "max_length": longest,
    }
    return element, hint
