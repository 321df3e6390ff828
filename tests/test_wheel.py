"""The wheel runs from any folder, with its templates, programs, migrations and page inside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", str(folder), str(ROOT)], check=True, capture_output=True)
    (wheel,) = folder.glob("certdesk-*.whl")
    target = folder / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def run(installed: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run the installed certdesk, not the checkout's, from a folder of its own."""
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    program = "import bot, sys; from bot.cli import main; print(bot.__file__, file=sys.stderr); main()"
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        cwd=installed.parent,
        env=environment,
        check=False,
    )


@pytest.mark.long
def test_the_wheel_proves_its_own_policy_and_templates(installed: Path) -> None:
    done = run(installed, "policy", "check")
    assert str(installed) in done.stderr
    assert done.stdout.splitlines()[-1] == "ok"
    assert done.returncode == 0


@pytest.mark.long
def test_the_wheel_decides(installed: Path) -> None:
    facts = {"program": "opensrs", "requester": "reseller", "issued": False}
    done = run(installed, "decide", stdin=json.dumps({"facts": facts}))
    assert json.loads(done.stdout)["decision"]["cancellation"]["route"] == "control_panel"


@pytest.mark.long
def test_the_wheel_prints_the_manifest(installed: Path) -> None:
    assert run(installed, "manifest").stdout == (ROOT / "manifest.yml").read_text(encoding="utf-8")


def test_the_wheel_holds_what_it_needs_at_run_time(installed: Path) -> None:
    for needed in (
        "bot/playground/page/static/app.js",
        "bot/playground/page/static/index.html",
        "bot/store/migrations/env.py",
        "bot/store/migrations/versions/0001_first.py",
        "policy/programs/opensrs.toml",
        "templates/tickets/ticket.md",
    ):
        assert (installed / needed).is_file(), needed
    assert not list(installed.glob("**/node_modules"))


@pytest.mark.long
def test_the_wheel_tells_its_version(installed: Path) -> None:
    (wheel,) = installed.parent.glob("certdesk-*.whl")
    assert run(installed, "--version").stdout.split() == ["certdesk", wheel.name.split("-")[1]]
