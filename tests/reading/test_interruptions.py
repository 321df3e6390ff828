"""What people type during an interview that is not an answer, in four languages."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.reading.interruptions import asks_for_person, breaks_off, is_urgent, wants_back, wants_question_again

WISHES = """
    agent
    agent please
    an agent, please!
    Agent?
    agent now
    I need an agent
    no, agent please
    human
    real person
    a real human please
    operator
    representative
    support agent
    talk to a human
    talk to a person
    speak to someone
    Can I talk to a human?
    can i please speak with a real person
    could I speak to somebody from support
    I want to talk to a person
    I'd like to speak with an agent
    I would rather talk to a human
    let me talk to someone
    can someone call me
    Can somebody please call me back?
    could someone help me with this?
    call me
    please call me back
    call me, please
    phone number?
    hand to an agent
    Hand it to an agent please
    connect me to an agent
    connect me with a human please
    put me through to someone
    transfer me to an operator
    hand me over
    hand over to an agent
    pass me on to a colleague
    escalate
    please escalate this
    get me a human
    I need to speak to your manager
    is there a real person here?
    is anyone there?
    this does not work I want a human
    I don't know, I need an agent
    I don't understand this. Can I talk to someone?
    why don't you let me talk to a human
    why can't I talk to a person?
    live chat
    customer service please
    <@U0BOT> agent please
    HUMAN!!!
    ok, then an agent please
    it is order 1234567890, can someone call me about it?
    can I get help from somebody real
    I want an answer from someone competent
    anyone?
    anybody there?
    hello, anyone around?

    Mitarbeiter
    Mitarbeiter bitte
    einen Mitarbeiter bitte
    mit einem Menschen sprechen
    Ich möchte mit einem Menschen sprechen
    ich will mit einem echten Menschen reden
    Kann ich mit jemandem sprechen?
    Kann ich bitte mit einem Mitarbeiter sprechen?
    Ich brauche einen Ansprechpartner
    ich hätte gerne einen Mitarbeiter
    kann mich jemand anrufen?
    Bitte rufen Sie mich an
    rufen Sie mich bitte zurück
    Rückruf bitte
    bitte um Rückruf
    Gibt es hier einen Menschen?
    Können Sie mich mit einem Kollegen verbinden?
    verbinden Sie mich bitte mit einem Mitarbeiter
    Mensch bitte

    agente por favor
    un agente
    quiero hablar con una persona
    hablar con una persona
    ¿Puedo hablar con alguien?
    necesito hablar con un agente
    Quisiera hablar con un representante
    ¿me puede llamar alguien?
    llámenme por favor
    páseme con un agente
    quiero una persona real
    ¿hay alguien ahí?
    operador
    persona real

    parler à quelqu'un
    Je veux parler à quelqu'un
    je voudrais parler à un conseiller
    Puis-je parler à une vraie personne ?
    un agent s'il vous plaît
    conseiller svp
    un humain svp
    j'ai besoin d'un agent
    pouvez-vous me rappeler ?
    rappelez-moi
    Est-ce que quelqu'un peut m'aider ?
    mettez-moi en relation avec un conseiller
    y a-t-il quelqu'un ?
"""

NO_WISHES = """
    I don't need an agent
    I do not want to talk to a human
    no agent please
    no human needed
    not an agent
    I don't think I need an agent
    no need to talk to a person
    without talking to anyone
    please don't call me
    never call me
    do I need to talk to an agent?
    must I speak to someone?
    if I need an agent, where do I find one?
    an agent told me to write here
    I talked to an agent yesterday
    our agent ordered it
    a person from your company said so
    the contact person is Anna
    our technical contact person
    human error
    we are the agency
    reseller
    Sectigo
    my customer
    yes
    user agent string
    number
    I am a person
    the order was made by a colleague
    somebody canceled it
    is it real?
    has anyone else asked?
    somebody else ordered it
    C-1003
    shop.example.com
    thanks
    cancel
    not urgent

    ich brauche keinen Mitarbeiter
    Ich möchte nicht mit einem Menschen sprechen
    kein Mitarbeiter
    keinen Rückruf bitte
    ein Mitarbeiter hat es bestellt
    der Kunde hat angerufen

    no quiero hablar con una persona
    no necesito un agente
    sin agente
    el agente dijo que sí

    je ne veux pas parler à un agent
    pas besoin d'un agent
    pas d'agent
    sans agent
    l'agent a dit oui
"""

URGENT = """
    urgent
    URGENT!!!
    this is urgent
    it's very urgent, please hurry
    asap
    please answer asap
    as soon as possible please
    emergency
    I need this right now
    :rotating_light:
    \N{POLICE CARS REVOLVING LIGHT} the shop is down
    dringend
    Es ist sehr dringend!
    bitte sofort stornieren
    urgente
    es urgente
    lo antes posible
    c'est urgent
    urgence
    au plus vite svp
"""

NOT_URGENT = """
    not urgent
    it's not that urgent
    this is not really urgent
    no hurry
    nothing urgent
    nicht dringend
    es ist nicht so dringend
    no es urgente
    no es nada urgente
    pas urgent
    ce n'est pas très urgent
    agent
    yes
    cancel
"""

BREAKS = """
    cancel
    Cancel!
    cancel please
    please cancel
    cancel it
    cancel this
    I want to cancel
    cancel everything
    ok cancel
    stop
    STOP
    stop it
    please stop
    stop this
    abort
    quit
    exit
    never mind
    Never mind, thanks
    nevermind
    nvm
    forget it
    forget about it
    forget that, sorry
    no, cancel
    give up
    I give up
    let it go
    cancel the request
    close this case
    actually, I changed my mind
    abbrechen
    bitte abbrechen
    stopp
    vergiss es
    Vergessen Sie es bitte
    schon gut
    stornieren
    hat sich erledigt
    cancelar
    cancelar por favor
    olvídalo
    déjalo
    para
    annuler
    annulez svp
    laisse tomber
    Laissez tomber, merci
    stop svp
    tant pis
"""

NO_BREAKS = """
    don't cancel
    do not cancel it
    don't stop
    cancel the certificate for shop.example.com
    I want to cancel the certificate
    can I cancel?
    can I cancel it and get my money back
    cancel order 1234567890
    the order is canceled
    it stopped working
    the stop sign
    never
    mind
    nicht stornieren
    no cancelar
    ne pas annuler
    para mi cliente
    yes
    no
    back
    start over
    thanks
    agent
"""

AGAIN = """
    huh?
    what?
    pardon
    what do you mean
    What do you mean by that?
    what does this mean?
    what do you want?
    I don't understand
    sorry, I don't understand the question
    i dont get it
    not sure what you mean
    explain please
    can you explain that?
    could you repeat the question?
    say that again please
    where do I find that?
    Where can I see the fulfillment date?
    how do I find out?
    what is a supplier order id?
    what's a common name?
    what does EV mean?
    which number do you mean?
    wo finde ich das?
    warum?
    Wieso fragen Sie das?
    ¿por qué?
    pourquoi ?
    why do you need to know?
    why does that matter?
    Wo finde ich die Bestellnummer?
    ¿dónde encuentro el ID del pedido?
    où trouver le numéro ?
    what was the question?
    which question?
    I'm confused
    what should I answer here?
    go on
    ok, continue
    let's continue
    no, actually go on
    Wie bitte?
    Was meinen Sie damit?
    Das verstehe ich nicht
    weiter
    no entiendo
    No entiendo la pregunta
    ¿Qué quiere decir?
    continuar
    je ne comprends pas
    Que voulez-vous dire ?
    continuez svp
"""

BACK = """
    undo
    undo that please
    previous question
    one step back
    wrong button
    oh, wrong answer
    take me back
    zurück
    einen Schritt zurück
    atrás
    volver
    retour
"""

NEITHER = """
    yes
    I don't know
    what happens to the certificate?
    what do you know about Sectigo?
    I don't understand why it was canceled
    I want my money back
    can I get the money back?
    cancel it and go back to the old one
    the customer is confused
    it goes on since Monday
    we continue with GeoTrust
    previous provider
    the previous certificate
    go ahead and cancel it
    return
    reseller
    agent
    thanks
    ich verstehe
    Weiterleitung
    no
    je comprends
"""


def rows(table: str) -> list[str]:
    return [row.strip() for row in table.split("\n    ") if row.strip()]


@pytest.mark.parametrize("text", rows(WISHES))
def test_asking_for_a_person(text: str) -> None:
    assert asks_for_person(text)


@pytest.mark.parametrize("text", ["", *rows(NO_WISHES), *rows(BREAKS), *rows(NOT_URGENT)[:-3]])
def test_not_asking_for_a_person(text: str) -> None:
    assert not asks_for_person(text)


@pytest.mark.parametrize("text", rows(URGENT))
def test_urgent(text: str) -> None:
    assert is_urgent(text)


@pytest.mark.parametrize("text", ["", *rows(NOT_URGENT)])
def test_not_urgent(text: str) -> None:
    assert not is_urgent(text)


@pytest.mark.parametrize("text", rows(BREAKS))
def test_breaking_off(text: str) -> None:
    assert breaks_off(text)


@pytest.mark.parametrize("text", ["", *rows(NO_BREAKS), *rows(WISHES)])
def test_not_breaking_off(text: str) -> None:
    assert not breaks_off(text)


@pytest.mark.parametrize("text", rows(AGAIN))
def test_asking_for_the_question_again(text: str) -> None:
    assert (wants_question_again(text), wants_back(text)) == (True, False)


@pytest.mark.parametrize("text", rows(BACK))
def test_asking_for_the_previous_question(text: str) -> None:
    assert (wants_question_again(text), wants_back(text)) == (False, True)


@pytest.mark.parametrize("text", rows(NEITHER))
def test_messages_that_say_more_are_not_interruptions(text: str) -> None:
    assert (wants_question_again(text), wants_back(text)) == (False, False)


@given(st.text(max_size=300) | st.lists(st.sampled_from(rows(WISHES + BREAKS + NO_WISHES))).map(" ".join))
def test_any_text_is_read_without_raising(text: str) -> None:
    assert {asks_for_person(text), is_urgent(text), breaks_off(text)} <= {True, False}


@settings(max_examples=10, deadline=None)
@given(st.sampled_from(["agent ", "can someone ", "no need to ", "a ", ":", "<@", "urgent ", "> \n"]))
def test_long_texts_are_read_in_time(part: str) -> None:
    text = part * (40_000 // len(part))
    began = process_time()
    for read in (asks_for_person, is_urgent, breaks_off):
        read(text)
    assert process_time() - began < 2
