"""Find all dates in a text, mark those that are only approximate, and join ranges into one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Final

from bot.reading import date_arithmetic as arithmetic
from bot.reading.date_expression import DateExpression
from bot.reading.date_parts import DAY_DIGITS, YEAR_DIGITS, DateParts
from bot.reading.date_reader import DateReader
from bot.reading.languages import day_lists, words
from bot.reading.tokens import Kind, Token, folded

MOST_BETWEEN: Final = 4  # tokens between two dates that may be joined


def dates_in(
    tokens: Sequence[Token], today: date, *, dots_day_first: bool, foreign: Collection[str] = ()
) -> list[DateExpression]:
    """Return the dates in a text, in its order, future ones included.

    `dots_day_first`: 03.11. is 3 November, as in German. `foreign` are words that are dates in another
    language, but not in the text's own.
    """
    reader = DateReader(tokens, today, dots_day_first=dots_day_first, foreign=foreign)
    found: list[DateExpression] = []
    at = 0
    while at < len(tokens):
        said = reader.at(at)
        if said is None:
            at += 1
            continue
        found.append(_hedged(reader.parts, said))
        reader.relative.last = said.days
        at = max(said.end, at + 1)
    return _joined(reader.parts, found)


def _hedged(parts: DateParts, said: DateExpression) -> DateExpression:
    """Return a date as inexact if a word before or after it says so."""
    at = said.start
    while at not in parts.before_ends and (
        parts.norm(at - 1) in words("between_days")
        or (parts.norm(at - 1) == "." and parts.norm(at - 2) in words("abbreviations"))
    ):
        at -= 1
    before = at in parts.before_ends
    after = any(tag == "after" for tag, _ in parts.hits.get(said.end, ()))
    if not said.exact or not (before or after):
        return said
    return replace(said, exact=False, days=arithmetic.around(said.days))


def _joined(parts: DateParts, found: Sequence[DateExpression]) -> list[DateExpression]:
    """Return the dates with each range as one, and each weekday joined to its date."""
    made: list[DateExpression] = []
    for said in found:
        if made and said.start < made[-1].end:
            continue  # *4th* of *November 3rd or 4th*
        one = _as_one(parts, made[-1], said) if made else None
        if one is not None:
            made[-1] = one
        else:
            made.append(_to_range(parts, _from_range(parts, said)))
    return made


def _as_one(parts: DateParts, first: DateExpression, second: DateExpression) -> DateExpression | None:
    """Return two neighboring dates as one if they belong together, else None."""
    between = [parts.norm(at) for at in range(first.end, second.start)]
    if len(between) > MOST_BETWEEN:
        return None
    glue = [norm for norm in between if norm not in words("between_days") and norm not in ("(", ")", ".")]
    if first.weekday != second.weekday and set(glue) <= {","} and first.days and second.days:
        return _of_last_week(parts, first, second) or _agreed(first, second)
    if not first.days and second.weekday and not glue:
        return _of_last_week(parts, first, second)
    same = first.exact and second.exact and first.days[:1] == second.days[:1]
    if first.loose != second.loose and same and set(glue) <= {","} and len(between) <= 1:
        return replace(second, start=first.start, loose=False)
    if len(glue) == 1 and glue[0] in parts.words.joins and not second.loose:
        return DateExpression(
            first.start, second.end, arithmetic.sorted_unique((*first.days, *second.days)), exact=False
        )
    return None


def _agreed(first: DateExpression, second: DateExpression) -> DateExpression:
    """Return a date with its weekday, without any date if the two contradict each other."""
    weekday, day = (first, second) if first.weekday else (second, first)
    agreed = tuple(each for each in day.days if each.weekday() == weekday.days[0].weekday())
    return replace(day, start=first.start, end=second.end, days=agreed if day.exact else day.days)


def _of_last_week(parts: DateParts, first: DateExpression, second: DateExpression) -> DateExpression | None:
    """Read *last week on Thursday*."""
    said = " ".join(parts.norm(at) for at in range(first.start, first.end))
    if said not in _last_weeks():
        return None
    day = arithmetic.weekday_last_week(second.days[0].weekday(), parts.today)
    return replace(second, start=first.start, days=(day,))


@lru_cache(maxsize=1)
def _last_weeks() -> frozenset[str]:
    return frozenset(folded(phrase) for each in day_lists("last_week") for phrase in each)


def _from_range(parts: DateParts, said: DateExpression) -> DateExpression:
    """Widen the 4 November of *3 or 4 Nov*, and the 12 August of *10.-12. August*, to both days."""
    at = said.start - 1
    while parts.norm(at) in (".", *words("between_days")) and parts.norm(at):
        at -= 1
    if at < 1 or parts.norm(at) not in parts.words.joins:
        return said
    at -= 1
    while at >= 0 and (parts.norm(at) == "." or parts.norm(at) in parts.words.endings):
        at -= 1
    number = parts.norm(at)
    spelled = said.days and not said.weekday and not said.numbered and _is_number(parts, said.start)
    if not spelled or not number.isdecimal() or len(number) > DAY_DIGITS:
        return said
    other = tuple(
        day for each in said.days for day in arithmetic.real_date(each.year, each.month, int(number))
    )
    return DateExpression(at, said.end, arithmetic.sorted_unique((*other, *said.days)), exact=False)


def _to_range(parts: DateParts, said: DateExpression) -> DateExpression:
    """Widen the 3 November of *Nov 3 or 4*, or of *November 3-5, 2026*, to both days."""
    spelled = said.days and not said.weekday and not said.numbered
    month_first = spelled and parts.tokens[said.start].kind is Kind.WORD
    number = parts.norm(said.end + 1)
    if not month_first or parts.norm(said.end) not in parts.words.joins:
        return said
    if not number.isdecimal() or len(number) > DAY_DIGITS:
        return said
    end, year = said.end + 2, said.days[0].year
    if parts.norm(end) in parts.words.endings:
        end += 1
    after = end + 1 if parts.norm(end) == "," else end
    if parts.norm(after).isdecimal() and len(parts.norm(after)) == YEAR_DIGITS:
        end, year = after + 1, int(parts.norm(after))
    elif end < len(parts.tokens) and parts.tokens[end].kind not in (Kind.MARK, Kind.LINE_END):
        return said  # *Nov 3 and 4 certificates*
    days = (day for each in said.days for day in arithmetic.real_date(year, each.month, each.day))
    others = (day for each in said.days for day in arithmetic.real_date(year, each.month, int(number)))
    return DateExpression(said.start, end, arithmetic.sorted_unique((*days, *others)), exact=False)


def _is_number(parts: DateParts, at: int) -> bool:
    return parts.tokens[at].kind is Kind.NUMBER
