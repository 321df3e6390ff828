"""Run the stand-in by itself: `python -m bot.playground.standin`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
from pathlib import Path

from .driver import StandIn
from .errors import StandInError
from .rules_page import rules


def _arguments(args: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bot.playground.standin",
        description="Run a local stand-in for Slack and print the tokens that it accepts.",
        epilog="Example: python -m bot.playground.standin --port 8065 --command /helpdesk",
    )
    parser.add_argument("--port", type=int, default=0, help="the port; a free one by default")
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address")
    parser.add_argument("--command", action="append", default=[], help="a slash command; may be repeated")
    parser.add_argument("--shortcut", action="append", default=[], help="a message shortcut's callback id")
    parser.add_argument("--request-url", help="post signed HTTP there, in place of Socket Mode")
    parser.add_argument("--page", type=Path, help="a folder with the page's index.html")
    parser.add_argument("--bot-token", help="also accept this bot token")
    parser.add_argument("--app-token", help="also accept this app-level token")
    parser.add_argument("--rules", action="store_true", help="print every rule as Markdown, and end")
    return parser.parse_args(args)


async def _run(args: argparse.Namespace) -> None:
    options = {"commands": args.command, "shortcuts": args.shortcut, "page_dir": args.page}
    async with StandIn.serving(host=args.host, port=args.port, **options) as slack:
        slack.request_url = args.request_url
        if args.bot_token:
            slack.add_token(args.bot_token, scopes=slack.world.bot_token.scopes)
        if args.app_token:
            slack.add_token(args.app_token, app=True, scopes=slack.world.app_token.scopes)
        lines = (
            f"SLACK_API_URL={slack.api_url}",
            f"SLACK_BOT_TOKEN={args.bot_token or slack.bot_token}",
            f"SLACK_APP_TOKEN={args.app_token or slack.app_token}",
            f"SLACK_SIGNING_SECRET={slack.signing_secret}",
            *(f"# channel {channel.id} #{channel.name}" for channel in slack.world.channels.values()),
        )
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main(args: list[str] | None = None) -> int:
    """Run the stand-in until it is interrupted, and return the exit status."""
    given = _arguments(args)
    if given.rules:
        sys.stdout.write(rules())
        return 0
    try:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_run(given))
    except (StandInError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
