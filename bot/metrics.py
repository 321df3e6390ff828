"""What is counted, in Prometheus's form. Labels never hold anything of a person or a case."""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, start_http_server

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

REFUSED: Final = Counter(
    "certdesk_requests_refused",
    "HTTP requests and connections that were refused, by reason.",
    ["reason"],
    registry=REGISTRY,
)


def serve(host: str, port: int) -> None:
    """Serve the figures on a port of their own, from a thread that ends with the process."""
    start_http_server(port, addr=host, registry=REGISTRY)
