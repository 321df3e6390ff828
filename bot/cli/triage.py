"""`certdesk triage`: answer each order of a list: as a table, as JSON Lines, or in a copy of the list."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any, Final

import typer
from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

import policy
from bot import clock
from bot.cli.failures import RefusalError
from bot.render import contexts_lists as c
from bot.render.screen_labels import ListColumns
from bot.render.terminal import to_terminal
from bot.render.texts import Texts
from bot.render.typed import neutral
from bot.settings import Settings
from bot.texts import texts_of
from bot.triage import Failure, Limits, Request, Summary, TriageError, Written, triage_file
from bot.triage.unreadable_rows import unreadable_rows
from policy import Policy
from policy.facts import PROGRAM, Fact
from policy.values import Problem, parse_value

STANDARD_INPUT: Final = "-"
ORDERS: Final = ("day-first", "month-first", "year-first")
LIMITS: Final = Limits(seconds=600, megabytes=1024)
WORDS: Final = {
    Failure.EMPTY: "it is empty",
    Failure.NO_TABLE: "it is not a table, whatever its name says; export the list as CSV or XLSX",
    Failure.NO_HEADER: "no header was found in it: one row should name the columns, such as Domain, Product, "
    "Status, Issued on",
    Failure.DAMAGED: "the workbook is damaged, or is not a workbook; save it as XLSX or CSV",
    Failure.LOCKED: "it is locked by a password; save a copy without one, or the sheet as CSV",
    Failure.TOO_LARGE: "the workbook is too large to be opened; save the one sheet as CSV",
    Failure.PRIVATE_KEY: "it is a private key. Whoever could read it may have it: revoke the certificate now",
    Failure.TOO_LONG: f"it took more than {LIMITS.seconds} seconds; split it, or save a workbook as CSV",
    Failure.TOO_MUCH_MEMORY: f"it took more than {LIMITS.megabytes} MB; split it, or save it as CSV",
    Failure.BROKEN: "certdesk itself failed; please report this",
}


def run(  # noqa: PLR0913  an option each
    settings: Settings,
    file: str,
    *,
    facts: Sequence[str],
    today: date | None,
    order: str | None,
    out: Path | None,
    as_json: bool,
) -> int:
    """Answer a list of orders; returns 1 if it cannot be read, else 0."""
    core = policy.load(settings.policy_dirs)
    day = today or clock.now().astimezone().date()
    console = Console(highlight=False)
    written = Written.JSON if as_json else Written.NOTHING if console.is_terminal else Written.TEXT
    request = Request(
        facts=given(core, facts, day),
        today=day.isoformat(),
        order=order,
        written=written,
        policy_dirs=tuple(map(str, settings.policy_dirs)),
        templates_dirs=tuple(map(str, settings.templates_dirs)),
        limits=LIMITS,
    )
    try:
        with ExitStack() as stack:
            annotated = stack.enter_context(_replacing(out)) if out is not None else None
            source = stack.enter_context(_opened(file))
            on_progress = stack.enter_context(_progress())
            lines = sys.stdout.buffer if written is not Written.NOTHING else None
            sys.stdout.flush()
            summary = triage_file(source, request, lines=lines, annotated=annotated, on_progress=on_progress)
    except TriageError as error:
        typer.echo(f"certdesk: {file} was not answered: {WORDS[error.failure]}.", err=True)
        if error.detail:
            typer.echo(error.detail, err=True)
        return 1
    if not as_json:  # programs that read JSON want nothing else
        _show(texts_of(settings, core), console, summary, written)
    return 0


def given(core: Policy, texts: Sequence[str], today: date) -> dict[str, str | bool]:
    """Return the facts of --fact as `decide` takes them. Raises RefusalError if one is wrong."""
    raw: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name or name in raw:
            raise RefusalError(f"--fact takes {PROGRAM}=opensrs or the like, each fact once, not {text!r}.")
        raw[name] = value
    program = raw.get(PROGRAM)
    facts: dict[str, str | bool] = {}
    for name, value in raw.items():
        spec = core.spec(Fact(name), program)
        if spec is None:
            known = ", ".join(core.facts(program))
            raise RefusalError(f"--fact {name}: there is no such fact; known facts are {known}.")
        is_choice_of_two = value in {"true", "false"} and any(isinstance(each, bool) for each in spec.choices)
        facts[name] = value == "true" if is_choice_of_two else value
        read = parse_value(core, spec, facts[name], today, program)
        if isinstance(read, Problem):
            raise RefusalError(f"--fact {read.message}.")
    return facts


@contextmanager
def _opened(file: str) -> Iterator[Path | IO[bytes]]:
    if file == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    path = Path(file)
    try:
        with path.open("rb"):
            pass
    except (OSError, ValueError) as error:
        raise RefusalError(f"{file} cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    yield path


@contextmanager
def _replacing(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that replaces the one at `path` once complete; write directly to a pipe or device."""
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as device:
                yield device
            return
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            part = Path(file.name)
            try:
                yield file
            except BaseException:
                part.unlink(missing_ok=True)
                raise
        part.chmod(0o666 & ~_umask())
        part.replace(path)
    except OSError as error:
        raise RefusalError(f"{path} cannot be written: {error.strerror}.") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextmanager
def _progress() -> Iterator[Callable[[float, int], None] | None]:
    """Show a progress bar on standard error if it is a terminal."""
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield None
        return
    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[orders]:,}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=1.0, orders=0)
        yield lambda share, orders: bar.update(task, completed=share, orders=orders)


def _show(texts: Texts, console: Console, summary: Summary, written: Written) -> None:
    """Print the table and the summary in a terminal; otherwise only the summary, on standard error."""
    if written is Written.NOTHING:
        console.print(_table(texts, summary))
        if summary.orders > len(summary.listed):
            shown = c.OrdersShown(len(summary.listed), summary.orders)
            console.print(to_terminal(texts.say(shown)))
        console.print()
    aside = console if written is Written.NOTHING else Console(stderr=True, highlight=False)
    aside.print(to_terminal(texts.say(_summary(texts, summary))))
    if summary.spoiled:
        aside.print(to_terminal(texts.say(unreadable_rows(summary, whole=False))))


def _summary(texts: Texts, summary: Summary) -> c.ListSummary:
    asked = tuple((count, texts.asking(Fact(fact)).name) for fact, count in summary.open.items())
    return c.ListSummary(summary.orders, summary.refundable, summary.closing, summary.unreadable, asked)


def _table(texts: Texts, summary: Summary) -> Table:
    labels = texts.labels(ListColumns)
    heads: Mapping[str, dict[str, Any]] = {
        labels.line: {"justify": "right"},
        labels.order: {"overflow": "fold"},
        labels.route: {},
        labels.verdict: {},
        labels.last_day: {"no_wrap": True},
        labels.days_left: {"justify": "right"},
        labels.why: {"ratio": 1},
    }
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for head, options in heads.items():
        table.add_column(head, **options)
    for each in summary.listed:
        left = "" if each.days_left is None else str(each.days_left)
        cells = (str(each.line), each.order, each.route, each.verdict, each.last_day or "", left, each.why)
        table.add_row(*(Text(neutral(cell)) for cell in cells))
    return table
