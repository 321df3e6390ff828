"""Files that people send in the DM: in the card's thread, or named with the reason why not, to both sides."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from bot.playground.standin import Fault, File, text_of
from tests.reading.keys import pems
from tests.slack.conftest import AGENTS, REQUESTER, Acts
from tests.slack.test_handoff import card, thread

PEM = pems()["PKCS #1, RSA 2048"]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
MAIL = b"From: rosa@example.com\r\nSubject: order\r\n\r\nIt was ordered twice.\r\n"


def zipped(name: str = "a.txt", content: bytes = b"hello") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(name, content)
    return made.getvalue()


async def send(acts: Acts, *files: tuple[str, bytes] | File, text: str = "") -> str:
    """Send files to the bot, and return what it has said since."""
    before = len(acts.dm())
    await acts.slack.upload(REQUESTER, acts.slack.im(REQUESTER), *files, text=text)
    await acts.world.settle()
    return "\n".join(text_of(message) for message in acts.dm()[before + 1 :])


async def handed_over(acts: Acts) -> None:
    for words in ("hi", "opensrs", "agent"):
        await acts.write(words)


def got(acts: Acts) -> dict[str, bytes]:
    """Return the files that stand in the card's thread, by name."""
    return {file.name: file.data for file in acts.slack.shared(AGENTS, card(acts).ts)}


def workbook(*cells: str) -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    book.add_worksheet().write_row(0, 0, cells)
    book.close()
    return made.getvalue()


PASSED_ON = {"screen.png": PNG, "invoice.pdf": PDF, "order.eml": MAIL, "notes.txt": "Größe: 3 €".encode()}
PASSED_ON["orders.xlsx"] = workbook("Domain", "shop.example.com")


async def test_what_is_sent_while_agents_have_the_case_is_in_its_thread(acts: Acts) -> None:
    await handed_over(acts)
    await send(acts, *PASSED_ON.items())
    assert got(acts) == PASSED_ON
    assert any(
        "sends screen.png, invoice.pdf, order.eml, notes.txt, orders.xlsx" in entry for entry in thread(acts)
    )
    assert not any(entry.endswith("writes:") for entry in thread(acts))


async def test_words_that_come_with_a_file_stand_above_it(acts: Acts) -> None:
    await handed_over(acts)
    await send(acts, ("screen.png", PNG), text="this is what the panel says")
    [heard] = [entry for entry in thread(acts) if "this is what the panel says" in entry]
    assert "screen.png" in heard
    assert got(acts) == {"screen.png": PNG}


async def test_what_is_sent_before_is_kept_and_passed_on_at_the_handoff(acts: Acts) -> None:
    await acts.write("hi")
    told = await send(acts, ("screen.png", PNG))
    assert "screen.png" in told
    assert "C-1001" in told
    assert "I can't" not in told
    await send(acts, ("invoice.pdf", PDF), text="opensrs")  # the words are an answer, the file is kept
    assert [call for call in acts.slack.calls if call.method.startswith("files.")] == []
    await acts.write("agent")
    assert got(acts) == {"screen.png": PNG, "invoice.pdf": PDF}


async def test_a_file_that_comes_first_opens_a_case_and_is_kept_with_it(acts: Acts) -> None:
    told = await send(acts, ("screen.png", PNG))
    assert "C-1001" in told
    await acts.write("agent")
    assert got(acts) == {"screen.png": PNG}


async def test_a_file_with_help_belongs_to_the_latest_case_or_is_said_not_to(acts: Acts) -> None:
    assert "screen.png" in await send(acts, ("screen.png", PNG), text="help")
    await acts.write("hi")
    assert "Kept with C-1001" in await send(acts, ("screen.png", PNG), text="help")


async def test_what_is_not_passed_on_is_named_to_both_sides(acts: Acts) -> None:
    await handed_over(acts)
    stored = [acts.slack.store(REQUESTER, name, data, **about) for name, data, about, _ in NOT_PASSED_ON]
    told = await send(acts, *stored)
    for said in (told, "\n".join(thread(acts))):
        lines = said.splitlines()
        for name, _, _, why in NOT_PASSED_ON:
            assert any(f"{name}: " in line and why in line for line in lines), (name, said)
    assert got(acts) == {}


NOT_PASSED_ON: list[tuple[str, bytes, dict[str, Any], str]] = [
    ("backup.zip", zipped(), {}, "archive"),
    ("setup.exe", b"MZ" + bytes(range(256)), {}, "only images"),
    ("empty.txt", b"", {}, "empty"),
    ("picture.png", PNG + PEM.encode(), {}, "private key"),
    ("keys.xlsx", workbook("the key is", PEM), {}, "private key"),
    ("message.m4a", b"", {"subtype": "slack_audio"}, "linked"),
    ("Plan", b"", {"mode": "quip"}, "linked"),
    ("shared.doc", b"", {"is_external": True, "mode": "external"}, "linked"),
    ("big.png", b"", {"size": 20 * 1024 * 1024 + 1}, "20 MB"),
    ("old.png", b"", {"mode": "hidden_by_limit"}, "not there"),
]


async def test_a_key_in_a_kept_file_is_told_at_once_and_the_agents_hear_of_it_later(acts: Acts) -> None:
    await acts.write("hi")
    told = await send(acts, ("www.key", PEM.encode()))
    assert "private key" in told
    await acts.write("agent")
    assert got(acts) == {}
    assert "private key" in "\n".join(thread(acts))


async def test_ten_of_a_message_are_passed_on_and_the_others_named(acts: Acts) -> None:
    await handed_over(acts)
    told = await send(acts, *((f"{number}.png", PNG) for number in range(12)))
    assert [*got(acts)] == [f"{number}.png" for number in range(10)]
    assert "10.png" in told
    assert "11.png" in told


async def test_a_file_of_another_workspace_is_asked_about(acts: Acts) -> None:
    await handed_over(acts)
    file = acts.slack.store(REQUESTER, "screen.png", PNG, file_access="check_file_info")
    await send(acts, file)
    assert got(acts) == {"screen.png": PNG}


async def test_what_was_deleted_before_it_was_passed_on_is_passed_on_to_nobody(acts: Acts) -> None:
    await acts.write("hi")
    im = acts.slack.im(REQUESTER)
    sent = await acts.slack.upload(REQUESTER, im, ("screen.png", PNG))
    await acts.world.settle()
    await acts.slack.delete(REQUESTER, im, sent)
    await acts.write("agent")
    assert got(acts) == {}


async def test_who_deletes_a_message_is_told_of_in_the_thread_that_has_its_files(acts: Acts) -> None:
    await handed_over(acts)
    im = acts.slack.im(REQUESTER)
    sent = await acts.slack.upload(REQUESTER, im, ("screen.png", PNG), text="the panel says this")
    await acts.world.settle()
    await acts.slack.delete(REQUESTER, im, sent)
    await acts.world.settle()
    [left] = [entry for entry in thread(acts) if "screen.png" in entry]
    assert "deleted the message with screen.png" in left
    assert "the panel says this" not in "".join(thread(acts))


async def test_files_of_words_that_are_about_another_case_go_there_too(acts: Acts) -> None:
    await handed_over(acts)
    await acts.write("new")
    await acts.write("other")
    await acts.write("agent")
    await send(acts, ("screen.png", PNG), text="C-1001: this is what I see")
    await acts.press("Another case", acts.last())
    await acts.press("C-1002", acts.last())
    first, second = (
        next(m for m in acts.channel(AGENTS) if not m.is_reply and case in text_of(m))
        for case in ("C-1001", "C-1002")
    )
    assert [file.name for file in acts.slack.shared(AGENTS, second.ts)] == ["screen.png"]
    told = "".join(text_of(m) for m in acts.slack.world.thread(first.channel, first.ts))
    assert "sent screen.png for C-1002" in told


# --- when something goes wrong on the way

LOST = [
    ("files.completeUploadExternal", Fault.BROKEN_AFTER),
    ("files.completeUploadExternal", Fault.SERVER_ERROR_AFTER),
    ("files.completeUploadExternal", Fault.BROKEN),
    ("files.getUploadURLExternal", Fault.SERVER_ERROR),
    ("file_upload", Fault.BROKEN),
    ("file_upload", Fault.SERVER_ERROR_AFTER),
    ("file_download", Fault.BROKEN),
    ("file_download", Fault.SERVER_ERROR),
    ("file_download", Fault.RATE_LIMITED),
    ("files.completeUploadExternal", Fault.RATE_LIMITED),
]


@pytest.mark.parametrize(("site", "fault"), LOST)
async def test_a_file_arrives_once_whatever_breaks(
    acts: Acts, site: str, fault: Fault, refusals: set[str]
) -> None:
    refusals.add("file_not_found")  # where it is looked for and was not put there
    await handed_over(acts)
    acts.slack.inject(site, fault)
    await send(acts, ("screen.png", PNG))
    for _ in range(3):
        acts.world.clock.forward(minutes=2)
        await acts.world.settle()
    assert [file.name for file in acts.slack.shared(AGENTS, card(acts).ts)] == ["screen.png"]


async def test_what_slack_never_takes_is_named_to_both_sides(acts: Acts) -> None:
    await handed_over(acts)
    acts.slack.inject("files.getUploadURLExternal", Fault.REFUSED, error="file_type_not_allowed")
    told = await send(acts, ("screen.png", PNG))
    assert "screen.png: Slack does not take it" in told
    assert "Slack does not take it" in "\n".join(thread(acts))


async def test_the_shortcut_on_a_message_takes_its_files_with_it(acts: Acts) -> None:
    where = acts.slack.channel("ssl-support")
    await acts.slack.upload("ada", where, ("screen.png", PNG), text="Cancel this at OpenSRS?")
    message = acts.channel(where)[-1]
    assert (await acts.slack.shortcut(REQUESTER, "check_order", message)).acked
    await acts.world.settle()
    await acts.slack.close(REQUESTER)
    await acts.write("agent")
    assert got(acts) == {"screen.png": PNG}
