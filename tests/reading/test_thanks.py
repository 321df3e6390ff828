"""Which messages are only thanks, in four languages, and which only begin like thanks."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.thanks import is_thanks, may_answer

THANKS = """
    have a nice weekend
    see you
    take care!
    Best regards, Rosa
    Kind regards
    lol
    you can close it
    you can close the ticket now
    please close the case
    no thanks needed
    thanks
    Thanks!
    Thanks a lot
    ok thanks
    Ok, thank you very much
    thank you so much!!
    THANKS ADA
    Thanks a lot Ada!
    thanks rosa
    Thank you, Khadija!
    Thank you Dr. Meyer
    Ada, thanks
    Hi Ada, thanks a lot! Best regards, John Smith
    Thanks,\nJonas
    Thanks,\n- Siobhan
    @ada thanks!
    <@U0ADA> thank you!
    Thank you so much <@U0ADA|ada>, that helped a lot :slightly_smiling_face:
    <!here> thanks everybody
    perfect, that worked
    Perfect.
    great
    awesome, thanks again
    cool cool
    got it
    Got it, will do
    noted, thx
    understood, cheers
    ty
    tysm!
    thx :)
    thanks &lt;3
    Thanks &amp; bye
    *Thanks!*
    _thank you_
    `thanks`
    thaaaanks
    Thankssss sooo much
    greaaaat
    thnaks
    Much appreciated
    I really appreciate it
    I really appreciate your quick help
    many thanks
    thanks for your help
    thanks for the quick reply
    thanks again for all your help and patience
    Thank you for getting back to me so quickly
    thanks for letting me know
    thanks for sorting this out so fast
    thank you for canceling it
    thanks for the refund
    Thanks for everything!
    thanks in advance
    Yes, that worked, thanks!
    yep, it works now
    no, that's all, thanks
    nope, all good, thank you
    That\N{RIGHT SINGLE QUOTATION MARK}s all I needed, thanks
    Great, all good now. Have a nice weekend!
    it's working now, thank you
    that did the trick, thanks
    problem solved, thanks a million
    no problem, thank you
    you're the best!
    you are a lifesaver, Rosa
    sounds good, thanks
    good to know, thanks
    thanks, see you later
    thanks and have a great day
    ok, bye
    100% thanks
    +1
    :+1:
    :+1::skin-tone-3:
    :thumbsup: :thumbsup:
    :thank-you:
    :pray::skin-tone-6:
    thanks :party_parrot:
    :white_check_mark: thanks
    :heart:
    \N{THUMBS UP SIGN}
    \N{THUMBS UP SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-4}
    \N{PERSON WITH FOLDED HANDS}
    \N{THUMBS UP SIGN}\N{PERSON WITH FOLDED HANDS}
    \N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16} thanks
    thank you \N{SMILING FACE WITH SMILING EYES}\N{PARTY POPPER}
    okay \N{OK HAND SIGN}
    &gt; C-1003 is resolved. Refunded.\nThanks!
    &gt; Does it still not work?\nthanks, it works

    Danke
    danke!!!
    Danke schön
    Dankeschön, schönes Wochenende noch!
    vielen Dank!
    Vielen lieben Dank, Jonas
    Vielen Dank Frau Müller!
    Herzlichen Dank für die schnelle Hilfe
    Danke für die Info
    Besten Dank im Voraus
    Super, danke dir Jonas \N{THUMBS UP SIGN}
    Danke, hat geklappt
    Es funktioniert jetzt, vielen Dank
    perfekt, danke
    alles klar, danke
    ok danke
    Prima, das war's schon
    Tausend Dank
    1000 Dank
    danke euch allen
    Danke Ihnen, einen schönen Tag noch
    Vielen Dank und viele Grüße
    passt, merci
    Alles klar!
    in Ordnung
    sehr nett, danke
    Ich bedanke mich
    ja, hat geklappt, danke

    gracias
    ¡Gracias!
    muchas gracias, Rosa
    Muchísimas gracias por la ayuda, saludos
    mil gracias
    vale, gracias
    ok gracias
    perfecto, gracias
    gracias por todo
    gracias por tu ayuda
    Gracias por su rápida respuesta
    muy amable, gracias
    gracias, ya funciona
    Ya está solucionado, muchas gracias
    te lo agradezco mucho
    genial
    de acuerdo, gracias
    eso es todo, gracias
    gracias a todos, buen fin de semana
    Gracias, hasta luego
    excelente, mil gracias Carlos

    merci
    Merci !
    Merci beaucoup pour votre aide, bonne journée !
    Merci bien
    mille mercis
    D'accord, merci
    d\N{RIGHT SINGLE QUOTATION MARK}accord
    c'est parfait, merci
    ça marche, merci
    merci d'avance
    merci à vous
    Merci Camille
    Un grand merci à toute l'équipe
    merci pour la réponse rapide
    Je vous remercie
    super, merci beaucoup
    C'est réglé, merci
    oui, c'est bon, merci
    bien reçu, merci
    parfait
    très gentil
    merci, bon week-end
    Merci pour tout, cordialement
"""

MORE = """
    can you close it?
    don't close it
    please close it and refund the other one
    you can close it once the money is there
    see you have not answered
    take care of the other order too
    what are your regards
    thanks, but it still does not work
    Thanks! But it is not refunded yet
    thanks, one more thing: can I cancel two?
    thanks, one more thing
    ok, and when does the money come?
    no thanks, I still want the refund
    no thanks
    thanks for nothing
    thank you for canceling the wrong one
    thanks?
    ok?
    thanks, when?
    thanks, waiting for the refund
    thanks waiting
    Thanks. Waiting
    thanks, still waiting
    thanks, please cancel it
    Thanks, please also cancel C-1004
    ok cancel
    ok, cancel it
    Cancel, thanks
    help, thanks
    please help, thanks
    thanks, help
    thanks agent
    agent, thanks
    thanks, I need an agent
    thanks, urgent
    thanks, it is urgent
    great, now it is broken
    great, it broke again
    not ok
    not great
    thanks, not solved
    it worked yesterday
    it worked until now, thanks
    that worked for one of them
    thanks to you I lost money
    thanks. No.
    ok no
    yes
    yes thanks
    yes please
    ok yes
    no
    no problem with the order, with the other one
    thanks :(
    thanks :-/
    thanks :thumbsdown:
    :-1:
    \N{THUMBS DOWN SIGN}
    thanks \N{THINKING FACE}
    :question:
    :rotating_light: thanks
    thanks \N{KEY}
    :party_parrot:
    Sectigo
    thanks https://example.com/order
    thanks <https://shop.example.com|shop.example.com>
    thanks shop.example.com
    thanks, order 1234567890
    thanks 12345
    thanks, C-1003
    thanks <#C0123|general>
    thanks, the key leaked
    thank god the key leaked
    thanks, the credit has not come
    thanks, credit came
    thanks, I sent it
    received
    done
    thanks for the refund, where is the second?
    thanks for your help with nothing
    thank you for the late answer
    thank you for your offer, we do not accept
    thanks for the info, the common name is shop.example.com
    hello
    hi Ada
    Ada
    new
    help
    cases
    back
    C-1003
    have a look
    a lot
    have a nice day at the wrong company

    danke für nichts
    danke, aber es geht immer noch nicht
    Danke, funktioniert nicht
    danke, und das Geld?
    Danke, Geld fehlt
    danke, noch eine Frage
    Danke, Mahnung
    nein danke
    Nein, das hat nicht geklappt
    ja
    danke, bitte stornieren
    danke, dringend
    hat nicht geklappt
    bitte

    gracias por nada
    gracias, pero no funciona
    gracias, todavía no funciona
    no, gracias
    sí
    gracias, otra pregunta
    gracias, falta el reembolso
    ya no funciona
    gracias, es urgente

    merci pour rien
    merci mais ça ne marche pas
    merci, toujours rien
    non merci
    oui
    merci, encore une question
    merci, c'est urgent
    ça ne marche pas
    merci, je veux un agent
"""


def rows(table: str) -> list[str]:
    return [row.strip().replace("\\n", "\n") for row in table.split("\n    ") if row.strip()]


@pytest.mark.parametrize("text", rows(THANKS))
def test_thanks(text: str) -> None:
    assert is_thanks(text)


@pytest.mark.parametrize("text", ["", " ", "\n", "?", *rows(MORE)])
def test_messages_that_say_more_are_not_thanks(text: str) -> None:
    assert not is_thanks(text)


@pytest.mark.parametrize(
    "more", ["{} but it fails", "{}\nWhen does the money come", "cancel the other one, {}"]
)
def test_one_more_word_is_not_thanks(more: str) -> None:
    assert not [text for text in rows(THANKS) if is_thanks(more.format(text))]


def test_the_table_is_long_enough() -> None:
    assert len(rows(THANKS)) + len(rows(MORE)) >= 150


@pytest.mark.parametrize("text", ["thanks, Sectigo", "Thanks Sectigo", "great, thanks Sectigo"])
def test_a_product_is_not_a_persons_name(text: str) -> None:
    assert is_thanks(text)
    assert not is_thanks(text, not_names={"sectigo"})


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("ok", True),
        ("ok thanks", True),
        (":+1:", True),
        ("perfect", True),
        ("alles klar, danke", True),
        ("vale, gracias", True),
        ("d'accord", True),
        ("that worked, thanks", True),
        ("thanks", False),
        ("thanks a lot Ada!", False),
        ("\N{PERSON WITH FOLDED HANDS}", False),
        ("vielen Dank!", False),
        ("no", False),
    ],
)
def test_agreement_can_answer_an_agents_question(text: str, answers: bool) -> None:  # noqa: FBT001
    assert may_answer(text) == answers


@given(st.text(max_size=300))
def test_any_text_is_read_without_raising(text: str) -> None:
    assert is_thanks(text) in {True, False}


@given(st.lists(st.sampled_from([*rows(THANKS), ":", "<", "<@", "&gt;", "aaaa", "\u200d", "'"]), max_size=20))
def test_any_mixture_is_read_without_raising(said: list[str]) -> None:
    assert is_thanks(" ".join(said)) in {True, False}


@settings(max_examples=20, deadline=None)
@given(
    st.sampled_from(
        ["thanks ", "\N{THUMBS UP SIGN}", ":", "<@", "a'", "> \n", ":a", ":(", "aaa", "&lt;", "@", "+1 "]
    )
)
def test_long_texts_are_read_in_time(part: str) -> None:
    began = process_time()
    assert not is_thanks(part * (40_000 // len(part)))
    assert process_time() - began < 1
