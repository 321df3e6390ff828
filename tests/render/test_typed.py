from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from bot.render.typed import (
    CLOSE,
    OPEN,
    ForgedPlaceholderError,
    Placeholders,
    Typed,
    guard,
    neutral,
    trusted,
    typed,
)

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=[]))


class Color(StrEnum):
    RED = "red"


class Pair(NamedTuple):
    first: str
    second: int


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Müller & Söhne", "Müller & Söhne"),
        ("שלום مرحبا", "שלום مرحبا"),
        ("👩‍🚀 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👩‍🚀 🏴󠁧󠁢󠁥󠁮󠁧󠁿"),
        ("tab\tstays", "tab\tstays"),
        ("a\r\nb\rc\u2028d\u2029e\x85f\x0bg\x0ch", "a\nb\nc\nd\ne\nf\ng\nh"),
        ("\x1b[31mred\x07\x00\x7f\x9b", "\ufffd[31mred\ufffd\ufffd\ufffd\ufffd"),
        ("moc.\u202eevil\u2066x\u2069", "moc.\ufffdevil\ufffdx\ufffd"),
        ("\u200eLRM \u200fRLM", "\u200eLRM \u200fRLM"),
        ("half \ud83d", "half \ufffd"),
        (f"{OPEN}0{CLOSE}", "\ufffd0\ufffd"),
        ("", ""),
    ],
)
def test_what_is_neutralized_and_what_stays(text: str, shown: str) -> None:
    assert neutral(text) == shown


@given(ANY_TEXT)
def test_neutral_text_is_safe_and_stays_as_it_is(text: str) -> None:
    shown = neutral(text)
    shown.encode()
    assert neutral(shown) == shown
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", shown)


def test_typed_text_can_be_tested_compared_measured_and_looked_up() -> None:
    assert typed("a")
    assert not typed("")
    assert typed("a") == "a"
    assert typed("a") == typed("a")
    assert typed("a") != typed("b")
    assert typed("a") != 1
    assert len(typed("abc")) == 3
    assert {typed("a"): 1}[typed("a")] == 1
    assert typed("a") in ("a", "b")


@pytest.mark.parametrize(
    "misuse",
    [
        str,
        "{}".format,
        "x".__add__,
        lambda name: name + "x",
        lambda name: "x" + name,
        lambda name: f"{name}",
        lambda name: "%s" % name,  # noqa: UP031 - a template could
        ", ".join,
        lambda name: Markup("<b>%s</b>") % name,
        lambda name: Markup("x") + name,
        Markup,
        Markup.escape,
        iter,
        lambda name: name[0],
        lambda name: "a" in name,
    ],
)
def test_nothing_builds_a_string_of_typed_text(misuse: Callable[[Typed], object]) -> None:
    try:
        assert misuse(typed("secret")) is NotImplemented
    except TypeError as error:
        assert "secret" not in str(error)  # noqa: PT017 - either refusal will do


def test_its_representation_does_not_tell_it() -> None:
    assert repr(typed("secret")) == "Typed(<6 characters>)"


@pytest.mark.parametrize(
    ("value", "guarded"),
    [
        ("a", Typed("a")),
        (["a", 1], (Typed("a"), 1)),
        ({"k": ["a"]}, {"k": (Typed("a"),)}),
        (frozenset({"a"}), frozenset({Typed("a")})),
        (Pair("a", 1), Pair("a", 1)),
        (range(2), range(2)),
        (b"a", b"a"),
    ],
)
def test_strings_within_values_are_typed(value: object, guarded: object) -> None:
    assert guard(value) == guarded
    assert type(guard(value)) is type(guarded)


def test_strings_within_a_named_tuple_are_typed() -> None:
    pair = guard(Pair("a", 1))
    assert isinstance(pair, Pair)
    assert type(pair.first) is Typed


@pytest.mark.parametrize("value", [Color.RED, trusted("*x*"), None, 3, typed("a")])
def test_trusted_text_and_other_values_are_left_alone(value: object) -> None:
    assert guard(value) is value


def test_keys_of_a_mapping_are_typed_and_still_found() -> None:
    guarded = guard({"name": 1})
    assert isinstance(guarded, dict)
    assert [type(key) for key in guarded] == [Typed]
    assert guarded["name"] == 1


def test_placeholders_are_renumbered_as_they_stand() -> None:
    placeholders = Placeholders()
    first, second = placeholders.hold(typed("1st")), placeholders.hold(typed("2nd"))
    source, literals = placeholders.settle(f"a {second} b {first} c {second}")
    assert source == f"a {OPEN}0{CLOSE} b {OPEN}1{CLOSE} c {OPEN}2{CLOSE}"
    assert literals == ("2nd", "1st", "2nd")


@pytest.mark.parametrize(
    "forge", [str, lambda mark: mark[:-1], lambda mark: mark[1:], lambda _: f"{OPEN}0{CLOSE}"]
)
def test_a_placeholder_of_another_rendering_or_a_part_of_one_is_refused(forge: Callable[[str], str]) -> None:
    mark = Placeholders().hold(typed("x"))
    with pytest.raises(ForgedPlaceholderError):
        Placeholders().settle(f"a {forge(mark)} b")


def test_a_cut_placeholder_of_the_same_rendering_is_refused() -> None:
    placeholders = Placeholders()
    mark = placeholders.hold(typed("x"))
    with pytest.raises(ForgedPlaceholderError):
        placeholders.settle(mark[:-1])
