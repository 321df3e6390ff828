"""An organization in the stand-in: the same user id beside another team, a bot, nobody's time zone."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.standin import ORGANIZATION, SISTER_TEAM, Guise, StandIn

SISTER = Guise(SISTER_TEAM)
WHOLE = Guise(None, whole=True)


async def delivered(slack: StandIn, guise: Guise | None) -> dict[str, dict[str, Any]]:
    """Return what Rosa's command and her message send; nobody takes it."""
    slack.names("rosa", guise)
    command = await slack.slash("rosa", "ssl-support", "/help")
    await slack.say("rosa", slack.im("rosa"), "hello")
    return {"command": command.payload, "message": slack.deliveries[-1].payload}


@pytest.mark.parametrize(
    ("guise", "team", "whole"),
    [(None, "T0PLAYGROUND", "false"), (SISTER, SISTER_TEAM, "false"), (WHOLE, None, "true")],
    ids=["none", "a sister workspace", "an app of the whole organization"],
)
async def test_a_command_names_the_team(
    slack: StandIn, guise: Guise | None, team: str | None, whole: str
) -> None:
    body = (await delivered(slack, guise))["command"]
    assert (body["user_id"], body.get("team_id"), body["is_enterprise_install"]) == ("U0ROSA", team, whole)
    assert body.get("enterprise_id") == (ORGANIZATION if guise else None)


async def test_an_event_names_it_beside_the_writer(slack: StandIn) -> None:
    event = (await delivered(slack, SISTER))["message"]["event"]
    assert [event[name] for name in ("user", "user_team", "source_team", "team")] == [
        "U0ROSA",
        *[SISTER_TEAM] * 3,
    ]
    body = (await delivered(slack, WHOLE))["message"]
    assert "team" not in body["event"]
    assert body["authorizations"][0]["is_enterprise_install"] is True
    assert (body["context_team_id"], body["enterprise_id"]) == (None, ORGANIZATION)


async def test_what_others_do_is_as_before(slack: StandIn) -> None:
    slack.names("rosa", SISTER)
    await slack.say("ada", slack.im("ada"), "hello")
    assert slack.deliveries[-1].payload["event"]["team"] == "T0PLAYGROUND"
    slack.names("rosa", None)
    await slack.say("rosa", slack.im("rosa"), "hello")
    assert slack.deliveries[-1].payload["event"]["team"] == "T0PLAYGROUND"


async def test_who_installed_it(slack: StandIn, client: AsyncWebClient) -> None:
    assert (await client.auth_test())["team_id"] == "T0PLAYGROUND"
    slack.install_everywhere()
    found = await client.auth_test()
    assert [found[name] for name in ("team_id", "enterprise_id", "is_enterprise_install")] == [
        *[ORGANIZATION] * 2,
        True,
    ]


async def test_accounts_of_other_kinds(slack: StandIn, client: AsyncWebClient) -> None:
    slack.add_user("pager", is_bot=True)
    slack.add_user("wim", id="W0WIM", tz="")
    await slack.join("pager", "ssl-agents")
    members = (await client.conversations_members(channel=slack.channel("ssl-agents")))["members"]
    assert {"U0PAGER", slack.bot_user} <= {*members}
    assert (await client.users_info(user="U0PAGER"))["user"]["is_bot"] is True
    assert not [key for key in (await client.users_info(user="W0WIM"))["user"] if key.startswith("tz")]
