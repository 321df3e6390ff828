"""The methods about people, bots and tokens: `auth.*`, `users.*`, `bots.*`, `apps.*`, `api.test`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .errors import Refusal
from .method import BOOLEAN, CURSOR, STRING, Arg, Ask, Method, page_of
from .model import TokenKind, User
from .organization import ORGANIZATION, ORGANIZATION_NAME
from .payloads import bot_profile
from .world import APP_ID, BOT_ID, TEAM, TEAM_DOMAIN, TEAM_NAME

if TYPE_CHECKING:
    from .schema import Json

ORGANIZATION_WIDE: Final = {
    "team": ORGANIZATION_NAME,
    "team_id": ORGANIZATION,
    "enterprise_id": ORGANIZATION,
    "is_enterprise_install": True,
}
EITHER_TOKEN = frozenset(TokenKind)


def _auth_test(ask: Ask) -> Json:
    world = ask.hub.world
    common: Json = {"url": f"https://{TEAM_DOMAIN}.slack.com/", "team": TEAM_NAME, "team_id": TEAM}
    if ask.token.kind is TokenKind.APP:
        return {"app_name": world.users[world.bot].real_name, "app_id": APP_ID}
    return (
        common
        | {
            "user": world.users[world.bot].name,
            "user_id": world.bot,
            "bot_id": BOT_ID,
            "is_enterprise_install": False,
        }
        | (ORGANIZATION_WIDE if world.whole_organization else {})
    )


def _api_test(ask: Ask) -> Json:
    if ask.text("error"):
        raise Refusal(ask.text("error"), args=dict(ask.args))
    return {"args": dict(ask.args)}


def _connections_open(ask: Ask) -> Json:
    base = ask.hub.response_urls.base.replace("http://", "ws://")
    return {"url": f"{base}/link/?ticket={ask.hub.courier.socket_mode.ticket()}&app_id={APP_ID}"}


def user_json(user: User) -> Json:
    """Return a person as Slack's answers show them."""
    if user.deleted:
        return _gone(user)
    shown: Json = {
        "id": user.id,
        "team_id": user.team,
        "name": user.name,
        "deleted": False,
        "color": user.color,
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": user.tz,
        "tz_offset": user.tz_offset,
        "profile": {"real_name": user.real_name, "display_name": user.name, "team": user.team},
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": 0,
    }
    if not user.tz:
        shown = {name: value for name, value in shown.items() if not name.startswith("tz")}
    if user.team != TEAM:
        return shown | {"is_stranger": False}
    return shown | {
        "is_admin": False,
        "is_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
    }


def _gone(user: User) -> Json:
    """Return what Slack still says about somebody whose account was deactivated."""
    return {
        "id": user.id,
        "team_id": user.team,
        "name": user.name,
        "deleted": True,
        "profile": {"real_name": user.real_name, "display_name": user.name, "team": user.team},
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": 0,
    }


def _user_info(ask: Ask) -> Json:
    return {"user": user_json(ask.user())}


def _user_list(ask: Ask) -> Json:
    users, cursor = page_of(ask, list(ask.hub.world.users.values()), default=1000, most=1000)
    return {
        "members": [user_json(user) for user in users],
        "cache_ts": int(ask.hub.world.clock()),
        "response_metadata": {"next_cursor": cursor},
    }


def _bot_info(ask: Ask) -> Json:
    if ask.text("bot") != BOT_ID:
        raise Refusal("bot_not_found")
    return {"bot": bot_profile(ask.hub.world)}


METHODS = (
    Method("api.test", _api_test, {"error": STRING}, open=True),
    Method("auth.test", _auth_test, tokens=EITHER_TOKEN),
    Method(
        "apps.connections.open",
        _connections_open,
        scopes=("connections:write",),
        tokens=frozenset({TokenKind.APP}),
    ),
    Method(
        "users.info",
        _user_info,
        {"user": Arg(required=True, missing="user_not_found"), "include_locale": BOOLEAN},
        ("users:read",),
    ),
    Method(
        "users.list",
        _user_list,
        {**CURSOR, "include_locale": BOOLEAN},
        ("users:read",),
    ),
    Method("bots.info", _bot_info, {"bot": STRING}, ("users:read",)),
)
