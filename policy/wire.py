"""The line protocol of `certdesk decide`: a JSON object in, a JSON object out, whatever the line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final, NoReturn

from policy.core import Policy
from policy.days import LATEST
from policy.decision import Ask, Decision
from policy.errors import TableHasGapError
from policy.facts import PROGRAM, Fact, Facts, Value
from policy.values import Problem, parse_day, parse_value
from policy.vocabulary import FactKind
from policy.wording import named, shown

__all__ = ["answer_line", "to_json"]

_KEYS: Final = ("facts", "today")


def answer_line(policy: Policy, number: int, text: str, today: date) -> dict[str, Any]:
    """Answer one line with an "ask", a "decision" or an "error", never with an exception.

    `number` is the line's, from 1; `today` counts where the line gives none.
    """
    outcome = _answer(policy, text, today)
    if isinstance(outcome, Problem):
        return {"error": {"line": number, "fact": outcome.fact, "message": outcome.message}}
    return to_json(outcome)


def to_json(outcome: Ask | Decision) -> dict[str, Any]:
    """Return the outcome as the command line writes it, every key always there."""
    if isinstance(outcome, Ask):
        return {"ask": _ask(outcome)}
    return {"decision": _decision(outcome)}


def _answer(policy: Policy, text: str, today: date) -> Ask | Decision | Problem:
    given = _parse(policy, text)
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
            return Problem(None, f"unknown key {named(key, _KEYS)}")
    today = parse_day(given["today"]) if "today" in given else default
    if today is None:
        accepted = f"accepted: a day as YYYY-MM-DD up to {LATEST}"
        return Problem(None, f"today cannot be {shown(given['today'])}; {accepted}")
    if "facts" not in given:
        return Problem(None, 'the key "facts" is missing; accepted: {"facts": {…}, "today": "YYYY-MM-DD"}')
    facts = given["facts"]
    if not isinstance(facts, Mapping):
        return Problem(None, f"facts cannot be {shown(facts)}; accepted: an object of facts and their values")
    return _facts(policy, facts, today)


def _facts(policy: Policy, given: Mapping[str, object], today: date) -> _Request | Problem:
    facts: dict[Fact, Value] = {}
    # which facts there are, and which of their values, is for the program to say, wherever in the line it is
    named_program = given.get(PROGRAM)
    program = named_program if isinstance(named_program, str) else None
    legal = policy.facts(program)
    for name, raw in given.items():
        spec = legal.get(Fact(name))
        if spec is None:
            return Problem(_clean(name), f"unknown fact {named(name, legal)}")
        value = parse_value(policy, spec, raw, today, program)
        if isinstance(value, Problem):
            return value
        facts[spec.id] = value
    return _Request(facts, today)


class _RefusedError(ValueError):
    """What JSON's grammar lets pass, or Python's reader does, and this protocol does not."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def _parse(policy: Policy, text: str) -> Mapping[str, object] | Problem:
    if not text.strip():
        return _unreadable("the line is blank")
    if not _encodable(text):
        return _unreadable("the line is not UTF-8")
    try:
        value = json.loads(text, object_pairs_hook=partial(_object, policy), parse_constant=_constant)
    except _RefusedError as refused:
        return refused.problem
    except json.JSONDecodeError as error:
        return _unreadable(f"broken JSON: {error.msg} at character {error.pos + 1}")
    except (ValueError, RecursionError):
        return _unreadable("the line holds a number too long or is nested too deep")
    return value if isinstance(value, dict) else _unreadable(f"the line cannot be {shown(value)}")


def _unreadable(what: str) -> Problem:
    return Problem(
        None, f'{what}; accepted: one JSON object a line, {{"facts": {{…}}, "today": "YYYY-MM-DD"}}'
    )


def _object(policy: Policy, pairs: list[tuple[str, object]]) -> dict[str, object]:
    result: dict[str, object] = {}
    for key, value in pairs:
        if key in result:
            blamed = key if policy.declares(key) else None
            raise _RefusedError(Problem(blamed, f"the key {shown(key)} stands twice; give it once"))
        result[key] = value
    return result


def _constant(name: str) -> NoReturn:
    raise _RefusedError(Problem(None, f"{name} is not JSON; leave it out or quote it"))


def _encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _clean(name: str) -> str:
    """Return a name from outside so that it can be written, and not at any length."""
    return name[:60].encode("utf-8", "backslashreplace").decode("utf-8")
