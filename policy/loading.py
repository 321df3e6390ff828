"""Load the policy files, an operator's over the shipped ones, and refuse whatever is not understood."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError

from policy.errors import Finding, PolicyError
from policy.facts import OTHER, UNKNOWN
from policy.front_builder import build_front
from policy.policy import Policy
from policy.program import Program
from policy.program_builder import build_program
from policy.schema import FrontFile, ProgramFile, VocabularyFile
from policy.schema_errors import findings_from_schema, too_many
from policy.toml_file import TomlFile, parse_toml, read_toml
from policy.vocabulary import FactSpec, Vocabulary
from policy.vocabulary_builder import build_vocabulary
from policy.wording import one_of

__all__ = ["FRONT", "RESERVED", "SHIPPED", "VOCABULARY", "load", "parse", "program_id"]

SHIPPED: Final = Path(__file__).parent
VOCABULARY: Final = "vocabulary.toml"
FRONT: Final = "front.toml"
RESERVED: Final = frozenset({"vocabulary", "front", "details", OTHER, UNKNOWN.value})
MAX_PROGRAMS: Final = 90  # Slack's menus hold a hundred
_ID: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}")

M = TypeVar("M", bound=BaseModel)


def load(directories: Sequence[Path] = ()) -> Policy:
    """Load the shipped files and those of an operator's directories, of which an earlier one wins.

    A program's id is its file's name; it is added, or replaces the shipped program of that id.
    `vocabulary.toml` and `front.toml` add entries, or replace those of the same id.

    Raises:
        PolicyError: Something is wrong with the files; it lists everything, with file and line.
    """
    findings = [finding for folder in directories if (finding := _unreadable(folder)) is not None]
    if findings:
        raise PolicyError(findings)
    folders = [SHIPPED, *reversed(directories)]
    vocabulary = build_vocabulary(_read_all(folders, VOCABULARY, VocabularyFile, findings), findings)
    if vocabulary is None or findings:
        raise PolicyError(findings)
    programs = _programs(directories, vocabulary, findings)
    front = build_front(_read_all(folders, FRONT, FrontFile, findings), vocabulary, programs, findings)
    findings += _clashes(programs)
    if len(programs) > MAX_PROGRAMS:
        findings.append(
            Finding("", None, f"there are {len(programs)} programs; at most {MAX_PROGRAMS} are accepted")
        )
    if findings or front is None:
        raise PolicyError(findings)
    return Policy(MappingProxyType(programs), vocabulary, front)


def parse(program: str, text: str, vocabulary: Vocabulary) -> Program:
    """Return the program that a file's text describes.

    Raises:
        PolicyError: Something is wrong with it; it lists everything.
    """
    findings: list[Finding] = []
    read = _modeled(parse_toml(f"{program}.toml", text), ProgramFile, findings, program)
    made, mistakes = build_program(program, *read, vocabulary) if read is not None else (None, [])
    if made is None:
        raise PolicyError([*findings, *mistakes])
    return made


def program_id(name: str) -> str | None:
    """Return why a name cannot be a program's id, or None if it can."""
    if "@" in name:
        return f"is a version of {shown_id(name)}; versions cannot be loaded yet: keep one file a program"
    if not _ID.fullmatch(name) or name in RESERVED:
        return (
            f"a program's file is named in small letters, digits, - and _, and not {one_of(sorted(RESERVED))}"
        )
    return None


def shown_id(name: str) -> str:
    """Return the part of a versioned file's name (`<id>@<day>`) that is the program's id."""
    return name.partition("@")[0]


def _unreadable(folder: Path) -> Finding | None:
    try:
        [*folder.iterdir()]
    except OSError as error:
        return Finding(str(folder), None, f"is not a folder that can be read: {error.strerror}")
    return None


def _read_all(
    folders: Sequence[Path], name: str, model: type[M], findings: list[Finding]
) -> list[tuple[TomlFile, M]]:
    """Return the files of this name in all folders, in the order of the folders."""
    read = [_read(folder / name, model, findings) for folder in folders if (folder / name).exists()]
    return [each for each in read if each is not None]


def _read(
    path: Path, model: type[M], findings: list[Finding], program: str | None = None
) -> tuple[TomlFile, M] | None:
    """Return a file with its contents as a model; None if something is wrong, which goes into `findings`."""
    return _modeled(read_toml(path), model, findings, program)


def _modeled(
    file: TomlFile | Finding, model: type[M], findings: list[Finding], program: str | None
) -> tuple[TomlFile, M] | None:
    if isinstance(file, Finding):
        findings.append(file)
        return None
    if many := too_many(file, program):
        findings.append(many)
        return None
    try:
        return file, model.model_validate(dict(file.contents))
    except ValidationError as error:
        findings += findings_from_schema(error, file, model, program)
        return None


def _programs(
    directories: Sequence[Path], vocabulary: Vocabulary, findings: list[Finding]
) -> dict[str, Program]:
    programs: dict[str, Program] = {}
    for path in _files(directories, findings).values():
        read = _read(path, ProgramFile, findings, path.stem)
        if read is not None:
            program, mistakes = build_program(path.stem, *read, vocabulary)
            findings += mistakes
            if program is not None:
                programs[program.id] = program
    return programs


def _files(directories: Sequence[Path], findings: list[Finding]) -> Mapping[str, Path]:
    """Return the file that is used for each program: shipped ones first, then added ones in name order."""
    shipped = {path.name: path for path in sorted((SHIPPED / "programs").glob("*.toml"))}
    files = dict(shipped)
    for folder in reversed(directories):
        for path in sorted(folder.glob("*.toml")):
            if path.name in (VOCABULARY, FRONT):
                continue
            if wrong := program_id(path.stem):
                findings.append(Finding(str(path), None, wrong))
            else:
                files[path.name] = path
    added = sorted(name for name in files if name not in shipped)
    return {name: files[name] for name in (*shipped, *added)}


def _clashes(programs: Mapping[str, Program]) -> list[Finding]:
    """Find facts of the programs' own that two programs declare differently under one name."""
    findings: list[Finding] = []
    owners: dict[str, Program] = {}
    for program in programs.values():
        for fact, spec in program.facts.items():
            if fact not in program.own:
                continue
            other = owners.setdefault(fact, program)
            if not _alike(spec, other.facts[fact]):
                words = f"{fact} is declared differently in {other.file}; make them the same, or rename one"
                line = program.lines.get(f"ask.{fact}")
                findings.append(Finding(program.file, None, words, line, program.id))
    return findings


def _alike(one: FactSpec, other: FactSpec) -> bool:
    return one.kind is other.kind and set(one.choices) == set(other.choices) and one.means is other.means
