"""Slack's Web API, called so that every call ends in one of four ways, whatever answers.

It returns what Slack took, or raises CallError: not taken, unknown whether taken, or never to be taken. The
codes, and what each answer must hold, are in error_codes.toml.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from typing import Any, Final

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.outbound.errors import METHODS, RESPONSE_URL, STATUS, UNREADABLE, Course, course_of

OK: Final = 200
REDIRECTS: Final = range(300, 400)
LIMITED: Final = 429
REFUSED: Final = 400
BROKEN: Final = 500
CALL_SECONDS: Final = 20
LARGEST: Final = 4 * 1024 * 1024  # bytes; a page of history is the largest answer
LONGEST_REST: Final = 600.0  # seconds; after that Slack is asked again
_CODE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,79}")


class Fate(Enum):
    """What became of a call that did not succeed."""

    NOT_TAKEN = auto()
    UNKNOWN = auto()
    NEVER = auto()


class CallError(Exception):
    """A call did not succeed. `code` is Slack's, UNREADABLE, an HTTP status or an exception's name.

    `after` is the number of seconds that Slack asks for before the next call of the method.
    """

    def __init__(self, method: str, code: str, course: Course, after: float | None = None) -> None:
        super().__init__(method, code)
        self.method = method
        self.code = code
        self.course = course
        self.after = after

    def __str__(self) -> str:
        return f"{self.method}: {self.code}"

    @property
    def fate(self) -> Fate:
        """Return whether the call was taken, as far as is known."""
        match self.course:
            case Course.NEVER:
                return Fate.NEVER
            case Course.UNSURE:
                return Fate.UNKNOWN
            case _:
                return Fate.NOT_TAKEN


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class WebApi(AsyncWebClient):
    """Slack's own client, except for how an answer is read. It repeats nothing: the outbox does.

    `before` is called with each method and may refuse the call, `failed` with each error.
    """

    def __init__(
        self,
        token: str,
        api_url: str,
        session: aiohttp.ClientSession | None = None,
        *,
        before: Callable[[str], None] = lambda _: None,
        failed: Callable[[CallError], None] = lambda _: None,
    ) -> None:
        super().__init__(token, base_url=api_url, session=session, timeout=CALL_SECONDS, retry_handlers=[])
        self._before = before
        self._failed = failed

    async def _request(self, *, http_verb: str, api_url: str, req_args: dict[str, Any]) -> dict[str, Any]:
        """Call a method. Raises CallError."""
        method = api_url.rstrip("/").rpartition("/")[2]
        self._before(method)
        try:
            heard = await self._exchange(method, http_verb, api_url, req_args)
            answer = taken(method, heard)
        except CallError as error:
            self._failed(error)
            raise
        return {"data": answer, "headers": heard.headers, "status_code": heard.status}

    def note(self, error: CallError) -> None:
        """Note a failed request that was made without this class, for a file's bytes."""
        self._failed(error)

    async def respond(self, address: str, message: Mapping[str, Any]) -> None:
        """Post a message to a response URL. Raises CallError if it was, or may have been, not taken."""
        try:
            answered(
                await self._exchange(RESPONSE_URL, "POST", address, {"json": message, "proxy": self.proxy})
            )
        except CallError as error:
            self._failed(error)
            raise

    async def _exchange(self, method: str, verb: str, url: str, arguments: dict[str, Any]) -> Heard:
        if self.session is not None:
            return await exchange(self.session, method, verb, url, **arguments)
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_SECONDS)) as own:
            return await exchange(own, method, verb, url, **arguments)


async def exchange(
    session: aiohttp.ClientSession,
    method: str,
    verb: str,
    url: str,
    **arguments: Any,  # noqa: ANN401  aiohttp's own
) -> Heard:
    """Send a request and return the answer, whatever it is. Raises CallError if there was none."""
    try:
        async with session.request(verb, url, allow_redirects=False, **arguments) as response:
            return Heard(response.status, response.headers, await _body(response))
    except aiohttp.ClientConnectorError as error:  # no address, no connection, no trust: nothing was sent
        raise CallError(method, type(error).__name__, Course.PASSES) from error
    except Exception as error:  # whatever happened, the request may have been read
        raise CallError(method, type(error).__name__, Course.UNSURE) from error


async def _body(response: aiohttp.ClientResponse) -> bytes:
    """Return an answer's body; one that is too long is cut, so that it is not JSON."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > LARGEST:
            break
    return bytes(body[:LARGEST])


def taken(method: str, heard: Heard) -> dict[str, Any]:
    """Return Slack's object if it says that the call was taken. Raises CallError if it does not."""
    if heard.status == LIMITED:
        raise CallError(method, "ratelimited", Course.PASSES, rest(heard.headers))
    answer = None if heard.status in REDIRECTS else _object(heard.body)
    code = _code(answer)
    if code is not None and heard.status < BROKEN:
        raise CallError(method, code, course_of(code), rest(heard.headers))
    if heard.status != OK:
        raise CallError(method, code or f"{STATUS}{heard.status}", Course.UNSURE, rest(heard.headers))
    if answer is None or answer.get("ok") is not True or not _whole(method, answer):
        raise CallError(method, UNREADABLE, Course.UNSURE)
    return answer


def answered(heard: Heard) -> None:
    """Return if a response URL took the message. Raises CallError if it did not."""
    if heard.status == LIMITED:
        raise CallError(RESPONSE_URL, "ratelimited", Course.PASSES, rest(heard.headers))
    answer, text = _object(heard.body), heard.body.decode("utf-8", "replace").strip()
    if heard.status == OK and (text == "ok" or (answer is not None and answer.get("ok") is True)):
        return
    code = _code(answer) or (text if _CODE.fullmatch(text) and text.islower() else None)
    if code is not None and REFUSED <= heard.status < BROKEN:
        raise CallError(RESPONSE_URL, code, course_of(code), rest(heard.headers))
    told = UNREADABLE if heard.status == OK else f"{STATUS}{heard.status}"
    raise CallError(RESPONSE_URL, code or told, Course.UNSURE, rest(heard.headers))


def rest(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Return how many seconds Slack asks to wait: seconds or a date, ten minutes at most."""
    wanted = (headers.get("Retry-After") or "").strip()
    try:
        seconds = float(wanted)
    except ValueError:
        seconds = _seconds_until(wanted, now or datetime.now(UTC))
    if math.isnan(seconds) or seconds < 0:
        return None
    return min(seconds, LONGEST_REST)


def _seconds_until(date: str, now: datetime) -> float:
    try:
        until = parsedate_to_datetime(date)
        return (until if until.tzinfo else until.replace(tzinfo=UTC)).timestamp() - now.timestamp()
    except (ValueError, OverflowError):
        return math.nan


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _code(answer: dict[str, Any] | None) -> str | None:
    """Return the code with which Slack refuses, None if it does not refuse, or names no code."""
    if answer is None or answer.get("ok") is not False:
        return None
    code = answer.get("error")
    return code if isinstance(code, str) and _CODE.fullmatch(code) else None


def _whole(method: str, answer: dict[str, Any]) -> bool:
    """Tell whether an answer holds what it must, and says sensibly whether there is more."""
    known = METHODS.get(method)
    more = answer.get("response_metadata")
    cursor = more.get("next_cursor") if isinstance(more, dict) else None
    if not (more is None or isinstance(more, dict)) or not (cursor is None or isinstance(cursor, str)):
        return False
    return known is None or all(shape.fits(_part(answer, part)) for part, shape in known.answer.items())


def _part(answer: object, path: str) -> object:
    for name in path.split("."):
        answer = answer.get(name) if isinstance(answer, dict) else None
    return answer
