"""Screens in words: the same texts for Slack and the terminal, each from its template."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from bot.conversation.derive import has_draft
from bot.conversation.people import Answer, Change, case_name
from bot.conversation.problems import Problem, Trouble
from bot.conversation.screens import Question, Reason, Result, Settled
from bot.conversation.tokens import YES
from bot.conversation.typed import LONGEST_TYPED
from bot.render import contexts as c
from bot.render.document import Block, BulletList, Document, Heading, Paragraph, Text, plain_spans
from bot.render.environment import Context, Renderer
from bot.render.filters import day, weekday_day
from bot.render.plain import to_plain
from bot.render.typed import Trusted, trusted
from policy.days import credit_due
from policy.decision import Caveat, Detail, Route, Verdict
from policy.facts import Fact

EXPLANATION: Final = " — "  # what follows it in a label is only for choosing
OPEN_FIELD: Final = "________"
NAME_LEVEL, QUESTION_LEVEL, WHERE_LEVEL = 1, 2, 3


@dataclass(frozen=True, slots=True)
class QuestionText:
    """A question's words: its short name, the question, a hint, the choices, and where to find the answer."""

    name: str
    question: str
    hint: Document
    labels: tuple[tuple[str, str], ...]
    where: Document


@dataclass(frozen=True, slots=True)
class ResultText:
    """An answer's words, piece by piece, in the order in which they are shown.

    `draft` is the ticket or message as plain text to be copied, None where the route takes none.
    """

    headline: str
    verdict: Document
    steps: Document
    changes: Document | None
    advice: Document | None
    why: Document
    draft: str | None
    changed: Document | None


class Texts:
    """Everything that certdesk says. `command` is the slash command as people type it."""

    def __init__(self, renderer: Renderer, command: str = "/certdesk") -> None:
        self.renderer = renderer
        self.command = command

    def say(self, context: Context) -> Document:
        """Return the text of a context's template."""
        return self.renderer.render(context)

    @cached_property
    def facts(self) -> dict[Fact, QuestionText]:
        """Return the words of every question about a fact."""
        return {fact: self._read(c.QUESTIONS[fact]()) for fact in Fact}

    @cached_property
    def details(self) -> dict[Detail, QuestionText]:
        """Return the words of every question about a detail."""
        return {detail: self._read(c.DETAILS[detail]()) for detail in Detail}

    # --- answers in words

    def label(self, fact: Fact, token: str) -> str:
        """Return an answer in words; a program that no template names is called by its id."""
        labels = dict(self.facts[fact].labels)
        if token in labels:
            return labels[token]
        return weekday_day(date.fromisoformat(token)) if fact is Fact.FULFILLED_ON else token

    def short(self, fact: Fact, token: str) -> str:
        """Return an answer in few words: the label up to its explanation."""
        return self.label(fact, token).partition(EXPLANATION)[0]

    def line(self, answer: Answer) -> c.Line:
        """Return an answer as a line of a list."""
        return c.Line(self.facts[answer.fact].name, self.short(answer.fact, answer.token))

    def choices(self, question: Question) -> list[tuple[str, str]]:
        """Return a question's choices, as tokens with their labels."""
        return [(token, self.label(question.fact, token)) for token in question.choices]

    def value(self, asked: Fact | Detail, given: str) -> str:
        """Return an answer or a detail in few words."""
        return self.short(asked, given) if isinstance(asked, Fact) else given

    def words(self, asked: Fact | Detail) -> QuestionText:
        """Return the words of a question about a fact or a detail."""
        return self.facts[asked] if isinstance(asked, Fact) else self.details[asked]

    def settled(self, screen: Settled) -> tuple[c.AnsweredLine, ...]:
        """Return what is left of a question: each answer with what was asked, and what it was before."""
        before = {change.of: change.before for change in screen.changes}
        given: list[tuple[Fact | Detail, str | None]] = [(each.fact, each.token) for each in screen.answers]
        given += screen.details
        given += [(change.of, None) for change in screen.changes if change.after is None]
        return tuple(self._answered(asked, value, before.get(asked)) for asked, value in given)

    def _answered(self, asked: Fact | Detail, given: str | None, before: str | None) -> c.AnsweredLine:
        now, was = (None if each is None else self.value(asked, each) for each in (given, before))
        return c.AnsweredLine(self.words(asked).question, now, was)

    def changed(self, change: Change) -> c.ChangedLine:
        """Return a changed answer as a line of a list."""
        after = None if change.after is None else self.value(change.of, change.after)
        return c.ChangedLine(self.words(change.of).name, self.value(change.of, change.before), after)

    # --- what is wrong, and why it is asked

    def problem(self, problem: Problem, question: Question | None = None) -> Document:
        """Return what is wrong with what was typed, and what is accepted."""
        return self.say(self._problem(problem, question))

    def because(self, reason: Reason) -> Document:
        """Return why something is asked."""
        source = reason.citation
        if source is None:
            return self.say(c.Because(reason.says, None, None, silent=False))
        return self.say(c.Because(reason.says, source.title, source.section, source.silent))

    def meant(self, problem: Problem) -> list[tuple[str, str]]:
        """Return what may have been meant, as what to type for it and its words."""
        if problem.kind is Trouble.DATE_AMBIGUOUS:
            return [(token, day(date.fromisoformat(token))) for token in problem.meant]
        return [(name, name) for name in problem.meant]

    def _problem(self, problem: Problem, question: Question | None) -> Context:
        meant = " or ".join(words for _, words in self.meant(problem))
        match problem.kind:
            case Trouble.NOT_A_CHOICE:
                return c.NotAChoice(problem.typed, self._accepted(question))
            case Trouble.NAME_NOT_KNOWN:
                return c.NameNotKnown(problem.typed, meant)
            case Trouble.NAME_AMBIGUOUS:
                return c.NameAmbiguous(problem.typed, meant)
            case Trouble.NOT_A_DATE:
                return c.NotADate(problem.typed)
            case Trouble.DATE_AMBIGUOUS:
                return c.DateAmbiguous(problem.typed, meant)
            case Trouble.DATE_IN_FUTURE:
                return c.DateInFuture(question.latest if question else date.max)
            case Trouble.TOO_LONG:
                return c.TooLong(problem.length, LONGEST_TYPED)
            case kind:
                return c.SIMPLE_PROBLEMS[kind]()

    def _accepted(self, question: Question | None) -> str:
        if question is None:
            return ""
        return ", ".join(self.short(question.fact, token) for token in question.choices)

    # --- the answer

    def headline(self, result: Result) -> str:
        """Return an answer in one line."""
        return self._headed(self.say(self._verdict(result)))[0]

    def result(self, result: Result) -> ResultText:
        """Return an answer in words."""
        headline, verdict = self._headed(self.say(self._verdict(result)))
        decision = result.decision
        if Caveat.BOUNDARY in decision.caveats and decision.refund.last_day:
            boundary = self.say(c.Boundary(decision.refund.last_day))
            verdict = Document(verdict.blocks + boundary.blocks)
        changes = decision.changes_on
        return ResultText(
            headline=headline,
            verdict=verdict,
            steps=self.say(self._route(result)),
            changes=self.say(c.Changes(changes, result.then)) if changes and result.then else None,
            advice=self.say(c.Advice()) if _is_live(result) else None,
            why=self.say(_why(result)),
            draft=self.draft(result),
            changed=self._changed(result),
        )

    def _changed(self, result: Result) -> Document | None:
        """Return what has changed since the answer before, None where nothing has."""
        if not result.changes and not result.redrafted:
            return None
        lines = tuple(map(self.changed, result.changes))
        return self.say(c.ChangedAnswer(has_draft(result.decision), lines, result.redrafted))

    def draft(self, result: Result) -> str | None:
        """Return the ticket or message to be sent, as the person has it or as it is drafted."""
        if result.ticket is not None:
            return result.ticket
        match result.decision.cancellation.route:
            case Route.SUPPORT_TICKET:
                return to_plain(self.say(self._support_draft(result)))
            case Route.PERSON:
                return to_plain(self.say(self._contact_draft(result)))
            case _:
                return None

    def _support_draft(self, result: Result) -> Context:
        details = dict(result.details)
        tokens = {answer.fact: answer.token for answer in result.answers}
        return c.SupportDraft(
            case=case_name(result.case),
            provider=self.short(Fact.PROVIDER, tokens[Fact.PROVIDER]),
            common_name=details.get(Detail.COMMON_NAME, OPEN_FIELD),
            supplier_order_id=details.get(Detail.SUPPLIER_ORDER_ID, OPEN_FIELD),
            reseller_username=details.get(Detail.RESELLER_USERNAME, OPEN_FIELD),
            fulfilled_on=_date(tokens.get(Fact.FULFILLED_ON)),
            verdict=result.decision.refund.verdict,
            last_day=result.decision.refund.last_day,
        )

    def _contact_draft(self, result: Result) -> Context:
        lines = tuple(self.line(answer) for answer in result.answers)
        return c.ContactDraft(case_name(result.case), result.program, lines, result.decision.refund.verdict)

    def _verdict(self, result: Result) -> Context:
        program, refund = result.program or "", result.decision.refund
        match refund.verdict:
            case Verdict.ELIGIBLE | Verdict.LIKELY if refund.last_day and refund.credit:
                kind = c.Eligible if refund.verdict is Verdict.ELIGIBLE else c.Likely
                left = (refund.last_day - result.on).days
                credit = refund.credit
                expected = credit_due(result.on, credit)
                window = window_of(result)
                return kind(refund.last_day, left, window, program, credit.amount, credit.unit, expected)
            case Verdict.EXPIRED if refund.last_day:
                return c.Expired(refund.last_day, window_of(result), program)
            case Verdict.NOT_ELIGIBLE:
                return c.NotEligible(program)
            case Verdict.UNLIKELY:
                return c.Unlikely(program)
            case Verdict.UNDETERMINED:
                depends_on = ", ".join(self.facts[fact].name.casefold() for fact in refund.depends_on)
                return c.Undetermined(result.program, depends_on, refund.last_day)
            case _:
                return c.Unstated(result.program)

    def _route(self, result: Result) -> Context:
        links = result.contacts
        match result.decision.cancellation.route:
            case Route.CONTROL_PANEL:
                return c.ControlPanel()
            case Route.SELF_SERVICE_PORTAL:
                return c.SelfServicePortal(_link(links.portal))
            case Route.SUPPORT_TICKET:
                complete = not result.missing
                return c.SupportTicket(complete, _link(links.support_form), links.support_email)
            case Route.SELLER:
                return c.Seller()
            case Route.PERSON:
                return c.ToPerson(
                    result.program, result.agents, _link(links.support_form), links.support_email
                )

    def _headed(self, document: Document) -> tuple[str, Document]:
        """Split a text into its first heading and the rest."""
        match document.blocks:
            case (Heading(spans=spans), *rest):
                return plain_spans(spans, " "), Document(tuple(rest))
            case blocks:
                return "", Document(tuple(blocks))

    def _read(self, context: Context) -> QuestionText:
        return read_question(self.say(context))


def read_question(document: Document) -> QuestionText:
    """Read a question's template: `# name`, `## question`, hint, the list of choices, `### where`.

    A choice is a list item that begins with its token in code and goes on with its label.
    """
    name = question = ""
    hint: list[Block] = []
    where: list[Block] = []
    labels: list[tuple[str, str]] = []
    part = hint
    for block in document.blocks:
        match block:
            case Heading(level, spans) if level == NAME_LEVEL:
                name = plain_spans(spans, " ")
            case Heading(level, spans) if level == QUESTION_LEVEL:
                question = plain_spans(spans, " ")
            case Heading():
                part = where
            case BulletList(items) if part is hint:
                labels += [_choice(item) for item in items]
            case _:
                part.append(block)
    return QuestionText(name, question, Document(tuple(hint)), tuple(labels), Document(tuple(where)))


def _choice(item: tuple[Block, ...]) -> tuple[str, str]:
    match item:
        case (Paragraph(spans=(Text(text=token, code=True), *rest)),):
            return token, plain_spans(tuple(rest), " ").strip()
        case _:
            raise ValueError("a choice begins with its name in backquotes")


def _why(result: Result) -> c.Why:
    """Return each reason once, and each page once with the sections that count."""
    pages: dict[str, list[str]] = {}
    for source in result.decision.citations:
        section = source.section if source.section != source.title else "top of the page"
        words = f"{section} (silent on this)" if source.silent else section
        pages.setdefault(source.title, []).append(words)
    says = tuple(dict.fromkeys(reason.says for reason in result.reasons))
    return c.Why(says, tuple(c.Source(title, "; ".join(sections)) for title, sections in pages.items()))


def _is_live(result: Result) -> bool:
    """Tell whether there is an issued certificate to lose."""
    issued = any(a.fact is Fact.ISSUED and a.token == YES for a in result.answers)
    return issued and result.decision.cancellation.route is not Route.SELLER


def window_of(result: Result) -> int:
    """Return how many days the refund window has: from the fulfillment date to its last day."""
    fulfilled = next(_date(a.token) for a in result.answers if a.fact is Fact.FULFILLED_ON)
    last_day = result.decision.refund.last_day
    return (last_day - fulfilled).days if last_day and fulfilled else 0


def _date(token: str | None) -> date | None:
    try:
        return date.fromisoformat(token or "")
    except ValueError:
        return None


def _link(address: str) -> Trusted | None:
    return trusted(address) if address else None
