"""The one place that puts the command line's failures into words."""

from __future__ import annotations


def worded(error: Exception) -> str | None:
    """Return what went wrong and what to do, None for what is certdesk's own fault.

    Only the types that are already loaded can have been raised, so none is imported for this.
    """
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if "PolicyError" in kinds:
        return f"the policy files cannot be used.\n{error}"
    if "SlackApiError" in kinds:
        response = getattr(error, "response", None)
        code = response.get("error") if response is not None else "unknown"
        return f"Slack refused: {code}. `certdesk doctor` says what to do about it."
    if "MigrationError" in kinds:
        return f"the database could not be migrated: {error}."
    if "DBAPIError" in kinds or "ArgumentError" in kinds or "NoSuchModuleError" in kinds:
        return "the database cannot be opened. Look at CERTDESK_DATABASE_URL, or run `certdesk doctor`."
    if "ClientError" in kinds or isinstance(error, OSError):
        return f"{error}. `certdesk doctor` tries each connection in turn."
    return None
