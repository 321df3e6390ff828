"""The data of the stand-in's workspace: people, channels, files, messages, views, and the app's manifest."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .schema import Json


class ChannelKind(StrEnum):
    """The kinds of conversation."""

    PUBLIC = "channel"
    PRIVATE = "private"
    IM = "im"


class TokenKind(StrEnum):
    """What a token is for."""

    BOT = "bot"
    APP = "app-level"


@dataclass(frozen=True, slots=True)
class Token:
    """A token that the Web API accepts, with the scopes granted to it."""

    value: str
    kind: TokenKind
    scopes: frozenset[str]
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command that the app's manifest offers."""

    command: str
    description: str = ""
    usage_hint: str = ""


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut that the app's manifest offers, on a message or everywhere."""

    callback_id: str
    name: str = ""
    description: str = ""
    on_message: bool = True


class Does(StrEnum):
    """What an entry of the page's list of things to try does."""

    SLASH = "slash"
    POST = "post"
    GO = "go"


@dataclass(frozen=True, slots=True)
class Try:
    """One thing to try, with one click on the page.

    `SLASH` sends a slash command in the open channel, `POST` sends `text` to the app, and `GO` switches to
    `user` and opens `channel` (both are names).
    """

    label: str
    about: str
    does: Does
    text: str = ""
    user: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The parts of the app's manifest that matter to people and the Web API.

    Without any commands, every command is delivered; likewise for shortcuts.
    """

    commands: tuple[Command, ...]
    shortcuts: tuple[Shortcut, ...]
    subscriptions: frozenset[str]
    home: bool
    tries: tuple[Try, ...] = ()


@dataclass(frozen=True, slots=True)
class User:
    """A person or bot; `team` is another workspace's for people of connected workspaces.

    `no_dm` is the error with which Slack refuses to open a DM with them, if it does.
    """

    id: str
    name: str
    real_name: str
    team: str
    role: str = ""
    color: str = "4a154b"
    is_bot: bool = False
    deleted: bool = False
    tz: str = "Etc/UTC"
    tz_offset: int = 0
    no_dm: str = ""


@dataclass(slots=True)
class Channel:
    """A conversation and who is in it; `partner` is the person of a DM with the bot."""

    id: str
    name: str
    kind: ChannelKind
    members: set[str]
    created: int
    topic: str = ""
    archived: bool = False
    shared: bool = False
    partner: str | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file; `shares` are the channels it is shared in, each with the message's timestamp.

    `mode` and `more` are what Slack adds for canvases, posts, clips and the like.
    """

    id: str
    name: str
    user: str
    created: int
    data: bytes
    mimetype: str = "application/octet-stream"
    mode: str = "hosted"
    shares: tuple[tuple[str, str], ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Message:
    """A message at the time it was looked at; `viewer` is set only if it is ephemeral."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: tuple[Json, ...] = ()
    thread_ts: str | None = None
    metadata: Json | None = None
    edited: str | None = None
    viewer: str | None = None
    by_app: bool = False
    broadcast: bool = False
    attachments: tuple[Json, ...] = ()
    reactions: tuple[tuple[str, str], ...] = ()
    values: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    files: tuple[str, ...] = ()

    @property
    def ephemeral(self) -> bool:
        """Tell whether only one person sees it."""
        return self.viewer is not None

    @property
    def is_reply(self) -> bool:
        """Tell whether it is a reply in a thread."""
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass(frozen=True, slots=True)
class View:
    """A modal or Home tab as one person sees it, with what they have entered so far."""

    id: str
    user: str
    hash: str
    body: Json
    root_view_id: str
    previous_view_id: str | None = None
    values: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        """Return the view's blocks, each with its block id."""
        blocks: list[Json] = self.body["blocks"]
        return blocks

    @property
    def title(self) -> str:
        """Return the title's text."""
        return str(self.body.get("title", {}).get("text", ""))

    @property
    def callback_id(self) -> str:
        """Return the callback id that the app gave the view."""
        return str(self.body.get("callback_id", ""))

    @property
    def private_metadata(self) -> str:
        """Return the private metadata that the app gave the view."""
        return str(self.body.get("private_metadata", ""))

    @property
    def external_id(self) -> str:
        """Return the external id that the app gave the view."""
        return str(self.body.get("external_id", ""))


@dataclass(frozen=True, slots=True)
class Call:
    """One Web API call, done or refused: its arguments, its answer, and its time by the stand-in's clock.

    `heard` tells whether the app got the answer; it stays false if a fault hid it.
    """

    method: str
    args: dict[str, Any]
    response: dict[str, Any]
    at: float
    token: str | None = None
    heard: bool = False

    @property
    def error(self) -> str | None:
        """Return Slack's error code, or None if the call succeeded."""
        return None if self.response.get("ok") else str(self.response.get("error"))
