"""`certdesk cases`: what is listed, shown, exported and counted, and what is said where it cannot be."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from rich.console import Console

from bot.cli.cases import draw_case, draw_list
from bot.cli.cases_export import columns_of
from bot.conversation.agent_moves import AskBack, Claim, Mark, Resolve
from bot.conversation.agent_words import Outward
from bot.conversation.events import SentIt
from bot.conversation.handoff import Outcome
from bot.desk.deliveries import Write
from bot.store.case_record import CaseRecord
from bot.store.engine import connect
from bot.store.history import History
from bot.store.records import PAGE, Filed, Records, Wanted, every
from bot.store.schema import cases
from policy.facts import PROGRAM
from tests.cli.conftest import Done, Run
from tests.conftest import shipped
from tests.filled import ADA, BEN, OMAR, ROSA, filled

DATABASE = "CERTDESK_DATABASE_URL"
FORMULA = '=HYPERLINK("https://evil.example")\nPlease cancel, "now".'
OTHER = {PROGRAM: "other"}
HOSTILE = "@SUM(A1)\x1b[31m"


async def _fill(address: str) -> None:
    """Five cases: resolved, waiting for its requester, just answered, new with the agents, and unfinished."""
    async with filled(address) as desk:
        number = await desk.hands_over(ROSA, ticket=FORMULA)
        await desk.deals(ADA, number, Claim(), Resolve(Outcome.REFUNDED))
        number = await desk.hands_over(OMAR)
        await desk.deals(BEN, number, Claim(), Mark(urgent=True), AskBack(Outward("Which one?")))
        desk.clock.forward(days=2)
        await desk.apply(ROSA, await desk.orders(ROSA, ticket=HOSTILE), SentIt())
        await desk.hands_over(ROSA)
        desk.clock.forward(days=1)
        await desk.asks(OMAR, {PROGRAM: "trustico"})


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    made = f"sqlite:///{tmp_path_factory.mktemp('cases') / 'certdesk.db'}"
    asyncio.run(_fill(made))
    return made


@pytest.fixture
def run(certdesk: Run, address: str) -> Run:
    def on_it(*arguments: str, **variables: str) -> Done:
        return certdesk("cases", *arguments, **{DATABASE: address} | variables)

    return on_it


def numbers(done: Done) -> list[str]:
    assert (done.status, done.err) == (0, "")
    return [line.split("\t")[0] for line in done.out.splitlines()]


# --- the list


def test_where_it_is_piped_there_is_a_line_for_each_the_newest_first(run: Run) -> None:
    done = run("list")
    assert numbers(done) == ["C-1005", "C-1004", "C-1003", "C-1002", "C-1001"]
    assert done.out.splitlines()[3].split("\t") == [
        *("C-1002", "waiting for requester", "T3:U-OMAR", "T1:U-BEN"),
        *("opensrs", "eligible", "2026-12-01", "-", "2026-11-23 12:00"),
    ]


LISTS = {
    "a standing": (["--standing", "waiting"], [1004]),
    "two": (["--standing", "waiting", "--standing", "Resolved"], [1004, 1001]),
    "a hyphen for a space": (["--standing", "waiting-for-requester"], [1002]),
    "an underscore": (["--standing", "waiting_for_requester"], [1002]),
    "a person": (["--person", "T2:U-ROSA"], [1004, 1003, 1001]),
    "by user id alone": (["--person", "U-ROSA"], [1004, 1003, 1001]),
    "under another of their teams": (["--person", "T9:U-ROSA"], [1004, 1003, 1001]),
    "in the installation": (["--person", "T1:U-ROSA"], [1004, 1003, 1001]),
    "nobody": (["--person", "T2:U-ROS"], []),
    "an owner": (["--owner", "T1:U-BEN"], [1002]),
    "an owner who only asks": (["--owner", "T2:U-ROSA"], []),
    "the day itself": (["--since", "2026-11-25"], [1005, 1004, 1003]),
    "the day after": (["--since", "2026-11-26"], [1005]),
    "all at once": (["--since", "2026-11-25", "--person", "T2:U-ROSA", "--standing", "new"], [1003]),
    "just as many": (["--limit", "5"], [1005, 1004, 1003, 1002, 1001]),
}


@pytest.mark.parametrize("what", LISTS)
def test_only_what_is_asked_for_is_listed(run: Run, what: str) -> None:
    options, wanted = LISTS[what]
    assert numbers(run("list", *options)) == [f"C-{number}" for number in wanted]


def test_what_is_beyond_the_limit_is_mentioned(run: Run) -> None:
    done = run("list", "--limit", "4")
    assert len(done.out.splitlines()) == 4
    assert done.err == "There are more than these 4; --limit takes a higher number.\n"


def test_as_json_it_is_what_an_export_is(run: Run) -> None:
    listed = [json.loads(line) for line in run("list", "--json").out.splitlines()]
    exported = [json.loads(line) for line in run("export", "--format", "jsonl").out.splitlines()]
    assert listed == exported[::-1]


def records(address: str) -> list[Filed]:
    engines = connect(address)
    try:
        return [*every(engines.reader, Wanted())]
    finally:
        engines.close()


def drawn(width: int, found: list[Filed]) -> str:
    out = Console(file=io.StringIO(), force_terminal=True, width=width, color_system=None)
    draw_list(out, found)
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


@pytest.mark.parametrize(
    ("width", "has", "lacks"),
    [
        (120, ["asked by", "T3:U-OMAR", "program", "refunded"], []),
        (80, ["asked by", "U-OMAR", "waiting for requester", "2026-12-01"], ["T3:U-OMAR", "program"]),
        (40, ["C-1002  waiting for requester\n", "  owner               U-BEN\n"], ["T3:U-OMAR", "─"]),
    ],
)
def test_in_a_terminal_the_list_fits(address: str, width: int, has: list[str], lacks: list[str]) -> None:
    shown = drawn(width, records(address))
    assert max(map(len, shown.splitlines())) <= width
    assert [words for words in has if words not in shown] == []
    assert [words for words in lacks if words in shown] == []
    assert "…" not in shown


def test_in_a_terminal_nothing_is_said_to_be_nothing() -> None:
    assert drawn(80, []) == "no cases\n"


# --- one case

SHOWN = {
    1001: [
        "C-1001  resolved",
        "asked by            T2:U-ROSA, modal",
        "owner               T1:U-ADA, since 2026-11-23 12:00 UTC",
        "outcome             refunded, 2026-11-23 12:00 UTC",
        "provider            sectigo",
        "Answer as of 2026-11-23",
        "cancellation        support_ticket",
        "(Revoke or refund an SSL certificate: Cancel Trustwave and Sectigo certificates)",
        "refund              eligible until 2026-12-01",
        "policy              opensrs",
        "reseller_username   rosa-shop",
        "What they wrote (UTC)",
        "(answer, form)",
        "1234567890",
        "2026-11-23 12:00:10 claim, claimed, T1:U-ADA",
        "2026-11-23 12:00:11 resolve:refunded, resolved, T1:U-ADA",
    ],
    1002: ["C-1002  waiting for requester", "UTC, urgent", "ask_back, waiting for requester, T1:U-BEN"],
    1003: ["C-1003  new", "request sent        2026-11-25 12:00 UTC", "sent_it, new, T2:U-ROSA"],
    1005: ["C-1005  new", "program             trustico", "2026-11-26 12:00"],
}


@pytest.mark.parametrize("number", SHOWN)
def test_a_case_is_shown_whole(run: Run, number: int) -> None:
    done = run("show", f"C-{number}")
    assert (done.status, done.err) == (0, "")
    rest = done.out
    for line in SHOWN[number]:
        assert line in rest, rest
        rest = rest.partition(line)[2]
    assert "\x1b" not in done.out


def test_what_was_written_is_shown_and_exported_in_order(certdesk: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"

    async def talk() -> None:
        async with filled(url) as desk:
            for text in (
                "Two by mistake",
                "opensrs",
                "the red one\n\x1b[31m=1+1",
                "agent",
                "urgent",
            ):
                await desk.does(ROSA, Write(text))

    asyncio.run(talk())
    shown = certdesk("cases", "show", "C-1001", **{DATABASE: url}).out
    for line in (
        "2026-11-23 12:00:01 (kept)",
        "Two by mistake",
        "2026-11-23 12:00:02 (answer)",
        "2026-11-23 12:00:03 (not understood)",
        "the red one",
        "=1+1",
        "2026-11-23 12:00:04 (command)",
        "2026-11-23 12:00:05 (passed on)",
        "urgent",
    ):
        assert line in shown, shown
        shown = shown.partition(line)[2]
    assert "\x1b" not in shown
    export = ("cases", "export", "--format", "jsonl")
    [row] = map(json.loads, certdesk(*export, "--with-texts", **{DATABASE: url}).out.splitlines())
    assert row["words"].startswith("2026-11-23T12:00:01Z kept: Two by mistake\n2026-11-23T12:00:02Z answer")
    assert row["words"].endswith("2026-11-23T12:00:05Z passed_on: urgent")
    assert "red one" not in certdesk(*export, **{DATABASE: url}).out


@pytest.mark.parametrize("text", ["C-1003", "c-1003", "C1003", "1003", " 1003 "])
def test_a_number_is_read_as_people_write_it(run: Run, text: str) -> None:
    assert run("show", text).out.startswith("C-1003  new\n")


@pytest.mark.parametrize("width", [40, 60, 80])
def test_in_a_narrow_terminal_a_case_fits(address: str, width: int) -> None:
    engines = connect(address)
    with engines.reader.connect() as connection:
        found = Records(connection).one(1001)
        trail, record = [*History(connection).of(1001)], CaseRecord(connection).of(1001)
    engines.close()
    assert found is not None
    out = Console(file=io.StringIO(), force_terminal=True, width=width, color_system=None)
    draw_case(out, found, trail, record, width)
    assert isinstance(out.file, io.StringIO)
    shown = out.file.getvalue()
    assert max(map(len, shown.splitlines())) <= width
    assert "www.rosas-shop.example" in re.sub(r"\n +", "", shown)


# --- the export

COLUMNS = [*columns_of(shipped())]
TEXTS = [*columns_of(shipped(), texts=True)][len(COLUMNS) :]


def as_csv(text: str) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(text, newline=""))]


def test_an_export_has_a_row_for_each_case_and_no_typed_text(run: Run) -> None:
    done = run("export")
    rows = as_csv(done.out)
    assert [row["case"] for row in rows] == ["C-1001", "C-1002", "C-1003", "C-1004", "C-1005"]
    assert done.out.splitlines()[0] == ",".join(COLUMNS)
    assert {k: v for k, v in rows[0].items() if v} == {
        "case": "C-1001",
        "opened_at": "2026-11-23T12:00:01Z",
        "changed_at": "2026-11-23T12:00:11Z",
        "standing": "resolved",
        "urgent": "false",
        "surface": "modal",
        "installation": "T1",
        "team": "T2",
        "user": "U-ROSA",
        "owner_team": "T1",
        "owner_user": "U-ADA",
        "handed_over_at": "2026-11-23T12:00:09Z",
        "claimed_at": "2026-11-23T12:00:10Z",
        "resolution": "refunded",
        "resolved_at": "2026-11-23T12:00:11Z",
        "program": "opensrs",
        "requester": "reseller",
        "issued": "true",
        "provider": "sectigo",
        "fulfilled_on": "2026-11-01",
        "route": "support_ticket",
        "verdict": "eligible",
        "policy": "2026-11-23",
        "deadline": "2026-12-01",
        "credited": "false",
    }
    for typed in ("HYPERLINK", "SUM", "rosa-shop", "1234567890", "rosas-shop.example", "Which one"):
        assert typed not in done.out


def test_the_columns_are_those_that_are_documented() -> None:
    page = Path("docs/records.md").read_text()
    table = page.partition("| column | what |")[2].partition("`--with-texts` adds")
    columns = [line.split("|")[1] for line in table[0].splitlines() if line.startswith("| `")]
    assert re.findall(r"`(\w+)`", "".join(columns)) == [*COLUMNS]
    assert re.findall(r"`(\w+)`", table[2].partition("What agents")[0]) == [*TEXTS]


def test_with_texts_nothing_is_a_formula_and_newlines_stay_in_their_cell(run: Run) -> None:
    rows = as_csv(run("export", "--with-texts").out)
    assert [*rows[0]] == [*COLUMNS, *TEXTS]
    assert rows[0]["ticket"] == f"'{FORMULA}"
    assert rows[2]["ticket"] == "'@SUM(A1)[31m"
    assert rows[0]["common_name"] == "www.rosas-shop.example"
    assert rows[4]["ticket"] == ""
    plain = [json.loads(line) for line in run("export", "--with-texts", "--format", "jsonl").out.splitlines()]
    assert plain[0]["ticket"] == FORMULA
    assert plain[4]["ticket"] is None
    assert [*plain[0]] == [*rows[0]]
    assert (plain[0]["urgent"], plain[1]["urgent"], plain[2]["urgent"]) == (False, True, None)


SPANS = {
    ("--since", "2026-11-25"): [1003, 1004, 1005],
    ("--since", "2026-11-26"): [1005],
    ("--until", "2026-11-25"): [1001, 1002, 1003, 1004],
    ("--until", "2026-11-24"): [1001, 1002],
    ("--since", "2026-11-24", "--until", "2026-11-24"): [],
    ("--since", "2026-11-23", "--until", "2026-11-26"): [1001, 1002, 1003, 1004, 1005],
}


@pytest.mark.parametrize("span", SPANS, ids=" ".join)
def test_an_export_takes_whole_days(run: Run, span: tuple[str, ...]) -> None:
    assert [row["case"] for row in as_csv(run("export", *span).out)] == [f"C-{n}" for n in SPANS[span]]


def test_a_file_is_there_once_it_is_whole_and_only_its_owner_reads_it(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "cases.csv"
    done = run("export", "--out", str(file))
    assert (done.status, done.out, done.err) == (0, "", "")
    assert file.read_text() == run("export").out
    assert file.stat().st_mode & 0o077 == 0
    assert [each.name for each in tmp_path.iterdir()] == ["cases.csv"]


def test_what_cannot_be_read_is_listed_all_the_same(certdesk: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    asyncio.run(_fill(url))
    engines = connect(url)
    with engines.writer.begin() as connection:
        connection.execute(cases.update().where(cases.c.id == 1).values(state="{}"))
    engines.close()
    [row, *_] = as_csv(certdesk("cases", "export", **{DATABASE: url}).out)
    assert (row["case"], row["user"], row["verdict"], row["credited"]) == ("C-1001", "U-ROSA", "", "")
    done = certdesk("cases", "show", "C-1001", **{DATABASE: url})
    assert "the stored case cannot be read" in done.out
    assert "resolve:refunded, resolved, T1:U-ADA" in done.out


def test_more_than_a_page_is_read_in_order_and_a_case_that_comes_meanwhile_too(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"

    async def two() -> None:
        async with filled(url) as desk:
            await desk.asks()
            await desk.asks()

    asyncio.run(two())
    engines = connect(url)
    copied = (
        "INSERT INTO cases (person_id, surface, stage, revision, state, opened_at, changed_at)"
        " SELECT person_id, surface, stage, revision, state, opened_at, changed_at FROM cases LIMIT 1"
    )
    with engines.writer.begin() as connection:
        for _ in range(PAGE):
            connection.exec_driver_sql(copied)
    read = every(engines.reader, Wanted())
    found = [next(read).number]
    with engines.writer.begin() as connection:
        connection.exec_driver_sql(copied)
    found += [filed.number for filed in read]
    engines.close()
    assert found == [*range(1001, 1001 + PAGE + 3)]


# --- counts


def test_counts_are_by_month_and_what(run: Run) -> None:
    assert run("counts").out.splitlines() == [
        "2026-11\thanded_over\t3",
        "2026-11\topened\t5",
        "2026-11\tresolved:refunded\t1",
        "2026-11\tverdict:eligible\t4",
    ]


# --- what cannot be done is said in a sentence

WRONG = {
    ("show", "C-99"): "there is no case C-99; `certdesk cases list` shows all cases.",
    ("show", "C-999999999999"): "there is no case C-999999999999;",
    ("show", "Rosa's"): """"Rosa's" is not a case number; one looks like C-1042.""",
    ("list", "--standing", "open"): "--standing takes one of these: new, waiting, claimed,",
    ("list", "--owner", "ada"): "--owner takes the id of a user, as U0123456789 or T0123456789:U0123456789.",
    ("list", "--person", "T1:"): "--person takes the id of a user",
    ("list", "--since", "yesterday"): "--since takes a day as 2026-11-23.",
    ("export", "--until", "2026-13-01"): "--until takes a day as 2026-11-23.",
    ("export", "--format", "xml"): "--format takes one of these: csv, jsonl.",
    ("export", "--out", "/no/such/folder/x.csv"): "[Errno 2] No such file or directory",
}


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_a_wrong_argument_is_said_in_a_sentence(run: Run, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("certdesk: ")
    assert WRONG[arguments] in done.err
    assert done.err.count("\n") == 1


COMMANDS = [("list",), ("show", "C-1001"), ("export",), ("counts",)]
DATABASES = {
    "none": "there is no database yet; `certdesk serve` creates it. Or set CERTDESK_DATABASE_URL.",
    "empty": "the database has no tables yet; run `certdesk db upgrade` first",
    "older": "the database is at revision 0004, of an older certdesk; run `certdesk db upgrade` first",
    "newer": "the database is at revision 9999, of a newer certdesk; install that one.",
}


@pytest.mark.parametrize("what", DATABASES)
def test_a_database_that_is_not_ready_is_left_as_it_is(certdesk: Run, tmp_path: Path, what: str) -> None:
    file = tmp_path / "certdesk.db"
    if what == "empty":
        file.touch()
    elif what != "none":
        certdesk("db", "upgrade", **{DATABASE: f"sqlite:///{file}"})
        with closing(sqlite3.connect(file)) as database:
            revision = {"older": "0004", "newer": "9999"}[what]
            database.execute("UPDATE alembic_version SET version_num = ?", (revision,))
            database.commit()
    before = [(each.name, each.read_bytes()) for each in tmp_path.iterdir()]
    for command in COMMANDS:
        done = certdesk("cases", *command, **{DATABASE: f"sqlite:///{file}"})
        assert (done.status, done.out) == (2, "")
        assert DATABASES[what] in done.err
        assert done.err.count("\n") == 1
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == before


def test_without_a_case_there_is_nothing_to_list_and_a_head_to_export(certdesk: Run, tmp_path: Path) -> None:
    url = {DATABASE: f"sqlite:///{tmp_path / 'x.db'}"}
    certdesk("db", "upgrade", **url)
    done = [certdesk("cases", *command, **url) for command in (("list",), ("export",), ("counts",))]
    assert [each.out for each in done] == ["", ",".join(COLUMNS) + "\n", ""]
    assert [each.status for each in done] == [0, 0, 0]


@pytest.mark.long
def test_it_is_the_same_on_postgresql(certdesk: Run, address: str, postgresql: str) -> None:
    asyncio.run(_fill(postgresql))
    for command in (*COMMANDS, ("list", "--owner", "T1:U-BEN"), ("export", "--since", "2026-11-26")):
        theirs, ours = (certdesk("cases", *command, **{DATABASE: each}) for each in (postgresql, address))
        assert theirs == ours
        assert theirs.status == 0
