"""Files that nobody should write, and somebody does: each a sentence with file and line, at once."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from policy.check import check_files
from policy.errors import Finding, Severity
from tests.policy.test_programs import ACME


def row(table: str, name: str, when: str, key: str, value: str) -> str:
    head = f'[[{table}]]\nid = "{name}"\nwhen = {{ {when} }}\n{key} = "{value}"\n'
    return head + 'cite = "page"\nsays = "So."\n'


def rows(number: int) -> str:
    return "".join(row("refund", f"r{n}", "issued = true", "verdict", "unlikely") for n in range(number))


def changed(old: str, new: str) -> str:
    assert old in ACME
    return ACME.replace(old, new, 1)


# what is wrong; the file; what its line begins with, None for the first one; words of the sentence
WRONG: dict[str, tuple[str, str | None, str]] = {
    "ten megabytes": ("#" * 10_000_000, None, "a policy file has at most 1,000,000"),
    "five thousand rows": (ACME + rows(5000), None, "has 5,000,"),
    "a thousand rows": (ACME + rows(1000), '[[refund]]|id = "r395"', "has 1005 [[refund]]; at most 400"),
    "a fact by its own words": (
        changed('fact = "term"', 'fact = "term"\nasks = "term"'),
        'asks = "term"',
        'unknown key "asks"',
    ),
    "a fact that waits for itself": (
        changed('choices = ["one_year", "several_years"]', "choices = [{ term = 1 }]"),
        "choices = [{",
        "cannot be an object",
    ),
    "a choice named unknown": (
        changed('"one_year", "several_years"', '"one_year", "unknown"'),
        'choices = ["one_year", "unknown"]',
        '"unknown" is an answer to every question',
    ),
    "a choice twice": (
        changed('"one_year", "several_years"', '"one_year", "one_year"'),
        'choices = ["one_year", "one_year"]',
        "is listed twice",
    ),
    "names beside true": (
        changed('"one_year", "several_years"', '"one_year", true'),
        'choices = ["one_year", true]',
        "choices are names, or true and false",
    ),
    "broken TOML": (changed("[[detail]]", "[[detail]"), "[[detail]|", "is not TOML"),
    "a day in quotes": (
        changed("effective = 2026-01-01", 'effective = "2026-01-01"'),
        'effective = "',
        "takes a day without quotes",
    ),
    "a NUL": (changed("Acme support", "Acme\x00support"), "support = ", "is not TOML"),
    "a number of 5,000 digits": (changed("hours = 48", f"hours = {'9' * 5000}"), None, "is not TOML"),
    "a huge number": (changed("hours = 48", "hours = 999999999999"), "credit = {", "credit: accepted is"),
    "days below zero": (
        changed("within_days = 90", "within_days = -1"),
        "when = { issued = false, p",
        "0 to 3650",
    ),
    "days for ever": (
        changed("within_days = 90", "within_days = 1000000000000"),
        "when = { issued = false, p",
        "0 to 3650 days",
    ),
    "a shared fact declared anew": (
        changed('fact = "issued"', 'fact = "issued"\nkind = "choice"'),
        "kind = ",
        "issued is a shared fact: leave out kind",
    ),
    "a fact of no kind": (
        changed('fact = "term"\nkind = "choice"', 'fact = "validatoin"'),
        '[[ask]]|fact = "validatoin"',
        'did you mean "validation"?',
    ),
    "a fact that is not asked": (
        changed("issued = true, term", 'account = "partner", term'),
        'when = { account = "partner"',
        'account is not asked; add\n[[ask]]\nfact = "account"',
    ),
    "expired without a window": (
        changed('verdict = "likely"', 'verdict = "expired"'),
        'verdict = "expired"|cite',
        "needs a window",
    ),
    "a detail by a fact's name": (
        changed('id = "order_number"', 'id = "term"'),
        "[[detail]]",
        "a fact's name already",
    ),
    "a credit of the refund": (
        changed('verdict = "likely"', 'verdict = "likely"\ncredit = { hours = 48 }'),
        "credit = { hours = 48 }|cite",
        'unknown key "credit"',
    ),
}


@pytest.mark.parametrize(("text", "line", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_a_sentence_with_its_line_at_once(
    tmp_path: Path, text: str, line: str | None, words: str
) -> None:
    (tmp_path / "acme.toml").write_text(text, "utf-8")
    began = time.process_time()
    report = check_files([tmp_path])
    assert time.process_time() - began < 5
    assert not report.ok
    found = [finding for finding in report.findings if words in finding.message]
    if line is None and not found:  # whichever limit it meets first
        found = [finding for finding in report.findings if "at most" in finding.message]
    assert found, [str(finding)[:300] for finding in report.findings]
    assert all(finding.file == str(tmp_path / "acme.toml") for finding in report.findings)
    assert found[0].line is not None
    if line is not None:
        here, _, below = line.partition("|")
        lines = text.split("\n")
        assert lines[found[0].line - 1].startswith(here)
        assert lines[found[0].line].startswith(below)


FOLDERS: dict[str, tuple[dict[str, str], str, Severity, str]] = {
    "a name that ends otherwise": (
        {"opensrs.tml": ""},
        "opensrs.tml",
        Severity.WARNING,
        'did you mean "opensrs.toml"?',
    ),
    "rules in a folder below": (
        {"programs/acme.toml": ACME},
        "programs",
        Severity.WARNING,
        "move acme.toml to",
    ),
    "two files of one name": (
        {"acme.toml": ACME, "Acme.toml": ACME},
        "Acme.toml",
        Severity.ERROR,
        "named in small letters",
    ),
    "a version": (
        {"acme@2026-01-01.toml": ACME},
        "acme@2026-01-01.toml",
        Severity.ERROR,
        "is a version of acme",
    ),
    **{
        f"a program by the name of {name}": (
            {f"{name}.toml": ACME},
            f"{name}.toml",
            Severity.ERROR,
            "and not",
        )
        for name in ("details", "other", "unknown")
    },
}


@pytest.mark.parametrize(("files", "blamed", "severity", "words"), FOLDERS.values(), ids=FOLDERS)
def test_what_lies_in_a_folder_and_is_not_read_is_said(
    tmp_path: Path, files: dict[str, str], blamed: str, severity: Severity, words: str
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    found = [each for each in check_files([tmp_path]).findings if each.file == str(tmp_path / blamed)]
    assert [(each.severity, words in each.message) for each in found] == [(severity, True)]


def test_a_folder_that_cannot_be_read(tmp_path: Path) -> None:
    file = tmp_path / "rules"
    file.write_text("")
    [finding] = check_files([file]).findings
    assert isinstance(finding, Finding)
    assert "is not a folder that can be read" in finding.message


def test_a_program_of_twelve_facts_and_sixty_rows_is_proven(tmp_path: Path) -> None:
    (tmp_path / "large.toml").write_text(large(), "utf-8")
    began = time.process_time()
    report = check_files([tmp_path])
    assert time.process_time() - began < 5
    assert report.findings == ()
    assert (report.programs[-1].rules, report.programs[-1].questions) == (60, 13)


@pytest.mark.long
def test_a_space_too_large_is_said_to_be(tmp_path: Path) -> None:
    facts = [f"f{number}" for number in range(30)]
    asks = asked(facts)
    when = [f'{one} = "a", {other} = "b"' for one in facts for other in facts if one < other][:390]
    verdicts = ("likely", "unlikely")
    table = "".join(row("refund", f"r{n}", each, "verdict", verdicts[n % 2]) for n, each in enumerate(when))
    (tmp_path / "large.toml").write_text(
        head() + asks + always("cancellation") + table + always("refund"), "utf-8"
    )
    began = time.process_time()
    report = check_files([tmp_path])
    assert time.process_time() - began < 20
    assert [finding.message[:26] for finding in report.findings] == ["has more than 20,000 state"]
    assert report.findings[0].line


def head() -> str:
    return 'name = "Large"\neffective = 2026-01-01\n[cite.page]\ntitle = "A page"\nsection = "A section"\n'


def always(table: str) -> str:
    result = 'route = "control_panel"' if table == "cancellation" else 'verdict = "unlikely"'
    return f'[[{table}]]\nid = "rest"\nwhen = {{}}\n{result}\ncite = "page"\nsays = "So."\n'


def asked(facts: list[str]) -> str:
    choices = 'kind = "choice"\nchoices = ["a", "b", "c"]\n'
    return "".join(f'[[ask]]\nfact = "{fact}"\n{choices}' for fact in facts)


def large() -> str:
    """Return a program in which each of twelve facts settles something in turn."""
    facts = [f"f{number}" for number in range(12)]
    text = head() + asked(facts)
    results = {
        "cancellation": ("route", "support_ticket", ("person", "control_panel", "support_ticket"), "person"),
        "refund": ("verdict", "undetermined", ("unlikely", "likely", "eligible", "not_eligible"), "likely"),
    }
    for table, (key, unknown, settled, pair) in results.items():
        for index, fact in enumerate(facts):
            text += row(table, f"{fact}-unknown", f'{fact} = "unknown"', key, unknown)
            text += row(table, f"{fact}-a", f'{fact} = "a"', key, settled[index % len(settled)])
        for index in range(5):
            value = pair if table == "refund" else ("person", "support_ticket")[index % 2]
            text += row(table, f"x{index}", f'f{index} = "b", f{index + 5} = "c"', key, value)
        text += always(table)
    return text
