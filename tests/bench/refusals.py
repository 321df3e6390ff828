"""Measure what it costs to refuse a delivery while the desk is full: `python -m tests.bench.refusals`.

Beside the server's own refusals stand a bare ASGI app that answers 503 on uvicorn, and an answer of bytes:
what the client and the sockets take of all. The CPU of the one process, the least of six rounds.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator
from typing import Any, Final

import structlog
import uvicorn

from bot.slack.app.admission import FEW, Admission
from bot.slack.app.http import Endpoint, server, web_app
from bot.slack.app.too_large import TooLarge
from tests.bench.load.people import message
from tests.bench.load.traffic import SECRET, signed

ROUNDS: Final = 6
EACH: Final = 500
ANSWER: Final = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n"


class Ticks:
    at = 0.0

    def __call__(self) -> float:
        return self.at


async def bare(_scope: Any, _receive: Any, send: Any) -> None:  # noqa: ANN401
    await send({"type": "http.response.start", "status": 503, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


class Bytes(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, _: bytes) -> None:
        assert isinstance(self._transport, asyncio.Transport)
        self._transport.write(ANSWER)


@contextlib.asynccontextmanager
async def running(served: uvicorn.Server) -> AsyncIterator[int]:
    task = asyncio.create_task(served.serve())
    while not served.started:
        await asyncio.sleep(0.01)
    yield int(served.servers[0].sockets[0].getsockname()[1])
    served.should_exit = True
    await task


async def measure(name: str, port: int) -> None:
    act = message("U1", "hello")
    headers = {"Host": "desk", "User-Agent": "Slackbot 1.0", "Accept": "*/*", **signed(act)}
    lines = ["POST /slack/events HTTP/1.1", *(f"{key}: {value}" for key, value in headers.items())]
    sent = "\r\n".join([*lines, f"Content-Length: {len(act.body)}", "", ""]).encode() + act.body
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    spent = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(EACH):
            writer.write(sent)
            assert b" 503 " in await reader.readuntil(b"\r\n\r\n")
        spent.append((time.process_time() - began) / EACH * 1000)
    writer.close()
    sys.stdout.write(f"{name}: {min(spent):.3f} ms\n")


async def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))

    async def well() -> dict[str, str]:
        return {}

    plain = await asyncio.get_running_loop().create_server(Bytes, "127.0.0.1", 0)
    await measure("an answer of bytes", plain.sockets[0].getsockname()[1])
    plain.close()
    config = uvicorn.Config(bare, port=0, http="h11", log_config=None, access_log=False, lifespan="off")
    async with running(uvicorn.Server(config)) as port:
        await measure("a bare ASGI app", port)
    ticks = Ticks()
    endpoint = Endpoint(bare, TooLarge(None, "T1", SECRET))  # type: ignore[arg-type]  nothing is recorded
    endpoint.admission = Admission(ticks)
    with contextlib.ExitStack() as stack:
        for _ in range(FEW):
            stack.enter_context(endpoint.admission.under_way())
        ticks.at += 60
        for name, early in (("by the endpoint", None), ("before the parser", endpoint.admission)):
            async with running(server(web_app(well, endpoint), "127.0.0.1", 0, early)) as port:
                await measure(name, port)


if __name__ == "__main__":
    asyncio.run(main())
