"""Clicks on buttons, choices in menus, picked dates.

https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
"""

from __future__ import annotations

from typing import Final

from bot.conversation.agent_move import Filled
from bot.conversation.agent_moves import AnyAgentMove, Duplicate, Resolve, kind_of
from bot.conversation.answer_tokens import asked_of
from bot.conversation.case import Surface
from bot.conversation.events import (
    Answered,
    AskedForPerson,
    AskedWhy,
    Corrected,
    CreditCame,
    Event,
    GaveUp,
    Opened,
    OpenedTicket,
    Returned,
    Revisited,
    RevisitedDetails,
    Said,
    SentIt,
    Shared,
    Skipped,
    StartedOver,
    Stopped,
    WentBack,
)
from bot.conversation.handoff import Outcome
from bot.conversation.reminder_kinds import Reminder
from bot.desk.app_home_views import Visit
from bot.desk.deliveries import (
    Act,
    AskWhose,
    Assign,
    Delivery,
    Handle,
    Intent,
    OpenRow,
    Prepare,
    ReadList,
    Spot,
    Start,
    StopReminder,
)
from bot.slack.blocks.ids import Action, Ref, read_action, read_keys, read_order, read_visit
from bot.slack.blocks.list_refs import read_list_text, read_row_text
from bot.slack.inbound.commands import start_in
from bot.slack.inbound.fields import clicked, clicker, is_declared_name, key, part, ref_of_click, text
from bot.slack.inbound.incoming import Asker, Foreign, Incoming, Payload, Place
from policy.facts import Detail, Fact

LONGEST_TOKEN: Final = 80

_EVENTS: Final[dict[Action, Event]] = {
    Action.OPEN: Opened(),
    Action.SKIP: Skipped(),
    Action.BACK: WentBack(),
    Action.WHY: AskedWhy(),
    Action.START_OVER: StartedOver(),
    Action.GIVE_UP: GaveUp(),
    Action.DETAILS: RevisitedDetails(),
    Action.EDIT: OpenedTicket(),
    Action.HAND_OFF: AskedForPerson(),
    Action.SHARE: Shared(),
    Action.RETURN: Returned(),
    Action.SENT_IT: SentIt(),
    Action.CREDIT_CAME: CreditCame(came=True),
    Action.CREDIT_MISSING: CreditCame(came=False),
}
_STARTING: Final = frozenset({Action.START, Action.ANOTHER, Action.NEW})
# Right at any revision: looking at a case again, handing it over, buttons that stand in a message for days.
_ANY_REVISION: Final = frozenset(
    {Action.OPEN, Action.HAND_OFF, Action.GIVE_UP, Action.RETURN, Action.SENT_IT, Action.STOP, Action.DETAILS}
    | {Action.CREDIT_CAME, Action.CREDIT_MISSING, Action.CORRECT}
)


def read(body: Payload, home: str) -> Incoming | Foreign:
    """Read a click on a button, a choice in a menu, or a picked date."""
    click = clicked(body)
    action, ref = _chosen(read_action(text(click, "action_id")), ref_of_click(click))
    who = clicker(body, home)
    case = ref.case if ref else None
    place, trigger, url = place_of(body), text(body, "trigger_id"), text(body, "response_url") or None
    asker = Asker(who, place, url) if who else None
    if action is None:
        return Foreign("an unknown action", case, asker)
    intent = _start(action, place, url) if ref is None or action in _STARTING else _act(action, ref, place)
    if intent is None or who is None:
        return Foreign("an action without its case or person", case, asker)
    where = place.view or place.ts or ""
    delivered = key("action", trigger or text(click, "action_ts"), text(click, "action_id"), where)
    if isinstance(intent, OpenRow):  # however often it is clicked: one case
        delivered = key("row", intent.file, str(intent.line), who.user)
    under = place.thread if (place.channel or "").startswith("D") and place.thread != place.ts else None
    return Incoming(
        Delivery(delivered, who, intent, url, under, whispered=place.whispered), trigger or None, place, url
    )


def _chosen(
    action: Action | type[AnyAgentMove] | None, ref: Ref | None
) -> tuple[Action | type[AnyAgentMove] | None, Ref | None]:
    """Return what was chosen in a menu of actions, each item of which carries its action and its argument."""
    if action is not Action.MORE or ref is None:
        return action, ref
    name, _, argument = ref.argument.partition("=")
    return read_action(name), Ref(ref.case, ref.revision, argument)


def place_of(body: Payload) -> Place:
    """Return where something was clicked."""
    container, view = part(body, "container"), part(body, "view")
    channel = text(container, "channel_id") or text(part(body, "channel"), "id")
    if text(view, "type") == "home":
        return Place(home=read_visit(text(view, "private_metadata")) or Visit())
    return Place(
        view=text(view, "id") or None,
        view_hash=text(view, "hash") or None,
        channel=channel or None,
        ts=text(container, "message_ts") or None,
        thread=text(container, "thread_ts") or None,
        whispered=container.get("is_ephemeral") is True,
    )


def _start(action: Action | type[AnyAgentMove], place: Place, url: str | None) -> Intent | None:
    channel, url = place.channel or "", url or ""
    match action:
        case Action.START:
            return start_in(channel, url)
        case Action.ANOTHER:
            return start_in(channel, url, alike=True)
        case Action.NEW:
            return start_in(channel, url, afresh=True)
        case _:
            return None


def _act(action: Action | type[AnyAgentMove], ref: Ref, place: Place) -> Intent | None:
    if action is Action.HOME:
        return read_visit(ref.argument)
    spot = Spot(place.channel or "", place.ts or "", place.thread) if place.home is None else None
    if action is Action.ONE_ORDER:
        return _one_order(ref, place)
    if action is Action.TELL_LIST:
        return _list_told(ref, place)
    if action is Action.OPEN_ROW:
        return _row(ref)
    if action in (Action.ASSIGN, Action.ANOTHER_CASE):
        return _whose(action, ref)
    if action is Action.STOP_AS_AGENT:
        return reminder_stopped(ref, spot)
    if not isinstance(action, Action):
        return move_clicked(action, ref, spot)
    event = _event(action, ref)
    if event is None:
        return None
    return Act(ref.case, event, None if action in _ANY_REVISION else ref.revision)


def _one_order(ref: Ref, place: Place) -> Intent | None:
    """Return the start of a case of one of several orders, where these were named."""
    surface = Surface.DM if place.view is None else Surface.MODAL
    order = read_order(ref.argument)
    if order is None or not all(is_declared_name(name) for name, _ in (*order.tokens, *order.details)):
        return None
    return Start(surface, order=order, beside=ref.case, revision=ref.revision)


def _whose(action: Action | type[AnyAgentMove], ref: Ref) -> Intent | None:
    """Return which case somebody's messages are about, or that they want to be asked."""
    if (found := read_keys(ref.argument)) is None:
        return None
    asked_under, messages = found
    if action is Action.ASSIGN:
        return Assign(ref.case, messages, asked_under)
    return AskWhose(ref.case, messages)


def _list_told(ref: Ref, place: Place) -> ReadList | None:
    """Return what is said of a whole list, in the message that is to be redrawn."""
    found = read_list_text(ref.argument)
    if found is None or not (place.channel and place.ts):
        return None
    return ReadList(found.file, found.name, found.told, place.channel, place.ts)


def _row(ref: Ref) -> OpenRow | None:
    """Return the row of a list of which a case is wanted."""
    if (found := read_row_text(ref.argument)) is None:
        return None
    facts = tuple((Fact(name), token) for name, token in found.facts)
    return OpenRow(found.file, found.line, facts, tuple((Detail(name), it) for name, it in found.details))


def _event(action: Action, ref: Ref) -> Event | None:
    match action:
        case Action.CHOOSE:
            fact, _, token = ref.argument.partition("=")
            return Answered(Fact(fact), token[:LONGEST_TOKEN]) if is_declared_name(fact) else None
        case Action.GUESS | Action.USE_DETAIL | Action.PICK_DATE:
            return Said(ref.argument)
        case Action.CHANGE if ref.argument == Action.DETAILS:
            return RevisitedDetails()
        case Action.CHANGE if ref.argument == Action.START_OVER:
            return StartedOver()
        case Action.CORRECT:
            return _corrected(ref.argument)
        case Action.STOP:
            return Stopped(Reminder(ref.argument)) if ref.argument in set(Reminder) else None
        case Action.CHANGE:
            return Revisited(Fact(ref.argument)) if is_declared_name(ref.argument) else None
        case _:
            return _EVENTS.get(action)


def _corrected(argument: str) -> Corrected | None:
    of = asked_of(argument)
    return Corrected(of) if is_declared_name(of) else None


def move_clicked(kind: type[AnyAgentMove], ref: Ref, spot: Spot | None) -> Handle | Prepare | None:
    """Return what a move's button wants, None where it makes no sense. In App Home it has no spot."""
    if kind is Resolve and ref.argument == Outcome.DUPLICATE:
        kind = Duplicate  # it has to be said of which case
    if kind.form is not None:
        return Prepare(ref.case, kind_of(kind), spot)
    return _made(ref, kind.read(Filled(choice=ref.argument)), spot)


def move_submitted(kind: type[AnyAgentMove], ref: Ref, filled: Filled) -> Handle | None:
    """Return what a move's form wants."""
    return _made(ref, kind.read(filled), None) if kind.form is not None else None


def reminder_stopped(ref: Ref, spot: Spot | None) -> StopReminder | None:
    """Return which reminder an agent stops, None where there is none of that name."""
    known = ref.argument in set(Reminder)
    return StopReminder(ref.case, Reminder(ref.argument), spot) if known else None


def _made(ref: Ref, move: AnyAgentMove | None, spot: Spot | None) -> Handle | None:
    return Handle(ref.case, move, spot) if move is not None else None
