"""What a person typed, made fit to be kept, shown and sent on."""

from __future__ import annotations

import re
from typing import Final

SHOWN_OF_TYPED: Final = 80
LONGEST_TYPED: Final = 3000  # what is longer is not read at all; Slack's own fields take no more

# Control characters but tab and newline, directional overrides and isolates, halves of surrogate pairs
# (no JSON and no database takes those), noncharacters and the planes for private use, which no font has.
# Letters of any script, emoji and their joiners stay.
_UNFIT: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff\U000f0000-\U0010ffff]"
)


def cleaned(text: str) -> str:
    """Return a text of several lines with plain line ends, without what no text should hold."""
    return _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def shown(text: str) -> str:
    """Return as much of a text as is shown back to who typed it: one line, at most 80 characters."""
    return " ".join(cleaned(text).split())[:SHOWN_OF_TYPED]
