"""How values are stored: numbers and moments in columns, frozen values as JSON, by pydantic."""

from __future__ import annotations

from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, Generic, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from bot.conversation.case import FIRST_NUMBER, Case
from bot.conversation.effects import Effect
from bot.conversation.interview import Remembered

SHELF: Final = FIRST_NUMBER - 1  # added to a row's id to get the case's number
EPOCH: Final = datetime.fromtimestamp(0, UTC)
LAST: Final = 253_402_300_799_999  # the last millisecond that a datetime can hold


def millis(at: datetime) -> int:
    """Return a moment as the tables store it: in epoch milliseconds."""
    return int(at.timestamp() * 1000)


def moment(at: int) -> datetime:
    """Return the moment of epoch milliseconds, in UTC."""
    return datetime.fromtimestamp(at / 1000, UTC)


def micros(at: datetime) -> int:
    """Return a moment in epoch microseconds, for columns in which Slack's order of two moments matters."""
    return (at - EPOCH) // timedelta(microseconds=1)


def moment_of_micros(at: int) -> datetime:
    """Return the moment of epoch microseconds, in UTC."""
    return EPOCH + timedelta(microseconds=at)


def try_moment(at: object) -> datetime | None:
    """Return the moment in a column, None if it is damaged."""
    return moment(at) if isinstance(at, int) and 0 <= at <= LAST else None


def number_of(row_id: int | None) -> int | None:
    """Return the case's number for a row's id."""
    return None if row_id is None else row_id + SHELF


def try_number(row_id: object) -> int | None:
    """Return the case's number in a column, None if it is empty or damaged."""
    return row_id + SHELF if isinstance(row_id, int) else None


def key_of(made: Any) -> int:  # noqa: ANN401  SQLAlchemy's row, which is typed as anything
    """Return the key of an inserted row."""
    return int(made[0])


T = TypeVar("T")


class Coding(Generic[T]):
    """The JSON form of one type. `load` raises pydantic's ValidationError on anything else.

    The last `kept` values are remembered, because most of what is loaded was dumped just before.
    """

    def __init__(self, kind: Any, kept: int = 0) -> None:  # noqa: ANN401  a union of types has no better name here
        self._adapter: TypeAdapter[T] = TypeAdapter(kind)
        self._most = kept
        self._kept: OrderedDict[str, T] = OrderedDict()  # shared by threads: each operation on it is atomic

    def dump(self, value: T) -> str:
        """Return the value as JSON."""
        text = self._adapter.dump_json(value).decode()
        self._keep(text, value)
        return text

    def load(self, text: str) -> T:
        """Return the value of a JSON text."""
        value = self._kept.get(text)
        if value is None:
            value = self._adapter.validate_json(text)
            self._keep(text, value)
        return value

    def __contains__(self, text: str) -> bool:
        """Tell whether the value of a text is remembered."""
        return text in self._kept

    def forget(self) -> None:
        """Forget every value."""
        self._kept.clear()

    def _keep(self, text: str, value: T) -> None:
        if self._most:
            self._kept[text] = value
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def try_load(self, text: str) -> T | None:
        """Return the value of a JSON text, None if it is damaged."""
        try:
            return self.load(text)
        except ValidationError:
            return None


KEPT: Final = 200  # about as many people are in the middle of something at once

CASE: Final = Coding[Case](Case, KEPT)
# By its kind, because trying each type of the union costs four times as much while effects are leased.
EFFECT: Final = Coding[Effect](Annotated[Effect, Field(discriminator="kind")], KEPT)
REMEMBERED: Final = Coding[Remembered](Remembered)


def forget() -> None:
    """Forget all cases and effects, because some words were just taken out of the tables."""
    CASE.forget()
    EFFECT.forget()
