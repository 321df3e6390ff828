"""The one error of rendering: a template does not fit its context, or its text does not fit a document."""

from __future__ import annotations

__all__ = ["TemplateError"]


class TemplateError(Exception):
    """A template cannot be rendered: the operator's to mend, never to be shown to a user.

    Attributes:
        template: its file, its name where no file is known, or `<source>` where it was given as text.
        line: the line in that template, None where no single line is to blame.
        message: what is wrong, without any text that a user typed.
    """

    def __init__(self, template: str, line: int | None, message: str) -> None:
        super().__init__(template, line, message)
        self.template = template
        self.line = line
        self.message = message

    def __str__(self) -> str:
        where = self.template if self.line is None else f"{self.template}:{self.line}"
        return f"{where}: {self.message}"
