"""Lists of orders that are dropped into the DM: a summary, what is asked once, the list back with answers."""

from __future__ import annotations

import csv
import io

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from bot.playground.standin import Message, text_of
from tests.reading.keys import pems
from tests.slack.conftest import AGENTS, REQUESTER, Acts
from tests.slack.test_files import got, handed_over, send

LIST = b"""Order,Domain,Product,Status,Fulfilled on
1001,shop.example.com,PositiveSSL,Completed,2026-11-10
1002,mail.example.com,RapidSSL,Completed,2026-11-12
1003,www.example.org,GeoTrust QuickSSL Premium,Completed,2026-09-01
1004,api.example.org,PositiveSSL,Completed,soon
1005,new.example.org,PositiveSSL,Pending,
"""


def answer(acts: Acts) -> Message:
    """Return the message about a list, which is redrawn as it goes."""
    return next(
        message for message in reversed(acts.dm()) if "orders.csv" in text_of(message) and message.blocks
    )


def sent_back(acts: Acts, user: str = REQUESTER) -> dict[str, bytes]:
    """Return what stands in a DM with answers, by name."""
    shared = acts.slack.shared(acts.slack.im(user))
    return {file.name: file.data for file in shared if "(answers)" in file.name}


async def settled(acts: Acts) -> str:
    for label in ("OpenSRS", "Reseller"):
        await acts.press(label, answer(acts))
    return text_of(answer(acts))


async def test_what_is_open_is_asked_once_and_the_list_comes_back_with_its_answers(acts: Acts) -> None:
    await send(acts, ("orders.csv", LIST))
    first = text_of(answer(acts))
    assert "5 orders" in first
    assert "For the whole list: Where was" in first
    assert sent_back(acts) == {}
    said = await settled(acts)
    assert "1 can still be refunded" in said
    assert "Line 2 · shop.example.com · refund: yes, until Thu 10 December 2026 (17 days left)" in said
    assert "Line 5" in said.partition("cannot be read:")[2]
    [(name, data)] = sent_back(acts).items()
    assert name == "orders (answers).csv"
    rows = list(csv.reader(io.StringIO(data.decode())))
    assert [row[0] for row in rows[1:]] == ["1001", "1002", "1003", "1004", "1005"]
    assert [row[6] for row in rows[1:]][:3] == ["yes", "the page does not say", "no longer"]


async def test_a_double_click_sends_the_list_back_once(acts: Acts) -> None:
    await send(acts, ("orders.csv", LIST))
    await acts.press("OpenSRS", answer(acts))
    asked = answer(acts)
    shown = next(each for each in asked.blocks if each["type"] == "actions")["elements"]
    reseller = next(each["action_id"] for each in shown if each["text"]["text"] == "Reseller")
    for _ in range(2):
        await acts.slack.click(REQUESTER, asked, reseller)
    await acts.world.settle()
    back = [file for file in acts.slack.shared(acts.slack.im(REQUESTER)) if "(answers)" in file.name]
    assert len(back) == 1


@pytest.mark.long
async def test_no_case_is_opened_and_the_agents_get_nothing(acts: Acts) -> None:
    await send(acts, ("orders.csv", LIST))
    await settled(acts)
    assert "C-1001" not in "".join(map(text_of, acts.dm()))
    assert acts.channel(AGENTS) == []


@pytest.mark.long
async def test_an_order_of_the_list_is_opened_as_a_case_once(acts: Acts) -> None:
    await send(acts, ("orders.csv", LIST))
    await settled(acts)
    await acts.press("open_row:2", answer(acts))
    said = "\n".join(map(text_of, acts.dm()))
    assert "I read: OpenSRS · Reseller · Sectigo" in said
    assert "shop.example.com" in said
    await acts.press("open_row:2", answer(acts))
    assert "C-1002" not in "\n".join(map(text_of, acts.dm()))


@pytest.mark.long
async def test_a_workbook_is_read_and_comes_back_as_one(acts: Acts) -> None:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    sheet = book.add_worksheet()
    for line, row in enumerate(csv.reader(io.StringIO(LIST.decode()))):
        for column, cell in enumerate(row):
            sheet.write_string(line, column, cell)
    book.close()
    await send(acts, ("orders.xlsx", made.getvalue()))
    message = next(each for each in reversed(acts.dm()) if "5 orders" in text_of(each))
    for label in ("OpenSRS", "Reseller"):
        await acts.press(label, message)
        message = next(each for each in acts.dm() if each.ts == message.ts)
    assert "1 can still be refunded" in text_of(message)
    [(name, data)] = sent_back(acts).items()
    assert (name, data[:2]) == ("orders (answers).xlsx", b"PK")


@pytest.mark.long
async def test_what_is_a_list_by_its_content_alone_is_answered_too(acts: Acts) -> None:
    await send(acts, ("export.txt", LIST))
    assert any("5 orders" in text_of(message) for message in acts.dm())


@pytest.mark.long
async def test_a_page_that_is_called_a_workbook_comes_back_as_one(acts: Acts) -> None:
    cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in csv.reader(LIST.decode().splitlines()))
    page = f"<html><table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table></html>"
    await send(acts, ("orders.xls", page.encode()))
    message = next(each for each in reversed(acts.dm()) if "5 orders" in text_of(each))
    for label in ("OpenSRS", "Reseller"):
        await acts.press(label, message)
        message = next(each for each in acts.dm() if each.ts == message.ts)
    [(name, data)] = sent_back(acts).items()
    assert (name, data[:2]) == ("orders (answers).xlsx", b"PK")


@pytest.mark.long
async def test_a_header_alone_is_told(acts: Acts) -> None:
    await send(acts, ("orders.csv", LIST.splitlines(keepends=True)[0]))
    assert "no order in it" in text_of(acts.dm()[-1])
    assert sent_back(acts) == {}


REFUSED = {
    "no header": (b"a,b,c\n1,2,3\n4,5,6\n", "names the columns"),
    "no workbook": (b"PK\x03\x04" + bytes(200), "damaged"),
    "nothing": (b"", "empty"),
    "a key alone": (pems()["PKCS #8, RSA"].encode(), "private key"),
}


@pytest.mark.long
@pytest.mark.parametrize("kind", REFUSED)
async def test_what_cannot_be_read_is_told_with_its_reason(acts: Acts, kind: str) -> None:
    content, why = REFUSED[kind]
    await send(acts, ("orders.xlsx" if kind == "no workbook" else "orders.csv", content))
    assert why in "\n".join(map(text_of, acts.dm()))
    assert sent_back(acts) == {}


@pytest.mark.long
async def test_a_key_in_a_cell_is_told_and_neither_shown_nor_sent_back(acts: Acts) -> None:
    key = pems()["PKCS #8, RSA"]
    await send(acts, ("orders.csv", LIST + f'1006,key.example.org,"{key}",Completed,2026-11-10\n'.encode()))
    said = await settled(acts)
    assert "private key" in said
    [data] = sent_back(acts).values()
    assert key.splitlines()[1].encode() not in data


@pytest.mark.long
async def test_while_agents_have_the_case_it_goes_to_them(acts: Acts) -> None:
    await handed_over(acts)
    await send(acts, ("orders.csv", LIST))
    assert got(acts) == {"orders.csv": LIST}
    assert sent_back(acts) == {}


@pytest.mark.long
async def test_an_interview_goes_on_beside_a_list(acts: Acts) -> None:
    await acts.write("hi")
    await send(acts, ("orders.csv", LIST))
    assert "5 orders" in text_of(answer(acts))
    assert "reseller" in (await acts.write("opensrs"))


@pytest.mark.long
async def test_two_peoples_lists_are_answered_side_by_side(acts: Acts) -> None:
    others = "ben"
    for user in (REQUESTER, others):
        await acts.slack.upload(user, acts.slack.im(user), ("orders.csv", LIST))
    await acts.world.settle()
    for user in (REQUESTER, others):
        assert any("5 orders" in text_of(message) for message in acts.dm(user))


@pytest.mark.long
async def test_on_a_long_list_it_says_how_far_it_is(acts: Acts) -> None:
    """It says so every two seconds: the list must be long enough for this machine, at this moment."""
    header, *rows = LIST.splitlines(keepends=True)
    for number in (120_000, 240_000, 480_000):
        await send(acts, ("orders.csv", header + rows[0] * number))
        said = [str(call.args.get("text", "")) for call in acts.slack.calls if call.method == "chat.update"]
        assert f"{number} orders" in text_of(answer(acts)).replace(",", "")
        if any("% (" in each for each in said):
            return
    pytest.fail(f"it never said how far it is: {said}")
