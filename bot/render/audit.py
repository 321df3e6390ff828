"""Whether a template and its context fit each other, found without rendering."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import jinja2
from jinja2 import meta, nodes

from bot.render.errors import TemplateError

__all__ = ["Audit"]

_REFERENCES = (nodes.Extends, nodes.FromImport, nodes.Import, nodes.Include)


@dataclass
class Audit:
    """One reading of a template and of everything that it includes, imports and extends."""

    environment: jinja2.Environment
    name: str
    _problems: list[TemplateError] = field(default_factory=list)
    _used: set[str] = field(default_factory=set)
    _assigned: set[str] = field(default_factory=set)
    _seen: set[tuple[str, bool]] = field(default_factory=set)

    def findings(self, variables: frozenset[str], *, all_used: bool = True) -> list[TemplateError]:
        """Return what is wrong between the template and these variables, in a sentence each."""
        self._read(self.name, sees_context=True)
        if not self._problems:
            unknown = self._used - self._assigned - variables
            unused = variables - self._used if all_used else ()
            self._add(*(f"{name!r} is not in the context" for name in sorted(unknown)))
            self._add(*(f"{name!r} of the context is not used" for name in sorted(unused)))
        return self._problems

    def _read(self, name: str, *, sees_context: bool) -> None:
        """Note what a template uses and assigns, then go through the templates that it refers to."""
        if (name, sees_context) in self._seen:
            return
        self._seen.add((name, sees_context))
        try:
            source = self._source(name)
            tree = self.environment.parse(source, name)
            undeclared = meta.find_undeclared_variables(tree)
        except jinja2.TemplateNotFound:
            self._add("there is no such template", name=name)
            return
        except jinja2.TemplateSyntaxError as error:
            self._add(f"{error.message}", name=name, line=error.lineno)
            return
        self._problems += self._unknown_filters(tree, name)
        self._note(tree, name, undeclared, sees_context=sees_context)
        for reference in tree.find_all(_REFERENCES):
            self._follow(reference, name, sees_context=sees_context)

    def _note(self, tree: nodes.Template, name: str, undeclared: set[str], *, sees_context: bool) -> None:
        if sees_context:
            self._used |= undeclared
            stores = (node.name for node in tree.find_all(nodes.Name) if node.ctx != "load")
            self._assigned.update(stores)
        else:
            unseen = "is not seen here: the file is imported without context"
            self._add(*(f"{variable!r} {unseen}" for variable in sorted(undeclared)), name=name)

    def _add(self, *messages: str, name: str | None = None, line: int | None = None) -> None:
        self._problems += [TemplateError(name or self.name, line, message) for message in messages]

    def _source(self, name: str) -> str:
        if self.environment.loader is None:
            raise jinja2.TemplateNotFound(name)
        return self.environment.loader.get_source(self.environment, name)[0]

    def _unknown_filters(self, tree: nodes.Template, name: str) -> Iterator[TemplateError]:
        """Yield filters and tests that do not exist; inside an `if`, Jinja would notice only on the way."""
        for node in tree.find_all((nodes.Filter, nodes.Test)):
            known = self.environment.filters if isinstance(node, nodes.Filter) else self.environment.tests
            if node.name not in known:
                yield TemplateError(name, node.lineno, f"there is no filter or test {node.name!r}")

    def _follow(self, reference: nodes.Node, name: str, *, sees_context: bool) -> None:
        target = getattr(reference, "template")  # noqa: B009 - all four have one, their base does not
        if not isinstance(target, nodes.Const) or not isinstance(target.value, str):
            plain = "a template is referred to by a plain name, not an expression"
            self._add(plain, name=name, line=reference.lineno)
            return
        passes = bool(getattr(reference, "with_context", True))
        self._read(target.value, sees_context=sees_context and passes)
