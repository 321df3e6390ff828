"""The two kinds of error: the app asks for what Slack refuses, or a test does what no person could."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .schema import Json


class Refusal(Exception):  # noqa: N818 - not our error: it is an answer
    """Slack refuses a Web API call, with an error code and any further keys of the answer."""

    def __init__(self, code: str, **more: object) -> None:
        super().__init__(code)
        self.code = code
        self.more = more

    @classmethod
    def because(cls, code: str, problems: list[str]) -> Refusal:
        """Return the refusal with Slack's list of what is wrong, under both of its names."""
        messages = [f"[ERROR] {problem}" for problem in problems]
        return cls(code, errors=problems, response_metadata={"messages": messages})

    def answer(self) -> Json:
        """Return the body of the Web API's answer."""
        return {"ok": False, "error": self.code, **self.more}


class StandInError(Exception):
    """A test asks for what no person could do in Slack, such as clicking a button that is not there."""
