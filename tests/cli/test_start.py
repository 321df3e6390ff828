"""What a command loads before anybody asks anything: each library costs time at every start, and memory."""

from __future__ import annotations

import subprocess
import sys

import pytest

RARELY_USED = (
    "alembic",
    "cryptography",
    "email_validator",
    "mako",
    "polars",
    "python_calamine",
    "xlsxwriter",
)


@pytest.mark.long
@pytest.mark.parametrize(
    ("module", "not_loaded"),
    [
        ("bot.cli.serve", RARELY_USED),
        ("bot.cli.decide", (*RARELY_USED, "jinja2", "slack_bolt", "sqlalchemy")),
        ("bot.cli.main", (*RARELY_USED, "jinja2", "policy", "pydantic", "rich", "slack_bolt", "sqlalchemy")),
    ],
)
def test_what_is_rarely_used_is_loaded_where_it_is_used(module: str, not_loaded: tuple[str, ...]) -> None:
    loading = f"import sys, {module}; print(*sys.modules, sep='\\n')"
    done = subprocess.run([sys.executable, "-c", loading], check=True, capture_output=True, text=True)
    assert {*not_loaded}.isdisjoint(done.stdout.split())
