"""The line protocol of `certdesk decide`: each line in is a JSON object, and so is each answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from policy.days import LATEST
from policy.decision import Ask, Decision
from policy.errors import TableHasGapError
from policy.facts import PROGRAM, Fact, Facts, Value
from policy.json_lines import parse_object
from policy.policy import Policy
from policy.values import Problem, parse_day, parse_value
from policy.vocabulary import FactKind
from policy.wording import shown, suggest

__all__ = ["answer_line", "to_json"]

_KEYS: Final = ("facts", "today")
_ACCEPTED: Final = '{"facts": {…}, "today": "YYYY-MM-DD"}'


def answer_line(policy: Policy, number: int, text: str, today: date) -> dict[str, Any]:
    """Return the answer to one line: an "ask", a "decision" or an "error"; never raise.

    `number` is the line's number, from 1; `today` is used if the line gives none.
    """
    outcome = _answer(policy, text, today)
    if isinstance(outcome, Problem):
        return {"error": {"line": number, "fact": outcome.fact, "message": outcome.message}}
    return to_json(outcome)


def to_json(outcome: Ask | Decision) -> dict[str, Any]:
    """Return an outcome as JSON in which every key is always present."""
    if isinstance(outcome, Ask):
        return {"ask": _ask(outcome)}
    return {"decision": _decision(outcome)}


def _answer(policy: Policy, text: str, today: date) -> Ask | Decision | Problem:
    given = parse_object(text, _ACCEPTED, policy.declares)
    request = given if isinstance(given, Problem) else _request(policy, given, today)
    if isinstance(request, Problem):
        return request
    try:
        return policy.decide(request.facts, request.today)
    except TableHasGapError as gap:
        return Problem(None, f"{gap}; run certdesk policy check, which says what to add where")


def _ask(ask: Ask) -> dict[str, Any]:
    return {
        "fact": str(ask.fact),
        "type": "date" if ask.kind is FactKind.DAY else "choice",
        "choices": [_plain(choice) for choice in ask.choices],
        "because": ask.because,
    }


def _decision(decision: Decision) -> dict[str, Any]:
    refund, policy = decision.refund, decision.policy
    credit = {"unit": refund.credit.unit, "amount": refund.credit.amount} if refund.credit else None
    return {
        "cancellation": {"route": decision.cancellation.route, "rule": decision.cancellation.rule},
        "refund": {
            "verdict": refund.verdict.value,
            "rule": refund.rule,
            "depends_on": [str(fact) for fact in refund.depends_on],
            "last_day": _plain(refund.last_day),
            "credit": credit,
        },
        "needs": [[str(detail) for detail in alternatives] for alternatives in decision.needs],
        "caveats": [caveat.value for caveat in decision.caveats],
        "changes_on": _plain(decision.changes_on),
        "citations": [
            {"title": cited.title, "section": cited.section, "silent": cited.silent}
            for cited in decision.citations
        ],
        "facts_used": [str(fact) for fact in decision.facts_used],
        "policy": {"id": policy.id, "version": policy.version} if policy else None,
    }


def _plain(value: Value | None) -> str | bool | None:
    match value:
        case date():
            return value.isoformat()
        case str():
            return str(value)
        case _:
            return value


@dataclass(frozen=True, slots=True)
class _Request:
    facts: Facts
    today: date


def _request(policy: Policy, given: Mapping[str, object], default: date) -> _Request | Problem:
    for key in given:
        if key not in _KEYS:
            return Problem(None, f"unknown key {suggest(key, _KEYS)}")
    today = parse_day(given["today"]) if "today" in given else default
    if today is None:
        accepted = f"accepted: a day as YYYY-MM-DD up to {LATEST}"
        return Problem(None, f"today cannot be {shown(given['today'])}; {accepted}")
    if "facts" not in given:
        return Problem(None, f'the key "facts" is missing; accepted: {_ACCEPTED}')
    facts = given["facts"]
    if not isinstance(facts, Mapping):
        return Problem(None, f"facts cannot be {shown(facts)}; accepted: an object of facts and their values")
    return _facts(policy, facts, today)


def _facts(policy: Policy, given: Mapping[str, object], today: date) -> _Request | Problem:
    facts: dict[Fact, Value] = {}
    # the program decides which facts and values are accepted, even if it comes last in the line
    named_program = given.get(PROGRAM)
    program = named_program if isinstance(named_program, str) else None
    legal = policy.facts(program)
    for name, raw in given.items():
        spec = legal.get(Fact(name))
        if spec is None:
            return Problem(_clean(name), f"unknown fact {suggest(name, legal)}")
        value = parse_value(policy, spec, raw, today, program)
        if isinstance(value, Problem):
            return value
        facts[spec.id] = value
    return _Request(facts, today)


def _clean(name: str) -> str:
    """Return a name from outside, shortened, and with what cannot be encoded escaped."""
    return name[:60].encode("utf-8", "backslashreplace").decode("utf-8")
