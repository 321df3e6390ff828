"""`certdesk policy check`: the whole space of answers, and the words for each."""

from __future__ import annotations

import typer

import policy
from bot.settings import Settings
from bot.slack.proof import answers_fit, templates_fit
from bot.texts import texts_of
from policy.check import check_files
from policy.space import reachable


def run(settings: Settings) -> int:
    """Print what was proven and what is wrong; returns 1 where anything is."""
    report = check_files(settings.policy_dirs)
    findings = [str(finding) for finding in report.findings]
    shown = 0
    if not findings:
        core, texts = policy.load(settings.policy_dirs), texts_of(settings)
        findings += templates_fit(texts)
        outcomes = [] if findings else [*answers_fit(texts, core, reachable(core))]
        findings += [problem for problem in outcomes if problem is not None]
        shown = outcomes.count(None)
    for line in findings:
        typer.echo(line)
    for each in report.programs:
        typer.echo(
            f"{each.program} {each.version}: {each.rules} rules, {each.sets} sets of facts, "
            f"at most {each.questions} questions ({each.file})"
        )
    if shown:
        typer.echo(f"{shown} different answers, each shown within Slack's limits")
    typer.echo(f"{len(findings)} to mend" if findings else "ok")
    return int(bool(findings))
