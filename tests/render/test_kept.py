"""What a proof renders once: the same document for the same words, another wherever a template could tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from bot.render.document import Mention
from bot.render.environment import Context, Renderer
from bot.render.kept import KeptRenderer
from bot.render.stated import Kind, Stated
from bot.render.typed import trusted

TEXT = "{% for each in said %}{{ each }}, {% endfor %}{{ many }}"


@dataclass(frozen=True)
class Said(Context):
    """A context of anything that can be printed."""

    template = "said.md"
    said: tuple[object, ...]
    many: object = 1


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "said.md").write_text(TEXT, "utf-8")
    (tmp_path / "other.md").write_text(f"# {TEXT}", "utf-8")
    return tmp_path


# Pairs that Python holds for equal, or nearly so, and that are not printed alike.
TOLD_APART = {
    "Markdown and typed text": (Said(("*so*",)), Said((trusted("*so*"),))),
    "labels of one mark": (
        Said((Stated(Kind.CREDIT, "48 hours", "48"),)),
        Said((Stated(Kind.CREDIT, "48 hours", "two days"),)),
    ),
    "who is mentioned": (Said((Mention("user", "U1"),)), Said((Mention("user", "U2"),))),
    "what is printed where": (Said(("a", "b")), Said(("b", "a"))),
    "a number": (Said((), 1), Said((), 2)),
}


@pytest.mark.parametrize(("one", "other"), TOLD_APART.values(), ids=TOLD_APART)
def test_it_says_what_a_renderer_says(folder: Path, one: Said, other: Said) -> None:
    fresh, kept = Renderer([folder]), KeptRenderer([folder])
    assert fresh.render(one) != fresh.render(other) or repr(fresh.render(one)) != repr(fresh.render(other))
    for said in (one, other, one, other):
        assert repr(kept.render(said)) == repr(fresh.render(said))
    assert kept.render_as("other.md", one) == fresh.render_as("other.md", one)


def test_each_text_is_rendered_once(folder: Path) -> None:
    kept = KeptRenderer([folder])
    assert kept.render(Said(("a",), 3)) is kept.render(Said(("a",), 3))
    assert kept.render(Said(("a",), 3)) is not kept.render(Said(("a",), 4))


def test_what_cannot_be_printed_stays_an_error(folder: Path) -> None:
    kept = KeptRenderer([folder])
    for _ in range(2):
        with pytest.raises(Exception, match="cannot be printed"):
            kept.render(Said((date(2026, 11, 23),)))
