"""Write answered orders as the JSON Lines of `certdesk triage --json`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from json.encoder import encode_basestring_ascii as quoted
from typing import Final

from bot.reading.order_list_answers import Outcome
from bot.reading.order_list_facts import Unreadable
from policy.decide_json import to_json
from policy.decision import Ask, Decision
from policy.facts import Detail, Facts, Value

MAX_FORMS: Final = 10_000
_LAST_DAY: Final = date(1, 1, 1)  # placeholders for the two dates, in the JSON that decisions share
_CHANGES_ON: Final = date(1, 1, 2)


class JsonLines:
    """Writes lines, and encodes what equal rows share only once.

    Decisions that differ only in their dates are encoded once, too.
    """

    def __init__(self, why: Callable[[Unreadable], str]) -> None:
        self._why = why
        self._forms: dict[object, tuple[str, str, str]] = {}

    def made(self, facts: Facts, outcome: Outcome) -> tuple[str, str]:
        """Return the parts of an order's line before and after the details."""
        listed = ", ".join([f'"{fact}": {_value(value)}' for fact, value in facts.items()])
        match outcome:
            case Decision():
                said = f'"decision": {self._decision(outcome)}, "ask": null, "unreadable": null'
            case Ask():
                ask = json.dumps(to_json(outcome)["ask"])
                said = f'"decision": null, "ask": {ask}, "unreadable": null'
            case Unreadable():
                said = f'"decision": null, "ask": null, "unreadable": {quoted(self._why(outcome))}'
        return f'"facts": {{{listed}}}', said

    @staticmethod
    def line(number: int, details: Mapping[Detail, str], made: tuple[str, str]) -> str:
        """Return an order's line."""
        facts, said = made
        listed = ", ".join([f'"{name}": {quoted(text)}' for name, text in details.items()])
        return f'{{"line": {number}, {facts}, "details": {{{listed}}}, {said}}}\n'

    def _decision(self, decision: Decision) -> str:
        refund = decision.refund
        key = (
            decision.cancellation.rule,
            refund.rule,
            refund.depends_on,
            refund.last_day is None,
            decision.changes_on is None,
            decision.caveats,
            decision.facts_used,
            decision.policy,
        )
        form = self._forms.get(key)
        if form is None:
            if len(self._forms) >= MAX_FORMS:
                self._forms.clear()
            form = self._forms[key] = _form_of(decision)
        before, between, after = form
        last, changes = refund.last_day, decision.changes_on
        last_day = "null" if last is None else f'"{last.isoformat()}"'
        changes_on = "null" if changes is None else f'"{changes.isoformat()}"'
        return f"{before}{last_day}{between}{changes_on}{after}"


def _form_of(decision: Decision) -> tuple[str, str, str]:
    """Return a decision's JSON split at its two dates: the parts before, between and after them."""
    undated = replace(decision, refund=replace(decision.refund, last_day=_LAST_DAY), changes_on=_CHANGES_ON)
    text = json.dumps(to_json(undated)["decision"])
    before, _, rest = text.partition(f'"{_LAST_DAY.isoformat()}"')
    between, _, after = rest.partition(f'"{_CHANGES_ON.isoformat()}"')
    return before, between, after


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value.isoformat()}"' if isinstance(value, date) else quoted(str(value))
