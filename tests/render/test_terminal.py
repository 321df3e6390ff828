from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from bot.render import Renderer, neutral, parse
from bot.render.document import Document, Paragraph, Preformatted, Text
from bot.render.terminal import to_terminal
from tests.render.sources import render_source

RENDERER = Renderer()


def shown(document: Document, width: int = 60, *, color: bool = False) -> str:
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=color, color_system="standard" if color else None)
    console.print(to_terminal(document))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def test_a_document_in_the_terminal() -> None:
    steps = "1. one\n\n   ```\n   code\n   ```\n2. two\n   - a\n   - b"
    source = f"# Title\n\nSome *text*.\n\n{steps}\n\n> said\n\n---"
    assert (
        shown(parse(source), width=20)
        == """\
Title

Some text.

1. one
       code
2. two
   • a
   • b

│ said

────────────────────"""
    )


@pytest.mark.parametrize(
    "text", ["[bold]x[/bold]", "[link=http://x]y[/link]", "[/]", ":smile:", "{{ 1 }}", "\\[x]"]
)
def test_what_was_typed_is_no_markup_of_rich(text: str) -> None:
    assert shown(render_source(RENDERER, "{{ x }}", x=text)) == text


@pytest.mark.parametrize("block", [Paragraph((Text("\x1b[31mx\x07"),)), Preformatted("\x1b[31mx\x07")])
def test_no_control_character_reaches_the_terminal_even_from_a_document_made_by_hand(
    block: Paragraph | Preformatted,
) -> None:
    assert shown(Document((block,))).strip() == "\ufffd[31mx\ufffd"


def test_a_link_is_a_link() -> None:
    assert "\x1b]8;id=" in shown(parse("[here](https://a.example)"), color=True)


@given(st.text(st.characters(codec=None, exclude_categories=[]), max_size=200))
def test_all_that_was_typed_is_shown_even_in_a_narrow_terminal(text: str) -> None:
    for template in ("{{ x }}", "```\n{{ x }}\n```"):
        out = shown(render_source(RENDERER, template, x=text), width=10)
        assert "".join(out.split()) == "".join(neutral(text).split())
