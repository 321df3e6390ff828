"""Which text is shown is chosen by a closed mapping: nothing falls through to a text that is not its own."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, get_args

import jinja2
import pytest
from jinja2 import nodes

from bot.conversation import thread_entries
from bot.conversation.agent_moves import AGENT_MOVES
from bot.conversation.agent_words import Note
from bot.conversation.derive import Rules, card_of
from bot.conversation.effects import Denial, News, Tell, TellAgent
from bot.conversation.handoff import Handoff, Move, Outcome, Standing
from bot.conversation.now import Now
from bot.conversation.reminder_kinds import AlarmReminder, Reminder
from bot.conversation.screens import Card, Result
from bot.desk.app_home_views import Home, HomeRow, Tab
from bot.desk.results import Refusal, Refused
from bot.render import word_lists
from bot.render.environment import SHIPPED, Renderer
from bot.render.errors import TemplateError
from bot.render.labels import Words
from bot.render.move_texts import TOLD
from bot.render.texts import Texts
from bot.slack.blocks import answer_checks, ephemeral, home, news, thread
from bot.slack.blocks import card as card_blocks
from policy import Policy
from policy.facts import PROGRAM, Fact

TODAY = date(2026, 11, 23)
NOW = Now(datetime(2026, 11, 23, 12, tzinfo=UTC), TODAY, TODAY)
TEMPLATES = sorted(SHIPPED.rglob("*.md"))


@pytest.fixture(scope="module")
def texts(core: Policy) -> Texts:
    return Texts(Renderer(), core)


@pytest.fixture(scope="module")
def card(core: Policy) -> Card:
    return handed_over(core, Handoff(NOW.at, answer_checks.SOMEBODY, NOW.at, Standing.CLAIMED))


def handed_over(core: Policy, handoff: Handoff) -> Card:
    facts = {
        PROGRAM: "opensrs",
        Fact("requester"): "reseller",
        Fact("issued"): True,
        Fact("provider"): "sectigo",
        Fact("fulfilled_on"): date(2026, 11, 1),
    }
    decision = core.decide(facts, TODAY)
    variant = answer_checks.Variant(agents=True, details=True, handoff=handoff, ticket=None)
    return card_of(Rules(core, agents=True), answer_checks.case_for(core, facts, decision, variant), NOW)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(SHIPPED).as_posix())
def test_no_template_chooses_its_text_by_a_word(path: Path) -> None:
    """By a number or by whether there is something, it may; what is an enum has a template for each."""
    tree = jinja2.Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
    words = [
        constant.value
        for compared in tree.find_all(nodes.Compare)
        for constant in compared.find_all(nodes.Const)
        if isinstance(constant.value, str)
    ]
    assert words == []


TELLING: Final = sorted({*TOLD} | {name for name, kind in AGENT_MOVES.items() if kind.tells})


@pytest.mark.parametrize("move", TELLING)
def test_every_move_that_a_thread_tells_of(texts: Texts, move: str) -> None:
    moved = thread_entries.Moved(
        move, answer_checks.SOMEBODY, answer_checks.SOMEBODY, Note("for you"), Outcome.REFUNDED
    )
    assert thread.entry(texts, moved, 1042).text


def test_the_moves_that_no_thread_tells_of() -> None:
    """A new move is either told of or stands here, with where it shows."""
    elsewhere = {
        "hand_over",  # the card
        "claim",  # the card, and a message to the requester
        "reply",  # the copy of what was written
        "ask_back",  # likewise
        "mark",  # the card
        "offer_outcomes",  # the buttons that it puts there
        "miss",  # an alarm
        "forget",  # the card
    }
    assert {*TELLING} | elsewhere == {*AGENT_MOVES, *Move}


@pytest.mark.parametrize("reminder", get_args(AlarmReminder))
def test_every_alarm(texts: Texts, card: Card, reminder: AlarmReminder) -> None:
    assert thread.entry(texts, thread_entries.Alarm(reminder, answer_checks.SOMEBODY, card), 1042).text


def test_the_reminders_that_raise_no_alarm() -> None:
    elsewhere = {Reminder.REQUESTER_IDLE, Reminder.IDLE_CLOSE, Reminder.FORGET, Reminder.NEW_DAY}
    elsewhere |= {Reminder.MENTIONED}
    assert {*get_args(AlarmReminder)} | elsewhere == set(Reminder)


@pytest.mark.parametrize("told", News)
def test_all_news(texts: Texts, card: Card, told: News) -> None:
    tell = Tell(
        answer_checks.SOMEBODY,
        told,
        1042,
        answer_checks.SOMEBODY,
        NOW.at,
        result=card.result,
        outcome=Outcome.REFUNDED,
        length=4000,
        typed="so far",
    )
    assert news.news(texts, tell, agents=True).text


@pytest.mark.parametrize("refusal", Refusal)
def test_every_refusal(texts: Texts, refusal: Refusal) -> None:
    assert ephemeral.refused(texts, Refused(refusal, 1042)).text


@pytest.mark.parametrize("why", Denial)
def test_every_denial(texts: Texts, card: Card, why: Denial) -> None:
    assert card_blocks.denied(texts, TellAgent(answer_checks.SOMEBODY, card, why)).text


@pytest.mark.parametrize("standing", Standing)
@pytest.mark.parametrize("outcome", [None, *Outcome])
def test_every_standing_on_its_card_and_in_app_home(
    texts: Texts, core: Policy, standing: Standing, outcome: Outcome | None
) -> None:
    handoff = Handoff(NOW.at, answer_checks.SOMEBODY, NOW.at, standing, outcome=outcome)
    card = handed_over(core, handoff)
    assert card_blocks.card(texts, card).blocks
    assert isinstance(card.result, Result)
    row = HomeRow(card.result, answer_checks.SOMEBODY, handoff, "www.example.com", None)
    counts = tuple((tab, 1) for tab in Tab)
    for tab in Tab:
        assert home.home_view(
            texts, Home(answer_checks.SOMEBODY, tab, 1, 1, counts, (row,), done=row), answer_checks.SLACK
        )


@pytest.mark.parametrize("words", word_lists.EVERY, ids=lambda words: words.file)
def test_a_list_of_words_has_one_for_each_and_none_besides(
    core: Policy, tmp_path: Path, words: Words[Standing]
) -> None:
    assert set(Texts(Renderer(), core).words(words)) == set(words.of)
    own = tmp_path / words.file
    own.parent.mkdir(parents=True)
    lines = (SHIPPED / words.file).read_text(encoding="utf-8").splitlines()
    for text, wrong in (
        (lines[1:], "there are no words for"),
        ([*lines, "- `more` more"], "nothing is called more"),
        ([*lines, lines[0]], "stands twice"),
        (["Hello."], "the file is one list"),
    ):
        own.write_text("\n".join(text), encoding="utf-8")
        with pytest.raises(TemplateError, match=wrong):
            Texts(Renderer([tmp_path]), core).words(words)
