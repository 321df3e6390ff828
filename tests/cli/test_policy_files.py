"""`certdesk policy check --json` and `certdesk policy new`, as an operator runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

KEYS = ["severity", "file", "line", "program", "rule", "message"]


@pytest.mark.long
def test_a_first_program_passes_the_check_and_is_never_overwritten(
    certdesk: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = certdesk("policy", "new", "acme-certs")
    assert made.out.splitlines()[:2] == [
        "policy/acme-certs.toml",
        "templates/questions/acme-certs/purchased_on.md",
    ]
    folders = {"CERTDESK_POLICY_DIR": "policy", "CERTDESK_TEMPLATES_DIR": "templates"}
    checked = certdesk("policy", "check", "--json", **folders)
    report = json.loads(checked.out)
    assert (checked.status, report["ok"], report["findings"]) == (0, True, [])
    assert [each["id"] for each in report["programs"]] == ["opensrs", "trustico", "acme-certs"]
    before = Path("policy/acme-certs.toml").read_text()
    again = certdesk("policy", "new", "acme-certs")
    assert again.status == 2
    assert "exists already" in again.err
    assert Path("policy/acme-certs.toml").read_text() == before


@pytest.mark.parametrize("name", ["opensrs", "other", "Acme", "a/b", "../x", "front", "acme@2026-01-01", ""])
def test_what_is_no_new_programs_id_writes_nothing(
    certdesk: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert certdesk("policy", "new", name).status == 2
    assert list(tmp_path.iterdir()) == []


def test_findings_as_json_have_their_file_and_line(certdesk: Run, tmp_path: Path) -> None:
    (tmp_path / "acme.toml").write_text('name = "Acme"\neffective = 2026-01-01\nsuport = "x"\n')
    (tmp_path / "opensrs.tml").write_text("")
    done = certdesk("policy", "check", "--json", CERTDESK_POLICY_DIR=str(tmp_path))
    report = json.loads(done.out)
    assert (done.status, report["ok"]) == (1, False)
    assert all(list(finding) == KEYS for finding in report["findings"])
    first = report["findings"][0]
    assert (first["severity"], first["line"], first["program"]) == ("error", 3, "acme")
    assert 'did you mean "support"?' in first["message"]
    assert [each["severity"] for each in report["findings"]].count("warning") == 1
