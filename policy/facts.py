"""What an interview is made of: facts, their values, and the ids that the files declare.

A fact is *absent* from a mapping when it has not been asked yet, and `UNKNOWN` when the person was asked
and does not know. The two are never mixed up: absent leads to a question, unknown to a rule of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Final, Self, TypeAlias

from pydantic_core import CoreSchema, core_schema

__all__ = ["OTHER", "PROGRAM", "UNKNOWN", "Detail", "Fact", "Facts", "Unknown", "Value"]

LONGEST_ID: Final = 40


class _Id(str):
    """An id that a policy file declares. What it stands for is told by the vocabulary."""

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: Any) -> CoreSchema:  # noqa: ANN401
        """Read and write it as a string."""
        plain = core_schema.str_schema(max_length=LONGEST_ID)
        return core_schema.no_info_after_validator_function(cls._made, plain)

    @classmethod
    def _made(cls, text: str) -> Self:
        return cls(text)


class Fact(_Id):
    """The id of a question that a decision turns on."""

    __slots__ = ()


class Detail(_Id):
    """The id of what a draft says about an order, besides the facts."""

    __slots__ = ()


class Unknown(StrEnum):
    """The one answer that every fact takes: the person does not know."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN
OTHER: Final = "other"  # the choice that stands for all that are not listed
PROGRAM: Final = Fact("program")  # which program's rules hold: the one fact that code knows by name

Value: TypeAlias = str | bool | date
Facts: TypeAlias = Mapping[Fact, Value]
