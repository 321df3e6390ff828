"""Logging: one line of JSON an event on standard error, or readable lines on a terminal."""

from __future__ import annotations

import logging
import sys

import structlog

from bot.slack.app import hush


def configure(level: str, *, readable: bool | None = None) -> None:
    """Set logging up. Libraries that print payloads stay quiet whatever the level."""
    pretty = sys.stderr.isatty() if readable is None else readable
    renderer = structlog.dev.ConsoleRenderer() if pretty else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    plain = "%(levelname)s %(name)s: %(message)s"
    logging.basicConfig(level=logging.WARNING, format=plain, stream=sys.stderr)
    hush()
