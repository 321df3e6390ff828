"""What strangers send to the events path, and what odd things Slack's own signature may stand over."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import hmac
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bot.playground.standin import StandIn
from bot.slack.inbound.oversize import FARTHEST, LARGEST
from tests.conftest import Clock, World, settings_for

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
COMMAND = urlencode(
    {"command": "/certdesk", "text": "help", "user_id": "U1", "team_id": "T1", "trigger_id": "1.1"}
)
CHALLENGE = json.dumps({"type": "url_verification", "challenge": "abc", "token": "x"})


@dataclass(frozen=True)
class Door:
    """A desk that is called over HTTP: where, and with which secret Slack signs."""

    port: int
    secret: str

    def signed(self, body: bytes, *, at: int | None = None) -> dict[str, str]:
        timestamp = str(int(time.time()) if at is None else at)
        made = hmac.new(self.secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256)
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={made.hexdigest()}"}

    def connect(self, seconds: float = 5.0) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=seconds)

    def answers(self, sent: bytes, seconds: float = 5.0) -> list[int]:
        """Send bytes as they are, end the sending, and return the status of each answer."""
        with self.connect(seconds) as connection:
            try:
                connection.sendall(sent)
                connection.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # it was closed on us, perhaps with an answer
            return statuses(everything(connection))

    def post(self, body: bytes, headers: dict[str, str] | None = None, kind: str = JSON) -> list[int]:
        sent = self.signed(body) if headers is None else headers
        return self.answers(request(body, {"Content-Type": kind} | sent))


def request(body: bytes, headers: dict[str, str], line: str = "POST /slack/events HTTP/1.1") -> bytes:
    told = {"Host": "desk.example", "Content-Length": str(len(body))} | headers
    return head(line, *told.items()) + body


def head(line: str, *headers: tuple[str, str]) -> bytes:
    lines = [line, *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1")


def everything(connection: socket.socket) -> bytes:
    found = b""
    try:
        while piece := connection.recv(65_536):
            found += piece
    except (ConnectionError, TimeoutError):
        pass
    return found


def statuses(answered: bytes) -> list[int]:
    return [int(found) for found in re.findall(rb"HTTP/1\.1 ([0-9]{3}) ", answered)]


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """One desk for the whole table, on a loop of its own."""
    loop, opened, over = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    doors: list[Door] = []

    async def run(folder: Path) -> None:
        async with StandIn.serving(commands=["/certdesk"], app_name="certdesk") as slack:
            secret = slack.signing_secret
            world = World(slack, Clock(), settings_for(slack, folder), secret=secret)
            await world.start()
            assert slack.request_url is not None
            doors.append(Door(int(slack.request_url.split(":")[2].split("/")[0]), secret))
            opened.set()
            await over.wait()
            await world.stop()

    thread = threading.Thread(target=loop.run_until_complete, args=(run(tmp_path_factory.mktemp("door")),))
    thread.start()
    assert opened.wait(20)
    yield doors[0]
    loop.call_soon_threadsafe(over.set)
    thread.join(20)
    loop.close()


@pytest.fixture(autouse=True)
def _quietly_well(door: Door, capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """After each, the desk is well and has written no traceback."""
    yield
    assert door.answers(head("GET /healthz HTTP/1.1", ("Host", "x"), ("Connection", "close"))) == [200]
    assert door.post(COMMAND.encode(), kind=FORM) == [200]
    told = capfd.readouterr()
    assert "Traceback" not in told.out + told.err


OF_HEADERS = {
    "no headers": {},
    "no signature": {"X-Slack-Signature": None},
    "no timestamp": {"X-Slack-Request-Timestamp": None},
    "a signature that is not ASCII": {"X-Slack-Signature": "v0=\xe4\xf6"},
    "a signature of Latin-1 letters of the right length": {"X-Slack-Signature": "v0=" + "\xe4" * 64},
    "an empty signature": {"X-Slack-Signature": ""},
    "a signature without hex": {"X-Slack-Signature": "v0=" + "z" * 64},
    "a signature of another version": {"X-Slack-Signature": "v1=" + "0" * 64},
    "a long signature": {"X-Slack-Signature": "v0=" + "0" * 5_000},
    "another signature": {"X-Slack-Signature": "v0=" + "0" * 64},
    "a timestamp of 5,000 digits": {"X-Slack-Request-Timestamp": "9" * 5_000},
    "a timestamp of 13 digits": {"X-Slack-Request-Timestamp": "1" * 13},
    "a timestamp of other digits": {"X-Slack-Request-Timestamp": "\xb2\xb3\xb9"},
    "a negative timestamp": {"X-Slack-Request-Timestamp": "-1"},
    "a timestamp with a sign": {"X-Slack-Request-Timestamp": "+1764300000"},
    "a timestamp with a point": {"X-Slack-Request-Timestamp": "1764300000.5"},
    "a timestamp in words": {"X-Slack-Request-Timestamp": "now"},
    "no number": {"X-Slack-Request-Timestamp": "nan"},
    "zeros before it": {"X-Slack-Request-Timestamp": "01764300000"},
    "a power of ten": {"X-Slack-Request-Timestamp": "1e9"},
    "an underscore": {"X-Slack-Request-Timestamp": "1_764_300_000"},
    "the year 1970": {"X-Slack-Request-Timestamp": "0"},
}


@pytest.mark.parametrize("what", OF_HEADERS)
def test_what_the_headers_do_not_prove_is_401(door: Door, what: str) -> None:
    body = COMMAND.encode()
    changed = door.signed(body) | OF_HEADERS[what] if what != "no headers" else {}
    assert door.post(body, {name: value for name, value in changed.items() if value is not None}, FORM) == [
        401
    ]


@pytest.mark.parametrize(
    ("away", "status"), [(-301, 401), (-295, 200), (295, 200), (302, 401), (10**11, 401)]
)
def test_a_signature_is_good_for_five_minutes(door: Door, away: int, status: int) -> None:
    body = COMMAND.encode()
    at = int(time.time()) + away if away < 10**6 else away
    assert door.post(body, door.signed(body, at=at), FORM) == [status]


@pytest.mark.parametrize("name", ["X-Slack-Signature", "X-Slack-Request-Timestamp"])
def test_a_header_that_is_there_twice_proves_nothing(door: Door, name: str) -> None:
    body = COMMAND.encode()
    sent = door.signed(body)
    headers = {"Host": "x", "Content-Type": FORM, "Content-Length": str(len(body))} | sent
    twice = [*headers.items(), (name, sent[name])]
    assert door.answers(head("POST /slack/events HTTP/1.1", *twice) + body) == [401]


def test_the_body_is_not_waited_for_where_the_headers_are_enough(door: Door) -> None:
    with door.connect() as connection:
        connection.sendall(head("POST /slack/events HTTP/1.1", ("Host", "x"), ("Content-Length", "100000")))
        assert statuses(everything(connection)) == [401]


def test_nobody_is_told_to_continue_who_has_not_signed(door: Door) -> None:
    told = ("Host", "x"), ("Content-Length", "10"), ("Expect", "100-continue")
    with door.connect() as connection:
        connection.sendall(head("POST /slack/events HTTP/1.1", *told))
        assert statuses(everything(connection)) == [401]


def test_who_has_signed_is_told_to_continue(door: Door) -> None:
    body = COMMAND.encode()
    told = {"Host": "x", "Content-Length": str(len(body)), "Content-Type": FORM, "Expect": "100-continue"}
    with door.connect() as connection:
        connection.sendall(head("POST /slack/events HTTP/1.1", *(told | door.signed(body)).items()))
        assert statuses(connection.recv(1_000)) == [100]
        connection.sendall(body)
        connection.shutdown(socket.SHUT_WR)
        assert statuses(everything(connection)) == [200]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("ssl_check=1&token=abc", FORM, 200),
        ("ssl_check=1&token=\xff", FORM, 200),
        ("\xff", FORM, 401),
        ("token=abc&ssl_check=1", f"{FORM}; charset=utf-8", 200),
        ("ssl_check=1&token=abc", FORM.title(), 200),
        ("ssl_check=0", FORM, 401),
        ("ssl_check=", FORM, 401),
        ("ssl_check=1", JSON, 401),
        ('{"ssl_check": "1"}', JSON, 401),
        ("ssl_check=1&x=" + "x" * 2_000, FORM, 401),
        ("ssl_check=1&x=" + "x" * 200_000, FORM, 401),
        (f"{COMMAND}&not_ssl_check=1", FORM, 401),
        ("", FORM, 401),
    ],
)
def test_slack_looks_at_the_certificate_without_a_signature(
    door: Door, body: str, kind: str, status: int
) -> None:
    assert door.post(body.encode("latin-1"), {}, kind) == [status]


@pytest.mark.parametrize(
    ("method", "query", "status"),
    [
        ("GET", "?ssl_check=1&token=abc", 200),
        ("GET", "?token=abc&ssl_check=1", 200),
        ("HEAD", "?ssl_check=1", 200),
        ("GET", "", 405),
        ("GET", "?ssl_check=0", 405),
        ("GET", "?not_ssl_check=1", 405),
        ("PUT", "?ssl_check=1", 405),
    ],
)
def test_so_it_may_by_get(door: Door, method: str, query: str, status: int) -> None:
    line = f"{method} /slack/events{query} HTTP/1.1"
    assert door.answers(head(line, ("Host", "x"), ("Connection", "close"))) == [status]


def test_the_address_is_proven_to_slack(door: Door) -> None:
    assert door.post(CHALLENGE.encode()) == [200]
    assert door.post(CHALLENGE.encode(), {}) == [401]


SIGNED: dict[str, tuple[bytes, str, dict[str, str], int]] = {
    "nothing": (b"", JSON, {}, 404),
    "no JSON": (b"{", JSON, {}, 400),
    "a JSON list": (b"[]", JSON, {}, 400),
    "a body that is not UTF-8": (b"\xff\xfe\x00", JSON, {}, 400),
    "a form that is not UTF-8": (b"payload=\xff", FORM, {}, 400),
    "a payload that is no JSON": (b"payload=%7B", FORM, {}, 400),
    "a gzipped body": (gzip.compress(COMMAND.encode()), FORM, {"Content-Encoding": "gzip"}, 415),
    "a form of 100,000 fields": ("&".join(f"a{n}=1" for n in range(100_000)).encode(), FORM, {}, 404),
    **{
        f"JSON {depth:,} deep": (b"[" * depth + b"]" * depth, JSON, {}, 400)
        for depth in (900, 990, 5_000, 200_000)
    },
    **{
        f"an event with a field {depth:,} deep": (
            b'{"type": "event_callback", "event": {"type": "message", "x": '
            + b'{"a":' * depth
            + b"1"
            + b"}" * depth
            + b"}}",
            JSON,
            {},
            status,
        )
        for depth, status in ((100, 200), (5_000, 400), (200_000, 400))
    },
    "a payload 5,000 deep": (urlencode({"payload": "[" * 5_000}).encode(), FORM, {}, 400),
    "too large a body": (b"x" * (LARGEST + 1), JSON, {}, 413),
    "a body without end": (b"x" * (FARTHEST + 1), JSON, {}, 413),
}


@pytest.mark.parametrize("what", SIGNED)
def test_a_signed_body_that_is_none_of_slacks_is_refused_in_a_word(door: Door, what: str) -> None:
    body, kind, more, status = SIGNED[what]
    assert door.post(body, door.signed(body) | more, kind) == [status]


UNSIGNED_BODIES = [body for body, *_ in SIGNED.values()]


@pytest.mark.parametrize("body", UNSIGNED_BODIES, ids=list(SIGNED))
@pytest.mark.parametrize("claims", [{}, {"X-Slack-Signature": "v0=" + "0" * 64}], ids=["unsigned", "forged"])
def test_unsigned_none_of_them_is_looked_at(door: Door, body: bytes, claims: dict[str, str]) -> None:
    now = {"X-Slack-Request-Timestamp": str(int(time.time()))} if claims else {}
    wanted = 413 if len(body) > FARTHEST and claims else 401
    assert door.post(body, claims | now) == [wanted]


def chunked(headers: dict[str, str], chunk: bytes, number: int) -> bytes:
    told = {"Host": "x", "Content-Type": FORM, "Transfer-Encoding": "chunked"} | headers
    return head("POST /slack/events HTTP/1.1", *told.items()) + chunk * number + b"0\r\n\r\n"


def test_a_signed_body_may_come_in_chunks(door: Door) -> None:
    body = COMMAND.encode()
    pieces = b"".join(b"1\r\n%c\r\n" % each for each in body)
    assert door.answers(chunked(door.signed(body), pieces, 1)) == [200]


def test_a_signed_body_may_come_byte_by_byte(door: Door) -> None:
    body = COMMAND.encode()
    with door.connect() as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for each in request(body, {"Content-Type": FORM} | door.signed(body)):
            connection.sendall(bytes([each]))
        connection.shutdown(socket.SHUT_WR)
        assert statuses(everything(connection)) == [200]


@pytest.mark.parametrize("claims", [{}, {"X-Slack-Signature": "v0=" + "0" * 64}], ids=["unsigned", "forged"])
def test_a_million_chunks_of_a_byte_cost_next_to_nothing(door: Door, claims: dict[str, str]) -> None:
    now = {"X-Slack-Request-Timestamp": str(int(time.time()))} if claims else {}
    sent = chunked(claims | now, b"1\r\nx\r\n", 1_500_000)
    began = time.thread_time(), time.process_time()
    answered = door.answers(sent)
    ours = time.process_time() - began[1] - (time.thread_time() - began[0])  # the desk runs in this process
    assert answered in ([401], [400], [413], [])
    assert ours < 1.0


ODD: dict[str, tuple[Callable[[Door], bytes], list[int]]] = {
    "GET": (lambda _: head("GET /slack/events HTTP/1.1", ("Host", "x")), [405]),
    "HEAD": (lambda _: head("HEAD /slack/events HTTP/1.1", ("Host", "x")), [405]),
    "PUT": (lambda _: request(b"x", {}, "PUT /slack/events HTTP/1.1"), [405]),
    "DELETE": (lambda _: head("DELETE /slack/events HTTP/1.1", ("Host", "x")), [405]),
    "a method of one's own": (lambda _: head("BREW /slack/events HTTP/1.1", ("Host", "x")), [405]),
    "another path": (lambda _: request(b"x", {}, "POST /slack/install HTTP/1.1"), [404]),
    "a slash too many": (lambda _: request(b"x", {}, "POST /slack/events/ HTTP/1.1"), [404]),
    "a path upwards": (lambda _: head("GET /../../etc/passwd HTTP/1.1", ("Host", "x")), [404]),
    "another host's address": (lambda _: head("GET http://evil.example/ HTTP/1.1", ("Host", "x")), [404]),
    "a tunnel": (lambda _: head("CONNECT evil.example:443 HTTP/1.1", ("Host", "x")), [404]),
    "a web socket": (
        lambda _: head(
            "GET /slack/events HTTP/1.1",
            ("Host", "x"),
            ("Connection", "Upgrade"),
            ("Upgrade", "websocket"),
            ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ),
        [405],
    ),
    "HTTP/0.9": (lambda _: b"GET /slack/events\r\n\r\n", [400]),
    "HTTP/2 at once": (lambda _: b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [404, 400]),
    "TLS": (lambda _: bytes.fromhex("1603010200010001fc0303") + bytes(range(256)), [400]),
    "noise": (lambda _: bytes(range(256)) * 300, [400]),
    "NULs": (lambda _: bytes(100_000), [400]),
    "no host": (lambda _: head("GET /healthz HTTP/1.1"), [400]),
    "two lengths": (
        lambda _: head(
            "POST /slack/events HTTP/1.1", ("Host", "x"), ("Content-Length", "1"), ("Content-Length", "2")
        ),
        [400],
    ),
    "a length that is none": (
        lambda _: head("POST /slack/events HTTP/1.1", ("Host", "x"), ("Content-Length", "-1")),
        [400],
    ),
    "a length of 5,000 digits": (
        lambda _: head("POST /slack/events HTTP/1.1", ("Host", "x"), ("Content-Length", "9" * 5_000)),
        [400],
    ),
    "headers of 100 KB": (
        lambda _: head("GET /healthz HTTP/1.1", ("Host", "x"), ("X", "x" * 100_000)),
        [400],
    ),
    "a chunk that is none": (
        lambda d: (
            head(
                "POST /slack/events HTTP/1.1",
                ("Host", "x"),
                ("Transfer-Encoding", "chunked"),
                *d.signed(b"").items(),
            )
            + b"zz\r\n"
        ),
        [400],
    ),
    "length and chunks at once": (
        lambda d: (
            head(
                "POST /slack/events HTTP/1.1",
                ("Host", "x"),
                ("Content-Length", "5"),
                ("Transfer-Encoding", "chunked"),
                *d.signed(b"").items(),
            )
            + b"0\r\n\r\n"
        ),
        [400],
    ),
    "two requests in one go": (
        lambda d: request(COMMAND.encode(), {"Content-Type": FORM} | d.signed(COMMAND.encode())) * 2,
        [200, 200],
    ),
    "one good and one forged in one go": (
        lambda d: (
            request(COMMAND.encode(), {"Content-Type": FORM} | d.signed(COMMAND.encode()))
            + request(COMMAND.encode(), {"Content-Type": FORM})
        ),
        [200, 401],
    ),
    "a good one and noise in one go": (
        lambda d: (
            request(COMMAND.encode(), {"Content-Type": FORM} | d.signed(COMMAND.encode())) + b"\0\0\r\n\r\n"
        ),
        [200, 400],
    ),
}


@pytest.mark.parametrize("what", ODD)
def test_what_is_no_call_of_slacks_has_a_fitting_status(door: Door, what: str) -> None:
    made, wanted = ODD[what]
    assert door.answers(made(door)) == wanted
