"""Values and their JSON: what was just dumped is not parsed again, and few are remembered."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest
from pydantic import ValidationError

from bot.conversation.case import Case, Surface
from bot.conversation.effects import News, Tell
from bot.conversation.people import Person
from bot.store.coding import EFFECT, Coding

CASE: Final = Case(1001, Person("T1", "T1", "U1"), Surface.DM)
KEPT: Final = 3


@pytest.fixture
def coding() -> Coding[Case]:
    return Coding(Case, KEPT)


def test_what_is_loaded_is_what_was_dumped(coding: Coding[Case]) -> None:
    text = coding.dump(CASE)
    assert coding.load(text) is CASE
    assert Coding[Case](Case).load(text) == CASE
    tell = Tell(CASE.person, News.LOST_VIEW, 1001)
    assert EFFECT.load(EFFECT.dump(tell)) == tell


def test_a_text_that_was_read_is_not_read_again(coding: Coding[Case]) -> None:
    text = Coding[Case](Case).dump(CASE)
    assert coding.load(text) is coding.load(text)


def test_only_the_latest_are_remembered(coding: Coding[Case]) -> None:
    texts = [coding.dump(replace(CASE, number=number)) for number in range(1001, 1001 + KEPT + 1)]
    assert texts[0] not in coding
    assert all(text in coding for text in texts[1:])


def test_none_is_remembered_where_none_is_to_be_or_all_are_forgotten(coding: Coding[Case]) -> None:
    nothing = Coding[Case](Case)
    assert nothing.dump(CASE) not in nothing
    text = coding.dump(CASE)
    coding.forget()
    assert text not in coding
    assert coding.load(text) == CASE


def test_what_cannot_be_read_cannot_be_read_twice(coding: Coding[Case]) -> None:
    for _ in range(2):
        with pytest.raises(ValidationError):
            coding.load('{"number": "many"}')
