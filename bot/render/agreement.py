"""Whether the words of an answer say what the policy decides: by their marks, never by searching the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.conversation.screens import Result
from bot.render.answer_texts import Part, changes_part, draft_part, refund_parts, route_part
from bot.render.document import Block, Heading, stated
from bot.render.stated import Kind
from bot.render.texts import Texts
from policy.decision import Verdict

__all__ = ["Disagreement", "disagreements"]

# Verdicts whose draft says up to when a request counts.
_OPEN = frozenset({Verdict.ELIGIBLE, Verdict.LIKELY})


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What a template says otherwise than the policy, or leaves out."""

    template: str
    message: str


def disagreements(texts: Texts, result: Result) -> Iterator[Disagreement]:
    """Yield where the words of an answer do not say its verdict, route, days and credit."""
    refund = result.decision.refund
    first, *rest = refund_parts(texts, result)
    yield from _headed(first, Kind.VERDICT, refund.verdict)
    yield from _contradictions((first, *rest), Kind.ROUTE, result.decision.cancellation.route)
    yield from _says((first, *rest), Kind.LAST_DAY, _iso(refund.last_day))
    yield from _says((first, *rest), Kind.CREDIT, _amount(result))
    yield from _headed(route_part(texts, result), Kind.ROUTE, result.decision.cancellation.route)
    if (later := changes_part(texts, result)) is not None:
        yield from _says((later,), Kind.CHANGES_ON, _iso(result.decision.changes_on))
    if (draft := draft_part(texts, result)) is not None:
        yield from _says((draft,), Kind.VERDICT, refund.verdict)
        if refund.verdict in _OPEN:
            yield from _says((draft,), Kind.LAST_DAY, _iso(refund.last_day))


def _headed(part: Part, kind: Kind, value: str) -> Iterator[Disagreement]:
    """Yield what is wrong where a part has to say something in its first heading."""
    head: tuple[Block, ...] = tuple(b for b in part.document.blocks[:1] if isinstance(b, Heading))
    if not any(mark.kind is kind for mark in stated(head)):
        how = f"[words]({kind}:{value})"
        yield Disagreement(part.template, f"does not begin with a heading that says the {kind}, as {how}")
    yield from _contradictions((part,), kind, value)


def _says(parts: tuple[Part, ...], kind: Kind, value: str | None) -> Iterator[Disagreement]:
    """Yield what is wrong where the parts together have to say something, or, with None, must not."""
    found = [mark for part in parts for mark in stated(part.document.blocks) if mark.kind is kind]
    if value is not None and not found:
        blamed = next((part for part in parts if kind in part.given), parts[0])
        yield Disagreement(blamed.template, f"does not say the {_name(kind)}, which is {value}")
    yield from _contradictions(parts, kind, value)


def _contradictions(parts: tuple[Part, ...], kind: Kind, value: str | None) -> Iterator[Disagreement]:
    for part in parts:
        for mark in stated(part.document.blocks):
            if mark.kind is kind and mark.value != value:
                decided = value if value is not None else "none"
                message = f"says that the {_name(kind)} is {mark.value}; the policy decides {decided}"
                yield Disagreement(part.template, message)


def _name(kind: Kind) -> str:
    return {
        Kind.VERDICT: "verdict",
        Kind.ROUTE: "route",
        Kind.LAST_DAY: "last day",
        Kind.CHANGES_ON: "day on which the answer changes",
        Kind.CREDIT: "time of the credit",
    }[kind]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _amount(result: Result) -> str | None:
    credit = result.decision.refund.credit
    return f"{credit.amount} {credit.unit}" if credit is not None else None
