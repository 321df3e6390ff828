"""The details of an order: what is taken, in which form, and what is refused. Both sides of each length."""

from __future__ import annotations

import pytest

from bot.conversation.order_details import check
from bot.conversation.problems import Problem, Trouble
from policy.facts import Detail
from policy.vocabulary import DetailKind

LABEL = "a" * 63
LONG_HOST = ".".join([LABEL, LABEL, LABEL, "a" * 61])
assert len(LONG_HOST) == 253

SOME = Detail("some")
TAKEN = {
    DetailKind.DIGITS: [
        ("1", "1"),
        (" 1234567890 ", "1234567890"),
        ("# 42", "42"),
        ("007", "007"),
        ("9" * 20, "9" * 20),
    ],
    DetailKind.HOST: [
        ("www.example.com", "www.example.com"),
        (" WWW.Example.COM. ", "www.example.com"),
        ("*.example.com", "*.example.com"),
        ("example.co.uk", "example.co.uk"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("*.Bücher.example", "*.xn--bcher-kva.example"),
        ("пример.рф", "xn--e1afmkfd.xn--p1ai"),
        ("a-b.1x.example", "a-b.1x.example"),
        (f"{LABEL}.example", f"{LABEL}.example"),
        (LONG_HOST, LONG_HOST),
    ],
    DetailKind.EMAIL: [
        ("tech@example.com", "tech@example.com"),
        (" First.Last+ssl@example.co.uk ", "First.Last+ssl@example.co.uk"),
        ("o@bücher.example", "o@bücher.example"),
        ("a" * 64 + "@example.com", "a" * 64 + "@example.com"),
    ],
    DetailKind.NAME: [
        ("rosa", "rosa"),
        (" rosa-shop_1 ", "rosa-shop_1"),
        ("rosa@shop.example", "rosa@shop.example"),
        ("x" * 64, "x" * 64),
    ],
    DetailKind.TEXT: [
        ("12 months, renewed", "12 months, renewed"),
        (" two\n lines\t", "two lines"),
        ("x" * 300, "x" * 300),
    ],
}
REFUSED = {
    DetailKind.DIGITS: [
        "x",
        "12 34",
        "12.5",
        "-1",
        "1e3",
        "²",
        "\u0661\u0662",
        "\uff11\uff12",
        "##1",
        "1\n2",
        "9" * 21,
    ],
    DetailKind.HOST: [
        *(
            "example",
            "localhost",
            "*.com",
            "*",
            "*.",
            ".",
            ".com",
            "a..b",
            "www.example.com..",
            "a b.example",
        ),
        *("https://www.example.com", "www.example.com/", "www.example.com:443", "rosa@example.com"),
        *("1.2.3.4", "256.256.256.256", "[::1]", "::1", "*.*.example.com", "w*.example.com", "www.*.com"),
        *("_dmarc.example.com", "-a.example", "a-.example", "faß.example", "ς.example", "a\u200db.example"),
        *("\u202ewww.example.com", "www.exam\x00ple.com", "\ud800.example", "😀", "xn--.example"),
        *("a" * 64 + ".example", "a" + LONG_HOST, "a." * 5000 + "example", "x" * 10_000),
    ],
    DetailKind.EMAIL: [
        *("tech", "tech@", "@example.com", "a@b@example.com", "tech@localhost", "tech@1.2.3.4"),
        *("te ch@example.com", "<tech@example.com>", ".a@example.com", "a.@example.com", "a..b@example.com"),
        *("a@*.example.com", "a\x00b@example.com", "\u202ea@example.com", "\ud800@example.com"),
        *("a" * 65 + "@example.com", "a@" + LONG_HOST, "mailto:a@example.com"),
    ],
    DetailKind.NAME: [
        "a b",
        "rosa'",
        '"rosa"',
        "<rosa>",
        "a`b",
        "a\x00b",
        "\u202erosa",
        "x" * 65,
    ],
    DetailKind.TEXT: ["x" * 301, "\x00", "\u202e"],
}
TROUBLE = {
    DetailKind.DIGITS: Trouble.NOT_AN_ORDER_ID,
    DetailKind.HOST: Trouble.NOT_A_HOST_NAME,
    DetailKind.EMAIL: Trouble.NOT_AN_EMAIL,
    DetailKind.NAME: Trouble.NOT_A_USERNAME,
    DetailKind.TEXT: Trouble.DETAIL_TOO_LONG,
}


@pytest.mark.parametrize(
    ("kind", "text", "value"), [(kind, *row) for kind, rows in TAKEN.items() for row in rows]
)
def test_what_is_taken(kind: DetailKind, text: str, value: str) -> None:
    assert check(SOME, kind, text) == value
    assert check(SOME, kind, value) == value


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, row in REFUSED.items() for text in row])
def test_what_is_refused(kind: DetailKind, text: str) -> None:
    found = check(SOME, kind, text)
    assert isinstance(found, Problem)
    assert (found.kind, found.field) == (TROUBLE[kind], SOME)
    assert len(found.typed) <= 80
    found.typed.encode()


@pytest.mark.parametrize("kind", [*DetailKind])
@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_nothing_is_no_answer(kind: DetailKind, text: str) -> None:
    assert check(SOME, kind, text) == Problem(Trouble.NO_ANSWER, SOME)
