"""An answer in words, piece by piece: the verdict, the way to cancel, what changes when, the draft, why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Final

from bot.conversation.answer_tokens import YES
from bot.conversation.case import identifying
from bot.conversation.derive import wanted_details
from bot.conversation.interview import program_in
from bot.conversation.people import case_name
from bot.conversation.screens import Result
from bot.render import contexts_answers as a
from bot.render.document import Document, Heading, plain_spans
from bot.render.environment import NOTHING, Context
from bot.render.stated import Kind, Stated, StatedDay
from bot.render.typed import Trusted, trusted
from bot.render.word_lists import REQUESTS, VERDICTS_LATER
from policy.days import credit_due
from policy.decision import Caveat, Credit, Verdict
from policy.facts import OTHER, PROGRAM, UNKNOWN
from policy.vocabulary import Draft, FactKind, Means

if TYPE_CHECKING:
    from bot.render.texts import Texts

__all__ = [
    "Part",
    "asks_a_day",
    "changes_part",
    "days_left",
    "draft_part",
    "is_the_day_after",
    "money_parts",
    "refund_parts",
    "route_part",
    "verdict_part",
    "why_of",
    "window_of",
]

OPEN_FIELD: Final = "________"
CREDITS: Final = {"hours": a.CreditInHours, "business_days": a.CreditInBusinessDays}


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of an answer, its template, and what its context states."""

    template: str
    document: Document
    given: frozenset[Kind] = frozenset()


def refund_parts(texts: Texts, result: Result) -> tuple[Part, ...]:
    """Return the verdict, which begins with the headline, and what else there is to say about the refund."""
    return (verdict_part(texts, result), *money_parts(texts, result))


def money_parts(texts: Texts, result: Result) -> Iterator[Part]:
    """Yield what there is to say about the money besides the verdict."""
    yield from (_part(texts, each) for each in _refund(result))
    yield from _counted_from(texts, result)


def verdict_part(texts: Texts, result: Result, route: Document | None = None) -> Part:
    """Return the verdict alone; `route` is how to cancel, if that was rendered already."""
    template = texts.nearest("answers/refund", program_of(result), result.decision.refund.verdict)
    context = _verdict(texts, result, route or route_part(texts, result).document)
    return Part(template, texts.renderer.render_as(template, context), _given(context))


def route_part(texts: Texts, result: Result) -> Part:
    """Return how to cancel."""
    route, links = result.decision.cancellation.route, result.contacts
    way = a.Way(
        program=result.program,
        support=links.support or None,
        agents=result.agents,
        complete=not result.missing,
        open=result.decision.refund.verdict is Verdict.UNDETERMINED,
        portal=link(links.portal),
        support_form=link(links.support_form),
        support_email=links.support_email,
    )
    template = texts.nearest("answers/cancellation", program_of(result), route)
    return Part(template, texts.renderer.render_as(template, way))


def changes_part(texts: Texts, result: Result) -> Part | None:
    """Return on which day the answer changes, and to what; None if it stays."""
    decision = result.decision
    changes_on = _day(Kind.CHANGES_ON, decision.changes_on)
    if changes_on is None:
        return None
    said: Context
    if result.then is None:
        said = a.QuestionLater(changes_on)
    elif result.then is decision.refund.verdict:
        said = a.OtherRouteLater(changes_on)
    else:
        said = a.OtherVerdictLater(changes_on, texts.words(VERDICTS_LATER)[result.then])
    return _part(texts, said)


def draft_part(texts: Texts, result: Result) -> Part | None:
    """Return the drafted ticket or message, None if the route has none."""
    route, draft = result.decision.cancellation.route, result.decision.cancellation.draft
    if draft is Draft.NONE:
        return None
    template = texts.nearest("tickets", program_of(result), route, draft)
    return Part(template, texts.renderer.render_as(template, _draft(texts, result, draft)))


def why_of(result: Result) -> a.Why:
    """Return each reason once, and each page once with the sections that count."""
    pages: dict[str, list[a.Section]] = {}
    for source in result.decision.citations:
        section = source.section if source.section != source.title else None
        pages.setdefault(source.title, []).append(a.Section(section, source.silent))
    says = tuple(dict.fromkeys(reason.says for reason in result.reasons))
    return a.Why(says, tuple(a.Source(title, tuple(sections)) for title, sections in pages.items()))


def program_of(result: Result) -> str | None:
    """Return the id of the program that an answer belongs to, None if it belongs to none."""
    return result.decision.policy.id if result.decision.policy else None


def window_of(result: Result) -> int:
    """Return how many days the window has that ends on the refund's last day."""
    window = result.decision.refund.window
    return window.days if window is not None else 0


def _part(texts: Texts, context: Context) -> Part:
    return Part(context.template, texts.say(context), _given(context))


def _given(context: Context) -> frozenset[Kind]:
    return frozenset(each.kind for each in vars(context).values() if isinstance(each, Stated | StatedDay))


def _refund(result: Result) -> Iterator[Context]:
    """Yield what there is to say about the refund besides the verdict."""
    refund, program = result.decision.refund, result.program
    last_day = _day(Kind.LAST_DAY, refund.last_day)
    if last_day is not None:
        left = (last_day.day - result.on).days
        match refund.verdict:
            case Verdict.ELIGIBLE | Verdict.LIKELY:
                yield a.Window(program, left, window_of(result), last_day)
            case Verdict.UNLIKELY | Verdict.NOT_ELIGIBLE | Verdict.UNSTATED:
                yield a.HoldsUntil(last_day)
            case Verdict.EXPIRED | Verdict.UNDETERMINED:
                pass  # they say it themselves
    if refund.credit is not None:
        yield _credit(program, refund.credit, result.on)
    if Caveat.BOUNDARY in result.decision.caveats and last_day is not None:
        yield a.Boundary(last_day)


def _counted_from(texts: Texts, result: Result) -> Iterator[Part]:
    """Yield what there is to know about the day from which a window is counted."""
    refund = result.decision.refund
    fact = refund.window.fact if refund.window is not None else next(iter(refund.depends_on), None)
    if fact is not None:
        template = texts.nearest("answers/counted_from", program_of(result), fact)
        if texts.renderer.has(template):
            yield Part(template, texts.renderer.render_as(template, NOTHING))


def _verdict(texts: Texts, result: Result, route: Document) -> a.RefundVerdict:
    refund, own = result.decision.refund, program_in(result.answers)
    open_facts = [texts.asking(fact, own) for fact in refund.depends_on]
    return a.RefundVerdict(
        program=result.program,
        lead=_lead(result, route),
        last_day=_day(Kind.LAST_DAY, refund.last_day),
        days_left=days_left(result),
        window=window_of(result),
        issued=_is_issued(texts, result),
        depends_on=tuple(each.question for each in open_facts),
        a_day=asks_a_day(texts, result),
        meanings=tuple(_meanings(texts, result)),
    )


def _lead(result: Result, route: Document) -> Stated | None:
    """Return what to do: the heading of the way to cancel."""
    match route.blocks:
        case (Heading(spans=spans), *_):
            return Stated(Kind.ROUTE, result.decision.cancellation.route, plain_spans(spans, " "))
        case _:
            return None


def _is_issued(texts: Texts, result: Result) -> bool:
    """Tell whether there is a certificate, according to the answers."""
    facts = texts.policy.facts(program_in(result.answers))
    return any(
        facts[answer.fact].means is Means.ISSUED and answer.token == YES
        for answer in result.answers
        if answer.fact in facts
    )


def asks_a_day(texts: Texts, result: Result) -> bool:
    """Tell whether the missing answer is a day."""
    depends_on = result.decision.refund.depends_on
    spec = texts.policy.spec(depends_on[0], program_in(result.answers)) if depends_on else None
    return spec is not None and spec.kind is FactKind.DAY


def _meanings(texts: Texts, result: Result) -> Iterator[a.Meaning]:
    """Yield what the answers to the open question lead to, grouping those that lead to the same."""
    own, words = program_in(result.answers), texts.words(VERDICTS_LATER)
    for (within, then), several in groupby(result.meanings, key=lambda each: (each.within, each.then)):
        given = tuple(texts.short(each.fact, each.token, own) for each in several if each.token is not None)
        yield a.Meaning(given, within, None if then is None else words[then])


def days_left(result: Result) -> int | None:
    """Return how many days are left until the refund's last day, None if it has none."""
    last_day = result.decision.refund.last_day
    return (last_day - result.on).days if last_day is not None else None


def is_the_day_after(result: Result) -> bool:
    """Tell whether the window ended yesterday, so that a request may still count."""
    refund = result.decision.refund
    return refund.verdict is Verdict.EXPIRED and Caveat.BOUNDARY in result.decision.caveats


def _credit(program: str | None, credit: Credit, today: date) -> Context:
    amount = Stated(Kind.CREDIT, f"{credit.amount} {credit.unit}", str(credit.amount))
    return CREDITS[credit.unit](program, amount, credit_due(today, credit))


def _draft(texts: Texts, result: Result, draft: Draft) -> a.Draft:
    given, needed = dict(result.details), wanted_details(result.decision)
    details = {detail: given.get(detail, OPEN_FIELD) for detail in dict.fromkeys((*needed, *given))}
    known = [each for each in result.answers if each.fact != PROGRAM and each.token not in {UNKNOWN, OTHER}]
    own = program_in(result.answers)
    facts = {answer.fact: texts.short(answer.fact, answer.token, own) for answer in known}
    refund = result.decision.refund
    is_open = refund.verdict in {Verdict.ELIGIBLE, Verdict.LIKELY}
    return a.Draft(
        case=case_name(result.case),
        program=result.program,
        support=result.contacts.support or None,
        details={str(detail): value for detail, value in details.items()},
        facts={str(fact): value for fact, value in facts.items()},
        order=", ".join(identifying(texts.policy, own, given)),
        complete=not result.missing,
        lines=(
            *(a.Line(texts.asking(detail, own).name, value) for detail, value in details.items()),
            *(texts.line(answer, own) for answer in known),
        ),
        request=Stated(Kind.VERDICT, refund.verdict, _request(texts, result, draft)),
        last_day=_day(Kind.LAST_DAY, refund.last_day) if is_open else None,
    )


def _request(texts: Texts, result: Result, draft: Draft) -> str:
    if is_the_day_after(result):
        return texts.line_of(a.RequestOnTheDayAfter(window_of(result)))
    return texts.words(REQUESTS[draft])[result.decision.refund.verdict]


def _day(kind: Kind, day: date | None) -> StatedDay | None:
    return StatedDay(kind, day) if day is not None else None


def link(address: str) -> Trusted | None:
    """Return an operator's address for a template, None if there is none."""
    return trusted(address) if address else None
