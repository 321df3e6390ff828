"""The ids of what certdesk draws in Slack, and the references that they carry.

An agent's move needs none here: its button and its form use the move's own id.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import parse_qsl, urlencode

from bot.conversation.agent_moves import AGENT_MOVES, AnyAgentMove
from bot.conversation.screens import OneOrder
from bot.desk.app_home_views import Tab, Visit
from policy.facts import Detail, Fact

MOST_SAID: Final = 40


class Action(StrEnum):
    """What a button or another element does. In Slack a colon and a suffix may make the id unique."""

    START = "start"
    OPEN = "open"
    CHOOSE = "choose"
    PICK_DATE = "pick_date"
    GUESS = "guess"
    USE_DETAIL = "use_detail"
    SKIP = "skip"
    BACK = "back"
    WHY = "why"
    START_OVER = "start_over"
    GIVE_UP = "give_up"
    CHANGE = "change"
    MORE = "more"
    CORRECT = "correct"
    DETAILS = "details"
    EDIT = "edit"
    HAND_OFF = "hand_off"
    SHARE = "share"
    ANOTHER = "another"
    ONE_ORDER = "one_order"
    ANOTHER_CASE = "another_case"
    ASSIGN = "assign"
    TELL_LIST = "tell_list"
    OPEN_ROW = "open_row"
    STOP_AS_AGENT = "stop_as_agent"
    RETURN = "return"
    SENT_IT = "sent_it"
    CREDIT_CAME = "credit_came"
    CREDIT_MISSING = "credit_missing"
    STOP = "stop"
    NEW = "new"
    HOME = "home"
    INPUT = "input"


class Callback(StrEnum):
    """Which form a view is."""

    QUESTION = "question"
    DETAILS = "details"
    TICKET = "ticket"
    RESULT = "result"


@dataclass(frozen=True, slots=True)
class Ref:
    """What a button is about: a case at a revision, and the button's own argument."""

    case: int
    revision: int
    argument: str = ""

    def __str__(self) -> str:
        return f"{self.case}.{self.revision}.{self.argument}"


_REF: Final = re.compile(r"(\d{1,12})\.(\d{1,9})\.(.*)", re.DOTALL | re.ASCII)


def read_ref(text: str) -> Ref | None:
    """Return the reference of a button, None if it is not one of ours."""
    found = _REF.fullmatch(text)
    return Ref(int(found[1]), int(found[2]), found[3]) if found else None


_KEYS: Final = re.compile(r"(\d{1,12})((?: [!-~]{1,255}){1,20})", re.ASCII)


def keys_text(asked_under: int, messages: Sequence[str]) -> str:
    """Return the value of a button about messages: their keys, and the case under which it is asked."""
    return " ".join((str(asked_under), *messages))


def read_keys(text: str) -> tuple[int, tuple[str, ...]] | None:
    """Return the case and the messages of a button, None if it is not one of ours."""
    found = _KEYS.fullmatch(text)
    return (int(found[1]), tuple(found[2].split())) if found else None


def order_text(order: OneOrder) -> str:
    """Return the value of a button about one of several orders."""
    facts = [(f"fact.{fact}", token) for fact, token in order.tokens]
    details = [(f"detail.{detail}", value) for detail, value in order.details]
    return urlencode([("name", order.name), *facts, *details])


def read_order(text: str) -> OneOrder | None:
    """Return the order of a button, None if it is not one of ours."""
    try:
        pairs = parse_qsl(text, strict_parsing=True, max_num_fields=MOST_SAID)
    except ValueError:
        return None
    name = next((value for key, value in pairs if key == "name"), "")
    said = [(kind, what, value) for key, value in pairs for kind, _, what in [key.partition(".")]]
    facts = tuple((Fact(what), value) for kind, what, value in said if kind == "fact")
    details = tuple((Detail(what), value) for kind, what, value in said if kind == "detail")
    return OneOrder(name, facts, details) if name else None


# Ids of buttons drawn by an older version, which stay in Slack until their message is redrawn.
STILL_DRAWN: Final = {"hush": "stop_as_agent", "ask": "ask_back"}


def read_action(action_id: str) -> Action | type[AnyAgentMove] | None:
    """Return the action, or the agent's move, of an id; None if it is not one of ours."""
    name = action_id.partition(":")[0]
    name = STILL_DRAWN.get(name, name)
    return Action(name) if name in set(Action) else AGENT_MOVES.get(name)


def read_callback(callback_id: str) -> Callback | type[AnyAgentMove] | None:
    """Return which form a view is, or whose move's; None if it is not one of ours."""
    name = STILL_DRAWN.get(callback_id, callback_id)
    return Callback(name) if name in set(Callback) else AGENT_MOVES.get(name)


_VISIT: Final = re.compile(r"([a-z]{1,8})\.(\d{1,6})", re.ASCII)


def visit_text(tab: Tab, page: int) -> str:
    """Return a page of App Home as its buttons, and the view itself, carry it."""
    return f"{tab}.{page}"


def read_visit(text: str) -> Visit | None:
    """Return the page of App Home of a button or the view, None if it is not one of ours."""
    found = _VISIT.fullmatch(text)
    return Visit(Tab(found[1]), int(found[2])) if found and found[1] in set(Tab) else None
