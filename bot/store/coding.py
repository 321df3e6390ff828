"""Frozen values to JSON text and back, by pydantic: what the tables keep of cases, effects and events."""

from __future__ import annotations

from typing import Any, Final, Generic, TypeVar

from pydantic import TypeAdapter

from bot.conversation.case import Case
from bot.conversation.effects import Effect
from bot.conversation.people import Remembered

T = TypeVar("T")


class Coding(Generic[T]):
    """The JSON form of one type. `load` raises pydantic's ValidationError on anything else."""

    def __init__(self, kind: Any) -> None:  # noqa: ANN401  a union of types has no better name here
        self._adapter: TypeAdapter[T] = TypeAdapter(kind)

    def dump(self, value: T) -> str:
        """Return the value as JSON."""
        return self._adapter.dump_json(value).decode()

    def load(self, text: str) -> T:
        """Return the value that JSON stands for."""
        return self._adapter.validate_json(text)


CASE: Final = Coding[Case](Case)
EFFECT: Final = Coding[Effect](Effect)
REMEMBERED: Final = Coding[Remembered](Remembered)
