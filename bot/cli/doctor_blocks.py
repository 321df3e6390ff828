"""`certdesk doctor --blocks`: let Slack itself check every answer that the desk can draw."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

import policy
from bot.cli.doctor import Finding, State
from bot.render.kept import KeptRenderer
from bot.settings import Settings
from bot.slack.blocks.answer_checks import drawn
from bot.slack.blocks.parts import Message
from bot.texts import texts_of
from policy.reachable import one_per_wording

MAX_SHOWN: Final = 20
MAX_WAITS: Final = 5  # each as long as Slack asks
REFUSED: Final = frozenset({"invalid_blocks", "invalid_message", "invalid_view"})


async def blocks_taken(settings: Settings) -> list[Finding]:
    """Send each different message and view once to `blocks.validate`, which needs no token.

    It stops if Slack cannot be asked, and says how far it got.
    """
    waits = AsyncRateLimitErrorRetryHandler(max_retry_count=MAX_WAITS)
    client = AsyncWebClient(base_url=settings.api_url, retry_handlers=[waits])
    refused: list[Finding] = []
    asked = 0
    for payload in _payloads(settings):
        try:
            # the SDK's own method puts them into the URL, which would be too long
            await client.api_call("blocks.validate", data=payload)
        except SlackApiError as error:
            said = error.response.data if isinstance(error.response.data, dict) else {}
            code = str(said.get("error", error.response.status_code))
            if code not in REFUSED:
                return [*refused[:MAX_SHOWN], _stopped(asked, code)]
            refused.append(_refused(payload, said.get("errors") or [code]))
        except (SlackClientError, OSError, TimeoutError) as error:
            return [*refused[:MAX_SHOWN], _stopped(asked, type(error).__name__)]
        asked += 1
    if not refused:
        return [Finding("blocks", State.OK, f"{asked} different messages and views, each taken")]
    told = f"{len(refused)} of {asked} messages and views are refused"
    return [*refused[:MAX_SHOWN], Finding("blocks", State.FAILED, told)]


def _payloads(settings: Settings) -> Iterator[dict[str, str]]:
    """Yield each different message and view that any decision can be shown in."""
    core = policy.load(settings.policy_dirs)
    texts = texts_of(settings, core, KeptRenderer)
    seen: set[str] = set()
    for each in drawn(texts, core, one_per_wording(core)):
        if isinstance(each, Message):
            kind, payload = "message", json.dumps({"text": each.text, "blocks": each.blocks})
        else:
            kind, payload = "view", json.dumps(each)
        if payload not in seen:
            seen.add(payload)
            yield {kind: payload}


def _refused(payload: dict[str, str], errors: list[Any]) -> Finding:
    [kind] = payload
    return Finding("blocks", State.FAILED, f"a {kind} is refused: {json.dumps(errors, ensure_ascii=False)}")


def _stopped(asked: int, why: str) -> Finding:
    return Finding("blocks", State.FAILED, f"stopped after {asked}: {why}; try it again later")
