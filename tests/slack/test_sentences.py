"""A sentence is read wherever it is written, and each thing that was read can be put right."""

from __future__ import annotations

from bot.playground.standin import text_of
from tests.slack.conftest import REQUESTER, SUPPORT, Acts, actions_in

SAID = "OpenSRS reseller here: PositiveSSL for shop.example.com was issued on 10 Nov 2026, order 1234567890"


async def test_the_first_message_is_read_and_only_the_rest_is_asked(acts: Acts) -> None:
    said = await acts.write(SAID)
    assert "I read: OpenSRS" in said
    assert "shop.example.com · order 1234567890" in said
    assert "What is your reseller username?" in text_of(acts.last())
    assert "10 December 2026" in text_of(acts.last())
    ticket = [await acts.write(each) for each in ("acme", "1234567890")][-1]
    assert "Common name: shop.example.com" in ticket


async def test_what_was_read_is_put_right_with_one_click(acts: Acts) -> None:
    await acts.write(SAID)
    read = next(message for message in acts.dm() if "I read:" in text_of(message))
    assert "correct" in actions_in(read)
    await acts.press("correct:provider", read)
    assert "Which provider" in text_of(acts.last())
    await acts.write("GeoTrust")
    assert "self-service portal" in text_of(acts.last())
    await acts.press("correct:fulfilled_on", read)
    assert "On which day" in text_of(acts.last())


async def test_a_detail_that_was_read_is_asked_for_again(acts: Acts) -> None:
    await acts.write(SAID)
    read = next(message for message in acts.dm() if "I read:" in text_of(message))
    await acts.press("correct:detail:common_name", read)
    for each in ("acme", "1234567890"):
        await acts.write(each)
    assert "common name" in text_of(acts.last()).casefold()


async def test_the_words_after_the_command_open_the_modal_at_the_first_open_question(acts: Acts) -> None:
    view = await acts.command("PositiveSSL from OpenSRS, issued 10 Nov 2026, refund?")
    assert view is not None
    assert "I read: OpenSRS · Sectigo" in text_of(view)
    assert [block["block_id"] for block in view.blocks if block["type"] == "input"] == ["fact-requester"]
    done = await acts.submit(requester="reseller")
    assert done.callback_id == "details"
    assert "10 December 2026" in text_of(done)


async def test_of_a_leaked_key_the_command_says_first_what_to_do(acts: Acts) -> None:
    await acts.command("our private key leaked, Sectigo at OpenSRS")
    assert any("revoked now" in text_of(message) for message in acts.dm())
    assert "I read: OpenSRS · Sectigo" in acts.shown()


async def test_a_command_that_says_nothing_is_answered_with_help(acts: Acts) -> None:
    await acts.command("rhubarb")
    assert "rhubarb" in text_of(acts.channel(SUPPORT, REQUESTER)[-1])
    assert acts.slack.view(REQUESTER) is None


async def test_the_shortcut_on_a_message_reads_it_for_whoever_uses_it(acts: Acts) -> None:
    for said, shown in (
        ("PositiveSSL from OpenSRS, issued 10 Nov 2026, refund?", "I read: OpenSRS · Sectigo"),
        ("Lunch at noon?", "Where was the certificate ordered?"),
        ("-----BEGIN PRIVATE KEY-----", "That was a private key"),
    ):
        ts = await acts.slack.say("ada", SUPPORT, said)
        message = next(each for each in acts.channel(SUPPORT) if each.ts == ts)
        assert (await acts.slack.shortcut(REQUESTER, "check_order", message)).acked
        await acts.world.settle()
        view = acts.slack.view(REQUESTER)
        assert shown in text_of(view if view is not None else acts.channel(SUPPORT, REQUESTER)[-1])
        if view is not None:
            await acts.slack.close(REQUESTER)
    assert "Lunch at noon?" not in "".join(map(text_of, acts.dm()))


async def test_of_several_orders_another_case_is_offered(acts: Acts) -> None:
    said = await acts.write(
        "OpenSRS: cancel PositiveSSL for a.example.com, issued 3 Nov, and GeoTrust for b.example.com, "
        "issued 10 Nov"
    )
    assert "several orders: a.example.com, b.example.com" in said
    read = next(message for message in acts.dm() if "several orders" in text_of(message))
    assert "another" in actions_in(read)
    assert "fulfilled" not in said.casefold()
