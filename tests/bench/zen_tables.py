"""The loaded rules as a decision graph of `zen-engine`, which is not installed with certdesk.

It answers with the rules that decide, and nothing else: no day is worked out, no question asked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from importlib import import_module
from typing import Any

from policy import Policy
from policy.conditions import After, Condition, OneOf, Within
from policy.facts import PROGRAM, Fact, Facts, Value
from policy.rules import Rule, TableName

Answering = Callable[[Mapping[str, object]], tuple[str, str]]
Rows = list[tuple[dict[Fact, str], str]]


def answering(policy: Policy) -> Answering | None:
    """Return what zen-engine answers to facts, as references of rules; None where it is not installed."""
    try:
        zen = import_module("zen")
    except ModuleNotFoundError:
        return None
    decision = zen.ZenEngine().create_decision(json.dumps(_graph(policy)))

    def answer(facts: Mapping[str, object]) -> tuple[str, str]:
        result = decision.evaluate(facts)["result"]
        return result["cancellation"], result["refund"]

    return answer


def plain(facts: Facts, today: date) -> dict[str, object]:
    """Return facts as it takes them: each day as how many days ago it was."""
    return {
        str(fact): (today - value).days if isinstance(value, date) else value for fact, value in facts.items()
    }


def _graph(policy: Policy) -> dict[str, Any]:
    tables: tuple[TableName, ...] = ("cancellation", "refund")
    nodes = [_node("facts", "inputNode", {}), _node("answer", "outputNode", {})]
    nodes += [_node(table, "decisionTableNode", _table(table, _rows(policy, table))) for table in tables]
    ways = [way for table in tables for way in (("facts", table), (table, "answer"))]
    edges = [{"id": f"{a}-{b}", "type": "edge", "sourceId": a, "targetId": b} for a, b in ways]
    return {"nodes": nodes, "edges": edges}


def _node(name: str, kind: str, content: object) -> dict[str, Any]:
    return {"id": name, "name": name, "type": kind, "position": {"x": 0, "y": 0}, "content": content}


def _table(name: TableName, rows: Rows) -> dict[str, Any]:
    facts = list(dict.fromkeys(fact for when, _ in rows for fact in when))
    return {
        "hitPolicy": "first",
        "inputs": [{"id": fact, "name": fact, "field": fact} for fact in facts],
        "outputs": [{"id": "rule", "name": "rule", "field": name}],
        "rules": [
            {"_id": str(number), **{fact: when.get(fact, "") for fact in facts}, "rule": json.dumps(ref)}
            for number, (when, ref) in enumerate(rows)
        ],
    }


def _rows(policy: Policy, table: TableName) -> Rows:
    """Return the rows of all programs, each with its program as a further condition."""
    every: list[tuple[dict[Fact, str], Rule]] = [({}, rule) for rule in policy.front.tables.rules]
    for program in policy.programs.values():
        every += [({PROGRAM: json.dumps(program.id)}, rule) for rule in program.tables.rules]
    return [(of | _when(rule), rule.ref) for of, rule in every if rule.ref.startswith(f"{table}/")]


def _when(rule: Rule) -> dict[Fact, str]:
    return {fact: _cell(condition) for fact, condition in rule.when}


def _cell(condition: Condition) -> str:
    match condition:
        case OneOf(values):
            return ", ".join(sorted(map(_literal, values)))
        case Within(days):
            return f"<= {days}"
        case After(days):
            return f"> {days}"


def _literal(value: Value) -> str:
    return json.dumps(value, default=str)
