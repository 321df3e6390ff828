"""The parts of a case, by what their helpers keep and drop."""

from __future__ import annotations

from bot.conversation.case import RELAYED_KEPT, Relay, Shown
from bot.conversation.interview import Answer, Basis, Interview
from policy.facts import PROGRAM, Detail, Fact

ISSUED, PROVIDER = Fact("issued"), Fact("provider")
USERNAME, NAME = Detail("reseller_username"), Detail("common_name")
ANSWERED = Interview((Answer(PROGRAM, "opensrs"), Answer(ISSUED, "true"), Answer(PROVIDER, "sectigo")))


def test_the_oldest_message_gives_way_and_takes_its_edit_with_it() -> None:
    relay = Relay()
    for number in range(RELAYED_KEPT):
        relay = relay.with_message(f"message:{number}").with_edit(f"message:{number}", f"{number}.0")
    after = relay.with_message("message:last")
    assert len(after.messages) == RELAYED_KEPT
    assert "message:0" not in after.messages
    assert after.edited_at("message:0") == after.edited_at("message:last") == ""
    assert after.edited_at("message:1") == "1.0"
    assert after.with_edit("message:1", "9.0").edited_at("message:1") == "9.0"


def test_an_answer_keeps_its_place_and_a_new_one_comes_last() -> None:
    changed = ANSWERED.with_answers({ISSUED: "false", Fact("validation"): "dv"})
    assert [(answer.fact, answer.token) for answer in changed.answers] == [
        (PROGRAM, "opensrs"),
        (ISSUED, "false"),
        (PROVIDER, "sectigo"),
        (Fact("validation"), "dv"),
    ]
    assert changed.without({PROVIDER}).given(PROVIDER) is None


def test_the_order_of_answers_says_nothing_but_where_they_lead_may_differ() -> None:
    reordered = Interview(ANSWERED.answers[::-1])
    assert ANSWERED.says_the_same(reordered)
    assert not ANSWERED.says_the_same(ANSWERED.with_details({NAME: "a.example"}, closed=False))
    assert ANSWERED.answers_like(ANSWERED.with_details({NAME: "a.example"}, closed=True))
    assert not ANSWERED.answers_like(ANSWERED.without({ISSUED}))


def test_details_that_are_given_again_are_offered_and_what_is_offered_can_be_passed_by() -> None:
    given = Interview(offered=((USERNAME, "acme"),)).with_details({NAME: "a.example"}, closed=True)
    again = given.with_details_reopened()
    assert (again.details, again.details_closed) == ((), False)
    assert dict(again.offered) == {USERNAME: "acme", NAME: "a.example"}
    assert again.with_details_skipped().details == again.offered


def test_each_message_has_a_slot_of_its_own() -> None:
    asked = Shown().with_question_posted().without_question().with_question_posted()
    assert (asked.posted, asked.asked_in, asked.next_slot) == (2, "message-2", "message-3")
    basis = Basis((), ())
    assert asked.with_result_retired(basis).basis is basis
