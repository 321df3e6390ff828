"""Make what a person typed fit to be stored, shown and sent on."""

from __future__ import annotations

import re
from typing import Final

SHOWN_OF_TYPED: Final = 80
LONGEST_TYPED: Final = 3000  # longer texts are not read at all; Slack's own fields take no more

# Control characters other than tab and newline, directional overrides and isolates, lone surrogates (which
# no JSON and no database takes), noncharacters and the private-use planes. Letters of any script, emoji and
# their joiners stay.
_UNFIT: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff\U000f0000-\U0010ffff]"
)


def cleaned(text: str) -> str:
    """Return a text of several lines with plain line ends, without characters that no text should hold."""
    return _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def shown(text: str) -> str:
    """Return the part of a text that is shown back to its writer: one line, at most 80 characters."""
    return " ".join(cleaned(text).split())[:SHOWN_OF_TYPED]
