"""What the command line says of each way to fail; what is certdesk's own fault keeps its traceback."""

from __future__ import annotations

import aiohttp
import pytest

from bot.cli.failures import worded
from bot.render.errors import TemplateError
from bot.slack.outbound.errors import Course
from bot.slack.outbound.web_api import CallError, Heard, taken
from bot.store import MigrationError

NOT_SLACK = "what answers is not Slack; look at the network and SLACK_API_URL"


def refused(status: int, body: str) -> CallError:
    with pytest.raises(CallError) as refusal:
        taken("auth.test", Heard(status, {}, body.encode()))
    return refusal.value


def unheard(cause: Exception) -> CallError:
    error = CallError("auth.test", type(cause).__name__, Course.UNSURE)
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            refused(200, '{"ok":false,"error":"invalid_auth"}'),
            "Slack refused: invalid_auth. `certdesk doctor`",
        ),
        (refused(200, "<html>nobody should see</html>"), NOT_SLACK),
        (refused(502, "<html>nobody should see</html>"), NOT_SLACK),
        (refused(200, "{}"), "what answers is not Slack"),
        (unheard(TimeoutError()), "no answer came in time. `certdesk doctor`"),
        (unheard(aiohttp.ServerDisconnectedError()), "Server disconnected. `certdesk doctor`"),
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
