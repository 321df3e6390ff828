"""`certdesk inspect`: print what the desk understands of certificate files, one JSON line each."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import typer

import policy
from bot import clock
from bot.reading.certificates import LARGEST, inspected
from bot.reading.inspected_certificates import Inspected, Kind
from policy.vocabulary import Means, Vocabulary

STANDARD_INPUT: Final = "-"


class UnreadableError(Exception):
    """A file that cannot be read; the text says why, and what to do."""


def run(core: policy.Policy, files: Sequence[str], today: date | None) -> int:
    """Print a line for each file, in order; returns 1 if any could not be read, else 0."""
    day = today or clock.now().astimezone().date()
    failed = False
    for file in files:
        try:
            told = inspected(_content(file), core.vocabulary, day)
        except UnreadableError as error:
            typer.echo(f"certdesk: {file} cannot be read: {error}", err=True)
            told, failed = Inspected(Kind.NONE), True
        sys.stdout.write(json.dumps(as_json(file, told, core.vocabulary)) + "\n")
        sys.stdout.flush()
    return int(failed)


def as_json(file: str, told: Inspected, vocabulary: Vocabulary) -> dict[str, Any]:
    """Return a file's findings as documented JSON; if it holds a private key, nothing but that."""
    shown = file.encode("utf-8", "backslashreplace").decode("utf-8")
    if told.has_private_key:
        return {"file": shown, "kind": told.kind, "is_private_key": True}
    maker, level = (vocabulary.meaning(each) for each in (Means.MAKER, Means.LEVEL))
    return {
        "file": shown,
        "kind": told.kind,
        "provider": told.facts.get(maker.id) if maker else None,
        "validation": told.facts.get(level.id) if level else None,
        "common_name": told.name,
        "sans": told.sans,
        "not_before": told.not_before.isoformat() if told.not_before else None,
        "expired": told.expired,
        "is_private_key": False,
        "leaf_sha256": told.leaf,
    }


def _content(file: str) -> bytes:
    """Return a file's octets, at most one more than are accepted."""
    try:
        if file == STANDARD_INPUT:
            content = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with Path(file).open("rb") as opened:
                content = opened.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise UnreadableError(getattr(error, "strerror", None) or str(error)) from error
    if len(content) > LARGEST:
        most = f"{LARGEST // 1024 // 1024} MB"
        raise UnreadableError(f"it has more than {most}; give the certificate alone, with its chain at most")
    return content
