"""An organization of several workspaces: payloads name a different one beside a person from time to time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .schema import copied
from .transport import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .schema import Json

ORGANIZATION: Final = "E0PLAYGROUND"
ORGANIZATION_NAME: Final = "Playground Inc."
SISTER_TEAM: Final = "T0SISTER"


@dataclass(frozen=True, slots=True)
class Guise:
    """How payloads name one person of the organization.

    `team` is given beside the user id: a workspace, the organization itself, or None for no team. `whole`:
    the payload is one for an app that the whole organization has installed.
    """

    team: str | None = SISTER_TEAM
    whole: bool = False


def in_guise(kind: Kind, body: Json, guises: Mapping[str, Guise]) -> Json:
    """Return a payload that names its actor by their guise, or the payload itself if they have none."""
    guise = guises.get(_actor(kind, body))
    if guise is None:
        return body
    named = copied(body)
    match kind:
        case Kind.COMMAND:
            _named(named, "team_id", guise.team)
            named |= {
                "enterprise_id": ORGANIZATION,
                "enterprise_name": ORGANIZATION_NAME,
                "is_enterprise_install": "true" if guise.whole else "false",
            }
        case Kind.INTERACTION:
            _named(named["user"], "team_id", guise.team)
            home = {"enterprise_id": ORGANIZATION, "enterprise_name": ORGANIZATION_NAME}
            named["team"] = (
                None if guise.whole else {**named["team"], "id": guise.team or ORGANIZATION, **home}
            )
            named["enterprise"] = {"id": ORGANIZATION, "name": ORGANIZATION_NAME}
            named["is_enterprise_install"] = guise.whole
        case Kind.EVENT:
            _event(named, guise)
    return named


def _actor(kind: Kind, body: Json) -> str:
    """Return the user id of the person who acts, or None."""
    match kind:
        case Kind.COMMAND:
            return str(body["user_id"])
        case Kind.INTERACTION:
            return str(body["user"]["id"])
        case _:
            return str(_subject(body.get("event") or {}).get("user"))  # some tell of the app itself


def _subject(event: Json) -> Json:
    """Return the part of an event that names its actor: for a changed message, the message."""
    found: Json = event.get("message") or event.get("previous_message") or event
    return found


def _event(body: Json, guise: Guise) -> None:
    subject = _subject(body["event"])
    for name in ("user_team", "source_team", "team"):
        _named(subject, name, guise.team)
    body |= {"enterprise_id": ORGANIZATION, "context_enterprise_id": ORGANIZATION}
    body["context_team_id"] = None if guise.whole else guise.team
    for authorization in body["authorizations"]:
        authorization |= {"enterprise_id": ORGANIZATION, "is_enterprise_install": guise.whole}
        if guise.whole:
            authorization["team_id"] = None


def _named(part: Json, name: str, team: str | None) -> None:
    part.pop(name, None)
    if team is not None:
        part[name] = team
