"""What is counted, in Prometheus's form. Labels never hold anything of a person or a case."""

from __future__ import annotations

from threading import Thread
from typing import Final
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, Counter, Gauge, start_http_server

REGISTRY: Final = CollectorRegistry()
DELIVERIES: Final = Counter(
    "certdesk_deliveries",
    "Deliveries taken, by what they were and what came of them.",
    ["kind", "outcome"],
    registry=REGISTRY,
)
EFFECTS: Final = Counter(
    "certdesk_effects",
    "Effects handed to Slack, by kind and what came of them.",
    ["kind", "outcome"],
    registry=REGISTRY,
)
TASK_UP: Final = Gauge(
    "certdesk_task_up",
    "Whether a task that lives as long as the process runs: 1, or 0 from its failure until it works again.",
    ["task"],
    registry=REGISTRY,
)
TASK_FAILURES: Final = Counter(
    "certdesk_task_failures",
    "Failures of tasks that live as long as the process, and of what runs beside them (task `other`).",
    ["task"],
    registry=REGISTRY,
)
LOG_LINES_LOST: Final = Counter(
    "certdesk_log_lines_lost",
    "Log lines that could not be written: disk full, pipe closed or stalled, a value that cannot be shown.",
    registry=REGISTRY,
)
CLOCK_JUMPS: Final = Counter(
    "certdesk_clock_jumps",
    "Jumps of the machine's clock, and corrections, by direction.",
    ["direction"],
    registry=REGISTRY,
)
SLACK_ERRORS: Final = Counter(
    "certdesk_slack_errors",
    "Calls of Slack that did not succeed, by method and code; what Slack does not document is bounded.",
    ["method", "code"],
    registry=REGISTRY,
)
UNDELIVERED: Final = Counter(
    "certdesk_undelivered",
    "Times that somebody was told that the agents, or the requester, do not get what was sent to them.",
    ["to"],
    registry=REGISTRY,
)
RATE_LIMITED: Final = Counter(
    "certdesk_app_rate_limited", "Minutes in which Slack kept events back.", registry=REGISTRY
)
ACCESS: Final = Gauge(
    "certdesk_slack_access",
    "1 while Slack takes the bot's token, 0 while nothing is sent.",
    registry=REGISTRY,
)
ACCESS.set(1)

QUEUE_WAIT: Final = Gauge(
    "certdesk_queue_wait_seconds", "How long a delivery that comes now will wait.", registry=REGISTRY
)
UNDER_WAY: Final = Gauge("certdesk_deliveries_under_way", "Deliveries not yet answered.", registry=REGISTRY)
SATURATION: Final = Gauge(
    "certdesk_saturation",
    "The wait as a share of what people are let wait: from 1 on their deliveries are refused.",
    registry=REGISTRY,
)
REFUSED: Final = Counter(
    "certdesk_requests_refused",
    "HTTP requests and connections that were refused, by reason.",
    ["reason"],
    registry=REGISTRY,
)


class Exposed:
    """The figures on a port of their own, served by a thread."""

    def __init__(self, server: WSGIServer, thread: Thread) -> None:
        self._server = server
        self._thread = thread

    def is_up(self) -> bool:
        """Tell whether the thread still serves."""
        return self._thread.is_alive()

    def close(self) -> None:
        """Stop serving and give the port back."""
        if self._thread.is_alive():
            self._server.shutdown()
        self._server.server_close()


def serve(host: str, port: int) -> Exposed:
    """Serve the figures. Raises OSError where the port is taken."""
    return Exposed(*start_http_server(port, addr=host, registry=REGISTRY))
