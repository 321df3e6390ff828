"""`certdesk policy new`: write a first program and its templates, which pass `policy check`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from string import Template
from typing import Final

import typer

import policy
from bot import clock
from bot.cli.failures import RefusalError
from bot.render.missing_texts import question_stub, readable
from bot.settings import Settings
from bot.texts import texts_of
from policy.loading import parse, program_id

HERE: Final = Path()
BEGINNING: Final = Path(policy.__file__).parent / "beginnings" / "program.toml"


def run(settings: Settings, program: str) -> None:
    """Write a program's file and the templates that it needs, unless they exist."""
    core = policy.load(settings.policy_dirs)
    if wrong := program_id(program):
        raise RefusalError(f"{program!r} {wrong}.")
    if program in core.programs:
        raise RefusalError(f"there already is a program {program}: {core.programs[program].file}.")
    rules = settings.policy_dirs[0] if settings.policy_dirs else HERE / "policy"
    words = settings.templates_dirs[0] if settings.templates_dirs else HERE / "templates"
    files = dict(_files(settings, program, clock.now().astimezone().date(), rules, words))
    there = [path for path in files if path.exists()]
    if there:
        raise RefusalError(f"{there[0]} exists already, and nothing is overwritten; nothing was written.")
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
        typer.echo(path)
    typer.echo(f"Next: CERTDESK_POLICY_DIR={rules} CERTDESK_TEMPLATES_DIR={words} certdesk policy check")


def _files(
    settings: Settings, program: str, today: date, rules: Path, words: Path
) -> Iterator[tuple[Path, str]]:
    """Yield the files to write with their contents: the program, and questions for facts without one."""
    name = readable(program.replace("-", "_"))
    text = Template(BEGINNING.read_text("utf-8")).substitute(name=name, today=today.isoformat())
    yield rules / f"{program}.toml", text
    core = policy.load(settings.policy_dirs)
    made = parse(program, text, core.vocabulary)
    texts = texts_of(settings, core)
    for spec in made.facts.values():
        file = f"questions/{program}/{spec.id}.md"
        if not texts.renderer.has(texts.nearest("questions", program, spec.id)):
            yield words / file, question_stub(spec)
