"""Read the cells of an order list: products, choices and details. Equal texts are read once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Final

from bot.reading.host_names import LABEL, ascii_host_name
from bot.reading.order_list_dates import CellDates, plain
from policy import Ambiguous, Policy, Recognized
from policy.facts import UNKNOWN, Fact, Value
from policy.vocabulary import DetailKind, FactSpec, token_of_choice

LONGEST: Final = 300  # characters of any cell that is read
MOST_KEPT: Final = 50_000  # texts

_FORMULA: Final = re.compile(r'="([^"]*)"')  # how digits are marked as text for Excel
_MARKS: Final = frozenset("='\ufeff")
_DIGITS: Final = re.compile(r"#? ?([0-9]{1,20})(?:\.0)?")
_EMAIL: Final = re.compile(
    rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@(?:{LABEL}\.)+(?!\d+$){LABEL}", re.IGNORECASE
)
_NAME: Final = re.compile(r"[^\s<>\"'`|\\]{1,64}")
# Cells of this form, up to a length, need no normalizing; all others are looked at closely.
_LONGEST_PLAIN: Final = 63
_LABELS: Final = r"(?:[a-z0-9]++(?:-++[a-z0-9]++)*+\.)++"
_PLAIN: Final[Mapping[DetailKind, str]] = {
    DetailKind.DIGITS: r"[0-9]{1,20}+",
    DetailKind.HOST: rf"(?:\*\.)?{_LABELS}[a-z]{{2,63}}+",
    DetailKind.EMAIL: rf"[a-z0-9._+-]{{1,40}}+@{_LABELS}[a-z]{{2,40}}+",
    DetailKind.NAME: r"[A-Za-z0-9][A-Za-z0-9._-]*+",
}
_ALL_PLAIN: Final = {kind: re.compile(rf"(?:(?:{form})?+\n)*+") for kind, form in _PLAIN.items()}
_BRACKETED: Final = re.compile(r"[(\[][^)\]]*[)\]]")


class CellReader:
    """Reads cells by the vocabulary, in all its languages."""

    def __init__(self, policy: Policy, today: date) -> None:
        words = policy.vocabulary.order_lists
        self.policy = policy
        self.days = CellDates(words.months, today)
        self._empty = {plain(word) for word in words.empty}
        self._term = re.compile(rf"\b\d{{0,3}}\s?-?(?:{'|'.join(map(re.escape, map(plain, words.terms)))})\b")
        self.product = lru_cache(MOST_KEPT)(self._product)
        self.choice = lru_cache(MOST_KEPT)(self._choice)

    def is_empty(self, text: str) -> bool:
        """Return whether a cell is empty or says *none* or the like."""
        return not text or plain(text) in self._empty

    def _product(self, text: str, program: str | None) -> Mapping[Fact, Value] | None:
        """Return the facts that a product or brand name proves, or None if it is not known for certain.

        Text in brackets and the product's term are ignored unless they are part of the name.
        """
        if len(text) > LONGEST:
            return None
        said = _BRACKETED.sub(" ", text)
        for name in dict.fromkeys((text, said, self._term.sub(" ", plain(said)).strip(" -,/|:"))):
            match self.policy.recognize(name, program):
                case Recognized(facts=facts):
                    return facts
                case Ambiguous():
                    return None
        return None

    def _choice(self, spec: FactSpec, text: str) -> Value | None:
        """Return the choice that a cell names, by its id or by a word of any language, or None."""
        if len(text) > LONGEST:
            return None
        said = plain(text)
        bare = said.replace("_", " ").replace("-", " ")
        spoken = {plain(word): token for word, token in spec.spoken().items()}
        tokens = {token_of_choice(choice): choice for choice in spec.choices}
        tokens |= {token.replace("_", " "): choice for token, choice in tokens.items()}
        tokens[UNKNOWN.value] = UNKNOWN
        for each in (said, bare, _BRACKETED.sub(" ", said).strip()):
            if each in tokens:
                return tokens[each]
            if each in spoken:
                return tokens[spoken[each]]
        return None

    def details(self, kind: DetailKind, cells: Sequence[str]) -> Sequence[str]:
        """Return the detail in each cell of a column, or "" if a cell has none of its kind."""
        form = _ALL_PLAIN.get(kind)
        if form is not None and max(map(len, cells), default=0) <= _LONGEST_PLAIN:
            lines = "\n".join((*cells, ""))
            if lines.count("\n") == len(cells) and form.fullmatch(lines):
                return cells
        return [self.detail(kind, clean(cell)) or "" for cell in cells]

    @staticmethod
    def detail(kind: DetailKind, text: str) -> str | None:
        """Return a detail as drafts show it, or None if the cell has none of its kind."""
        match kind:
            case _ if not text or len(text) > LONGEST:
                return None
            case DetailKind.DIGITS:
                found = _DIGITS.fullmatch(text)
                return found[1] if found else None
            case DetailKind.HOST:
                return ascii_host_name(text)
            case DetailKind.EMAIL:
                return text if _EMAIL.fullmatch(text) else None
            case DetailKind.NAME:
                return text if _NAME.fullmatch(text) and text.isprintable() else None
            case DetailKind.TEXT:
                return " ".join(text.split()) if text.isprintable() else None


def clean(cell: str) -> str:
    """Return a cell's text without NULs, a byte order mark and the quotes that mark digits as text."""
    text = cell.strip()
    if "\0" in text or text[:1] in _MARKS:
        text = text.replace("\0", "").strip("\ufeff ")
        if found := _FORMULA.fullmatch(text):
            return found[1].strip()
        return text.removeprefix("'") if text[1:].isdecimal() else text
    return text
