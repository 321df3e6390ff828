"""Every template, against the context it is given; every answer, in every place where it is shown."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import chain
from pathlib import Path

import pytest
from rich.console import Console

from bot.conversation.derive import Rules, card_of, has_draft, screen_of
from bot.conversation.effects import Unread
from bot.conversation.interview import Change
from bot.conversation.now import Now
from bot.conversation.problems import Problem, Trouble
from bot.conversation.screens import Details, Question, Result, Retired, Settled, TicketEditor
from bot.playground.standin.blockkit import message_problems, view_problems
from bot.render import catalog, contexts
from bot.render.environment import SHIPPED, Renderer
from bot.render.terminal import to_terminal
from bot.render.texts import Texts
from bot.slack.blocks import answer, answer_checks, card, dm, home, modal, parts
from policy import Policy
from policy.decision import Verdict
from policy.facts import PROGRAM, UNKNOWN, Detail, Fact
from policy.reachable import reachable
from tests.conftest import shipped
from tests.policy.answer_space import interviews

CORE = shipped()


@pytest.fixture(scope="session")
def texts(core: Policy) -> Texts:
    return Texts(Renderer(), core)


def test_every_template_has_one_context_and_every_context_its_template(core: Policy) -> None:
    """An exact one, or that of its kind; and nothing lies about that nobody reads."""
    assert [*catalog.unread(core, SHIPPED)] == []
    shipped = {path.relative_to(SHIPPED).as_posix() for path in SHIPPED.rglob("*.md")}
    assert {context.template for context in contexts.every()} - shipped == set()


@pytest.mark.parametrize("context", contexts.every(), ids=lambda context: context.template)
def test_a_template_uses_exactly_its_context(context: type[contexts.Context], texts: Texts) -> None:
    assert texts.renderer.check(context) == []


@pytest.mark.parametrize("fact", CORE.facts())
def test_a_question_words_exactly_the_choices_that_the_policy_offers(
    fact: Fact, texts: Texts, core: Policy
) -> None:
    words = texts.asking(fact)
    offered = [
        str(choice).lower() if isinstance(choice, bool) else str(choice) for choice in core.choices(fact)
    ]
    named = core.programs if fact == PROGRAM else ()  # a program is called by its own name
    assert [token for token, _ in words.labels] == [token for token in offered if token not in named]
    assert all(label for _, label in words.labels)
    assert words.name
    assert words.question.endswith("?")
    assert words.where.blocks, "who does not know is told where to find it"


@pytest.mark.parametrize("detail", CORE.details())
def test_a_detail_has_its_question_and_says_where_to_find_it(detail: Detail, texts: Texts) -> None:
    words = texts.asking(detail)
    assert words.name
    assert words.question.endswith("?")
    assert words.hint.blocks
    assert words.where.blocks


@pytest.mark.parametrize("kind", Trouble)
def test_every_problem_is_worded(kind: Trouble, texts: Texts) -> None:
    of_days = {Trouble.DATE_AMBIGUOUS, Trouble.DATE_INEXACT, Trouble.DATE_LONG_AGO, Trouble.DATE_HINTED}
    meant = ("2026-03-04", "2026-04-03") if kind in of_days else ("Sectigo",)
    problem = Problem(kind, Fact("provider"), "<!channel> *x*", meant)
    assert texts.problem(problem).blocks


def test_every_route_and_every_verdict_is_reached(core: Policy) -> None:
    decisions = [decision for _, _, decision in reachable(core)]
    assert {decision.cancellation.route for decision in decisions} == {*core.vocabulary.routes}
    assert {decision.refund.verdict for decision in decisions} == set(Verdict)


@pytest.mark.long
def test_every_answer_fits_everywhere_with_every_value_at_its_longest(texts: Texts, core: Policy) -> None:
    shown = answer_checks.answers_fit(texts, core, reachable(core))
    assert [wrong for each in shown for wrong in each.findings] == []


@pytest.mark.long
def test_slack_takes_every_answer_in_every_form(texts: Texts, core: Policy) -> None:
    """The stand-in's own validator, which shares no code with what draws the blocks."""
    for facts, today, decision in reachable(core):
        now = Now(datetime.combine(today, time(), UTC), today, today)
        for variant in answer_checks.variants():
            case = answer_checks.case_for(core, facts, decision, variant)
            rules = Rules(core, variant.agents)
            result = screen_of(rules, case, now)
            assert isinstance(result, Result)
            assert result.decision == decision
            drawn = [
                dm.message_of(texts, result).blocks,
                dm.message_of(texts, Retired(result, today)).blocks,
                answer.shared_blocks(texts, result, parts.mention(answer_checks.SOMEBODY)),
            ]
            opened = [modal.view_of(texts, result), modal.view_of(texts, TicketEditor(result))]
            if variant.handoff is not None:
                drawn.append(card.card(texts, card_of(rules, case, now)).blocks)
            still_open = case.interview.with_details({}, closed=False)
            asked = screen_of(rules, replace(case, interview=still_open), now)
            if isinstance(asked, Details):
                drawn.append(dm.message_of(texts, asked).blocks)
                opened.append(modal.view_of(texts, asked))
            if not has_draft(decision):
                opened.pop(1)
            if variant.agents and variant.ticket is None:
                pages = answer_checks.homes_of(answer_checks.row_for(core, case, result), 1)
                opened += [home.home_view(texts, page, answer_checks.SLACK) for page in pages]
            assert [*chain.from_iterable(map(message_problems, drawn))] == []
            assert [*chain.from_iterable(map(view_problems, opened))] == []


def test_slack_takes_every_question_in_every_form(texts: Texts, core: Policy) -> None:
    today = date(2026, 11, 23)
    now = Now(datetime.combine(today, time(), UTC), today, today)
    asked = set()
    for facts, _ in interviews(core):
        case = answer_checks.case_for(core, facts, next(reachable(core))[2], next(answer_checks.variants()))
        screen = screen_of(Rules(core, agents=True), case, now)
        if not isinstance(screen, Question):
            continue
        asked.add(screen.fact)
        for shown in (screen, replace(screen, why=True), replace(screen, chosen=str(UNKNOWN))):
            assert view_problems(modal.view_of(texts, shown, notice="C-1, where you left it.")) == []
            assert message_problems(dm.message_of(texts, shown).blocks) == []
            assert message_problems(dm.aside(texts, shown).blocks) == []
    assert asked == set(core.facts())


@pytest.mark.parametrize("asked", [*CORE.facts(), *CORE.details()])
def test_slack_takes_what_is_said_of_an_edit(texts: Texts, asked: Fact | Detail) -> None:
    problem = Problem(Trouble.NOT_A_CHOICE, asked, "<!channel> " + "W" * 69)
    old, new = ("unknown", "2026-11-03") if isinstance(asked, Fact) else ("W" * 253, "w" * 253)
    changes = [Change(asked, old, None if asked == Fact("issued") else new)]
    drawn = [
        dm.unread(texts, Unread(answer_checks.SOMEBODY, 1042, problem, asked, token)) for token in (old, None)
    ]
    drawn.append(dm.message_of(texts, Settled(1042, (), (), tuple(changes))))
    assert [*chain.from_iterable(message_problems(message.blocks) for message in drawn)] == []
    assert [message.text for message in drawn if "<!" in message.text] == []


@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_terminal_shows_every_answer(texts: Texts, core: Policy, width: int) -> None:
    for facts, today, decision in reachable(core):
        now = Now(datetime.combine(today, time(), UTC), today, today)
        case = answer_checks.case_for(core, facts, decision, next(answer_checks.variants()))
        result = screen_of(Rules(core, agents=False), case, now)
        assert isinstance(result, Result)
        out = Console(file=io.StringIO(), width=width)
        words = texts.result(result)
        for part in (words.verdict, words.steps, words.why, words.changes, words.advice):
            if part is not None:
                out.print(to_terminal(part))
        assert isinstance(out.file, io.StringIO)
        assert max(map(len, out.file.getvalue().splitlines())) <= width


def test_an_operators_template_takes_the_place_of_the_shipped_one(tmp_path: Path, core: Policy) -> None:
    own = tmp_path / "answers" / "refund"
    own.mkdir(parents=True)
    (own / "not_eligible.md").write_text("# [Sorry, {{ program }} keeps it](verdict:not_eligible)\n\nNo.\n")
    texts = Texts(Renderer([tmp_path]), core)
    facts, today, decision = next(
        found for found in reachable(core) if found[2].refund.verdict is Verdict.NOT_ELIGIBLE
    )
    now = Now(datetime.combine(today, time(), UTC), today, today)
    result = screen_of(
        Rules(core, agents=True),
        answer_checks.case_for(core, facts, decision, next(answer_checks.variants())),
        now,
    )
    assert isinstance(result, Result)
    assert texts.headline(result).startswith("Sorry, ")


def test_an_operators_template_that_does_not_fit_is_found(tmp_path: Path, core: Policy) -> None:
    own = tmp_path / "answers"
    own.mkdir()
    (own / "boundary.md").write_text("Until {{ last_day | day }}, {{ requester }}.")
    found = [*answer_checks.templates_fit(Texts(Renderer([tmp_path]), core))]
    assert [*map(str, found)] == ["answers/boundary.md: 'requester' is not in the context"]
