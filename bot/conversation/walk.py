"""Fold the answers of an interview into the policy, from its first question to the first open one.

And beyond: how many questions are left, and what each answer to the open one would lead to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.conversation.answer_tokens import day_of, same, token_of, value_of
from bot.conversation.interview import Answer, Interview
from bot.conversation.screens import Meaning
from policy import Policy
from policy.decision import Ask, Decision, Verdict
from policy.facts import OTHER, PROGRAM, Fact, Facts, Value
from policy.vocabulary import FactKind, Means

MOST_TRIED: Final = 1_000


@dataclass(frozen=True, slots=True)
class Walked:
    """How far the answers lead.

    `path` are the answers that count, in the order of their questions; `outcome` is the open question, or the
    decision. `lapsed`: an answer is no longer known to the policy files, which have changed since.
    """

    path: Facts
    outcome: Ask | Decision
    lapsed: bool = False


def walk(policy: Policy, interview: Interview, today: date) -> Walked:
    """Return how far the answers lead.

    An answer to a question that another answer has made pointless stays in the interview, but is not in the
    path. An interview that has lapsed is for a person: its path is everything that was answered.
    """
    path, outcome = _walk(policy, interview, today)
    if not _lapsed(policy, interview, path, outcome):
        return Walked(path, outcome)
    given: dict[Fact, Value] = {answer.fact: answer.token for answer in interview.answers}
    return Walked(given, policy.decide({PROGRAM: OTHER}, today), lapsed=True)


def answered_with(
    policy: Policy, interview: Interview, tokens: Mapping[Fact, str], today: date, *, ahead: bool = True
) -> Interview:
    """Return the interview with those of the answers that are asked for, or may still be (`ahead`).

    The level that a product's name made certain goes with its provider: it must not silently answer a
    question that only another provider raises.
    """
    lasting = interview.without(_outdated(policy, interview, tokens))
    told = lasting.with_answers(tokens)
    path, outcome = _walk(policy, told, today)
    now = {fact: token for fact, token in tokens.items() if fact in path}
    later = {
        fact: token
        for fact, token in tokens.items()
        if ahead
        and fact not in path
        and _is_known(policy, Answer(fact, token), told.program)
        and _may_ask(policy, path, outcome, fact, today)
    }
    after = lasting.with_answers(now | later).with_ahead(later, answered=now)
    return still_known(policy, after) if PROGRAM in now else after


def questions_left(policy: Policy, interview: Interview, path: Facts, today: date) -> int:
    """Return the most questions that can follow some answers, without those answered ahead."""
    most = policy.most_questions(path, today)
    ahead = [a for a in interview.answers if a.fact not in path and a.fact in interview.volunteered]
    if not ahead:
        return most
    left: list[tuple[Facts, int]] = [(path, 0)]
    longest = tried = 0
    while left:
        known, asked = left.pop()
        tried += 1
        if tried > MOST_TRIED:
            return most
        following = policy.decide(known, today)
        longest = max(longest, asked)
        if not isinstance(following, Ask):
            continue
        told = next((a.token for a in ahead if a.fact == following.fact), None)
        value = _value(policy, known, following, told) if told is not None else None
        if value is not None:
            left.append(({**known, following.fact: value}, asked))
            continue
        days = (date.min, today) if following.kind is FactKind.DAY else ()
        left += [({**known, following.fact: each}, asked + 1) for each in (*following.choices, *days)]
    return min(longest, most)


def still_known(policy: Policy, interview: Interview) -> Interview:
    """Return the interview with those of its answers that the policy files know."""
    program, answers = interview.program, interview.answers
    known = policy.facts(program)
    gone = [a.fact for a in answers if a.fact not in known or not _is_known(policy, a, program)]
    return interview.without(gone)


def _outdated(policy: Policy, interview: Interview, tokens: Mapping[Fact, str]) -> list[Fact]:
    """Return the levels that were stated with another provider than the present one."""
    facts = policy.facts(interview.program)
    makers = [fact for fact, spec in facts.items() if spec.means is Means.MAKER]
    if not any(f in tokens and interview.token(f) not in (None, tokens[f]) for f in makers):
        return []
    levels = [fact for fact, spec in facts.items() if spec.means is Means.LEVEL and fact not in tokens]
    return [level for level in levels if any(same(level, each) for each in interview.volunteered)]


def _may_ask(policy: Policy, path: Facts, outcome: Ask | Decision, fact: Fact, today: date) -> bool:
    """Tell whether a fact can still be asked for after some answers, as far as that is quickly told."""
    left: list[tuple[Facts, Ask | Decision]] = [(path, outcome)]
    for _ in range(MOST_TRIED):
        if not left:
            return False
        known, following = left.pop()
        if not isinstance(following, Ask):
            continue
        if following.fact == fact:
            return True
        days = (date.min, today) if following.kind is FactKind.DAY else ()
        for value in (*following.choices, *days):
            longer = {**known, following.fact: value}
            left.append((longer, policy.decide(longer, today)))
    return True


def _walk(policy: Policy, interview: Interview, today: date) -> tuple[Facts, Ask | Decision]:
    path: dict[Fact, Value] = {}
    while isinstance(outcome := policy.decide(path, today), Ask):
        token = None if outcome.fact == interview.revisiting else interview.token(outcome.fact)
        value = _value(policy, path, outcome, token) if token is not None else None
        if value is None:
            break
        path[outcome.fact] = value
    return path, outcome


def _value(policy: Policy, path: Facts, ask: Ask, token: str) -> Value | None:
    """Return the value of a token; one that the program no longer lists counts as `other`."""
    value = value_of(ask, token)
    return value if value is not None else policy.counts_as(ask.fact, token, path.get(PROGRAM))


def _lapsed(policy: Policy, interview: Interview, path: Facts, outcome: Ask | Decision) -> bool:
    """Tell whether an answer is none that its question offers, or one to a question that nobody asks."""
    asked = outcome.fact if isinstance(outcome, Ask) else None
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
    return listed or policy.counts_as(answer.fact, answer.token, program) is not None


def meanings_of(policy: Policy, path: Facts, decision: Decision, today: date) -> tuple[Meaning, ...]:
    """Return what each answer to the first fact that a verdict depends on would lead to.

    Empty if all of them lead to the same: then the answer decides nothing by itself.
    """
    fact = next(iter(decision.refund.depends_on), None)
    spec = policy.spec(fact, path.get(PROGRAM)) if fact is not None else None
    if fact is None or spec is None:
        return ()
    if spec.kind is FactKind.DAY:
        found = tuple(_meanings_of_days(policy, path, fact, today))
    else:
        found = tuple(
            Meaning(fact, token_of(choice), None, _verdict_of(policy, {**path, fact: choice}, today))
            for choice in spec.choices
        )
    return found if len({each.then for each in found}) > 1 else ()


def _meanings_of_days(policy: Policy, path: Facts, fact: Fact, today: date) -> Iterator[Meaning]:
    """Yield a verdict for each span of days, the latest days first; equal neighbors are merged."""
    program = policy.programs.get(str(path.get(PROGRAM)))
    lengths = program.tables.thresholds.get(fact, ()) if program is not None else ()
    ages: list[tuple[int | None, int]] = [(length, length) for length in lengths]
    ages.append((None, max(lengths, default=0) + 1))
    spans = [(within, _verdict_at_age(policy, path, fact, today, age)) for within, age in ages]
    for (within, then), after in zip(spans, [*spans[1:], None], strict=True):
        if after is None or after[1] != then:
            yield Meaning(fact, None, within, then)


def _verdict_at_age(policy: Policy, path: Facts, fact: Fact, today: date, age: int) -> Verdict | None:
    return _verdict_of(policy, {**path, fact: today - timedelta(days=age)}, today)


def _verdict_of(policy: Policy, facts: Facts, today: date) -> Verdict | None:
    found = policy.decide(facts, today)
    return found.refund.verdict if isinstance(found, Decision) else None
