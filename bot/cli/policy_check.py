"""`certdesk policy check`: prove the rules for every set of answers, and the words of every decision."""

from __future__ import annotations

import json
from dataclasses import dataclass

import typer

import policy
from bot.render.catalog import unread
from bot.render.kept import KeptRenderer
from bot.settings import Settings
from bot.slack.blocks.answer_checks import Checks, answers_fit, templates_fit, words_agree
from bot.texts import texts_of
from policy import Policy
from policy.check import Report, check_files
from policy.errors import Finding, Severity
from policy.reachable import one_per_wording


@dataclass(frozen=True, slots=True)
class Checked:
    """What was walked, all findings, and the checks of the answers that can be shown."""

    report: Report
    findings: tuple[Finding, ...]
    shown: tuple[Checks, ...] = ()

    @property
    def errors(self) -> int:
        """Return how many findings prevent the use of the policy."""
        return sum(finding.severity is Severity.ERROR for finding in self.findings)


def run(settings: Settings, *, as_json: bool = False) -> int:
    """Print what was proven and what is wrong; returns 1 if there are errors."""
    checked = examined(settings)
    typer.echo(json.dumps(_as_json(checked)) if as_json else _as_text(checked))
    return int(checked.errors > 0)


def examined(settings: Settings) -> Checked:
    """Return what is wrong with the policy files and with the words of their decisions."""
    report = check_files(settings.policy_dirs)
    if not report.ok:
        return Checked(report, report.findings)
    core = policy.load(settings.policy_dirs)
    said, shown = _words(settings, core)
    stray = [each for folder in settings.templates_dirs for each in unread(core, folder)]
    return Checked(report, (*report.findings, *said, *stray), shown)


def _words(settings: Settings, core: Policy) -> tuple[list[Finding], tuple[Checks, ...]]:
    """Return what is wrong with the words for the answers, and the answers that can be shown."""
    texts = texts_of(settings, core, KeptRenderer)
    found = [*templates_fit(texts)]
    if any(each.severity is Severity.ERROR for each in found):
        return found, ()
    answered = [*one_per_wording(core)]
    both = zip(words_agree(texts, core, answered), answers_fit(texts, core, answered), strict=True)
    checks = [said + fit for said, fit in both]
    found += sum(checks, Checks()).findings
    return found, tuple(each for each in checks if not each.findings)


def _as_text(checked: Checked) -> str:
    lines = [str(finding) for finding in checked.findings]
    lines += [
        f"{each.program} {each.version}: {each.rules} rules, {each.sets} sets of facts, "
        f"at most {each.questions} questions ({each.file})"
        for each in checked.report.programs
    ]
    if checked.shown:
        total = sum(checked.shown, Checks())
        lines.append(
            f"{len(checked.shown)} different answers, looked at {total.looks} times: "
            f"{total.messages} messages and {total.views} views, each within Slack's limits"
        )
    return "\n".join([*lines, f"{checked.errors} to fix" if checked.errors else "ok"])


def _as_json(checked: Checked) -> dict[str, object]:
    findings = [
        {
            "severity": each.severity.value,
            "file": each.file or None,
            "line": each.line,
            "program": each.program,
            "rule": each.rule,
            "message": each.message,
        }
        for each in checked.findings
    ]
    programs = [
        {
            "id": each.program,
            "name": each.name,
            "file": each.file,
            "version": each.version,
            "rules": each.rules,
            "sets": each.sets,
            "questions": each.questions,
        }
        for each in checked.report.programs
    ]
    return {"ok": not checked.errors, "findings": findings, "programs": programs}
