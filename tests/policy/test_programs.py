"""A program is a file: facts of its own, several days, narrowed choices, own routes, details and brands."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import policy
from policy import Ambiguous, NotRecognized, PolicyError, Recognized
from policy.check import check_files
from policy.decide_json import answer_line

TODAY = date(2026, 11, 23)
ACME = """
name = "Acme"
aliases = ["Acme Certificates"]
effective = 2026-01-01
support = "Acme support"
[[ask]]
fact = "provider"
choices = ["sectigo", "other"]
[[ask]]
fact = "issued"
[[ask]]
fact = "purchased_on"
kind = "day"
words.en = ["bought", "paid"]
[[ask]]
fact = "activated_on"
kind = "day"
[[ask]]
fact = "term"
kind = "choice"
choices = ["one_year", "several_years"]
words.en = { one_year = ["annual", "1 year"] }
[[detail]]
id = "order_number"
kind = "digits"
[[route]]
id = "chat"
draft = "message"
handoff = true
[cite.page]
title = "Acme refunds"
section = "When"
[[cancellation]]
id = "pending"
when = { issued = false, purchased_on = { within_days = 90 } }
route = "chat"
needs = ["order_number", "common_name"]
credit = { hours = 48 }
cite = "page"
says = "In the chat."
[[cancellation]]
id = "rest"
when = {}
route = "person"
cite = "page"
says = "By a person."
[[refund]]
id = "unknown"
when = { issued = "unknown" }
verdict = "undetermined"
cite = "page"
says = "Depends."
[[refund]]
id = "both-open"
when = { issued = true, purchased_on = { within_days = 30 }, activated_on = { within_days = 10 } }
verdict = "eligible"
needs = [["common_name", "order_number"], "order_number"]
cite = "page"
says = "Both windows are open."
[[refund]]
id = "both-over"
when = { issued = true, purchased_on = { after_days = 30 }, activated_on = { after_days = 10 } }
verdict = "expired"
cite = "page"
says = "Both windows are over."
[[refund]]
id = "long-term"
when = { issued = true, term = "several_years" }
verdict = "likely"
cite = "page"
says = "Long terms are usually refunded."
[[refund]]
id = "rest"
when = {}
verdict = "unlikely"
cite = "page"
says = "Else not."
[[brand]]
name = "AcmeSSL"
provider = "sectigo"
[[brand]]
name = "Thawte"
provider = "sectigo"
"""
Put = Callable[..., policy.Policy]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Load an operator's folder with these files, by name."""

    def load(text: str = ACME, **files: str) -> policy.Policy:
        for name, content in {"acme": text, **files}.items():
            (tmp_path / f"{name}.toml").write_text(content, "utf-8")
        return policy.load([tmp_path])

    return load


def answer(core: policy.Policy, program: str = "acme", **facts: Any) -> dict[str, Any]:  # noqa: ANN401
    line = json.dumps({"facts": {"program": program, **facts}})
    return answer_line(core, 1, line, TODAY)


def ago(days: int) -> str:
    return (TODAY - timedelta(days=days)).isoformat()


def test_the_question_for_the_program_offers_shipped_ones_first_then_added_by_the_alphabet(put: Put) -> None:
    core = put(zeta=ACME.replace('"Acme"', '"Zeta"'), beta=ACME.replace('"Acme"', '"Beta"'))
    asked = answer_line(core, 1, '{"facts": {}}', TODAY)["ask"]
    assert asked["choices"] == ["opensrs", "trustico", "acme", "beta", "zeta", "other", "unknown"]


def test_facts_are_asked_in_the_order_of_the_file_as_far_as_they_matter(put: Put) -> None:
    core = put()
    assert answer(core)["ask"]["fact"] == "issued"
    asked = answer(core, issued=True)["ask"]
    assert asked == {
        "fact": "purchased_on",
        "type": "date",
        "choices": ["unknown"],
        "because": "refund/both-open",
    }
    known = {"issued": True, "purchased_on": ago(5)}
    assert answer(core, **known)["ask"]["fact"] == "activated_on"
    asked = answer(core, **known, activated_on="unknown")["ask"]
    assert (asked["fact"], asked["choices"]) == ("term", ["one_year", "several_years", "unknown"])


# days since the purchase and the activation: the verdict, days until the last one, until it changes, boundary
DAYS = [
    (5, 3, "eligible", 7, 8, False),  # the activation's window ends first
    (28, 3, "eligible", 2, 3, False),  # the purchase's does
    (30, 10, "eligible", 0, 1, True),
    (31, 11, "expired", 0, None, True),  # the day after both ends: the latest counts
    (32, 11, "expired", -1, None, True),
    (40, 11, "expired", -1, None, True),
    (31, 20, "expired", -1, None, True),
    (40, 20, "expired", -10, None, False),
]


@pytest.mark.parametrize(("bought", "activated", "verdict", "last", "changes", "boundary"), DAYS)
def test_several_days_each_with_its_window(  # noqa: PLR0913, PLR0917  the table's columns
    put: Put, bought: int, activated: int, verdict: str, last: int, changes: int | None, *, boundary: bool
) -> None:
    found = answer(
        put(), issued=True, purchased_on=ago(bought), activated_on=ago(activated), term="several_years"
    )["decision"]
    assert found["refund"]["verdict"] == verdict
    expected = last if verdict == "eligible" else max(30 - bought, 10 - activated)
    assert found["refund"]["last_day"] == (TODAY + timedelta(days=expected)).isoformat()
    assert found["changes_on"] == (ago(-changes) if changes is not None else None)
    assert found["caveats"] == (["boundary"] if boundary else [])


def test_a_question_that_would_then_be_asked_is_a_change(put: Put) -> None:
    found = answer(put(), issued=True, purchased_on=ago(5), activated_on=ago(3))["decision"]
    assert found["changes_on"] == ago(-8)  # the term matters from then on, and nobody has asked for it


def test_needs_are_both_rules_and_credit_the_cancellations(put: Put) -> None:
    pending = answer(put(), issued=False, purchased_on=ago(90))["decision"]
    assert pending["cancellation"] == {"route": "chat", "rule": "cancellation/pending"}
    assert pending["needs"] == [["order_number"], ["common_name"]]
    assert pending["refund"]["credit"] is None  # not eligible
    assert pending["changes_on"] == ago(-1)  # another way then
    eligible = answer(put(), issued=True, purchased_on=ago(1), activated_on=ago(1))["decision"]
    assert eligible["needs"] == [["common_name", "order_number"], ["order_number"]]


@pytest.mark.parametrize("given", ["thawte", "other", "symantec"])
def test_a_shared_value_that_is_not_listed_counts_as_another(put: Put, given: str) -> None:
    core = put(ACME.replace("when = {}\nroute", 'when = { provider = "other" }\nroute', 1))
    found = answer(core, provider=given, issued=True, purchased_on=ago(40), activated_on=ago(40))
    assert found["decision"]["cancellation"]["rule"] == "cancellation/rest"


def test_without_another_it_is_an_unknown_value(put: Put) -> None:
    core = put(ACME.replace('choices = ["sectigo", "other"]', 'choices = ["sectigo", "geotrust"]'))
    error = answer(core, provider="thawte")["error"]
    assert error["fact"] == "provider"
    assert error["message"].endswith('accepted: "sectigo", "geotrust", "unknown"')


def test_an_own_fact_is_known_under_its_program_only(put: Put) -> None:
    core = put()
    assert "decision" in answer(core, issued="unknown", term="one_year", purchased_on="unknown")
    for program in ("opensrs", "other", "unknown"):
        error = answer(core, program, term="one_year")["error"]
        assert (error["fact"], "unknown fact" in error["message"]) == ("term", True)
    late = answer_line(core, 1, '{"facts": {"term": "one_year", "program": "acme"}}', TODAY)
    assert late["ask"]["fact"] == "issued"


def test_own_brands_count_where_their_program_is_named(put: Put) -> None:
    core = put()
    assert core.recognize("AcmeSSL", "acme") == Recognized("AcmeSSL", {"provider": "sectigo"})
    assert isinstance(core.recognize("AcmeSSL"), NotRecognized)
    assert core.recognize("Thawte", "acme") == Recognized("Thawte", {"provider": "sectigo"})
    assert core.recognize("Thawte", "opensrs") == Recognized("Thawte", {"provider": "thawte"})
    assert core.recognize("Thawte") == Ambiguous(("Thawte",))


def test_programs_share_an_own_name_only_if_they_declare_it_alike(put: Put) -> None:
    assert put(beta=ACME.replace('"Acme"', '"Beta"').replace('["annual", "1 year"]', '["yearly"]'))
    with pytest.raises(PolicyError, match="term is declared differently"):
        put(
            beta=ACME.replace('"Acme"', '"Beta"')
            .replace('"several_years"]', '"two_years"]')
            .replace('term = "several_years"', 'term = "two_years"')
        )


def test_an_operators_vocabulary_and_front_add_and_replace(put: Put, tmp_path: Path) -> None:
    words = """
[[ask]]
fact = "validation"
kind = "choice"
choices = ["dv", "ov", "ev", "iv"]
[[detail]]
id = "invoice"
kind = "text"
"""
    front = """
[[refund]]
id = "program-other"
when = { program = "other" }
verdict = "unlikely"
says = "No."
"""
    core = put(vocabulary=words, front=front)
    assert [*core.facts()][:2] == ["program", "requester"]
    assert core.choices(policy.facts.Fact("validation")) == ("dv", "ov", "ev", "iv", "unknown")
    assert "invoice" in core.details()
    assert answer(core, "other")["decision"]["refund"]["verdict"] == "unlikely"
    assert answer(core, "unknown")["decision"]["refund"]["verdict"] == "undetermined"
    assert tmp_path.exists()


def test_the_check_takes_it_and_warns_of_what_is_never_used(put: Put, tmp_path: Path) -> None:
    put()
    report = check_files([tmp_path])
    assert [(str(finding.severity), finding.program) for finding in report.findings] == [("warning", "acme")]
    [warning] = report.findings
    assert warning.message == "[[ask]] provider: no rule uses it; leave it out, or use it in a rule"
    assert warning.line == ACME.splitlines().index('fact = "provider"')  # the line of its [[ask]], from 1
    assert report.ok
