"""No program, provider, brand, route, detail, choice, nor any fact but `program`, is named in Python.

Exempt are migrations, which know the ids of their time, and the stand-in for Slack and the playground, which
type as a person does. What the desk must know of a fact beyond its kind is a mark in the vocabulary.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import policy
from policy.facts import OTHER, PROGRAM
from policy.vocabulary import token_of_choice

HOME = Path(policy.__file__).parent.parent
EXEMPT = ("bot/store/migrations", "bot/playground")
SOURCES = [
    path
    for room in ("policy", "bot")
    for path in sorted((HOME / room).rglob("*.py"))
    if not path.relative_to(HOME).as_posix().startswith(EXEMPT)
]
# Ids that are ordinary words too. As names in code: of people (the requester is whoever asks) and of
# things that have nothing to do with policy files.
PLAIN_NAMES = {"true", "person", "requester", "issued", "account", "subject", "certificate"}
# As texts: TOML's and JSON's own words, columns of the database, and marks of the vocabulary.
PLAIN_TEXTS = {"true", "false", "person", "issued"}
# Names of published formats, by the file that reads or writes them.
PUBLISHED = {
    "certificates.py": {"common_name"},
    "inspected_certificates.py": {"certificate"},
    "file_kinds.py": {"certificate"},
    "inspect.py": {"provider", "validation", "common_name"},
}


def declared() -> frozenset[str]:
    core = policy.load()
    shared = core.vocabulary
    names = {*shared.facts, *shared.details, *shared.routes, *core.programs} - {PROGRAM}
    names |= {token_of_choice(choice) for spec in shared.facts.values() for choice in spec.choices}
    names |= {name.casefold() for brand in shared.names for name in (brand.name, *brand.aliases)}
    names |= {name.casefold() for each in shared.issuers for name in (each.name, *each.organizations)}
    names |= {each.oid for each in shared.certificate_policies}
    names |= {program.name.casefold() for program in core.programs.values()}
    return frozenset(str(name) for name in names) - {OTHER}


def literals(tree: ast.AST) -> Iterator[tuple[int, str, bool]]:
    """Yield each text that is no docstring, and each name that is read or passed; and which it is."""
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in docs:
                yield node.lineno, text, True
            case ast.Attribute(attr=name) | ast.Name(id=name):
                yield node.lineno, name.lower(), False
            case ast.keyword(arg=str(name)):
                yield node.value.lineno, name, False


NAMES = declared()


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.relative_to(HOME).as_posix())
def test_nothing_that_a_file_declares_is_named(source: Path) -> None:
    found = [
        f"{source.name}:{line}: {text}"
        for line, text, is_text in literals(ast.parse(source.read_text("utf-8")))
        if text.casefold() in NAMES - (PLAIN_TEXTS if is_text else PLAIN_NAMES)
        and text not in PUBLISHED.get(source.name, ())
    ]
    assert found == []


def test_the_search_finds_what_it_is_for() -> None:
    code = """
class Fact:
    REQUESTER = "requester"
x = Fact.PROVIDER if y == "Sectigo" else f(issued=1)
"""
    found = {text.casefold() for _, text, _ in literals(ast.parse(code))} & NAMES
    assert found == {"requester", "provider", "sectigo", "issued"}
