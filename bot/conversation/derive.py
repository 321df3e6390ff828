"""Derive what there is to see of a case: answers -> `policy.decide` -> question, details or result."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.conversation.answer_tokens import day_of, token_of, value_of
from bot.conversation.asked import Asked
from bot.conversation.case import Case
from bot.conversation.now import Now
from bot.conversation.people import Answer, Basis, Change
from bot.conversation.reminder_kinds import FOR_AGENTS, FOR_REQUESTER, Reminder, ScheduledReminder
from bot.conversation.reminders import asked_at, reminders_of
from bot.conversation.screens import Card, Contacts, Details, Question, Reason, Result, Screen
from policy import Policy
from policy.decision import Ask, Credit, Decision, Verdict
from policy.facts import OTHER, PROGRAM, Detail, Fact, Facts, Value
from policy.vocabulary import DetailKind, Draft, FactKind


@dataclass(frozen=True, slots=True)
class Rules:
    """What a desk goes by: the policy, and whether there are agents to hand a case to."""

    policy: Policy
    agents: bool


def screen_of(rules: Rules, case: Case, now: Now) -> Screen:
    """Return what the person is to see of the case now."""
    path, outcome = walk(rules.policy, case, now.today)
    if isinstance(outcome, Ask):
        return _question(rules.policy, case, path, outcome, now)
    result = _result(rules, case, path, outcome, now)
    if case.interview.details_closed or not wanted_details(outcome):
        return result
    return Details(case.number, case.revision, wanted_details(outcome), case.interview.offered, result)


def walk(policy: Policy, case: Case, today: date) -> tuple[dict[Fact, Value], Ask | Decision]:
    """Fold the answers into the interview, from its first question to the first that is open.

    Returns the answers that it went through, in the order of the questions. An answer to a question that
    another answer has made pointless stays in the case, but is not in the path. A case with an answer that
    the policy files no longer know is for a person: all that was answered is its path.
    """
    path, outcome = _walk(policy, case, today)
    if not _strange(policy, case, path, outcome):
        return path, outcome
    given: dict[Fact, Value] = {answer.fact: answer.token for answer in case.interview.answers}
    return given, policy.decide({PROGRAM: OTHER}, today)


def lapsed(policy: Policy, case: Case, today: date) -> bool:
    """Tell whether a case has an answer that the policy files, changed since, no longer know."""
    return _strange(policy, case, *_walk(policy, case, today))


def still_known(policy: Policy, case: Case) -> Case:
    """Return the case with those of its answers that the policy files know."""
    program = case.program
    known = policy.facts(program)
    answers = case.interview.answers
    gone = [a.fact for a in answers if a.fact not in known or not _is_known(policy, a, program)]
    return case.without(gone)


def _walk(policy: Policy, case: Case, today: date) -> tuple[dict[Fact, Value], Ask | Decision]:
    path: dict[Fact, Value] = {}
    while isinstance(outcome := policy.decide(path, today), Ask):
        token = None if outcome.fact == case.interview.revisiting else case.interview.token(outcome.fact)
        value = _value(policy, path, outcome, token) if token is not None else None
        if value is None:
            break
        path[outcome.fact] = value
    return path, outcome


def _value(policy: Policy, path: Facts, ask: Ask, token: str) -> Value | None:
    """Return the value that a token stands for; one that the program no longer lists counts as another."""
    value = value_of(ask, token)
    return value if value is not None else policy.counted(ask.fact, token, path.get(PROGRAM))


def _strange(policy: Policy, case: Case, path: Facts, outcome: Ask | Decision) -> bool:
    """Tell whether an answer is none that its question offers, or one to a question that nobody asks."""
    interview, asked = case.interview, outcome.fact if isinstance(outcome, Ask) else None
    if asked is not None and asked != interview.revisiting and interview.token(asked) is not None:
        return True
    return any(a.fact not in path and not policy.declares(a.fact) for a in interview.answers)


def _is_known(policy: Policy, answer: Answer, program: str | None) -> bool:
    spec = policy.spec(answer.fact, program)
    if spec is None:
        return False
    if spec.kind is FactKind.DAY and day_of(answer.token) is not None:
        return True
    listed = answer.token in {token_of(value) for value in spec.answers}
    return listed or policy.counted(answer.fact, answer.token, program) is not None


def answered_with(policy: Policy, case: Case, tokens: dict[Fact, str], today: date) -> Case:
    """Return the case with those of the answers that the interview comes to.

    What a product's name makes certain besides its provider must not answer, unseen, a question that only
    another provider raises.
    """
    path, _ = _walk(policy, case.with_answers(tokens), today)
    return case.with_answers({fact: token for fact, token in tokens.items() if fact in path})


def program_of(policy: Policy, facts: Facts) -> str | None:
    """Return the id of the program that the facts name, or None before there is one."""
    chosen = str(facts.get(PROGRAM))
    return chosen if chosen in policy.programs else None


def wanted_details(decision: Decision) -> tuple[Detail, ...]:
    """Return what to ask for: only what is to go into a draft; a portal is told by the person."""
    if decision.cancellation.draft is Draft.NONE:
        return ()
    return tuple(alternatives[0] for alternatives in decision.needs)


def identifying(policy: Policy, program: str | None, given: Mapping[Detail, str]) -> list[str]:
    """Return what tells an order from others, as typed, host names first."""
    specs = [spec for spec in policy.details(program).values() if spec.identifies and spec.id in given]
    return [given[spec.id] for spec in sorted(specs, key=lambda spec: spec.kind is not DetailKind.HOST)]


def order_of(policy: Policy, case: Case) -> str:
    """Return what an order is called in a list; empty where nothing was given that tells it from others."""
    return next(iter(identifying(policy, case.program, dict(case.interview.details))), "")


def has_draft(decision: Decision) -> bool:
    """Tell whether an answer comes with a text to be sent."""
    return decision.cancellation.draft is not Draft.NONE


def result_of(screen: Screen) -> Result | None:
    """Return the result that a screen holds, or None while a question is open."""
    match screen:
        case Result():
            return screen
        case Details(result=result):
            return result
        case _:
            return None


def asked_of(screen: Screen) -> Asked | None:
    """Return what a screen asks for, None where it asks for nothing."""
    match screen:
        case Question(fact=fact):
            return fact
        case Details(result=result):
            return next(iter(result.missing), None)
        case Result():
            return None


def basis_of(screen: Screen) -> Basis:
    """Return what a screen is drawn from."""
    match screen:
        case Question(answers=answers):
            return Basis(answers, ())
        case Details(result=result) | (Result() as result):
            return Basis(result.answers, result.details, result.ticket is not None)


def changed_since(basis: Basis | None, case: Case, counts: Collection[Asked]) -> tuple[Change, ...]:
    """Return which of the answers and details that count are others than in a basis."""
    before: list[tuple[Asked, str]] = []
    if basis is not None:
        before += [(answer.fact, answer.token) for answer in basis.answers]
        before += basis.details
    changes = (Change(of, value, case.interview.given(of)) for of, value in before if of in counts)
    return tuple(change for change in changes if change.before != change.after)


def without_private(result: Result) -> Result:
    """Return a result as others may see it: no details, no draft, nothing to act on."""
    bare = replace(result, details=(), missing=(), ticket=None, handoff=None, reminders=())
    return replace(bare, agents=False, share_until=None, changes=(), redrafted=False)


def card_of(rules: Rules, case: Case, now: Now) -> Card:
    """Return a case that was handed over as agents see it. Raises ValueError where it was not."""
    if case.handoff is None:
        raise ValueError(case.number)
    path, _ = walk(rules.policy, case, now.today)
    screen = screen_of(rules, case, now)
    result = result_of(screen)
    wanted = wanted_details(result.decision) if result else ()
    asked = asked_of(screen)
    counts: set[Asked] = {*path, *wanted}
    if asked is not None:
        counts.add(asked)
    return Card(
        case=case.number,
        revision=case.revision,
        requester=case.person,
        origin=replace(case.origin, response_url=None) if case.origin else None,
        answers=_answers(path),
        result=result,
        handoff=case.handoff,
        reminders=_to_come(reminders_of(case, result, now), FOR_AGENTS, now),
        changes=changed_since(case.handoff.basis, case, counts),
    )


def _answers(path: Facts) -> tuple[Answer, ...]:
    return tuple(Answer(fact, token_of(value)) for fact, value in path.items())


def _question(policy: Policy, case: Case, path: Facts, ask: Ask, now: Now) -> Question:
    return Question(
        case=case.number,
        revision=case.revision,
        fact=ask.fact,
        kind=ask.kind,
        choices=tuple(token_of(choice) for choice in ask.choices),
        number=len(path) + 1,
        of=len(path) + policy.most_questions(path, now.today),
        chosen=_chosen(case, ask),
        latest=now.latest,
        reason=_reason(policy, program_of(policy, path), ask.because),
        answers=_answers(path),
    )


def _chosen(case: Case, ask: Ask) -> str | None:
    """Return the answer to offer as already chosen: the one given before, else the one remembered."""
    tokens = (case.interview.token(ask.fact), case.remembered.token(ask.fact))
    return next((token for token in tokens if token and value_of(ask, token) is not None), None)


def _result(rules: Rules, case: Case, path: Facts, decision: Decision, now: Now) -> Result:
    program = decision.policy.id if decision.policy else None
    known = dict(case.interview.details)
    wanted = wanted_details(decision)
    refs = (decision.cancellation.rule, decision.refund.rule)
    until, basis = case.origin.lapses_at if case.origin else None, case.shown.basis
    result = Result(
        case=case.number,
        revision=case.revision,
        on=now.today,
        decision=decision,
        then=_then(rules.policy, path, decision),
        answers=_answers(path),
        program=rules.policy.programs[program].name if program else None,
        contacts=_contacts(rules.policy, program),
        reasons=tuple(_reason(rules.policy, program, ref) for ref in refs),
        details=tuple((detail, known[detail]) for detail in wanted if detail in known),
        missing=tuple(detail for detail in wanted if detail not in known),
        ticket=case.interview.ticket,
        handoff=case.handoff,
        agents=rules.agents and decision.cancellation.handoff,
        share_until=until if until and now.at < until else None,
        awaited=_awaited(rules.policy, case, path, decision, now),
        credited=case.follow_up.credited,
        changes=changed_since(basis, case, {*path, *wanted}),
        redrafted=basis is not None and basis.own_text and case.interview.ticket is None,
    )
    return replace(result, reminders=_to_come(reminders_of(case, result, now), FOR_REQUESTER, now))


def _to_come(
    scheduled: Iterable[ScheduledReminder], whose: frozenset[Reminder], now: Now
) -> tuple[ScheduledReminder, ...]:
    """Return the reminders of some people that are still to come."""
    return tuple(each for each in scheduled if each.reminder in whose and each.at > now.at)


def _awaited(policy: Policy, case: Case, path: Facts, decision: Decision, now: Now) -> Credit | None:
    """Return the credit of a request that is out: what was to be expected on the day when it went out."""
    asked = asked_at(case)
    if decision.policy is None:  # no program's any more: what was said before is all that is known
        return case.shown.latest.result.awaited if asked and case.shown.latest else None
    then = policy.decide(path, asked.astimezone(now.zone).date()) if asked else None
    return then.refund.credit if isinstance(then, Decision) else None


def _then(policy: Policy, path: Facts, decision: Decision) -> Verdict | None:
    """Return the verdict that follows this one, None where none does."""
    later = policy.decide(path, decision.changes_on) if decision.changes_on else None
    return later.refund.verdict if isinstance(later, Decision) else None


def _reason(policy: Policy, program: str | None, ref: str) -> Reason:
    rule = policy.rule(program, ref)
    return Reason(ref, rule.says, rule.citation)


def contacts_of(rules: Rules, case: Case) -> Contacts:
    """Return how to reach the program that a case is about, as far as that is known."""
    program = case.program
    return _contacts(rules.policy, program if program in rules.policy.programs else None)


def _contacts(policy: Policy, program: str | None) -> Contacts:
    if program is None:
        return Contacts()
    links = policy.programs[program].links
    support = policy.programs[program].support
    return Contacts(support, links.portal, links.support_form, links.support_email)
