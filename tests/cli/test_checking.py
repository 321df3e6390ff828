"""`certdesk policy check` on an operator's own files, and what people then read."""

from __future__ import annotations

from pathlib import Path

import pytest

import policy
from bot.render.catalog import unread
from tests.cli.conftest import Run

# A program that sends everybody to its support, and never asks for a provider.
NAMECHEAP = """
name = "Namecheap"
effective = 2026-11-23
[[ask]]
fact = "issued"
[cite.page]
title = "Refunds"
section = "Certificates"
[[cancellation]]
id = "write"
when = {}
route = "support_ticket"
needs = ["common_name"]
cite = "page"
says = "Support cancels these by hand."
[[refund]]
id = "not-issued"
when = { issued = false }
verdict = "unlikely"
cite = "page"
says = "Hardly ever."
[[refund]]
id = "never"
when = {}
verdict = "not_eligible"
cite = "page"
says = "There is no money back."
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """An operator's two folders, with a program of their own."""
    for folder in ("policy", "templates"):
        (tmp_path / folder).mkdir()
    (tmp_path / "policy" / "namecheap.toml").write_text(NAMECHEAP, encoding="utf-8")
    return tmp_path


def variables(own: Path) -> dict[str, str]:
    return {"CERTDESK_POLICY_DIR": str(own / "policy"), "CERTDESK_TEMPLATES_DIR": str(own / "templates")}


# a file among an operator's templates that nothing reads, and the name that may be meant
UNREAD = [
    ("questions/foo.md", ""),
    ("questions/isued.md", "questions/issued.md"),
    ("questions/issued.txt", "questions/issued.md"),
    ("answers/refund/eligable.md", "answers/refund/eligible.md"),
    (
        "answers/cancellation/namecheap/suport_ticket.md",
        "answers/cancellation/namecheap/support_ticket.md",
    ),
    ("tickets/namecheap/ticket.md", "tickets/namecheap/"),
    ("tickets/support.md", ""),
]


def put(own: Path, *names: str) -> None:
    for name in names:
        path = own / "templates" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Hello.\n", encoding="utf-8")


@pytest.mark.parametrize(("name", "meant"), UNREAD)
def test_a_template_that_nobody_reads_is_found_with_what_may_be_meant(
    own: Path, name: str, meant: str
) -> None:
    put(own, name, ".DS_Store", "questions/.issued.md.swp", "questions/issued.md")
    [warning] = unread(policy.load([own / "policy"]), own / "templates")
    assert warning.file == str(own / "templates" / name)
    assert meant in warning.message


@pytest.mark.long
def test_the_check_warns_of_what_nobody_reads_and_is_content(certdesk: Run, own: Path) -> None:
    """So it is with a program that sends everybody to its support and asks for no provider."""
    put(own, "questions/foo.md", "questions/isued.md")
    done = certdesk("policy", "check", **variables(own))
    warnings = [line for line in done.out.splitlines() if line.startswith("warning: ")]
    assert warnings == [
        f"warning: {own}/templates/{name}: nothing reads this file; did you mean {near}?"
        for name, near in (
            ("questions/foo.md", "questions/program.md"),
            ("questions/isued.md", "questions/issued.md"),
        )
    ]
    assert (done.status, done.out.splitlines()[-1]) == (0, "ok")


def test_a_program_is_asked_and_written_to_under_its_own_name(certdesk: Run, own: Path) -> None:
    done = certdesk("ask", typed="Namecheap\nyes\nwww.example.com\n", **variables(own))
    assert (done.status, done.err) == (0, "")
    asked, _, answered = done.out.partition("> Namecheap")
    assert "Namecheap" in asked
    assert "Namecheap" in answered
    assert "Subject: Cancel an SSL certificate: www.example.com" in answered
    assert "Common name: www.example.com" in answered
    assert "We know that no refund is due." in answered
    assert "namecheap" not in done.out
    assert "OpenSRS support" not in done.out
