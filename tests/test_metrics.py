"""Every metric stands in the docs, with its labels and its meaning."""

from __future__ import annotations

from pathlib import Path

from prometheus_client.metrics import MetricWrapperBase

from bot import metrics

PAGE = Path(__file__).parent.parent / "docs" / "operating.md"


def table() -> str:
    """Return what the docs must end with."""
    rows = ["| metric | labels | what |", "| --- | --- | --- |"]
    kept = [metric for metric in vars(metrics).values() if isinstance(metric, MetricWrapperBase)]
    for metric in kept:
        [described] = metric.describe()
        name = f"{described.name}_total" if described.type == "counter" else described.name
        labels = ", ".join(f"`{label}`" for label in metric._labelnames)  # noqa: SLF001  nothing public tells
        rows.append(f"| `{name}` | {labels} | {described.documentation} |")
    assert len(kept) == len([*metrics.REGISTRY.collect()])
    return "\n".join(rows) + "\n"


def test_the_docs_list_every_metric() -> None:
    assert PAGE.read_text(encoding="utf-8").endswith(f"\n\n{table()}")
