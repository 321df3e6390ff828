"""Read the one date that begins at a token, in any format, with every date that it can mean."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from bot.reading import date_arithmetic as arithmetic
from bot.reading.date_expression import DateExpression
from bot.reading.date_parts import TEN, WORDS_IN_DATE, DateParts
from bot.reading.languages import words
from bot.reading.numeric_dates import numeric_dates
from bot.reading.relative_dates import RelativeDates
from bot.reading.tokens import Kind, Token

MONTHS: Final = 12
DOTTED: Final = re.compile(r"\d{1,2}\.\d{1,2}")


class DateReader:
    """Reads the date that begins at a token; without a year, the latest one up to today."""

    def __init__(
        self, tokens: Sequence[Token], today: date, *, dots_day_first: bool, foreign: Collection[str] = ()
    ) -> None:
        self.parts = parts = DateParts(tokens, today, foreign)
        self.words, self.norm, self.past = parts.words, parts.norm, parts.past
        self.relative = RelativeDates(self.parts)
        self.dots_day_first = dots_day_first

    def at(self, at: int) -> DateExpression | None:
        """Return the date that begins at a token, or None."""
        token = self.parts.tokens[at]
        match token.kind:
            case Kind.DAY:
                return self._in_digits(at)
            case Kind.NUMBER:
                return (
                    self.relative.ago(at)
                    or self._day_first(at)
                    or self._year_first(at)
                    or self._in_numbers(at)
                    or self._day_alone(at)
                )
            case Kind.WORD if token.norm in self.words.starts or at in self.parts.hits:
                return (
                    self.relative.ago(at)
                    or self.relative.phrase(at)
                    or self.relative.weekday(at)
                    or self._last_of_month(at)
                    or self._month_first(at)
                    or self._spelled(at)
                )
            case _:
                return None

    def _in_digits(self, at: int) -> DateExpression:
        return DateExpression(
            at, self.parts.past_time(at + 1), self._days(self.parts.tokens[at].norm.casefold())
        )

    def _days(self, digits: str) -> tuple[date, ...]:
        return numeric_dates(digits, self.parts.today, dots_day_first=self.dots_day_first)

    def _in_numbers(self, at: int) -> DateExpression | None:
        """Read *03 11 2026*, and *on 3.11*, which without the *on* may be a version number."""
        in_digits = self.norm(at + 1).isdecimal() and self.parts.day_number(at)[1] == at + 1
        if in_digits and self.parts.year(at + 2):
            days = self._days(f"{self.norm(at)}/{self.norm(at + 1)}/{self.norm(at + 2)}")
            return DateExpression(at, at + 3, days) if days and self._stands_free(at + 3) else None
        led = self.norm(at - 1) in words("before_dotted_day") | words("day_leads")
        if not (DOTTED.fullmatch(self.norm(at)) and led and self._stands_free(at + 1)):
            return None
        if int(self.norm(at).partition(".")[2]) > MONTHS:
            return None  # *at 10.30*
        days = self._days(f"{self.norm(at)}.")
        return DateExpression(at, at + 1, days) if days else None

    def _day_first(self, at: int) -> DateExpression | None:
        """Read *3 Nov 2026*, *the 3rd of November*, *03-Nov-26*."""
        number, after = self.parts.day_number(at)
        month_at = self.past(after, (*self.words.fillers, ".", "-", "/"))
        month = self.parts.month(month_at)
        if not number or not month or month_at - after > WORDS_IN_DATE:
            return None
        days, end = self.parts.with_year(number, month, month_at + 1)
        return DateExpression(at, end, days)

    def _year_first(self, at: int) -> DateExpression | None:
        """Read *2026 Nov 3*."""
        joints = ("-", "/", ".")
        year, month_at = self.parts.year(at), self.past(at + 1, joints)
        month = self.parts.month(month_at) if year else 0
        number, end = self.parts.day_number(self.past(month_at + 1, joints)) if month else (0, 0)
        return DateExpression(at, end, arithmetic.real_date(year, month, number)) if number else None

    def _month_first(self, at: int) -> DateExpression | None:
        """Read *November 3rd, 2026*; *in November* and *November 2026* are read as inexact."""
        month = self.parts.month(at)
        if not month:
            return None
        number, end = self.parts.day_number(self.past(at + 1, (".", *self.words.leads, "-", "/")))
        if number:
            days, end = self.parts.with_year(number, month, end)
            return DateExpression(at, end, days)
        year_at = self.past(at + 1, (".", ",", *self.words.fillers))
        if year := self.parts.year(year_at):
            return DateExpression(
                at, year_at + 1, arithmetic.month_span(year, month, self.parts.today), exact=False
            )
        if self.norm(at) in words("also_words") and not self._names_month(at):
            return None
        year = self.parts.today.year if month <= self.parts.today.month else self.parts.today.year - 1
        return DateExpression(at, at + 1, arithmetic.month_span(year, month, self.parts.today), exact=False)

    def _last_of_month(self, at: int) -> DateExpression | None:
        """Read *the last day of October*, *letzter Tag im Oktober*."""
        if self.norm(at) not in self.words.last or self.words.units.get(self.norm(at + 1)) != "day":
            return None
        month_at = self.past(at + 2, (*self.words.fillers, *words("before_month")))
        if not (month := self.parts.month(month_at)):
            return None
        said = self.parts.year(month_at + 1)
        years = [said] if said else [self.parts.today.year, self.parts.today.year - 1]
        lasts = [
            day for year in years for day in arithmetic.real_date(year, month, monthrange(year, month)[1])
        ]
        day = next((last for last in lasts if last <= self.parts.today), lasts[-1])
        return DateExpression(at, month_at + 1 + bool(said), (day,))

    def _names_month(self, at: int) -> bool:
        """Return whether a word such as *may* is used as the name of a month."""
        return at in self.parts.before_ends or self.norm(at - 1) in words("before_month")

    def _spelled(self, at: int) -> DateExpression | None:
        """Read *the third of October, twenty twenty-six*."""
        number, end = self.words.ordinals.get(self.norm(at), 0), at + 1
        if self.norm(at) in self.words.tens:
            unit_at = self.past(at + 1, ("-",))
            unit = self.words.ordinals.get(self.norm(unit_at), 0)
            if 0 < unit < TEN:
                number, end = self.words.tens[self.norm(at)] + unit, unit_at + 1
        month_at = self.past(end, self.words.fillers)
        month = self.parts.month(month_at) if number else 0
        if month:
            days, end = self.parts.with_year(number, month, month_at + 1)
            return DateExpression(at, end, days)
        if not number or not self._names_day(at) or not self._stands_free(end):
            return None
        return DateExpression(
            at, end, arithmetic.latest_day_of_month(number, self.parts.today), numbered=True
        )

    def _names_day(self, at: int) -> bool:
        """Return whether *the sixteenth* is a day of the month: after *on* or a weekday."""
        lead = self.norm(at - 2)
        return self.norm(at - 1) in self.words.leads and (lead in words("on") or lead in self.words.weekdays)

    def _day_alone(self, at: int) -> DateExpression | None:
        """Read *the 28th*, *am 3.*, *le 4*: the latest such day up to today."""
        number, end = self.parts.day_number(at)
        if number and (of_month := self._in_last_month(at, end)):
            return DateExpression(at, of_month, arithmetic.day_of_last_month(number, self.parts.today))
        if not number or not self._stands_free(end):
            return None
        ending = end - at > 1 and self.norm(at + 1) in self.words.endings
        lead = self.norm(at - 1) in words("day_leads") and self.parts.tokens[at].spaced
        if not ending and not lead:
            return None
        return DateExpression(
            at, end, arithmetic.latest_day_of_month(number, self.parts.today), numbered=True
        )

    def _in_last_month(self, at: int, end: int) -> int:
        """Return where *the 12th of last month* or *last month on the 12th* ends, or 0 if it is neither."""
        after, before = self.past(end, self.words.fillers), at - 1
        while self.norm(before) and self.norm(before) in words("between_days") | words("day_leads"):
            before -= 1
        if self._is_last_month(after):
            return after + 2
        return end if self._is_last_month(before - 1) else 0

    def _is_last_month(self, at: int) -> bool:
        pair = (self.norm(at), self.norm(at + 1))
        return any(
            last in self.words.last and self.words.units.get(unit) == "month"
            for last, unit in (pair, pair[::-1])
        )

    def _stands_free(self, at: int) -> bool:
        """Return whether a number does not count or belong to what follows it."""
        if at >= len(self.parts.tokens):
            return True
        after = self.parts.tokens[at]
        if after.norm in words("number_marks"):
            return after.norm == "-" and after.spaced
        return after.kind in (Kind.MARK, Kind.LINE_END) or after.norm in words("after_day")
