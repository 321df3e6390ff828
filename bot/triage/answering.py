"""Answer a list from its first row to its last, write what was asked for, and sum it up."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import IO, Final

import policy
from bot.conversation.answer_tokens import token_of
from bot.reading.order_list_days import DayOrder
from bot.reading.order_list_facts import Given, Unreadable
from bot.reading.order_list_files import SheetTable
from bot.reading.order_lists import Answered, OrderList, Outcome, Progress
from bot.render.environment import Renderer
from bot.render.texts import Texts
from bot.render.typed import neutral
from bot.triage.annotated import Annotated, AnnotatedCsv, AnnotatedSheet
from bot.triage.json_lines import JsonLines
from bot.triage.request import SHOWN, SPOILED, ListedOrder, Request, Summary, Written
from bot.triage.wording import Said, Wording
from policy import Policy
from policy.decision import Ask, Decision, Verdict
from policy.facts import PROGRAM, Detail, Fact, Facts, Value
from policy.values import Problem, parse_value
from policy.vocabulary import DetailKind

CLOSING: Final = timedelta(days=7)
REFUNDABLE: Final = frozenset({Verdict.ELIGIBLE, Verdict.LIKELY})
TOGETHER: Final = 1_000  # lines that are written at a time
UNREADABLE: Final = "unreadable"
LONGEST_DETAIL: Final = 253  # characters


@dataclass(frozen=True, slots=True)
class Made:
    """What equal rows share: how they count, until when there is a refund, their words, their JSON."""

    counts_as: tuple[str, str]
    refund_until: date | None
    said: Said | None
    json: tuple[str, str]


class Triage:
    """One list, from its first row to its last."""

    def __init__(self, request: Request, progress: Progress) -> None:
        self._request, self._progress = request, progress
        self._policy = policy.load([*map(Path, request.policy_dirs)])
        today = date.fromisoformat(request.today)
        texts = Texts(Renderer([*map(Path, request.templates_dirs)]), self._policy)
        order = DayOrder(request.order) if request.order is not None else None
        self._given = Given(facts_of(self._policy, request.facts, today), today, order)
        self._wording = Wording(texts, today)
        self._json = JsonLines(self._wording.why)
        self._is_worded = False
        details = self._policy.vocabulary.details.values()
        naming = sorted(
            (each for each in details if each.identifies), key=lambda each: each.kind is not DetailKind.HOST
        )
        self._naming = [each.id for each in naming]

    def run(self, stream: IO[bytes], lines: IO[bytes] | None, annotated: IO[bytes] | None) -> Summary:
        """Answer the list in a stream; what was asked for goes to `lines` and `annotated`."""
        orders = OrderList(stream, self._policy, self._given, self._progress)
        orders.settle()
        book, writing = self._annotated(orders, annotated), self._lines(lines)
        self._is_worded = book is not None or self._request.written is Written.TEXT
        counts: Counter[tuple[str, str]] = Counter()
        listing, number, spoiled = _Listing(self._given.today), 0, list[ListedOrder]()
        for answered in orders.answers(self._made):
            if (group := answered.group) is not None:
                made = group.made
                counts[made.counts_as] += 1
                number += 1
                if number <= SHOWN or made.refund_until is not None:
                    listing.look(number, made.refund_until, answered, self._listed)
                if made.counts_as[0] == UNREADABLE and len(spoiled) < SPOILED:
                    spoiled.append(self._listed(answered))
                if writing is not None:
                    writing.add(answered)
            if book is not None:
                is_header = orders.header is not None and answered.row.line == orders.header.line
                book.write(answered.row, group.made.said if group is not None else None, is_header=is_header)
        for output in (writing, book):
            if output is not None:
                output.close()
        return replace(self._summary(orders, counts, listing), spoiled=tuple(spoiled))

    def _lines(self, stream: IO[bytes] | None) -> _Lines | None:
        match self._request.written:
            case Written.JSON if stream is not None:
                return _Lines(stream, self._json_lines)
            case Written.TEXT if stream is not None:
                return _Lines(stream, self._texts)
            case _:
                return None

    def _json_lines(self, orders: Sequence[Answered[Made]]) -> str:
        line = self._json.line
        return "".join(
            [line(row.line, details, group.made.json) for row, group, details in orders if group is not None]
        )

    def _texts(self, orders: Sequence[Answered[Made]]) -> str:
        return "".join(map(self._text, orders))

    def _annotated(self, orders: OrderList, stream: IO[bytes] | None) -> Annotated | None:
        if stream is None:
            return None
        columns, width = self._wording.columns, orders.width
        if isinstance(orders.table, SheetTable):
            return AnnotatedSheet(stream, orders.table, width, columns)
        return AnnotatedCsv(stream, orders.table.dialect, width, columns)

    def _made(self, facts: Facts, outcome: Outcome) -> Made:
        until: date | None = None
        match outcome:
            case Decision(refund=refund):
                counts_as = ("verdict", refund.verdict.value)
                until = refund.last_day if refund.verdict in REFUNDABLE else None
            case Ask(fact=fact):
                counts_as = ("open", str(fact))
            case Unreadable():
                counts_as = (UNREADABLE, "")
        said = self._wording.said(facts, outcome) if self._is_worded else None
        json = self._json.made(facts, outcome) if self._request.written is Written.JSON else ("", "")
        return Made(counts_as, until, said, json)

    def _listed(self, answered: Answered[Made]) -> ListedOrder:
        group = answered.group
        assert group is not None  # noqa: S101  only orders are listed
        said = group.made.said or self._wording.said(group.facts, group.outcome)
        name = self._name(answered.details)
        last_day = said.last_day.isoformat() if said.last_day is not None else None
        return ListedOrder(
            answered.row.line,
            name,
            said.route,
            said.verdict,
            last_day,
            said.days_left,
            said.why,
            {str(fact): token_of(value) for fact, value in group.facts.items()},
            {str(detail): text[:LONGEST_DETAIL] for detail, text in answered.details.items()},
        )

    def _name(self, details: Mapping[Detail, str]) -> str:
        return next((details[name] for name in self._naming if name in details), "")

    def _text(self, answered: Answered[Made]) -> str:
        listed = self._listed(answered)
        left = "" if listed.days_left is None else str(listed.days_left)
        cells = (str(listed.line), listed.order, listed.route, listed.verdict, listed.last_day or "", left)
        return "\t".join(neutral(cell) for cell in (*cells, listed.why)) + "\n"

    def _summary(self, orders: OrderList, counts: Counter[tuple[str, str]], listing: _Listing) -> Summary:
        verdicts = {name: number for (kind, name), number in counts.items() if kind == "verdict"}
        return Summary(
            orders=counts.total(),
            refundable=sum(verdicts.get(verdict, 0) for verdict in REFUNDABLE),
            closing=listing.closing,
            unreadable=counts[UNREADABLE, ""],
            verdicts=verdicts,
            open={name: number for (kind, name), number in counts.items() if kind == "open"},
            undecided_days=orders.undecided_days,
            is_workbook=isinstance(orders.table, SheetTable),
            listed=listing.orders(counts.total()),
        )


class _Lines:
    """Write a line for each order, many at a time."""

    def __init__(self, stream: IO[bytes], make: Callable[[Sequence[Answered[Made]]], str]) -> None:
        self._stream, self._make = stream, make
        self._waiting: list[Answered[Made]] = []

    def add(self, answered: Answered[Made]) -> None:
        """Write an order's line, or keep it until there are enough."""
        self._waiting.append(answered)
        if len(self._waiting) >= TOGETHER:
            self.close()

    def close(self) -> None:
        """Write what is left."""
        self._stream.write(self._make(self._waiting).encode("utf-8", "replace"))
        self._waiting.clear()


class _Listing:
    """Keep the first orders, and those with the least time left; count what closes within a week."""

    def __init__(self, today: date) -> None:
        self._today = today
        self._first: list[ListedOrder] = []
        self._urgent: list[tuple[int, int, ListedOrder]] = []
        self._is_short = True
        self.closing = 0

    def look(
        self,
        number: int,
        until: date | None,
        answered: Answered[Made],
        listed: Callable[[Answered[Made]], ListedOrder],
    ) -> None:
        """List an order, the `number`th, if it is one of the first or one of the most urgent ones."""
        self._is_short = self._is_short and number <= SHOWN
        if self._is_short:
            self._first.append(listed(answered))
        if until is None or until < self._today:
            return
        self.closing += until < self._today + CLOSING
        key = (-until.toordinal(), -answered.row.line)
        if len(self._urgent) < SHOWN:
            heapq.heappush(self._urgent, (*key, listed(answered)))
        elif key > self._urgent[0][:2]:
            heapq.heapreplace(self._urgent, (*key, listed(answered)))

    def orders(self, count: int) -> tuple[ListedOrder, ...]:
        """Return all orders of a short list, else the most urgent ones."""
        if count <= SHOWN:
            return tuple(self._first)
        return tuple(each for _, _, each in sorted(self._urgent, key=lambda one: one[:2], reverse=True))


def facts_of(core: Policy, raw: Mapping[str, str | bool], today: date) -> dict[Fact, Value]:
    """Return facts that were given in JSON; they were checked where they were given.

    Raises:
        ValueError: One of them is not legal after all.
    """
    program = raw.get(PROGRAM)
    facts: dict[Fact, Value] = {}
    for name, given in raw.items():
        spec = core.spec(Fact(name), program)
        value = parse_value(core, spec, given, today, program) if spec is not None else None
        if value is None or isinstance(value, Problem):
            raise ValueError(name)
        facts[Fact(name)] = value
    return facts
