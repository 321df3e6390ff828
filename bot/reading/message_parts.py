"""Classify the lines of a message: the writer's own, quoted, mail header, signature or blank."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final

from bot.reading.languages import words
from bot.reading.tokens import folded

SIGNATURE_LINES: Final = 10
SIGNATURE_WORDS: Final = 9
LONGEST_NAME: Final = 4  # words


class Part(Enum):
    """What a line of a message is."""

    OWN = auto()
    QUOTED = auto()
    HEADER = auto()
    SIGNATURE = auto()
    BLANK = auto()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text, without its quotation marks (`>`), of which there are `depth`."""

    start: int
    end: int
    text: str
    depth: int
    part: Part

    @property
    def speaks(self) -> bool:
        """Return whether the line can state something."""
        return self.part in (Part.OWN, Part.QUOTED)


_QUOTE: Final = re.compile(r"[ \t]*((?:>[ \t]*)+)")
_HEADER: Final = re.compile(r"\s*([^\W\d_][\w -]{0,20}?)\s?:(?=\s|$)")
_WROTE: Final = re.compile(
    r"\s*(?:on|am|le|el)\s.{4,120}\b(?:wrote|schrieb|a ecrit|escribio)\b[^:]{0,80}:\s*$"
)
_RULE: Final = re.compile(r"\s*[-_=*]{2,}[^-_=*]{0,40}[-_=*]{2,}\s*$|\s*-{2,}\s*$")
_NAME_LINE: Final = re.compile(
    r"[^\W\d_a-z][\w.'-]*(?: (?:van|von|de|der|den|la|le|di|[^\W\d_a-z][\w.'-]*)){0,4}"
)


def lines(text: str) -> list[Line]:
    """Return the lines of a text without markup, each classified."""
    found: list[Line] = []
    start = 0
    for raw in text.split("\n"):
        quote = _QUOTE.match(raw)
        begin = quote.end() if quote else 0
        depth = quote[1].count(">") if quote else 0
        body = raw[begin:]
        part = Part.BLANK if not body.strip() else Part.QUOTED if depth else Part.OWN
        found.append(Line(start + begin, start + len(raw), body, depth, part))
        start += len(raw) + 1
    return _signed(_headed(found))


def _headed(found: list[Line]) -> list[Line]:
    """Mark mail headers: two or more in a row, or a line such as *On Monday, Rosa wrote:*."""
    marked = list(found)
    names = [_header_name(line) for line in found]
    number = 0
    while number < len(found):
        end = number
        while end < len(found) and names[end] and found[end].depth == found[number].depth:
            end += 1
        sender = any(name in words("senders") for name in names[number:end])
        if end - number >= 2 and sender:  # noqa: PLR2004
            marked[number:end] = [replace(line, part=Part.HEADER) for line in found[number:end]]
        if _introduces(found[number]):
            marked[number] = replace(found[number], part=Part.HEADER)
        number = max(end, number + 1)
    return marked


def _header_name(line: Line) -> str:
    """Return the name of the mail header that a line may be, or ""."""
    name = _HEADER.match(line.text) if line.speaks else None
    plain = folded(name[1]) if name else ""
    return plain if plain in words("headers") else ""


def _introduces(line: Line) -> bool:
    if not line.speaks or len(line.text) > 250:  # noqa: PLR2004
        return False
    plain = folded(line.text)
    if _RULE.match(line.text) and any(each in plain for each in words("forwarded")):
        return True
    return bool(_WROTE.match(plain))


def _signed(found: list[Line]) -> list[Line]:
    """Mark signatures: short lines after a closing or two dashes, as far as lines are quoted alike."""
    marked = list(found)
    number = 0
    while number < len(found):
        line = marked[number]
        if not line.speaks:
            number += 1
            continue
        end = _end_of_depth(marked, number)
        length = _signature(marked, number, end)
        if length:
            for each in range(number, number + length):
                if marked[each].part is not Part.BLANK:
                    marked[each] = replace(marked[each], part=Part.SIGNATURE)
        number += max(length, 1)
    return marked


def _end_of_depth(found: Sequence[Line], number: int) -> int:
    """Return where the run of lines with the same depth ends."""
    end = number
    while (
        end < len(found) and found[end].depth == found[number].depth and end - number <= SIGNATURE_LINES * 2
    ):
        end += 1
    return end


def _signature(found: Sequence[Line], number: int, end: int) -> int:
    """Return how many lines from here on are a signature, 0 if none begins here."""
    text = found[number].text.strip()
    plain = folded(text).strip(" ,.!-")
    if text in ("--", "-- ", "---", "__"):
        return _signature_length(found, number, end, sure=True)
    if any(plain.startswith(each) for each in words("sent_from")):
        return 1
    said_before = any(line.speaks and line.depth == found[number].depth for line in found[:number])
    closes = plain in words("closings") and (said_before or end > number + 1)  # a lone *thanks* is a message
    if closes or (said_before and _is_signed(plain)):
        return _signature_length(found, number, end, sure=False)
    blank_before = number > 0 and found[number - 1].part is Part.BLANK
    if blank_before and _NAME_LINE.fullmatch(text.strip(" ,.")) and _company_follows(found, number, end):
        return _signature_length(found, number, end, sure=False)
    return 0


def _is_signed(plain: str) -> bool:
    """Return whether a line is a closing with a name: *Kind regards, Thawte*."""
    closing, comma, name = plain.partition(",")
    return bool(comma) and closing.strip() in words("closings") and len(name.split()) <= LONGEST_NAME


def _signature_length(found: Sequence[Line], number: int, end: int, *, sure: bool) -> int:
    """Return the length of a signature: up to a postscript; unless `sure`, only of short lines."""
    length = 0
    for line in found[number:end]:
        if folded(line.text).strip().split(":")[0].split(" ")[0].rstrip(".") in words("postscript"):
            break
        long = len(line.text.split()) > SIGNATURE_WORDS
        if line.part is Part.HEADER or (long and not sure and length > 0):
            return 0 if long and not sure else length
        length += 1
    if length == 1 and not sure and number + 1 < len(found) and end > number + 1:
        return 1
    return length


def _company_follows(found: Sequence[Line], number: int, end: int) -> bool:
    """Return whether an address or link in the next few lines makes a lone name a signature."""
    rest = [line.text for line in found[number + 1 : end] if line.part is not Part.BLANK]
    if not rest or len(rest) > SIGNATURE_LINES // 2 or len(found[number].text.split()) < 2:  # noqa: PLR2004
        return False
    short = all(len(text.split()) <= SIGNATURE_WORDS and ":" not in text.replace("://", "") for text in rest)
    return short and any("@" in text or "." in text or "|" in text for text in rest)
