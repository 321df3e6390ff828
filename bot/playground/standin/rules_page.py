"""Write the rules that the tables of this package contain, as Markdown for docs/stand-in.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .blockkit import BLOCKS, MESSAGE_BLOCKS_LIMIT, MESSAGE_TEXT_LIMIT, VIEWS
from .composition import TABLES
from .elements import ELEMENTS
from .fault_kinds import NATURES, Place
from .methods import METHODS
from .proxy import WORDS, Proxy
from .refusals import ANSWERS, CALLS, RESPONSE_URLS
from .richtext import PARTS, PIECES
from .schema import EVERYWHERE, Obj

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def rules() -> str:
    """Return all the tables, as they are in docs/stand-in.md."""
    parts = [
        "### Methods\n\n" + _methods(),
        "### Error codes of the Web API\n\n" + _codes(CALLS),
        "### Error codes of response URLs\n\n" + _codes(RESPONSE_URLS),
        "### Errors in the app's answer to a delivery\n\n" + _codes(ANSWERS),
        "### Faults\n\n" + _faults(),
        "### Answers of a proxy\n\n" + _proxies(),
        f"### Blocks\n\nAt most {MESSAGE_BLOCKS_LIMIT} in a message, with at most {MESSAGE_TEXT_LIMIT:,}"
        " characters of text in all; no two with the same `block_id`.\n\n" + _objects(BLOCKS),
        "### Views\n\n" + _objects(VIEWS),
        "### Elements\n\n" + _objects(ELEMENTS),
        "### Composition objects\n\n" + _objects(TABLES),
        "### Rich text: parts\n\n" + _objects(PARTS),
        "### Rich text: pieces of a line\n\n" + _objects(PIECES),
    ]
    return "\n\n".join(parts) + "\n"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    titles = list(head)
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join("| " + " | ".join(cell or "-" for cell in line) + " |" for line in lines)


def _codes(codes: Mapping[str, str]) -> str:
    return _table(("code", "when"), ((f"`{code}`", when) for code, when in codes.items()))


def _faults() -> str:
    rows = []
    for fault, nature in NATURES.items():
        places = ", ".join(place for place in Place if place in nature.places)
        delay = "" if nature.delay is None else f"{nature.delay:g} s"
        rows.append((f"`{fault.name}`", places, nature.says, delay))
    return _table(("fault", "fits", "what happens", "delay"), rows)


def _proxies() -> str:
    return _table(("proxy", "answers"), ((f"`{proxy.name}`", WORDS[proxy]) for proxy in Proxy))


def _methods() -> str:
    rows = []
    for method in METHODS.values():
        args = [f"{'**' * arg.required}{name}{'**' * arg.required}" for name, arg in method.args.items()]
        tokens = "none" if method.open else ", ".join(sorted(method.tokens))
        rows.append((f"`{method.name}`", tokens, ", ".join(method.scopes), ", ".join(args)))
    note = (
        "Required arguments are **bold**; `token` and `team_id` are accepted everywhere. Reading"
        " a conversation needs `channels:`, `groups:` or `im:` with `read` or `history`,"
        " depending on its kind.\n\n"
    )
    return note + _table(("method", "token", "scope", "arguments"), rows)


def _objects(objects: Mapping[str, Obj]) -> str:
    rows = []
    for name, shape in objects.items():
        required = [f"**{key}**: {what.describe()}" for key, what in shape.required.items() if key != "type"]
        optional = [f"{key}: {what.describe()}" for key, what in shape.optional.items()]
        where = sorted(shape.within) + ([] if shape.surfaces == EVERYWHERE else sorted(shape.surfaces))
        says = [rule.says for rule in shape.rules]
        rows.append((f"`{name}`", "<br>".join([*required, *optional]), "; ".join(says), ", ".join(where)))
    return _table(("type", "fields (required in bold)", "also", "only in"), rows)
