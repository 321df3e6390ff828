"""Read what days are made of: numbers, months, years, counts and times of day."""

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
COUNT_OF_FEW: Final = 3
TEN: Final = 10
WORDS_IN_DATE: Final = 3  # between a day and its month, or a month and its year


class DateParts:
    """The tokens of a text read as parts of days; `hits` are phrases for days by their first token."""

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
        """Return a token as it is compared, empty past the end."""
        return self.tokens[at].norm if 0 <= at < len(self.tokens) else ""

    def count(self, at: int) -> tuple[int, int, bool]:
        """Return a count, where it ends, and whether it is merely some."""
        if at >= len(self.tokens):
            return 0, at, False
        token = self.tokens[at]
        if token.kind is Kind.NUMBER:
            good = token.norm.isdecimal() and len(token.norm) <= YEAR_DIGITS
            return int(token.norm) if good else 0, at + 1, False
        number = self.words.numbers.get(token.norm, 0)
        few_at = at + (number == 1)
        if self.norm(few_at) in self.words.few:
            return COUNT_OF_FEW, self.past(few_at + 1, words("after_few")), True
        return number, at + 1, False

    def day_number(self, at: int) -> tuple[int, int]:
        """Return the number of a day at a token and where it ends, with its ending; 0 where there is none."""
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
        """Return the month that a token names, 0 where it names none."""
        word = at < len(self.tokens) and self.tokens[at].kind is Kind.WORD
        return self.words.months.get(self.norm(at), 0) if word else 0

    def year(self, at: int) -> int:
        """Return the year that begins at a token, 0 where none does."""
        text = self.norm(at)
        if text.isdecimal() and len(text) == YEAR_DIGITS:
            return int(text) if "1990" <= text <= "2099" else 0
        return self.spelled_year(at)[0]

    def spelled_year(self, at: int) -> tuple[int, int]:
        """Read *twenty twenty-six*; returns where it ends too."""
        if self.norm(at) not in self.words.tens or self.norm(at) != self.norm(at + 1):
            return 0, at
        unit_at = self.past(at + 2, ("-",))
        unit = self.words.numbers.get(self.norm(unit_at), 0)
        tens = arithmetic.CENTURY + self.words.tens[self.norm(at)]
        return (tens + unit, unit_at + 1) if 0 < unit < TEN else (tens, at + 2)

    def with_year(self, number: int, month: int, at: int) -> tuple[tuple[date, ...], int]:
        """Return the days of a number and a month, with the year that may follow, and where it ends."""
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
        """Return the year of two digits, 0 where they are none: no hour, and near where they stand apart."""
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
        """Return whether nothing but a mark follows, so that a number is no amount of something."""
        return at + 1 >= len(self.tokens) or self.tokens[at + 1].kind in (Kind.MARK, Kind.LINE_END)

    def past_time(self, at: int) -> int:
        """Return the token after a time of day, such as *at 17:03:11 UTC*."""
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
        """Return the first token from one on that is none of some words."""
        while self.norm(at) and self.norm(at) in norms:
            at += 1
        return at

    def tagged_to(self, at: int, wanted: str) -> int:
        """Return where a word such as *about* ends that begins here, 0 where none does."""
        return max((end for tag, end in self.hits.get(at, ()) if tag == wanted), default=0)
