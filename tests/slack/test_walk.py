from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground.standin import text_of

if TYPE_CHECKING:
    from tests.conftest import World


async def test_slash_command_opens_the_first_question_by_socket_mode(world: World) -> None:
    await first_question(world)


async def test_slash_command_opens_the_first_question_over_signed_http(http_world: World) -> None:
    await first_question(http_world)


async def first_question(world: World) -> None:
    delivery = await world.slack.slash("rosa", "ssl-support", "/certdesk", "")
    assert delivery.acked
    view = await world.slack.until(lambda: world.slack.view("rosa"))
    assert "Where was the certificate ordered?" in text_of(view)
