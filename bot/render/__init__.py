"""Text: Markdown in Jinja, parsed to a document, shown by Slack, a terminal or as plain text.

`Renderer` makes a `Document` of a `Context`; `to_blocks`, `to_fallback` and `to_plain` show it, as does
`to_terminal` in `bot.render.terminal`, which the bot itself never loads. What a user typed is a literal
throughout and cannot become formatting, a link or a mention.
"""

from bot.render.document import Document, to_plain
from bot.render.environment import Context, Renderer
from bot.render.errors import TemplateError
from bot.render.markdown import parse
from bot.render.slack_text import size, to_blocks, to_fallback
from bot.render.typed import Trusted, Typed, neutral, trusted, typed

__all__ = [
    "Context",
    "Document",
    "Renderer",
    "TemplateError",
    "Trusted",
    "Typed",
    "neutral",
    "parse",
    "size",
    "to_blocks",
    "to_fallback",
    "to_plain",
    "trusted",
    "typed",
]
