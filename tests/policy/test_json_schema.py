"""The committed schemas are those of the models, take the shipped files, and refuse what it does."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import policy
from policy.json_schema import SCHEMAS, schema_of

HOME = Path(policy.__file__).parent
FILES = [
    *((path, "program") for path in sorted(HOME.glob("*/*.toml")) if path.parent.name != "beginnings"),
    (HOME / "vocabulary.toml", "vocabulary"),
    (HOME / "front.toml", "front"),
]


def validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((HOME / "schemas" / f"{kind}.schema.json").read_text("utf-8")))


def as_json(text: str) -> Any:  # noqa: ANN401  JSON; a day is a text there
    return json.loads(json.dumps(tomllib.loads(text), default=str))


@pytest.mark.parametrize("file", SCHEMAS, ids=lambda file: file.name)
def test_the_committed_schema_is_the_models(file: Path) -> None:
    assert file.read_text("utf-8") == schema_of(SCHEMAS[file]), "run: python -m policy.json_schema"
    Draft202012Validator.check_schema(json.loads(file.read_text("utf-8")))


@pytest.mark.parametrize(("file", "kind"), FILES, ids=lambda each: getattr(each, "name", each))
def test_shipped_files_fit_and_name_their_schema(file: Path, kind: str) -> None:
    assert [error.message for error in validator(kind).iter_errors(as_json(file.read_text("utf-8")))] == []
    if file.parent.name != "examples":
        first = file.read_text("utf-8").splitlines()[0]
        assert (file.parent / first.removeprefix("#:schema ")).resolve() in SCHEMAS


WRONG: dict[str, Callable[[str], str]] = {
    "an unknown key": lambda text: text.replace("[links]", "[link]"),
    "a rule without a section": lambda text: text.replace('cite = "who"\n', "", 1),
    "an unknown verdict": lambda text: text.replace('"not_eligible"', '"never"'),
    "days below zero": lambda text: text.replace("after_days = 30", "after_days = -1"),
    "credit in weeks": lambda text: text.replace("hours = 48", "weeks = 2"),
    "no questions": lambda text: text.replace("[[ask]]", "[[asks]]"),
    "a kind that there is none of": lambda text: text.replace(
        'fact = "issued"', 'fact = "signed_on"\nkind = "date"'
    ),
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_seen_while_it_is_written(change: Callable[[str], str]) -> None:
    shipped = (HOME / "programs" / "opensrs.toml").read_text("utf-8")
    assert change(shipped) != shipped
    assert [*validator("program").iter_errors(as_json(change(shipped)))]
