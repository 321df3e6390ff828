"""Every template that certdesk reads: its name, and what it is given."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.render import contexts, word_lists
from bot.render.environment import Context
from bot.render.errors import TemplateError
from bot.render.texts import Texts
from policy import Policy
from policy.wording import nearest

__all__ = ["findings", "names", "unread"]


def names(policy: Policy) -> frozenset[str]:
    """Return the name of every template that is read, or would be if it were there."""
    exact = {context.template for context in contexts.every()}
    lists = {words.file for words in word_lists.EVERY}
    return frozenset(exact | lists | {name for name, _ in _open(policy)} | set(_questions(policy)))


def findings(texts: Texts) -> Iterator[str]:
    """Yield what is wrong between templates and what they are given, a sentence each."""
    for context in contexts.every():
        yield from texts.renderer.check(context)
    for name, open_context in _open(texts.policy):
        if texts.renderer.has(name):
            yield from texts.renderer.check_as(name, open_context)
    for words in word_lists.EVERY:
        try:
            texts.words(words)
        except TemplateError as error:
            yield str(error)


def unread(policy: Policy, folder: Path) -> Iterator[tuple[Path, str | None]]:
    """Yield each file of an operator's folder that nothing reads, with the name most like its own."""
    known = names(policy)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and name not in known and not hidden:
            yield path, nearest(name, known)


def _open(policy: Policy) -> Iterator[tuple[str, type[Context]]]:
    """Yield the templates of which there may be one for each route, by program or shared."""
    for folder, context in (("answers/cancellation", contexts.Way), ("tickets", contexts.Draft)):
        for route in policy.vocabulary.routes:
            yield f"{folder}/{route}.md", context
        for program in policy.programs.values():
            for route in program.routes:
                yield f"{folder}/{route}.md", context
                yield f"{folder}/{program.id}/{route}.md", context
    for draft in word_lists.REQUESTS:
        yield f"tickets/{draft}.md", contexts.Draft


def _questions(policy: Policy) -> Iterator[str]:
    for program in (None, *policy.programs):
        for fact in policy.facts(program):
            yield f"questions/{fact}.md"
            if program is not None:
                yield f"questions/{program}/{fact}.md"
        for detail in policy.details(program):
            yield f"questions/details/{detail}.md"
