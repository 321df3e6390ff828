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
from policy.errors import Finding, Severity
from policy.space import reachable


def run(settings: Settings) -> int:
    """Print what was proven and what is wrong; returns 1 where anything is, but for warnings."""
    report = check_files(settings.policy_dirs)
    found, shown = [*report.findings], 0
    if report.ok:
        core = policy.load(settings.policy_dirs)
        said, shown = _words(settings, core)
        found += [*said, *(each for folder in settings.templates_dirs for each in unread(core, folder))]
    for each in found:
        typer.echo(str(each))
    for program in report.programs:
        typer.echo(
            f"{program.program} {program.version}: {program.rules} rules, {program.sets} sets of facts, "
            f"at most {program.questions} questions ({program.file})"
        )
    if shown:
        typer.echo(f"{shown} different answers, each shown within Slack's limits")
    errors = sum(each.severity is Severity.ERROR for each in found)
    typer.echo(f"{errors} to mend" if errors else "ok")
    return int(bool(errors))


def _words(settings: Settings, core: Policy) -> tuple[list[Finding], int]:
    """Return what is wrong with the words for the answers, and how many answers can be shown."""
    texts = texts_of(settings, core)
    found = [*templates_fit(texts)]
    if any(each.severity is Severity.ERROR for each in found):
        return found, 0
    answered = [*reachable(core)]
    fits = [*answers_fit(texts, core, answered)]
    found += [*words_agree(texts, core, answered), *(each for wrong in fits for each in wrong)]
    return [*dict.fromkeys(found)], fits.count([])
