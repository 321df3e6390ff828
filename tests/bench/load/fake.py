"""A Slack that answers a call after 150 ms and says when it came: `python -m tests.bench.load.fake`.

It does far less than the stand-in, so that it takes little of the two cores. It speaks TLS only. What came is
streamed to whoever asks for `/watch`: a line of JSON each, with the moment of the machine's monotonic clock,
which is the same in every process.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import ssl
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

CALL_SECONDS = 0.15
FLUSH_SECONDS = 0.005
TEAM = "T0BENCH"
BOT = "U0BOT"
AGENTS = "C0AGENTS"
AGENT = "U0AGENT"

Json = dict[str, Any]


@dataclass
class Fake:
    """What stands in each channel, as far as the bot looks for it, and what nobody has been told of yet."""

    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    posts: dict[str, list[Json]] = field(default_factory=dict)
    watchers: dict[int, list[str]] = field(default_factory=dict)

    async def call(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a call of the Web API, or stream the calls."""
        came = time.monotonic()
        method = request.path.rpartition("/")[2]
        if method == "watch":
            return await self._watch(request)
        given = await arguments_of(request)
        answer = self.answer(method, given)
        line = json.dumps({"at": came, "method": method, "given": given, "answer": answer})
        for news in self.watchers.values():
            news.append(line)
        await asyncio.sleep(came + CALL_SECONDS - time.monotonic())
        return web.json_response({"ok": True, **answer})

    async def _watch(self, request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        news: list[str] = []
        self.watchers[watcher := next(self.numbers)] = news
        try:
            while True:
                await asyncio.sleep(FLUSH_SECONDS)
                lines, news[:] = [*news], []
                if lines:
                    await response.write("".join(f"{line}\n" for line in lines).encode())
        except ConnectionError:
            return response  # whoever watched has gone
        finally:
            del self.watchers[watcher]

    def answer(self, method: str, given: Json) -> Json:
        """Return what Slack would, but for `ok`."""
        match method:
            case "auth.test":
                return {"team_id": TEAM, "user_id": BOT, "bot_id": "B0BOT", "url": "https://bench.example/"}
            case "conversations.members":
                return {"members": [AGENT]}
            case "conversations.open":
                return {"channel": {"id": dm_of(str(given["users"]))}}
            case "users.info":
                return {"user": {"id": given.get("user"), "tz": "Europe/Madrid", "tz_offset": 3600}}
            case "chat.postMessage":
                return {"ts": self._post(given), "channel": given["channel"]}
            case "chat.update":  # without these it is no answer of Slack's, and the bot asks again
                return {"ts": given["ts"], "channel": given["channel"]}
            case "chat.postEphemeral":
                return {"message_ts": f"{int(time.time())}.{next(self.numbers):06d}"}
            case "conversations.history" | "conversations.replies":
                return {"messages": self.posts.get(str(given["channel"]), [])[-15:][::-1]}
            case "views.open" | "views.update" | "views.publish":
                number = next(self.numbers)
                return {"view": {"id": given.get("view_id") or f"V{number}", "hash": f"h{number}"}}
            case _:
                return {}

    def _post(self, given: Json) -> str:
        ts = f"{int(time.time())}.{next(self.numbers):06d}"
        self.posts.setdefault(given["channel"], []).append({"ts": ts, "metadata": given.get("metadata")})
        return ts


def dm_of(user: str) -> str:
    """Return a person's DM channel."""
    return f"D{user[1:]}"


async def arguments_of(request: web.BaseRequest) -> Json:
    """Return a call's arguments, wherever they are."""
    found: Json = dict(request.query)  # where the SDK puts the arguments of some methods
    if request.content_type == "application/json":
        return found | json.loads(await request.read() or b"{}")
    return found | {name: str(value) for name, value in (await request.post()).items()}


async def serve(certificate: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    runner = web.ServerRunner(web.Server(Fake().call))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await site.start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)  # whoever started it is gone


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("certificate")
    asyncio.run(serve(parser.parse_args().certificate))
