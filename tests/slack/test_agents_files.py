"""Files that an agent sends with a reply: in the requester's DM, or named with the reason why not."""

from __future__ import annotations

import pytest

from bot.playground.standin import text_of
from tests.slack.conftest import REQUESTER, Acts
from tests.slack.test_files import PEM, PNG, handed_over
from tests.slack.test_handoff import card, thread


async def replied(acts: Acts, label: str, **files: bytes) -> None:
    """Reply as an agent, with files by name."""
    await handed_over(acts)
    await acts.press("Claim", card(acts), user="ada")
    await acts.press(label, card(acts), user="ada")
    stored = [acts.slack.store("ada", name.replace("_", "."), data) for name, data in files.items()]
    view = acts.slack.fill(acts.modal("ada"), "words", "please look at this")
    acts.slack.fill(view, "files", stored)
    delivery = await acts.slack.submit("ada")
    assert delivery.acked, delivery.error
    await acts.world.settle()


@pytest.mark.parametrize("label", ["Reply to requester", "Ask for details"])
async def test_the_requester_gets_an_agents_files(acts: Acts, label: str) -> None:
    await replied(acts, label, form_pdf=b"%PDF-1.7 form", screen_png=PNG)
    got = {file.name: file.data for file in acts.slack.shared(acts.slack.im(REQUESTER))}
    assert got == {"form.pdf": b"%PDF-1.7 form", "screen.png": PNG}
    assert "please look at this" in "\n".join(map(text_of, acts.dm()))
    assert any("With it: form.pdf, screen.png" in entry for entry in thread(acts))


async def test_what_is_not_sent_is_named_to_both_sides(acts: Acts) -> None:
    await replied(acts, "Reply to requester", backup_zip=b"PK\x03\x04" + bytes(40), www_key=PEM.encode())
    assert acts.slack.shared(acts.slack.im(REQUESTER)) == []
    for said in ("\n".join(map(text_of, acts.dm())), "\n".join(thread(acts))):
        assert "backup.zip: archives" in said
        assert "www.key: there is a private key" in said


async def test_a_reply_needs_no_file(acts: Acts) -> None:
    await replied(acts, "Reply to requester")
    assert "please look at this" in "\n".join(map(text_of, acts.dm()))
