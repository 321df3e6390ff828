"""What a program of an operator's own has no words for, and the stub that mends it when it is pasted."""

from __future__ import annotations

from pathlib import Path

import pytest

import policy
from bot.render.catalog import findings
from bot.render.environment import SHIPPED, Renderer
from bot.render.texts import Texts
from policy.errors import Finding, Severity

ACME = """
name = "Acme"
effective = 2026-11-23
support = "Acme support"
[[ask]]
fact = "issued"
[[ask]]
fact = "term"
kind = "choice"
choices = ["one_year", "several_years"]
[[ask]]
fact = "purchased_on"
kind = "day"
[[detail]]
id = "order_number"
kind = "digits"
[[route]]
id = "chat"
draft = "message"
handoff = true
[cite.page]
title = "A page"
section = "A section"
[[cancellation]]
id = "always"
when = {}
route = "chat"
needs = ["order_number"]
cite = "page"
says = "Write."
[[refund]]
id = "several"
when = { term = "several_years" }
verdict = "unlikely"
cite = "page"
says = "Hardly."
[[refund]]
id = "rest"
when = {}
verdict = "not_eligible"
cite = "page"
says = "No."
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "acme.toml").write_text(ACME, encoding="utf-8")
    return tmp_path


def found(own: Path) -> dict[str, Finding]:
    """Return what is missing, by the file that it is missing in."""
    core = policy.load([own / "policy"])
    return {each.file: each for each in findings(Texts(Renderer([own / "templates"]), core))}


def put(own: Path, name: str, text: str) -> None:
    path = own / "templates" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


MISSING = {
    "questions/acme/term.md": "there is no question for term",
    "questions/acme/purchased_on.md": "there is no question for purchased_on",
    "questions/details/order_number.md": "there is no question for the detail order_number",
    "answers/cancellation/acme/chat.md": "there is no text for the route chat",
}


def test_each_text_that_is_missing_is_named_and_its_stub_mends_it(own: Path) -> None:
    missing = found(own)
    assert {file: each.message.partition(";")[0] for file, each in missing.items()} == MISSING
    assert {each.program for each in missing.values()} == {"acme"}
    assert {each.severity for each in missing.values()} == {Severity.ERROR}
    for file, each in missing.items():
        put(own, file, each.message.partition("in your own words:\n")[2])
    assert found(own) == {}


def test_a_choice_without_a_label_is_named_and_one_too_many_is_a_warning(own: Path) -> None:
    for file, each in found(own).items():
        put(own, file, each.message.partition("in your own words:\n")[2])
    text = "# Term\n\n## How long?\n\n- `one_year` One year\n- `two_years` Two\n- `unknown` I don't know\n"
    put(own, "questions/acme/term.md", text)
    core = policy.load([own / "policy"])
    said = [*findings(Texts(Renderer([own / "templates"]), core))]
    assert [(each.severity, each.message.partition(";")[0]) for each in said] == [
        (Severity.ERROR, "the choice several_years has no label"),
        (Severity.WARNING, "two_years is no choice of term"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("## How long?\n\n- `one_year` One\n", "the question has no words"),
        ("# Term\n\n- `one_year` One\n", "the question has no words"),
        ("# Term\n\n## How long?\n\n- one_year\n", "begins with an id in backquotes"),
        ("# Term\n\n## {{ long }}?\n", "'long' is undefined"),
    ],
)
def test_a_question_that_cannot_be_read(own: Path, text: str, message: str) -> None:
    for file, each in found(own).items():
        put(own, file, each.message.partition("in your own words:\n")[2])
    put(own, "questions/acme/term.md", text)
    core = policy.load([own / "policy"])
    said = [str(each) for each in findings(Texts(Renderer([own / "templates"]), core))]
    assert any("questions/acme/term.md" in each and message in each for each in said), said


def test_shared_templates_name_no_program(core: policy.Policy) -> None:
    """What is said for all programs names none; what one program needs stands under its id."""
    names = [program.name for program in core.programs.values()]
    named = [
        path.relative_to(SHIPPED).as_posix()
        for path in sorted(SHIPPED.rglob("*.md"))
        if not {*path.parts} & {*core.programs}
        and any(name in path.read_text(encoding="utf-8") for name in names)
    ]
    assert named == []
