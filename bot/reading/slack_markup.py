"""Blank out Slack's markup without changing the length of the text, so that offsets stay the same."""

from __future__ import annotations

import re
from typing import Final

_ENTITY: Final = re.compile(r"&(amp|lt|gt);")
_ENTITIES: Final = {"amp": "&", "lt": "<", "gt": ">"}
_LINK: Final = re.compile(r"<([^<>\s|]{1,2000})(?:\|([^<>\n]{0,500}))?>")
_STRUCK: Final = re.compile(r"(?<![\w~])~(?=\S)([^~\n]{1,300})(?<=\S)~(?![\w~])")
_FENCE: Final = re.compile(r"`+")
_STAR: Final = re.compile(r"\*(?!\.\w)")
_UNDERSCORE: Final = re.compile(r"(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)")
_EMOJI: Final = re.compile(r"(?<![\w:]):(?:[a-z][a-z0-9_+'-]{1,40}|[+-]1):(?![\w:])")
_HOST_LIKE: Final = re.compile(r"(?:https?://)?[\w*-]+(?:\.[\w-]+)+(?:/\S*)?|\S+@\S+")

_PLAIN: Final = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u02bc\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u00a0\u2007\u202f\u3000\u2009\u200b\ufeff\t\x00", " "),
        "\u2026": ".",
        "\r": "\n",
    }
)


def unmarked(text: str) -> str:
    """Return a text of the same length with spaces in place of Slack's markup.

    Of a link, the label stays if it is an address itself, else both address and label. People, channels and
    struck-out text are blanked out.
    """
    plain = text.replace("\r\n", " \n").translate(_PLAIN)
    plain = _LINK.sub(_link, plain)
    plain = _ENTITY.sub(lambda found: _ENTITIES[found[1]].ljust(len(found[0])), plain)
    plain = _STRUCK.sub(lambda found: " " * len(found[0]), plain)
    for markup in (_EMOJI, _FENCE, _STAR, _UNDERSCORE):
        plain = markup.sub(lambda found: " " * len(found[0]), plain)
    return plain


def _link(found: re.Match[str]) -> str:
    target, label = found[1], found[2]
    length = len(found[0])
    if target[0] in "@#!":
        return " " * length
    scheme = (
        len("mailto:") if target.startswith("mailto:") else len("tel:") if target.startswith("tel:") else 0
    )
    shown = " " * (1 + scheme) + target[scheme:]
    if label is None:
        return shown.ljust(length)
    if _HOST_LIKE.fullmatch(label.strip()):
        return " " * (len(target) + 2) + label + " "
    return shown + " " + label + " "
