"""Put every failure of the command line into words, in this one place."""

from __future__ import annotations

from typing import Final

DRIVER: Final = "psycopg"
NO_DRIVER: Final = (
    "CERTDESK_DATABASE_URL names PostgreSQL, whose driver is not installed: pip install 'psycopg[binary]'"
)


class RefusalError(Exception):
    """A request was refused; the text is for the operator, and says what to do instead."""


def worded(error: Exception) -> str | None:
    """Return what went wrong and what to do, None if it is certdesk's own fault.

    Only types that are already loaded can have been raised, so none is imported for this.
    """
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if isinstance(error, RefusalError):
        return str(error)
    if "PolicyError" in kinds:
        return f"the policy files cannot be used.\n{error}"
    if "UnfitError" in kinds or "TemplateError" in kinds:
        return f"the templates cannot be used.\n{error}"
    if "CallError" in kinds:
        return _of_slack(error)
    if "MigrationError" in kinds:
        return f"the database could not be migrated: {error}."
    if "CopyError" in kinds:
        return f"nothing was copied: {error}."
    if "DBAPIError" in kinds or "ArgumentError" in kinds or "NoSuchModuleError" in kinds:
        return "the database cannot be opened. Look at CERTDESK_DATABASE_URL, or run `certdesk doctor`."
    if isinstance(error, ModuleNotFoundError) and error.name == DRIVER:
        return f"{NO_DRIVER}."
    if isinstance(error, UnicodeEncodeError):
        return "an argument is not valid UTF-8 text."
    if isinstance(error, TimeoutError):
        return "no answer came in time. `certdesk doctor` tries each connection in turn."
    if "ClientError" in kinds or isinstance(error, OSError):
        return f"{error}. `certdesk doctor` tries each connection in turn."
    return None


def _of_slack(error: Exception) -> str:
    from bot.slack.outbound.errors import STATUS, UNREADABLE, advice_on  # noqa: PLC0415  loaded already, or it had not been raised
    from bot.slack.outbound.web_api import CallError  # noqa: PLC0415

    code = error.code if isinstance(error, CallError) else UNREADABLE
    if code == UNREADABLE or code.startswith(STATUS):
        return f"what answers is not Slack; {advice_on(code)}."
    if isinstance(error, CallError) and isinstance(error.__cause__, Exception):
        why = "no answer came in time" if isinstance(error.__cause__, TimeoutError) else f"{error.__cause__}"
        return f"{why or code}. `certdesk doctor` tries each connection in turn."
    return f"Slack refused: {code}. `certdesk doctor` says what to do about it."
