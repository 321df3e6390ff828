"""A sentence is read wherever it is written, and each thing that was read can be put right."""

from __future__ import annotations

from bot.playground.standin import text_of
from tests.slack.conftest import AGENTS, REQUESTER, SUPPORT, Acts, actions_in

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


TWO_ORDERS = (
    "OpenSRS reseller here: cancel PositiveSSL for a.example.com, issued 3 Nov, and GeoTrust for "
    "b.example.com, issued 10 Nov"
)


def asks(acts: Acts, case: str) -> bool:
    return any(case in text_of(message) and "choose" in actions_in(message) for message in acts.dm())


async def test_each_of_several_orders_gets_its_case_at_one_click(acts: Acts) -> None:
    said = await acts.write(TWO_ORDERS)
    assert "several orders: a.example.com, b.example.com" in said
    read = next(message for message in acts.dm() if "several orders" in text_of(message))
    assert "[New case: a.example.com] [New case: b.example.com]" in text_of(read)
    await acts.press("New case: a.example.com", read)
    assert "I read: OpenSRS" in text_of(acts.dm()[-2])
    assert "C-1002" in text_of(acts.last())
    assert "3 December 2026" in text_of(acts.last())
    await acts.press("New case: b.example.com", read)
    assert "C-1003" in text_of(acts.last())
    assert "10 December 2026" in text_of(acts.last())
    assert not asks(acts, "C-1001")  # which was about neither


async def test_a_case_that_went_on_is_not_given_up_for_those_of_several_orders(acts: Acts) -> None:
    await acts.write(TWO_ORDERS)
    read = next(message for message in acts.dm() if "several orders" in text_of(message))
    await acts.write("GeoTrust")
    await acts.press("New case: a.example.com", read)
    assert asks(acts, "C-1001")


async def test_agents_see_the_words_with_each_of_the_orders(acts: Acts) -> None:
    await acts.write(TWO_ORDERS)
    read = next(message for message in acts.dm() if "several orders" in text_of(message))
    await acts.press("New case: b.example.com", read)
    await acts.write("agent")
    assert TWO_ORDERS in "\n".join(text_of(m) for m in acts.channel(AGENTS) if m.is_reply)


async def test_in_the_modal_the_form_goes_on_with_the_chosen_order(acts: Acts) -> None:
    await acts.command(TWO_ORDERS)
    await acts.press("New case: b.example.com")
    assert "C-1002" in acts.shown()
    assert "10 December 2026" in acts.shown()


async def test_where_it_is_not_clear_which_orders_another_case_is_offered(acts: Acts) -> None:
    said = await acts.write(
        "OpenSRS: PositiveSSL for a.example.com, GeoTrust for b.example.com, and once more a.example.com"
    )
    assert "several orders: a.example.com, b.example.com" in said
    read = next(message for message in acts.dm() if "several orders" in text_of(message))
    assert "another" in actions_in(read)
    assert "fulfilled" not in said.casefold()


async def test_another_day_than_was_read_before_is_no_bad_username(acts: Acts) -> None:
    await acts.write("Sectigo at OpenSRS, we are the reseller, issued 3 November")
    await acts.write("or maybe the 4th")
    assert "Fulfilled: 4th?" in text_of(acts.last())
    assert not any("username is one word" in said for said in map(text_of, acts.dm()))


async def test_what_an_answer_implies_is_not_said_to_have_been_read(acts: Acts) -> None:
    for each in ("new", "trustico", "partner", "certificate", "yes"):
        await acts.write(each)
    assert "no refund once issued" in text_of(acts.last())
    assert not any("I read" in said for said in map(text_of, acts.dm()))


async def test_after_the_command_stands_what_could_be_written_to_the_bot(acts: Acts) -> None:
    for said, shown in {
        "?": "/certdesk new starts another case",
        "help me": "/certdesk new starts another case",
        "my cases": "You have no cases yet",
        "status": "You have no cases yet",
    }.items():
        assert await acts.command(said) is None
        assert shown in text_of(acts.channel(SUPPORT, REQUESTER)[-1])
    view = await acts.command("hi")
    assert view is not None
    assert "Where was the certificate ordered?" in text_of(view)
    await acts.command("C-1001")
    assert "C-1001" in text_of(acts.channel(SUPPORT, REQUESTER)[-1])
    await acts.command("can I talk to a human?")
    assert "C-1002 is with the agents now" in text_of(acts.last())
    assert "can I talk to a human?" in text_of(acts.channel(AGENTS)[-1])


async def test_a_correction_of_what_was_answered_changes_it(acts: Acts) -> None:
    await acts.write("OpenSRS reseller, the Thawte was issued on 3 Nov 2026, refund?")
    for said, before_and_after in {
        "no, GeoTrust after all": "Provider: Thawte → GeoTrust",
        "sorry, it was issued on 5 November": "Fulfilled: Tue 3 November 2026 → Thu 5 November 2026",
    }.items():
        assert before_and_after in await acts.write(said)
        assert "C-1001" in text_of(acts.last())
    await acts.write("sorry, another one: Thawte, issued on 4 Nov")
    assert "C-1002" in text_of(acts.last())


async def test_what_was_missing_completes_the_answer(acts: Acts) -> None:
    await acts.write("OpenSRS reseller, Sectigo, issued, refund?")
    for said in ("keine Ahnung", "acme", "go on without them"):
        await acts.write(said)
    assert "Add the date" in text_of(acts.last())
    assert "Fulfilled: I don't know → Sun 1 November 2026" in await acts.write("it was fulfilled on 1 Nov")
    assert "C-1001" in text_of(acts.last())
    await acts.write("also a GeoTrust, issued on 4 Nov")
    assert "C-1002" in text_of(acts.last())


async def test_under_an_answer_of_the_modal_a_correction_counts_and_a_detail_is_kept(acts: Acts) -> None:
    await acts.command("OpenSRS reseller, Thawte issued 3 Nov 2026, refund?")
    assert "Provider: Thawte → GeoTrust" in await acts.write("no, GeoTrust after all")
    assert "is kept with C-1001" in await acts.write("tech contact is tech@example.com")


async def test_a_wish_is_answered_with_what_has_to_be_known_first(acts: Acts) -> None:
    await acts.write("hi")
    said = await acts.write("I want a refund for a certificate")
    assert "can't take" not in said
    assert "Why this is asked: Each program has a refund page of its own" in said
    assert "Where to find it: The invoice names it" in said
