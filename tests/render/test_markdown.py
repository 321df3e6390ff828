from __future__ import annotations

import pytest

from bot.render.document import (
    Break,
    BulletList,
    Heading,
    Link,
    NumberedList,
    Paragraph,
    Preformatted,
    Quote,
    Rule,
    Text,
)
from bot.render.markdown import MarkdownError, parse
from bot.render.typed import CLOSE, OPEN


def p(*spans: Text | Link | Break | str) -> Paragraph:
    return Paragraph(tuple(Text(span) if isinstance(span, str) else span for span in spans))


@pytest.mark.parametrize(
    ("source", "blocks"),
    [
        ("", ()),
        ("plain", (p("plain"),)),
        ("two\nlines", (p("two lines"),)),
        ("hard\\\nbreak", (p("hard", Break(), "break"),)),
        ("hard  \nbreak", (p("hard", Break(), "break"),)),
        ("one\n\ntwo", (p("one"), p("two"))),
        (
            "**b** *i* ~~s~~",
            (p(Text("b", bold=True), " ", Text("i", italic=True), " ", Text("s", strike=True)),),
        ),
        ("***both***", (p(Text("both", bold=True, italic=True)),)),
        ("`*code*`", (p(Text("*code*", code=True)),)),
        ("**`code`**", (p(Text("code", bold=True, code=True)),)),
        ("[here](https://a.example)", (p(Link("https://a.example", "here")),)),
        ("[**here**](https://a.example)", (p(Link("https://a.example", "here", bold=True)),)),
        ("[](https://a.example)", (p(Link("https://a.example", "https://a.example")),)),
        ("<help@a.example>", (p(Link("mailto:help@a.example", "help@a.example")),)),
        ("https://a.example", (p("https://a.example"),)),
        ("# One\n### Three", (Heading(1, (Text("One"),)), Heading(3, (Text("Three"),)))),
        ("- a\n- b", (BulletList(((p("a"),), (p("b"),))),)),
        ("3. a\n4. b", (NumberedList(((p("a"),), (p("b"),)), start=3),)),
        ("0. a", (NumberedList(((p("a"),),), start=0),)),
        ("- a\n  1. b", (BulletList(((p("a"), NumberedList(((p("b"),),))),)),)),
        ("-", (BulletList(((),)),)),
        ("```\n a\n\nb\n```", (Preformatted(" a\n\nb"),)),
        ("```\na\n\n```", (Preformatted("a\n"),)),
        ("> a\n> - b", (Quote((p("a"), BulletList(((p("b"),),)))),)),
        ("a\n\n---\n\nb", (p("a"), Rule(), p("b"))),
        ("a &amp; b &lt;", (p("a & b <"),)),
        ("\\*a\\*", (p("*a*"),)),
    ],
)
def test_what_each_construct_becomes(source: str, blocks: tuple[object, ...]) -> None:
    assert parse(source).blocks == blocks


@pytest.mark.parametrize(
    ("source", "blocks"),
    [
        ("    indented", (p("indented"),)),
        ("text\n---", (p("text"), Rule())),
        ("<b>x</b>", (p("<b>x</b>"),)),
        ("<div>\nx", (p("<div> x"),)),
        ("![a](https://a.example)", (p("!", Link("https://a.example", "a")),)),
        ("[a]: https://a.example", (p("[a]: https://a.example"),)),
    ],
)
def test_what_of_commonmark_is_left_out(source: str, blocks: tuple[object, ...]) -> None:
    assert parse(source).blocks == blocks


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "/here",
        "ftp://a.example",
        "",
        "https:x",
    ],
)
def test_a_link_leads_to_the_web_or_a_mailbox_only(address: str) -> None:
    with pytest.raises(MarkdownError, match="http, https or mailto"):
        parse(f"[a](<{address}>)")


@pytest.mark.parametrize(
    "address", ["https://a.example/\x1b", "https://a b", "https://a\u202e", "https://", "mailto:"]
)
def test_a_link_made_by_hand_is_held_to_the_same(address: str) -> None:
    with pytest.raises(ValueError, match="leads to"):
        Link(address, "x")


def test_an_address_in_other_letters_is_encoded() -> None:
    assert parse("[a](https://bücher.example/ü)").blocks == (
        p(Link("https://xn--bcher-kva.example/%C3%BC", "a")),
    )


def test_a_placeholders_characters_are_no_placeholder_in_plain_markdown() -> None:
    assert parse(f"a {OPEN}0{CLOSE}").blocks == (p("a \ufffd0\ufffd"),)


def test_a_placeholders_characters_cannot_be_written_as_entities() -> None:
    with pytest.raises(MarkdownError):
        parse("&#xf5a3c;0&#xf5a3d;")
