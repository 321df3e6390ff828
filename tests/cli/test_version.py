from __future__ import annotations

from importlib.metadata import version

from tests.cli.conftest import Run


def test_the_version_is_said(certdesk: Run) -> None:
    done = certdesk("--version")
    assert (done.status, done.out.strip()) == (0, f"certdesk {version('certdesk')}")
