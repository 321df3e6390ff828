"""`certdesk cases export`: one row a case, as CSV or JSON Lines; docs/records.md describes the columns."""

from __future__ import annotations

import csv
import json
import os
import sys
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import Final, TextIO, TypeAlias

import policy
from bot.cli.database import opened, since_in, until_in
from bot.cli.failures import RefusalError
from bot.conversation.case import Case
from bot.conversation.handoff import Handoff, Standing
from bot.conversation.people import case_name
from bot.settings import Settings
from bot.store.records import Filed, Wanted, every
from policy.decision import Decision
from policy.facts import Detail, Fact

Cell: TypeAlias = str | bool | None
Column: TypeAlias = Callable[[Filed], Cell]
Row: TypeAlias = dict[str, Cell]

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet takes a cell that begins so for a formula


class Format(StrEnum):
    """The format of an export."""

    CSV = "csv"
    JSONL = "jsonl"


def run(  # noqa: PLR0913  one for each of the command's options
    settings: Settings, form: str, *, since: str | None, until: str | None, out: Path | None, texts: bool
) -> None:
    """Write each case last changed within the given days; include what people typed only with `texts`."""
    if form not in set(Format):
        raise RefusalError(f"--format takes one of these: {', '.join(Format)}.")
    wanted, columns = (
        Wanted(since=since_in(since), until=until_in(until)),
        columns_of(policy.load(settings.policy_dirs), texts=texts),
    )
    with opened(settings) as engines, _target(out) as stream:
        rows = (row_of(filed, columns) for filed in every(engines.reader, wanted, texts=texts))
        write(Format(form), rows, stream, [*columns])


def row_of(filed: Filed, columns: Mapping[str, Column]) -> Row:
    """Return a case's cells."""
    return {name: cell(filed) for name, cell in columns.items()}


def columns_of(core: policy.Policy, *, texts: bool = False) -> Mapping[str, Column]:
    """Return the columns in their order: shared facts and details first, then each program's own."""
    programs = (None, *core.programs)
    facts = {fact: None for program in programs for fact in core.facts(program)}
    details = {detail: None for program in programs for detail in core.details(program)}
    answers = {str(fact): given(fact) for fact in facts}
    columns = {**BEFORE, **answers, **AFTER, "other_answers": _elsewhere(facts)}
    if texts:
        columns |= {str(detail): given(detail) for detail in details}
        columns["ticket"] = _case(lambda case: case.interview.ticket)
        columns["words"] = _words
    return columns


def write(form: Format, rows: Iterable[Row], stream: TextIO, columns: list[str]) -> None:
    """Write rows one by one. In CSV no cell is a formula, and a missing value is empty."""
    if form is Format.JSONL:
        stream.writelines(json.dumps(row) + "\n" for row in rows)
        return
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(cell) for cell in row.values()] for row in rows)


def _cell(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case _:
            return f"'{cell}" if cell.startswith(FORMULA) else cell


@contextmanager
def _target(out: Path | None) -> Iterator[TextIO]:
    """Yield where to write: standard output, or a private file that appears once it is complete."""
    if out is None or str(out) == "-":
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8", newline="")
        yield sys.stdout
        return
    if out.is_dir() or not out.name:
        raise RefusalError(f"--out takes a file, and {out} is a folder.")
    if out.exists() and not out.is_file():  # a device or a pipe must not be replaced
        with out.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        return
    made, part = tempfile.mkstemp(
        prefix=f".{out.name}.", suffix=".part", dir=out.parent
    )  # for its owner only
    try:
        with os.fdopen(made, "w", encoding="utf-8", newline="") as stream:
            yield stream
        Path(part).replace(out)
    finally:
        Path(part).unlink(missing_ok=True)


# --- the columns


def _moment(at: datetime | None) -> str | None:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at is not None else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _case(cell: Callable[[Case], Cell]) -> Column:
    return lambda filed: cell(filed.case) if filed.case else None


def _handoff(cell: Callable[[Handoff], Cell]) -> Column:
    return _case(lambda case: cell(case.handoff) if case.handoff else None)


def _decision(cell: Callable[[Decision], Cell]) -> Column:
    """Return a column of the decision that was last shown to the person."""
    return _case(lambda case: cell(case.shown.latest.result.decision) if case.shown.latest else None)


def _closed(handoff: Handoff) -> Cell:
    return _moment(handoff.began) if handoff.standing is Standing.CLOSED else None


def given(asked: Fact | Detail) -> Column:
    """Return a column with the answer to a question."""
    return _case(lambda case: case.interview.given(asked))


def _words(filed: Filed) -> Cell:
    """Return what the requester wrote, in order, each message with its moment and what it was taken as."""
    told = (f"{_moment(words.at)} {words.taken_as}: {words.text or ''}".rstrip() for words in filed.record)
    return "\n".join(told) or None


def _elsewhere(known: Collection[Fact]) -> Column:
    """Return a column with the answers to facts that no policy file declares."""

    def others(case: Case) -> Cell:
        found = (answer for answer in case.interview.answers if answer.fact not in known)
        return "; ".join(f"{answer.fact}={answer.token}" for answer in found) or None

    return _case(others)


# The columns before and after those of the answers.
BEFORE: Final[Mapping[str, Column]] = {
    "case": lambda filed: case_name(filed.number),
    "opened_at": lambda filed: _moment(filed.opened_at),
    "changed_at": lambda filed: _moment(filed.changed_at),
    "standing": lambda filed: filed.standing,
    "urgent": _handoff(lambda handoff: handoff.urgent),
    "surface": lambda filed: filed.surface,
    "installation": lambda filed: filed.person.installation,
    "team": lambda filed: filed.person.team,
    "user": lambda filed: filed.person.user,
    "owner_team": lambda filed: filed.owner.team if filed.owner else None,
    "owner_user": lambda filed: filed.owner.user if filed.owner else None,
    "handed_over_at": _handoff(lambda handoff: _moment(handoff.asked_at)),
    "claimed_at": _handoff(lambda handoff: _moment(handoff.claimed_at)),
    "resolution": _handoff(lambda handoff: handoff.outcome),
    "resolved_at": _handoff(lambda handoff: _moment(handoff.resolved_at)),
    "closed_at": _handoff(_closed),
}
AFTER: Final[Mapping[str, Column]] = {
    "route": _decision(lambda decision: decision.cancellation.route),
    "verdict": _decision(lambda decision: decision.refund.verdict),
    "policy": _decision(lambda decision: decision.policy.version if decision.policy else None),
    "deadline": lambda filed: _day(filed.deadline),
    "sent_at": _case(lambda case: _moment(case.follow_up.sent_at)),
    "credited": _case(lambda case: case.follow_up.credited),
}
