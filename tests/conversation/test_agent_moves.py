"""Every agent's move is whole: it says when it is allowed, has its words, and reads what comes with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import pytest

from bot.conversation.agent_move import AgentMove, Filled
from bot.conversation.agent_moves import (
    AGENT_MOVES,
    AnyAgentMove,
    AskBack,
    Claim,
    Duplicate,
    GiveBack,
    Mark,
    OfferOutcomes,
    Reassign,
    Reopen,
    Reply,
    Resolve,
    button_row,
    kind_of,
    move_by_emoji,
)
from bot.conversation.agent_words import Note, Outward
from bot.conversation.handoff import By, Outcome, Row, Standing
from bot.conversation.people import Person
from bot.render.environment import SHIPPED
from bot.render.errors import TemplateError
from bot.render.move_texts import MoveText, file_of, move_words
from bot.render.texts import Texts

CY: Final = Person("T-HOST", "T-HOST", "U-CY")

# What comes with each move's click or form, and what it reads; with nothing at all, what it reads then.
READ: Final[dict[str, tuple[Filled, AnyAgentMove | None, AnyAgentMove | None]]] = {
    "claim": (Filled(), Claim(), Claim()),
    "reassign": (Filled(words=" all yours ", to=CY), Reassign(CY, Note("all yours")), None),
    "reply": (Filled(words="Hello.\r\nDone."), Reply(Outward("Hello.\nDone.")), None),
    "ask_back": (Filled(words="Which one?"), AskBack(Outward("Which one?")), None),
    "resolve": (Filled(choice="refunded"), Resolve(Outcome.REFUNDED), None),
    "duplicate": (Filled(words=" c-1042 "), Duplicate(1042), Duplicate(0)),
    "give_back": (Filled(), GiveBack(), GiveBack()),
    "reopen": (Filled(), Reopen(), Reopen()),
    "mark": (Filled(choice="true"), None, None),
    "offer_outcomes": (Filled(), OfferOutcomes(), OfferOutcomes()),
}


def lacking(kind: type[AgentMove], texts: Texts) -> Iterator[str]:
    """Yield a sentence for each thing that a move needs and has not."""
    name = kind_of(kind)
    if name not in AGENT_MOVES:
        yield f"{name} is not in AnyAgentMove, so nobody can make it"
    if name not in READ:
        yield f"{name} has no line in READ, which says what its click or form reads"
    if kind.rows and not kind.called:
        yield f"{name} says nothing for docs/states.md (`called`)"
    for standing in kind.buttons:
        if not any(standing in row.before for row in kind.rows):
            yield f"{name} has a button on a card that is {standing}, and no row allows it there"
    if not (kind.buttons or kind.tells or kind.form):
        return
    if not (SHIPPED / file_of(name)).exists():
        yield f"{name} has no words: templates/{file_of(name)} is missing"
        return
    try:
        move_words(texts.renderer, name, MoveText())
    except TemplateError as error:
        yield f"{name}: {error}"


@pytest.mark.parametrize("kind", AGENT_MOVES.values(), ids=AGENT_MOVES)
def test_a_move_lacks_nothing(kind: type[AnyAgentMove], texts: Texts) -> None:
    assert [*lacking(kind, texts)] == []


def test_what_a_new_move_lacks_is_said(texts: Texts) -> None:
    @dataclass(frozen=True, slots=True)
    class Praise(AgentMove):
        rows = (Row(By.OWNER, (Standing.CLAIMED,), Standing.WAITING),)
        buttons = {Standing.CLAIMED: 6, Standing.ASKED: 6}  # noqa: RUF012
        kind: Literal["praise"] = "praise"

    assert [*lacking(Praise, texts)] == [
        "praise is not in AnyAgentMove, so nobody can make it",
        "praise has no line in READ, which says what its click or form reads",
        "praise says nothing for docs/states.md (`called`)",
        "praise has a button on a card that is waiting for requester, and no row allows it there",
        "praise has no words: templates/moves/praise.md is missing",
    ]


@pytest.mark.parametrize("name", READ)
def test_a_move_reads_what_comes_with_it(name: str) -> None:
    filled, move, bare = READ[name]
    assert AGENT_MOVES[name].read(filled) == move
    assert AGENT_MOVES[name].read(Filled()) == bare


@pytest.mark.parametrize("filled", [Filled(choice="nothing"), Filled(words=" \r\n"), Filled(words="\u202e")])
def test_a_move_is_not_made_of_nothing(filled: Filled) -> None:
    assert all(kind.read(filled) is None for kind in (Reassign, Reply, AskBack, Resolve, Mark))


def test_the_buttons_of_a_card_have_an_order() -> None:
    rows = {standing: [kind_of(each) for each in button_row(standing)] for standing in Standing}
    held = ["reply", "ask_back", "resolve", "reassign", "give_back"]
    assert rows == {
        Standing.NEW: [],
        Standing.WAITING: ["claim", "reassign", "resolve"],
        Standing.CLAIMED: held,
        Standing.ASKED: held,
        Standing.RESOLVED: ["reopen"],
        Standing.CLOSED: ["reopen"],
    }
    for standing in Standing:
        places = [kind.buttons[standing] for kind in button_row(standing)]
        assert places == [*range(1, len(places) + 1)], standing


def test_emoji() -> None:
    assert move_by_emoji("eyes", on=True) == Claim()
    assert move_by_emoji("eyes", on=False) is None
    assert move_by_emoji("rotating_light", on=True) == Mark(urgent=True)
    assert move_by_emoji("rotating_light", on=False) == Mark(urgent=False)
    assert move_by_emoji("white_check_mark", on=True) == OfferOutcomes()
    assert move_by_emoji("tada", on=True) is None
    shown = [kind.emoji for kind in AGENT_MOVES.values() if kind.emoji]
    assert len(shown) == len({*shown})
