"""Facts, their values, and the ids that the policy files declare.

A fact is *absent* from a mapping if it has not been asked yet, and `UNKNOWN` if the person was asked and does
not know. The two differ: an absent fact leads to a question, an unknown one to a rule of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Final, Self, TypeAlias

from pydantic_core import CoreSchema, core_schema

__all__ = ["OTHER", "PROGRAM", "UNKNOWN", "Detail", "Fact", "Facts", "Unknown", "Value"]

MAX_ID_LENGTH: Final = 40


class _Id(str):
    """An id that a policy file declares."""

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: Any) -> CoreSchema:  # noqa: ANN401
        """Tell pydantic to read and write it as a string."""
        plain = core_schema.str_schema(max_length=MAX_ID_LENGTH)
        return core_schema.no_info_after_validator_function(cls._from_text, plain)

    @classmethod
    def _from_text(cls, text: str) -> Self:
        return cls(text)


class Fact(_Id):
    """The id of a fact: something a question asks for and a decision depends on."""

    __slots__ = ()


class Detail(_Id):
    """The id of a detail: something about the order that a draft states, but no decision depends on."""

    __slots__ = ()


class Unknown(StrEnum):
    """The answer that every fact accepts: the person does not know."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN
OTHER: Final = "other"  # the choice for everything that is not listed
PROGRAM: Final = Fact("program")  # whose rules apply; the only fact that code knows by name

Value: TypeAlias = str | bool | date
Facts: TypeAlias = Mapping[Fact, Value]
