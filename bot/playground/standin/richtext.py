"""Block Kit's rich text: the elements of a line, and the sections, lists, quotes and code that hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .schema import Arr, Bool, Int, Obj, Shape, Str, Tagged

if TYPE_CHECKING:
    from collections.abc import Mapping

_FLAGS: Mapping[str, Shape] = {
    name: Bool()
    for name in ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight")
}
STYLE = Obj(optional={**_FLAGS, "unlink": Bool()})


def _piece(required: dict[str, Shape], optional: dict[str, Shape] | None = None) -> Obj:
    return Obj(required={"type": Str(), **required}, optional={"style": STYLE, **(optional or {})})


PIECES: dict[str, Obj] = {
    "text": _piece({"text": Str(min=1)}),
    "link": _piece({"url": Str(3000, min=1, form="URL")}, {"text": Str(), "unsafe": Bool()}),
    "emoji": _piece({"name": Str(min=1)}, {"unicode": Str(), "skin_tone": Int(1, 6)}),
    "user": _piece({"user_id": Str(min=1)}),
    "channel": _piece({"channel_id": Str(min=1)}),
    "usergroup": _piece({"usergroup_id": Str(min=1)}),
    "broadcast": _piece({"range": Str(choices=("here", "channel", "everyone"))}),
    "color": _piece({"value": Str(form="#rrggbb")}),
    "date": _piece(
        {"timestamp": Int(0), "format": Str(min=1)},
        {"url": Str(form="URL"), "fallback": Str(min=1)},
    ),
}

PIECE = Tagged("piece of a line", PIECES)
CODE_PIECE = Tagged("piece of code", PIECES, only=frozenset({"text", "link"}))
_BORDER: dict[str, Shape] = {"border": Int(0, 1)}
_SECTION = Obj(required={"type": Str(), "elements": Arr(PIECE, 1)})

PARTS: dict[str, Obj] = {
    "rich_text_section": _SECTION,
    "rich_text_list": Obj(
        required={
            "type": Str(),
            "style": Str(choices=("bullet", "ordered")),
            "elements": Arr(Tagged("line", {"rich_text_section": _SECTION}), 1),
        },
        optional={"indent": Int(0, 8), "offset": Int(0), **_BORDER},
    ),
    "rich_text_preformatted": Obj(
        required={"type": Str(), "elements": Arr(CODE_PIECE, 1)},
        optional={**_BORDER, "language": Str()},
    ),
    "rich_text_quote": Obj(
        required={"type": Str(), "elements": Arr(PIECE, 1)},
        optional=_BORDER,
    ),
}

PART = Tagged("part of rich text", PARTS)
