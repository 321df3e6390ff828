"""What can go wrong between Slack and an app, as data: the faults, the sites each fits, and `Rule`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .errors import StandInError
from .methods import METHODS
from .proxy import Proxy
from .seam import Passage, Way

SOCKET: Final = "socket"
RESPONSE_URL: Final = "response_url"
SLASH_COMMAND: Final = "slash_command"
EVENTS: Final = (
    "message",
    "thread_broadcast",
    "message_changed",
    "message_deleted",
    "app_mention",
    "app_home_opened",
    "member_joined_channel",
    "member_left_channel",
    "reaction_added",
    "reaction_removed",
    "app_uninstalled",
    "tokens_revoked",
    "app_rate_limited",
)
INTERACTIONS: Final = (
    SLASH_COMMAND,
    "block_actions",
    "view_submission",
    "view_closed",
    "shortcut",
    "message_action",
)
TRANSFERS: Final = ("file_download", "file_upload")
SITES: Final = (
    *(f"call:{name}" for name in (*METHODS, *TRANSFERS)),
    *(f"delivery:{name}" for name in (*EVENTS, *INTERACTIONS)),
    RESPONSE_URL,
    SOCKET,
)
EVERY: Final = ("call:*", "delivery:*")
AIMING: Final = frozenset({"thread_ts", "ts", "timestamp", "view_id"})
AIMED: Final = frozenset(
    {
        "call:*",
        *(f"call:{name}" for name, method in METHODS.items() if AIMING & set(method.args)),
        "delivery:*",
        "delivery:message",
        "delivery:thread_broadcast",
        "delivery:message_changed",
        "delivery:app_mention",
        "delivery:reaction_added",
        "delivery:reaction_removed",
        "delivery:block_actions",
        "delivery:view_submission",
        "delivery:message_action",
    }
)


class Place(StrEnum):
    """The kinds of site that a fault may fit."""

    CALL = "calls"
    RESPONSE_URL = "response URLs"
    EVENT = "events"
    INTERACTION = "commands and interactions"
    SOCKET = "Socket Mode"


class Fault(StrEnum):
    """A way to go wrong; `NATURES` says what each does."""

    RATE_LIMITED = "rate_limited"
    RATE_LIMITED_200 = "rate_limited_200"
    SERVER_ERROR = "server_error"
    SERVER_ERROR_AFTER = "server_error_after"
    BROKEN = "broken"
    BROKEN_AFTER = "broken_after"
    TIMEOUT = "timeout"
    TIMEOUT_AFTER = "timeout_after"
    DELAYED = "delayed"
    TOKEN_REVOKED = "token_revoked"  # noqa: S105 - Slack's error code
    REFUSED = "refused"
    PROXY = "proxy"
    PROXY_AFTER = "proxy_after"
    TARGET_GONE = "target_gone"
    DUPLICATE = "duplicate"
    REORDERED = "reordered"
    LATE = "late"
    LATE_COPY = "late_copy"
    WARNED = "warned"
    REFRESHED = "refreshed"
    DROPPED = "dropped"
    DROPPED_AFTER = "dropped_after"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Nature:
    """What a fault does, where it fits, and how many seconds it takes by default."""

    says: str
    places: frozenset[Place]
    delay: float | None = None


_ASKED: Final = frozenset({Place.CALL, Place.RESPONSE_URL})
_SENT: Final = frozenset({Place.EVENT, Place.INTERACTION})
_ALL: Final = _ASKED | _SENT
_CALL: Final = frozenset({Place.CALL})
_EVENT: Final = frozenset({Place.EVENT})
_SOCKET: Final = frozenset({Place.SOCKET})

NATURES: Final[Mapping[Fault, Nature]] = {
    Fault.RATE_LIMITED: Nature(
        "HTTP 429 with a `Retry-After` of the delay, or of the text that the rule gives; nothing is done",
        _ASKED,
        delay=1,
    ),
    Fault.RATE_LIMITED_200: Nature(
        "HTTP 200 with `ok` false and `ratelimited`, without `Retry-After`; nothing is done", _CALL
    ),
    Fault.SERVER_ERROR: Nature("HTTP 500; nothing is done", _ASKED),
    Fault.SERVER_ERROR_AFTER: Nature("HTTP 500, although it is done", _ASKED),
    Fault.BROKEN: Nature("the connection breaks before anything is done; a delivery does not arrive", _ALL),
    Fault.BROKEN_AFTER: Nature(
        "the connection breaks after it is done; a delivery arrives, but its acknowledgment is lost", _ALL
    ),
    Fault.TIMEOUT: Nature(
        "nothing is done, no answer comes during the delay, and then the connection breaks;"
        " a delivery does not arrive, and counts as not acknowledged in time",
        _ALL,
        delay=60,
    ),
    Fault.TIMEOUT_AFTER: Nature(
        "it is done, but no answer comes during the delay, and then the connection breaks;"
        " a delivery arrives, but counts as not acknowledged in time",
        _ALL,
        delay=60,
    ),
    Fault.DELAYED: Nature(
        "it is done and answered after the delay; a delivery delayed beyond the time to acknowledge counts"
        " as not acknowledged",
        _ALL,
        delay=1,
    ),
    Fault.TOKEN_REVOKED: Nature("the call is refused with `token_revoked`", _CALL),
    Fault.REFUSED: Nature("the call is refused with the error code that the rule names", _CALL),
    Fault.PROXY: Nature(
        "nothing is done, and a proxy answers in place of Slack: as the rule says, or each answer in turn",
        _ASKED,
        delay=60,
    ),
    Fault.PROXY_AFTER: Nature(
        "it is done, but a proxy answers in place of Slack: as the rule says, or each answer in turn",
        _ASKED,
        delay=60,
    ),
    Fault.TARGET_GONE: Nature(
        "just before, the message that it refers to (or the thread's parent) is deleted, or the modal closed;"
        " nothing happens if there is none",
        _CALL | _SENT,
    ),
    Fault.DUPLICATE: Nature("it arrives twice at the same time", _SENT),
    Fault.REORDERED: Nature(
        "it arrives after the next delivery, or after the delay if there is none", _SENT, delay=1
    ),
    Fault.LATE: Nature(
        "it first arrives after the delay, marked as the third retry, with an `event_time` of an hour ago",
        _EVENT,
        delay=0.1,
    ),
    Fault.LATE_COPY: Nature(
        "it arrives and is acknowledged, and comes again after the delay, marked as the third retry",
        _EVENT,
        delay=0.1,
    ),
    Fault.WARNED: Nature(
        "the connection used is sent `disconnect` with `warning`, and closed after the delay",
        _SOCKET,
        delay=10,
    ),
    Fault.REFRESHED: Nature(
        "a connection is sent `disconnect` with `refresh_requested` and closed; the delivery uses another",
        _SOCKET,
    ),
    Fault.DROPPED: Nature(
        "a connection breaks without a closing handshake; the delivery uses another", _SOCKET
    ),
    Fault.DROPPED_AFTER: Nature(
        "the connection breaks as the app acknowledges: the delivery arrived, but Slack does not know",
        _SOCKET,
    ),
    Fault.SILENT: Nature(
        "the connection stays open but is dead: no more payloads, pongs or closing handshake", _SOCKET
    ),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """What is to go wrong, and where.

    Args:
        site: one of `SITES`, or `call:*` or `delivery:*`.
        fault: what happens.
        times: how often it happens; None for no limit.
        chance: the probability at each passage.
        delay: in seconds, if the fault has one; None for its default. Except for `Retry-After`, it is
            multiplied by the stand-in's `time_scale`.
        after: how many passages are left alone first.
        error: the error code of `REFUSED`.
        retry_after: the text of `RATE_LIMITED`'s header, if it is not to be the delay; "" for no header.
        proxy: what `PROXY` and `PROXY_AFTER` answer; None for each answer in turn.
    """

    site: str
    fault: Fault
    times: int | None = 1
    chance: float = 1.0
    delay: float | None = None
    after: int = 0
    error: str = "fatal_error"
    retry_after: str | None = None
    proxy: Proxy | None = None

    @property
    def seconds(self) -> float:
        """Return the delay in seconds, before scaling."""
        own = NATURES[self.fault].delay if self.delay is None else self.delay
        return own or 0.0

    def matches(self, site: str) -> bool:
        """Tell whether the rule applies to a site and its fault fits there."""
        named = self.site == site or (self.site in EVERY and site.startswith(self.site[:-1]))
        return named and self.fault in fitting(site)


def site_of(passage: Passage) -> str:
    """Return the site at which something passes."""
    if passage.way is Way.RESPONSE_URL:
        return RESPONSE_URL
    name = SLASH_COMMAND if passage.name.startswith("/") else passage.name
    return f"{passage.way}:{name}"


def find_site(ref: str) -> str:
    """Return the site of a full or short name, such as `chat.postMessage`, `block_actions` or `/help`.

    Raises:
        StandInError: there is no such site.
    """
    short = SLASH_COMMAND if ref.startswith("/") else ref
    if short in EVERY:
        return short
    for site in SITES:
        if short in {site, site.partition(":")[2] or site}:
            return site
    raise StandInError(f"there is no site {ref!r}; there are {', '.join((*SITES, *EVERY))}")


def fitting(site: str) -> tuple[Fault, ...]:
    """Return the faults that fit a site."""
    places = _places(site)
    hit = [fault for fault, nature in NATURES.items() if nature.places & places]
    return tuple(fault for fault in hit if fault is not Fault.TARGET_GONE or site in AIMED)


def _places(site: str) -> frozenset[Place]:
    way, _, name = site.partition(":")
    match way:
        case "call":
            return _CALL
        case "delivery":
            sent = {Place.EVENT: (*EVENTS, "*"), Place.INTERACTION: (*INTERACTIONS, "*")}
            return frozenset(place for place, names in sent.items() if name in names)
        case "response_url":
            return frozenset({Place.RESPONSE_URL})
        case _:
            return _SOCKET
