"""A Bolt app that only acknowledges, on the server of certdesk: `python -m tests.bench.load.bare PORT`."""

from __future__ import annotations

import asyncio
import re
import sys

from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.slack.app.bolt import EVENTS_PATH, silence_libraries
from bot.slack.app.http import Endpoint, server, web_app
from bot.slack.app.too_large import TooLarge
from tests.bench.load.fake import BOT, TEAM
from tests.bench.load.traffic import SECRET

EVERYTHING = re.compile(r"(?s).*")


async def authorize() -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_id="B0BOT", bot_user_id=BOT)


async def acknowledge(ack: AsyncAck) -> None:
    await ack()


async def well() -> dict[str, str]:
    return {}


async def serve(port: int) -> None:
    silence_libraries()
    app = AsyncApp(authorize=authorize, signing_secret=SECRET, process_before_response=True)
    for listen in (app.action, app.view, app.command, app.shortcut, app.event):
        listen(EVERYTHING)(acknowledge)
    too_large = TooLarge(None, TEAM, SECRET)  # type: ignore[arg-type]  nothing here is
    endpoint = Endpoint(AsyncSlackRequestHandler(app, path=EVENTS_PATH), too_large)
    await server(web_app(well, endpoint), "127.0.0.1", port).serve()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
