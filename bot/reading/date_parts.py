"""Read the parts of dates: day numbers, months, years, counts and times of day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from bot.reading import date_arithmetic as arithmetic
from bot.reading.date_words import DateWords, date_words
from bot.reading.languages import words
from bot.reading.tokens import Kind, Token

YEAR_DIGITS: Final = 4
DAY_DIGITS: Final = 2
LAST_DAY: Final = 31
A_FEW: Final = 3
TEN: Final = 10
WORDS_IN_DATE: Final = 3  # between a day and its month, or a month and its year


class DateParts:
    """Reads tokens as parts of dates.

    `hits` has the date phrases that begin at each token, as tag and end; `before_ends` the ends of words such
    as *about*. `foreign` are words that mean something else in the text's language.
    """

    def __init__(self, tokens: Sequence[Token], today: date, foreign: Collection[str] = ()) -> None:
        self.tokens = tokens
        self.today = today
        self.words: DateWords = date_words()
        self.hits: dict[int, list[tuple[str | int, int]]] = {}
        self.before_ends: set[int] = set()
        for hit in self.words.phrases.find(tokens):
            if tokens[hit.start].norm in foreign:
                continue
            self.hits.setdefault(hit.start, []).append((hit.tag, hit.end))
            if hit.tag == "before":
                self.before_ends.add(hit.end)

    def norm(self, at: int) -> str:
        """Return the folded text of a token, or "" outside the text."""
        return self.tokens[at].norm if 0 <= at < len(self.tokens) else ""

    def count(self, at: int) -> tuple[int, int, bool]:
        """Return the count at a token (0 if there is none), where it ends, and whether it is only *a few*."""
        if at >= len(self.tokens):
            return 0, at, False
        token = self.tokens[at]
        if token.kind is Kind.NUMBER:
            good = token.norm.isdecimal() and len(token.norm) <= YEAR_DIGITS
            return int(token.norm) if good else 0, at + 1, False
        number = self.words.numbers.get(token.norm, 0)
        few_at = at + (number == 1)
        if self.norm(few_at) in self.words.few:
            return A_FEW, self.past(few_at + 1, words("after_few")), True
        return number, at + 1, False

    def day_number(self, at: int) -> tuple[int, int]:
        """Return the day number at a token (0 if there is none) and where it ends, *st* or *th* included."""
        token = self.tokens[at] if at < len(self.tokens) else None
        if token is None or token.kind is not Kind.NUMBER or not token.norm.isdecimal():
            return 0, at
        number, end = int(token.norm) if len(token.norm) <= DAY_DIGITS else 0, at + 1
        if not 1 <= number <= LAST_DAY:
            return 0, at
        if end >= len(self.tokens) or self.tokens[end].spaced:
            return number, end
        after = self.tokens[end]
        if after.norm in self.words.endings:
            return number, end + 1
        if after.norm == "." and self.month(self.past(end + 1, ("-",))):
            return number, end + 1
        joined = after.kind in (Kind.WORD, Kind.NUMBER) and not self.month(end)
        return (0, at) if joined else (number, end)

    def month(self, at: int) -> int:
        """Return the month that a token names, or 0."""
        word = at < len(self.tokens) and self.tokens[at].kind is Kind.WORD
        return self.words.months.get(self.norm(at), 0) if word else 0

    def year(self, at: int) -> int:
        """Return the year that begins at a token, or 0."""
        text = self.norm(at)
        if text.isdecimal() and len(text) == YEAR_DIGITS:
            return int(text) if "1990" <= text <= "2099" else 0
        return self.spelled_year(at)[0]

    def spelled_year(self, at: int) -> tuple[int, int]:
        """Return the year that is spelled out, as in *twenty twenty-six*, or 0, and where it ends."""
        if self.norm(at) not in self.words.tens or self.norm(at) != self.norm(at + 1):
            return 0, at
        unit_at = self.past(at + 2, ("-",))
        unit = self.words.numbers.get(self.norm(unit_at), 0)
        tens = arithmetic.CENTURY + self.words.tens[self.norm(at)]
        return (tens + unit, unit_at + 1) if 0 < unit < TEN else (tens, at + 2)

    def with_year(self, number: int, month: int, at: int) -> tuple[tuple[date, ...], int]:
        """Return the dates that a day and month can mean, with a year if one follows, and where it ends."""
        after = self.past_time(at)
        year_at = self.past(after, (",", ".", "-", "/", "'", *self.words.fillers))
        if year_at - after < WORDS_IN_DATE and (year := self.year(year_at)):
            end = max(year_at + 1, self.spelled_year(year_at)[1])
            return arithmetic.real_date(year, month, number), self.past_time(end)
        short_at = self.past(at, ("-", "/", "."))
        if short_at - at <= 1 and (year := self._short_year(short_at, joined=short_at > at)):
            return arithmetic.real_date(year, month, number), short_at + 1
        return arithmetic.latest_occurrence(month, number, self.today), at

    def _short_year(self, at: int, *, joined: bool) -> int:
        """Return the year that two digits at a token mean, or 0.

        They are not an hour; and unless joined to the date or last in the clause, the year is a recent one.
        """
        text = self.norm(at)
        if not (text.isdecimal() and len(text) == DAY_DIGITS) or self.norm(at + 1) == ":":
            return 0
        year = arithmetic.full_year(int(text), self.today)
        return (
            year
            if joined or 0 <= self.today.year - year <= arithmetic.SHORT_YEAR_SPAN or self._ends(at)
            else 0
        )

    def _ends(self, at: int) -> bool:
        """Return whether only a mark follows, so that a number does not count something."""
        return at + 1 >= len(self.tokens) or self.tokens[at + 1].kind in (Kind.MARK, Kind.LINE_END)

    def past_time(self, at: int) -> int:
        """Return the token after a time of day such as *at 17:03:11 UTC*, or `at` if there is none."""
        begin, at = at, self.past(at, ("t", ",", "at"))
        clock = (self._digits_at(at), self.norm(at + 1) == ":", self._digits_at(at + 2))
        if not all(clock):
            return begin
        at += 3
        if self.norm(at) == ":":
            at += 2
        return at + (self.norm(at) in ("z", "am", "pm", "utc", "gmt"))

    def _digits_at(self, at: int) -> bool:
        return at < len(self.tokens) and self.tokens[at].kind is Kind.NUMBER

    def past(self, at: int, norms: Collection[str]) -> int:
        """Return the first token from `at` on that is not one of `norms`."""
        while self.norm(at) and self.norm(at) in norms:
            at += 1
        return at

    def tagged_to(self, at: int, wanted: str) -> int:
        """Return where the longest phrase with a tag that begins at a token ends, or 0 if none does."""
        return max((end for tag, end in self.hits.get(at, ()) if tag == wanted), default=0)
