"""`Method`, a Web API method: its arguments, the tokens and scopes it requires, and what it does."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from .encoding import parse
from .errors import Refusal
from .model import Channel, ChannelKind, Token, TokenKind, User

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .hub import Hub
    from .schema import Json


T = TypeVar("T")


class Type(StrEnum):
    """An argument's type; `json` may come as JSON or as a string of JSON."""

    STRING = "string"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Arg:
    """An argument; if it is required, `missing` is the error code for leaving it out."""

    type: Type = Type.STRING
    required: bool = False
    missing: str = "invalid_arguments"
    malformed: str = "invalid_arguments"


STRING = Arg()
INTEGER = Arg(Type.INTEGER)
BOOLEAN = Arg(Type.BOOLEAN)
ALWAYS_TAKEN = frozenset({"token", "team_id"})  # Bolt's client adds the team to every call
CHANNEL = Arg(required=True, missing="channel_not_found")
CURSOR = {"cursor": STRING, "limit": Arg(Type.INTEGER, malformed="invalid_limit")}

# kind of conversation -> the part of a scope's name that stands for it
SCOPE_AREA: Mapping[ChannelKind, str] = {
    ChannelKind.PUBLIC: "channels",
    ChannelKind.PRIVATE: "groups",
    ChannelKind.IM: "im",
}


@dataclass(frozen=True, slots=True)
class Ask:
    """One call of a method: the arguments by name, and the token used."""

    hub: Hub
    token: Token
    args: Mapping[str, Any]

    def text(self, name: str) -> str:
        """Return a string argument, or "" if it was not given."""
        return str(self.args.get(name, ""))

    def flag(self, name: str) -> bool:
        """Return a boolean argument, or False if it was not given."""
        return bool(self.args.get(name, False))

    def needs(self, *scopes: str) -> None:
        """Refuse the call if the token has none of the scopes."""
        if not self.token.scopes.intersection(scopes):
            raise Refusal(
                "missing_scope",
                needed=",".join(scopes),
                provided=",".join(sorted(self.token.scopes)),
            )

    def channel(self, access: str = "", name: str = "channel") -> Channel:
        """Return the conversation that an argument names, or refuse if the bot may not see it.

        Args:
            access: `read` or `history`: which scope the bot needs for that kind of conversation.
            name: the argument's name.
        """
        world = self.hub.world
        wanted = self.text(name).removeprefix("#")
        found = world.channels.get(wanted)
        if found is None:
            named = [c for c in world.channels.values() if c.name == wanted and c.kind is not ChannelKind.IM]
            found = named[0] if named and not access else None
        if found is None or (found.kind is not ChannelKind.PUBLIC and world.bot not in found.members):
            raise Refusal("channel_not_found")
        if access:
            self.needs(f"{SCOPE_AREA[found.kind]}:{access}")
        return found

    def user(self, name: str = "user") -> User:
        """Return the person that an argument names."""
        found = self.hub.world.users.get(self.text(name))
        if found is None:
            raise Refusal("user_not_found")
        return found


@dataclass(frozen=True, slots=True)
class Method:
    """A Web API method; any one of `scopes` is enough, and none is needed if it is empty."""

    name: str
    does: Callable[[Ask], Json]
    args: Mapping[str, Arg] = field(default_factory=dict)
    scopes: tuple[str, ...] = ()
    tokens: frozenset[TokenKind] = frozenset({TokenKind.BOT})
    open: bool = False

    def read(self, raw: Mapping[str, object]) -> dict[str, Any]:
        """Return the arguments with their types, or refuse them."""
        unknown = [name for name in raw if name not in self.args and name not in ALWAYS_TAKEN]
        if unknown and not self.open:
            said = [f"invalid additional property: {name} [json-pointer:/]" for name in unknown]
            raise Refusal.because("invalid_arguments", said)
        given = {name: value for name, value in raw.items() if value is not None and name not in ALWAYS_TAKEN}
        for name, arg in self.args.items():
            if arg.required and given.get(name, "") == "":
                said = [f"missing required field: {name} [json-pointer:/]"]
                raise Refusal.because(arg.missing, said if arg.missing == "invalid_arguments" else [])
        return {name: _typed(name, value, self.args.get(name, STRING)) for name, value in given.items()}


def _typed(name: str, value: object, arg: Arg) -> object:
    match arg.type, value:
        case (Type.STRING, str()) | (Type.JSON, dict() | list()) | (Type.BOOLEAN, bool()):
            return value
        case Type.INTEGER | Type.STRING, int() | float() if not isinstance(value, bool):
            return str(value) if arg.type is Type.STRING else int(value)
        case Type.INTEGER, str() if value.isdecimal():
            return int(value)
        case Type.BOOLEAN, "true" | "false" | "1" | "0" | 1 | 0:
            return value in {"true", "1", 1}
        case Type.JSON, str():
            return _json(name, value, arg)
    raise Refusal.because(arg.malformed, [f"must provide a {arg.type} [json-pointer:/{name}]"])


def _json(name: str, value: str, arg: Arg) -> object:
    try:
        return parse(value)
    except ValueError:
        raise Refusal.because(arg.malformed, [f"must be valid JSON [json-pointer:/{name}]"]) from None


def page_of(ask: Ask, items: list[T], *, default: int, most: int) -> tuple[list[T], str]:
    """Return one page of a list and the cursor of the next page, "" on the last."""
    limit = ask.args.get("limit", default)
    if not 1 <= limit <= most:
        raise Refusal("invalid_limit")
    cursor = ask.text("cursor")
    if cursor and not (cursor.startswith("next:") and cursor[5:].isdecimal()):
        raise Refusal("invalid_cursor")
    start = int(cursor[5:]) if cursor else 0
    rest = len(items) > start + limit
    return items[start : start + limit], f"next:{start + limit}" if rest else ""
