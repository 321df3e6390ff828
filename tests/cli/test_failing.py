"""What the command line says of each way to fail; what is certdesk's own fault keeps its traceback."""

from __future__ import annotations

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from bot.cli.failing import worded
from bot.render.errors import TemplateError
from bot.store import MigrationError


def refused(answer: object) -> SlackApiError:
    return SlackApiError("a text that nobody should see", answer)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (refused({"ok": False, "error": "invalid_auth"}), "Slack refused: invalid_auth. `certdesk doctor`"),
        (refused("<html>proxy</html>"), "what answers is not Slack; look at the network and SLACK_API_URL"),
        (refused({}), "what answers is not Slack"),
        (MigrationError("it is at revision 9"), "the database could not be migrated: it is at revision 9."),
        (TemplateError("card.md", 3, "no"), "the templates cannot be used.\ncard.md:3: no"),
        (TimeoutError(), "no answer came in time. `certdesk doctor`"),
        (aiohttp.ServerTimeoutError(), "no answer came in time"),
        (aiohttp.ServerDisconnectedError(), "Server disconnected. `certdesk doctor`"),
        (PermissionError(13, "Permission denied", "/srv"), "[Errno 13] Permission denied: '/srv'."),
        (ModuleNotFoundError("no", name="psycopg"), "pip install 'psycopg[binary]'"),
        (ModuleNotFoundError("no", name="bot.nowhere"), None),
        (KeyError("oops"), None),
        (RuntimeError("oops"), None),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_what_can_be_mended_is_said_with_what_to_do(error: Exception, words: str | None) -> None:
    found = worded(error)
    assert found is None if words is None else words in (found or "")
    assert "nobody should see" not in (found or "")
