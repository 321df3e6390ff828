"""A handed-over case in the agents' channel: the card, its deadline as a bar, and messages to one agent."""

from __future__ import annotations

from typing import Final

from bot.conversation.agent_moves import AnyAgentMove, Resolve, button_row, kind_of
from bot.conversation.derive import has_draft
from bot.conversation.effects import Denial, TellAgent
from bot.conversation.handoff import Handoff, Standing
from bot.conversation.interview import program_in
from bot.conversation.people import case_name
from bot.conversation.screens import Card, Result
from bot.render import contexts_cards as cards
from bot.render import contexts_desk as d
from bot.render import contexts_lines as lines
from bot.render import to_blocks, to_fallback, to_plain
from bot.render.answer_texts import window_of
from bot.render.document import Mention, Moment
from bot.render.environment import Context
from bot.render.screen_labels import CardLabels
from bot.render.texts import Texts
from bot.render.word_lists import OUTCOME_BUTTONS, OUTCOMES, STANDINGS
from bot.slack.blocks import answer
from bot.slack.blocks.ids import Action, Ref
from bot.slack.blocks.parts import (
    Json,
    Message,
    actions,
    button,
    header,
    mention,
    note,
    option,
    plain,
    preformatted,
    reminders_line,
    said,
    stop_menu,
)

CELLS: Final = 15


def card(texts: Texts, screen: Card) -> Message:
    """Return a case as a card: where it stands, whose it is, by when, and what to do; then the rest."""
    result = screen.result
    headline = (
        answer.marked(result, texts.headline(result)) if result else texts.labels(CardLabels).unfinished
    )
    urgent = "🚨 " if screen.handoff.urgent else ""
    head = texts.say(_head(screen))
    blocks = [
        header(f"{urgent}{case_name(screen.case)}: {headline}"),
        *to_blocks(texts.say(_standing(texts, screen.handoff))),
        *to_blocks(head),
        *([note(answer.facts_line(texts, screen.answers))] if screen.answers else []),
        *([note(line)] if result and (line := deadline(texts, result)) else []),
        *_changed(texts, screen),
        *_same_orders(texts, screen),
        *actions(_buttons(texts, screen)),
        *(_foot(texts, result) if result else []),
        *([note(reminders_line(texts, screen.reminders))] if screen.reminders else []),
    ]
    return Message(blocks, to_fallback(head))


def deadline(texts: Texts, result: Result) -> str:
    """Return the refund window as a bar, with the days that are left; empty if none is open."""
    last_day = result.decision.refund.last_day
    if last_day is None:
        return ""
    left, window = (last_day - result.on).days, window_of(result)
    words = texts.line_of(lines.DaysLeftUntil(left, window, last_day))
    return f"{bar(left, window) if left >= 0 else '▱' * CELLS}  {words}"


def bar(left: int, window: int) -> str:
    """Return the days left of a window as a bar: full at its beginning, one cell on its last day."""
    filled = min(CELLS, 1 + left * (CELLS - 1) // max(window, 1))
    return "▰" * filled + "▱" * (CELLS - filled)


def outcome_buttons(texts: Texts, ref: Ref) -> list[Json]:
    """Return a button for each outcome."""
    return [
        button(kind_of(Resolve), words, Ref(ref.case, ref.revision, outcome), unique=outcome)
        for outcome, words in texts.words(OUTCOME_BUTTONS).items()
    ]


def denied(texts: Texts, effect: TellAgent) -> Message:
    """Return why nothing was done, for the agent who wanted it."""
    handoff, name = effect.card.handoff, case_name(effect.card.case)
    agent = mention(handoff.claimed_by)
    since = Moment(handoff.claimed_at or handoff.asked_at)
    match effect.why:
        case Denial.TAKEN:
            return said(texts, d.TakenAlready(name, agent, since))
        case Denial.NOT_YOURS:
            return said(texts, d.NotYourCase(name, agent, since))
        case Denial.NOT_NOW:
            return said(
                texts, d.NotNow(name, texts.words(STANDINGS)[handoff.standing], Moment(handoff.began))
            )


def _changed(texts: Texts, screen: Card) -> list[Json]:
    """Return what has changed since the handover, before and after."""
    if not screen.changes:
        return []
    draft = screen.result is not None and has_draft(screen.result.decision)
    program = program_in(screen.answers)
    changes = tuple(texts.changed(change, program) for change in screen.changes)
    return to_blocks(texts.say(cards.CardChanged(draft, changes)))


def _same_orders(texts: Texts, screen: Card) -> list[Json]:
    """Return the other cases about the same order."""
    if not screen.same_orders:
        return []
    return to_blocks(texts.say(cards.CardSameOrders(tuple(map(case_name, screen.same_orders)))))


def _head(screen: Card) -> cards.CardHead:
    person = screen.requester
    where = Mention("channel", screen.origin.channel) if screen.origin else None
    # workspaces of the same organization are not recognized here
    elsewhere = person.installation.startswith("T") and person.team != person.installation
    return cards.CardHead(mention(person), elsewhere, where, Moment(screen.handoff.asked_at))


def _standing(texts: Texts, handoff: Handoff) -> Context:
    at, agent = Moment(handoff.began), mention(handoff.claimed_by)
    match handoff.standing:
        case Standing.NEW:
            return cards.CardNew(at)
        case Standing.WAITING:
            return cards.CardWaiting(at)
        case Standing.CLAIMED:
            return cards.CardClaimed(agent, at)
        case Standing.ASKED:
            return cards.CardAsked(agent, at)
        case Standing.RESOLVED:
            by = agent if handoff.claimed_by is not None else None
            return cards.CardResolved(by, at, outcome_of(texts, handoff))
        case Standing.CLOSED:
            return cards.CardClosed(at)


def outcome_of(texts: Texts, handoff: Handoff) -> str:
    """Return in words how a case was resolved."""
    came_out = texts.words(OUTCOMES)[handoff.outcome] if handoff.outcome is not None else ""
    return f"{came_out}: {case_name(handoff.duplicate_of)}" if handoff.duplicate_of is not None else came_out


def _buttons(texts: Texts, screen: Card) -> list[Json]:
    ref, standing = Ref(screen.case, screen.revision), screen.handoff.standing
    row = [_button(texts, move, ref, waiting=standing is Standing.WAITING) for move in button_row(standing)]
    return [*row, *stop_menu(texts, Action.STOP_AS_AGENT, ref, screen.reminders)]


def _button(texts: Texts, move: type[AnyAgentMove], ref: Ref, *, waiting: bool) -> Json:
    """Return a move's button, or its menu if there is something to choose."""
    kind = kind_of(move)
    label = texts.button(kind, waiting=waiting)
    if move.choices is None:
        return button(kind, label, ref, style="primary" if move.primary else None)
    options = [
        option(words, str(Ref(ref.case, ref.revision, outcome)))
        for outcome, words in texts.words(OUTCOME_BUTTONS).items()
    ]
    return {
        "type": "static_select",
        "action_id": kind,
        "placeholder": plain(label, 150),
        "options": options,
    }


def _foot(texts: Texts, result: Result) -> list[Json]:
    words = texts.result(result)
    return [
        answer.DIVIDER,
        *to_blocks(words.verdict),
        *([preformatted(words.draft)] if words.draft else []),
        *to_blocks(words.why),
        *([note(to_plain(words.changes))] if words.changes else []),
    ]
