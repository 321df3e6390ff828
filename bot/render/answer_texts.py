"""An answer in words, piece by piece: the verdict, the way to cancel, what changes when, the draft, why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from bot.conversation.derive import identifying, wanted_details
from bot.conversation.interview import program_in
from bot.conversation.people import case_name
from bot.conversation.screens import Result
from bot.render import contexts as c
from bot.render.document import Document
from bot.render.environment import Context
from bot.render.stated import Kind, Stated, StatedDay
from bot.render.typed import Trusted, trusted
from bot.render.word_lists import REQUESTS, VERDICTS_LATER
from policy.days import credit_due
from policy.decision import Caveat, Credit, Verdict
from policy.facts import PROGRAM, UNKNOWN
from policy.vocabulary import Draft

if TYPE_CHECKING:
    from bot.render.texts import Texts

__all__ = [
    "Part",
    "changes_part",
    "draft_part",
    "refund_parts",
    "route_part",
    "verdict_part",
    "why_of",
    "window_of",
]

OPEN_FIELD: Final = "________"
CREDITS: Final = {"hours": c.CreditInHours, "business_days": c.CreditInBusinessDays}


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of an answer, the template that it comes from, and what that was given to state."""

    template: str
    document: Document
    given: frozenset[Kind] = frozenset()


def refund_parts(texts: Texts, result: Result) -> tuple[Part, ...]:
    """Return the verdict, which begins with the headline, and what else there is to say about the money."""
    return tuple(_part(texts, each) for each in _refund(texts, result))


def verdict_part(texts: Texts, result: Result) -> Part:
    """Return the verdict alone."""
    return _part(texts, _verdict(texts, result, _day(Kind.LAST_DAY, result.decision.refund.last_day)))


def route_part(texts: Texts, result: Result) -> Part:
    """Return how to cancel."""
    route, links = result.decision.cancellation.route, result.contacts
    way = c.Way(
        program=result.program,
        support=links.support or None,
        agents=result.agents,
        complete=not result.missing,
        portal=link(links.portal),
        support_form=link(links.support_form),
        support_email=links.support_email,
    )
    template = texts.nearest("answers/cancellation", program_of(result), route)
    return Part(template, texts.renderer.render_as(template, way))


def changes_part(texts: Texts, result: Result) -> Part | None:
    """Return on which day the answer is another, and which; None where it stays."""
    decision = result.decision
    changes_on = _day(Kind.CHANGES_ON, decision.changes_on)
    if changes_on is None:
        return None
    said: Context
    if result.then is None:
        said = c.QuestionLater(changes_on)
    elif result.then is decision.refund.verdict:
        said = c.OtherRouteLater(changes_on)
    else:
        said = c.OtherVerdictLater(changes_on, texts.words(VERDICTS_LATER)[result.then])
    return _part(texts, said)


def draft_part(texts: Texts, result: Result) -> Part | None:
    """Return the ticket or message as it is drafted, None where the route takes none."""
    route, draft = result.decision.cancellation.route, result.decision.cancellation.draft
    if draft is Draft.NONE:
        return None
    template = texts.nearest("tickets", program_of(result), route, draft)
    return Part(template, texts.renderer.render_as(template, _draft(texts, result, draft)))


def why_of(result: Result) -> c.Why:
    """Return each reason once, and each page once with the sections that count."""
    pages: dict[str, list[c.Section]] = {}
    for source in result.decision.citations:
        section = source.section if source.section != source.title else None
        pages.setdefault(source.title, []).append(c.Section(section, source.silent))
    says = tuple(dict.fromkeys(reason.says for reason in result.reasons))
    return c.Why(says, tuple(c.Source(title, tuple(sections)) for title, sections in pages.items()))


def program_of(result: Result) -> str | None:
    """Return the id of the program that an answer is of, None where it is of none."""
    return result.decision.policy.id if result.decision.policy else None


def window_of(result: Result) -> int:
    """Return how many days the window has that ends on the refund's last day."""
    window = result.decision.refund.window
    return window.days if window is not None else 0


def _part(texts: Texts, context: Context) -> Part:
    given = (each.kind for each in vars(context).values() if isinstance(each, Stated | StatedDay))
    return Part(context.template, texts.say(context), frozenset(given))


def _refund(texts: Texts, result: Result) -> Iterator[Context]:
    refund, program = result.decision.refund, result.program
    last_day = _day(Kind.LAST_DAY, refund.last_day)
    yield _verdict(texts, result, last_day)
    if last_day is not None:
        left = (last_day.day - result.on).days
        match refund.verdict:
            case Verdict.ELIGIBLE | Verdict.LIKELY:
                yield c.Window(program, left, window_of(result), last_day)
            case Verdict.UNLIKELY | Verdict.NOT_ELIGIBLE | Verdict.UNSTATED:
                yield c.HoldsUntil(last_day)
            case Verdict.EXPIRED | Verdict.UNDETERMINED:
                pass  # they say it themselves
    if refund.credit is not None:
        yield _credit(program, refund.credit, result.on)
    if Caveat.BOUNDARY in result.decision.caveats and last_day is not None:
        yield c.Boundary(last_day)


def _verdict(texts: Texts, result: Result, last_day: StatedDay | None) -> Context:
    program, refund = result.program, result.decision.refund
    match refund.verdict:
        case Verdict.ELIGIBLE:
            return c.Eligible(program, last_day)
        case Verdict.LIKELY:
            return c.Likely(program, last_day)
        case Verdict.EXPIRED:
            return c.Expired(program, last_day, window_of(result))
        case Verdict.NOT_ELIGIBLE:
            return c.NotEligible(program)
        case Verdict.UNLIKELY:
            return c.Unlikely(program)
        case Verdict.UNDETERMINED:
            own = program_in(result.answers)
            depends_on = ", ".join(texts.asking(fact, own).name.casefold() for fact in refund.depends_on)
            return c.Undetermined(program, depends_on, last_day)
        case Verdict.UNSTATED:
            return c.Unstated(program)


def _credit(program: str | None, credit: Credit, today: date) -> Context:
    amount = Stated(Kind.CREDIT, f"{credit.amount} {credit.unit}", str(credit.amount))
    return CREDITS[credit.unit](program, amount, credit_due(today, credit))


def _draft(texts: Texts, result: Result, draft: Draft) -> c.Draft:
    given, wanted = dict(result.details), wanted_details(result.decision)
    details = {detail: given.get(detail, OPEN_FIELD) for detail in wanted}
    known = [a for a in result.answers if a.fact != PROGRAM and a.token != UNKNOWN]
    own = program_in(result.answers)
    facts = {answer.fact: texts.short(answer.fact, answer.token, own) for answer in known}
    refund = result.decision.refund
    is_open = refund.verdict in {Verdict.ELIGIBLE, Verdict.LIKELY}
    return c.Draft(
        case=case_name(result.case),
        program=result.program,
        support=result.contacts.support or None,
        details={str(detail): value for detail, value in details.items()},
        facts={str(fact): value for fact, value in facts.items()},
        order=", ".join(identifying(texts.policy, own, given)),
        lines=(
            *(c.Line(texts.asking(detail, own).name, value) for detail, value in details.items()),
            *(texts.line(answer, own) for answer in known),
        ),
        request=Stated(Kind.VERDICT, refund.verdict, texts.words(REQUESTS[draft])[refund.verdict]),
        last_day=_day(Kind.LAST_DAY, refund.last_day) if is_open else None,
    )


def _day(kind: Kind, day: date | None) -> StatedDay | None:
    return StatedDay(kind, day) if day is not None else None


def link(address: str) -> Trusted | None:
    """Return an operator's address for a template, None where there is none."""
    return trusted(address) if address else None
