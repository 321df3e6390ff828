from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import policy
from policy import PolicyError
from tests.policy.test_programs import ACME
from tests.policy.words import TODAY, facts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LATE = 'id = "trustwave-ev-never"'

REFUSED = [
    # what is wrong, the edit, the rule to blame, words of the message
    (
        "a misspelt key in a rule",
        ('verdict = "not_eligible"', 'verdikt = "not_eligible"'),
        "refund/trustwave-ev-never",
        'unknown key "verdikt", did you mean "verdict"?',
    ),
    (
        "a key that is missing",
        ('verdict = "not_eligible"\n', ""),
        "refund/trustwave-ev-never",
        "verdict: is missing",
    ),
    (
        "an uncited rule",
        ('route = "seller"\ncite = "who"', 'route = "seller"'),
        "cancellation/certificate-holder",
        "cite: is missing",
    ),
    (
        "a section that is not defined",
        ('route = "seller"\ncite = "who"', 'route = "seller"\ncite = "whom"'),
        "cancellation/certificate-holder",
        'cite: unknown section "whom", did you mean "who"?',
    ),
    (
        "an unknown route",
        ('route = "seller"', 'route = "sellar"'),
        "cancellation/certificate-holder",
        'route: unknown value "sellar", did you mean "seller"? accepted: "control_panel"',
    ),
    (
        "an unknown verdict",
        ('verdict = "not_eligible"', 'verdict = "never"'),
        "refund/trustwave-ev-never",
        'verdict: unknown value "never"; accepted: "eligible", "likely"',
    ),
    (
        "an unknown fact",
        ('validation = "ev" }', 'validated = "ev" }'),
        "refund/trustwave-ev-never",
        'when: unknown fact "validated", did you mean "validation"?',
    ),
    (
        "the program as a condition",
        ('validation = "ev" }', 'program = "opensrs" }'),
        "refund/trustwave-ev-never",
        'when: unknown fact "program"',
    ),
    (
        "an unknown value of a fact",
        ('provider = "trustwave", validation = "ev"', 'provider = "trustwav", validation = "ev"'),
        "refund/trustwave-ev-never",
        'provider: unknown value "trustwav", did you mean "trustwave"?',
    ),
    (
        "a boolean in quotes",
        ("issued = false }", 'issued = "false" }'),
        "cancellation/not-issued",
        'issued: unknown value "false"; accepted: true, false, "unknown"',
    ),
    (
        "a number for a boolean",
        ("issued = false }", "issued = 0 }"),
        "cancellation/not-issued",
        "issued: unknown value 0;",
    ),
    (
        "an empty list of values",
        ('provider = ["sectigo", "trustwave"]', "provider = []"),
        "cancellation/ticket",
        "provider: an empty list never holds",
    ),
    (
        "a condition on a date that is none",
        ("{ after_days = 30 }", "{ after = 30 }"),
        "refund/window-over",
        "fulfilled_on: accepted is { within_days = 30 }",
    ),
    (
        "days below zero",
        ("{ after_days = 30 }", "{ after_days = -1 }"),
        "refund/window-over",
        "fulfilled_on: accepted is",
    ),
    (
        "half a day",
        ("{ after_days = 30 }", "{ after_days = 0.5 }"),
        "refund/window-over",
        "fulfilled_on: accepted is",
    ),
    (
        "two conditions on a date",
        ("{ after_days = 30 }", "{ after_days = 30, within_days = 60 }"),
        "refund/window-over",
        "accepted is",
    ),
    (
        "no table of conditions",
        ('when = { requester = "certificate_holder" }', 'when = "holder"'),
        "cancellation/certificate-holder",
        "when: takes a table of facts",
    ),
    (
        "a credit in weeks",
        ("{ hours = 48 }", "{ weeks = 1 }"),
        "cancellation/portal",
        "credit: accepted is { hours = 48 }",
    ),
    (
        "a credit of true",
        ("{ hours = 48 }", "{ hours = true }"),
        "cancellation/portal",
        "credit: accepted is { hours = 48 }",
    ),
    (
        "an unknown detail",
        ('"tech_email"]', '"phone"]'),
        "cancellation/portal",
        'needs: unknown value "phone"; accepted: "reseller_username"',
    ),
    (
        "silence on a way that is described",
        ('route = "seller"', 'route = "seller"\nsilent = true'),
        "cancellation/certificate-holder",
        'where the page is silent on how to cancel, people decide: "seller"; accepted: "person"',
    ),
    (
        "unstated though the page speaks",
        ('verdict = "not_eligible"', 'verdict = "unstated"'),
        "refund/trustwave-ev-never",
        'the verdict "unstated" and silent = true go together',
    ),
    (
        "silent and yet stated",
        ('verdict = "not_eligible"', 'verdict = "not_eligible"\nsilent = true'),
        "refund/trustwave-ev-never",
        'the verdict "unstated" and silent = true go together',
    ),
    (
        "an id twice",
        (LATE, 'id = "fulfillment-unknown"'),
        "refund/fulfillment-unknown",
        "is in its table twice",
    ),
    (
        "an id with spaces",
        (LATE, 'id = "Trustwave EV"'),
        "refund/Trustwave EV",
        'id: cannot be "Trustwave EV"; accepted: small letters',
    ),
    ("no id", (f"{LATE}\n", ""), "refund/#7", "id: is missing"),
    (
        "nothing said",
        ('says = "As long as', 'says = " " #'),
        "cancellation/not-issued",
        "says: ",
    ),
    ("a misspelt table", ("[links]", "[link]"), None, 'unknown key "link", did you mean "links"?'),
    ("a misspelt link", ('portal = ""', 'portl = ""'), None, 'unknown key "portl", did you mean "portal"?'),
    (
        "a link without https",
        ('portal = ""', 'portal = "http://panel.example"'),
        None,
        'links.portal: cannot be "http://panel.example"; accepted: an address with https://',
    ),
    (
        "an address that is none",
        ('support_email = ""', 'support_email = "help"'),
        None,
        'links.support_email: cannot be "help"; accepted: an email address',
    ),
    (
        "a day in quotes",
        ("effective = 2026-11-23", 'effective = "2026-11-23"'),
        None,
        "effective: takes a day without quotes",
    ),
    (
        "a time for a day",
        ("effective = 2026-11-23", "effective = 2026-11-23T12:00:00"),
        None,
        "effective: takes a day",
    ),
    ("a rule that is no list", ("[[cancellation]]", "[cancellation]"), None, "is not TOML: "),
    ("a bare text", ('name = "OpenSRS"', "name = 3"), None, "name: takes a text in quotes"),
    (
        "silence in quotes",
        ("silent = true", 'silent = "yes"'),
        "cancellation/provider-other",
        "silent: takes true",
    ),
    ("no name", ('name = "OpenSRS"\n', ""), None, "name: is missing"),
    (
        "an unknown provider of a brand",
        ("# --- The refund ---", '[[brand]]\nname = "X"\nprovider = "thawt"\n'),
        None,
        'unknown value "thawt", did you mean "thawte"?',
    ),
    ("a number too long", ("2026-11-23", "9" * 5000), None, "is not TOML: "),
    ("a nesting too deep", ("[links]", "x = " + "[" * 5000), None, "is not TOML: "),
    ("broken TOML", ("[links]", "[links"), None, "is not TOML: "),
]


@pytest.mark.parametrize(
    ("edit", "rule", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_refused(edited: Callable[..., Path], edit: tuple[str, str], rule: str | None, words: str) -> None:
    folder = edited("opensrs", edit)
    with pytest.raises(PolicyError) as raised:
        policy.load([folder])
    error = raised.value
    assert (error.file, error.rule) == (str(folder / "opensrs.toml"), rule)
    assert words in error.message
    assert "pydantic" not in str(error)


def test_all_that_is_wrong_is_said_at_once(edited: Callable[..., Path]) -> None:
    folder = edited("opensrs", ('id = "certificate-holder"', 'id = "X"'), ('verdict = "not_eligible"', ""))
    edited("trustico", ("[links]", "[link]"))
    with pytest.raises(PolicyError) as raised:
        policy.load([folder])
    assert [finding.rule for finding in raised.value.findings] == [
        "cancellation/X",
        "refund/trustwave-ev-never",
        None,
    ]
    assert len(str(raised.value).splitlines()) == 3


def test_the_shipped_programs(shipped: policy.Policy) -> None:
    assert list(shipped.programs) == ["opensrs", "trustico"]
    assert [program.name for program in shipped.programs.values()] == ["OpenSRS", "Trustico"]
    assert all(program.links == policy.Links() for program in shipped.programs.values())


def test_an_operators_file_takes_the_place_of_a_shipped_one(edited: Callable[..., Path]) -> None:
    folder = edited("opensrs", ('portal = ""', 'portal = "https://panel.example/trust"'))
    loaded = policy.load([folder])
    assert list(loaded.programs) == ["opensrs", "trustico"]
    assert loaded.programs["opensrs"].links.portal == "https://panel.example/trust"
    assert loaded.programs["opensrs"].file == str(folder / "opensrs.toml")


def test_the_earlier_folder_wins_and_further_files_add_programs(
    tmp_path: Path, edited: Callable[..., Path]
) -> None:
    later = edited("trustico", ('name = "Trustico"', 'name = "Later"'))
    (later / "acme.toml").write_text((later / "trustico.toml").read_text("utf-8"), "utf-8")
    earlier = tmp_path / "earlier"
    earlier.mkdir()
    text = (later / "trustico.toml").read_text("utf-8")
    (earlier / "trustico.toml").write_text(text.replace("Later", "Earlier"), "utf-8")
    loaded = policy.load([earlier, later])
    assert {program.id: program.name for program in loaded.programs.values()} == {
        "opensrs": "OpenSRS",
        "trustico": "Earlier",
        "acme": "Later",
    }
    assert loaded.decide(facts("trustico retail") | {policy.facts.PROGRAM: "acme"}, TODAY).policy.id == "acme"


@pytest.mark.parametrize("name", ["other.toml", "unknown.toml", "Acme.toml", "my program.toml"])
def test_a_file_by_a_name_that_is_no_id(tmp_path: Path, edited: Callable[..., Path], name: str) -> None:
    (edited("trustico") / "trustico.toml").rename(tmp_path / name)
    with pytest.raises(PolicyError, match="a program's file is named in small letters"):
        policy.load([tmp_path])


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="is not a folder that can be read"):
        policy.load([tmp_path / "nowhere"])


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "marked as UTF-8"])
def test_a_file_as_editors_on_windows_write_it(tmp_path: Path, mark: bytes) -> None:
    lines = ACME.encode().replace(b"\n", b"\r\n")
    (tmp_path / "acme.toml").write_bytes(mark + lines)
    assert policy.load([tmp_path]).programs["acme"].name == "Acme"


def test_a_file_that_is_not_text(tmp_path: Path) -> None:
    (tmp_path / "acme.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PolicyError, match="is not UTF-8 text"):
        policy.load([tmp_path])


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "acme.toml").mkdir()
    with pytest.raises(PolicyError, match="cannot be read"):
        policy.load([tmp_path])


def test_a_policy_is_immutable(shipped: policy.Policy) -> None:
    with pytest.raises(AttributeError):
        shipped.programs = {}
    with pytest.raises(TypeError):
        shipped.programs["acme"] = shipped.programs["opensrs"]


def test_a_rule_that_is_not_there(shipped: policy.Policy) -> None:
    with pytest.raises(KeyError):
        shipped.rule("opensrs", "refund/nothing")
    assert shipped.rule("other", "refund/program-other") == shipped.rule(None, "refund/program-other")
