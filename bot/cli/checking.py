"""`certdesk policy check`: the whole space of answers, and the words for each."""

from __future__ import annotations

import typer

import policy
from bot.render.catalog import unread
from bot.settings import Settings
from bot.slack.proof import answers_fit, templates_fit, words_agree
from bot.texts import texts_of
from policy import Policy
from policy.check import check_files
from policy.space import reachable


def run(settings: Settings) -> int:
    """Print what was proven and what is wrong; returns 1 where anything is, but for warnings."""
    report = check_files(settings.policy_dirs)
    errors, warnings, shown = [str(finding) for finding in report.findings], list[str](), 0
    if not errors:
        core = policy.load(settings.policy_dirs)
        warnings = _unread(settings, core)
        errors, shown = _words(settings, core)
    for line in [*errors, *warnings]:
        typer.echo(line)
    for each in report.programs:
        typer.echo(
            f"{each.program} {each.version}: {each.rules} rules, {each.sets} sets of facts, "
            f"at most {each.questions} questions ({each.file})"
        )
    if shown:
        typer.echo(f"{shown} different answers, each shown within Slack's limits")
    typer.echo(f"{len(errors)} to mend" if errors else "ok")
    return int(bool(errors))


def _words(settings: Settings, core: Policy) -> tuple[list[str], int]:
    """Return what is wrong with the words for the answers, and how many answers can be shown."""
    texts = texts_of(settings, core)
    if wrong := [*templates_fit(texts)]:
        return wrong, 0
    answered = [*reachable(core)]
    fits = [*answers_fit(texts, core, answered)]
    found = [*words_agree(texts, core, answered), *(each for wrong in fits for each in wrong)]
    return [*dict.fromkeys(map(str, found))], fits.count([])


def _unread(settings: Settings, core: Policy) -> list[str]:
    """Return a warning for each file among an operator's templates that nothing reads."""
    return [
        f"warning: {path}: nothing reads this file{f'; did you mean {near}?' if near else ''}"
        for folder in settings.templates_dirs
        for path, near in unread(core, folder)
    ]
