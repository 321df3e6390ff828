"""The pieces of payloads, read so that nothing raises, whatever was sent."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.conversation.people import Person
from bot.slack.blocks.ids import Ref, read_ref
from bot.slack.inbound.incoming import Payload

LONGEST_KEY: Final = 255
_ID: Final = re.compile(r"[A-Za-z0-9]{1,32}")
_TEAM: Final = re.compile(r"T[A-Za-z0-9]{1,31}")
_DECLARED: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")


def key(kind: str, *parts: str) -> str:
    """Return a receipt's key; one that is too long for its column is replaced by its digest."""
    whole = ":".join((kind, *parts))
    return whole if len(whole) <= LONGEST_KEY else f"{kind}:{hashlib.sha256(whole.encode()).hexdigest()}"


def person(home: str, team: str, user: str) -> Person | None:
    """Return who somebody is, None if the user id is not one of Slack's.

    The team is for showing only. A payload may name an organization in its place, or nothing: then it is
    `home`.
    """
    return Person(home, workspace(team) or home, user) if _ID.fullmatch(user) else None


def clicker(body: object, home: str) -> Person | None:
    """Return who sent an interaction: a click, a submission or a shortcut."""
    user = part(body, "user")
    return person(home, text(user, "team_id") or text(part(body, "team"), "id"), text(user, "id"))


def is_id(found: str) -> bool:
    """Tell whether a text has the form of an id of Slack's."""
    return _ID.fullmatch(found) is not None


def workspace(team: str) -> str | None:
    """Return the id of a workspace, None if it is an organization's, or no id."""
    return team if _TEAM.fullmatch(team) else None


def part(body: object, name: str) -> dict[str, Any]:
    """Return a part of a payload, empty if there is none."""
    found = body.get(name) if isinstance(body, Mapping) else None
    return found if isinstance(found, dict) else {}


def text(body: object, name: str) -> str:
    """Return a text as every database takes it: without NUL and without halves of characters."""
    found = body.get(name) if isinstance(body, Mapping) else None
    if not isinstance(found, str):
        return ""
    return found.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")


def objects(body: object, name: str) -> list[dict[str, Any]]:
    """Return the objects in a list of a payload."""
    found = body.get(name) if isinstance(body, Mapping) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def is_declared_name(name: str) -> bool:
    """Tell whether a name has the form of one that a policy file declares."""
    return _DECLARED.fullmatch(name) is not None


def clicked(body: Payload) -> Payload:
    """Return the first action of a payload; Slack sends one."""
    found = body.get("actions")
    first = found[0] if isinstance(found, list) and found else None
    return first if isinstance(first, dict) else {}


def ref_of_click(click: Payload) -> Ref | None:
    """Return what a click is about: from the button's value, the menu's option, or the date picker's id."""
    if picked := text(click, "selected_date"):
        _, _, about = text(click, "action_id").partition(":")
        return read_ref(f"{about}.{picked}")
    option = click.get("selected_option")
    return read_ref(text(option if isinstance(option, dict) else click, "value"))


def ref_of_view(view: Payload) -> Ref | None:
    """Return what a modal is about."""
    return read_ref(text(view, "private_metadata"))


def case_of(body: Payload) -> int | None:
    """Return the number of the case that a payload is about, as far as it can be told; for the log."""
    ref = ref_of_click(clicked(body)) or ref_of_view(part(body, "view"))
    return ref.case if ref else None


def remove_response_urls(body: dict[str, Any], is_allowed: Callable[[object], bool]) -> list[object]:
    """Remove every response URL that is not allowed from a payload, and return those removed."""
    places = [body, *objects(body, "response_urls")]
    refused = [place for place in places if (url := place.get("response_url")) and not is_allowed(url)]
    return [place.pop("response_url") for place in refused]
