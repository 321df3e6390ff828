"""What a person can be asked for, a fact or a detail, in one written form that tells which."""

from __future__ import annotations

from typing import Annotated, Final, TypeAlias

from pydantic import PlainSerializer, PlainValidator

from policy.facts import Detail, Fact

__all__ = ["Asked", "asked_of", "same", "written"]

_DETAIL: Final = "detail:"


def asked_of(text: object) -> Fact | Detail:
    """Return what a written form names. Raises ValueError if it is none."""
    match text:
        case Fact() | Detail():
            return text
        case str() if text.startswith(_DETAIL):
            return Detail(text.removeprefix(_DETAIL))
        case str():
            return Fact(text)
        case _:
            raise ValueError("names neither a fact nor a detail")


def written(asked: Fact | Detail) -> str:
    """Return the written form of what is asked for."""
    return f"{_DETAIL}{asked}" if isinstance(asked, Detail) else str(asked)


Asked: TypeAlias = Annotated[
    Fact | Detail, PlainValidator(asked_of), PlainSerializer(written, return_type=str)
]


def same(one: Fact | Detail | None, other: Fact | Detail | None) -> bool:
    """Tell whether two questions are the same; a fact and a detail never are, even if they share a name."""
    return type(one) is type(other) and one == other
