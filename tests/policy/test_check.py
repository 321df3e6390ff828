"""Each way in which an operator's file can be wrong, and the finding that says so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

import policy
from policy import TableHasGapError
from policy.check import check, check_files
from policy.decide_json import answer_line
from tests.policy.words import TODAY, facts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from policy.check import Report

HEAD = """
name = "House"
effective = 2026-11-23
[cite.page]
title = "A page"
section = "A section"
[[cancellation]]
id = "always"
when = {}
route = "person"
cite = "page"
says = "Ask."
"""


@pytest.fixture
def house(tmp_path: Path) -> Callable[..., Report]:
    """Check a small program of refund rules given as (id, when, verdict)."""

    def prove(*rules: tuple[str, str, str]) -> Report:
        rows = (
            f'[[refund]]\nid = "{name}"\nwhen = {{ {when} }}\nverdict = "{verdict}"\n'
            'cite = "page"\nsays = "So."\n'
            for name, when, verdict in rules
        )
        mentioned = " ".join(when for _, when, _ in rules)
        asked = [fact for fact in policy.load().vocabulary.facts if re.search(rf"\b{fact}\b", mentioned)]
        asks = "".join(f'[[ask]]\nfact = "{fact}"\n' for fact in asked)
        (tmp_path / "house.toml").write_text(HEAD + asks + "".join(rows), "utf-8")
        return check_files([tmp_path])

    return prove


WRONG = [
    # what is wrong, the refund rules, the rule to blame, words of the finding
    (
        "a value without a rule",
        [("yes", "issued = true", "eligible"), ("no", "issued = false", "unlikely")],
        None,
        'no refund rule holds for program = "house", issued = "unknown"; add one',
    ),
    (
        "a day without a rule",
        [
            ("open", "fulfilled_on = { within_days = 30 }", "eligible"),
            ("over", "fulfilled_on = { after_days = 31 }", "expired"),
            ("unknown", 'fulfilled_on = "unknown"', "undetermined"),
        ],
        None,
        'no refund rule holds for program = "house", fulfilled_on = 2026-10-23; add one',
    ),
    (
        "a rule below one that takes everything",
        [("all", "", "unlikely"), ("late", "issued = true", "eligible")],
        "refund/late",
        "never decides anything; refund/all always holds before it: move or remove it",
    ),
    (
        "a rule below two that share its cases",
        [
            ("open", "fulfilled_on = { within_days = 30 }", "eligible"),
            ("over", "fulfilled_on = { after_days = 30 }", "expired"),
            ("unknown", 'fulfilled_on = "unknown"', "undetermined"),
            ("ten", "fulfilled_on = { within_days = 10 }", "likely"),
        ],
        "refund/ten",
        "never decides anything; refund/open always holds before it",
    ),
    (
        "a question whose answers all lead to one decision",
        [("yes", "issued = true", "unlikely"), ("else", 'issued = [false, "unknown"]', "unlikely")],
        "refund/yes",
        'asks for issued with program = "house", though every answer leads to the same decision there',
    ),
    (
        "a question whose answers lead to the same further question",
        [
            ("yes", 'issued = true, subject = "certificate"', "unlikely"),
            ("no", 'issued = [false, "unknown"], subject = "certificate"', "unlikely"),
            ("rest", "", "likely"),
        ],
        "refund/yes",
        "asks for issued with",
    ),
    (
        "a question that is pointless only where a later fact is known already",
        [
            ("no", 'issued = false, provider = "sectigo"', "likely"),
            ("yes", 'issued = [true, "unknown"], provider = "sectigo"', "likely"),
            ("issued", "issued = true", "not_eligible"),
            ("rest", "", "unlikely"),
        ],
        "refund/no",
        'asks for issued with program = "house", provider = "sectigo"',
    ),
    (
        "a date that changes nothing but its own days",
        [
            ("open", "fulfilled_on = { within_days = 30 }", "unlikely"),
            ("over", "fulfilled_on = { after_days = 30 }", "unlikely"),
            ("unknown", 'fulfilled_on = "unknown"', "unlikely"),
        ],
        "refund/open",
        "asks for fulfilled_on with",
    ),
    (
        "an undetermined verdict with nothing unknown",
        [("yes", "issued = true", "undetermined"), ("else", 'issued = [false, "unknown"]', "unlikely")],
        "refund/yes",
        'is "undetermined" with program = "house", issued = true, where no fact is unknown',
    ),
    (
        "a window that is over, in a row without one",
        [("over", "issued = true", "expired"), ("else", 'issued = [false, "unknown"]', "unlikely")],
        "refund/over",
        'the verdict "expired" needs a window that is over',
    ),
]


@pytest.mark.parametrize(
    ("rules", "rule", "words"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG]
)
def test_seeded_defect(
    house: Callable[..., Report], rules: list[tuple[str, str, str]], rule: str | None, words: str
) -> None:
    report = house(*rules)
    found = [finding for finding in report.findings if finding.rule == rule and words in finding.message]
    assert found, [str(finding) for finding in report.findings]
    assert all(finding.file.endswith("house.toml") for finding in report.findings)
    assert not report.ok


def test_a_sound_program_has_no_findings(house: Callable[..., Report]) -> None:
    report = house(
        ("unknown", 'issued = "unknown"', "undetermined"),
        ("no", "issued = false", "unlikely"),
        ("date-unknown", 'fulfilled_on = "unknown"', "undetermined"),
        ("ten", "fulfilled_on = { within_days = 10 }", "eligible"),
        ("thirty", "fulfilled_on = { within_days = 30 }", "likely"),
        ("over", "fulfilled_on = { after_days = 30 }", "expired"),
    )
    assert report.findings == ()
    assert report.programs[-1].program == "house"


def test_a_gap_in_the_cancellation_table(edited: Callable[..., Path]) -> None:
    report = check_files(
        [edited("opensrs", ('["geotrust", "thawte", "symantec"]', '["geotrust", "thawte"]'))]
    )
    [finding] = report.findings
    assert finding.rule is None
    assert 'no cancellation rule holds for program = "opensrs", requester = "reseller"' in finding.message
    assert 'provider = "symantec"' in finding.message


def test_sections_that_no_rule_cites(edited: Callable[..., Path]) -> None:
    section = '[cite.more]\ntitle = "Partner Refunds"\nsection = "Another section"\n'
    [finding] = check_files([edited("trustico", extra=section)]).findings
    assert finding.message == "cite.more: no rule cites it; remove it or cite it"


def test_a_brand_that_goes_by_the_name_of_another(edited: Callable[..., Path]) -> None:
    brands = "".join(
        f'[[brand]]\nname = "{name}"\nprovider = "{maker}"\n'
        for name, maker in (("Acme", "sectigo"), ("Acme SSL", "other"), ("Thawte", "other"))
    )
    messages = [finding.message for finding in check_files([edited("opensrs", extra=brands)]).findings]
    assert messages == [
        f'brand "{name}": another brand goes by that name too; give it a fuller one'
        for name in ("Acme", "Acme SSL")
    ]


def test_files_that_cannot_be_loaded_are_findings(edited: Callable[..., Path]) -> None:
    report = check_files([edited("opensrs", ('route = "seller"', 'route = "sellar"'))])
    [finding] = report.findings
    assert finding.rule == "cancellation/certificate-holder"
    assert report.programs == ()


def test_a_changed_window_is_proved_on_both_its_sides(edited: Callable[..., Path]) -> None:
    days = [("_days = 30", "_days = 14")] * 4
    folder = edited("opensrs", *days)
    assert check_files([folder]).ok
    changed = policy.load([folder])
    outcomes = [
        changed.decide(facts(f"opensrs reseller issued sectigo day-{age}"), TODAY).refund.verdict
        for age in (13, 14, 15, 16)
    ]
    assert outcomes == ["eligible", "eligible", "expired", "expired"]


def test_a_gap_that_somebody_meets_is_an_error_of_its_own(edited: Callable[..., Path]) -> None:
    gappy = policy.load(
        [
            edited(
                "trustico", ('when = { account = "retail" }', 'when = { account = "retail", issued = true }')
            )
        ]
    )
    with pytest.raises(TableHasGapError, match="trustico has no refund rule for these facts"):
        gappy.decide(facts("trustico retail not-issued"), TODAY)
    line = '{"facts": {"program": "trustico", "account": "retail", "issued": false}}'
    error = answer_line(gappy, 1, line, TODAY)["error"]
    assert error["fact"] is None
    assert "certdesk policy check" in error["message"]
    assert not check(gappy).ok
