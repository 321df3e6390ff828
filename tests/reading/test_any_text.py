"""Any text is read in time; what is found is part of it, and the facts are legal."""

from __future__ import annotations

import base64
import json
import time
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.sentences import Read, read
from policy.decide_json import answer_line
from tests.conftest import shipped
from tests.reading.score import CORPUS, messages

SHIPPED = shipped()
TODAY = date(2026, 11, 23)
MOST_SECONDS = 0.1
LONGEST = 40_000
CORPUS_TEXTS = [message["text"] for message in messages(sorted(CORPUS.glob("*.jsonl")))]
POLITE = [
    "Thank you very much for your help!",
    "I hope you are well.",
    "Best wishes from all of us.",
    "Have a nice weekend.",
    "Sorry to bother you again.",
    "Vielen Dank im Voraus!",
    "Muchas gracias de antemano.",
    "Merci d'avance pour votre aide.",
]
PIECES = [
    *(
        "issued",
        "not",
        "yet",
        "is it",
        "EV",
        "OV",
        "DV",
        "Sectigo",
        "GeoTrust",
        "PositiveSSL",
        "if",
        "or",
        "and",
        "?",
        ".",
    ),
    *(
        "3 Nov",
        "03/04/2026",
        "the 28th",
        "Monday",
        "last",
        "two weeks ago",
        "today",
        "31 November",
        "2027-01-01",
        ":",
        ",",
    ),
    *(
        "OpenSRS",
        "Trustico",
        "partner",
        "retail",
        "we are a",
        "reseller",
        "my web host",
        "a.example",
        "*.b.example",
        "-",
    ),
    *(
        "supplier order ID",
        "1234567",
        "tech email",
        "x@a.example",
        "username",
        "our",
        "the customer says",
        "I think",
        "sorry",
    ),
    *(
        "&gt; ",
        "\n",
        "\n\n",
        "-- \n",
        "Regards",
        "From: x",
        "<http://c.example|c.example>",
        "`x`",
        "*",
        "_",
        "(",
        ")",
        "\x00",
    ),
    *(
        "ausgestellt am",
        "noch nicht",
        "emitido el",
        "no",
        "émis le",
        "n'est pas",
        "bought from",
        "moved to",
        "instead of",
    ),
]
anything = st.text(max_size=300) | st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)


def check(text: str, found: Read) -> None:
    for each in found.found:
        assert text[each.start : each.end] == each.text
        assert each.text
        assert each.fact in {*found.facts, *found.details, *found.ambiguous}
    assert not {*found.facts, *found.details} & set(found.ambiguous)
    facts = {
        fact: value.isoformat() if isinstance(value, date) else value for fact, value in found.facts.items()
    }
    line = json.dumps({"facts": facts, "today": TODAY.isoformat()})
    assert "error" not in answer_line(SHIPPED, 1, line, TODAY), line


@pytest.mark.long
@given(anything)
@settings(max_examples=400, deadline=None)
def test_any_text_gives_legal_facts_without_raising(text: str) -> None:
    check(text, read(SHIPPED, text, TODAY))


@pytest.mark.long
@given(st.sampled_from(CORPUS_TEXTS), st.sampled_from(CORPUS_TEXTS))
@settings(max_examples=100, deadline=None)
def test_two_messages_joined_are_read(one: str, other: str) -> None:
    text = f"{one}\n\n{other}"
    check(text, read(SHIPPED, text, TODAY))


@pytest.mark.long
@given(st.sampled_from(CORPUS_TEXTS), st.sampled_from(POLITE))
@settings(max_examples=300, deadline=None)
def test_a_polite_sentence_changes_no_fact(text: str, polite: str) -> None:
    alone = read(SHIPPED, text, TODAY)
    for said in (f"{polite}\n{text}", f"{text}\n\n{polite}"):
        beside = read(SHIPPED, said, TODAY)
        assert (beside.facts, beside.details) == (alone.facts, alone.details), said


NOISE = Random(7)  # noqa: S311  no secret: what is measured must be the same each time
ADVERSE = {
    "prose": " ".join(CORPUS_TEXTS)[:LONGEST],
    "numbers": " ".join(str(NOISE.randrange(10**11)) for _ in range(2000)),
    "days": "3/4/2026 " * 4000,
    "nothing": "\x00" * LONGEST,
    "surrogates": "\ud800\udfff" * (LONGEST // 2),
    "base64": base64.b64encode(NOISE.randbytes(30_000)).decode(),
    "base64 in lines": base64.encodebytes(NOISE.randbytes(29_000)).decode(),
    "brackets": "<" * LONGEST,
    "links": "<http://a|b>" * 3000,
    "stars": "*" * LONGEST,
    "underscores": "_a" * (LONGEST // 2),
    "dots": "a." * (LONGEST // 2),
    "addresses": "a@" * (LONGEST // 2),
    "quotes": "> " * (LONGEST // 2),
    "lines": "\n" * LONGEST,
    "events": "issued " * 5700,
    "negations": "not " * 10_000,
    "conditions": "if " * 13_000,
    "voices": "we are " * 5700,
    "labels": "issued: " * 5000,
    "hosts": "a.example " * 4000,
    "struck": "~a" * (LONGEST // 2),
    "emoji": ":a" * (LONGEST // 2),
    "headers": "From: x\n" * 5000,
}


@pytest.mark.parametrize("name", ADVERSE)
def test_the_slowest_texts_are_read_in_time(name: str) -> None:
    spent = []
    for _ in range(3):
        began = time.process_time()
        found = read(SHIPPED, ADVERSE[name], TODAY)
        spent.append(time.process_time() - began)
    check(ADVERSE[name], found)
    assert min(spent) < MOST_SECONDS


def test_offsets_at_the_end_of_a_long_text_are_right() -> None:
    text = "A long story. " * 2500 + "It is a GeoTrust, issued on 3 November 2026."
    found = read(SHIPPED, text, TODAY)
    assert found.facts == {"provider": "geotrust", "issued": True, "fulfilled_on": date(2026, 11, 3)}
    check(text, found)
