"""What a requester reads first, and what the text to send holds: what to do, and only what is known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bot.conversation.answer_tokens import token_of
from bot.conversation.case import Case, Surface
from bot.conversation.derive import Rules, screen_of
from bot.conversation.interview import Answer, Interview
from bot.conversation.now import Now
from bot.conversation.people import Origin
from bot.conversation.screens import Result
from bot.render import to_plain
from bot.render.environment import SHIPPED, Renderer
from bot.render.texts import Texts
from bot.slack.blocks import answer, answer_checks, dm, modal
from policy import Policy
from policy.facts import Fact
from policy.reachable import reachable
from tests.menus import elements_of

TODAY = date(2026, 11, 23)
NOW = Now(datetime.combine(TODAY, time(12), UTC), TODAY, TODAY)
ISSUED: dict[str, Any] = {"program": "opensrs", "requester": "reseller", "issued": True}
PARTNER: dict[str, Any] = {"program": "trustico", "account": "partner", "subject": "certificate"}


def ago(days: int) -> date:
    return TODAY - timedelta(days)


@pytest.fixture(scope="module")
def texts(core: Policy) -> Texts:
    return Texts(Renderer(), core)


def result_of(core: Policy, facts: dict[str, Any], **given: str) -> Result:
    interview = Interview(
        answers=tuple(Answer(Fact(name), token_of(value)) for name, value in facts.items()),
        details_closed=True,
    )
    interview = interview.with_details(given, closed=True)  # type: ignore[arg-type]
    origin = Origin("C1", "https://hooks.slack.com/x", NOW.at + timedelta(minutes=20))
    case = Case(1042, answer_checks.SOMEBODY, Surface.DM, origin=origin, interview=interview)
    result = screen_of(Rules(core, agents=True), case, NOW)
    assert isinstance(result, Result)
    return result


HEADLINES = [
    ({**ISSUED, "issued": False}, "⚪ Cancel it yourself now · refund: the page does not say"),
    ({**ISSUED, "requester": "certificate_holder"}, "⚪ Ask your seller · refund: the page does not say"),
    ({**ISSUED, "provider": "geotrust", "fulfilled_on": ago(29)}, "🟢 Refund: yes, if you ask by Tue 24"),
    ({**ISSUED, "provider": "geotrust", "fulfilled_on": ago(30)}, "🟢 Yes, if you ask today"),
    ({**ISSUED, "provider": "geotrust", "fulfilled_on": ago(31)}, "🟠 Probably one day late: ask today"),
    ({**ISSUED, "provider": "geotrust", "fulfilled_on": ago(32)}, "🔴 Cancel it yourself in the portal · no"),
    (
        {**ISSUED, "provider": "trustwave", "validation": "ov", "fulfilled_on": ago(30)},
        "🟡 Likely, if you ask today",
    ),
    ({**ISSUED, "provider": "trustwave", "validation": "ev"}, "🔴 Cancel it with a ticket · no refund"),
    (
        {**ISSUED, "provider": "sectigo", "fulfilled_on": "unknown"},
        "⚪ Add the date: the refund depends on it",
    ),
    ({**ISSUED, "provider": "unknown"}, "⚪ Add the missing answer: the refund depends on it"),
    ({"program": "other"}, "⚪ Ask where it was ordered · refund: no page to go by"),
    ({**PARTNER, "issued": True}, "🔴 Ask Trustico · no refund once issued"),
    ({**PARTNER, "issued": False}, "⚪ Ask Trustico · refund: the page does not say"),
    ({**PARTNER, "subject": "prepaid_balance"}, "🟠 Ask Trustico · a refund is unlikely"),
]


@pytest.mark.parametrize(("facts", "headline"), HEADLINES, ids=[each for _, each in HEADLINES])
def test_the_headline_leads_with_what_to_do(
    core: Policy, texts: Texts, facts: dict[str, Any], headline: str
) -> None:
    result = result_of(core, facts)
    assert answer.marked(result, texts.headline(result)).startswith(headline)
    assert headline in dm.message_of(texts, result).blocks[0]["text"]["text"]


def test_no_answer_is_broader_than_its_page(core: Policy, texts: Texts) -> None:
    for facts in ({**PARTNER, "issued": True}, {**ISSUED, "provider": "trustwave", "validation": "ev"}):
        assert "at any time" not in said(texts, result_of(core, facts))
    assert "once it has been issued" in said(texts, result_of(core, {**PARTNER, "issued": True}))


def said(texts: Texts, result: Result) -> str:
    words = texts.result(result)
    return "\n".join([words.headline, to_plain(words.verdict), to_plain(words.steps), words.draft or ""])


def test_a_day_late_nothing_says_that_it_is_over(core: Policy, texts: Texts) -> None:
    for provider in ("geotrust", "sectigo"):
        late = said(texts, result_of(core, {**ISSUED, "provider": provider, "fulfilled_on": ago(31)}))
        assert "no refund is due" not in late
        assert "that time is over" not in late
        assert "Send the request now" in late


MEANINGS = [
    (
        {**ISSUED, "provider": "sectigo", "fulfilled_on": "unknown"},
        ["Up to 30 days ago: a refund", "Longer ago: no refund any more"],
    ),
    (
        {**ISSUED, "provider": "trustwave", "validation": "unknown", "fulfilled_on": ago(3)},
        ["DV, OV: a refund, most likely", "EV: no refund"],
    ),
    ({**PARTNER, "issued": "unknown"}, ["Yes: no refund", "No: the page does not say"]),
    (
        {**ISSUED, "provider": "unknown"},
        [
            "Sectigo, GeoTrust, Symantec, Thawte, Trustwave: one more question decides",
            "Another one: the",
        ],
    ),
    (
        {**ISSUED, "requester": "unknown"},
        ["Reseller: one more question decides", "Certificate holder: the page does not say"],
    ),
]


@pytest.mark.parametrize(("facts", "meant"), MEANINGS)
def test_what_is_not_known_leads_to_adding_it(
    core: Policy, texts: Texts, facts: dict[str, Any], meant: list[str]
) -> None:
    result = result_of(core, facts)
    lines = to_plain(texts.result(result).verdict)
    assert [each for each in meant if each not in lines] == []
    [primary] = [e for e in elements_of(dm.message_of(texts, result)) if e.get("style") == "primary"]
    [asked] = result.decision.refund.depends_on[:1]
    assert (primary["action_id"], primary["value"]) == ("change", f"1042.1.{asked}")
    assert primary["text"]["text"] == (
        "Add the date" if asked == "fulfilled_on" else "Add the missing answer"
    )


UNKNOWN = [
    {"program": "unknown"},
    {"program": "other"},
    {**ISSUED, "requester": "unknown"},
    {**ISSUED, "issued": "unknown"},
    {**ISSUED, "provider": "unknown"},
    {**ISSUED, "provider": "other"},
    {**ISSUED, "requester": "certificate_holder"},
    {**PARTNER, "account": "unknown"},
    {**PARTNER, "subject": "unknown"},
    {**PARTNER, "issued": "unknown"},
]


@pytest.mark.parametrize("facts", UNKNOWN, ids=str)
def test_a_draft_holds_what_is_known_and_what_is_added(
    core: Policy, texts: Texts, facts: dict[str, Any]
) -> None:
    bare = result_of(core, facts)
    draft = texts.result(bare).draft or ""
    assert [
        word for word in ("I don't know", "Another one", "not known", "____", "unknown") if word in draft
    ] == []
    assert bare.optional == ("reseller_username", "supplier_order_id", "common_name")
    added = result_of(core, facts, supplier_order_id="4711", common_name="shop.example.com")
    draft = texts.result(added).draft or ""
    assert "shop.example.com" in draft.splitlines()[0]
    assert "4711" in draft
    assert "Reseller username" not in draft


def test_no_page_is_blamed_where_none_was_looked_at(core: Policy, texts: Texts) -> None:
    for facts in UNKNOWN:
        if "unknown" in facts.values() or facts["program"] == "other":
            assert "page names no way" not in said(texts, result_of(core, facts))


def test_every_answer_with_a_window_says_that_a_reissue_does_not_count(core: Policy, texts: Texts) -> None:
    for provider, day in (
        ("sectigo", ago(3)),
        ("geotrust", ago(31)),
        ("thawte", "unknown"),
        ("thawte", ago(90)),
    ):
        result = result_of(core, {**ISSUED, "provider": provider, "fulfilled_on": day})
        assert "reissue" in to_plain(texts.result(result).verdict)
    assert "reissue" in to_plain(texts.asking(Fact("fulfilled_on"), "opensrs").hint)
    assert "reissue" in to_plain(texts.asking(Fact("fulfilled_on")).hint)


def answers(core: Policy) -> Iterator[Result]:
    for facts, today, decision in reachable(core):
        for variant in answer_checks.variants():
            case = answer_checks.case_for(core, facts, decision, variant)
            at = Now(datetime.combine(today, time(), UTC), today, today)
            result = screen_of(Rules(core, variant.agents), case, at)
            if isinstance(result, Result):
                yield result


@pytest.mark.long
def test_an_answer_has_five_controls_at_the_most_and_loses_none(core: Policy, texts: Texts) -> None:
    for result in answers(core):
        elements = [*elements_of(dm.message_of(texts, result))]
        assert len(elements) <= 5
        assert all(len(e["options"]) <= 5 for e in elements if e["type"] == "overflow")
        view = modal.view_of(texts, result)["blocks"]
        assert [e for block in view if block["type"] == "actions" for e in block["elements"]] == elements


def test_nothing_that_programs_share_names_a_place_of_one() -> None:
    """Shared questions once sent everybody to the Reseller Control Panel."""
    shared = [path for path in SHIPPED.rglob("*.md") if "opensrs" not in path.parts]
    assert [each for each in shared if "Reseller Control Panel" in each.read_text("utf-8")] == []
