"""What an answer's words say is what the policy decides; else template, program and rule are named."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from rich.console import Console

import policy
from bot.cli.terminal_screens import Drawing
from bot.conversation.derive import Rules, card_of, screen_of
from bot.conversation.handoff import Handoff
from bot.conversation.now import Now
from bot.conversation.screens import Result
from bot.render import to_blocks, to_plain
from bot.render.environment import SHIPPED, Renderer
from bot.render.texts import Texts
from bot.slack.blocks import answer, answer_checks, card, dm, modal, parts
from bot.slack.blocks.parts import note, preformatted
from policy.decision import Decision
from policy.facts import Fact
from policy.reachable import reachable

PROGRAMS = Path(policy.__file__).parent / "programs"
Checks = Callable[..., list[str]]
HANDOFF = Handoff(
    datetime(2026, 11, 23, tzinfo=UTC), answer_checks.SOMEBODY, datetime(2026, 11, 23, tzinfo=UTC)
)


@pytest.fixture
def checks(tmp_path: Path) -> Checks:
    """Check the shipped programs with an operator's own files, given by name; return the findings."""

    def check(programs: dict[str, str] | None = None, templates: dict[str, str] | None = None) -> list[str]:
        for folder, files in (("programs", programs or {}), ("templates", templates or {})):
            for name, text in files.items():
                path = tmp_path / folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            (tmp_path / folder).mkdir(exist_ok=True)
        core = policy.load([tmp_path / "programs"])
        texts = Texts(Renderer([tmp_path / "templates"]), core)
        wrong = [*answer_checks.templates_fit(texts)]
        agreed = sum(answer_checks.words_agree(texts, core, reachable(core)), answer_checks.Checks())
        return [*map(str, wrong or agreed.findings)]

    return check


def without_credit() -> str:
    text = (PROGRAMS / "opensrs.toml").read_text(encoding="utf-8")
    cut = re.sub(r"^credit = .*\n", "", text, flags=re.MULTILINE)
    assert cut.count("\n") == text.count("\n") - 2
    return cut


def shipped(name: str) -> str:
    return (SHIPPED / name).read_text(encoding="utf-8")


def answered(core: policy.Policy, **facts: str | bool | date) -> Result:
    today = date(2026, 11, 23)
    now = Now(datetime.combine(today, time(), UTC), today, today)
    known = {Fact(name): value for name, value in facts.items()}
    decision = core.decide(known, today)
    assert isinstance(decision, Decision)
    case = answer_checks.case_for(core, known, decision, next(answer_checks.variants()))
    result = screen_of(Rules(core, agents=True), case, now)
    assert isinstance(result, Result)
    return result


def test_a_program_without_a_credit_is_worded_without_one(tmp_path: Path, checks: Checks) -> None:
    assert checks({"opensrs.toml": without_credit()}) == []
    core = policy.load([tmp_path / "programs"])
    texts = Texts(Renderer(), core)
    sectigo = {"program": "opensrs", "requester": "reseller", "issued": True, "provider": "sectigo"}
    result = answered(core, **sectigo, fulfilled_on=date(2026, 11, 1))
    assert result.decision.refund.credit is None
    words = texts.result(result)
    assert words.headline == "Refund: yes, if you ask by Tue 1 December 2026"
    assert "please cancel this certificate and refund it." in (words.draft or "")
    assert "refund window, which ends on 1 December 2026" in (words.draft or "")


@pytest.mark.parametrize("folders", [[], [PROGRAMS.parent / "examples"]], ids=["shipped", "examples"])
def test_every_surface_shows_every_piece_of_an_answer(folders: list[Path]) -> None:
    """What is proven of the pieces is true of modal, DM, card, channel and terminal."""
    core = policy.load(folders)
    texts = Texts(Renderer([folder / "templates" for folder in folders]), core)
    seen = set()
    for facts, today, decision in reachable(core):
        kind = decision.cancellation.route, decision.refund.verdict, bool(decision.changes_on)
        if kind in seen:
            continue
        seen.add(kind)
        variant = answer_checks.Variant(agents=True, details=True, handoff=HANDOFF, ticket=None)
        case, rules = answer_checks.case_for(core, facts, decision, variant), Rules(core, agents=True)
        now = Now(datetime.combine(today, time(), UTC), today, today)
        result = screen_of(rules, case, now)
        assert isinstance(result, Result)
        words = texts.result(result)
        money = [*to_blocks(words.verdict), *([note(to_plain(words.changes))] if words.changes else [])]
        how = [*to_blocks(words.steps), *([preformatted(words.draft)] if words.draft else [])]
        why = to_blocks(words.why)
        for surface, pieces in (
            (dm.message_of(texts, result).blocks, [*money, *how, *why]),
            (modal.view_of(texts, result)["blocks"], [*money, *how, *why]),
            (answer.shared_blocks(texts, result, parts.mention(answer_checks.SOMEBODY)), [*money, *why]),
            (card.card(texts, card_of(rules, case, now)).blocks, [*money, *why]),
        ):
            assert [piece for piece in pieces if piece not in surface] == []
            heads = [block["text"]["text"] for block in surface if block["type"] == "header"]
            assert any(words.headline in head for head in heads)
        shown = "".join(in_terminal(texts, result).split())
        for part in (words.verdict, words.steps, words.changes, words.why):
            for line in to_plain(part).splitlines() if part else ():
                assert "".join(line.removeprefix("- ").split()) in shown


def in_terminal(texts: Texts, result: Result) -> str:
    out = Console(file=io.StringIO(), width=10_000, soft_wrap=True, highlight=False)
    Drawing(texts, out).show(replace(result, handoff=None))
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


WRONG = [
    (
        "the verdict is dropped",
        "answers/refund/not_eligible.md",
        "# Refund: no\n\n{{ program }} never pays.\n",
        "does not begin with a heading that says the verdict",
    ),
    (
        "another verdict's headline",
        "answers/refund/not_eligible.md",
        "# [Refund: yes](verdict:eligible)\n\n{{ program }} pays.\n",
        "says that the verdict is eligible; the policy decides not_eligible",
    ),
    (
        "another verdict beside the right one",
        "answers/refund/not_eligible.md",
        "# [Refund: no](verdict:not_eligible)\n\nOr is it [likely](verdict:likely), {{ program }}?\n",
        "says that the verdict is likely; the policy decides not_eligible",
    ),
    (
        "a likely refund reminders_line",
        "answers/refund/likely.md",
        shipped("answers/refund/eligible.md"),
        "says that the verdict is eligible; the policy decides likely",
    ),
    (
        "a verdict that is no heading",
        "answers/refund/unlikely.md",
        "[Refund: unlikely](verdict:unlikely)\n\n{{ program }} {{ program }}\n",
        "does not begin with a heading that says the verdict",
    ),
    (
        "a day that is asked for and not said",
        "answers/refund/expired.md",
        "# [Refund: no](verdict:expired)\n\n{% if last_day %}{{ program }}{% endif %} {{ window }}\n",
        "does not say the last day, which is 20",
    ),
    (
        "a day that is said of another",
        "answers/changes/verdict.md",
        "Another answer: {{ then }}{% if changes_on %}{% endif %}.\n",
        "does not say the day on which the answer changes, which is 20",
    ),
    (
        "a credit that is not said",
        "answers/credit/hours.md",
        "{{ program }} pays {{ expected | day }}{% if amount %}{% endif %}.\n",
        "does not say the time of the credit, which is 48 hours",
    ),
    (
        "the route of another",
        "answers/cancellation/opensrs/support_ticket.md",
        shipped("answers/cancellation/seller.md"),
        "says that the route is seller; the policy decides support_ticket",
    ),
    (
        "no route",
        "answers/cancellation/opensrs/control_panel.md",
        "## How to cancel\n\nYou can.\n",
        "does not begin with a heading that says the route",
    ),
    (
        "a ticket that asks for nothing",
        "tickets/opensrs/support_ticket.md",
        "Hello. Cancel {{ case }}, and pay us.\n",
        "does not say the verdict, which is ",
    ),
    (
        "a message that asks for nothing",
        "tickets/message.md",
        "Hello. Cancel {{ case }}, and pay us.\n",
        "does not say the verdict, which is ",
    ),
]


@pytest.mark.parametrize(
    ("template", "text", "message"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG]
)
def test_words_that_drop_or_contradict_the_decision(
    checks: Checks, template: str, text: str, message: str
) -> None:
    found = checks(templates={template: text})
    blamed = [each for each in found if each.startswith(f"{template}: ") and message in each]
    assert blamed, found
    assert all(re.search(r"cancellation/[a-z-]+, refund/[a-z-]+", each) for each in blamed)


@pytest.mark.long
def test_a_check_that_fails_is_a_finding_and_names_rule_and_reason(checks: Checks) -> None:
    """A ticket that wants a provider, in a program that never asks for one."""
    house = """
name = "House"
effective = 2026-11-23
[[ask]]
fact = "issued"
[cite.page]
title = "A page"
section = "A section"
[[cancellation]]
id = "always"
when = {}
route = "support_ticket"
needs = ["common_name"]
cite = "page"
says = "Write."
[[refund]]
id = "always"
when = {}
verdict = "not_eligible"
cite = "page"
says = "No."
"""
    assert checks({"house.toml": house}) == []
    ticket = "{{ request }} {{ facts.provider }}\n"
    found = checks({"house.toml": house}, {"tickets/house/support_ticket.md": ticket})
    assert len(found) == 1
    assert "tickets/house/support_ticket.md" in found[0]
    assert "cancellation/always, refund/always" in found[0]
    assert "provider" in found[0]
