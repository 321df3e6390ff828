"""Frozen values to JSON text and back, by pydantic: how cases, effects and events are stored."""

from __future__ import annotations

from typing import Annotated, Any, Final, Generic, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from bot.conversation.case import Case
from bot.conversation.effects import Effect
from bot.conversation.interview import Remembered

T = TypeVar("T")


class Coding(Generic[T]):
    """The JSON form of one type. `load` raises pydantic's ValidationError on anything else."""

    def __init__(self, kind: Any) -> None:  # noqa: ANN401  a union of types has no better name here
        self._adapter: TypeAdapter[T] = TypeAdapter(kind)

    def dump(self, value: T) -> str:
        """Return the value as JSON."""
        return self._adapter.dump_json(value).decode()

    def load(self, text: str) -> T:
        """Return the value of a JSON text."""
        return self._adapter.validate_json(text)

    def try_load(self, text: str) -> T | None:
        """Return the value of a JSON text, None if it is damaged."""
        try:
            return self.load(text)
        except ValidationError:
            return None


CASE: Final = Coding[Case](Case)
# By its kind, because trying each type of the union costs four times as much while effects are leased.
EFFECT: Final = Coding[Effect](Annotated[Effect, Field(discriminator="kind")])
REMEMBERED: Final = Coding[Remembered](Remembered)
