"""Read dates relative to today: weekdays, *yesterday*, *two weeks ago*."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from bot.reading import date_arithmetic as arithmetic
from bot.reading.date_expression import DateExpression
from bot.reading.date_parts import DateParts
from bot.reading.languages import words

SHORT_WEEKDAY: Final = 5  # letters: a dot after a shorter one marks an abbreviation
INEXACT_UNITS: Final = frozenset({"month", "year"})
SURELY_TODAY: Final = 3  # hours


class RelativeDates:
    """Reads dates that depend on today, or on `last`, the date mentioned before."""

    def __init__(self, parts: DateParts) -> None:
        self.parts = parts
        self.words, self.norm, self.past = parts.words, parts.norm, parts.past
        self.last: tuple[date, ...] = ()

    def weekday(self, at: int) -> DateExpression | None:
        """Read *Tuesday*, *last Tuesday*, *mardi dernier*, *Monday last week*."""
        begin = at
        last, coming = self.norm(at) in self.words.last, self.norm(at) in self.words.next
        after_that = self.norm(at) in words("following") and bool(self.last)
        at += last or coming or after_that
        weekday = self.words.weekdays.get(self.norm(at)) if at < len(self.parts.tokens) else None
        if weekday is None:
            return None
        end = at + 1 + (self.norm(at + 1) == "." and len(self.norm(at)) < SHORT_WEEKDAY)
        if self.norm(end) in words("last_after"):
            last, end = True, end + 1
        for tag, hit_end in self.parts.hits.get(end, ()):
            if tag == "last_week":
                return DateExpression(
                    begin, hit_end, (arithmetic.weekday_last_week(weekday, self.parts.today),)
                )
            if tag == "before_last":
                last_day = arithmetic.latest_weekday(weekday, self.parts.today, last=True, coming=False)
                return DateExpression(begin, hit_end, (last_day - timedelta(days=7),))
        if after_that:
            days = (weekday - self.last[-1].weekday() - 1) % 7 + 1
            return DateExpression(begin, end, (self.last[-1] + timedelta(days=days),))
        day = arithmetic.latest_weekday(weekday, self.parts.today, last=last, coming=coming)
        return DateExpression(begin, end, (day,), weekday=True)

    def phrase(self, at: int) -> DateExpression | None:
        """Read *yesterday*, *this morning*, *the day before*, or a vague time such as *last week*."""
        read = (self._tagged(at, tag, end) for tag, end in self.parts.hits.get(at, ()))
        return max((said for said in read if said), key=lambda said: said.end, default=None)

    def _tagged(self, at: int, tag: str | int, end: int) -> DateExpression | None:
        match tag:
            case int():
                return DateExpression(at, end, (self.parts.today - timedelta(days=tag),), loose=tag <= 1)
            case "day_before" if self.last:
                return DateExpression(at, end, (self.last[0] - timedelta(days=1),))
            case "day_after" if self.last:
                return DateExpression(at, end, (self.last[-1] + timedelta(days=1),))
            case "same_day" if self.last:
                return DateExpression(at, end, self.last)
            case "vague" | "same_day":
                return DateExpression(at, end, (), exact=False, loose=True)
            case _:
                return None

    def ago(self, at: int) -> DateExpression | None:
        """Read *two weeks ago*, *14d ago*, *vor 14 Tagen*, *a few days ago*."""
        begin, at = at, self.parts.tagged_to(at, "ago_before") or at
        led, inexact = at > begin, False
        while after := self.parts.tagged_to(at, "before"):
            at, inexact = after, True
        count, unit_at, few = self.parts.count(at)
        unit = self.words.units.get(self.norm(unit_at))
        if count and unit is None and (weekday := self._weekday_ago(begin, unit_at, count)):
            return weekday
        if not count or unit is None or (len(self.norm(unit_at)) == 1 and self.parts.tokens[unit_at].spaced):
            return None
        end = unit_at + 1
        if self.last and self.norm(end) in words("later") and unit in ("day", "week"):
            gone = self.parts.today - arithmetic.units_ago(self.parts.today, unit, count)[0]
            return DateExpression(begin, end + 1, (self.last[-1] + gone,), exact=not (few or inexact))
        if not led:
            end = self.past(end, words("exact"))
            if self.norm(end) not in self.words.ago:
                return None
            end = self.past(end + 1, words("exact"))
        days = arithmetic.units_ago(self.parts.today, unit, count)
        vague = unit in INEXACT_UNITS or (unit == "hour" and count > SURELY_TODAY)
        part = self.norm(begin - 1) in self.words.joins and self.norm(begin - 2) in self.words.units
        exact = not (few or inexact or vague or part) and bool(days)
        loose = unit in ("hour", "minute")
        return DateExpression(begin, end, days if exact else arithmetic.around(days), exact, loose)

    def _weekday_ago(self, begin: int, at: int, count: int) -> DateExpression | None:
        """Read *two Fridays ago*."""
        weekday = self.words.weekdays.get(self.norm(at)) if at < len(self.parts.tokens) else None
        if weekday is None or self.norm(at + 1) not in self.words.ago:
            return None
        last = arithmetic.latest_weekday(weekday, self.parts.today, last=True, coming=False)
        return DateExpression(begin, at + 2, (last - timedelta(days=7 * (count - 1)),))
