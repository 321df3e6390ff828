"""Check that each answer can be shown: by its templates, within Slack's limits, in words that agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import partial
from itertools import chain, product
from typing import Final, TypeAlias

from bot.conversation.answer_tokens import token_of
from bot.conversation.answering import LONGEST_TICKET
from bot.conversation.case import Case, Shown, Surface, order_of
from bot.conversation.derive import Rules, card_of, screen_of, wanted_details
from bot.conversation.handoff import Handoff, Standing
from bot.conversation.interview import Answer, Basis, Interview
from bot.conversation.now import Now
from bot.conversation.order_details import LONGEST
from bot.conversation.people import Origin, Person, Posted
from bot.conversation.screens import Details, Question, Result, Retired, TicketEditor
from bot.desk.app_home_views import PAGE, Home, HomeRow, Tab
from bot.render import catalog
from bot.render.agreement import disagreements
from bot.render.errors import TemplateError
from bot.render.slack_text import size
from bot.render.texts import Texts
from bot.settings import Settings
from bot.slack.blocks import answer, card, dm, home, modal, parts
from bot.slack.blocks.parts import PREFORMATTED, Json, Message
from bot.texts import texts_of
from policy import Policy, load
from policy.decision import Decision
from policy.errors import Finding, Severity
from policy.facts import PROGRAM, UNKNOWN, Fact, Facts
from policy.vocabulary import DetailKind

MESSAGE_BLOCKS: Final = 50
VIEW_BLOCKS: Final = 100
MESSAGE_CHARACTERS: Final = 13_000
FALLBACK_CHARACTERS: Final = 40_000

SLACK: Final = f"https://{'w' * 63}.slack.com/"
SOMEBODY: Final = Person("T" * 11, "T" * 11, "U" * 11)
# A detail of each kind at its greatest length, in a form that its check accepts.
LONGEST_DETAILS: Final = {
    DetailKind.NAME: "W" * LONGEST[DetailKind.NAME],
    DetailKind.DIGITS: "9" * LONGEST[DetailKind.DIGITS],
    DetailKind.HOST: ".".join(["w" * 63, "w" * 63, "w" * 63, "w" * 57, "wwww"]),
    DetailKind.EMAIL: "m" * 64 + "@" + ".".join(["w" * 63, "w" * 63, "w" * 61]),
    DetailKind.TEXT: "W" * LONGEST[DetailKind.TEXT],
}


@dataclass(frozen=True, slots=True)
class Variant:
    """One way in which the same answer can be shown."""

    agents: bool
    details: bool
    handoff: Handoff | None
    ticket: str | None


def variants() -> Iterator[Variant]:
    """Yield every way: with agents or without, details given or not, edited, and in each standing."""
    at, own_text = datetime(2026, 12, 31, 23, 59, tzinfo=UTC), "W" * LONGEST_TICKET
    handed = {standing: Handoff(at, SOMEBODY, at, standing, urgent=True) for standing in Standing}
    handoffs = (None, handed[Standing.WAITING], handed[Standing.CLAIMED])
    for details, ticket in product((True, False), (None, own_text)):
        yield from (Variant(agents=True, details=details, handoff=each, ticket=ticket) for each in handoffs)
        yield Variant(agents=False, details=details, handoff=None, ticket=ticket)
    for standing in Standing:
        yield Variant(agents=True, details=True, handoff=handed[standing], ticket=own_text)


def _looks(answered: Iterable[Answered]) -> Iterator[tuple[Answered, tuple[Variant, ...]]]:
    """Yield each answer with the ways in which to look at it.

    For the first of each kind of draft and verdict these are all of them. What surrounds an answer is the
    same for the others, so for these the longest is enough, and the one with most left open.
    """
    every = tuple(variants())
    longest = next(each for each in every if each.handoff and each.handoff.standing is Standing.CLAIMED)
    open_ended = replace(longest, agents=False, details=False, handoff=None)
    seen: set[tuple[str, str]] = set()
    for each in answered:
        decision = each[2]
        kind = (decision.cancellation.draft, decision.refund.verdict)
        yield each, (longest, open_ended) if kind in seen else every
        seen.add(kind)


def case_for(policy: Policy, facts: Facts, decision: Decision, variant: Variant) -> Case:
    """Return a case whose answers lead to a decision."""
    at = datetime(2026, 12, 31, 23, 59, tzinfo=UTC)
    kinds = policy.details(facts.get(PROGRAM))
    longest = [(detail, LONGEST_DETAILS[kinds[detail].kind]) for detail in wanted_details(decision)]
    details = tuple(longest) if variant.details else ()
    handoff, basis = variant.handoff, None
    if handoff is not None and handoff.standing is Standing.CLAIMED:
        # everything has changed since: nothing was known then, and every detail was different
        nothing = tuple(Answer(fact, token_of(UNKNOWN)) for fact in facts)
        others = tuple((detail, value[::-1]) for detail, value in longest)
        basis = Basis(nothing, others, own_text=True)
        handoff = replace(handoff, basis=basis)
    return Case(
        number=999_999_999,
        person=SOMEBODY,
        surface=Surface.DM,
        revision=999_999,
        origin=Origin("C" * 11, "https://example.com/" + "r" * 100, at),
        interview=Interview(
            answers=tuple(Answer(fact, token_of(value)) for fact, value in facts.items()),
            details=details,
            details_closed=True,
            ticket=variant.ticket,
        ),
        shown=Shown(basis=basis),
        handoff=handoff,
    )


def templates_fit(texts: Texts) -> Iterator[Finding]:
    """Yield what is wrong between templates and their contexts."""
    yield from catalog.findings(texts)


class UnfitError(Exception):
    """An operator's templates cannot be used; `findings` are sentences that say why."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(findings)
        self.findings = findings

    def __str__(self) -> str:
        return "\n".join(map(str, self.findings))


def must_fit(settings: Settings) -> None:
    """Raise UnfitError unless each template fits its context; the shipped ones are proven."""
    if not (settings.templates_dirs or settings.policy_dirs):
        return
    found = templates_fit(texts_of(settings, load(settings.policy_dirs)))
    findings = [each for each in found if each.severity is Severity.ERROR]
    if findings:
        raise UnfitError(findings)


Answered: TypeAlias = tuple[Facts, date, Decision]
Look: TypeAlias = tuple[Rules, Case, Now, Result]


@dataclass(frozen=True, slots=True)
class Checks:
    """What was checked and how often, how many messages and views were drawn, and what is wrong."""

    looks: int = 0
    messages: int = 0
    views: int = 0
    findings: tuple[Finding, ...] = ()

    def __add__(self, other: Checks) -> Checks:
        findings = tuple(dict.fromkeys(self.findings + other.findings))
        counts = self.looks + other.looks, self.messages + other.messages, self.views + other.views
        return Checks(*counts, findings)


def words_agree(texts: Texts, policy: Policy, answered: Iterable[Answered]) -> Iterator[Checks]:
    """Yield, for each decision, where its words do not say it; any error is a finding."""
    for each, looked_at in _looks(answered):
        looks = [
            partial(_said, texts, policy, each, variant)
            for variant in looked_at
            if variant.ticket is None  # what somebody wrote by hand is not checked
        ]
        found = tuple(wrong for look in looks for wrong in _guarded(policy, each[2], look))
        yield Checks(len(looks), findings=found)


def answers_fit(texts: Texts, policy: Policy, answered: Iterable[Answered]) -> Iterator[Checks]:
    """Yield, for each decision, where its answer exceeds Slack's limits."""
    for each, looked_at in _looks(answered):
        drawn: Counter[type] = Counter()
        looks = [partial(_fits, texts, policy, each, variant, drawn) for variant in looked_at]
        found = tuple(wrong for look in looks for wrong in _guarded(policy, each[2], look))
        yield Checks(len(looks), drawn[Message], drawn[dict], found)


def drawn(texts: Texts, policy: Policy, answered: Iterable[Answered]) -> Iterator[Message | Json]:
    """Yield the messages and the views that show answers, in all the ways that are proven."""
    for each, looked_at in _looks(answered):
        for variant in looked_at:
            look = _result(policy, each, variant)
            yield from _drawn(texts, variant, look)
            yield from (shown for _, shown in _asked(texts, variant, look))


def _guarded(
    policy: Policy, decision: Decision, look: Callable[[], Iterable[tuple[str, str]]]
) -> list[Finding]:
    """Return the findings of one check, as template and message; an error in it is a finding too."""
    program = policy.programs[decision.policy.id] if decision.policy else None
    file, ref = (program.file, program.id) if program else ("", None)
    rules = f"{decision.cancellation.rule}, {decision.refund.rule}"
    try:
        return [Finding(template or file, rules, message, program=ref) for template, message in look()]
    except TemplateError as error:
        return [Finding(error.template, rules, error.message, error.line, ref)]
    except Exception as error:  # noqa: BLE001  whatever it is, the operator is to know where
        return [Finding(file, rules, f"cannot be shown: {type(error).__name__}: {error}", program=ref)]


def _result(policy: Policy, answered: Answered, variant: Variant) -> Look:
    """Return an answer as it is shown. Raises ValueError if there is none."""
    facts, today, decision = answered
    now = Now(datetime.combine(today, time(), UTC), today, today)
    case, rules = case_for(policy, facts, decision, variant), Rules(policy, variant.agents)
    result = screen_of(rules, case, now)
    if not isinstance(result, Result):
        raise ValueError("the answers do not lead to a result")  # noqa: TRY004  of the policy's doing
    return rules, case, now, result


def _said(texts: Texts, policy: Policy, answered: Answered, variant: Variant) -> Iterator[tuple[str, str]]:
    *_, result = _result(policy, answered, variant)
    for each in disagreements(texts, result):
        yield each.template, each.message


def _fits(
    texts: Texts, policy: Policy, answered: Answered, variant: Variant, drawn: Counter[type]
) -> Iterator[tuple[str, str]]:
    """Yield what Slack does not take of one look at an answer; `drawn` counts what was drawn."""
    look = _result(policy, answered, variant)
    answers = (("", each) for each in _drawn(texts, variant, look))
    questions = ((f"the question {fact}: ", each) for fact, each in _asked(texts, variant, look))
    for of, each in chain(answers, questions):
        drawn[type(each)] += 1
        found = message_fits(each) if isinstance(each, Message) else view_fits(each)
        yield from (("", of + message) for message in found)
    draft = texts.draft(look[-1])
    if draft is not None and len(draft) > min(LONGEST_TICKET, PREFORMATTED):
        yield "", f"the draft has {len(draft)} characters, of which only {LONGEST_TICKET} can be edited"


def _drawn(texts: Texts, variant: Variant, look: Look) -> Iterator[Message | Json]:
    """Yield the messages and the views that show an answer."""
    rules, case, now, result = look
    yield dm.message_of(texts, result)
    yield dm.message_of(texts, Retired(result, now.today))
    yield Message(answer.shared_blocks(texts, result, parts.mention(SOMEBODY)), texts.headline(result))
    yield modal.view_of(texts, result, notice="W" * 200)
    if texts.draft(result) is not None:
        yield modal.view_of(texts, TicketEditor(result))
    if variant.handoff is not None:
        yield card.card(texts, card_of(rules, case, now))
    if variant.handoff is not None and variant.details and variant.ticket is None:  # the longest in a list
        row = row_for(rules.policy, case, result)
        yield from (home.home_view(texts, page, SLACK) for page in homes_of(row, PAGE))
    still_open = replace(case.interview, details_closed=False, details_reopened=True)
    asked = screen_of(rules, replace(case, interview=still_open), now)
    if isinstance(asked, Details):
        yield modal.view_of(texts, asked)


def _asked(texts: Texts, variant: Variant, look: Look) -> Iterator[tuple[Fact, Message | Json]]:
    """Yield each question on the way to an answer, and why it is asked; once, whatever came of the answer."""
    rules, case, now, _ = look
    if variant.handoff is not None or variant.ticket is not None or variant.details:
        return
    for given in range(len(case.interview.answers)):
        begun = replace(case, interview=Interview(case.interview.answers[:given]))
        screen = screen_of(rules, begun, now)
        if isinstance(screen, Question):
            explained = replace(screen, why=True)
            yield screen.fact, dm.message_of(texts, screen)
            yield screen.fact, dm.aside(texts, explained)
            yield screen.fact, modal.view_of(texts, explained, notice="W" * 200)


def row_for(policy: Policy, case: Case, result: Result) -> HomeRow:
    """Return a case in a list of App Home, as long as it can be."""
    order = order_of(policy, case)
    return HomeRow(result, case.person, case.handoff, order, Posted("C" * 11, "1234567890.123456"))


def homes_of(row: HomeRow, number: int) -> Iterator[Home]:
    """Yield App Home with a case, for a requester and an agent, with so many rows and pages around it."""
    counts = tuple((tab, 999_999) for tab in Tab)
    for tab in (Tab.OWN, Tab.RISK):
        yield Home(SOMEBODY, tab, 99_999, 999_999, counts, (row,) * number, done=row)


def message_fits(message: Message) -> Iterator[str]:
    """Yield where a message exceeds Slack's limits."""
    if len(message.blocks) > MESSAGE_BLOCKS:
        yield f"the message has {len(message.blocks)} blocks, Slack takes {MESSAGE_BLOCKS}"
    if size(message.blocks) > MESSAGE_CHARACTERS:
        yield f"the message has {size(message.blocks)} characters, Slack takes about {MESSAGE_CHARACTERS}"
    if not 0 < len(message.text) <= FALLBACK_CHARACTERS:
        yield f"the message's text has {len(message.text)} characters"
    yield from _texts_fit(message.blocks)


def view_fits(view: Json) -> Iterator[str]:
    """Yield where a view exceeds Slack's limits."""
    if len(view["blocks"]) > VIEW_BLOCKS:
        yield f"the {view['type']} has {len(view['blocks'])} blocks, Slack takes {VIEW_BLOCKS}"
    yield from _texts_fit(view["blocks"])


def _texts_fit(blocks: list[Json]) -> Iterator[str]:
    for block in blocks:
        if block["type"] == "rich_text" and not block["elements"]:
            yield "there is an empty text"
        if block["type"] == "header" and not block["text"]["text"]:
            yield "the answer has no headline: its template begins with one (# …)"
