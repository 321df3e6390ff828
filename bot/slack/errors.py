"""Slack's errors, and what certdesk makes of each: one table, from which docs/slack-errors.md is made.

`python -m bot.slack.errors > docs/slack-errors.md` writes it anew; a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

UNREADABLE: Final = "unreadable_answer"


class Course(StrEnum):
    """What is done about a call that failed."""

    AGAIN = "tried again"
    WAITS = "kept, and tried again at longer and longer intervals until somebody mends it"
    DEAD = "put among the dead letters"
    REDRAWN = "answered with the current state"
    REOPENED = "drawn when it is opened again"


@dataclass(frozen=True, slots=True)
class Meaning:
    """One of Slack's errors: what it means here, what the bot does, and what the operator is told."""

    code: str
    means: str
    course: Course
    advice: str


_CREDENTIALS: Final = (
    "put the token of the installed app into SLACK_BOT_TOKEN, then restart; nothing is lost meanwhile"
)
_TROUBLE: Final = "nothing to do: Slack had trouble of its own"
_INVITE: Final = "invite the bot with /invite @certdesk in the agents' channel"
_REPORT: Final = "a template makes too long a message: `certdesk policy check` says which"

MEANINGS: Final = (
    Meaning("ratelimited", "too many calls; also as HTTP 429, or as HTTP 200", Course.AGAIN, "nothing to do: certdesk waits as long as Slack asks, for that method"),
    Meaning("rate_limited", "the same, of response URLs", Course.AGAIN, "nothing to do, as above"),
    Meaning("internal_error", "Slack broke, before or after the effect", Course.AGAIN, _TROUBLE),
    Meaning("fatal_error", "Slack broke, before or after the effect", Course.AGAIN, _TROUBLE),
    Meaning("request_timeout", "Slack did not read the request in time", Course.AGAIN, _TROUBLE),
    Meaning("service_unavailable", "Slack is down", Course.AGAIN, _TROUBLE),
    Meaning("team_added_to_org", "the workspace is being moved", Course.AGAIN, _TROUBLE),
    Meaning(UNREADABLE, "an answer that is not Slack's: a proxy's page", Course.AGAIN, "look at the network and SLACK_API_URL"),
    Meaning("token_revoked", "the app was uninstalled, or its token revoked", Course.WAITS, _CREDENTIALS),
    Meaning("token_expired", "the token is too old", Course.WAITS, _CREDENTIALS),
    Meaning("invalid_auth", "the token is not one of Slack's", Course.WAITS, _CREDENTIALS),
    Meaning("not_authed", "no token was sent", Course.WAITS, _CREDENTIALS),
    Meaning("account_inactive", "the app's user was deactivated", Course.WAITS, _CREDENTIALS),
    Meaning("missing_scope", "the token may not do this", Course.WAITS, "reinstall the app from `certdesk manifest`"),
    Meaning("not_in_channel", "the bot is not in the channel", Course.WAITS, _INVITE),
    Meaning("channel_not_found", "there is no such channel, or the bot may not see it", Course.WAITS, f"look at CERTDESK_AGENTS_CHANNEL; {_INVITE}"),
    Meaning("is_archived", "the channel was archived", Course.WAITS, "unarchive it, or set CERTDESK_AGENTS_CHANNEL to another"),
    Meaning("user_not_found", "there is no such person any more, or Slack does not show them", Course.DEAD, "nothing to do: the case stays in the list of cases"),
    Meaning("user_disabled", "the person's account was closed", Course.DEAD, "nothing to do"),
    Meaning("cannot_dm_bot", "the person is a bot", Course.DEAD, "nothing to do: certdesk does not talk to bots"),
    Meaning("msg_too_long", "the message is too long", Course.DEAD, _REPORT),
    Meaning("msg_blocks_too_long", "its blocks hold too much text", Course.DEAD, _REPORT),
    Meaning("invalid_blocks", "Slack does not take its blocks", Course.DEAD, "a fault of certdesk: report it with the effect's number"),
    Meaning("message_not_found", "the message to redraw was deleted", Course.DEAD, "nothing to do: what it said is in the case"),
    Meaning("thread_not_found", "the card whose thread it is was deleted", Course.DEAD, "nothing to do: the next change of the case posts its card anew"),
    Meaning("cant_update_message", "the message to redraw is not the bot's", Course.DEAD, "nothing to do"),
    Meaning("expired_trigger_id", "Slack did not open the modal in time (3 seconds)", Course.REDRAWN, "nothing to do: the person gets a message with a button that opens it"),
    Meaning("exchanged_trigger_id", "the click has opened a modal already", Course.REDRAWN, "nothing to do, as above"),
    Meaning("not_enabled", "App Home is switched off for the app", Course.REOPENED, "update the app from `certdesk manifest`, which switches it on"),
    Meaning("hash_conflict", "the modal has changed since it was looked at", Course.REDRAWN, "nothing to do: the modal shows the case as it is now"),
)  # fmt: skip
BY_CODE: Final = {meaning.code: meaning for meaning in MEANINGS}


def course_of(code: str) -> Course:
    """Return what is done about an error; one that is not in the table is not repeated."""
    return BY_CODE[code].course if code in BY_CODE else Course.DEAD


def advice_on(code: str) -> str:
    """Return what the operator is told of an error."""
    known = BY_CODE.get(code)
    return (
        known.advice if known else "look the code up among Slack's; `certdesk outbox` lists what was not sent"
    )


def page() -> str:
    """Return the table as docs/slack-errors.md."""
    rows = [f"| `{each.code}` | {each.means} | {each.course} | {each.advice} |" for each in MEANINGS]
    head = [
        "# Slack's errors",
        "",
        "Made from `bot/slack/errors.py` by `python -m bot.slack.errors`. What is sent through the outbox is",
        "tried again, kept or put among the dead letters (`certdesk outbox list`); a code that is not here is",
        "not repeated. A broken connection or a time-out is tried again, after a look whether it arrived.",
        "",
        "| code | means | what it was for is | the operator is told |",
        "| --- | --- | --- | --- |",
    ]
    return "\n".join([*head, *rows]) + "\n"


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201  that is its purpose
