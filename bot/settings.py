"""What the environment says, read once and frozen. Each command checks only what it needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import platformdirs

SLACK_API: Final = "https://slack.com/api/"
SQLITE: Final = r"sqlite:///(?!:memory:).+"
# user and password, host or [address], port; what follows is the driver's
POSTGRESQL: Final = r"postgresql\+psycopg://(?=.)([^@/]*@)?(\[[^]/]*\]|[^]\[@/:?]*)(:[0-9]{1,5})?([/?].*)?"
LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")


class SettingError(Exception):
    """A setting is missing or malformed: `name` is the variable, `wanted` what to put there."""

    def __init__(self, name: str, wanted: str) -> None:
        super().__init__(name, wanted)
        self.name = name
        self.wanted = wanted

    def __str__(self) -> str:
        return f"{self.name}: {self.wanted}"


@dataclass(frozen=True, slots=True)
class Settings:
    """The environment's values as they are; an empty one counts as absent. Secrets are not printed."""

    values: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Settings({', '.join(sorted(self.values))})"

    @property
    def bot_token(self) -> str:
        """Return the bot token. Raises SettingError where there is none."""
        wanted = "the bot token of the installed app, which begins with xoxb- (OAuth & Permissions)"
        return self._matching("SLACK_BOT_TOKEN", r"xoxb-\S+", wanted, required=True)

    @property
    def app_token(self) -> str | None:
        """Return the app-level token, None where the bot is to be called over HTTP."""
        wanted = "an app-level token with connections:write, which begins with xapp- (Basic Information)"
        return self._matching("SLACK_APP_TOKEN", r"xapp-\S+", wanted) or None

    @property
    def signing_secret(self) -> str:
        """Return the signing secret. Raises SettingError where there is none."""
        wanted = "the app's signing secret (Basic Information), or set SLACK_APP_TOKEN for Socket Mode"
        return self._matching("SLACK_SIGNING_SECRET", r"\S{8,}", wanted, required=True)

    @property
    def api_url(self) -> str:
        """Return the address of Slack's Web API, with a slash at its end."""
        address = self.values.get("SLACK_API_URL") or SLACK_API
        if not _is_address(address):
            raise SettingError("SLACK_API_URL", f"an http or https address such as {SLACK_API}, or nothing")
        return address.rstrip("/") + "/"

    @property
    def agents_channel(self) -> str | None:
        """Return the agents' channel, None where there is none."""
        wanted = (
            "the id of the agents' channel, such as C0123456789 (at the foot of its About tab), or nothing"
        )
        return self._matching("CERTDESK_AGENTS_CHANNEL", r"[CG][A-Z0-9]{2,}", wanted) or None

    @property
    def database_url(self) -> str:
        """Return the database's address; by default a SQLite file in the user's data folder."""
        given = self.values.get("CERTDESK_DATABASE_URL")
        if not given:
            folder = Path(platformdirs.user_data_dir("certdesk", appauthor=False))
            return f"sqlite:///{folder / 'certdesk.db'}"
        if not re.fullmatch(f"{SQLITE}|{POSTGRESQL}", given):
            wanted = "sqlite:////folder/certdesk.db or postgresql+psycopg://user@host/database, or nothing"
            raise SettingError("CERTDESK_DATABASE_URL", wanted)
        return given

    @property
    def policy_dirs(self) -> tuple[Path, ...]:
        """Return the operator's own folder of policy files, if there is one."""
        return self._folder("CERTDESK_POLICY_DIR")

    @property
    def templates_dirs(self) -> tuple[Path, ...]:
        """Return the operator's own folder of templates, if there is one."""
        return self._folder("CERTDESK_TEMPLATES_DIR")

    @property
    def log_level(self) -> str:
        """Return the log level's name."""
        level = (self.values.get("CERTDESK_LOG_LEVEL") or "INFO").upper()
        if level not in LEVELS:
            raise SettingError("CERTDESK_LOG_LEVEL", f"one of {', '.join(LEVELS)}, or nothing")
        return level

    def check_for_serving(self) -> None:
        """Raise SettingError for the first of all that serving needs, before anything is begun."""
        _ = self.bot_token, self.app_token or self.signing_secret, self.api_url
        _ = self.agents_channel, self.database_url, self.policy_dirs, self.templates_dirs, self.log_level

    def _matching(self, name: str, pattern: str, wanted: str, *, required: bool = False) -> str:
        value = self.values.get(name, "").strip()
        if not value and not required:
            return ""
        if not re.fullmatch(pattern, value):
            raise SettingError(name, wanted)
        return value

    def _folder(self, name: str) -> tuple[Path, ...]:
        given = self.values.get(name)
        if not given:
            return ()
        folder = _folder_at(given)
        if folder is None:
            raise SettingError(name, "a folder that exists, or nothing")
        return (folder,)


def _folder_at(text: str) -> Path | None:
    try:
        folder = Path(text).expanduser()
        return folder if folder.is_dir() else None
    except (OSError, RuntimeError):  # it may not be looked into, or ~ names nobody
        return None


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def read(environment: Mapping[str, str]) -> Settings:
    """Return the settings of an environment; only certdesk's and Slack's variables are kept."""
    kept = {
        name: value
        for name, value in environment.items()
        if name.startswith(("CERTDESK_", "SLACK_")) and value
    }
    return Settings(kept)
