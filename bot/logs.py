"""Logging: one line of JSON an event on standard error, or readable lines on a terminal.

Nothing that is logged raises: a line that cannot be made or written is lost, and counted.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import Callable, MutableMapping, Sequence
from typing import Any, TextIO, cast

import structlog
from structlog.typing import Processor

from bot import metrics
from bot.log_output import LogOutput
from bot.safe_errors import mishap
from bot.slack.app.bolt import silence_libraries

log = structlog.get_logger("certdesk")


class _Handler(logging.StreamHandler[TextIO]):
    """What libraries log, without raising."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802  logging's own
        metrics.LOG_LINES_LOST.inc()


def configure(level: str, *, readable: bool | None = None) -> None:
    """Set logging up. Libraries that print payloads stay quiet whatever the level."""
    output = cast("TextIO", sys.stderr if isinstance(sys.stderr, LogOutput) else LogOutput(sys.stderr))
    pretty = output.isatty() if readable is None else readable
    renderer = structlog.dev.ConsoleRenderer() if pretty else structlog.processors.JSONRenderer()
    steps: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        renderer,
    ]
    structlog.configure(
        processors=[_without_raising(steps)],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=structlog.WriteLoggerFactory(output),
        cache_logger_on_first_use=False,
    )
    handler = _Handler(output)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    silence_libraries()


def tell_of_lost_errors(loop: asyncio.AbstractEventLoop) -> None:
    """Count and log errors that nobody waits for; asyncio alone would print their texts, typed words too."""

    def told(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        metrics.TASK_FAILURES.labels("other").inc()
        seen = mishap(error) if isinstance(error, BaseException) else {}
        log.error("error_lost", what=str(context.get("message")), **seen)

    loop.set_exception_handler(told)


def _without_raising(steps: Sequence[Processor]) -> Callable[..., str]:
    """Return the steps as one, which makes a line of the event's name alone where they fail."""

    def rendered(logger: Any, method: str, event: MutableMapping[str, Any]) -> str:  # noqa: ANN401  structlog's own
        name = event.get("event")
        made: Any = event
        try:
            for step in steps:
                made = step(logger, method, made)
            return str(made)
        except structlog.DropEvent:
            raise
        except Exception:  # noqa: BLE001  whatever a value does when it is shown, the work goes on
            metrics.LOG_LINES_LOST.inc()
            return json.dumps({"event": "log_line_lost", "of": name if isinstance(name, str) else "?"})

    return rendered
