from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import blockkit
import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block as SlackBlock
from slack_sdk.models.blocks import RichTextBlock

from bot.render import Renderer, neutral, parse, size, to_blocks, to_fallback, to_plain
from bot.render.document import Document, Paragraph, Text
from tests.render.sources import render_source

Json: TypeAlias = dict[str, Any]
RENDERER = Renderer()
ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=[]))
# Pieces that mean something to Slack, Markdown, Jinja or a terminal, so that they are tried together.
HOSTILE = st.lists(
    st.sampled_from(
        [
            "<!channel>",
            "<@U1>",
            "*b*",
            "**",
            "_",
            "~",
            "[a](http://x)",
            "`",
            "```",
            "\n",
            "\n\n    ",
            "{{7*7}}",
            "</pre>",
            "\u202e",
            "&amp;",
            ":smile:",
            "@here",
            "# ",
            "- ",
            "1. ",
            "> ",
            "\x1b[0m",
            "é",
            "שלום",
            " " * 9,
            "x" * 900,
        ]
    )
).map("".join)
EVERYWHERE = """\
# {{ x }}

{{ x }} **{{ x }}** `{{ x }}`

- {{ x }}
  1. {{ x }}

     ```
     {{ x }}
     ```

> {{ x }}
>
> - {{ x }}

```
{{ x }}
```
"""


def text(value: str, **style: bool) -> Json:
    element: Json = {"type": "text", "text": value}
    return {**element, "style": style} if style else element


def section(*parts: str | Json) -> Json:
    return {"type": "rich_text_section", "elements": [text(p) if isinstance(p, str) else p for p in parts]}


def listing(style: str, *items: str | Json, indent: int = 0, **more: int) -> Json:
    elements = [section(item) if isinstance(item, str) else item for item in items]
    return {"type": "rich_text_list", "style": style, "indent": indent, "elements": elements, **more}


def ordered(*items: str | Json, **more: int) -> Json:
    return listing("ordered", *items, **more)


def bullet(*items: str | Json, **more: int) -> Json:
    return listing("bullet", *items, **more)


def pre(value: str, **more: int) -> Json:
    return {"type": "rich_text_preformatted", "elements": [text(value)], **more}


def quote(*parts: str | Json) -> Json:
    return {**section(*parts), "type": "rich_text_quote"}


STEPS = """\
1. one
2. two:

   ```
   code
   ```
3. three
   - inner
     - innermost
   - last
4. four

   more of four
5. five
   > said
6. six
"""


@pytest.mark.parametrize(
    ("source", "elements"),
    [
        ("a", [section("a")]),
        ("a\n\nb", [section("a\n\nb")]),
        ("a\\\nb", [section("a\nb")]),
        ("# T\n\na", [section(text("T", bold=True), "\na")]),
        ("a\n\n# T", [section("a\n\n", text("T", bold=True))]),
        ("**a** *b*", [section(text("a", bold=True), " ", text("b", italic=True))]),
        ("~~`a`~~", [section(text("a", strike=True, code=True))]),
        ("[a](https://x.example)", [section({"type": "link", "url": "https://x.example", "text": "a"})]),
        ("```\na\nb\n```", [pre("a\nb")]),
        ("- a\n- b", [bullet("a", "b")]),
        ("3. a\n4. b", [ordered("a", "b", offset=2)]),
        ("0. a", [ordered("a")]),
        ("- a\n\nb", [bullet("a"), section("\nb")]),
        ("-", [bullet(" ")]),
        ("- a\n\n  b", [bullet("a\n\nb")]),
        ("> a", [quote("a")]),
        ("> a\n>\n> b", [quote("a\n\nb")]),
        ("> a\n> 1. b", [quote("a"), ordered("b", border=1)]),
        ("> ```\n> a\n> ```", [pre("a", border=1)]),
        (STEPS, [
            ordered("one", "two:"), pre("code"),
            ordered("three", offset=2), bullet("inner", indent=1), bullet("innermost", indent=2),
            bullet("last", indent=1),
            ordered("four\n\nmore of four", "five", offset=3), quote("said"),
            ordered("six", offset=5),
        ]),
        ("- a\n  - b\n\n  after", [bullet("a"), bullet("b", indent=1), section("after")]),
        ("- ```\n  a\n  ```", [bullet(" "), pre("a")]),
    ],
)  # fmt: skip
def test_one_rich_text_block(source: str, elements: list[Json]) -> None:
    blocks = to_blocks(parse(source))
    assert blocks == [{"type": "rich_text", "elements": elements}]
    accept(blocks)


def test_an_empty_document_has_no_blocks() -> None:
    assert to_blocks(parse("")) == []
    assert to_blocks(parse("```\n```")) == []


def test_a_rule_is_a_divider() -> None:
    assert [block["type"] for block in to_blocks(parse("a\n\n---\n\nb"))] == [
        "rich_text",
        "divider",
        "rich_text",
    ]


@pytest.mark.parametrize(
    ("heading", "kinds"),
    [
        ("x" * 150, ["rich_text", "header", "rich_text"]),
        ("x" * 151, ["rich_text"]),
        ("a [b](https://x.example)", ["rich_text"]),
    ],
)
def test_a_heading_is_a_header_block_where_it_fits(heading: str, kinds: list[str]) -> None:
    blocks = to_blocks(parse(f"a\n\n# {heading}\n\nb"), headings="header")
    assert [block["type"] for block in blocks] == kinds
    accept(blocks)


def test_a_header_is_plain_and_shows_no_emoji_that_was_typed() -> None:
    blocks = to_blocks(render_source(RENDERER, "# {{ a }}", a=":smile:\n<!here>"), headings="header")
    title = {"type": "plain_text", "text": ":smile: <!here>", "emoji": False}
    assert blocks == [{"type": "header", "text": title}]


def test_lists_indent_at_most_eight_deep() -> None:
    depths = [element["indent"] for element in to_blocks(parse(nested(9)))[0]["elements"]]
    assert depths == [0, 1, 2, 3, 4, 5, 6, 7, 8]


def nested(depth: int) -> str:
    return "\n".join("  " * level + "- x" for level in range(depth))


@pytest.mark.parametrize("length", [2999, 3000, 3001, 40_000])
@pytest.mark.parametrize(
    "template", ["{{ x }}", "**{{ x }}**", "- {{ x }}\n- b", "> {{ x }}", "```\n{{ x }}\n```"]
)
def test_a_long_text_is_split_and_nothing_of_it_is_lost(template: str, length: int) -> None:
    long = ("word " * (length // 5 + 1))[:length]
    blocks = to_blocks(render_source(RENDERER, template, x=long))
    accept(blocks)
    shown = "".join(texts(blocks))
    assert shown.removesuffix("b") == long
    assert len([t for t in texts(blocks) if t != "b"]) == -(-length // 3000)


def test_a_long_item_leaves_the_numbers_as_they_are() -> None:
    elements = to_blocks(render_source(RENDERER, "1. {{ x }}\n2. b", x="x" * 3001))[0]["elements"]
    assert [element["type"] for element in elements] == [
        "rich_text_list",
        "rich_text_section",
        "rich_text_list",
    ]
    assert elements[2] == ordered("b", offset=1)


def test_a_preformatted_text_is_split_at_a_line_end() -> None:
    elements = to_blocks(render_source(RENDERER, "```\n{{ x }}\n```", x="l" * 2000 + "\n" + "m" * 2000))[0][
        "elements"
    ]
    assert elements == [pre("l" * 2000 + "\n"), pre("m" * 2000)]


@pytest.mark.long
@given(st.one_of(ANY_TEXT, HOSTILE))
def test_whatever_was_typed_becomes_text_elements_and_nothing_else(typed: str) -> None:
    blocks = to_blocks(render_source(RENDERER, EVERYWHERE, x=typed))
    plain_blocks = to_blocks(render_source(RENDERER, EVERYWHERE, x="x"))
    accept(blocks)
    assert element_types(blocks) <= element_types(plain_blocks)
    shown = "".join(texts(blocks))
    seamless = neutral(typed).replace("\n", "").replace(" ", "")
    assert shown.replace("\n", "").replace(" ", "") == seamless * EVERYWHERE.count("{{ x }}")


@given(st.one_of(ANY_TEXT, HOSTILE), st.integers(1, 300))
def test_the_fallback_has_no_mention_or_link_and_keeps_its_limit(typed: str, limit: int) -> None:
    document = render_source(RENDERER, "{{ x }} **{{ x }}**", x=typed)
    fallback = to_fallback(document, limit=limit)
    assert len(fallback) <= limit
    assert "<" not in fallback
    assert ">" not in fallback
    bare = fallback.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
    assert "&" not in bare


@pytest.mark.parametrize(
    ("typed", "limit", "fallback"),
    [
        ("a & b", 9, "a &amp; b"),
        ("a & b", 8, "a &amp;…"),
        ("a & b", 7, "a…"),
        ("<!channel>", 99, "&lt;!channel&gt;"),
        ("one two three", 13, "one two three"),
        ("one two three", 12, "one two…"),
        ("x" * 20, 10, "x" * 9 + "…"),
        ("", 5, ""),
        ("x", 0, ""),
        ("x", 1, "x"),
        ("xy", 1, "…"),
    ],
)
def test_both_sides_of_a_fallbacks_limit(typed: str, limit: int, fallback: str) -> None:
    assert to_fallback(Document((Paragraph((Text(typed),)),)), limit=limit) == fallback


def test_plain_text() -> None:
    source = STEPS + "\n# Title\n\nsee [here](https://x.example), <a@x.example>\n\n> a\n>\n> b\n\n---\n"
    assert (
        to_plain(parse(source))
        == """\
1. one
2. two:
   code
3. three
   - inner
     - innermost
   - last
4. four
   more of four
5. five
   > said
6. six

Title

see here (https://x.example), a@x.example

> a
>
> b

---"""
    )


def test_the_size_counts_text_and_addresses() -> None:
    blocks = to_blocks(parse("# T\n\nab [c](https://x.example)\n\n- d"), headings="header")
    assert size(blocks) == len("T") + len("ab ") + len("c") + len("https://x.example") + len("d")


def texts(value: object) -> Iterator[str]:
    match value:
        case {"type": "text" | "link" | "plain_text", "text": str(inner)}:
            yield inner
        case dict():
            for inner in value.values():
                yield from texts(inner)
        case list():
            for inner in value:
                yield from texts(inner)


def element_types(value: object) -> set[str]:
    match value:
        case dict():
            return {str(value.get("type"))} | {t for inner in value.values() for t in element_types(inner)}
        case list():
            return {t for inner in value for t in element_types(inner)}
        case _:
            return set()


def accept(blocks: list[Json]) -> None:
    """Check blocks against the two libraries' models and against what Slack itself refuses."""
    for block in blocks:
        assert SlackBlock.parse(block) is not None
        if block["type"] != "rich_text":
            continue
        known = RichTextBlock(elements=block["elements"])
        known.validate_json()
        assert known.to_dict() == block
        assert block["elements"]
        assert blockkit.RichText([rebuilt(element) for element in block["elements"]]).build() == block


def rebuilt(element: Json) -> blockkit.core.Component:
    """Return the element made anew with blockkit, which refuses keys and values that Slack does not have."""
    kind, rest = (
        element["type"],
        {key: value for key, value in element.items() if key not in ("type", "style")},
    )
    style = blockkit.RichStyle(**element["style"]) if isinstance(element.get("style"), dict) else None
    match kind:
        case "text":
            assert 0 < len(element["text"]) <= 3000
            return blockkit.RichTextEl(**rest, style=style)
        case "link":
            return blockkit.RichLinkEl(**rest, style=style)
    rest["elements"] = [rebuilt(inner) for inner in element["elements"]]
    assert rest["elements"]
    match kind:
        case "rich_text_list":
            return blockkit.RichTextList(**rest, style=element["style"])
        case "rich_text_section":
            assert sum(map(len, texts(element))) <= 3000
            return blockkit.RichTextSection(**rest)
        case "rich_text_quote":
            return blockkit.RichTextQuote(**rest)
        case "rich_text_preformatted":
            return blockkit.RichTextPreformatted(**rest)
    raise AssertionError(kind)
