"""`certdesk cases list`, `show` and `counts`: print the stored cases for the operator."""

from __future__ import annotations

import json
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

import typer
from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

import policy
from bot.cli.cases_export import AFTER, BEFORE, columns_of, given, row_of
from bot.cli.database import number_in, opened, since_in, standing_in, who_in
from bot.cli.failures import RefusalError
from bot.conversation.case import Case
from bot.conversation.case_record import Place, RecordedWords
from bot.conversation.people import Person, case_name
from bot.conversation.screens import Result
from bot.render.typed import neutral
from bot.settings import Settings
from bot.store.case_record import CaseRecord
from bot.store.history import History, Record
from bot.store.records import Filed, Records, Wanted, every
from bot.store.tallies import PURGED, Mark, Tallies, marks
from policy.facts import PROGRAM

Cells = Mapping[str, Callable[[Filed], str]]
Line = tuple[str, str]  # a label, which may be empty, and what stands beside it

UNFOLDED: Final = 10_000  # piped output is not folded
LABEL: Final = 19
MIN_WIDTH: Final = 12
NOTHING: Final = "-"


def show_list(  # noqa: PLR0913  one for each of the command's options
    settings: Settings,
    *,
    standings: Sequence[str],
    owner: str | None,
    person: str | None,
    since: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """Print the newest cases: as a table in a terminal, else one per line."""
    wanted = Wanted(
        standings=tuple(standing_in(text) for text in standings),
        owner=who_in(owner, "--owner") if owner else None,
        person=who_in(person, "--person") if person else None,
        since=since_in(since),
    )
    with opened(settings) as engines, engines.reader.connect() as connection:
        found = Records(connection).latest(wanted, limit + 1)
    out, newest = Console(highlight=False), found[:limit]
    if as_json:
        columns = columns_of(policy.load(settings.policy_dirs))
        for filed in newest:
            typer.echo(json.dumps(row_of(filed, columns)))
    elif out.is_terminal:
        draw_list(out, newest)
    else:
        for filed in newest:
            typer.echo("\t".join(cell(filed) for cell in WIDE.values()))
    if len(found) > limit:
        typer.echo(f"There are more than these {limit}; --limit takes a higher number.", err=True)


def show_case(settings: Settings, text: str) -> None:
    """Print everything known about a case, with what its requester wrote but not what agents wrote."""
    number = number_in(text)
    with opened(settings) as engines, engines.reader.connect() as connection:
        filed = Records(connection).one(number)
        if filed is None:
            raise RefusalError(
                f"there is no case {case_name(number)}; `certdesk cases list` shows all cases."
            )
        trail, record = [*History(connection).of(number)], CaseRecord(connection).of(number)
    out = Console(highlight=False)
    draw_case(out, filed, trail, record, width=out.width if out.is_terminal else UNFOLDED)


def show_counts(settings: Settings) -> None:
    """Print for each month how many cases were opened, handed over and so on, and how many were purged."""
    with opened(settings) as engines:
        with engines.reader.connect() as connection:
            purged = Tallies(connection).all()
        living = Counter[Mark](mark for filed in every(engines.reader, Wanted()) for mark in marks(filed))
    for month, what in sorted(purged | living):
        gone = purged[month, what]
        rest = f"\t({gone} of them purged)" if gone and what != PURGED else ""
        typer.echo(f"{month}\t{what}\t{gone + living[month, what]}{rest}")


# --- the list


def draw_list(out: Console, found: Sequence[Filed]) -> None:
    """Print cases in the widest form for which the terminal has room."""
    if not found:
        out.print("no cases")
        return
    for table in (_table(found, WIDE), _table(found, SHORT)):
        if Measurement.get(out, out.options.update(width=UNFOLDED), table).maximum <= out.width:
            out.print(table)
            return
    for filed in found:
        name, standing, *rest = (cell(filed) for cell in SHORT.values())
        out.print(Text(f"{name}  {standing}", "bold"))
        labeled = zip([*SHORT][2:], rest, strict=True)
        _put(out, [(head, cell) for head, cell in labeled if cell != NOTHING], out.width)


def _table(found: Iterable[Filed], cells: Cells) -> Table:
    table = Table(*cells, box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for filed in found:
        table.add_row(*(Text(cell(filed)) for cell in cells.values()))
    return table


def _cell(column: str) -> Callable[[Filed], str]:
    cells = {**BEFORE, PROGRAM: given(PROGRAM), **AFTER}
    return lambda filed: neutral(str(cells[column](filed) or NOTHING))


def _user(person: Person | None) -> str:
    return person.user if person else NOTHING


def _minute(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%d %H:%M") if at is not None else NOTHING


WIDE: Final[Cells] = {
    "case": _cell("case"),
    "standing": _cell("standing"),
    "asked by": lambda filed: _name(filed.person),
    "owner": lambda filed: _name(filed.owner),
    "program": _cell("program"),
    "verdict": _cell("verdict"),
    "deadline": _cell("deadline"),
    "outcome": _cell("resolution"),
    "changed (UTC)": lambda filed: _minute(filed.changed_at),
}
SHORT: Final[Cells] = {
    "case": _cell("case"),
    "standing": _cell("standing"),
    "asked by": lambda filed: _user(filed.person),
    "owner": lambda filed: _user(filed.owner),
    "deadline": _cell("deadline"),
    "changed": lambda filed: filed.changed_at.strftime("%Y-%m-%d"),
}


# --- one case


def draw_case(
    out: Console, filed: Filed, trail: Sequence[Record], record: Sequence[RecordedWords], width: int
) -> None:
    """Print a case, in lines no longer than `width` if the words allow it."""
    out.print(Text(f"{case_name(filed.number)}  {filed.standing}", "bold"), soft_wrap=True)
    _put(out, _whose(filed), width)
    for head, lines in _parts(filed.case, trail, record):
        if found := [*lines]:
            out.print()
            out.print(Text(head, "bold"), soft_wrap=True)
            _put(out, found, width)


def _whose(filed: Filed) -> Iterator[Line]:
    yield "asked by", f"{_name(filed.person)}, {filed.surface}"
    yield "opened", _at(filed.opened_at)
    yield "changed", _at(filed.changed_at)
    if filed.case is None:
        yield "state", "the stored case cannot be read"
        return
    if handoff := filed.case.handoff:
        yield "handed over", _at(handoff.asked_at) + (", urgent" if handoff.urgent else "")
        if handoff.claimed_at is not None:
            owner = _name(filed.owner) if filed.owner else "somebody who was erased"
            yield "owner", f"{owner}, since {_at(handoff.claimed_at)}"
        if handoff.outcome is not None and handoff.resolved_at is not None:
            yield "outcome", f"{handoff.outcome}, {_at(handoff.resolved_at)}"
    if filed.case.follow_up.sent_at is not None:
        yield "request sent", _at(filed.case.follow_up.sent_at)
    if filed.case.follow_up.credited:
        yield "credit", "came"


def _parts(
    case: Case | None, trail: Iterable[Record], record: Iterable[RecordedWords]
) -> Iterator[tuple[str, Iterable[Line]]]:
    if case is not None:
        yield "Answers", ((answer.fact, answer.token) for answer in case.interview.answers)
        if case.shown.latest is not None:
            yield f"Answer as of {case.shown.latest.result.on}", _answer(case.shown.latest.result)
        yield "Details", case.interview.details
    yield "What they wrote (UTC)", (line for words in record for line in _wrote(words))
    yield "What was done (UTC)", (_done(record) for record in trail)


def _answer(result: Result) -> Iterator[Line]:
    decision = result.decision
    until = f" until {decision.refund.last_day}" if decision.refund.last_day else ""
    answers = (
        ("cancellation", str(decision.cancellation.route)),
        ("refund", f"{decision.refund.verdict}{until}"),
    )
    for line, reason in zip(answers, result.reasons, strict=True):
        yield line
        yield "", reason.says
        if reason.citation is not None:
            silent = " (consulted, and silent)" if reason.citation.silent else ""
            yield "", f"({reason.citation.title}: {reason.citation.section}{silent})"
    if decision.policy is not None:
        yield "policy", f"{decision.policy.id} {decision.policy.version}"


def _wrote(words: RecordedWords) -> Iterator[Line]:
    """Yield messages as they were typed, line by line, with what they were taken as."""
    became = words.taken_as.replace("_", " ") + ("" if words.place is Place.MESSAGE else f", {words.place}")
    if words.edited_at is not None:
        became += f", edited {_minute(words.edited_at)}"
    if words.deleted_at is not None:
        became += f", deleted {_minute(words.deleted_at)}"
    elif words.text is None:
        became += ", a private key, which was not kept"
    yield words.at.strftime("%Y-%m-%d %H:%M:%S"), f"({became})"
    for line in (words.text or "").splitlines():
        yield "", line


def _done(record: Record) -> Line:
    who = f"{record.team}:{record.user}" if record.user else NOTHING
    return record.at.strftime("%Y-%m-%d %H:%M:%S"), f"{record.what}, {record.standing}, {who}"


def _put(out: Console, lines: Iterable[Line], width: int) -> None:
    """Print labels and their values, folded if too long, and harmless."""
    for label, words in lines:
        room = max(width - LABEL - 3, MIN_WIDTH)
        first, *rest = textwrap.wrap(neutral(words), room, break_on_hyphens=False) or [""]
        out.print(Text(f"  {label:{LABEL}} {first}"), soft_wrap=True)
        for more in rest:
            out.print(Text(f"  {'':{LABEL}} {more}"), soft_wrap=True)


def _name(person: Person | None) -> str:
    return f"{person.team}:{person.user}" if person else NOTHING


def _at(at: datetime) -> str:
    return f"{_minute(at)} UTC"
