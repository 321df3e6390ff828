"""What a program has no words for: each is a finding, with a stub to paste into the missing file."""

from __future__ import annotations

from collections.abc import Iterator

from bot.render.errors import TemplateError
from bot.render.texts import Texts
from policy.errors import Finding, Severity
from policy.facts import PROGRAM, UNKNOWN, Detail
from policy.program import Program
from policy.rules import CancellationRule, RefundRule
from policy.vocabulary import FactKind, FactSpec, token_of_choice

__all__ = ["missing_texts", "question_stub", "readable"]


def missing_texts(texts: Texts) -> Iterator[Finding]:
    """Yield the words that are missing for what each program asks, needs and leads to."""
    for program in texts.policy.programs.values():
        for fact, spec in program.facts.items():
            if fact != PROGRAM:
                yield from _question(texts, program, spec)
        for detail in _needed(program):
            yield from _detail(texts, program, detail)
        for route in dict.fromkeys(rule.route.id for rule in program.tables.cancellation):
            yield from _route(texts, program, route)


def _question(texts: Texts, program: Program, spec: FactSpec) -> Iterator[Finding]:
    """Yield what is wrong with a question: there is none, it lacks a part, or it has other choices."""
    file = texts.nearest("questions", program.id, spec.id)
    if not texts.renderer.has(file):
        stub = question_stub(spec)
        yield _finding(
            program, f"questions/{program.id}/{spec.id}.md", f"there is no question for {spec.id}", stub
        )
        return
    try:
        words = texts.asking(spec.id, program.id)
    except TemplateError as error:
        yield Finding(error.template, None, error.message, error.line, program.id)
        return
    if not (words.name and words.question):
        wanted = "it begins with # and a short name, then ## and the question"
        yield Finding(file, None, f"the question has no words: {wanted}", program=program.id)
    labels = dict(words.labels)
    for token in _tokens(spec):
        if not labels.pop(token, ""):
            yield _finding(
                program, file, f"the choice {token} has no label", f"- `{token}` {readable(token)}\n"
            )
    for token in labels if file.startswith(f"questions/{program.id}/") else ():
        message = f"{token} is no choice of {spec.id}"
        yield Finding(file, None, message, program=program.id, severity=Severity.WARNING)


def _detail(texts: Texts, program: Program, detail: Detail) -> Iterator[Finding]:
    file = texts.nearest("questions/details", program.id, detail)
    if not texts.renderer.has(file):
        yield _finding(program, file, f"there is no question for the detail {detail}", _stub_of(detail, ""))


def _route(texts: Texts, program: Program, route: str) -> Iterator[Finding]:
    if not texts.renderer.has(texts.nearest("answers/cancellation", program.id, route)):
        file = f"answers/cancellation/{program.id}/{route}.md"
        stub = f"## [How to cancel](route:{route})\n\nSay here what to do, step by step.\n"
        yield _finding(program, file, f"there is no text for the route {route}", stub)


def _needed(program: Program) -> Iterator[Detail]:
    """Yield each detail that a rule needs, once."""
    rules: tuple[CancellationRule | RefundRule, ...] = (*program.tables.cancellation, *program.tables.refund)
    yield from dict.fromkeys(detail for rule in rules for either in rule.needs for detail in either)


def _finding(program: Program, file: str, what: str, stub: str) -> Finding:
    return Finding(file, None, f"{what}; put this there, in your own words:\n{stub}", program=program.id)


def question_stub(spec: FactSpec) -> str:
    """Return a first version of a question about a fact, with a label for each of its choices."""
    return _stub_of(spec.id, _choices(spec))


def _stub_of(name: str, choices: str) -> str:
    """Return a first version of a question."""
    words = readable(name)
    where = "### Where to find it\n\nSay here where it stands.\n"
    return f"# {words}\n\n## {words}?\n\n{choices}{where}"


def _choices(spec: FactSpec) -> str:
    return "".join(f"- `{token}` {readable(token)}\n" for token in _tokens(spec)) + "\n"


def _tokens(spec: FactSpec) -> tuple[str, ...]:
    choices = spec.choices if spec.kind is FactKind.CHOICE else ()
    return tuple(map(token_of_choice, (*choices, UNKNOWN)))


def readable(name: str) -> str:
    """Return first words, for the operator to change."""
    return name.replace("_", " ").capitalize()
