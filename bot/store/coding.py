"""Frozen values to JSON text and back, by pydantic: how cases, effects and events are stored."""

from __future__ import annotations

from collections import OrderedDict
from typing import Annotated, Any, Final, Generic, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from bot.conversation.case import Case
from bot.conversation.effects import Effect
from bot.conversation.interview import Remembered

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
