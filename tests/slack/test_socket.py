"""A Socket Mode connection that dies is noticed and replaced; what is said meanwhile is not lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from bot.playground.standin import Fault, text_of

if TYPE_CHECKING:
    from tests.conftest import World


@pytest.mark.parametrize("fault", [Fault.DROPPED, Fault.REFRESHED, Fault.SILENT])
async def test_a_connection_that_is_gone_is_replaced(world: World, fault: Fault) -> None:
    with capture_logs() as logs:
        await world.slack.disturb(fault)
        await world.slack.until(lambda: len(opened(world)) > 1, timeout=20)
        await world.slack.connected()
        delivery = await world.slack.slash("rosa", "ssl-support", "/certdesk", "")
        assert delivery.acked
        view = await world.slack.until(lambda: world.slack.view("rosa"))
    assert "Where was the certificate ordered?" in text_of(view)
    if fault is Fault.SILENT:
        assert "socket_lost" in [entry["event"] for entry in logs]


def opened(world: World) -> list[object]:
    return [call for call in world.slack.calls if call.method == "apps.connections.open"]
