"""A verdict is the person's the moment it is reached, and a day that is long ago is asked back."""

from __future__ import annotations

import pytest

from bot.conversation.effects import Post, Update
from bot.conversation.events import Opened, Provided, RevisitedDetails, Skipped
from bot.conversation.screens import Details, Question, Result
from policy.facts import Detail, Fact
from tests.conversation.transcript import Dialog

TO_DETAILS = "you: opensrs\nyou: reseller\nyou: yes\nyou: sectigo\nyou: 2026-11-01"
TO_DAY = "you: opensrs\nyou: reseller\nyou: yes\nyou: sectigo"
GIVEN = {"reseller_username": "rosa", "supplier_order_id": "4711", "common_name": "shop.example.com"}


def posted(dialog: Dialog) -> list[Result]:
    assert dialog.at is not None
    return [e.screen for e in dialog.at.effects if isinstance(e, Post) and isinstance(e.screen, Result)]


def redrawn(dialog: Dialog) -> list[Result]:
    assert dialog.at is not None
    return [e.screen for e in dialog.at.effects if isinstance(e, Update) and isinstance(e.screen, Result)]


def test_the_verdict_stands_in_the_dm_before_any_detail_is_given(modal: Dialog) -> None:
    modal.read(TO_DETAILS)
    assert modal.at is not None
    assert isinstance(modal.at.screen, Details)
    [result] = posted(modal)
    assert (result.decision.refund.verdict, len(result.missing)) == ("eligible", 3)
    modal.apply(Opened())
    assert isinstance(modal.at.screen, Details)
    assert posted(modal) == []


@pytest.mark.parametrize("ends", [Skipped(), Provided(tuple((Detail(k), v) for k, v in GIVEN.items()))])
def test_what_ends_the_details_redraws_that_message_and_posts_no_other(modal: Dialog, ends: object) -> None:
    modal.read(TO_DETAILS).apply(ends)  # type: ignore[arg-type]
    assert posted(modal) == []
    [result] = redrawn(modal)
    assert len(result.missing) == (3 if isinstance(ends, Skipped) else 0)


def test_giving_the_details_again_leaves_the_ticket_that_stands(modal: Dialog) -> None:
    modal.read(TO_DETAILS).apply(Provided(tuple((Detail(k), v) for k, v in GIVEN.items())))
    modal.apply(RevisitedDetails())
    assert (posted(modal), redrawn(modal)) == ([], [])


def test_a_draft_that_needs_no_details_takes_those_that_are_added(modal: Dialog) -> None:
    modal.read("you: trustico\nyou: retail").apply(RevisitedDetails())
    assert modal.at is not None
    assert isinstance(modal.at.screen, Details)
    given = {"supplier_order_id": "4711", "common_name": "", "reseller_username": ""}
    modal.apply(Provided(tuple((Detail(k), v) for k, v in given.items())))
    assert isinstance(modal.at.screen, Result)
    assert modal.at.screen.details == ((Detail("supplier_order_id"), "4711"),)
    modal.apply(RevisitedDetails())
    modal.apply(Provided(tuple((Detail(k), "") for k in given)))
    assert isinstance(modal.at.screen, Result)


LONG_AGO = ["1999-01-01", "1 Jan 2003", "2024-11-21"]


@pytest.mark.parametrize("typed", LONG_AGO)
def test_a_day_more_than_two_years_ago_is_asked_back_and_taken_when_it_is_given_again(
    dm: Dialog, typed: str
) -> None:
    dm.read(f"{TO_DAY}\nyou: {typed}\ndesk: more than two years ago")
    assert dm.at is not None
    assert isinstance(dm.at.screen, Question)
    revision = dm.case.revision
    dm.read(f"you: {typed}")
    assert dm.case.interview.token(Fact("fulfilled_on")) is not None
    assert dm.case.revision == revision + 1  # a button drawn before it was asked back counts still


def test_another_day_than_the_one_in_doubt_is_asked_back_too(dm: Dialog) -> None:
    dm.read(f"{TO_DAY}\nyou: 1999-01-01\nyou: 1998-01-01\ndesk: more than two years ago\nyou: 2026-11-01")
    assert dm.case.interview.token(Fact("fulfilled_on")) == "2026-11-01"
    assert dm.case.interview.doubted is None


def test_two_years_ago_to_the_day_is_taken(dm: Dialog) -> None:
    dm.read(f"{TO_DAY}\nyou: 2024-11-23")
    assert dm.case.interview.token(Fact("fulfilled_on")) == "2024-11-23"
