"""App Home as a view: tabs for agents, a page of cases, the week's numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from bot.conversation.agent_moves import Claim, Reply, kind_of
from bot.conversation.derive import result_of
from bot.conversation.handoff import HELD, Handoff, Standing
from bot.conversation.people import Posted, case_name
from bot.conversation.screens import Listed, Result
from bot.desk.app_home_views import Home, HomeRow, Tab, Week
from bot.render import contexts_home as h
from bot.render import contexts_lines as lines
from bot.render import to_blocks, trusted
from bot.render.answer_texts import window_of
from bot.render.document import Mention, Moment
from bot.render.environment import Context
from bot.render.screen_labels import CardLabels, HomeLabels
from bot.render.texts import Texts
from bot.render.typed import Trusted
from bot.render.word_lists import OUTCOMES, STANDINGS
from bot.slack.blocks import card
from bot.slack.blocks.answer import DIVIDER, marked
from bot.slack.blocks.case_list import state_line
from bot.slack.blocks.ids import Action, Ref, visit_text
from bot.slack.blocks.parts import SECTION_TEXT, Json, Style, actions, button, cut, mention, note, plain

LONG_WAIT: Final = 120  # minutes; longer waits are given in hours
LONGEST_ORDER: Final = 80
SETTLED: Final = frozenset({Standing.RESOLVED, Standing.CLOSED})


def home_view(texts: Texts, home: Home, slack: str, notice: Sequence[Json] = ()) -> Json:
    """Return App Home as a view. `slack` is the workspace's address, `notice` goes on top."""
    blocks = [
        *(_tabs(texts, home) if len(home.counts) > 1 else []),
        *notice,
        *(_done(texts, home, home.done, slack) if home.done else []),
        *_said(texts, _head(home)),
        *(actions([_start(texts)]) if home.tab is Tab.OWN else []),
        *[block for row in home.rows for block in _row(texts, home, row, slack)],
        *[block for back, week in enumerate(home.weeks) for block in _week(texts, week, back)],
        *_pager(texts, home),
    ]
    return {"type": "home", "private_metadata": visit_text(home.tab, home.page), "blocks": blocks}


def _said(texts: Texts, context: Context | None) -> list[Json]:
    return to_blocks(texts.say(context)) if context is not None else []


def _head(home: Home) -> Context:
    match home.tab:
        case Tab.OWN:
            return h.OwnHead(home.count)
        case Tab.QUEUE:
            return h.QueueHead(home.count)
        case Tab.HELD:
            return h.HeldHead(home.count)
        case Tab.RISK:
            return h.RiskHead(home.count)
        case Tab.WEEK:
            return h.WeekHead()


def _tabs(texts: Texts, home: Home) -> list[Json]:
    """Return the tabs as buttons, with how many cases each lists."""
    row = []
    for tab, count in home.counts:
        name = _tab(texts.labels(HomeLabels), tab)
        title = name if count is None else f"{name} ({count})"
        style: Style = "primary" if tab is home.tab else None
        row.append(button(Action.HOME, title, Ref(0, 0, visit_text(tab, 1)), unique=tab, style=style))
    return actions(row)


def _tab(labels: HomeLabels, tab: Tab) -> str:
    match tab:
        case Tab.OWN:
            return labels.own
        case Tab.QUEUE:
            return labels.queue
        case Tab.HELD:
            return labels.held
        case Tab.RISK:
            return labels.risk
        case Tab.WEEK:
            return labels.week


def _start(texts: Texts) -> Json:
    return button(Action.NEW, texts.labels(HomeLabels).start, Ref(0, 0), style="primary")


def _pager(texts: Texts, home: Home) -> list[Json]:
    """Return where in the list this page is, and the buttons to its neighbors."""
    if home.pages == 1:
        return []
    labels = texts.labels(HomeLabels)
    row = [
        button(Action.HOME, words, Ref(0, 0, visit_text(home.tab, page)), unique=way)
        for way, words, page in (
            ("previous", labels.previous, home.page - 1),
            ("next", labels.next, home.page + 1),
        )
        if 1 <= page <= home.pages
    ]
    where = texts.line_of(lines.PageOf(home.page, home.pages, home.count))
    return [DIVIDER, *actions(row), note(where)]


# --- the cases


def _row(texts: Texts, home: Home, row: HomeRow, slack: str) -> list[Json]:
    """Return a case in two lines, with a button beside them and its owner below."""
    beside = filter(None, (_window(texts, row), cut(row.order, LONGEST_ORDER)))
    both = filter(None, (_title(texts, home, row), "  ·  ".join(beside)))
    section: Json = {"type": "section", "text": plain("\n".join(both), SECTION_TEXT)}
    if (accessory := _button(texts, home, row)) is not None:
        section["accessory"] = accessory
    below = _said(texts, _standing(texts, home, row, row.handoff, slack)) if row.handoff is not None else []
    return [DIVIDER, section, *below]


def _title(texts: Texts, home: Home, row: HomeRow) -> str:
    """Return a case's number and how far it is; only agents see that it is urgent."""
    number, result = row.screen.case, result_of(row.screen)
    name = case_name(number)
    if home.tab is Tab.OWN:
        return f"{name}  {state_line(texts, Listed(number, row.screen))}"
    urgent = "🚨 " if row.handoff is not None and row.handoff.urgent else ""
    line = (
        marked(result, texts.headline(result)) if result is not None else texts.labels(CardLabels).unfinished
    )
    return f"{urgent}{name}  {line}"


def _window(texts: Texts, row: HomeRow) -> str:
    """Return what is left of the refund window while that matters; the headline has its last day."""
    result, handoff = result_of(row.screen), row.handoff
    last_day = result.decision.refund.last_day if result is not None else None
    if result is None or last_day is None or (handoff is not None and handoff.standing in SETTLED):
        return ""
    left, window = (last_day - result.on).days, window_of(result)
    if left < 0:
        return ""
    return f"{card.bar(left, window)}  {texts.line_of(lines.DaysLeft(left, window))}"


def _button(texts: Texts, home: Home, row: HomeRow) -> Json | None:
    """Return the likeliest next step with a case, None if it is another agent's."""
    name, labels = case_name(row.screen.case), texts.labels(HomeLabels)
    ref = Ref(row.screen.case, 0)  # valid at any revision: opening or claiming shows the case as it is then
    if home.tab is Tab.OWN:
        unfinished = not isinstance(row.screen, Result)
        return button(Action.OPEN, labels.proceed if unfinished else labels.open, ref, unique=name)
    match row.handoff:
        case Handoff(standing=Standing.WAITING):
            return button(kind_of(Claim), labels.claim, ref, unique=name)
        case Handoff(claimed_by=agent) if agent == home.viewer:
            return button(kind_of(Reply), labels.reply, ref, unique=name)
        case _:
            return None


def _standing(texts: Texts, home: Home, row: HomeRow, handoff: Handoff, slack: str) -> Context | None:
    """Return where a case stands, None while the bot answers it."""
    at, agent = Moment(handoff.began), mention(handoff.claimed_by)
    match handoff.standing:
        case Standing.NEW:
            return None
        case Standing.RESOLVED:
            return h.OwnResolved(at, card.outcome_of(texts, handoff))
        case Standing.CLOSED:
            return h.OwnClosed(at)
        case Standing.WAITING if home.tab is Tab.OWN:
            return h.OwnWaiting(at)
        case Standing.CLAIMED if home.tab is Tab.OWN:
            return h.OwnClaimed(agent, at)
        case Standing.ASKED if home.tab is Tab.OWN:
            return h.OwnAsked(agent, at)
        case standing:
            return _handled(home, row, handoff, standing, card_link(row.card, slack))


def _handled(
    home: Home,
    row: HomeRow,
    handoff: Handoff,
    standing: Literal[Standing.WAITING, Standing.CLAIMED, Standing.ASKED],
    card: Trusted | None,
) -> Context:
    """Return where a case stands in an agent's list."""
    at, agent, requester = Moment(handoff.began), mention(handoff.claimed_by), mention(row.requester)
    mine = handoff.claimed_by == home.viewer
    match standing:
        case Standing.WAITING:
            return h.HandledWaiting(requester, at, card)
        case Standing.CLAIMED:
            claimed = h.HandledClaimed(requester, agent, at, card)
            return h.HandledMine(requester, at, card) if mine else claimed
        case Standing.ASKED:
            return h.HandledAsked(requester, agent, at, mine, card)


def _done(texts: Texts, home: Home, row: HomeRow, slack: str) -> list[Json]:
    """Return the result of what an agent just did: they have the case, or somebody was faster."""
    handoff = row.handoff
    if handoff is None:
        return []
    mine = handoff.claimed_by == home.viewer and handoff.standing in HELD
    agent = _agent(handoff) if handoff.standing in HELD else None
    since, card = Moment(handoff.began), card_link(row.card, slack)
    name = case_name(row.screen.case)
    return _said(texts, h.HomeDone(name, texts.words(STANDINGS)[handoff.standing], agent, since, mine, card))


def _agent(handoff: Handoff) -> Mention | None:
    return mention(handoff.claimed_by) if handoff.claimed_by is not None else None


def card_link(card: Posted | None, slack: str) -> Trusted | None:
    """Return the address of a message in a workspace, None if either is unknown."""
    if card is None or not slack:
        return None
    return trusted(f"{slack.rstrip('/')}/archives/{card.channel}/p{card.ts.replace('.', '')}")


# --- the week


def _week(texts: Texts, week: Week, back: int) -> list[Json]:
    minutes = round(week.wait.total_seconds() / 60) if week.wait is not None else 0
    hours = round(minutes / 60) if minutes >= LONG_WAIT else 0
    resolved = tuple(h.Resolved(texts.words(OUTCOMES)[how], number) for how, number in week.resolved)
    total = sum(each.number for each in resolved)
    numbers = (week.handed_over, week.claimed, hours, minutes, total)
    return [DIVIDER, *_said(texts, h.HomeWeek(week.first, week.last, back, *numbers, resolved))]
