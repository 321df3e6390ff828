"""Slack's errors, and what certdesk makes of each, from error_codes.toml.

`python -m bot.slack.outbound.errors > docs/slack-errors.md` writes the documentation; a test compares the
two.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

UNREADABLE: Final = "unreadable_answer"
STATUS: Final = "http_"  # and the number: an HTTP status other than 200 without a code from Slack
RESPONSE_URL: Final = "response_url"
DOWNLOAD: Final = "file_download"  # these two are not methods, but are named like them
UPLOAD: Final = "file_upload"
_FILE: Final = Path(__file__).with_name("error_codes.toml")


class Course(StrEnum):
    """What is done about a failed call."""

    PASSES = "passes"
    AGAIN = "again"
    UNSURE = "unsure"
    WAITS = "waits"
    STOPS = "stops"
    NEVER = "never"
    REDRAWN = "redrawn"
    REOPENED = "reopened"

    @property
    def words(self) -> str:
        """Return the course as the documentation has it."""
        return _COURSES[self]


_COURSES: Final = {
    Course.PASSES: "tried again until it passes",
    Course.AGAIN: "tried again for a day, then a dead letter",
    Course.UNSURE: "tried again, after a look whether it was done",
    Course.WAITS: "kept, and tried again at longer and longer intervals until somebody mends it",
    Course.STOPS: "kept; nothing is sent until `auth.test` succeeds",
    Course.NEVER: "a dead letter at once",
    Course.REDRAWN: "answered with the current state",
    Course.REOPENED: "drawn when it is opened again",
}


class Shape(StrEnum):
    """What a part of an answer must be."""

    TEXT = "text"
    OBJECT = "object"
    TEXTS = "texts"
    OBJECTS = "objects"

    def fits(self, value: object) -> bool:
        """Tell whether a part of an answer is what it must be."""
        match self:
            case Shape.TEXT:
                return isinstance(value, str) and bool(value)
            case Shape.OBJECT:
                return isinstance(value, dict)
            case Shape.TEXTS:
                return isinstance(value, list) and all(isinstance(each, str) for each in value)
            case Shape.OBJECTS:
                return isinstance(value, list) and all(isinstance(each, dict) for each in value)


@dataclass(frozen=True, slots=True)
class Meaning:
    """One of Slack's errors: what it means here, what the bot does, and what the operator is told."""

    code: str
    means: str
    course: Course
    advice: str


@dataclass(frozen=True, slots=True)
class Method:
    """A method that certdesk calls: its purpose, what its answer must hold, and its own codes.

    `looks`: it changes nothing, so its refusal never gives up the effect that needed it.
    """

    name: str
    does: str
    answer: Mapping[str, Shape]
    codes: tuple[str, ...]
    looks: bool


@dataclass(frozen=True, slots=True)
class ErrorCodes:
    """What Slack documents: each code by name, those of every method, and each method."""

    introduction: str
    codes: Mapping[str, Meaning]
    every: tuple[str, ...]
    methods: Mapping[str, Method]


def _read() -> ErrorCodes:
    """Read the file. Raises KeyError or ValueError if it refers to something that it does not have."""
    read = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    codes = {
        code: Meaning(code, told["means"], Course(told["course"]), read["advice"][told["advice"]])
        for code, told in read["codes"].items()
    }
    methods = {
        name: Method(
            name,
            told["does"],
            {part: Shape(shape) for part, shape in told["answer"].items()},
            tuple(codes[code].code for code in told["codes"]),
            told.get("looks", False),
        )
        for name, told in read["methods"].items()
    }
    every = tuple(codes[code].code for code in read["every"]["codes"])
    return ErrorCodes(read["introduction"], codes, every, methods)


KNOWN: Final = _read()
BY_CODE: Final = KNOWN.codes
METHODS: Final = KNOWN.methods


def course_of(code: str) -> Course:
    """Return what is done about a code with which Slack refuses; an unknown one may pass."""
    return BY_CODE[code].course if code in BY_CODE else Course.AGAIN


def advice_on(code: str) -> str:
    """Return what the operator is told of an error: Slack's code, an HTTP status, an exception's name."""
    if code.startswith(STATUS) or not code.islower():
        return BY_CODE[UNREADABLE].advice
    known = BY_CODE.get(code)
    return (
        known.advice if known else "look the code up among Slack's; `certdesk outbox list` shows what waits"
    )


def page() -> str:
    """Return the file as docs/slack-errors.md."""
    parts = ["# Slack's errors", KNOWN.introduction.strip(), "## Every method", _table(KNOWN.every)]
    for method in METHODS.values():
        parts += [f"## `{method.name}`", f"It {method.does}."]
        parts += [_table(method.codes)] if method.codes else ["No code of its own."]
    return "\n\n".join(parts) + "\n"


def _table(codes: Iterable[str]) -> str:
    rows = [
        f"| `{each.code}` | {each.means} | {each.course.words} | {each.advice} |"
        for each in sorted((BY_CODE[code] for code in codes), key=lambda each: each.code)
    ]
    head = ["| code | means | what it was for is | the operator is told |", "| --- | --- | --- | --- |"]
    return "\n".join([*head, *rows])


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201  that is its purpose
