"""What a sentence only reports, asks, supposes, denies or takes back is not read as stated."""

from __future__ import annotations

from datetime import date

import pytest

from bot.reading.sentences import read
from policy import Policy

TODAY = date(2026, 11, 26)
STATEMENTS = (
    "it was issued on 12 November",
    "it is a Sectigo",
    "it is an EV",
    "the certificate is a Thawte SSL123",
    "it has not been issued yet",
    "we ordered it at OpenSRS",
    "we are a reseller",
    "the certificate is installed",
    "it's a PositiveSSL issued on the 3rd of November",
)
FRAMES = (
    # reported
    "The customer says that {}.",
    "My customer is telling me {}.",
    "He wrote that {}.",
    "Somebody in the forum wrote {}.",
    "Our sales guy promised the client that {}.",
    "{}, says the client.",
    "{} - customer's words, not mine.",
    "{}, at least that's what the customer says.",
    "{}, or so I'm told.",
    # believed
    "I was hoping {}.",
    "I doubt that {}.",
    "At first I thought {}.",
    "My colleague seems to remember that {}.",
    "I'm not certain that {}.",
    "It looks as if {}.",
    "I wish {}.",
    # asked
    "Is it true that {}?",
    "Could it be that {}?",
    "How do I find out whether {}?",
    "Please check if {}.",
    "Can you confirm that {}?",
    "Who says that {}?",
    "Should I tell him that {}?",
    "The form asks whether {}.",
    "{}, or am I mistaken?",
    # supposed
    "Let's say {}.",
    "Say {}, do we still get money back?",
    "Provided that {}, what happens?",
    "Even if {}, what would that change?",
    "The FAQ has this example: {}.",
    "Pretend {}.",
    # denied, or taken back
    "It's not true that {}.",
    "I thought {} but I was wrong.",
    "{}?? That can't be right.",
    # of another order
    "On another order {}.",
    "For a different certificate {}.",
)
OTHER_LANGUAGES = (
    ("Stimmt es, dass {}?", "es wurde am 12. November ausgestellt"),
    ("Es stimmt nicht, dass {}.", "es ist ein Sectigo"),
    ("{}, sagt der Kunde.", "es ist ein EV"),
    ("Ich dachte, {}, aber das war falsch.", "das Zertifikat ist schon ausgestellt"),
    ("Können Sie prüfen, ob {}?", "es ist ein Sectigo"),
    ("¿Es verdad que {}?", "fue emitido el 12 de noviembre"),
    ("No es cierto que {}.", "es un Sectigo"),
    ("Supongamos que {}.", "el certificado ya está emitido"),
    ("Me han dicho que {}.", "es un EV"),
    ("Est-il vrai que {} ?", "c'est un Sectigo"),
    ("Ce n'est pas vrai que {}.", "il a été émis le 12 novembre"),
    ("Je pensais que {}, mais je me trompais.", "c'est un EV"),
    ("On m'a dit que {}.", "le certificat est déjà émis"),
)
# The subject of what is asked or reported is the order's all the same.
SUBJECTS = (
    ("Can you tell me if the Thawte was issued?", {"provider": "thawte"}),
    ("I'm not sure whether a QuickSSL issued on 20 November can be refunded.", {"provider": "geotrust"}),
    ("The customer says the Sectigo cert doesn't work.", {"provider": "sectigo"}),
    ("Can someone tell me how to cancel a GeoTrust that is pending?", {"provider": "geotrust"}),
    ("The panel says it is issued. Provider is Sectigo.", {"provider": "sectigo", "issued": True}),
    ("I told him it was issued on 12 November.", {"issued": True}),
)


@pytest.mark.parametrize("frame", FRAMES)
def test_an_embedded_statement_is_not_stated(shipped: Policy, frame: str) -> None:
    for statement in STATEMENTS:
        text = frame.format(statement)
        assert not dict(read(shipped, text[0].upper() + text[1:], TODAY).facts), text


@pytest.mark.parametrize(("frame", "statement"), OTHER_LANGUAGES)
def test_an_embedded_statement_is_not_stated_in_other_languages(
    shipped: Policy, frame: str, statement: str
) -> None:
    text = frame.format(statement)
    assert not dict(read(shipped, text[0].upper() + text[1:], TODAY).facts)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_each_statement_alone_is_stated(shipped: Policy, statement: str) -> None:
    assert read(shipped, statement[0].upper() + statement[1:] + ".", TODAY).facts


@pytest.mark.parametrize(("text", "stated"), SUBJECTS)
def test_the_subject_of_a_governed_clause_is_stated(
    shipped: Policy, text: str, stated: dict[str, object]
) -> None:
    facts = read(shipped, text, TODAY).facts
    assert {str(fact): facts.get(fact) for fact in facts if fact in stated} == stated
