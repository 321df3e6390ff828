"""The answers that a proxy, a gateway or a broken server may give in place of Slack."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from .encoding import compact
from .seam import Outcome, Raw

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE: Final = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>"
JSON: Final = "application/json"
DONE: Final = {"ok": True, "channel": "C0NOWHERE", "ts": "1.000001"}


class Proxy(StrEnum):
    """The answers that do not come from Slack."""

    HTML = "html"
    BAD_GATEWAY = "bad_gateway"
    GATEWAY_TIMEOUT = "gateway_timeout"
    FORBIDDEN = "forbidden"
    STRING = "string"
    ARRAY = "array"
    NUMBER = "number"
    NULL = "null"
    EMPTY = "empty"
    HALF = "half"
    WRONG_TYPE = "wrong_type"
    WRONG_ENCODING = "wrong_encoding"
    NO_GZIP = "no_gzip"
    REDIRECT = "redirect"
    NO_OK = "no_ok"
    OK_AS_TEXT = "ok_as_text"
    BARE_OK = "bare_ok"
    NO_CODE = "no_code"
    ENDLESS = "endless"


WORDS: Final[Mapping[Proxy, str]] = {
    Proxy.HTML: "200 with an HTML page",
    Proxy.BAD_GATEWAY: "502 with an HTML page",
    Proxy.GATEWAY_TIMEOUT: "504 with an HTML page",
    Proxy.FORBIDDEN: "403 with an HTML page",
    Proxy.STRING: "a JSON string",
    Proxy.ARRAY: "a JSON array",
    Proxy.NUMBER: "a JSON number",
    Proxy.NULL: "`null`",
    Proxy.EMPTY: "200 with an empty body",
    Proxy.HALF: "half of Slack's answer",
    Proxy.WRONG_TYPE: "an HTML page declared as JSON",
    Proxy.WRONG_ENCODING: "JSON that is not UTF-8",
    Proxy.NO_GZIP: "JSON declared as gzip",
    Proxy.REDIRECT: "a redirect to another host",
    Proxy.NO_OK: "an object without `ok`",
    Proxy.OK_AS_TEXT: '`ok` as the text "true"',
    Proxy.BARE_OK: "only `ok`, without the required fields",
    Proxy.NO_CODE: "`ok` false and an error that is not a code",
    Proxy.ENDLESS: "a body that comes byte by byte during the delay, and then the connection breaks",
}


def answer(proxy: Proxy, real: Any, seconds: float) -> Outcome:  # noqa: ANN401 - what Slack would have answered
    """Return a proxy's answer in place of Slack's; `seconds` is how long `ENDLESS` goes on."""
    match proxy:
        case Proxy.HTML:
            return _raw(PAGE, "text/html")
        case Proxy.BAD_GATEWAY | Proxy.GATEWAY_TIMEOUT | Proxy.FORBIDDEN:
            statuses = {Proxy.BAD_GATEWAY: 502, Proxy.GATEWAY_TIMEOUT: 504, Proxy.FORBIDDEN: 403}
            return _raw(PAGE, "text/html", statuses[proxy])
        case Proxy.EMPTY:
            return _raw(b"", JSON)
        case Proxy.WRONG_TYPE:
            return _raw(PAGE, JSON)
        case Proxy.REDIRECT:
            return Outcome(302, Raw(b"", "text/html"), {"Location": "https://login.example.com/"})
        case Proxy.NO_GZIP:
            return Outcome(200, Raw(_json(DONE), JSON), {"Content-Encoding": "gzip"})
        case Proxy.ENDLESS:
            return Outcome(200, Raw(b'{"ok": true, "padding": "', JSON, seconds))
        case _:
            return _raw(_body(proxy, real), JSON)


def _body(proxy: Proxy, real: Any) -> bytes:  # noqa: ANN401 - what Slack would have answered
    match proxy:
        case Proxy.HALF:
            whole = _json(real if isinstance(real, dict) else DONE)
            return whole[: len(whole) // 2]
        case Proxy.WRONG_ENCODING:
            return compact(DONE | {"warning": "é"}).encode("latin-1")
        case Proxy.NO_OK:
            return _json({"channel": DONE["channel"], "ts": DONE["ts"]})
        case Proxy.OK_AS_TEXT:
            return _json(DONE | {"ok": "true"})
        case Proxy.BARE_OK:
            return _json({"ok": True})
        case Proxy.NO_CODE:
            return _json({"ok": False, "error": {"message": "Something went wrong"}})
        case _:
            return {Proxy.STRING: b'"ok"', Proxy.ARRAY: b"[]", Proxy.NUMBER: b"1"}.get(proxy, b"null")


def _raw(body: bytes, content_type: str, status: int = 200) -> Outcome:
    return Outcome(status, Raw(body, content_type))


def _json(value: object) -> bytes:
    return compact(value).encode()
