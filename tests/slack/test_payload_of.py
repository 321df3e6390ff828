"""A form's payload is what `urllib` makes of it, or it is left to Bolt."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.app.bolt import payload_of


@given(fields=st.dictionaries(st.text(), st.text()), ascii_only=st.booleans())
def test_what_was_encoded_comes_out(fields: dict[str, str], *, ascii_only: bool) -> None:
    text = json.dumps(fields, ensure_ascii=ascii_only)
    form = urlencode({"payload": text}, errors="surrogatepass")
    assert payload_of(form) == dict(parse_qsl(form))["payload"]


@pytest.mark.parametrize(
    ("form", "payload"),
    [
        ("payload=%7B%2522%7D", "{%22}"),
        ("payload=%7b%22a%22:+1%7d", '{"a": 1}'),
        ("payload={}", "{}"),
        ("payload=%7B%zz%7D", "{%zz}"),
        ("payload=%7B%F0%9F%98%80%7D", "{😀}"),
        ("payload=%7B%ff%7D", "{\ufffd}"),
        ("payload=%7B%7D%26x", "{}&x"),
        ("payload=%5B%5D", None),
        ("payload=", None),
        ("payload=%7B%7D&payload=%7B%7D", None),
        ("command=%2Fcertdesk&text=%7B%7D", None),
        ("", None),
    ],
)
def test_only_the_object_of_a_form_of_one_field_is_taken(form: str, payload: str | None) -> None:
    assert payload_of(form) == payload
    if payload is not None:
        assert dict(parse_qsl(form))["payload"] == payload
