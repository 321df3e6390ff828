"""A certificate in the DM, pasted or as a file, and after the command."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, pkcs7, pkcs12

from bot.playground.standin import text_of
from tests.reading import certificates as made
from tests.reading.certificates import chain, der, leaf, pem
from tests.reading.keys import pems
from tests.slack.conftest import Acts
from tests.slack.test_files import got, handed_over, send
from tests.slack.test_handoff import thread

LEAF = pem(leaf()).decode()
MANY = made.made(
    made.name("Sectigo Limited", made.ISSUED[0].issuer),
    made.name(None, "shop.example.com"),
    (made.DV,),
    [f"shop-{number}.example.com" for number in range(60)],
)
LONG = pem(MANY, *chain()[1:], *chain()[1:]).decode()  # longer than anything that is typed
READ = "I read: Sectigo · DV · Fulfilled: Tue 3 November 2026? (the certificate's first day, a hint)"


async def test_pasted_as_a_first_message_it_is_read_and_only_the_rest_is_asked(acts: Acts) -> None:
    said = await acts.write(f"please cancel this one\n{LEAF}")
    assert f"{READ} · shop.example.com" in said
    assert "Where was" in text_of(acts.last())
    [said, asked] = [await acts.write(each) for each in ("opensrs", "reseller")]
    assert "The certificate begins on 3 November 2026" in asked
    read = next(message for message in acts.dm() if "I read:" in text_of(message))
    await acts.press("correct:provider", read)
    assert "Which provider" in text_of(acts.last())


async def test_in_answer_to_a_question_it_is_read_and_the_question_stands_below(acts: Acts) -> None:
    await acts.write("hi")
    assert READ in await acts.write(LEAF)
    assert "Where was" in text_of(acts.last())


async def test_of_a_long_chain_the_leaf_is_read(acts: Acts) -> None:
    assert len(LONG) > 4000
    said = await acts.write(LONG)
    assert READ in said
    assert "too long" not in said


async def test_after_the_command_the_modal_opens_at_the_first_open_question(acts: Acts) -> None:
    view = await acts.command(LEAF)
    assert view is not None
    assert READ in text_of(view)


async def test_to_agents_who_have_the_case_it_goes_as_it_was_written(acts: Acts) -> None:
    for words in ("hi", "opensrs", "reseller", "agent"):
        await acts.write(words)
    said = await acts.write(f"this is it:\n{LEAF}")
    assert "I read" not in said
    [heard] = [entry for entry in thread(acts) if "this is it" in entry]
    assert LEAF.split("\n")[3] in heard


async def test_one_of_another_order_begins_another_case_once_the_bot_has_answered(acts: Acts) -> None:
    await acts.write("OpenSRS, we are the certificate holder, www.example.org")
    said = await acts.write(LEAF)
    assert "C-1002" in said
    assert READ in said


async def test_a_key_beside_it_is_told_and_nothing_is_kept(acts: Acts) -> None:
    said = await acts.write(LEAF + pems()["PKCS #8, RSA"])
    assert "private key" in said
    assert "I read" not in said


FILES = {
    "shop.pem": pem(leaf()),
    "shop.crt": der(leaf()),
    "chain.p7b": pkcs7.serialize_certificates(chain(), Encoding.DER),
    "shop.pfx": pkcs12.serialize_key_and_certificates(b"shop", None, leaf(), chain()[1:], NoEncryption()),
    "notes.txt": base64.b64encode(der(leaf())),
}


@pytest.mark.parametrize("name", FILES)
async def test_as_a_file_it_is_read_like_one_that_is_pasted(acts: Acts, name: str) -> None:
    await acts.write("hi")
    said = await send(acts, (name, FILES[name]))
    assert READ in said
    assert "Where was" in text_of(acts.last())


async def test_as_a_file_that_comes_first(acts: Acts) -> None:
    said = await send(acts, ("shop.pem", pem(leaf())))
    assert READ in said
    assert "C-1001" in said


async def test_as_a_file_it_goes_to_agents_who_have_the_case(acts: Acts) -> None:
    await handed_over(acts)
    said = await send(acts, ("shop.pem", FILES["shop.pem"]))
    assert "I read" not in said
    assert got(acts) == {"shop.pem": FILES["shop.pem"]}


async def test_a_file_with_its_key_is_told_and_nothing_of_it_is_read(acts: Acts) -> None:
    await acts.write("hi")
    said = await send(acts, ("shop.pem", pem(leaf()) + pems()["PKCS #8, RSA"].encode()))
    assert "private key" in said
    assert "I read" not in said
