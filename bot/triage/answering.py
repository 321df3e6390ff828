"""Answer all orders of a list, write the outputs that were requested, and return a summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

import policy
from bot.conversation.answer_tokens import token_of
from bot.reading.order_list_answers import Answered, Outcome
from bot.reading.order_list_csv import Row
from bot.reading.order_list_dates import DateOrder
from bot.reading.order_list_facts import Given, Unreadable
from bot.reading.order_list_workbooks import SheetTable
from bot.reading.order_lists import OrderList, Progress
from bot.render.environment import Renderer
from bot.render.texts import Texts
from bot.render.typed import neutral
from bot.triage.annotated import Annotated, AnnotatedCsv, AnnotatedSheet
from bot.triage.json_lines import JsonLines
from bot.triage.parallel import in_parallel
from bot.triage.request import ListedOrder, Request, Summary, Written
from bot.triage.tally import REFUNDABLE, UNREADABLE, Order, SharedAnswer, Tally
from bot.triage.wording import Wording
from policy import Policy
from policy.decision import Ask, Decision
from policy.facts import PROGRAM, Detail, Fact, Facts, Value
from policy.values import Problem, parse_value
from policy.vocabulary import DetailKind

MAX_DETAIL_LENGTH: Final = 253  # characters


class Part(NamedTuple):
    """The results for some rows of the list: their tally, their output lines, the rows with answers."""

    tally: Tally
    lines: bytes
    annotated: Any
    undecided_days: bool


class Triage:
    """Answers one list."""

    def __init__(self, request: Request, progress: Progress) -> None:
        self._request, self._progress = request, progress
        self._policy = policy.load([*map(Path, request.policy_dirs)])
        today = date.fromisoformat(request.today)
        texts = Texts(Renderer([*map(Path, request.templates_dirs)]), self._policy)
        order = DateOrder(request.order) if request.order is not None else None
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
        """Answer the list in a stream; write to `lines` and `annotated` as requested."""
        orders = OrderList(stream, self._policy, self._given, self._progress)
        orders.find_date_order()
        book = self._annotated(orders, annotated)
        self._is_worded = book is not None or self._request.written is Written.TEXT
        answer = orders.answering(self._made)
        tally, undecided_days = Tally(), False

        def part(rows: Sequence[Row]) -> Part:
            return self._part(orders, answer(rows), book)

        blocks = orders.blocks
        parts = (
            in_parallel(blocks, lambda block: part(orders.rows_in(block)))
            if blocks
            else map(part, orders.rows())
        )
        for number, each in enumerate(parts, start=1):
            tally.add(each.tally)
            undecided_days = undecided_days or each.undecided_days
            if lines is not None:
                lines.write(each.lines)
            if book is not None:
                book.write(each.annotated)
            share = number / len(blocks) if blocks else orders.table.share_read
            self._progress((1 + share) / 2, tally.counts.total())
        if book is not None:
            book.close()
        return self._summary(orders, tally, undecided_days=undecided_days)

    def _part(
        self, orders: OrderList, rows: Sequence[Answered[SharedAnswer]], book: Annotated[Any] | None
    ) -> Part:
        made = [(each, each.group.made) for each in rows if each.group is not None]
        match self._request.written:
            case Written.JSON:
                lines = self._json_lines(made)
            case Written.TEXT:
                lines = "".join([self._text(answered) for answered, _ in made])
            case Written.NOTHING:
                lines = ""
        tally = Tally.of(made, self._given.today, self._listed)
        for answered, _ in made:
            if answered.group is not None and isinstance(outcome := answered.group.outcome, Unreadable):
                tally.spoil(self._wording.why(outcome), 1, [answered.row.line])
        answers = [(row, group.made.said if group is not None else None) for row, group, _ in rows]
        return Part(
            tally,
            lines.encode("utf-8", "replace"),
            book.part(answers) if book is not None else None,
            orders.undecided_days,
        )

    def _json_lines(self, orders: Sequence[Order]) -> str:
        line = self._json.line
        return "".join([line(answered.row.line, answered.details, made.json) for answered, made in orders])

    def _annotated(self, orders: OrderList, stream: IO[bytes] | None) -> Annotated[Any] | None:
        if stream is None:
            return None
        columns, width = self._wording.columns, orders.width
        header = orders.header.line if orders.header is not None else None
        if isinstance(orders.table, SheetTable):
            return AnnotatedSheet(stream, orders.table, width, columns, header)
        return AnnotatedCsv(stream, orders.table.dialect, width, columns, header)

    def _made(self, facts: Facts, outcome: Outcome) -> SharedAnswer:
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
        return SharedAnswer(counts_as, until, said, json)

    def _listed(self, answered: Answered[SharedAnswer]) -> ListedOrder:
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
            {str(detail): text[:MAX_DETAIL_LENGTH] for detail, text in answered.details.items()},
        )

    def _name(self, details: Mapping[Detail, str]) -> str:
        return next((details[name] for name in self._naming if name in details), "")

    def _text(self, answered: Answered[SharedAnswer]) -> str:
        listed = self._listed(answered)
        left = "" if listed.days_left is None else str(listed.days_left)
        cells = (str(listed.line), listed.order, listed.route, listed.verdict, listed.last_day or "", left)
        return "\t".join(neutral(cell) for cell in (*cells, listed.why)) + "\n"

    def _summary(self, orders: OrderList, tally: Tally, *, undecided_days: bool) -> Summary:
        verdicts = {name: number for (kind, name), number in tally.counts.items() if kind == "verdict"}
        return Summary(
            orders=tally.counts.total(),
            refundable=sum(verdicts.get(verdict, 0) for verdict in REFUNDABLE),
            closing=tally.closing,
            unreadable=tally.counts[UNREADABLE, ""],
            verdicts=verdicts,
            open={name: number for (kind, name), number in tally.counts.items() if kind == "open"},
            undecided_days=undecided_days,
            is_workbook=isinstance(orders.table, SheetTable),
            listed=tally.listed(),
            spoiled=tuple(sorted(tally.spoiled.values(), key=lambda each: (-each.rows, each.lines))),
        )


def facts_of(core: Policy, raw: Mapping[str, str | bool], today: date) -> dict[Fact, Value]:
    """Return facts from JSON, which whoever made the request has checked already.

    Raises:
        ValueError: One of them is not valid after all.
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
