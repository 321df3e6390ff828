"""A handed-over case in the agents' channel: the card, its deadline as a bar, what is said to one agent."""

from __future__ import annotations

from typing import Final

from bot.conversation.derive import has_draft
from bot.conversation.effects import Denial, TellAgent
from bot.conversation.people import Handoff, case_name
from bot.conversation.screens import Card, Result
from bot.conversation.standing import Resolution, Standing
from bot.render import contexts as c
from bot.render import contexts_desk as d
from bot.render import to_blocks, to_fallback, to_plain
from bot.render.environment import Context
from bot.render.filters import plural, weekday_day
from bot.render.mentions import Mention, Moment
from bot.render.texts import Texts, program_in, window_of
from bot.render.word_lists import OUTCOMES, STANDINGS
from bot.slack import answers
from bot.slack.ids import Action, Ref
from bot.slack.messages import Message, mention, said
from bot.slack.parts import Json, actions, button, header, note, option, plain, preformatted
from bot.slack.promises import hush_menu, promised

UNFINISHED: Final = "handed over before the last question"
CELLS: Final = 15
BUTTONS: Final = {
    Resolution.REFUNDED: "Refunded",
    Resolution.CANCELED_ONLY: "Canceled only",
    Resolution.REFUSED: "Refused",
    Resolution.SENT_TO_PROVIDER: "Sent to provider",
    Resolution.DUPLICATE: "Duplicate",
}


def card(texts: Texts, screen: Card) -> Message:
    """Return a case as a card: how it stands, whose it is, by when, and what to do; then the rest."""
    result = screen.result
    headline = answers.marked(result, texts.headline(result)) if result else UNFINISHED
    urgent = "🚨 " if screen.handoff.urgent else ""
    head = texts.say(_head(screen))
    blocks = [
        header(f"{urgent}{case_name(screen.case)}: {headline}"),
        *to_blocks(texts.say(_standing(texts, screen.handoff))),
        *to_blocks(head),
        *([note(answers.facts_line(texts, screen.answers))] if screen.answers else []),
        *([note(line)] if result and (line := deadline(result)) else []),
        *_changed(texts, screen),
        *actions(_buttons(screen)),
        *(_foot(texts, result) if result else []),
        *([note(promised(screen.promises))] if screen.promises else []),
    ]
    return Message(blocks, to_fallback(head))


def deadline(result: Result) -> str:
    """Return the refund window drawn as a bar, with the days that are left; empty where none is open."""
    last_day = result.decision.refund.last_day
    if last_day is None:
        return ""
    left, window = (last_day - result.on).days, window_of(result)
    if left < 0:
        return f"{'▱' * CELLS}  the window closed on {weekday_day(last_day)}"
    words = "today is the last day" if left == 0 else f"{left} of {plural(window, 'day')} left"
    return f"{bar(left, window)}  {words}, until {weekday_day(last_day)}"


def bar(left: int, window: int) -> str:
    """Return days left of a window as a bar: full at its beginning, one cell on its last day."""
    filled = min(CELLS, 1 + left * (CELLS - 1) // max(window, 1))
    return "▰" * filled + "▱" * (CELLS - filled)


def outcome_buttons(ref: Ref) -> list[Json]:
    """Return a button for each outcome."""
    return [
        button(Action.RESOLVE, words, Ref(ref.case, ref.revision, resolution), unique=resolution)
        for resolution, words in BUTTONS.items()
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
    """Return what has changed since the case was handed over, before and after."""
    if not screen.changes:
        return []
    draft = screen.result is not None and has_draft(screen.result.decision)
    program = program_in(screen.answers)
    return to_blocks(
        texts.say(c.CardChanged(draft, tuple(texts.changed(change, program) for change in screen.changes)))
    )


def _head(screen: Card) -> d.CardHead:
    person = screen.requester
    where = Mention("channel", screen.origin.channel) if screen.origin else None
    # an organization's workspaces are not told apart from others' here
    elsewhere = person.installation.startswith("T") and person.team != person.installation
    return d.CardHead(mention(person), elsewhere, where, Moment(screen.handoff.asked_at))


def _standing(texts: Texts, handoff: Handoff) -> Context:
    at, agent = Moment(handoff.began), mention(handoff.claimed_by)
    match handoff.standing:
        case Standing.NEW:
            return d.CardNew(at)
        case Standing.WAITING:
            return d.CardWaiting(at)
        case Standing.CLAIMED:
            return d.CardClaimed(agent, at)
        case Standing.ASKED:
            return d.CardAsked(agent, at)
        case Standing.RESOLVED:
            by = agent if handoff.claimed_by is not None else None
            return d.CardResolved(by, at, outcome_of(texts, handoff))
        case Standing.CLOSED:
            return d.CardClosed(at)


def outcome_of(texts: Texts, handoff: Handoff) -> str:
    """Return in words how a resolved case came out."""
    return texts.words(OUTCOMES)[handoff.resolution] if handoff.resolution is not None else ""


def _buttons(screen: Card) -> list[Json]:
    ref = Ref(screen.case, screen.revision)
    match screen.handoff.standing:
        case Standing.WAITING:
            row = [
                button(Action.CLAIM, "Claim", ref, style="primary"),
                button(Action.REASSIGN, "Give to…", ref),
                _outcomes(ref),
            ]
        case Standing.CLAIMED | Standing.ASKED:
            row = [
                button(Action.REPLY, "Reply to requester", ref, style="primary"),
                button(Action.ASK, "Ask for details", ref),
                _outcomes(ref),
                button(Action.REASSIGN, "Reassign…", ref),
                button(Action.GIVE_BACK, "Give back to the bot", ref),
            ]
        case Standing.RESOLVED | Standing.CLOSED:
            row = [button(Action.REOPEN, "Reopen", ref)]
        case Standing.NEW:
            row = []
    return [*row, *hush_menu(Action.HUSH, ref, screen.promises)]


def _outcomes(ref: Ref) -> Json:
    options = [
        option(words, str(Ref(ref.case, ref.revision, resolution))) for resolution, words in BUTTONS.items()
    ]
    return {
        "type": "static_select",
        "action_id": Action.RESOLVE.value,
        "placeholder": plain("Resolve as…", 150),
        "options": options,
    }


def _foot(texts: Texts, result: Result) -> list[Json]:
    words = texts.result(result)
    return [
        answers.DIVIDER,
        *to_blocks(words.verdict),
        *([preformatted(words.draft)] if words.draft else []),
        *to_blocks(words.why),
        *([note(to_plain(words.changes))] if words.changes else []),
    ]
