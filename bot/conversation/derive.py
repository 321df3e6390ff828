"""Derive what follows from a case at a moment: answers -> `policy.decide` -> question, details or result."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from bot.conversation.answer_tokens import Asked, token_of, value_of
from bot.conversation.case import Case
from bot.conversation.interview import Answer, Basis, Change
from bot.conversation.now import Now
from bot.conversation.reminder_kinds import FOR_AGENTS, FOR_REQUESTER, Reminder, ScheduledReminder
from bot.conversation.reminders import asked_at, reminders_of
from bot.conversation.screens import Card, Contacts, Details, Question, Reason, Result, Screen
from bot.conversation.walk import Walked, meanings_of, questions_left, walk
from policy import Policy
from policy.decision import Ask, Credit, Decision, Verdict
from policy.facts import PROGRAM, Detail, Facts
from policy.vocabulary import Draft


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a desk: the policy, and whether there are agents to hand a case to."""

    policy: Policy
    agents: bool


@dataclass(frozen=True)
class Snapshot:
    """A case at a moment, with everything that follows from it by the rules, each derived once."""

    rules: Rules
    case: Case
    now: Now
    walked: Walked

    @classmethod
    def of(cls, rules: Rules, case: Case, now: Now) -> Snapshot:
        """Derive what follows from a case."""
        return cls(rules, case, now, walk(rules.policy, case.interview, now.today))

    def after(self, case: Case) -> Snapshot:
        """Derive what follows from the changed case; the same answers are not walked again."""
        if case == self.case:
            return self
        if case.interview.answers_like(self.case.interview):
            return Snapshot(self.rules, case, self.now, self.walked)
        return Snapshot.of(self.rules, case, self.now)

    @property
    def policy(self) -> Policy:
        """Return the policy of the desk."""
        return self.rules.policy

    @property
    def decision(self) -> Decision | None:
        """Return the decision, None while a question is open."""
        return self.walked.outcome if isinstance(self.walked.outcome, Decision) else None

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Return the answers that count, in the order of their questions."""
        return tuple(Answer(fact, token_of(value)) for fact, value in self.walked.path.items())

    @property
    def wanted(self) -> tuple[Detail, ...]:
        """Return the details for the draft: those that it needs, or else those that it may hold."""
        return self.needed or self.offered

    @property
    def needed(self) -> tuple[Detail, ...]:
        """Return the details that the draft needs, if there is a draft."""
        return wanted_details(self.decision) if self.decision is not None else ()

    @property
    def offered(self) -> tuple[Detail, ...]:
        """Return the details that a draft may hold without needing any; nobody is asked for them."""
        if self.needed or self.decision is None or not has_draft(self.decision):
            return ()
        return tuple(spec.id for spec in self.policy.details(self.case.program).values() if spec.offered)

    @property
    def details(self) -> tuple[tuple[Detail, str], ...]:
        """Return the wanted details that were given."""
        known = dict(self.case.interview.details)
        return tuple((detail, known[detail]) for detail in self.wanted if detail in known)

    @property
    def missing(self) -> tuple[Detail, ...]:
        """Return the needed details that were not given."""
        return self.not_given(self.needed)

    def not_given(self, details: tuple[Detail, ...]) -> tuple[Detail, ...]:
        """Return which of some details were not given."""
        known = dict(self.case.interview.details)
        return tuple(detail for detail in details if detail not in known)

    @property
    def asks_details(self) -> bool:
        """Tell whether the details are being asked for."""
        interview = self.case.interview
        added = interview.details_reopened and bool(self.not_given(self.offered))
        return (bool(self.missing) or added) and not interview.details_closed

    @property
    def asked(self) -> Asked | None:
        """Return what is being asked for, None if nothing is."""
        if isinstance(self.walked.outcome, Ask):
            return self.walked.outcome.fact
        return next(iter(self.not_given(self.wanted)), None) if self.asks_details else None

    @property
    def basis(self) -> Basis:
        """Return what a screen of the case is drawn from."""
        own_text = self.decision is not None and self.case.interview.ticket is not None
        return Basis(self.answers, self.details, own_text)

    @property
    def shows_result(self) -> bool:
        """Tell whether the case shows its result: nothing is being asked for."""
        return self.decision is not None and not self.asks_details

    @property
    def can_be_handed_over(self) -> bool:
        """Tell whether there are agents, and something for them to do about the case as it stands."""
        return self.rules.agents and (self.decision is None or self.decision.cancellation.handoff)

    @cached_property
    def screen(self) -> Screen:
        """Return what the person sees."""
        outcome = self.walked.outcome
        if isinstance(outcome, Ask):
            return _question(self, outcome)
        result = _result(self, outcome)
        if not self.asks_details:
            return result
        return _details(self, result)

    @property
    def result(self) -> Result | None:
        """Return the answer with everything that the reply says, None while a question is open."""
        return result_of(self.screen)

    @cached_property
    def awaited(self) -> Credit | None:
        """Return the credit of a request that was sent: what was to be expected on the day it was sent."""
        asked, latest = asked_at(self.case), self.case.shown.latest
        if asked is None or self.decision is None:
            return None
        if self.decision.policy is None:  # the program is gone: what was said before is all that is known
            return latest.result.awaited if latest else None
        then = self.policy.decide(self.walked.path, asked.astimezone(self.now.zone).date())
        return then.refund.credit if isinstance(then, Decision) else None

    @cached_property
    def reminders(self) -> tuple[ScheduledReminder, ...]:
        """Return the reminders of the case, earliest first, including overdue ones."""
        return reminders_of(self.case, self.decision, self.awaited, self.now)

    @cached_property
    def card(self) -> Card:
        """Return the case as agents see it. Raises ValueError if it was not handed over."""
        case = self.case
        if case.handoff is None:
            raise ValueError(case.number)
        counts: set[Asked] = {*self.walked.path, *self.wanted}
        if self.asked is not None:
            counts.add(self.asked)
        return Card(
            case=case.number,
            revision=case.revision,
            requester=case.person,
            origin=replace(case.origin, response_url=None) if case.origin else None,
            answers=self.answers,
            result=self.result,
            handoff=case.handoff,
            reminders=_to_come(self.reminders, FOR_AGENTS, self.now),
            changes=changed_since(case.handoff.basis, case, counts),
            same_orders=case.same_orders,
        )


def screen_of(rules: Rules, case: Case, now: Now) -> Screen:
    """Return what the person sees of the case now."""
    return Snapshot.of(rules, case, now).screen


def card_of(rules: Rules, case: Case, now: Now) -> Card:
    """Return a case that was handed over as agents see it. Raises ValueError if it was not."""
    return Snapshot.of(rules, case, now).card


def program_of(policy: Policy, facts: Facts) -> str | None:
    """Return the id of the program that the facts name, None before there is one."""
    chosen = str(facts.get(PROGRAM))
    return chosen if chosen in policy.programs else None


def wanted_details(decision: Decision) -> tuple[Detail, ...]:
    """Return the details to ask for: those for a draft. A portal is told them by the person."""
    if decision.cancellation.draft is Draft.NONE:
        return ()
    return tuple(alternatives[0] for alternatives in decision.needs)


def has_draft(decision: Decision) -> bool:
    """Tell whether an answer comes with a text to send."""
    return decision.cancellation.draft is not Draft.NONE


def result_of(screen: Screen) -> Result | None:
    """Return the result that a screen holds, None while a question is open."""
    match screen:
        case Result():
            return screen
        case Details(result=result):
            return result
        case _:
            return None


def changed_since(basis: Basis | None, case: Case, counts: Collection[Asked]) -> tuple[Change, ...]:
    """Return which of the answers and details that count differ from a basis."""
    before: list[tuple[Asked, str]] = []
    if basis is not None:
        before += [(answer.fact, answer.token) for answer in basis.answers]
        before += basis.details
    changes = (Change(of, value, case.interview.given(of)) for of, value in before if of in counts)
    return tuple(change for change in changes if change.before != change.after)


def without_private(result: Result) -> Result:
    """Return a result as others may see it: no details, no draft, no buttons."""
    bare = replace(result, details=(), missing=(), ticket=None, handoff=None, reminders=())
    return replace(bare, agents=False, share_until=None, changes=(), redrafted=False)


def _question(at: Snapshot, ask: Ask) -> Question:
    case, policy, path = at.case, at.policy, at.walked.path
    return Question(
        case=case.number,
        revision=case.revision,
        fact=ask.fact,
        kind=ask.kind,
        choices=tuple(token_of(choice) for choice in ask.choices),
        number=len(path) + 1,
        of=len(path) + questions_left(policy, case.interview, path, at.now.today),
        chosen=_chosen(case, ask),
        latest=at.now.latest,
        reason=_reason(policy, program_of(policy, path), ask.because),
        answers=at.answers,
        agents=at.rules.agents,
    )


def _details(at: Snapshot, result: Result) -> Details:
    interview = at.case.interview
    volunteered = {each for each in interview.volunteered if isinstance(each, Detail)}
    begins = set(dict(at.details)) <= volunteered
    return Details(at.case.number, at.case.revision, at.wanted, interview.offered, result, begins=begins)


def _chosen(case: Case, ask: Ask) -> str | None:
    """Return the answer to offer as already chosen: the one given before, or else the one remembered."""
    tokens = (case.interview.token(ask.fact), case.remembered.token(ask.fact))
    return next((token for token in tokens if token and value_of(ask, token) is not None), None)


def _result(at: Snapshot, decision: Decision) -> Result:
    case, policy, now = at.case, at.policy, at.now
    program = decision.policy.id if decision.policy else None
    refs = (decision.cancellation.rule, decision.refund.rule)
    until, basis = case.origin.lapses_at if case.origin else None, case.shown.basis
    return Result(
        case=case.number,
        revision=case.revision,
        on=now.today,
        decision=decision,
        then=_then(at, decision),
        answers=at.answers,
        program=policy.programs[program].name if program else None,
        contacts=_contacts(policy, program),
        reasons=tuple(_reason(policy, program, ref) for ref in refs),
        details=at.details,
        missing=at.missing,
        optional=at.not_given(at.offered),
        ticket=case.interview.ticket,
        handoff=case.handoff,
        agents=at.rules.agents and decision.cancellation.handoff,
        share_until=until if until and now.at < until else None,
        reminders=_to_come(at.reminders, FOR_REQUESTER, now),
        awaited=at.awaited,
        credited=case.follow_up.credited,
        changes=changed_since(basis, case, {*at.walked.path, *at.wanted}),
        redrafted=basis is not None and basis.own_text and case.interview.ticket is None,
        meanings=meanings_of(policy, at.walked.path, decision, now.today),
    )


def _to_come(
    scheduled: Iterable[ScheduledReminder], whose: frozenset[Reminder], now: Now
) -> tuple[ScheduledReminder, ...]:
    """Return the reminders for some people that are still to come."""
    return tuple(each for each in scheduled if each.reminder in whose and each.at > now.at)


def _then(at: Snapshot, decision: Decision) -> Verdict | None:
    """Return the verdict that follows this one, None if none does."""
    later = at.policy.decide(at.walked.path, decision.changes_on) if decision.changes_on else None
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
