"""Find the days that a text names, in every manner, with all that each can mean."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.reading import calendar_days as calendar
from bot.reading.calendar_words import CalendarWords, calendar_words
from bot.reading.languages import words
from bot.reading.tokens import Kind, Token

YEAR_DIGITS: Final = 4
DAY_DIGITS: Final = 2
LAST_DAY: Final = 31
COMPACT: Final = len("20261103")
SHORT_WEEKDAY: Final = 5  # letters: a point after them is an abbreviation's
COUNT_OF_FEW: Final = 3
TEN: Final = 10
WORDS_IN_DATE: Final = 3  # between a day and its month, or a month and its year
INEXACT_UNITS: Final = frozenset({"month", "year"})
SURELY_TODAY: Final = 3  # hours

_PARTS: Final = re.compile(r"\d+")
_LETTERS: Final = re.compile(r"[ivx]+")
_ROMAN: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")


@dataclass(frozen=True, slots=True)
class DaySaid:
    """A day as it is said, in the tokens from `start` up to but not with `end`.

    `days` are all that it can mean, none where there is no such day; the ends of it where it is not `exact`.
    `loose`: a word such as *today*, which need not tell of an event. `weekday` and `numbered`: no more than
    *Tuesday* or *the 28th* is said.
    """

    start: int
    end: int
    days: tuple[date, ...]
    exact: bool = True
    loose: bool = False
    weekday: bool = False
    numbered: bool = False


class DayReader:
    """Reads the day that begins at a token. Days without a year are the latest that have come."""

    def __init__(
        self, tokens: Sequence[Token], today: date, *, dots_day_first: bool, foreign: Collection[str] = ()
    ) -> None:
        self.tokens = tokens
        self.today = today
        self.dots_day_first = dots_day_first
        self.words: CalendarWords = calendar_words()
        self.hits: dict[int, list[tuple[str | int, int]]] = {}
        self.before_ends: set[int] = set()
        self.last: tuple[date, ...] = ()
        for hit in self.words.phrases.find(tokens):
            if tokens[hit.start].norm in foreign:
                continue
            self.hits.setdefault(hit.start, []).append((hit.tag, hit.end))
            if hit.tag == "before":
                self.before_ends.add(hit.end)

    def at(self, at: int) -> DaySaid | None:
        """Return the day that begins at a token, None where none does."""
        token = self.tokens[at]
        match token.kind:
            case Kind.DAY:
                return self._in_digits(at)
            case Kind.NUMBER:
                return self._ago(at) or self._day_first(at) or self._year_first(at) or self._day_alone(at)
            case Kind.WORD if token.norm in self.words.starts or at in self.hits:
                return (
                    self._ago(at)
                    or self._phrase(at)
                    or self._weekday(at)
                    or self._last_of_month(at)
                    or self._month_first(at)
                    or self._spelled(at)
                )
            case _:
                return None

    def norm(self, at: int) -> str:
        """Return a token as it is compared, empty past the end."""
        return self.tokens[at].norm if 0 <= at < len(self.tokens) else ""

    # --- In digits ---

    def _in_digits(self, at: int) -> DaySaid:
        text = self.tokens[at].norm.casefold()
        return DaySaid(at, self._past_time(at + 1), self._digits(text))

    def _digits(self, text: str) -> tuple[date, ...]:
        found = _PARTS.findall(text)
        parts = [int(part) for part in found]
        if len(text) == COMPACT and text.isdecimal():
            return calendar.real(int(text[:4]), int(text[4:6]), int(text[6:]))
        if roman := _LETTERS.search(text):
            month = _ROMAN.index(roman[0]) + 1 if roman[0] in _ROMAN else 0
            return calendar.real(parts[-1], month, parts[0])
        if len(found[0]) == YEAR_DIGITS:
            return calendar.real(parts[0], parts[1], parts[2])
        day_first = "." in text and self.dots_day_first
        match parts:
            case [first, second]:
                return calendar.both_orders_yearless(first, second, self.today, day_first=day_first)
            case [first, second, year] if len(found[2]) == YEAR_DIGITS:
                return calendar.both_orders(first, second, year, day_first=day_first)
            case [first, second, year]:
                mark = "-" if "-" in text else ""
                parts_said = (first, second, year)
                return calendar.both_orders_short(parts_said, self.today, mark, day_first=day_first)
            case _:
                return ()

    # --- With a month in letters ---

    def _day_first(self, at: int) -> DaySaid | None:
        """Read *3 Nov 2026*, *the 3rd of November*, *03-Nov-26*."""
        number, after = self._day_number(at)
        month_at = self._past(after, (*self.words.fillers, ".", "-", "/"))
        month = self._month(month_at)
        if not number or not month or month_at - after > WORDS_IN_DATE:
            return None
        days, end = self._with_year(number, month, month_at + 1)
        return DaySaid(at, end, days)

    def _year_first(self, at: int) -> DaySaid | None:
        """Read *2026 Nov 3*."""
        joints = ("-", "/", ".")
        year, month_at = self._year(at), self._past(at + 1, joints)
        month = self._month(month_at) if year else 0
        number, end = self._day_number(self._past(month_at + 1, joints)) if month else (0, 0)
        return DaySaid(at, end, calendar.real(year, month, number)) if number else None

    def _month_first(self, at: int) -> DaySaid | None:
        """Read *November 3rd, 2026*; *in November* and *November 2026* are no exact days."""
        month = self._month(at)
        if not month:
            return None
        number, end = self._day_number(self._past(at + 1, (".", *self.words.leads, "-", "/")))
        if number:
            days, end = self._with_year(number, month, end)
            return DaySaid(at, end, days)
        year_at = self._past(at + 1, (".", ",", *self.words.fillers))
        if year := self._year(year_at):
            return DaySaid(at, year_at + 1, calendar.month_span(year, month, self.today), exact=False)
        if self.norm(at) in words("also_words") and not self._names_month(at):
            return None
        year = self.today.year if month <= self.today.month else self.today.year - 1
        return DaySaid(at, at + 1, calendar.month_span(year, month, self.today), exact=False)

    def _last_of_month(self, at: int) -> DaySaid | None:
        """Read *the last day of October*, *letzter Tag im Oktober*."""
        if self.norm(at) not in self.words.last or self.words.units.get(self.norm(at + 1)) != "day":
            return None
        month_at = self._past(at + 2, (*self.words.fillers, *words("before_month")))
        if not (month := self._month(month_at)):
            return None
        said = self._year(month_at + 1)
        years = [said] if said else [self.today.year, self.today.year - 1]
        lasts = [day for year in years for day in calendar.real(year, month, monthrange(year, month)[1])]
        day = next((last for last in lasts if last <= self.today), lasts[-1])
        return DaySaid(at, month_at + 1 + bool(said), (day,))

    def _names_month(self, at: int) -> bool:
        """Say whether a word such as *may* stands where a month's name does."""
        return at in self.before_ends or self.norm(at - 1) in words("before_month")

    def _spelled(self, at: int) -> DaySaid | None:
        """Read *the third of October, twenty twenty-six*."""
        number, end = self.words.ordinals.get(self.norm(at), 0), at + 1
        if self.norm(at) in self.words.tens:
            unit_at = self._past(at + 1, ("-",))
            unit = self.words.ordinals.get(self.norm(unit_at), 0)
            if 0 < unit < TEN:
                number, end = self.words.tens[self.norm(at)] + unit, unit_at + 1
        month_at = self._past(end, self.words.fillers)
        month = self._month(month_at) if number else 0
        if month:
            days, end = self._with_year(number, month, month_at + 1)
            return DaySaid(at, end, days)
        if not number or not self._names_day(at) or not self._stands_free(end):
            return None
        return DaySaid(at, end, calendar.latest_numbered(number, self.today), numbered=True)

    def _names_day(self, at: int) -> bool:
        """Say whether *the sixteenth* is a day's number: after *on* or a weekday."""
        lead = self.norm(at - 2)
        return self.norm(at - 1) in self.words.leads and (lead in words("on") or lead in self.words.weekdays)

    def _day_alone(self, at: int) -> DaySaid | None:
        """Read *the 28th*, *am 3.*, *le 4*: the latest such day."""
        number, end = self._day_number(at)
        if number and (of_month := self._in_last_month(at, end)):
            return DaySaid(at, of_month, calendar.month_before(number, self.today))
        if not number or not self._stands_free(end):
            return None
        ending = end - at > 1 and self.norm(at + 1) in self.words.endings
        lead = self.norm(at - 1) in words("day_leads") and self.tokens[at].spaced
        if not ending and not lead:
            return None
        return DaySaid(at, end, calendar.latest_numbered(number, self.today), numbered=True)

    def _in_last_month(self, at: int, end: int) -> int:
        """Return where *the 12th of last month* or *last month on the 12th* ends, 0 where it is none."""
        after, before = self._past(end, self.words.fillers), at - 1
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
        """Say whether what follows a number does not make it a number of something."""
        if at >= len(self.tokens):
            return True
        after = self.tokens[at]
        if after.norm in words("number_marks"):
            return after.norm == "-" and after.spaced
        return after.kind in (Kind.MARK, Kind.LINE_END) or after.norm in words("after_day")

    # --- By the weekday, or counted back ---

    def _weekday(self, at: int) -> DaySaid | None:
        """Read *Tuesday*, *last Tuesday*, *mardi dernier*, *Monday last week*."""
        begin = at
        last, coming = self.norm(at) in self.words.last, self.norm(at) in self.words.next
        at += last or coming
        weekday = self.words.weekdays.get(self.norm(at)) if at < len(self.tokens) else None
        if weekday is None:
            return None
        end = at + 1 + (self.norm(at + 1) == "." and len(self.norm(at)) < SHORT_WEEKDAY)
        if self.norm(end) in words("last_after"):
            last, end = True, end + 1
        for tag, hit_end in self.hits.get(end, ()):
            if tag == "last_week":
                return DaySaid(begin, hit_end, (calendar.weekday_last_week(weekday, self.today),))
            if tag == "before_last":
                last_day = calendar.weekday_before(weekday, self.today, last=True, coming=False)
                return DaySaid(begin, hit_end, (last_day - timedelta(days=7),))
        day = calendar.weekday_before(weekday, self.today, last=last, coming=coming)
        return DaySaid(begin, end, (day,), weekday=True)

    def _phrase(self, at: int) -> DaySaid | None:
        """Read *yesterday*, *this morning*, *the day before*, and vague times such as *last week*."""
        read = (self._tagged(at, tag, end) for tag, end in self.hits.get(at, ()))
        return max((said for said in read if said), key=lambda said: said.end, default=None)

    def _tagged(self, at: int, tag: str | int, end: int) -> DaySaid | None:
        match tag:
            case int():
                return DaySaid(at, end, (self.today - timedelta(days=tag),), loose=tag <= 1)
            case "day_before" if self.last:
                return DaySaid(at, end, (self.last[0] - timedelta(days=1),))
            case "day_after" if self.last:
                return DaySaid(at, end, (self.last[-1] + timedelta(days=1),))
            case "same_day" if self.last:
                return DaySaid(at, end, self.last)
            case "vague" | "same_day":
                return DaySaid(at, end, (), exact=False, loose=True)
            case _:
                return None

    def _ago(self, at: int) -> DaySaid | None:
        """Read *two weeks ago*, *14d ago*, *vor 14 Tagen*, *a few days ago*."""
        begin, at = at, self._tagged_to(at, "ago_before") or at
        led, inexact = at > begin, False
        while after := self._tagged_to(at, "before"):
            at, inexact = after, True
        count, unit_at, few = self._count(at)
        unit = self.words.units.get(self.norm(unit_at))
        if count and unit is None and (weekdays := self._weekdays_ago(begin, unit_at, count)):
            return weekdays
        if not count or unit is None or (len(self.norm(unit_at)) == 1 and self.tokens[unit_at].spaced):
            return None
        end = unit_at + 1
        if not led:
            end = self._past(end, words("exact"))
            if self.norm(end) not in self.words.ago:
                return None
            end = self._past(end + 1, words("exact"))
        days = calendar.back(self.today, unit, count)
        vague = unit in INEXACT_UNITS or (unit == "hour" and count > SURELY_TODAY)
        part = self.norm(begin - 1) in self.words.joins and self.norm(begin - 2) in self.words.units
        exact = not (few or inexact or vague or part) and bool(days)
        loose = unit in ("hour", "minute")
        return DaySaid(begin, end, days if exact else calendar.around(days), exact, loose)

    def _weekdays_ago(self, begin: int, at: int, count: int) -> DaySaid | None:
        """Read *two Fridays ago*."""
        weekday = self.words.weekdays.get(self.norm(at)) if at < len(self.tokens) else None
        if weekday is None or self.norm(at + 1) not in self.words.ago:
            return None
        last = calendar.weekday_before(weekday, self.today, last=True, coming=False)
        return DaySaid(begin, at + 2, (last - timedelta(days=7 * (count - 1)),))

    def _tagged_to(self, at: int, wanted: str) -> int:
        """Return where a word such as *about* ends that begins here, 0 where none does."""
        return max((end for tag, end in self.hits.get(at, ()) if tag == wanted), default=0)

    def _count(self, at: int) -> tuple[int, int, bool]:
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
            return COUNT_OF_FEW, self._past(few_at + 1, words("after_few")), True
        return number, at + 1, False

    # --- Parts of a day ---

    def _day_number(self, at: int) -> tuple[int, int]:
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
        if after.norm == "." and self._month(self._past(end + 1, ("-",))):
            return number, end + 1
        joined = after.kind in (Kind.WORD, Kind.NUMBER) and not self._month(end)
        return (0, at) if joined else (number, end)

    def _month(self, at: int) -> int:
        word = at < len(self.tokens) and self.tokens[at].kind is Kind.WORD
        return self.words.months.get(self.norm(at), 0) if word else 0

    def _year(self, at: int) -> int:
        text = self.norm(at)
        if text.isdecimal() and len(text) == YEAR_DIGITS:
            return int(text) if "1990" <= text <= "2099" else 0
        return self._spelled_year(at)[0]

    def _spelled_year(self, at: int) -> tuple[int, int]:
        """Read *twenty twenty-six*; returns where it ends too."""
        if self.norm(at) not in self.words.tens or self.norm(at) != self.norm(at + 1):
            return 0, at
        unit_at = self._past(at + 2, ("-",))
        unit = self.words.numbers.get(self.norm(unit_at), 0)
        tens = calendar.CENTURY + self.words.tens[self.norm(at)]
        return (tens + unit, unit_at + 1) if 0 < unit < TEN else (tens, at + 2)

    def _with_year(self, number: int, month: int, at: int) -> tuple[tuple[date, ...], int]:
        """Return the days of a number and a month, with the year that may follow, and where it ends."""
        after = self._past_time(at)
        year_at = self._past(after, (",", ".", "-", "/", "'", *self.words.fillers))
        if year_at - after < WORDS_IN_DATE and (year := self._year(year_at)):
            end = max(year_at + 1, self._spelled_year(year_at)[1])
            return calendar.real(year, month, number), self._past_time(end)
        short_at = self._past(at, ("-", "/", "."))
        if short_at - at <= 1 and (year := self._short_year(short_at, joined=short_at > at)):
            return calendar.real(year, month, number), short_at + 1
        return calendar.latest(month, number, self.today), at

    def _short_year(self, at: int, *, joined: bool) -> int:
        """Return the year of two digits, 0 where they are none: no hour, and near where they stand apart."""
        text = self.norm(at)
        if not (text.isdecimal() and len(text) == DAY_DIGITS) or self.norm(at + 1) == ":":
            return 0
        year = calendar.full_year(int(text), self.today)
        return (
            year
            if joined or 0 <= self.today.year - year <= calendar.SHORT_YEAR_REACH or self._ends(at)
            else 0
        )

    def _ends(self, at: int) -> bool:
        """Say whether nothing but a mark follows, so that a number is no amount of something."""
        return at + 1 >= len(self.tokens) or self.tokens[at + 1].kind in (Kind.MARK, Kind.LINE_END)

    def _past_time(self, at: int) -> int:
        """Return the token after a time of day, such as *at 17:03:11 UTC*."""
        begin, at = at, self._past(at, ("t", ",", "at"))
        clock = (self._digits_at(at), self.norm(at + 1) == ":", self._digits_at(at + 2))
        if not all(clock):
            return begin
        at += 3
        if self.norm(at) == ":":
            at += 2
        return at + (self.norm(at) in ("z", "am", "pm", "utc", "gmt"))

    def _digits_at(self, at: int) -> bool:
        return at < len(self.tokens) and self.tokens[at].kind is Kind.NUMBER

    def _past(self, at: int, norms: Collection[str]) -> int:
        while self.norm(at) and self.norm(at) in norms:
            at += 1
        return at
