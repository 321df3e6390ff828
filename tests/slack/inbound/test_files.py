"""Files as Slack tells of them: what each is, and that nothing in their object harms anybody."""

from __future__ import annotations

from typing import Any

import pytest

from bot.conversation.files import File, FileKind, WhyNot, sorted_out
from bot.slack.inbound.files import read
from tests.reading.keys import pems

KINDS: list[tuple[dict[str, Any], FileKind]] = [
    ({}, FileKind.STORED),
    ({"mode": "hosted"}, FileKind.STORED),
    ({"mode": "snippet"}, FileKind.STORED),
    ({"mode": "email"}, FileKind.STORED),
    ({"mode": "a mode of next year"}, FileKind.STORED),
    ({"mode": "external", "is_external": True}, FileKind.LINK),
    ({"mode": "space"}, FileKind.POST),
    ({"mode": "quip"}, FileKind.CANVAS),
    ({"mode": "list"}, FileKind.LIST),
    ({"mode": "hosted", "subtype": "slack_audio"}, FileKind.CLIP),
    ({"mode": "hosted", "subtype": "slack_video"}, FileKind.CLIP),
    ({"mode": "tombstone"}, FileKind.GONE),
    ({"mode": "hidden_by_limit"}, FileKind.GONE),
    ({"file_access": "check_file_info"}, FileKind.UNTOLD),
]


@pytest.mark.parametrize(("told", "kind"), KINDS)
def test_what_a_file_is(told: dict[str, Any], kind: FileKind) -> None:
    [found] = read({"files": [{"id": "F1", **told}]})
    assert found.kind is kind


ODD: list[tuple[object, tuple[File, ...]]] = [
    (None, ()),
    ([None, "F1", {}, {"id": ""}, {"id": "../F1"}], ()),
    ([{"id": "F1", "name": None, "title": "a\nb"}], (File("F1", "a b"),)),
    ([{"id": "F1", "name": "x" * 500}], (File("F1", "x" * 80),)),
    ([{"id": "F1", "name": pems()["PKCS #1, RSA 2048"]}], (File("F1", "file"),)),
    ([{"id": "F1", "name": "a", "size": -1}], (File("F1", "a"),)),
    ([{"id": "F1", "name": "a", "size": "large"}], (File("F1", "a"),)),
    ([{"id": "F1", "name": "a", "permalink": "https://a.example/) [x](b"}], (File("F1", "a"),)),
    ([{"id": "F1", "name": "a", "permalink": "javascript:alert(1)"}], (File("F1", "a"),)),
]


@pytest.mark.parametrize(("told", "wanted"), ODD)
def test_odd_objects_harm_nobody(told: object, wanted: tuple[File, ...]) -> None:
    assert read({"files": told}) == wanted


LIMIT = 20 * 1024 * 1024


@pytest.mark.parametrize(("size", "why"), [(LIMIT, None), (LIMIT + 1, WhyNot.TOO_LARGE)])
def test_the_size_that_is_passed_on(size: int, why: WhyNot | None) -> None:
    good, bad = sorted_out((File("F1", "a.png", size=size),))
    assert [each.why for each in bad] == ([why] if why else [])
    assert len(good) + len(bad) == 1


@pytest.mark.parametrize("number", [10, 11])
def test_how_many_of_a_message_are_passed_on(number: int) -> None:
    good, bad = sorted_out(tuple(File(f"F{each}", "a.png") for each in range(number)))
    assert len(good) == 10
    assert [each.why for each in bad] == [WhyNot.TOO_MANY] * (number - 10)
