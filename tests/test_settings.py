"""What the environment says: each thing that is missing or malformed is named, with what to put there."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import make_url

from bot.settings import SettingError, Settings, read

RIGHT = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "0123456789abcdef"}

# what is set -> the variable to blame, and a word of the advice
WRONG = {
    "no bot token": ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN", "xoxb-"),
    "a user's token": ({"SLACK_BOT_TOKEN": "xoxp-1"}, "SLACK_BOT_TOKEN", "xoxb-"),
    "a token with a space": ({"SLACK_BOT_TOKEN": "xoxb-1 2"}, "SLACK_BOT_TOKEN", "xoxb-"),
    "a bot token as app token": ({"SLACK_APP_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN", "xapp-"),
    "no way in": ({"SLACK_SIGNING_SECRET": ""}, "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN"),
    "a channel's name": ({"CERTDESK_AGENTS_CHANNEL": "#agents"}, "CERTDESK_AGENTS_CHANNEL", "C0123456789"),
    "an address without a scheme": ({"SLACK_API_URL": "slack.com/api"}, "SLACK_API_URL", "https"),
    "an address that is broken": ({"SLACK_API_URL": "http://[::1"}, "SLACK_API_URL", "https"),
    "a port that is none": ({"SLACK_API_URL": "http://a:b/"}, "SLACK_API_URL", "https"),
    "another database": ({"CERTDESK_DATABASE_URL": "mysql://x"}, "CERTDESK_DATABASE_URL", "sqlite:"),
    "a database in memory": ({"CERTDESK_DATABASE_URL": "sqlite://"}, "CERTDESK_DATABASE_URL", "sqlite:"),
    "another driver": ({"CERTDESK_DATABASE_URL": "postgresql://x"}, "CERTDESK_DATABASE_URL", "psycopg"),
    "a port in the database's address": (
        {"CERTDESK_DATABASE_URL": "postgresql+psycopg://u@h:port/x"},
        "CERTDESK_DATABASE_URL",
        "psycopg",
    ),
    "a folder of nobody's": ({"CERTDESK_POLICY_DIR": "~nobody-at-all/x"}, "CERTDESK_POLICY_DIR", "folder"),
    "a folder with no such name": (
        {"CERTDESK_TEMPLATES_DIR": "x" * 5000},
        "CERTDESK_TEMPLATES_DIR",
        "folder",
    ),
    "no such policy folder": ({"CERTDESK_POLICY_DIR": "/no/such"}, "CERTDESK_POLICY_DIR", "folder"),
    "no such templates folder": ({"CERTDESK_TEMPLATES_DIR": "/no/such"}, "CERTDESK_TEMPLATES_DIR", "folder"),
    "another log level": ({"CERTDESK_LOG_LEVEL": "loud"}, "CERTDESK_LOG_LEVEL", "DEBUG"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_named_with_what_to_put_there(what: str) -> None:
    values, name, word = WRONG[what]
    with pytest.raises(SettingError) as caught:
        read(RIGHT | values).check_for_serving()
    assert caught.value.name == name
    assert word in caught.value.wanted


def test_what_is_right_is_taken(tmp_path: Path) -> None:
    more = {
        "SLACK_APP_TOKEN": "xapp-1",
        "SLACK_API_URL": "http://127.0.0.1:1/api",
        "CERTDESK_AGENTS_CHANNEL": "C0123456789",
        "CERTDESK_POLICY_DIR": str(tmp_path),
        "CERTDESK_LOG_LEVEL": "debug",
        "HOME": "/root",
    }
    settings = read(RIGHT | more)
    settings.check_for_serving()
    assert settings.api_url == "http://127.0.0.1:1/api/"
    assert settings.log_level == "DEBUG"
    assert settings.policy_dirs == (tmp_path,)
    assert settings.templates_dirs == ()
    assert "HOME" not in settings.values


def test_what_is_not_set_has_its_default() -> None:
    settings = Settings(RIGHT | {"SLACK_APP_TOKEN": "  "})
    assert settings.app_token is None
    assert settings.agents_channel is None
    assert settings.api_url == "https://slack.com/api/"
    assert settings.database_url.startswith("sqlite:///")
    assert settings.database_url.endswith("certdesk.db")
    assert settings.log_level == "INFO"


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///relative.db",
        "sqlite:////srv/desk/certdesk.db",
        "postgresql+psycopg://certdesk@db.example.com/certdesk",
        "postgresql+psycopg://certdesk:p%40ss[word:1@db.example.com:5432/certdesk",
        "postgresql+psycopg://certdesk@[::1]:5432/certdesk",
        "postgresql+psycopg:///certdesk?host=/var/run/postgresql",
    ],
)
def test_a_database_that_is_named_right_is_taken(url: str) -> None:
    assert read({"CERTDESK_DATABASE_URL": url}).database_url == url
    assert make_url(url).render_as_string(hide_password=False)


def test_no_secret_is_printed() -> None:
    secret = {"SLACK_BOT_TOKEN": "xoxb-secret", "CERTDESK_DATABASE_URL": "postgresql+psycopg://a:secret@b/c"}
    settings = read(secret)
    assert "secret" not in f"{settings!r} {settings}"
    assert "SLACK_BOT_TOKEN" in repr(settings)


def test_what_is_wrong_is_not_repeated() -> None:
    with pytest.raises(SettingError) as caught:
        _ = read({"SLACK_BOT_TOKEN": "xoxp-secret"}).bot_token
    assert "secret" not in f"{caught.value!r} {caught.value}"


def test_a_command_checks_only_what_it_needs() -> None:
    settings = Settings({})
    assert settings.database_url
    with pytest.raises(SettingError):
        _ = settings.bot_token
