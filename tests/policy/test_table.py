"""The decision table, cell by cell, each provider and both sides of day 30."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from policy import Policy
from policy.decision import Ask, Decision
from policy.facts import PROGRAM, UNKNOWN, Fact
from tests.policy.words import TODAY, facts

NOTHING = ()
PORTAL = (("supplier_order_id", "common_name"), ("tech_email",))
TICKET = (("reseller_username",), ("supplier_order_id",), ("common_name",))

# What the page wants to be told, by route.
NEEDS = {
    "person": NOTHING,
    "seller": NOTHING,
    "control_panel": NOTHING,
    "self_service_portal": PORTAL,
    "support_ticket": TICKET,
}

CELLS = [
    # the case                                        route                  verdict         depends on
    ("other-program", "person", "unstated", ""),
    ("program?", "person", "undetermined", "program"),
    # OpenSRS
    ("opensrs requester?", "person", "undetermined", "requester"),
    ("opensrs holder", "seller", "unstated", ""),
    ("opensrs reseller issued?", "person", "undetermined", "issued"),
    ("opensrs reseller not-issued", "control_panel", "unstated", ""),
    ("opensrs reseller issued other", "person", "unstated", ""),
    ("opensrs reseller issued provider?", "person", "undetermined", "provider"),
    *(
        (f"opensrs reseller issued {provider} {date}", "self_service_portal", verdict, depends_on)
        for provider in ("geotrust", "thawte", "symantec")
        for date, verdict, depends_on in (
            ("day-0", "eligible", ""),
            ("day-29", "eligible", ""),
            ("day-30", "eligible", ""),
            ("day-31", "expired", ""),
            ("day-400", "expired", ""),
            ("fulfilled_on?", "undetermined", "fulfilled_on"),
        )
    ),
    ("opensrs reseller issued sectigo day-0", "support_ticket", "eligible", ""),
    ("opensrs reseller issued sectigo day-30", "support_ticket", "eligible", ""),
    ("opensrs reseller issued sectigo day-31", "support_ticket", "expired", ""),
    ("opensrs reseller issued sectigo fulfilled_on?", "support_ticket", "undetermined", "fulfilled_on"),
    ("opensrs reseller issued trustwave ev", "support_ticket", "not_eligible", ""),
    ("opensrs reseller issued trustwave dv day-0", "support_ticket", "likely", ""),
    ("opensrs reseller issued trustwave dv day-30", "support_ticket", "likely", ""),
    ("opensrs reseller issued trustwave dv day-31", "support_ticket", "expired", ""),
    ("opensrs reseller issued trustwave dv fulfilled_on?", "support_ticket", "undetermined", "fulfilled_on"),
    ("opensrs reseller issued trustwave ov day-0", "support_ticket", "likely", ""),
    ("opensrs reseller issued trustwave ov day-30", "support_ticket", "likely", ""),
    ("opensrs reseller issued trustwave ov day-31", "support_ticket", "expired", ""),
    ("opensrs reseller issued trustwave ov fulfilled_on?", "support_ticket", "undetermined", "fulfilled_on"),
    ("opensrs reseller issued trustwave validation? day-0", "support_ticket", "undetermined", "validation"),
    ("opensrs reseller issued trustwave validation? day-30", "support_ticket", "undetermined", "validation"),
    ("opensrs reseller issued trustwave validation? day-31", "support_ticket", "expired", ""),
    (
        "opensrs reseller issued trustwave validation? fulfilled_on?",
        "support_ticket",
        "undetermined",
        "validation fulfilled_on",
    ),
    # Trustico
    ("trustico account?", "person", "undetermined", "account"),
    ("trustico retail", "person", "unstated", ""),
    ("trustico partner subject?", "person", "undetermined", "subject"),
    ("trustico partner balance", "person", "unlikely", ""),
    ("trustico partner certificate issued?", "person", "undetermined", "issued"),
    ("trustico partner certificate issued", "person", "not_eligible", ""),
    ("trustico partner certificate not-issued", "person", "unstated", ""),
]


def decided(policy: Policy, words: str, today: date = TODAY) -> Decision:
    outcome = policy.decide(facts(words), today)
    assert isinstance(outcome, Decision), outcome
    return outcome


@pytest.mark.parametrize(("words", "route", "verdict", "depends_on"), CELLS, ids=[cell[0] for cell in CELLS])
def test_cell(shipped: Policy, words: str, route: str, verdict: str, depends_on: str) -> None:
    decision = decided(shipped, words)
    assert decision.cancellation.route == route
    assert decision.refund.verdict == verdict
    assert decision.refund.depends_on == tuple(depends_on.split())
    assert decision.needs == NEEDS[route]
    # The table writes no fact that its case does not need.
    assert decision.facts_used == tuple(sorted(facts(words), key=list(shipped.facts()).index))


WINDOWS = [
    # days ago   boundary  changes
    (0, False, True),
    (1, False, True),
    (29, False, True),
    (30, True, True),
    (31, True, False),
    (32, False, False),
    (400, False, False),
]
WINDOWED = [
    "geotrust",
    "thawte",
    "symantec",
    "sectigo",
    *(f"trustwave {level}" for level in ("dv", "ov", "validation?")),
]


@pytest.mark.parametrize("certificate", WINDOWED)
@pytest.mark.parametrize(("age", "boundary", "changes"), WINDOWS)
def test_days_of_a_window(
    shipped: Policy, certificate: str, age: int, *, boundary: bool, changes: bool
) -> None:
    decision = decided(shipped, f"opensrs reseller issued {certificate} day-{age}")
    fulfilled_on = TODAY - timedelta(days=age)
    assert decision.refund.last_day == fulfilled_on + timedelta(days=30)
    assert decision.caveats == (("boundary",) if boundary else ())
    assert decision.changes_on == (fulfilled_on + timedelta(days=31) if changes else None)


@pytest.mark.parametrize(
    "words",
    [
        "opensrs reseller not-issued day-30",
        "opensrs reseller issued other day-30",
        "opensrs reseller issued trustwave ev day-30",
        "opensrs reseller issued trustwave ev fulfilled_on?",
        "opensrs reseller issued sectigo fulfilled_on?",
        "trustico partner certificate issued day-30",
    ],
)
def test_no_days_where_no_window_decides(shipped: Policy, words: str) -> None:
    decision = decided(shipped, words)
    assert (decision.refund.last_day, decision.caveats, decision.changes_on) == (None, (), None)


def test_the_day_of_the_issue(shipped: Policy) -> None:
    """A case left on day 29 and opened again on day 31 has another answer."""
    words = "opensrs reseller issued sectigo day-0"
    left = decided(shipped, words, TODAY + timedelta(days=29))
    again = decided(shipped, words, TODAY + timedelta(days=31))
    assert (left.refund.verdict, again.refund.verdict) == ("eligible", "expired")
    assert left.changes_on == TODAY + timedelta(days=31)
    assert left.refund.last_day == again.refund.last_day == date(2026, 12, 23)


@pytest.mark.parametrize(
    ("words", "credit"),
    [
        ("opensrs reseller issued geotrust day-3", ("hours", 48)),
        ("opensrs reseller issued thawte day-30", ("hours", 48)),
        ("opensrs reseller issued symantec day-0", ("hours", 48)),
        ("opensrs reseller issued sectigo day-3", ("business_days", 5)),
        ("opensrs reseller issued trustwave dv day-3", ("business_days", 5)),
        ("opensrs reseller issued trustwave ov day-30", ("business_days", 5)),
        ("opensrs reseller issued trustwave ov day-31", None),
        ("opensrs reseller issued trustwave validation? day-3", None),
        ("opensrs reseller issued trustwave ev", None),
        ("opensrs reseller issued sectigo day-31", None),
        ("opensrs reseller issued geotrust fulfilled_on?", None),
        ("opensrs reseller not-issued", None),
        ("trustico partner balance", None),
    ],
)
def test_credit_only_where_money_is_to_be_expected(
    shipped: Policy, words: str, credit: tuple[str, int] | None
) -> None:
    given = decided(shipped, words).refund.credit
    assert ((given.unit, given.amount) if given else None) == credit


OPENSRS = "Revoke or refund an SSL certificate"
WHO = (OPENSRS, "Who can request to cancel an SSL certificate", False)
WINDOW = (OPENSRS, "When can I receive a refund on an SSL certificate", False)
WINDOW_SILENT = (OPENSRS, "When can I receive a refund on an SSL certificate", True)
TRUSTICO_SILENT = ("Partner Refunds", "Partner Refunds", True)
TRUSTICO_CONTACT = ("Partner Refunds", "Commitment to Partner Success", False)
TRUSTICO = ("Partner Refunds", "Partner Refunds", False)


@pytest.mark.parametrize(
    ("words", "cited"),
    [
        ("other-program", []),
        ("program?", []),
        ("opensrs requester?", [WHO]),
        ("opensrs holder", [WHO, WINDOW_SILENT]),
        ("opensrs reseller issued?", [(OPENSRS, OPENSRS, False), WINDOW]),
        ("opensrs reseller not-issued", [(OPENSRS, OPENSRS, False), WINDOW_SILENT]),
        (
            "opensrs reseller issued other",
            [(OPENSRS, "How to cancel an SSL certificate that is already issued", True), WINDOW_SILENT],
        ),
        (
            "opensrs reseller issued provider?",
            [(OPENSRS, "How to cancel an SSL certificate that is already issued", False), WINDOW],
        ),
        (
            "opensrs reseller issued thawte day-3",
            [(OPENSRS, "Cancel GeoTrust, Thawte, and Symantec SSL Certificates.", False), WINDOW],
        ),
        (
            "opensrs reseller issued trustwave ev",
            [(OPENSRS, "Cancel Trustwave and Sectigo certificates", False), WINDOW],
        ),
        ("trustico account?", [TRUSTICO_CONTACT, TRUSTICO]),
        ("trustico retail", [TRUSTICO_CONTACT, TRUSTICO_SILENT]),
        ("trustico partner certificate not-issued", [TRUSTICO_CONTACT, TRUSTICO_SILENT]),
        ("trustico partner certificate issued", [TRUSTICO_CONTACT, TRUSTICO]),
        (
            "trustico partner balance",
            [TRUSTICO_CONTACT, ("Partner Refunds", "Prepaid Balance Refunds", False)],
        ),
    ],
)
def test_citations(shipped: Policy, words: str, cited: list[tuple[str, str, bool]]) -> None:
    citations = decided(shipped, words).citations
    assert [(one.title, one.section, one.silent) for one in citations] == cited


def test_the_policy_is_named_with_its_version(shipped: Policy) -> None:
    for program in ("opensrs requester?", "trustico retail"):
        policy = decided(shipped, program).policy
        assert policy
        assert policy.id == program.split()[0]
        assert policy.version == shipped.programs[policy.id].effective.isoformat()
    assert decided(shipped, "other-program").policy is None
    assert decided(shipped, "program?").policy is None


QUESTIONS = [
    # asked so far                                    the next question, and why
    ("", "program", "cancellation/program-unknown"),
    ("issued sectigo day-3", "program", "cancellation/program-unknown"),
    ("opensrs", "requester", "cancellation/requester-unknown"),
    ("opensrs issued trustwave ev day-3", "requester", "cancellation/requester-unknown"),
    ("opensrs reseller", "issued", "cancellation/issued-unknown"),
    ("opensrs reseller sectigo day-3", "issued", "cancellation/issued-unknown"),
    ("opensrs reseller issued", "provider", "cancellation/provider-unknown"),
    ("opensrs reseller issued ev", "provider", "cancellation/provider-unknown"),
    ("opensrs reseller issued trustwave", "validation", "refund/trustwave-ev-never"),
    ("opensrs reseller issued trustwave day-400", "validation", "refund/trustwave-ev-never"),
    ("opensrs reseller issued trustwave fulfilled_on?", "validation", "refund/trustwave-ev-never"),
    ("opensrs reseller issued trustwave dv", "fulfilled_on", "refund/fulfillment-unknown"),
    ("opensrs reseller issued trustwave validation?", "fulfilled_on", "refund/fulfillment-unknown"),
    ("opensrs reseller issued geotrust", "fulfilled_on", "refund/fulfillment-unknown"),
    ("opensrs reseller issued sectigo ev", "fulfilled_on", "refund/fulfillment-unknown"),
    ("trustico", "account", "refund/account-unknown"),
    ("trustico issued certificate", "account", "refund/account-unknown"),
    ("trustico partner", "subject", "refund/subject-unknown"),
    ("trustico partner issued", "subject", "refund/subject-unknown"),
    ("trustico partner certificate", "issued", "refund/issued-unknown"),
]


@pytest.mark.parametrize(("words", "fact", "because"), QUESTIONS)
def test_the_next_question(shipped: Policy, words: str, fact: str, because: str) -> None:
    outcome = shipped.decide(facts(words), TODAY)
    spec = shipped.facts()[Fact(fact)]
    assert outcome == Ask(spec.id, spec.kind, spec.answers, because)
    assert outcome.choices[-1] is UNKNOWN


def test_why_a_question_is_asked_can_be_said(shipped: Policy) -> None:
    for words, _, because in QUESTIONS:
        program = str(facts(words).get(PROGRAM, "")) or None
        rule = shipped.rule(program, because)
        assert rule.ref == because
        assert rule.says.endswith(".")
        assert (rule.citation is None) == (program is None)


@pytest.mark.parametrize(
    ("words", "used"),
    [
        ("opensrs reseller issued sectigo ev day-3", "program requester issued provider fulfilled_on"),
        ("opensrs reseller issued trustwave ev day-3", "program requester issued provider validation"),
        ("opensrs reseller not-issued sectigo day-3", "program requester issued"),
        ("opensrs holder issued sectigo day-3", "program requester"),
        ("opensrs reseller issued other ev day-3", "program requester issued provider"),
        ("trustico retail issued certificate", "program account"),
        ("trustico partner balance issued holder", "program account subject"),
        ("trustico partner certificate issued", "program account subject issued"),
        ("other-program issued", "program"),
    ],
)
def test_facts_that_are_not_needed_are_ignored(shipped: Policy, words: str, used: str) -> None:
    assert decided(shipped, words).facts_used == tuple(used.split())


def test_a_date_that_is_still_to_come_is_within_its_window(shipped: Policy) -> None:
    """Readers refuse it; but for who looks from a time zone further west, a valid date is tomorrow."""
    decision = decided(shipped, "opensrs reseller issued sectigo day-0", TODAY - timedelta(days=1))
    assert decision.refund.verdict == "eligible"
    assert decision.refund.last_day == TODAY + timedelta(days=30)
