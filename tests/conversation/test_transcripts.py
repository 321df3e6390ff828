"""Conversations, as they read in the DM."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.conversation.case import Surface
from bot.conversation.derive import Rules
from bot.conversation.interview import Answer, Remembered
from bot.conversation.people import Origin
from bot.render.texts import Texts
from policy.facts import PROGRAM, Fact
from tests.conversation.transcript import Dialog, moment

SECTIGO = """
    desk: 1 of at most 6, program:
    you: OpenSRS
    desk: answered Program: OpenSRS
    desk: 2 of at most 6, requester:
    you: reseller
    desk: 3 of at most 6, issued:
    you: yes
    desk: 4 of at most 6, provider:
    you: comodo
    desk: answered Provider: Sectigo
    desk: 5 of 5, fulfilled_on:
    you: 2026-11-01
"""
DETAILS = """
    desk: Refund: yes, if you ask by Tue 1 December 2026
    desk: reseller_username:
    you: rosa-shop
    desk: answered Reseller username: rosa-shop
    desk: supplier_order_id:
    you: #1234567890
    desk: common_name:
    you: WWW.Example.com
    desk: answered Common name: www.example.com
"""
TO_DETAILS = "you: opensrs\nyou: reseller\nyou: yes\nyou: sectigo\nyou: 2026-11-01"
TO_RESULT = TO_DETAILS + "\nyou: rosa-shop\nyou: 1234567890\nyou: www.example.com"


def test_sectigo_is_eligible_and_ends_in_a_ready_ticket(dm: Dialog) -> None:
    dm.read(SECTIGO + DETAILS).read("""
        desk: Refund: yes, if you ask by Tue 1 December 2026
        desk: 8 days left
        desk: From Wed 2 December 2026 on the answer is: no refund any more.
        desk: OpenSRS support
        desk: Subject: Cancel Sectigo certificate www.example.com, order 1234567890
        desk: Reseller username: rosa-shop
        desk: Common name: www.example.com
        desk: Fulfilled: Sun 1 November 2026
        desk: Our reference: C-1042
        desk: Revoke or refund an SSL certificate
        desk: (Hand to an agent)
    """)
    assert "______" not in dm.said


def test_a_product_name_that_says_ev_settles_the_refund_without_a_date(dm: Dialog) -> None:
    dm.read("""
        you: opensrs
        you: a reseller
        you: it is
        you: Trustwave Premium EV SSL
        desk: answered Provider: Trustwave
        desk: Validation: EV
        desk: Cancel it with a ticket · no refund
        desk: reseller_username:
        you: skip
        desk: Cancel it with a ticket · no refund
        desk: details
        desk: Subject: Cancel Trustwave certificate
        desk: We know that no refund is due.
    """)


def test_trustwave_is_asked_for_the_level_that_its_product_tells(dm: Dialog) -> None:
    dm.read("""
        you: opensrs
        you: reseller
        you: yes
        you: trustwave
        desk: , validation:
        you: QuickSSL
        desk: I can't take “QuickSSL” as an answer here
        you: Premium SSL
        desk: answered Validation: OV
        desk: , fulfilled_on:
        you: yesterday
        desk: Refund: likely, if you ask by Tue 22 December 2026
    """)


def test_geotrust_goes_to_the_portal_and_is_asked_for_no_details(dm: Dialog) -> None:
    dm.read("""
        you: opensrs
        you: reseller
        you: yes
        you: QuickSSL Premium
        desk: answered Provider: GeoTrust
        you: 3 Nov 2026
        desk: Refund: yes, if you ask by Thu 3 December 2026
        desk: Request access
        desk: (no draft)
    """)


def test_what_is_not_issued_is_canceled_in_the_control_panel(dm: Dialog) -> None:
    dm.read("""
        you: opensrs
        you: reseller
        you: not yet
        desk: Cancel it yourself now · refund: the page does not say
        desk: awaiting approval
        desk: (no draft)
    """)


def test_a_certificate_holder_is_sent_to_the_seller_and_not_to_the_agents(dm: Dialog) -> None:
    dm.read("""
        you: opensrs
        you: customer
        desk: the company you bought the certificate from
        you: [Hand to an agent]
        desk: nothing the agents can do here: the request goes to the company that sold the certificate
    """)
    assert "(Hand to an agent)" not in dm.said
    assert dm.case.handoff is None


@pytest.mark.parametrize(
    ("answers", "headline", "draft"),
    [
        ("retail", "Ask Trustico · refund: the page does not say", "ask whether it can be refunded"),
        (
            "partner / prepaid",
            "Ask Trustico · a refund is unlikely",
            "knowing that it is generally not given",
        ),
        ("partner / cert / yes", "Ask Trustico · no refund once issued", "we know that no refund is due"),
        (
            "partner / cert / no",
            "Ask Trustico · refund: the page does not say",
            "ask whether it can be refunded",
        ),
    ],
)
def test_trustico_ends_with_a_message_to_a_person(
    dm: Dialog, answers: str, headline: str, draft: str
) -> None:
    said = "\n".join(f"you: {answer}" for answer in answers.split(" / "))
    dm.read(f"""
        you: trustico
        desk: , account:
        {said}
        desk: {headline}
        desk: Subject: Trustico: canceling and a possible refund
        desk: {draft}
        desk: Partner Refunds
        desk: (Hand to an agent)
    """)


@pytest.mark.parametrize(
    ("answers", "depends_on"),
    [
        ("don't know", "program"),
        ("opensrs / not sure", "requester"),
        ("opensrs / reseller / ?", "issued"),
        ("opensrs / reseller / yes / idk", "provider"),
        ("trustico / I don't know", "account"),
        ("trustico / partner / no idea", "subject"),
        ("opensrs / reseller / yes / sectigo / I don't know", "fulfilled_on"),
        ("opensrs / reseller / yes / trustwave / unsure / 2026-11-01", "validation"),
    ],
)
def test_not_knowing_is_an_answer_that_names_what_it_depends_on(
    dm: Dialog, answers: str, depends_on: str
) -> None:
    dm.read("\n".join(f"you: {answer}" for answer in answers.split(" / ")))
    if dm.case.shown.asked_in is not None:
        dm.read("you: skip")
    dm.read(f"desk: the refund depends on it\ndesk: (depends on {depends_on})")


def test_an_unknown_date_leaves_trustwave_ev_refused(dm: Dialog) -> None:
    dm.read(
        "you: opensrs\nyou: reseller\nyou: yes\nyou: trustwave\nyou: ev\n"
        "desk: Cancel it with a ticket · no refund"
    )


def test_back_asks_again_with_the_old_answer_offered_and_keeps_what_came_after(dm: Dialog) -> None:
    dm.read("""
        you: opensrs
        you: reseller
        you: yes
        you: [Back]
        desk: answered nothing
        desk: 3 of at most 6, issued:
        desk: (chosen: Yes)
        you: [Back]
        desk: 2 of at most 6, requester:
        desk: (chosen: Reseller)
        you: reseller
        desk: 4 of at most 6, provider:
    """)


def test_back_from_the_first_question_asks_it_again_rather_than_falling_silent(dm: Dialog) -> None:
    dm.read("you: [Back]\ndesk: 1 of at most 6, program:")
    assert dm.case.revision == 1


def test_an_earlier_answer_is_changed_and_the_rest_replayed(dm: Dialog) -> None:
    dm.read(TO_RESULT).read("""
        you: [Change provider]
        desk: 4 of at most 6, provider:
        desk: (chosen: Sectigo)
        you: thawte
        desk: out of date: Refund: yes
        desk: Refund: yes, if you ask by Tue 1 December 2026
        desk: Request access
        you: [Change provider]
        you: sectigo
        desk: out of date: Refund: yes
        desk: Subject: Cancel Sectigo certificate www.example.com, order 1234567890
    """)


def test_an_answer_kept_as_it_was_brings_the_same_result_below(dm: Dialog) -> None:
    dm.read(TO_RESULT).read("""
        you: [Change issued]
        you: yes
        desk: answered Issued: Yes
        desk: answered nothing
        desk: Refund: yes, if you ask by Tue 1 December 2026
    """)


def test_what_a_product_says_of_its_level_does_not_answer_for_another_provider(dm: Dialog) -> None:
    dm.read("""
        you: opensrs
        you: reseller
        you: yes
        you: PositiveSSL
        you: [Change provider]
        you: trustwave
        desk: , validation:
    """)


def test_another_program_asks_its_own_questions_and_the_way_back_remembers(dm: Dialog) -> None:
    dm.read(TO_RESULT).read("""
        you: [Change program]
        you: trustico
        desk: , account:
        you: [Change program]
        you: opensrs
        desk: Refund: yes, if you ask by Tue 1 December 2026
    """)


def test_start_over_asks_everything_again_and_offers_what_was_answered(dm: Dialog) -> None:
    dm.read(TO_RESULT).read("""
        you: [Start over]
        desk: 1 of at most 6, program:
        you: opensrs
        desk: 2 of at most 6, requester:
    """)
    assert dm.case.interview.details == ()


def test_why_names_the_rule_and_its_page(dm: Dialog) -> None:
    dm.read("""
        you: opensrs
        you: reseller
        you: [Why]
        desk: Why this is asked:
        desk: Revoke or refund an SSL certificate
        you: yes
        desk: , provider:
    """)


def test_why_at_the_details_asks_for_them_again(dm: Dialog) -> None:
    dm.read(TO_DETAILS).read("you: [Why]\ndesk: reseller_username:")


def test_left_on_day_29_and_opened_on_day_31(dm: Dialog) -> None:
    dm.now = moment(date(2026, 11, 30))
    dm.read(TO_RESULT).read("""
        desk: Refund: yes, if you ask by Tue 1 December 2026
        desk: 1 day left
        you: [Save: Please refund, we are within the window.]
        desk: Please refund, we are within the window.
        day: 2026-12-02
        you: [Open]
        desk: (message-9) out of date: Refund: yes, if you ask by Tue 1 December 2026
        desk: Please refund, we are within the window.
        desk: Probably one day late: ask today
        desk: edge of the window
        desk: Subject: Cancel Sectigo certificate www.example.com
        desk: refund it if the request still counts
    """)
    assert "within the window" not in dm.said
    dm.read("you: [Open]\ndesk: -")


def test_day_29_to_day_30_is_the_same_answer_at_the_edge(dm: Dialog) -> None:
    dm.now = moment(date(2026, 11, 30))
    dm.read(TO_RESULT).read("""
        day: 2026-12-01
        you: [Open]
        desk: (message-9) Yes, if you ask today
        desk: Today is the last day
        desk: edge of the window
    """)


def test_left_in_the_middle_and_resumed_where_it_was(dm: Dialog) -> None:
    dm.read("""
        you: opensrs
        you: reseller
        day: 2026-11-30
        you: [Open]
        desk: answered nothing
        desk: 3 of at most 6, issued:
        you: yes
        you: sectigo
        you: 2026-10-31
        desk: Yes, if you ask today
        desk: reseller_username:
        day: 2026-12-01
        you: rosa-shop
        desk: Probably one day late: ask today
        desk: supplier_order_id:
    """)


def test_another_order_like_this_starts_from_what_is_remembered(dm: Dialog) -> None:
    dm.read(TO_RESULT)
    dm.begin(alike=True).read("""
        desk: 3 of at most 6, issued:
        you: yes
        you: sectigo
        you: 3 days ago
        desk: reseller_username:
        desk: (typed: rosa-shop)
        you: skip
        desk: Subject: Cancel Sectigo certificate
        desk: Reseller username: rosa-shop
        desk: Our reference: C-1043
    """)


def test_a_new_case_offers_what_is_remembered_as_already_chosen(dm: Dialog) -> None:
    dm.read(TO_RESULT)
    dm.begin().read("""
        desk: 1 of at most 6, program:
        desk: (chosen: OpenSRS)
        you: opensrs
        desk: 2 of at most 6, requester:
        desk: (chosen: Reseller)
    """)


def test_not_having_known_is_not_remembered(dm: Dialog) -> None:
    dm.read("you: I don't know")
    dm.begin(alike=True).read("desk: 1 of at most 6, program:")
    assert "(chosen" not in dm.said


def test_a_remembered_program_that_is_gone_is_neither_offered_nor_answered(
    rules: Rules, texts: Texts
) -> None:
    known = Remembered((Answer(PROGRAM, "acme"), Answer(Fact("requester"), "reseller")))
    dialog = Dialog(rules, texts).begin(alike=True, remembered=known)
    dialog.read("desk: 1 of at most 6, program:")
    assert "(chosen" not in dialog.said
    assert dialog.case.interview.answers == ()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("03/11/2026", "“03/11/2026” can be 3 November 2026 or 11 March 2026. Which one do you mean?"),
        ("about 4 weeks ago", "can be 23 October 2026 or 29 October 2026, or in between. On which day"),
        ("tomorrow", "I can't read “tomorrow” as a date."),
        ("2026-11-24", "The order was fulfilled on 23 November 2026 at the latest."),
        ("31 Feb 2026", "I can't read “31 Feb 2026” as a date."),
        ("sectigo", "I can't read “sectigo” as a date."),
        ("x" * 10_000, "I can't read “" + "x" * 80 + "” as a date."),
        ("\ud800\x00\u202e", "I can't read that as a date."),
        ("   ", "Please choose or type an answer."),
        ("[Key]", "private key"),
    ],
)
def test_a_date_in_doubt_is_asked_back_and_the_case_kept(dm: Dialog, typed: str, said: str) -> None:
    before = dm.read("you: opensrs\nyou: reseller\nyou: yes\nyou: sectigo").case
    dm.happens_typed(typed)
    dm.read(f"desk: {said}")
    assert dm.case == before
    dm.read("you: 3 days ago\ndesk: Refund: yes, if you ask by Sun 20 December 2026")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("I think it was Thawte", "I am not sure that “I think it was Thawte” means Thawte."),
        ("qqqqqqq", "I don't know a provider or product named “qqqqqqq”."),
        ("😀", "“😀”"),
        ("0", "“0”"),
        ("-1", "“-1”"),
        ("²", "“²”"),
        ("99999999999999", "“99999999999999”"),
    ],
)
def test_a_name_not_known_is_suggested_or_refused(dm: Dialog, typed: str, said: str) -> None:
    before = dm.read("you: opensrs\nyou: reseller\nyou: yes").case
    dm.read(f"you: {typed}\ndesk: {said}")
    assert dm.case == before


def test_a_wrong_detail_is_refused_and_the_others_kept(modal: Dialog) -> None:
    modal.read(TO_DETAILS).read("""
        you: [reseller_username=rosa-shop; supplier_order_id=12x; common_name=https://example.com]
        desk: An order ID is digits only
        desk: A common name is a host name
        you: [reseller_username=rosa-shop; supplier_order_id=12; common_name=*.example.com]
        desk: Cancel Sectigo certificate *.example.com, order 12
    """)


def test_details_are_changed_from_the_result(dm: Dialog) -> None:
    dm.read(TO_RESULT).read("""
        you: [Save: by hand]
        desk: by hand
        you: [Details]
        desk: reseller_username:
        desk: (typed: rosa-shop)
        you: rosa-two
        you: 1234567890
        you: www.example.com
        desk: Reseller username: rosa-two
    """)
    assert dm.case.interview.ticket is None


def test_i_do_not_know_a_detail_is_no_reseller_username(dm: Dialog) -> None:
    dm.read(TO_DETAILS).read("you: idk\ndesk: Reseller username: ________")
    assert dm.case.interview.details == ()


def test_an_edited_ticket_is_kept_until_the_answers_change(modal: Dialog) -> None:
    modal.read(TO_DETAILS).read("""
        you: [Skip]
        you: [Edit]
        desk: editing: Subject: Cancel Sectigo certificate
        you: [Save:   ]
        desk: The text is empty.
        desk: editing:
        you: [Save: Cancel it, please.]
        desk: Cancel it, please.
        you: [Change fulfilled_on]
        you: 2026-11-02
        desk: Subject: Cancel Sectigo certificate
    """)
    modal.happens_saved("x" * 2501)
    modal.read("desk: 2,500 characters at most.")
    modal.happens_saved("x" * 2500)
    assert modal.case.interview.ticket == "x" * 2500
    modal.happens_saved("a\r\nb\x00\ud800")
    assert modal.case.interview.ticket == "a\nb"


def test_where_there_is_no_text_none_is_edited(modal: Dialog) -> None:
    modal.read("you: opensrs\nyou: [Save: now]\nyou: reseller\nyou: no")
    modal.read("you: [Edit]\ndesk: awaiting approval\nyou: [Save: now]\ndesk: awaiting approval")
    assert "editing" not in modal.said
    assert modal.case.interview.ticket is None


def test_two_agents_claim_and_one_has_it(dm: Dialog) -> None:
    dm.read(TO_RESULT).read("""
        you: [Hand to an agent]
        desk: (message-9) Refund: yes
        desk: (with the agents)
        desk: card C-1042
        agent ana: [Claim]
        desk: (message-9)
        desk: news claimed C-1042 ana
        desk: card C-1042
        agent ben: [Claim]
        desk: to ben: taken by ana
    """)
    assert dm.case.handoff is not None
    assert dm.case.handoff.claimed_by is not None
    assert dm.case.handoff.claimed_by.user == "ana"


def test_a_case_handed_over_in_the_middle_goes_on_and_its_card_keeps_up(dm: Dialog) -> None:
    dm.read("""
        you: opensrs
        you: [Hand to an agent]
        desk: (message-2) 2 of at most 6
        desk: news handed_over C-1042
        desk: card C-1042
        you: [Hand to an agent]
        desk: news handed_over C-1042
        you: reseller
        desk: 3 of at most 6
        desk: card C-1042
        agent ana: [Claim]
        you: [Hand to an agent]
        desk: news claimed C-1042 ana
    """)


def test_while_an_agent_has_a_case_the_bot_does_not_answer_in_it(dm: Dialog) -> None:
    dm.read("""
        you: opensrs
        you: [Hand to an agent]
        desk: card C-1042
        agent ana: [Claim]
        desk: (message-2)
        desk: news claimed C-1042 ana
        you: [requester=reseller]
        desk: An agent has this case
        you: [Back]
        desk: An agent has this case
        agent ana: [Give back]
        desk: 2 of at most 6
        desk: news given_back C-1042 ana
        you: reseller
        desk: 3 of at most 6
    """)


def test_handing_over_at_the_details_is_told_too(dm: Dialog) -> None:
    dm.read(TO_DETAILS).read("you: [Hand to an agent]\ndesk: news handed_over C-1042\ndesk: card C-1042")


def test_a_claim_of_what_was_not_handed_over_does_nothing(dm: Dialog) -> None:
    dm.read(TO_RESULT).read("agent ana: [Claim]\ndesk: -")


def test_without_agents_the_result_says_how_to_reach_a_person(alone: Rules, texts: Texts) -> None:
    dialog = Dialog(alone, texts).begin()
    dialog.read("""
        you: [Hand to an agent]
        desk: This desk has no agents' channel
        you: trustico
        you: retail
        desk: message to Trustico
        you: [Hand to an agent]
        desk: The drafted message reaches a person
    """)
    assert "(Hand to an agent)" not in dialog.said
    assert dialog.case.handoff is None


def test_a_result_is_shared_once_while_slack_lets_us(rules: Rules, texts: Texts) -> None:
    now = moment()
    origin = Origin("C-HELP", "https://hooks.example/1", now.at + timedelta(minutes=30))
    dialog = Dialog(rules, texts, surface=Surface.MODAL).begin(origin=origin)
    dialog.read("you: [Share]\ndesk: Slack lets me answer").read(TO_DETAILS).read("""
        you: [Skip]
        you: [Share]
        desk: shared in C-HELP: Refund: yes
        you: [Share]
        desk: Slack lets me answer in the channel for 30 minutes only
    """)


@pytest.mark.parametrize(("minutes", "said"), [(29, "shared in C-HELP"), (30, "for 30 minutes only")])
def test_both_sides_of_the_half_hour(rules: Rules, texts: Texts, minutes: int, said: str) -> None:
    now = moment()
    lapses_at = now.at + timedelta(minutes=30 - minutes)
    origin = Origin("C-HELP", "https://hooks.example/1", lapses_at)
    dialog = Dialog(rules, texts, surface=Surface.MODAL).begin(origin=origin)
    dialog.read(f"you: other\nyou: [Share]\ndesk: {said}")


@pytest.mark.parametrize(
    "click",
    [
        *("[fulfilled_on=2026-11-01]", "[program=trustico]", "[program=unknown]", "[Change provider]"),
        *("[Skip]", "[Details]", "[Edit]", "[Save: x]", "[common_name=a.example]"),
        f"[issued={'x' * 3000}]",
    ],
)
def test_a_click_that_belongs_elsewhere_changes_nothing(dm: Dialog, click: str) -> None:
    before = dm.read("you: opensrs\nyou: reseller").case
    dm.read(f"you: {click}")
    assert (dm.case.interview.answers, dm.case.revision) == (before.interview.answers, before.revision)
    dm.read("you: [Open]\ndesk: , issued:")
