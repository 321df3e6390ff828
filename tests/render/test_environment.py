from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render import Context, Renderer, TemplateError, neutral, parse, to_plain, trusted
from bot.render.document import Break, Heading, Link, Paragraph, Preformatted, Text
from bot.render.typed import OPEN
from tests.render.sources import render_source

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=[]))
NASTY = [
    "<!channel>",
    "<@U1>",
    "*bold*",
    "**bold** _it_ ~~s~~",
    "[a](http://x)",
    "<http://x>",
    "`code`",
    "```\nfence\n```",
    "{{7*7}}",
    "{% raw %}",
    "</pre>",
    "&lt;&amp;",
    "\u202egnp.exe",
    "# title\n- item\n1. one\n> quote\n---",
    f"{OPEN}0",
    "\\",
    "   ",
    "x" * 40_000,
]
RENDERER = Renderer()


class Color(StrEnum):
    RED = "red"


class Shade(Enum):
    DARK = "dark"


@dataclass(frozen=True)
class Order:
    number: str
    names: tuple[str, ...] = ()

    def shout(self) -> str:
        return self.number.upper()


@dataclass(frozen=True)
class Greeting(Context):
    template: ClassVar[str] = "greeting.md"
    name: str


def plain(source: str, **values: object) -> str:
    return to_plain(render_source(RENDERER, source, **values))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ name }}", "*x*"),
        ("{{ order.number }}", "_12_"),
        ("{{ order['number'] }}", "_12_"),
        ("{{ order.shout() }}", "_12_"),
        ("{% for n in order.names %}{{ n }}{% if not loop.last %}, {% endif %}{% endfor %}", "`a`, `b`"),
        ("{{ order.names|first }}", "`a`"),
        ("{{ order.names|length }} {{ name|length }}", "2 3"),
        ("{{ facts.k }}{% for k, v in facts.items() %}{{ k }}{{ v }}{% endfor %}", "*v*k*v*"),
        ("{{ color }} {{ color.value }} {{ color|upper }}", "red red RED"),
        ("{{ day|day }}, {{ day|weekday_day }}", "1 December 2026, Tue 1 December 2026"),
        (
            "{{ 1|plural('day') }}, {{ 2|plural('day') }}, {{ 0|plural('reply', 'replies') }}",
            "1 day, 2 days, 0 replies",
        ),
        ("{{ bold }} {{ 3 }} {{ -1 }}", "B 3 -1"),
        ("{{ '*literal*' if bold else '' }}", "*literal*"),
        ("{% if name == '*x*' and name %}yes{% endif %}", "yes"),
        ("{% if name in ('*x*', 'y') %}yes{% endif %}", "yes"),
        ("{% set ns = namespace(n=name) %}{% set ns.n = 'q' %}{{ ns.n }}", "q"),
        ("{% macro m(x) %}**{{ x }}**{% endmacro %}{{ m(name) }} {{ m('*y*') }}", "*x* *y*"),
        ("{% macro m() %}**{{ caller() }}**{% endmacro %}{% call m() %}{{ name }}{% endcall %}", "*x*"),
        ("{% set b %}**{{ name }}**{% endset %}{{ b }} {{ b }}", "*x* *x*"),
        ("{% filter upper %}a {{ name }}{% endfilter %}", "A *x*"),
        ("{% macro m() %}**{{ name }}**{% endmacro %}{{ m() ~ '<' ~ 1 }}", "*x*<1"),
    ],
)
def test_what_a_template_can_print(source: str, text: str) -> None:
    values = {
        "name": "*x*",
        "order": Order("_12_", ("`a`", "`b`")),
        "facts": {"k": "*v*"},
        "color": Color.RED,
        "day": date(2026, 12, 1),
        "bold": trusted("**B**"),
    }
    assert plain(source, **values) == text


@pytest.mark.parametrize(
    "source",
    [
        "{{ name|upper }}",
        "{{ name|title }}",
        "{{ name|int }}",
        "{{ name|sort }}",
        "{{ [name]|join }}",
        "{{ names|join(', ') }}",
        "{{ names|map('upper')|list }}",
        "{{ name ~ 'x' }}",
        "{{ 'x' ~ name }}",
        "{{ bold ~ name }}",
        "{{ name + 'x' }}",
        "{{ 'x' + name }}",
        "{{ bold + name }}",
        "{{ '%s' % name }}",
        "{{ '{}'.format(name) }}",
        "{{ bold.format(name) }}",
        "{{ bold.join(names) }}",
        "{{ name[0] }}",
        "{{ name.literal }}",
        "{{ name.__class__ }}",
        "{% for c in name %}{{ c }}{% endfor %}",
        "{{ name|safe }}",
        "{{ name|escape }}",
        "{{ name|string }}",
        "{{ name|attr('literal') }}",
        "{{ name|replace('a', 'b') }}",
        "{{ missing }}",
        "{% if missing %}{% endif %}",
        "{{ none }}",
        "{{ true }}",
        "{{ 1.5 }}",
        "{{ day }}",
        "{{ names }}",
        "{{ shade }}",
        "{{ 1 / 0 }}",
        "{{ name|day }}",
        "{{ 2|plural(name) }}",
        "{{ range(10**9) }}",
        "{{ lipsum() }}",
        "{% include 'nowhere.md' %}",
        "{% if %}",
        "{% macro m() %}{{ name }}{% endmacro %}{{ m()[:5] }}",
        f"a {OPEN} b",
        "[a](https://x.example/{{ name }})",
        "[a](https://x.example/?q={{ name }}&b)",
        "[a](<{{ name }}>)",
        "<https://x.example/{{ name }}>",
        '[a](https://x.example "{{ name }}")',
        "```{{ name }}\nx\n```",
        "[a](javascript:alert)",
    ],
)
def test_what_a_template_cannot_do_is_a_template_error_without_what_was_typed(source: str) -> None:
    values = {"name": "secret", "names": ["secret"], "day": date(2026, 12, 1), "shade": Shade.DARK}
    with pytest.raises(TemplateError) as caught:
        render_source(RENDERER, source, bold=trusted("**B{}**"), **values)
    assert caught.value.template == "<source>"
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("text", NASTY)
def test_what_was_typed_is_a_literal_wherever_it_stands(text: str) -> None:
    document = render_source(
        RENDERER,
        "# T {{ x }}\n\n{{ x }} **b{{ x }}** `{{ x }}` [l{{ x }}](https://a.example)\n\n```\n{{ x }}\n```",
        x=text,
    )
    heading, paragraph, code = document.blocks
    assert isinstance(heading, Heading)
    assert isinstance(paragraph, Paragraph)
    shown = neutral(text)
    assert "".join(span.text if isinstance(span, Text) else "\n" for span in heading.spans) == f"T {shown}"
    assert code == Preformatted(shown)
    kinds = {"": "", "bold": "b", "code": "", "link": "l"}
    for span in paragraph.spans:
        match span:
            case Break():
                for kind in kinds:
                    kinds[kind] += ""
            case Link(url):
                assert url == "https://a.example"
                kinds["link"] += span.text
            case Text(bold=bold, code=is_code):
                kinds["bold" if bold else "code" if is_code else ""] += span.text
    one_line = shown.replace("\n", "")
    assert kinds["bold"] == f"bb{one_line}"
    assert kinds["link"] == f"ll{one_line}"
    assert kinds["code"] == one_line
    assert kinds[""] == f"{one_line}   "


@given(ANY_TEXT, ANY_TEXT)
def test_any_two_texts_come_through_as_they_are(first: str, second: str) -> None:
    assert plain("{{ a }}{{ b }}|**{{ b }}**{{ a }}", a=first, b=second) == (
        f"{neutral(first)}{neutral(second)}|{neutral(second)}{neutral(first)}"
    )


@given(ANY_TEXT)
def test_any_text_comes_through_preformatted(text: str) -> None:
    source = "1. a\n\n   ```\n   {{ a }}\n   ```"
    item = render_source(RENDERER, source, a=text).blocks[0].items[0]  # type: ignore[union-attr]
    assert item[1] == Preformatted(neutral(text))


def test_a_line_end_in_a_paragraph_is_a_break() -> None:
    document = render_source(RENDERER, "**{{ a }}**", a="x\r\n\ny")
    x, y = Text("x", bold=True), Text("y", bold=True)
    assert document.blocks == (Paragraph((x, Break(), Break(), y)),)


def test_the_same_template_keeps_nothing_of_an_earlier_rendering() -> None:
    assert [plain("Hello **{{ a }}**", a=name) for name in ("Ann", "Bob")] == ["Hello Ann", "Hello Bob"]


def test_threads_do_not_see_one_anothers_texts() -> None:
    def render(number: int) -> bool:
        return plain("{{ a }} and {{ a }}", a=f"n{number}") == f"n{number} and n{number}"

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(render, range(400)))


def test_a_text_kept_by_an_imported_file_is_refused_later_rather_than_mixed_up(tmp_path: Path) -> None:
    (tmp_path / "kept.md").write_text("{% set kept %}{{ 'literal' }}{% endset %}")
    (tmp_path / "greeting.md").write_text("{% from 'kept.md' import kept %}{{ kept }} {{ name }}")
    renderer = Renderer([tmp_path])
    assert to_plain(renderer.render(Greeting("Ann"))) == "literal Ann"
    with pytest.raises(TemplateError, match="kept for later"):
        renderer.render(Greeting("Bob"))


def test_the_operators_template_comes_before_those_after_it(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for directory in (first, second):
        directory.mkdir()
        (directory / "greeting.md").write_text(f"{directory.name} {{{{ name }}}}")
    assert to_plain(Renderer([first, second]).render(Greeting("Ann"))) == "first Ann"


def test_a_template_is_read_once(tmp_path: Path) -> None:
    file = tmp_path / "greeting.md"
    file.write_text("{{ name }}")
    renderer = Renderer([tmp_path])
    renderer.render(Greeting("Ann"))
    file.write_text("changed {{ name }}")
    assert to_plain(renderer.render(Greeting("Ann"))) == "Ann"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "marked as UTF-8"])
def test_a_template_as_editors_on_windows_write_it(tmp_path: Path, mark: bytes) -> None:
    (tmp_path / "greeting.md").write_bytes(mark + b"# Hello\r\n\r\n{{ name }}\r\n")
    assert to_plain(Renderer([tmp_path]).render(Greeting("Ann"))) == "Hello\n\nAnn"


def test_an_error_names_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "greeting.md").write_text("Hello\n{% include 'part.md' %}")
    (tmp_path / "part.md").write_text("\n\n{{ name|upper }}")
    with pytest.raises(TemplateError) as caught:
        Renderer([tmp_path]).render(Greeting("Ann"))
    assert (caught.value.template, caught.value.line) == (str(tmp_path / "part.md"), 3)
    assert str(caught.value).startswith(f"{tmp_path / 'part.md'}:3: typed text")


def test_a_missing_template_and_a_broken_one_are_named(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"there is no template 'greeting\.md'"):
        Renderer([tmp_path]).render(Greeting("Ann"))
    (tmp_path / "greeting.md").write_text("\n{% if %}")
    with pytest.raises(TemplateError) as caught:
        Renderer([tmp_path]).render(Greeting("Ann"))
    assert (caught.value.template, caught.value.line) == (str(tmp_path / "greeting.md"), 2)


@pytest.mark.parametrize(
    ("files", "findings"),
    [
        ({"greeting.md": "{{ name }}"}, []),
        ({}, ["greeting.md: there is no such template"]),
        ({"greeting.md": "\n{% elif %}"}, ["greeting.md:2: Encountered unknown tag 'elif'."]),
        ({"greeting.md": "{{ name }}{{ b }}{{ a }}"}, [
            "greeting.md: 'a' is not in the context",
            "greeting.md: 'b' is not in the context",
        ]),
        ({"greeting.md": "hello"}, ["greeting.md: 'name' of the context is not used"]),
        ({"greeting.md": "{% include 'p.md' %}", "p.md": "{{ name }}"}, []),
        ({"greeting.md": "{% include 'p.md' %}", "p.md": "{{ nam }}"}, [
            "greeting.md: 'nam' is not in the context",
            "greeting.md: 'name' of the context is not used",
        ]),
        ({"greeting.md": "{% include 'p.md' %}"}, ["p.md: there is no such template"]),
        ({"greeting.md": "{{ name }}{% include 'p.md' %}", "p.md": "{% include 'greeting.md' %}"}, []),
        ({"greeting.md": "{% for x in [name] %}{% include 'p.md' %}{% endfor %}", "p.md": "{{ x }}"}, []),
        ({"greeting.md": "{% extends 'p.md' %}{% block b %}{{ super() }}{{ name }}{% endblock %}",
          "p.md": "{% block b %}{{ self.b }}{% endblock %}"}, []),
        ({"greeting.md": "{% from 'm.md' import m %}{% call m(name) %}x{% endcall %}",
          "m.md": "{% macro m(x) %}{{ x }}{{ caller() }}{% for i in range(2) %}{{ loop.index }}{% endfor %}"
                  "{% endmacro %}"}, []),
        ({"greeting.md": "{% import 'm.md' as m %}{{ m.m() }}",
          "m.md": "{% macro m() %}{{ name }}{% endmacro %}"},
         ["m.md: 'name' is not seen here: the file is imported without context"]),
        ({"greeting.md": "{% import 'm.md' as m with context %}{{ m.m() }}",
          "m.md": "{% macro m() %}{{ name }}{% endmacro %}"}, []),
        ({"greeting.md": "{% include name %}"},
         ["greeting.md:1: a template is referred to by a plain name, not an expression"]),
        ({"greeting.md": "{{ name }}\n{% if name %}{{ name|safe }}{% endif %}"},
         ["greeting.md:2: there is no filter or test 'safe'"]),
        ({"greeting.md": "{{ name|safe }}"}, ["greeting.md:1: No filter named 'safe'."]),
    ],
)  # fmt: skip
def test_findings_on_templates_and_their_contexts(
    tmp_path: Path, files: dict[str, str], findings: list[str]
) -> None:
    for name, source in files.items():
        (tmp_path / name).write_text(source)
    assert Renderer([tmp_path]).check(Greeting) == findings


def test_trusted_text_is_markdown_and_may_be_an_address() -> None:
    document = render_source(
        RENDERER, "{{ a }} [here]({{ u }})", a=trusted("*x*"), u=trusted("https://a.example")
    )
    assert document == parse("*x* [here](https://a.example)")
