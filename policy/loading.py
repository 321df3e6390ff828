"""Read the program files, an operator's before the shipped ones, and refuse whatever is not understood."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationError

from policy.core import Policy
from policy.decision import Citation, Route, Verdict
from policy.errors import Finding, PolicyError
from policy.misreadings import findings_of
from policy.names import Name
from policy.program import Links, Program
from policy.rules import CancellationRule, RefundRule, Tables
from policy.schema import CancellationRow, ProgramFile, RefundRow, Row
from policy.wording import named

__all__ = ["load"]

_SHIPPED: Final = Path(__file__).parent / "programs"
_ID: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_TAKEN: Final = frozenset({"other", "unknown"})
_WITH_DETAILS: Final = frozenset({Route.SELF_SERVICE_PORTAL, Route.SUPPORT_TICKET})


def load(directories: Sequence[Path] = ()) -> Policy:
    """Load the shipped programs and an operator's: a file of the same name takes a shipped one's place.

    Of several directories the earlier wins; further files there add programs. A file's name is its id.

    Raises:
        PolicyError: All that is wrong with the files, each with file and rule.
    """
    findings = [
        Finding(str(folder), None, "is no folder that can be read")
        for folder in directories
        if not folder.is_dir()
    ]
    programs: dict[str, Program] = {}
    for path in _files(directories).values():
        outcome = _program(path)
        if isinstance(outcome, Program):
            programs[outcome.id] = outcome
        else:
            findings.extend(outcome)
    if findings:
        raise PolicyError(findings)
    return Policy(MappingProxyType(programs))


def _files(directories: Sequence[Path]) -> dict[str, Path]:
    """Return the file that counts for each name, the shipped names first."""
    files = {path.name: path for path in sorted(_SHIPPED.glob("*.toml"))}
    for folder in reversed(directories):
        files |= {path.name: path for path in sorted(folder.glob("*.toml"))}
    return files


def _program(path: Path) -> Program | list[Finding]:
    file = str(path)
    if not _ID.fullmatch(path.stem) or path.stem in _TAKEN:
        rule = "a program's file is named in small letters, digits, - and _, and not other or unknown"
        return [Finding(file, None, rule)]
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        return [Finding(file, None, f"cannot be read: {error.strerror}")]
    except UnicodeDecodeError:
        return [Finding(file, None, "is not UTF-8 text; save it as UTF-8")]
    except (ValueError, RecursionError) as error:
        # Besides TOMLDecodeError, what Python's reader cannot take: a number too long, a nesting too deep.
        return [Finding(file, None, f"is not TOML: {error}")]
    try:
        read = ProgramFile.model_validate(raw)
    except ValidationError as error:
        return findings_of(error, file, raw)
    slips = [Finding(file, rule, message) for rule, message in _slips(read)]
    return slips or _assembled(path.stem, file, read)


def _slips(read: ProgramFile) -> Iterator[tuple[str, str]]:
    """Find what is legal key by key and yet makes no sense together."""
    seen: set[str] = set()
    for ref, row in _rows(read):
        if ref in seen:
            yield ref, "stands twice in its table; give each rule an id of its own"
        seen.add(ref)
        if row.cite not in read.cite:
            yield ref, f"cite: unknown section {named(row.cite, read.cite)}"
        yield from ((ref, slip) for slip in _slips_of(row))


def _slips_of(row: Row) -> Iterator[str]:
    match row:
        case CancellationRow(route=route) if route not in _WITH_DETAILS and (row.needs or row.credit):
            yield f"the route {route} takes neither needs nor credit"
        case CancellationRow(route=route, silent=True) if route is not Route.PERSON:
            yield 'where the page is silent on how to cancel, the route is "person"'
        case RefundRow(verdict=verdict, silent=silent) if silent is not (verdict is Verdict.UNSTATED):
            yield 'the verdict "unstated" and silent = true go together: the page does not say'
        case _:
            return


def _rows(read: ProgramFile) -> Iterator[tuple[str, Row]]:
    yield from ((f"cancellation/{row.id}", row) for row in read.cancellation)
    yield from ((f"refund/{row.id}", row) for row in read.refund)


def _assembled(program: str, file: str, read: ProgramFile) -> Program:
    tables = Tables(
        tuple(
            CancellationRule(
                **_common("cancellation", row, read),
                route=row.route,
                needs=tuple(tuple(alternatives) for alternatives in row.needs),
                credit=row.credit,
            )
            for row in read.cancellation
        ),
        tuple(RefundRule(**_common("refund", row, read), verdict=row.verdict) for row in read.refund),
    )
    return Program(
        id=program,
        name=read.name,
        effective=read.effective,
        file=file,
        links=Links(**read.links.model_dump()),
        tables=tables,
        citations=MappingProxyType(
            {key: Citation(cite.title, cite.section, silent=False) for key, cite in read.cite.items()}
        ),
        names=tuple(
            Name(brand.name, brand.provider, brand.validation, tuple(brand.aliases)) for brand in read.brand
        ),
    )


def _common(table: str, row: Row, read: ProgramFile) -> Mapping[str, Any]:
    cite = read.cite[row.cite]
    return {
        "ref": f"{table}/{row.id}",
        "when": row.when,
        "says": row.says,
        "citation": Citation(cite.title, cite.section, row.silent),
    }
