"""What people write when a private key has leaked, and what only sounds like it."""

from __future__ import annotations

from datetime import date

import pytest

from bot.reading.intents import Intent
from bot.reading.sentences import read
from policy import Policy
from tests.reading.test_interruptions import rows

TODAY = date(2026, 11, 23)

LEAKED = """
    the key leaked, please hurry
    our key was pushed to GitHub by mistake
    the private key got committed to git
    the key was sent to everyone in the company
    somebody has stolen our key
    la clave privada se ha filtrado
    nos han robado la clave privada
    la clave está en GitHub
    notre clé a fuité
    la clé privée a été divulguée
    notre clé privée a été compromise
    der Schlüssel ist geleakt, bitte sofort sperren!
    unser privater Schlüssel ist im Netz
    der private Schlüssel steht auf GitHub
    jemand hat den Schlüssel gestohlen
"""

SAFE = """
    the CSR and key were uploaded to the control panel
    the key was not leaked
    we lost the key
    the order was pushed to next week
    where do I find the key
    I installed the key on the server
    the CSR was posted to the forum
    la clave del panel no funciona
    der Schlüssel passt nicht zum Zertifikat
"""


@pytest.mark.parametrize("text", rows(LEAKED))
def test_a_leaked_key_is_recognized(core: Policy, text: str) -> None:
    assert read(core, text, TODAY).intent is Intent.KEY_COMPROMISE


@pytest.mark.parametrize("text", rows(SAFE))
def test_other_talk_of_keys_is_not_a_leak(core: Policy, text: str) -> None:
    assert read(core, text, TODAY).intent is not Intent.KEY_COMPROMISE
