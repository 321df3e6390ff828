"""Every template that certdesk reads: its name, and its context."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from pathlib import Path
from typing import Final

from bot.render import contexts, move_texts, screen_labels, word_lists
from bot.render.contexts_answers import Draft, RefundVerdict, Way
from bot.render.environment import Context
from bot.render.errors import TemplateError
from bot.render.labels import fields_of, id_of
from bot.render.missing_texts import missing_texts
from bot.render.texts import Texts
from policy import Policy
from policy.decision import Verdict
from policy.errors import Finding, Severity
from policy.facts import OTHER, PROGRAM, UNKNOWN
from policy.wording import nearest

__all__ = ["findings", "names", "page", "unread", "with_page"]


MARKER: Final = "<!-- made by `python -m bot.render.catalog docs/programs.md`; a test compares them -->\n"


def names(policy: Policy) -> frozenset[str]:
    """Return the name of every template that is read, or would be if it existed."""
    exact = {context.template for context in contexts.every()}
    lists = {words.file for words in word_lists.EVERY} | {kind.file for kind in screen_labels.EVERY}
    return frozenset(exact | lists | {name for name, _ in _open(policy)} | set(_questions(policy)))


def findings(texts: Texts) -> Iterator[Finding]:
    """Yield what is wrong between templates and their contexts, and what has no words at all."""
    yield from map(_finding, _unfit(texts))
    yield from missing_texts(texts)


def _finding(error: TemplateError) -> Finding:
    return Finding(error.template, None, error.message, error.line)


def _unfit(texts: Texts) -> Iterator[TemplateError]:
    for context in contexts.every():
        yield from texts.renderer.problems(context.template, context)
    for name, open_context in dict(_open(texts.policy)).items():
        if texts.renderer.has(name):
            yield from texts.renderer.problems(name, open_context)
    reading: list[Callable[[], object]] = [
        *(partial(texts.words, words) for words in word_lists.EVERY),
        *(partial(texts.labels, labels) for labels in screen_labels.EVERY),
        *(partial(texts.move, name, move_texts.MoveText()) for name in move_texts.names()),
        partial(texts.asking, PROGRAM),  # no program asks for it, so none lacks it
    ]
    for read in reading:
        try:
            read()
        except TemplateError as error:
            yield error


def unread(policy: Policy, folder: Path) -> Iterator[Finding]:
    """Yield a warning for each file of an operator's folder that nothing reads, with the nearest name."""
    known = names(policy)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and name not in known and not hidden:
            near = nearest(name, known)
            hint = f"; did you mean {near}?" if near else ""
            yield Finding(str(path), None, f"nothing reads this file{hint}", severity=Severity.WARNING)


def _open(policy: Policy) -> Iterator[tuple[str, type[Context]]]:
    """Yield the templates that use only what they need: of routes, by program or shared, and of moves."""
    for folder, context in (("answers/cancellation", Way), ("tickets", Draft)):
        for route in policy.vocabulary.routes:
            yield f"{folder}/{route}.md", context
        for program in policy.programs.values():
            for route in program.routes:
                yield f"{folder}/{route}.md", context
                yield f"{folder}/{program.id}/{route}.md", context
    for verdict in Verdict:
        for folder in ("", *(f"{program}/" for program in policy.programs)):
            yield f"answers/refund/{folder}{verdict}.md", RefundVerdict
    for draft in word_lists.REQUESTS:
        yield f"tickets/{draft}.md", Draft
    for file in move_texts.files():
        yield file, move_texts.MoveText


def _questions(policy: Policy) -> Iterator[str]:
    for program in (None, *policy.programs, OTHER, UNKNOWN):
        for folder, fact in product(("questions", "answers/counted_from"), policy.facts(program)):
            yield f"{folder}/{fact}.md"
            if program is not None:
                yield f"{folder}/{program}/{fact}.md"
        for detail in policy.details(program):
            yield f"questions/details/{detail}.md"
            if program is not None:
                yield f"questions/details/{program}/{detail}.md"


def page() -> Iterator[str]:
    """Yield the lines of the table in docs/programs.md."""
    yield "| template | variables |"
    yield "| --- | --- |"
    rows = {context.template: _listed(context) for context in contexts.every()}
    for words in word_lists.EVERY:
        rows[words.file] = "list: " + ", ".join(f"`{id_of(member)}`" for member in words.of)
    for kind in screen_labels.EVERY:
        rows[kind.file] = "list: " + ", ".join(f"`{name}`" for name in fields_of(kind))
    rows["answers/cancellation/<program>/<route>.md, …/<route>.md"] = f"may use {_listed(Way)}"
    rows["answers/refund/<program>/<verdict>.md, …/<verdict>.md"] = f"may use {_listed(RefundVerdict)}"
    rows["tickets/<program>/<route>.md, …/<route>.md, …/<draft>.md"] = f"may use {_listed(Draft)}"
    rows |= {file: f"may use {_listed(move_texts.MoveText)}" for file in move_texts.files()}
    rows["questions/<program>/<fact>.md, …/<fact>.md"] = "none"
    rows["answers/counted_from/<program>/<fact>.md, …/<fact>.md"] = "none"
    rows["questions/details/<program>/<detail>.md, …/<detail>.md"] = "none"
    yield from (f"| `{name}` | {variables} |" for name, variables in sorted(rows.items()))


def _listed(context: type[Context]) -> str:
    return ", ".join(f"`{name}`" for name in fields_of(context)) or "none"


def with_page(document: str) -> str:
    """Return docs/programs.md with its table brought up to date."""
    head, marker, _ = document.partition(MARKER)
    return head + marker + "\n".join(page()) + "\n"


if __name__ == "__main__":  # python -m bot.render.catalog docs/programs.md
    target = Path(sys.argv[1])
    target.write_text(with_page(target.read_text(encoding="utf-8")), encoding="utf-8")
