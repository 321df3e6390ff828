"""Every word that a person reads stands in a template; in Python there are none."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot

ROOT = Path(bot.__file__).parent
ROOMS = ("conversation", "render", "slack", "cli/ask.py", "cli/terminal_screens.py")
# Modules whose words no person of the desk reads, and who does.
READ_BY_OTHERS = {
    "conversation/answering.py": "what people may type",
    "conversation/typed_answers.py": "what people may type",
    "conversation/agent_moves.py": "docs/states.md",
    "conversation/handoff.py": "docs/states.md",
    "conversation/states.py": "docs/states.md",
    "conversation/routing.py": "docs/routing.md",
    "render/agreement.py": "findings for the operator",
    "render/audit.py": "findings for the operator",
    "render/catalog.py": "findings for the operator",
    "render/environment.py": "findings for the operator",
    "render/labels.py": "findings for the operator",
    "render/missing_texts.py": "findings and stubs for the operator",
    "slack/outbound/errors.py": "docs/slack-errors.md, and the operator",
    "slack/app/manifest.py": "who installs the app",
    "slack/blocks/answer_checks.py": "findings for the operator",
    "slack/app/signature_failures.py": "in the log, and the operator",
}
# Calls whose words go to the log or to the operator's list of what was not sent, and names of types.
NOT_SHOWN = {"Foreign", "GiveUp", "TryAgain", "plain", "TypeVar", "NamedTuple", "get", "log"}
# Strings that look like words and are read by no person of the desk, and what they are.
NO_WORDS = {
    "bold underline": "a style of rich",
    "bold cyan": "a style of rich",
    "bold green": "a style of rich",
    "start over": "what people may type",
    "%Y-%m-%d %H:%M": "a format",
    "` has no variables.": "a docstring",
    "typed text can only be printed as it is, not altered or joined to other text": "an error",
    "Typed(<": "a repr",
    "nothing to do: the next visit draws it": "in the log",
    "not ready": "the body of a response to a machine",
    "not recorded": "the body of a response to a machine",
    "Retry-After": "a header",
    "X-Slack-No-Retry": "a header",
    "Method Not Allowed": "the body of a response to a machine",
    "Allow": "a header",
    "Content-Length": "a header",
    "Content-Type": "a header",
    "Accept-Encoding": "a header",
    "Authorization": "a header",
    "Bearer ": "a header's value",
    "there is no card to put it under": "in the log",
}


def read_by_people(source: str) -> Iterator[str]:
    """Yield the strings of a module that read as words, but for docstrings, errors and what is logged."""
    tree = ast.parse(source)
    passed_over: set[int] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Module() | ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                passed_over |= {id(each) for each in ast.walk(node.body[0])} if _is_docstring(node) else set()
            case ast.Raise():
                passed_over |= {id(each) for each in ast.walk(node)}
            case ast.Call() if _name(node.func) in NOT_SHOWN:
                passed_over |= {id(each) for each in ast.walk(node)}
            case ast.Assign(targets=[ast.Name(id="__all__")]):
                passed_over |= {id(each) for each in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed_over:
            words = node.value.strip()
            if re.search("[A-Za-z]", words) and (
                re.search(r"[A-Za-z]{2}[,:;]? ", words) or re.search(r"(?<![\w.])[A-Z][a-z]{2}", words)
            ):
                yield node.value


def _is_docstring(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return ast.get_docstring(node, clean=False) is not None


def _name(called: ast.expr) -> str:
    match called:
        case ast.Name(name):
            return name
        case ast.Attribute(ast.Name("log")):
            return "log"
        case ast.Attribute(attr=name):
            return name
        case _:
            return ""


def test_whose_words_others_read_is_there() -> None:
    assert [name for name in READ_BY_OTHERS if not (ROOT / name).is_file()] == []


def modules() -> list[str]:
    found = [path for room in ROOMS for path in [ROOT / room, *(ROOT / room).rglob("*.py")] if path.is_file()]
    names = [path.relative_to(ROOT).as_posix() for path in sorted(found)]
    return [name for name in names if name not in READ_BY_OTHERS]


@pytest.mark.parametrize("module", modules())
def test_a_module_holds_no_words_for_people(module: str) -> None:
    source = (ROOT / module).read_text(encoding="utf-8")
    assert [words for words in read_by_people(source) if words not in NO_WORDS] == []


@pytest.mark.parametrize(
    "line",
    [
        'row = button(Action.CLAIM, "Claim", ref)',
        'note("For the ticket I need these.")',
        'header(f"Out of date: {name}")',
        'TITLES = {Tab.RISK: "At risk"}',
        'words = "today is the last day" if left == 0 else "later"',
        'return f"⏸ Question {number}"',
    ],
)
def test_words_are_found_wherever_they_stand(line: str) -> None:
    assert [*read_by_people(f"def f():\n    {line}\n")]


@pytest.mark.parametrize(
    "line",
    [
        'return {"type": "plain_text_input", "action_id": "input"}',
        'raise ValueError("there is none of it")',
        'log.warning("view_not_opened", todo="look it up at once")',
        '"""Return a button."""',
        'return f"{name}: {value}"',
    ],
)
def test_what_nobody_reads_is_passed_over(line: str) -> None:
    assert [*read_by_people(f"def f():\n    {line}\n")] == []
