"""The documentation holds the rules as the code has them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.playground.standin.__main__ import main
from bot.playground.standin.rules_page import rules

DOCS = Path(__file__).parents[2] / "docs" / "stand-in.md"


def test_the_rules_in_the_docs_are_those_of_the_code() -> None:
    _, _, after = DOCS.read_text().partition("<!-- rules -->\n")
    written, mark, _ = after.partition("<!-- end of rules -->")
    assert mark
    assert written.strip() == rules().strip(), "run: python -m bot.playground.standin --rules"


def test_the_rules_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--rules"]) == 0
    assert "| `chat.postMessage` | bot | chat:write |" in capsys.readouterr().out


def test_another_host_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--host", "0.0.0.0"]) == 1  # noqa: S104
    assert "loopback only" in capsys.readouterr().err


def test_it_runs_bare() -> None:
    command = [
        sys.executable,
        "-m",
        "bot.playground.standin",
        "--bot-token",
        "xoxb-mine",
        "--command",
        "/help",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline().strip() for _ in range(4)]
        process.terminate()
    assert lines[0].startswith("SLACK_API_URL=http://127.0.0.1:")
    assert lines[1] == "SLACK_BOT_TOKEN=xoxb-mine"
