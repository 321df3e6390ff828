"""Templates: one Jinja environment in which anything that a user typed stays a literal.

A template's context is a frozen dataclass whose fields are exactly the template's variables. Every plain
string in it is what a user typed (see `typed`); dates are printed through the filters `day` and
`weekday_day`, numbers and `StrEnum` members as they are, and anything else is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar, Final, TypeVar

import jinja2
from jinja2 import nodes
from jinja2.runtime import Context as Variables
from jinja2.runtime import Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

import bot
from bot.render.audit import Audit
from bot.render.document import Document, Mention, Moment
from bot.render.errors import TemplateError
from bot.render.filters import FILTERS, Calendar, Months, Weekdays
from bot.render.labels import Labels, labels_of
from bot.render.markdown import MarkdownError, parse_with
from bot.render.stated import Stated
from bot.render.typed import ForgedPlaceholderError, Placeholders, Typed, guard, trusted

__all__ = ["NOTHING", "SHIPPED", "Context", "Renderer"]

SHIPPED: Final = Path(bot.__file__).parent.parent / "templates"

# Beside these, a macro of an imported file has no way to reach the rendering that it is called in.
_PLACEHOLDERS: ContextVar[Placeholders] = ContextVar("placeholders of the rendering under way")
_NO_FILE: Final = "<template>"  # what Jinja calls a template given as text
# What an expression in a template can raise, by its own fault or by ours.
_FAULTS: Final = (
    jinja2.TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


class Context:
    """The variables of a template: subclasses are frozen dataclasses, their fields its variables.

    If not `all_used`, there is a template for each of several things, and each uses what it needs.
    """

    template: ClassVar[str]
    all_used: ClassVar[bool] = True


def plain(module: str, name: str, template: str) -> type[Context]:
    """Return the context of a template that has no variables, as a class of a module."""
    doc = f"`{template}` has no variables."
    made = type(name, (Context,), {"template": template, "__doc__": doc, "__module__": module})
    return dataclass(frozen=True)(made)


@dataclass(frozen=True)
class _Nothing(Context):
    """Labels and words have no variables."""


NOTHING: Final = _Nothing()
L = TypeVar("L", bound=Labels)


def _variables(context_type: type[Context]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(context_type))  # type: ignore[arg-type] # its subclasses are


@jinja2.pass_eval_context  # so that Jinja does not fold constants when there is no rendering yet
def _printed(_: nodes.EvalContext, value: object) -> object:
    """Return what Jinja prints for a value.

    Raises:
        TypeError: the value has no agreed way to be printed.
    """
    match value:
        case Markup() | Undefined():  # the latter raises as soon as Jinja touches it
            return value
        case Typed() | Mention() | Moment() | Stated():
            return _PLACEHOLDERS.get().hold(value)
        case StrEnum():
            return trusted(value.value)
        case str():
            return _PLACEHOLDERS.get().hold(Typed(value))
        case int() if not isinstance(value, bool):
            return trusted(f"{int(value)}")
        case _:
            raise TypeError(f"a value of type {type(value).__name__} cannot be printed as it is")


class _Environment(ImmutableSandboxedEnvironment):
    """A sandbox in which no plain string is ever seen: attributes, items and calls yield `Typed` ones."""

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401 - Jinja's signature
        return guard(super().getattr(obj, attribute))

    def getitem(self, obj: Any, argument: Any) -> Any:  # noqa: ANN401 - as above
        return guard(super().getitem(obj, argument))

    def call(self, context: Variables, obj: Any, /, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        return guard(super().call(context, obj, *args, **kwargs))

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return a template's globals as one dictionary: Jinja copies them for each rendering."""
        return {**self.globals, **(d or {})}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ANN401
        return not isinstance(obj, Typed) and super().is_safe_attribute(obj, attr, value)


class _Loader(jinja2.FileSystemLoader):
    """Say in Jinja's own way which file cannot be read."""

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        try:
            return super().get_source(environment, template)
        except jinja2.TemplateNotFound:
            raise
        except UnicodeDecodeError as error:
            raise jinja2.TemplateSyntaxError("the file is not UTF-8", 1, template) from error
        except OSError as error:
            why = f"the file cannot be read ({error.strerror})"
            raise jinja2.TemplateSyntaxError(why, 1, template) from error


def _environment(directories: Sequence[Path]) -> _Environment:
    environment = _Environment(
        loader=_Loader([*directories, SHIPPED], encoding="utf-8-sig"),  # some editors begin with a mark
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=True,  # not for HTML: it makes Jinja tell its own text (`Markup`) from other strings
        finalize=_printed,
        cache_size=-1,
        auto_reload=False,
    )
    environment.filters = dict(FILTERS)
    environment.globals = {name: environment.globals[name] for name in ("namespace", "range")}
    return environment


class Renderer:
    """Render templates from an operator's directories, in order, then the shipped ones.

    A template is read and compiled when it is first used and not again; threads may share a renderer.
    """

    def __init__(self, directories: Sequence[Path] = ()) -> None:
        self._environment = _environment(directories)
        self.calendar = Calendar(lambda: (self.labels(Months), self.labels(Weekdays)))
        self._environment.filters |= self.calendar.filters()

    def labels(self, kind: type[L]) -> L:
        """Return a screen's labels. Raises TemplateError where one is missing."""
        return labels_of(kind, self.render_as(kind.file, NOTHING))

    def render(self, context: Context) -> Document:
        """Return the document that the context's template makes of it; raise as `render_as` does."""
        return self.render_as(context.template, context)

    def render_as(self, name: str, context: Context) -> Document:
        """Return the document that a template makes of a context.

        Raises:
            TemplateError: the template is missing or wrong, or does not fit its context.
        """
        values = {field: getattr(context, field) for field in _variables(type(context))}
        try:
            template = self._environment.get_template(name)
        except jinja2.TemplateError as error:
            raise _template_error(name, error) from error
        return _document(template, name, values)

    def check(self, context_type: type[Context]) -> list[str]:
        """Return what is wrong between a context and its template, a sentence each; empty if nothing is."""
        return [*map(str, self.problems(context_type.template, context_type))]

    def problems(self, name: str, context_type: type[Context]) -> list[TemplateError]:
        """Return what is wrong between a context and a template of that name."""
        variables = frozenset(_variables(context_type))
        return Audit(self._environment, name).findings(variables, all_used=context_type.all_used)

    def has(self, name: str) -> bool:
        """Tell whether there is a template of that name."""
        try:
            self._environment.get_template(name)
        except jinja2.TemplateNotFound as error:
            return error.name != name
        except jinja2.TemplateError:
            return True  # there is one, and it is wrong
        return True


def _document(template: jinja2.Template, name: str, values: Mapping[str, object]) -> Document:
    placeholders = Placeholders()
    token = _PLACEHOLDERS.set(placeholders)
    try:
        text = template.render({key: guard(value) for key, value in values.items()})
    except _FAULTS as error:
        raise _template_error(name, error) from error
    finally:
        _PLACEHOLDERS.reset(token)
    try:
        return parse_with(*placeholders.settle(text))
    except ForgedPlaceholderError as error:
        message = "its text has a placeholder's character, or a placeholder that was cut or kept for later"
        raise TemplateError(name, None, message) from error
    except MarkdownError as error:
        raise TemplateError(name, None, str(error)) from error


def _template_error(name: str, error: Exception) -> TemplateError:
    """Return the error with the template and line in which it arose, as far as known."""
    match error:
        case jinja2.TemplateSyntaxError():
            return TemplateError(error.filename or name, error.lineno, f"{error.message}")
        case jinja2.TemplateNotFound():
            return TemplateError(*_place(error, name), f"there is no template {error.name!r}")
        case _:
            return TemplateError(*_place(error, name), f"{error}")


def _place(error: Exception, name: str) -> tuple[str, int | None]:
    """Return file and line of the innermost frame that is a template's (Jinja marks these)."""
    file, line = name, None
    trace = error.__traceback__
    while trace is not None:
        frame = trace.tb_frame
        if "__jinja_exception__" in frame.f_globals:
            file, line = frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    return (name if file == _NO_FILE else file), line
