"""Answers that are edited or deleted after they were given, as the conversation reads in the DM."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.conversation.case import Case
from bot.conversation.events import Reworded
from bot.conversation.interview import Source
from bot.store.coding import CASE
from policy.facts import PROGRAM, Detail, Fact
from tests.conversation.transcript import Dialog

TO_DATE = "you p: opensrs\nyou r: reseller\nyou i: yes\nyou v: sectigo"
TO_DETAILS = TO_DATE + "\nyou d: 2026-11-01"
TO_RESULT = TO_DETAILS + "\nyou u: rosa-shop\nyou o: 1234567890\nyou c: www.example.com"


def with_sources(case: Case, sources: tuple[Source, ...]) -> Case:
    return replace(case, interview=replace(case.interview, sources=sources))


def test_an_edit_before_the_result_changes_the_line_that_asked_and_nothing_else(dm: Dialog) -> None:
    dm.read(TO_DATE).read("""
        edit v: thawte
        desk: (message-5) 5 of 5, fulfilled_on:
        desk: (message-4) answered Provider: Thawte
        desk: changed Provider: Sectigo → Thawte
    """)
    assert dm.case.shown.asked_in == "message-5"
    dm.read("you: 2026-11-01\ndesk: Refund: yes\ndesk: Request access")


def test_an_edit_that_raises_another_question_asks_it_below(dm: Dialog) -> None:
    dm.read(TO_DATE).read("""
        edit v: trustwave
        desk: (message-5) answered nothing
        desk: , validation:
        desk: (message-4) answered Provider: Trustwave
        you: ov
        desk: , fulfilled_on:
    """)


def test_an_edit_can_end_the_interview(dm: Dialog) -> None:
    dm.read(TO_DATE).read("""
        edit r: customer
        desk: (message-5) answered nothing
        desk: the company you bought the certificate from
        desk: (message-2) answered Role: Certificate holder
    """)


def test_an_edit_after_the_result_retires_it_and_says_before_and_after(dm: Dialog) -> None:
    dm.read(TO_RESULT).read("""
        edit d: 2026-10-20
        desk: (message-9) out of date: Refund: yes, if you ask by Tue 1 December 2026
        desk: Cancel it with a ticket · no refund: the last day was Thu 19 November 2026
        desk: The ticket has changed.
        desk: Fulfilled: Sun 1 November 2026 → Tue 20 October 2026
        desk: Fulfilled: Tue 20 October 2026
        desk: (message-5) answered Fulfilled: Tue 20 October 2026
        desk: changed Fulfilled: Sun 1 November 2026 → Tue 20 October 2026
    """)
    dm.read("you: [Open]\ndesk: -")


def test_what_has_changed_stays_on_the_result_when_it_is_redrawn(dm: Dialog) -> None:
    dm.read(TO_RESULT).read("""
        edit d: 2026-11-03
        you: [Hand to an agent]
        desk: (message-10) Refund: yes
        desk: Fulfilled: Sun 1 November 2026 → Tue 3 November 2026
        desk: card C-1042
    """)
    assert "changed Fulfilled" not in dm.said


def test_an_edited_detail_is_another_ticket(dm: Dialog) -> None:
    dm.read(TO_RESULT).read("""
        edit c: www.example.org
        desk: (message-9) out of date: Refund: yes
        desk: Refund: yes
        desk: Common name: www.example.com → www.example.org
        desk: Subject: Cancel Sectigo certificate www.example.org
        desk: (message-8) answered Common name: www.example.org
    """)


def test_an_edit_drops_the_text_that_was_written_by_hand_and_says_so(dm: Dialog) -> None:
    dm.read(TO_RESULT).read("""
        you: [Save: Please cancel it today.]
        edit d: 2026-11-03
        desk: out of date
        desk: Please cancel it today.
        desk: The ticket has changed.
        desk: It is not carried over
        desk: Subject: Cancel Sectigo certificate www.example.com
        you: [Save: Cancel it.]
        desk: Fulfilled: Sun 1 November 2026 → Tue 3 November 2026
    """)
    assert "not carried over" not in dm.said


def test_a_changed_answer_says_so_too_where_a_button_changed_it(dm: Dialog) -> None:
    dm.read(TO_RESULT).read("""
        you: [Change fulfilled_on]
        you: 2026-11-03
        desk: out of date
        desk: Fulfilled: Sun 1 November 2026 → Tue 3 November 2026
    """)


def test_so_does_a_changed_detail(dm: Dialog) -> None:
    dm.read(TO_RESULT).read("""
        you: [Details]
        you: rosa-two
        you: 1234567890
        you: www.example.com
        desk: (message-9) out of date
        desk: Reseller username: rosa-shop → rosa-two
    """)


def test_the_handed_over_card_says_what_has_changed_since(dm: Dialog) -> None:
    dm.read(TO_RESULT).read("""
        you: [Hand to an agent]
        agent ana: [Claim]
        edit d: 2026-11-03
        desk: out of date
        desk: card C-1042
        desk: changed Fulfilled: Sun 1 November 2026 → Tue 3 November 2026
        edit c: www.example.org
        desk: card C-1042
        desk: changed Fulfilled: Sun 1 November 2026 → Tue 3 November 2026
        desk: changed Common name: www.example.com → www.example.org
        edit d: 2026-11-01
        desk: card C-1042 changed Common name: www.example.com → www.example.org
    """)


@pytest.mark.parametrize(
    ("edit", "said", "kept"),
    [
        ("edit d: soonish", "I can't read “soonish” as a date.", "Fulfilled stays Sun 1 November 2026"),
        ("edit d: 03/11/2026", "Which one do you mean?", "Fulfilled stays Sun 1 November 2026"),
        ("edit d: 2026-11-24", "23 November 2026 at the latest", "Fulfilled stays Sun 1 November 2026"),
        ("edit d: [Key]", "private key", "Fulfilled stays Sun 1 November 2026"),
        ("edit i: perhaps", "Choose one of these, or type its name: Yes", "Issued stays Yes"),
        ("edit v: maybe GeoTrust", "I am not sure that", "Provider stays Sectigo"),
        ("edit v: back", "I don't know a provider", "Provider stays Sectigo"),
        ("edit o: 12x", "An order ID is digits only", "Supplier order ID stays 1234567890"),
        ("edit c: [Key]", "private key", "Common name stays www.example.com"),
    ],
)
def test_an_edit_that_cannot_be_read_leaves_the_answer_and_says_what_counts(
    dm: Dialog, edit: str, said: str, kept: str
) -> None:
    before = dm.read(TO_RESULT).case
    dm.read(f"{edit}\ndesk: {said}\ndesk: {kept}")
    assert with_sources(dm.case, before.interview.sources) == before


@pytest.mark.parametrize(
    "edit",
    [
        *(
            "edit v: Sectigo!",
            "edit v: comodo",
            "edit d: 1 Nov 2026",
            "edit o: #1234567890",
            "edit x: trustico",
        ),
        *("delete x:", "late d: 2026-10-20"),
    ],
)
def test_an_edit_that_says_the_same_or_answers_nothing_is_passed_over(dm: Dialog, edit: str) -> None:
    before = dm.read(TO_RESULT).read("edit d: 2026-11-03\nedit d: 2026-11-01").case
    dm.read(f"{edit}\ndesk: -")
    assert with_sources(dm.case, before.interview.sources) == before


def test_the_newest_edit_counts_in_whatever_order_they_come(dm: Dialog) -> None:
    dm.read(TO_RESULT).read("""
        edit d: soonish
        desk: Fulfilled stays Sun 1 November 2026
        late d: 2026-11-03
        desk: -
        edit d: 2026-11-05
        desk: Fulfilled: Sun 1 November 2026 → Thu 5 November 2026
    """)


def test_a_deleted_answer_is_asked_again_and_the_later_ones_kept(dm: Dialog) -> None:
    dm.read(TO_DATE).read("""
        delete r:
        desk: (message-5) answered nothing
        desk: 2 of at most 6, requester:
        desk: (message-2) changed Role: Reseller → taken back
        you: reseller
        desk: 5 of 5, fulfilled_on:
    """)


def test_a_deleted_answer_takes_the_result_with_it_until_it_is_given_again(dm: Dialog) -> None:
    dm.read(TO_RESULT).read("""
        you: [Save: By hand.]
        you: [Hand to an agent]
        delete d:
        desk: (message-9) out of date: Refund: yes
        desk: 5 of 5, fulfilled_on:
        desk: (message-5) changed Fulfilled: Sun 1 November 2026 → taken back
        desk: card C-1042 changed Fulfilled: Sun 1 November 2026 → taken back
        delete d:
        desk: -
        you: 2026-11-03
        desk: Refund: yes, if you ask by Thu 3 December 2026
        desk: Fulfilled: Sun 1 November 2026 → Tue 3 November 2026
        desk: It is not carried over
        desk: card C-1042 changed Fulfilled: Sun 1 November 2026 → Tue 3 November 2026
    """)


def test_while_an_agent_has_the_case_a_deleted_answer_goes_to_the_agent(dm: Dialog) -> None:
    dm.read(TO_RESULT).read("""
        you: [Hand to an agent]
        agent ana: [Claim]
        delete d:
        desk: (message-9) out of date
        desk: (message-5) changed Fulfilled: Sun 1 November 2026 → taken back
        desk: news lacking C-1042 ana
        desk: card C-1042 changed Fulfilled: Sun 1 November 2026 → taken back
        edit c: www.example.org
    """)
    assert "lacking" not in dm.said
    assert dm.case.shown.asked_in is None


def test_a_deleted_answer_given_again_as_it_was_has_changed_nothing(dm: Dialog) -> None:
    dm.read(TO_RESULT).read(
        "delete d:\nyou: 2026-11-01\ndesk: Refund: yes, if you ask by Tue 1 December 2026"
    )
    assert "has changed" not in dm.said


def test_a_deleted_detail_is_asked_again(dm: Dialog) -> None:
    dm.read(TO_RESULT).read("""
        delete o:
        desk: (message-9) out of date
        desk: supplier_order_id:
        you: 42
        desk: Supplier order ID: 1234567890 → 42
        desk: order 42
    """)


def test_a_product_that_was_edited_says_no_more_than_it_says_now(dm: Dialog) -> None:
    dm.read("""
        you: opensrs
        you: reseller
        you: yes
        you v: Trustwave Premium EV SSL
        desk: Cancel it with a ticket · no refund
        edit v: trustwave
        desk: 5 of at most 6, validation:
        desk: (message-4) answered Provider: Trustwave
        edit v: Trustwave Premium SSL
        desk: 6 of 6, fulfilled_on:
        delete v:
        desk: 4 of at most 6, provider:
        you: trustwave
        desk: 5 of at most 6, validation:
    """)


def test_a_product_that_was_edited_does_not_answer_unseen_for_another(dm: Dialog) -> None:
    dm.read("""
        you: opensrs
        you: reseller
        you: yes
        you v: trustwave
        you: ev
        edit v: PositiveSSL
        desk: , fulfilled_on:
        edit v: trustwave
        desk: Cancel it with a ticket · no refund
    """)
    assert dm.case.interview.token(Fact("validation")) == "ev"


@pytest.mark.parametrize(
    ("typed", "edited", "said"),
    [
        ("soonish", "2026-11-01", "Refund: yes, if you ask by Tue 1 December 2026"),
        ("[Key]", "2026-11-01", "Refund: yes, if you ask by Tue 1 December 2026"),
        ("soonish", "03/11/2026", "Which one do you mean?"),
        ("soonish", "[Key]", "private key"),
    ],
)
def test_what_could_not_be_read_is_mended_by_an_edit(dm: Dialog, typed: str, edited: str, said: str) -> None:
    dm.read(TO_DATE).read(f"you d: {typed}\nedit d: {edited}\ndesk: {said}")
    dm.read("delete d:\nyou: 2026-11-01\ndesk: reseller_username:")


def test_what_was_refused_no_longer_speaks_once_another_has_answered(dm: Dialog) -> None:
    dm.read(TO_DATE).read("""
        you d: soonish
        delete d:
        desk: -
        you e: soonish
        you: 2026-11-01
        edit e: 2026-11-03
        desk: -
        you u: two words
        edit u: rosa-shop
        desk: answered Reseller username: rosa-shop
        desk: supplier_order_id:
    """)


@pytest.mark.parametrize("typed", ["soonish", "[Key]"])
def test_what_could_not_be_read_takes_no_older_answer_with_it(dm: Dialog, typed: str) -> None:
    dm.read(TO_DATE).read(f"""
        you: [Back]
        desk: 4 of at most 6, provider:
        you k: {typed}
        delete k:
        desk: -
    """)
    assert dm.case.interview.token(Fact("provider")) == "sectigo"
    dm.read("you: sectigo\ndesk: 5 of 5, fulfilled_on:")


def test_an_answer_that_was_changed_by_a_click_is_no_longer_the_messages(dm: Dialog) -> None:
    dm.read(TO_RESULT).read("""
        you: [Change provider]
        you: [provider=thawte]
        edit v: geotrust
        desk: -
        delete v:
        desk: -
    """)


def test_while_an_answer_is_looked_at_again_its_message_still_speaks(dm: Dialog) -> None:
    dm.read(TO_RESULT).read("""
        you: [Change provider]
        desk: 4 of at most 6, provider:
        edit v: thawte
        desk: out of date
        desk: Request access
    """)


def test_an_edit_of_it_that_cannot_be_read_leaves_what_it_made_certain_besides(dm: Dialog) -> None:
    dm.read("you: opensrs\nyou: reseller\nyou: yes\nyou v: Trustwave Premium EV SSL\nyou: [Skip]")
    dm.read("you: [Change provider]\nedit v: qqqqqqq\ndesk: I don't know a provider")
    assert dm.case.interview.token(Fact("validation")) == "ev"


def test_an_edit_elsewhere_leaves_the_question_that_is_looked_at_again(dm: Dialog) -> None:
    dm.read(TO_RESULT).read("""
        you: [Change requester]
        desk: 2 of at most 6, requester:
        edit d: 2026-11-03
        desk: (message-9) out of date
        desk: (message-10) 2 of at most 6, requester:
        you: reseller
        desk: Fulfilled: Sun 1 November 2026 → Tue 3 November 2026
    """)


def test_an_answer_that_no_longer_counts_is_changed_without_a_word(dm: Dialog) -> None:
    dm.read(TO_DETAILS).read("""
        you: skip
        you: [Save: By hand.]
        you: [Change requester]
        you: customer
        desk: the company you bought the certificate from
        edit v: thawte
        desk: (message-9) Ask your seller · refund: the page does not say
        edit d: soonish
        desk: -
        you: [Change requester]
        you: reseller
        desk: Request access
    """)
    assert dm.case.interview.token(Fact("provider")) == "thawte"


def test_going_on_without_details_can_be_edited_and_deleted(dm: Dialog) -> None:
    dm.read(TO_DETAILS).read("""
        you u: skip
        desk: Reseller username: ________
        edit u: rosa-shop
        desk: supplier_order_id:
        desk: (message-6) answered Reseller username: rosa-shop
        you o: skip
        desk: Reseller username: rosa-shop
        delete o:
        desk: supplier_order_id:
        edit u: skip
        desk: Reseller username: rosa-shop → taken back
        desk: Reseller username: ________
    """)
    assert dm.case.interview.details == ()


def test_a_refused_detail_has_not_gone_on_without_them(dm: Dialog) -> None:
    dm.read(TO_DETAILS).read("you u: two words\nyou: [Skip]\ndelete u:\ndesk: -")


def test_starting_over_forgets_which_message_answered(dm: Dialog) -> None:
    dm.read(TO_RESULT).read("you: [Start over]\nedit p: trustico\ndesk: -\ndelete p:\ndesk: -")
    dm.read(TO_DATE + "\nyou d: soonish\nyou: [Start over]\nedit d: 2026-11-01\ndesk: -")
    assert dm.case.interview.answers == ()


def test_a_case_from_before_there_were_edits_is_read_and_takes_none(dm: Dialog) -> None:
    old = CASE.dump(dm.read("you p: opensrs").case)
    state = json.loads(old)
    del state["interview"]["sources"], state["shown"]["basis"]
    plain = CASE.load(json.dumps(state))
    assert plain == with_sources(dm.case, ())
    assert dm.case.interview.sources != ()
    assert CASE.load(old) == dm.case


def test_each_question_has_one_message_that_speaks_for_it(dm: Dialog) -> None:
    dm.read(TO_RESULT)
    asked = [source.asked for source in dm.case.interview.sources]
    assert asked == [
        *(PROGRAM, Fact("requester"), Fact("issued"), Fact("provider"), Fact("fulfilled_on")),
        *(Detail("reseller_username"), Detail("supplier_order_id"), Detail("common_name")),
    ]


def test_the_same_edit_twice_is_one(dm: Dialog) -> None:
    dm.read(TO_RESULT)
    edit = Reworded("d", "2026-11-03", "1")
    once: Case = dm.apply(edit).case
    assert dm.apply(edit).case == once
    assert dm.said == ""
