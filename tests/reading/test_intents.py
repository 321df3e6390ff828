"""What a message asks for, however short, in four languages."""

from __future__ import annotations

from datetime import date

import pytest

from bot.reading.sentences import read
from policy import Policy

TODAY = date(2026, 11, 23)
WANTED = """
thanks | thanks; Danke; Merci !; gracias; thx, that worked!; merci beaucoup, bonne soirée
thanks | Danke, hat geklappt :+1:; The refund was completed yesterday. Thanks everyone!
thanks | perfect, that's all I needed; Thanks, that answers it.
greeting | hi; Hello there; good morning everyone; Guten Morgen; Buenas; Bonsoir; morning!; good evening
refund | refund?; We'd like to get reimbursed; finance wants the cash back; kindly pay them back to our bank
refund | Bekommen wir das Guthaben zurück?; ist das erstattbar?
refund | hätten gern das Geld für ein Zertifikat zurück
refund | ¿Nos lo reembolsan?; ¿Nos reembolsarían el QuickSSL?; Est-ce remboursable ?; Rendez-nous notre argent
refund | The refund was issued three weeks ago but has not arrived, thanks; where is my refund?
cancel | CANCEL!!; Wie storniere ich das?; bitte storniren, Bestellung 5
cancel | anulad sin más el QuickSSL; cancelad el pedido
cancel | Annulez la commande; comment l'annuler ?; can we call off the order?
reissue | Did I say refund? I meant reissue.; I need a reissue; réémettez le certificat
revoke | revoke it; revocad el certificado; wir wollen das Zertifikat widerrufen lassen
status | status pls; Can we check?; woran hängt es?; où en est la commande ?; any news?
human | put me through to a person; mit einem Menschen sprechen; quiero hablar con una persona; agent
key_compromise | the private key of api.lodestar.example got pushed to a public git repo an hour ago
key_compromise | The key that belongs to the vpn certificate has been sitting in a public repo since lunch
key_compromise | Laptop theft at the office, our key was on it; it was unencrypted, so consider it stolen
other | the certificate was delivered yesterday evening; customer lost the private key; can you help me?
other | it was issued this morning; no; yes; lunch?; 2026-11-03; the credit note came in today
"""
ROWS = [
    (intent.strip(), text.strip())
    for line in WANTED.strip().split("\n")
    for intent, texts in [line.split("|")]
    for text in texts.split("; ")
]


@pytest.mark.parametrize(("intent", "text"), ROWS)
def test_intent(shipped: Policy, intent: str, text: str) -> None:
    assert read(shipped, text, TODAY).intent == intent
