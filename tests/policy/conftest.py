from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import policy

if TYPE_CHECKING:
    from collections.abc import Callable

SHIPPED = Path(policy.__file__).parent / "programs"


@pytest.fixture(scope="session")
def shipped() -> policy.Policy:
    return policy.load()


@pytest.fixture
def edited(tmp_path: Path) -> Callable[..., Path]:
    """Return an operator's folder with a shipped file in which some text has been replaced."""

    def edit(program: str, *changes: tuple[str, str], extra: str = "") -> Path:
        text = (SHIPPED / f"{program}.toml").read_text("utf-8")
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        (tmp_path / f"{program}.toml").write_text(text + extra, "utf-8")
        return tmp_path

    return edit
