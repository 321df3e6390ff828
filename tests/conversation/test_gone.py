"""A case that is older than the policy files: what was answered is shown, and it goes to a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import policy
from bot.conversation.case import Case, Surface
from bot.conversation.derive import Rules, card_of, screen_of
from bot.conversation.events import AskedForPerson, Event, Opened, Revisited, Said, StartedOver, WentBack
from bot.conversation.handoff import Handoff
from bot.conversation.interview import Answer, Interview
from bot.conversation.people import Person
from bot.conversation.screens import Details, Question, Result
from bot.conversation.step import begin, step
from bot.render.environment import Renderer
from bot.render.texts import Texts
from policy.facts import PROGRAM, Fact
from tests.conversation.transcript import moment
from tests.policy.test_programs import ACME

NOW = moment(date(2026, 11, 23))
ROSA = Person("T1", "T1", "U1")
OLD = (
    Answer(PROGRAM, "acme"),
    Answer(Fact("issued"), "true"),
    Answer(Fact("purchased_on"), "2026-11-01"),
    Answer(Fact("activated_on"), "unknown"),
    Answer(Fact("term"), "one_year"),
)
CASE = Case(1042, ROSA, Surface.DM, interview=Interview(OLD))


def rules(tmp_path: Path, text: str | None) -> Rules:
    if text is not None:
        (tmp_path / "acme.toml").write_text(text, "utf-8")
    return Rules(policy.load([tmp_path]), agents=True)


CHANGED = {
    "the program is gone": None,
    "a choice is gone": ACME.replace(
        '["one_year", "several_years"]', '["three_years", "several_years"]'
    ).replace('one_year = ["annual", "1 year"]', "three_years = []"),
    "a fact is gone": ACME.replace('fact = "term"', 'fact = "length"').replace(
        'term = "several_years"', 'length = "several_years"'
    ),
}


@pytest.mark.parametrize("text", CHANGED.values(), ids=CHANGED)
def test_what_was_answered_is_shown_and_a_person_takes_over(tmp_path: Path, text: str | None) -> None:
    desk = rules(tmp_path, text)
    result = screen_of(desk, CASE, NOW)
    assert isinstance(result, Result)
    assert result.answers == OLD
    assert (result.decision.cancellation.route, result.decision.policy) == ("person", None)
    assert result.agents
    words = Texts(Renderer(), desk.policy)
    lines = {line.name: line.value for line in words.lines(result.answers)}
    assert lines["Issued"] == "Yes"
    assert lines["Term"] == "one_year"
    assert "1 November 2026" in lines["Purchased on"]
    assert "one_year" in (words.result(result).draft or "")


@pytest.mark.parametrize("text", CHANGED.values(), ids=CHANGED)
@pytest.mark.parametrize(
    "event",
    [
        Opened(),
        AskedForPerson(),
        WentBack(),
        StartedOver(),
        Revisited(PROGRAM),
        Revisited(Fact("term")),
        Said("hello"),
    ],
    ids=lambda event: event.kind,
)
def test_it_goes_on_from_there(tmp_path: Path, text: str | None, event: Event) -> None:
    desk = rules(tmp_path, text)
    after = step(desk, CASE, event, NOW)
    if isinstance(event, WentBack | StartedOver | Revisited):
        assert isinstance(after.screen, Question)
        assert all(desk.policy.declares(answer.fact) for answer in after.case.interview.answers)
        return
    assert isinstance(after.screen, Result)
    handed = replace(after.case, handoff=Handoff(NOW.at))
    assert card_of(desk, handed, NOW).answers == OLD


def test_while_the_file_is_there_nothing_of_it_is_gone(tmp_path: Path) -> None:
    desk = rules(tmp_path, ACME)
    result = screen_of(desk, CASE, NOW)
    assert isinstance(result, Result)
    assert result.decision.policy is not None
    assert result.contacts.support == "Acme support"


@pytest.mark.long
def test_several_days_are_asked_in_turn_and_read_as_ever(tmp_path: Path) -> None:
    at = begin(rules(tmp_path, ACME), 1042, ROSA, Surface.DM, NOW)
    for said in ("Acme Certificates", "yes", "1 Nov 2026", "3 days ago"):
        at = step(rules(tmp_path, None), at.case, Said(said), NOW)
    assert isinstance(at.screen, Details)
    assert at.screen.wanted == ("common_name", "order_number")
    refund = at.screen.result.decision.refund
    assert refund.window is not None
    assert refund.window.fact == "activated_on"
    assert refund.last_day == date(2026, 11, 30)
