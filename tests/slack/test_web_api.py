"""What comes back from Slack, or from whatever answers in its place: taken, not taken, unknown, never."""

from __future__ import annotations

import ast
import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.slack.outbound.complaints import MOST_LABELS, Complaints
from bot.slack.outbound.errors import METHODS, Course, course_of
from bot.slack.outbound.web_api import (
    LARGEST,
    LONGEST_REST,
    CallError,
    Fate,
    Heard,
    WebApi,
    answered,
    rest,
    taken,
)

ROOT = Path(__file__).parents[2]
POSTED = {"ok": True, "channel": "C1", "ts": "1.1"}
HTML = b"<html><body>Please sign in</body></html>"

# what answers -> the status, and the body
ODD = {
    "HTML": (200, HTML),
    "HTML with 502": (502, HTML),
    "HTML with 504": (504, HTML),
    "HTML with 403": (403, HTML),
    "HTML with 404": (404, HTML),
    "a JSON string": (200, b'"ok"'),
    "an array": (200, b"[]"),
    "an array of objects": (200, b'[{"ok":true}]'),
    "a number": (200, b"1"),
    "null": (200, b"null"),
    "true": (200, b"true"),
    "nothing": (200, b""),
    "nothing with 204": (204, b""),
    "half a body": (200, json.dumps(POSTED).encode()[:-3]),
    "two bodies": (200, json.dumps(POSTED).encode() * 2),
    "UTF-16": (200, json.dumps(POSTED).encode("utf-16")),
    "Latin-1": (200, '{"ok":true,"channel":"C1","ts":"1.1","é":1}'.encode("latin-1")),
    "a byte-order mark": (200, b"\xef\xbb\xbf" + json.dumps(POSTED).encode()),
    "what is no gzip": (200, b"\x1f\x8b\x08garbage"),
    "nested without end": (200, b"[" * 200_000),
    "a number of 5,000 digits": (200, b'{"ok":true,"channel":"C1","ts":' + b"1" * 5000 + b"}"),
    "a redirect": (302, b""),
    "a redirect with Slack's words": (307, json.dumps(POSTED).encode()),
    "Slack's words with 500": (500, json.dumps(POSTED).encode()),
    "an object without ok": (200, b'{"channel":"C1","ts":"1.1"}'),
    "an empty object": (200, b"{}"),
    "ok that is a string": (200, b'{"ok":"true","channel":"C1","ts":"1.1"}'),
    "ok that is 1": (200, b'{"ok":1,"channel":"C1","ts":"1.1"}'),
    "ok without ts": (200, b'{"ok":true,"channel":"C1"}'),
    "ok without channel": (200, b'{"ok":true,"ts":"1.1"}'),
    "ts that is a number": (200, b'{"ok":true,"channel":"C1","ts":1.1}'),
    "an empty ts": (200, b'{"ok":true,"channel":"C1","ts":""}'),
    "an error without a code": (200, b'{"ok":false}'),
    "an error that is an object": (200, b'{"ok":false,"error":{"code":5}}'),
    "an error that is a sentence": (200, b'{"ok":false,"error":"Something went wrong, dear user"}'),
    "an error of 100 KB": (200, b'{"ok":false,"error":"' + b"a" * 100_000 + b'"}'),
    "metadata that is a list": (200, b'{"ok":true,"channel":"C1","ts":"1.1","response_metadata":[]}'),
}


def error_of(call: Callable[[], object]) -> CallError:
    with pytest.raises(CallError) as raised:
        call()
    return raised.value


@pytest.mark.parametrize("what", ODD)
def test_what_is_not_slacks_answer_is_unknown_whether_taken(what: str) -> None:
    status, body = ODD[what]
    error = error_of(lambda: taken("chat.postMessage", Heard(status, {}, body)))
    assert error.fate is Fate.UNKNOWN
    assert len(str(error)) < 100


# the method -> an answer that lacks what it must hold
LACKING: dict[str, object] = {
    "chat.update": {"channel": "C1"},
    "chat.postEphemeral": {"ts": "1.1"},
    "views.open": {"view": "V1"},
    "views.update": {"view": None},
    "views.publish": {},
    "conversations.open": {"channel": {"name": "dm"}},
    "conversations.history": {"messages": [{"ts": "1.1"}, "2.2"]},
    "conversations.replies": {"messages": {}},
    "conversations.members": {"members": ["U1", None]},
    "conversations.info": {"channel": "C1"},
    "users.info": {"user": ["U1"]},
    "auth.test": {"team_id": "T1"},
    "files.getUploadURLExternal": {"upload_url": "https://files.slack.com/upload/v1/1"},
    "files.completeUploadExternal": {"files": {"id": "F1"}},
    "files.info": {"file": "F1"},
    "apps.connections.open": {"url": None},
}


@pytest.mark.parametrize("method", LACKING)
def test_an_answer_that_lacks_what_it_must_hold_is_none(method: str) -> None:
    body = json.dumps({"ok": True} | dict(LACKING[method])).encode()  # type: ignore[call-overload]
    assert error_of(lambda: taken(method, Heard(200, {}, body))).fate is Fate.UNKNOWN


def test_every_method_says_what_its_answer_must_hold() -> None:
    assert {name for name, method in METHODS.items() if method.answer} == {"chat.postMessage", *LACKING}


@pytest.mark.parametrize(
    ("code", "fate"),
    [
        ("user_disabled", Fate.NEVER),
        ("invalid_blocks", Fate.NEVER),
        ("restricted_action", Fate.NOT_TAKEN),
        ("restricted_action_read_only_channel", Fate.NOT_TAKEN),
        ("ekm_access_denied", Fate.NOT_TAKEN),
        ("a_code_of_next_year", Fate.NOT_TAKEN),
        ("TeamFrozen.v2", Fate.NOT_TAKEN),
        ("is_archived", Fate.NOT_TAKEN),
        ("token_revoked", Fate.NOT_TAKEN),
        ("internal_error", Fate.UNKNOWN),
        ("service_unavailable", Fate.UNKNOWN),
    ],
)
@pytest.mark.parametrize("status", [200, 400, 403])
def test_a_refusal_means_what_the_file_says(code: str, fate: Fate, status: int) -> None:
    body = json.dumps({"ok": False, "error": code}).encode()
    error = error_of(lambda: taken("chat.postMessage", Heard(status, {}, body)))
    assert (error.code, error.fate) == (code, fate)


def test_a_code_with_500_may_have_been_done() -> None:
    body = b'{"ok":false,"error":"user_disabled"}'
    assert error_of(lambda: taken("chat.postMessage", Heard(500, {}, body))).fate is Fate.UNKNOWN


@pytest.mark.parametrize("body", [b'{"ok":false,"error":"ratelimited"}', HTML, b"", b'"slow down"'])
def test_429_is_surely_not_done_whatever_it_says(body: bytes) -> None:
    error = error_of(lambda: taken("chat.postMessage", Heard(429, {"Retry-After": "7"}, body)))
    assert (error.fate, error.after) == (Fate.NOT_TAKEN, 7)


NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("30", 30),
        (" 30 ", 30),
        ("0", 0),
        ("1.5", 1.5),
        ("600", 600),
        ("601", LONGEST_REST),
        ("86400", LONGEST_REST),
        ("99999999999999", LONGEST_REST),
        ("9" * 5000, LONGEST_REST),
        ("1e9", LONGEST_REST),
        ("inf", LONGEST_REST),
        ("nan", None),
        ("-1", None),
        ("-inf", None),
        ("", None),
        ("soon", None),
        ("12 seconds", None),
        ("\u0661\u0660", 10),
        ("Mon, 23 Nov 2026 12:01:30 GMT", 90),
        ("Tue, 24 Nov 2026 12:00:00 GMT", LONGEST_REST),
        ("Mon, 23 Nov 2026 11:00:00 GMT", None),
        ("Mon, 32 Nov 2026 12:00:00 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 -2359", LONGEST_REST),
    ],
)
def test_retry_after_is_believed_up_to_ten_minutes(asked: str, seconds: float | None) -> None:
    assert rest({"Retry-After": asked}, NOW) == seconds


def test_without_retry_after_nothing_is_asked() -> None:
    assert rest({}, NOW) is None


@pytest.mark.parametrize(
    ("status", "body", "code", "fate"),
    [
        (200, b"ok", None, None),
        (200, b" ok\n", None, None),
        (200, b'{"ok":true}', None, None),
        (404, b'{"ok":false,"error":"expired_url"}', "expired_url", Fate.NEVER),
        (404, b'{"ok":false,"error":"used_url"}', "used_url", Fate.NEVER),
        (404, b"no_service", "no_service", Fate.NEVER),
        (400, b"invalid_payload", "invalid_payload", Fate.NEVER),
        (403, b"action_prohibited", "action_prohibited", Fate.NOT_TAKEN),
        (400, b"a_code_of_next_year", "a_code_of_next_year", Fate.NOT_TAKEN),
        (429, b"rate_limited", "ratelimited", Fate.NOT_TAKEN),
        (404, HTML, "http_404", Fate.UNKNOWN),
        (404, b"Not Found", "http_404", Fate.UNKNOWN),
        (500, b"rollup_error", "rollup_error", Fate.UNKNOWN),
        (502, HTML, "http_502", Fate.UNKNOWN),
        (302, b"", "http_302", Fate.UNKNOWN),
        (200, HTML, "unreadable_answer", Fate.UNKNOWN),
        (200, b"", "unreadable_answer", Fate.UNKNOWN),
        (200, b'"ok"', "unreadable_answer", Fate.UNKNOWN),
        (200, b"[]", "unreadable_answer", Fate.UNKNOWN),
        (200, b"\xff\xfe", "unreadable_answer", Fate.UNKNOWN),
    ],
)
def test_a_response_url_answers_in_four_ways_too(
    status: int, body: bytes, code: str | None, fate: Fate | None
) -> None:
    if code is None:
        answered(Heard(status, {}, body))
        return
    error = error_of(lambda: answered(Heard(status, {}, body)))
    assert (error.code, error.fate) == (code, fate)


# --- over a real connection

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def server_that(handler: Handler, **more: object) -> AsyncIterator[str]:
    """Serve one handler, and yield its address."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await handler(reader, writer)
        writer.close()

    serving = await asyncio.start_server(handle, "127.0.0.1", 0, **more)  # type: ignore[arg-type]
    async with serving:
        yield f"http://127.0.0.1:{serving.sockets[0].getsockname()[1]}/api/"


def says(raw: bytes) -> Handler:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(raw)
        await writer.drain()

    return handler


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


ON_THE_WIRE = {
    "closed without a word": b"",
    "a body that breaks off": answer(json.dumps(POSTED).encode())[:-10],
    "what is no HTTP": b"SSH-2.0-OpenSSH_9.6\r\n",
    "a broken header": b"HTTP/1.1 200 OK\r\n\xff\xfe\r\n\r\n",
    "a chunk of no length": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
    "said to be gzip, and is not": answer(json.dumps(POSTED).encode(), "Content-Encoding: gzip"),
    "an unknown charset": answer(b'"ok"', "Content-Type: application/json; charset=klingon"),
    "JSON said to be HTML, and half of it": answer(b'{"ok":', "Content-Type: text/html"),
    "a redirect": answer(b"", "Location: https://login.example.com/", status="302 Found"),
    "a redirect to itself": answer(b"", "Location: /api/chat.postMessage", status="307 Temporary Redirect"),
    "gzip's content type": answer(b"\x1f\x8b", "Content-Type: application/gzip"),
}


@pytest.mark.parametrize("what", ON_THE_WIRE)
async def test_nothing_on_the_wire_raises_anything_else(what: str) -> None:
    async with server_that(says(ON_THE_WIRE[what])) as url:
        with pytest.raises(CallError) as raised:
            await WebApi("xoxb-1", url).chat_postMessage(channel="C1", text="hello")
    assert raised.value.fate is Fate.UNKNOWN
    assert raised.value.method == "chat.postMessage"


async def test_slacks_own_answer_is_taken_whatever_type_it_claims() -> None:
    raw = answer(json.dumps(POSTED).encode(), "Content-Type: text/plain")
    async with server_that(says(raw)) as url:
        posted = await WebApi("xoxb-1", url).chat_postMessage(channel="C1", text="hello")
    assert posted["ts"] == "1.1"


async def test_a_body_without_end_is_not_read_to_its_end() -> None:
    sent = 0

    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        try:
            while sent < 40 * LARGEST:
                writer.write(b'"' + b"a" * 65536)
                await writer.drain()
                sent += 65537
        except ConnectionError:
            pass

    async with server_that(endless) as url:
        with pytest.raises(CallError) as raised:
            await WebApi("xoxb-1", url).chat_postMessage(channel="C1", text="hello")
    assert raised.value.fate is Fate.UNKNOWN
    assert sent < 10 * LARGEST


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/api/", "http://nowhere.invalid/api/"])
async def test_where_there_is_no_connection_nothing_was_done(url: str) -> None:
    with pytest.raises(CallError) as raised:
        await WebApi("xoxb-1", url).chat_postMessage(channel="C1", text="hello")
    assert raised.value.fate is Fate.NOT_TAKEN


async def test_where_there_is_no_trust_nothing_was_done() -> None:
    import trustme

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    async with server_that(says(answer(b"{}")), ssl=context) as url:
        with pytest.raises(CallError) as raised:
            await WebApi("xoxb-1", url.replace("http:", "https:")).auth_test()
    assert raised.value.fate is Fate.NOT_TAKEN


# --- the file holds every method that is called


def called() -> set[str]:
    """Return the Web API methods that the code calls, by the names of the SDK's functions."""
    import slack_sdk.web.async_client as sdk

    functions = {name.replace("_", "."): name for name in vars(sdk.AsyncWebClient)}
    found: set[str] = set()
    for file in (ROOT / "bot").rglob("*.py"):
        if "playground" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and "_" in node.attr:
                name = node.attr.replace("_", ".")
                if name in functions and not node.attr.startswith("_") and node.attr != "api_call":
                    found.add(name)
    return found


@pytest.mark.long
def test_each_method_that_is_called_is_in_the_file_and_no_other() -> None:
    assert called() | {"response_url", "file_download", "file_upload"} == set(
        METHODS
    )  # no methods of the Web API


# --- the operator hears


def complaint(code: str, method: str = "chat.postMessage") -> CallError:
    return CallError(method, code, course_of(code))


def test_the_operator_is_told_once_an_hour_for_each_code_and_method() -> None:
    complaints = Complaints()
    with capture_logs() as logs:
        for _ in range(50):
            complaints.note(complaint("a_code_of_next_year"))
        complaints.note(complaint("a_code_of_next_year", "chat.update"))
        complaints.note(complaint("restricted_action"))
        complaints.note(complaint("hash_conflict", "views.update"))
    told = [(entry["code"], entry["method"], entry["documented"]) for entry in logs]
    assert told == [
        ("a_code_of_next_year", "chat.postMessage", False),
        ("a_code_of_next_year", "chat.update", False),
        ("restricted_action", "chat.postMessage", True),
    ]
    assert all(entry["todo"] for entry in logs)


def test_who_answers_cannot_make_labels_without_end() -> None:
    from bot.metrics import REGISTRY

    def labels() -> int:
        [family] = [each for each in REGISTRY.collect() if each.name == "certdesk_slack_errors"]
        return len({sample.labels["code"] for sample in family.samples})

    before, complaints = labels(), Complaints()
    for number in range(500):
        complaints.note(complaint(f"made_up_{number}"))
        complaints.note(CallError("chat.postMessage", f"http_{number}", Course.UNSURE))
    assert labels() - before <= MOST_LABELS + 2
