"""The blocks of an answer: in the modal, in the DM, in the channel and on the agents' card."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.conversation.derive import has_draft
from bot.conversation.handoff import HELD, SETTLED, WITH_AGENTS, Standing
from bot.conversation.interview import Answer
from bot.conversation.people import case_name
from bot.conversation.reminder_kinds import Reminder
from bot.conversation.screens import Result, Retired
from bot.render import contexts_lines as lines
from bot.render import contexts_notices as n
from bot.render import to_blocks, to_plain
from bot.render.answer_texts import asks_a_day, is_the_day_after
from bot.render.document import Document, Mention, Moment
from bot.render.result_text import ResultText
from bot.render.screen_labels import AnswerLabels
from bot.render.texts import Texts
from bot.slack.blocks.ids import Action, Ref
from bot.slack.blocks.parts import (
    Json,
    Style,
    actions,
    button,
    header,
    note,
    option,
    plain,
    preformatted,
    reminders_line,
    stops,
)
from policy.decision import Verdict
from policy.vocabulary import Draft

MOST_BUTTONS: Final = 3  # besides the menu of the rest, and the one that changes an answer
MOST_OPTIONS: Final = 5  # of a menu of the rest: Slack's limit
DIVIDER: Final[Json] = {"type": "divider"}


def result_blocks(texts: Texts, result: Result, *, buttons: bool = True) -> list[Json]:
    """Return an answer: verdict and what to click, then the steps, the draft and why."""
    words = texts.result(result)
    return [
        header(marked(result, words.headline)),
        note(facts_line(texts, result.answers, result.case)),
        *(to_blocks(words.changed) if words.changed else []),
        *to_blocks(words.verdict),
        *([note(to_plain(words.changes))] if words.changes else []),
        *([note(reminders_line(texts, result.reminders))] if result.reminders else []),
        *_handoff(texts, result),
        *actions(answer_buttons(texts, result) if buttons else []),
        DIVIDER,
        *to_blocks(words.steps),
        *_draft(words),
        *([note(to_plain(words.advice))] if words.advice else []),
        DIVIDER,
        *to_blocks(words.why),
        *(change_menu(texts, result) if buttons else []),
    ]


def answer_buttons(texts: Texts, result: Result) -> list[Json]:
    """Return the controls under an answer: the likeliest next steps as buttons, the rest in a menu."""
    controls = [*_controls(texts, result)]
    shown = controls if len(controls) <= MOST_BUTTONS + 1 else controls[:MOST_BUTTONS]
    row = [button(each.action, each.label, each.ref, unique=each.unique, style=each.style) for each in shown]
    rest = [option(each.label, str(_in_menu(each))) for each in controls[len(shown) :]]
    menus = [rest[at : at + MOST_OPTIONS] for at in range(0, len(rest), MOST_OPTIONS)]
    row += [_more(options, unique=str(at)) for at, options in enumerate(menus)]
    return row


def missing_answer(texts: Texts, result: Result) -> list[Json]:
    """Return the button that asks again for what a verdict depends on, if anything is missing."""
    return [button(each.action, each.label, each.ref, style="primary") for each in _missing(texts, result)]


@dataclass(frozen=True, slots=True)
class _Control:
    action: Action
    label: str
    ref: Ref
    style: Style = None
    unique: str = ""


def _more(options: list[Json], *, unique: str) -> Json:
    return {"type": "overflow", "action_id": f"{Action.MORE}:{unique}", "options": options}


def _in_menu(control: _Control) -> Ref:
    """Return the value of a menu item: the action and the button's own argument."""
    ref = control.ref
    return Ref(ref.case, ref.revision, f"{control.action}={ref.argument}")


def _controls(texts: Texts, result: Result) -> Iterator[_Control]:
    """Yield what can be done with an answer, the likeliest first."""
    ref, labels, draft = (
        Ref(result.case, result.revision),
        texts.labels(AnswerLabels),
        result.decision.cancellation.draft,
    )
    missing = [*_missing(texts, result)]
    yield from missing
    if result.missing:
        yield _Control(Action.DETAILS, labels.details, ref, None if missing else "primary")
    if result.agents and (result.handoff is None or result.handoff.standing is Standing.NEW):
        by_person = draft is Draft.MESSAGE and not missing
        yield _Control(Action.HAND_OFF, labels.hand_off, ref, "primary" if by_person else None)
    if result.optional and not _held(result):
        yield _Control(Action.DETAILS, labels.details, ref)
    if has_draft(result.decision) and not _held(result):
        yield _Control(Action.EDIT, labels.edit, ref)
    if _may_be_sent(result):
        yield _Control(Action.SENT_IT, labels.sent_it, ref)
    if result.share_until is not None and not _held(result):
        yield _Control(Action.SHARE, labels.share, ref)
    yield _Control(Action.ANOTHER, labels.another, ref)
    for reminder, words in stops(texts, result.reminders):
        yield _Control(Action.STOP, words, Ref(ref.case, ref.revision, reminder), unique=reminder)


def _missing(texts: Texts, result: Result) -> Iterator[_Control]:
    """Yield the control that gives the answer on which a verdict depends."""
    open_facts, labels = result.decision.refund.depends_on, texts.labels(AnswerLabels)
    answered = {answer.fact for answer in result.answers}
    if (
        result.decision.refund.verdict is Verdict.UNDETERMINED
        and answered & {*open_facts[:1]}
        and not _held(result)
    ):
        label = labels.add_day if asks_a_day(texts, result) else labels.add_answer
        yield _Control(Action.CHANGE, label, Ref(result.case, result.revision, open_facts[0]), "primary")


def _held(result: Result) -> bool:
    """Tell whether an agent has the case: then its answers stay as they are."""
    return result.handoff is not None and result.handoff.standing in HELD


def _may_be_sent(result: Result) -> bool:
    """Tell whether there is a credit to wait for, and nobody waits for it yet."""
    waits = any(each.reminder is Reminder.CREDIT for each in result.reminders)
    settled = result.handoff is not None and result.handoff.standing in SETTLED
    return result.decision.refund.credit is not None and not (waits or settled or result.credited)


def change_menu(texts: Texts, result: Result) -> list[Json]:
    """Return the menu to change an earlier answer, and the way to the rule behind the verdict."""
    ref, labels = Ref(result.case, result.revision), texts.labels(AnswerLabels)
    options = [
        option(f"{line.name}: {line.value}", str(Ref(ref.case, ref.revision, answer.fact)))
        for answer, line in zip(result.answers, texts.lines(result.answers), strict=True)
    ]
    if result.details and not (result.missing or result.optional):
        options.append(option(labels.order_details, str(Ref(ref.case, ref.revision, Action.DETAILS))))
    options.append(option(labels.start_over, str(Ref(ref.case, ref.revision, Action.START_OVER))))
    if _held(result):
        return []
    menu = {
        "type": "static_select",
        "action_id": Action.CHANGE.value,
        "placeholder": plain(labels.change, 150),
        "options": options,
    }
    return actions([menu])


def shared_blocks(texts: Texts, result: Result, by: Mention) -> list[Json]:
    """Return an answer as others in the channel may see it: no details, no draft, no buttons."""
    words = texts.result(result)
    shown = [
        *to_blocks(texts.say(n.SharedBy(by, case_name(result.case)))),
        header(marked(result, words.headline)),
        note(facts_line(texts, result.answers, result.case)),
        *to_blocks(words.verdict),
        *([note(to_plain(words.changes))] if words.changes else []),
        DIVIDER,
    ]
    if not has_draft(result.decision):  # a draft is private, and the steps are about it
        shown += [*to_blocks(words.steps), DIVIDER]
    return [*shown, *to_blocks(words.why)]


def retired_blocks(texts: Texts, retired: Retired) -> list[Json]:
    """Return what is left of an answer that no longer holds: its draft struck through, no buttons."""
    result = retired.result
    words = texts.result(result)
    told = n.OutOfDate(case_name(result.case), retired.since, words.headline)
    blocks = [
        header(texts.line_of(lines.OutOfDateTitle(case_name(result.case)))),
        *to_blocks(texts.say(told)),
    ]
    if words.draft:
        blocks.append(_struck(words.draft))
    return [*blocks, note(facts_line(texts, result.answers, result.case))]


def answer_fallback(texts: Texts, result: Result) -> Document:
    """Return an answer as text alone, for notifications and screen readers."""
    words = texts.result(result)
    head = texts.say(n.CaseLine(case_name(result.case), words.headline))
    parts = [head, words.changed, words.verdict, words.steps]
    return Document(tuple(block for part in parts if part for block in part.blocks))


def verdict_mark(result: Result) -> str:
    """Return an answer's sign, for recognizing it in a list; a day-late request may still be taken."""
    if is_the_day_after(result):
        return "🟠"
    return {
        Verdict.ELIGIBLE: "🟢",
        Verdict.LIKELY: "🟡",
        Verdict.EXPIRED: "🔴",
        Verdict.NOT_ELIGIBLE: "🔴",
        Verdict.UNLIKELY: "🟠",
        Verdict.UNSTATED: "⚪",
        Verdict.UNDETERMINED: "⚪",
    }[result.decision.refund.verdict]


def _draft(words: ResultText) -> list[Json]:
    return [preformatted(words.draft)] if words.draft else []


def _handoff(texts: Texts, result: Result) -> list[Json]:
    handoff = result.handoff
    if handoff is None or handoff.standing not in WITH_AGENTS:
        return []
    agent = Mention("user", handoff.claimed_by.user) if handoff.claimed_by else None
    return to_blocks(texts.say(n.WithAgents(agent, Moment(handoff.claimed_at or handoff.asked_at))))


def marked(result: Result, headline: str) -> str:
    """Return a headline with its verdict's sign."""
    return f"{verdict_mark(result)} {headline}"


def facts_line(texts: Texts, given: Sequence[Answer], case: int | None = None) -> str:
    """Return the answers in one line, after the case's number if it is given."""
    told = [f"{line.name}: {line.value}" for line in texts.lines(given)]
    return " · ".join([*([case_name(case)] if case is not None else []), *told])


def _struck(text: str) -> Json:
    shown = {"type": "text", "text": text[:2500], "style": {"strike": True}}
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [shown]}]}
