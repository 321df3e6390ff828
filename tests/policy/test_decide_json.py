"""The line protocol to the letter, and whatever else may stand on a line."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy import Policy
from policy.decide_json import answer_line, to_json
from tests.conftest import shipped
from tests.policy.answer_space import interviews
from tests.policy.words import TODAY

RESELLER = '"program": "opensrs", "requester": "reseller"'


def answer(policy: Policy, text: str) -> dict[str, Any]:
    return answer_line(policy, 3, text, TODAY)


def test_a_question(shipped: Policy) -> None:
    assert answer(shipped, f'{{"facts": {{{RESELLER}}}}}') == {
        "ask": {
            "fact": "issued",
            "type": "choice",
            "choices": [True, False, "unknown"],
            "because": "cancellation/issued-unknown",
        }
    }


def test_the_question_for_a_date(shipped: Policy) -> None:
    assert answer(shipped, f'{{"facts": {{{RESELLER}, "issued": true, "provider": "sectigo"}}}}') == {
        "ask": {
            "fact": "fulfilled_on",
            "type": "date",
            "choices": ["unknown"],
            "because": "refund/fulfillment-unknown",
        }
    }


def test_a_decision(shipped: Policy) -> None:
    known = f'{{{RESELLER}, "issued": true, "provider": "sectigo", "fulfilled_on": "2026-11-01"}}'
    line = f'{{"facts": {known}, "today": "2026-11-23"}}'
    page = "Revoke or refund an SSL certificate"
    assert answer(shipped, line) == {
        "decision": {
            "cancellation": {"route": "support_ticket", "rule": "cancellation/ticket"},
            "refund": {
                "verdict": "eligible",
                "rule": "refund/window-open",
                "depends_on": [],
                "last_day": "2026-12-01",
                "credit": {"unit": "business_days", "amount": 5},
            },
            "needs": [["reseller_username"], ["supplier_order_id"], ["common_name"]],
            "caveats": [],
            "changes_on": "2026-12-02",
            "citations": [
                {"title": page, "section": "Cancel Trustwave and Sectigo certificates", "silent": False},
                {
                    "title": page,
                    "section": "When can I receive a refund on an SSL certificate",
                    "silent": False,
                },
            ],
            "facts_used": ["program", "requester", "issued", "provider", "fulfilled_on"],
            "policy": {"id": "opensrs", "version": "2026-11-23"},
        }
    }


def test_a_decision_without_a_policy(shipped: Policy) -> None:
    assert answer(shipped, '{"facts": {"program": "unknown"}}') == {
        "decision": {
            "cancellation": {"route": "person", "rule": "cancellation/program-unknown"},
            "refund": {
                "verdict": "undetermined",
                "rule": "refund/program-unknown",
                "depends_on": ["program"],
                "last_day": None,
                "credit": None,
            },
            "needs": [],
            "caveats": [],
            "changes_on": None,
            "citations": [],
            "facts_used": ["program"],
            "policy": None,
        }
    }


def test_today_on_the_line_counts_before_the_default(shipped: Policy) -> None:
    known = f'{{{RESELLER}, "issued": true, "provider": "geotrust", "fulfilled_on": "2026-10-24"}}'
    default = answer(shipped, f'{{"facts": {known}}}')["decision"]
    later = answer(shipped, f'{{"facts": {known}, "today": "2026-11-24"}}')["decision"]
    assert (default["refund"]["verdict"], default["caveats"]) == ("eligible", ["boundary"])
    assert (later["refund"]["verdict"], later["caveats"]) == ("expired", ["boundary"])


def test_every_outcome_is_json_and_every_key_is_there(shipped: Policy) -> None:
    keys: dict[str, set[frozenset[str]]] = {"ask": set(), "decision": set(), "refund": set()}
    for _, outcome in interviews(shipped):
        written = to_json(outcome)
        assert json.loads(json.dumps(written)) == written
        [(kind, body)] = written.items()
        keys[kind].add(frozenset(body))
        if kind == "decision":
            keys["refund"].add(frozenset(body["refund"]))
    assert keys == {
        "ask": {frozenset({"fact", "type", "choices", "because"})},
        "decision": {
            frozenset(
                {
                    "cancellation",
                    "refund",
                    "needs",
                    "caveats",
                    "changes_on",
                    "citations",
                    "facts_used",
                    "policy",
                }
            )
        },
        "refund": {frozenset({"verdict", "rule", "depends_on", "last_day", "credit"})},
    }


ERRORS = [
    # the line, the fact to blame, words of the message
    ("", None, "the line is blank"),
    ("  \t\n", None, "the line is blank"),
    ("\N{NO-BREAK SPACE}", None, "the line is blank"),
    ("{", None, "broken JSON"),
    ('{"facts": {}', None, "broken JSON"),
    ('{"facts": {}} {"facts": {}}', None, "broken JSON: Extra data"),
    ("{'facts': {}}", None, "broken JSON"),
    ('\N{ZERO WIDTH NO-BREAK SPACE}{"facts": {}}', None, "broken JSON: Unexpected UTF-8 BOM"),
    ("null", None, "the line cannot be null"),
    ("[]", None, "the line cannot be an array"),
    ('"facts"', None, 'the line cannot be "facts"'),
    ("3", None, "the line cannot be 3"),
    ("NaN", None, "NaN is not JSON"),
    ('{"facts": {"issued": NaN}}', None, "NaN is not JSON"),
    ('{"facts": {"issued": -Infinity}}', None, "-Infinity is not JSON"),
    ("[" * 100_000, None, "nested too deep"),
    ('{"facts":' * 100_000, None, "nested too deep"),
    ("9" * 100_000, None, "a number too long"),
    ('{"facts": {"issued": ' + "9" * 4000 + "}}", "issued", "unknown value 9999"),
    ('{"facts": {"issued": 1e999}}', "issued", "unknown value Infinity"),
    ('{"facts": {}, "facts": {}}', None, 'the key "facts" stands twice'),
    ('{"facts": {"issued": true, "issued": true}}', "issued", 'the key "issued" stands twice'),
    ('{"facts": {"x": 1, "x": 1}}', None, 'the key "x" stands twice'),
    ("{}", None, 'the key "facts" is missing'),
    ('{"today": "2026-11-23"}', None, 'the key "facts" is missing'),
    ('{"facts": {}, "fact": {}}', None, 'unknown key "fact", did you mean "facts"?'),
    ('{"facts": []}', None, "facts cannot be an array"),
    ('{"facts": null}', None, "facts cannot be null"),
    (
        '{"facts": {"isued": true}}',
        "isued",
        'unknown fact "isued", did you mean "issued"? accepted: "program"',
    ),
    ('{"facts": {"": true}}', "", 'unknown fact "";'),
    ('{"facts": {"provider": "sectgo"}}', "provider", 'did you mean "sectigo"?'),
    ('{"facts": {"issued": "true"}}', "issued", "accepted: true, false"),
    ('{"facts": {"issued": 1}}', "issued", "accepted: true, false"),
    ('{"facts": {"fulfilled_on": "2026-11-24"}}', "fulfilled_on", "which is after 2026-11-23"),
    ('{"facts": {"fulfilled_on": "2026-11-31"}}', "fulfilled_on", "a day as YYYY-MM-DD"),
    ('{"facts": {"program": "other", "fulfilled_on": "soon"}}', "fulfilled_on", "a day as YYYY-MM-DD"),
    ('{"facts": {}, "today": "23.11.2026"}', None, "today cannot be"),
    ('{"facts": {}, "today": null}', None, "today cannot be null"),
    ('{"facts": {}, "today": "9999-12-31"}', None, "up to 9000-12-31"),
    ('{"facts": {"fulfilled_on": "2026-11-23"}, "today": "2026-11-22"}', "fulfilled_on", "after 2026-11-22"),
    ('{"facts": {"provider": "\\ud800"}}', "provider", "unknown value"),
    ('{"facts": {"\\udfff": 1}}', "\\udfff", "unknown fact"),
    ('{"facts": {"\udc80": 1}}', None, "not UTF-8"),
]


@pytest.mark.parametrize(("line", "fact", "words"), ERRORS, ids=[repr(row[0])[:40] for row in ERRORS])
def test_an_error(shipped: Policy, line: str, fact: str | None, words: str) -> None:
    answered = answer(shipped, line)
    assert list(answered) == ["error"]
    error = answered["error"]
    assert (error["line"], error["fact"]) == (3, fact)
    assert words in error["message"]
    assert len(error["message"]) < 500
    json.dumps(answered, ensure_ascii=False).encode("utf-8")


@pytest.mark.parametrize("depth", range(50, 1200, 7))
def test_no_depth_is_too_deep_to_be_answered(shipped: Policy, depth: int) -> None:
    line = f'{{"facts": {{"issued": {"[" * depth}{"]" * depth}}}}}'
    assert "error" in answer(shipped, line)


def test_a_date_for_any_year_that_is_accepted(shipped: Policy) -> None:
    known = f'{{{RESELLER}, "issued": true, "provider": "geotrust", "fulfilled_on": "9000-12-31"}}'
    assert "decision" in answer(shipped, f'{{"facts": {known}, "today": "9000-12-31"}}')


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
VALUES = st.sampled_from(
    [
        "opensrs",
        "trustico",
        "other",
        "unknown",
        "reseller",
        "sectigo",
        "trustwave",
        "ev",
        "partner",
        "certificate",
    ]
)
DAYS = st.dates().map(str)
SHARED = [*shipped().vocabulary.facts]
FACTS = st.dictionaries(
    st.sampled_from(SHARED) | st.text(max_size=5),
    VALUES | DAYS | st.booleans() | JSON,
)
REQUESTS = st.fixed_dictionaries({"facts": FACTS}, optional={"today": DAYS | JSON}) | JSON
LINES = (
    REQUESTS.map(json.dumps)
    | st.text(st.characters(exclude_categories=[]))
    | st.binary().map(lambda raw: raw.decode("utf-8", "surrogateescape"))
)


@given(LINES)
def test_whatever_the_line_there_is_one_answer(shipped: Policy, line: str) -> None:
    answered = answer(shipped, line)
    [kind] = answered
    assert kind in {"ask", "decision", "error"}
    json.dumps(answered, ensure_ascii=False, allow_nan=False).encode("utf-8")
    if kind == "error":
        assert set(answered["error"]) == {"line", "fact", "message"}
        assert answered["error"]["message"]
