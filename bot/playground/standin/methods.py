"""All the Web API methods that the stand-in knows, and the checks made before one runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from . import (
    methods_blocks,
    methods_chat,
    methods_conversations,
    methods_files,
    methods_people,
    methods_views,
)
from .errors import Refusal
from .method import Ask, Method
from .model import Call, Token, TokenKind
from .seam import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .hub import Hub
    from .schema import Json

METHODS: Final[Mapping[str, Method]] = {
    method.name: method
    for method in (
        *methods_people.METHODS,
        *methods_blocks.METHODS,
        *methods_chat.METHODS,
        *methods_conversations.METHODS,
        *methods_files.METHODS,
        *methods_views.METHODS,
    )
}
ALL_BOT_SCOPES: Final = frozenset(
    {
        "app_mentions:read",
        "commands",
        "chat:write",
        "files:read",
        "files:write",
        "im:write",
        "users:read",
        "reactions:read",
        "reactions:write",
        *(f"{area}:{access}" for area in ("channels", "groups", "im") for access in ("read", "history")),
    },
)
NOBODY: Final = Token("", TokenKind.BOT, frozenset())


def _token(hub: Hub, method: Method, value: str | None) -> Token:
    if method.open:
        return NOBODY
    if not value:
        raise Refusal("not_authed")
    token = hub.world.tokens.get(value)
    if token is None:
        raise Refusal("invalid_auth")
    if token.revoked:
        raise Refusal("token_revoked")
    if token.kind not in method.tokens:
        raise Refusal("not_allowed_token_type")
    return token


def answer(hub: Hub, name: str, raw: Mapping[str, Any], value: str | None) -> Outcome:
    """Answer one call: find the method, check the token, its scopes and the arguments, then run it."""
    headers: dict[str, str] = {}
    try:
        method = METHODS.get(name)
        if method is None:
            raise Refusal("unknown_method", req_method=name)  # noqa: TRY301 - refusals end in one place
        token = _token(hub, method, value)
        headers = {"x-oauth-scopes": ",".join(sorted(token.scopes))}
        headers |= {"x-accepted-oauth-scopes": ",".join(method.scopes)} if method.scopes else {}
        if method.scopes:
            Ask(hub, token, {}).needs(*method.scopes)
        body: Json = {"ok": True, **method.does(Ask(hub, token, method.read(raw)))}
    except Refusal as refusal:
        body = refusal.answer()
    hub.log(Call(name, dict(raw), body, hub.world.clock(), value))
    return Outcome(200, body, headers)
