"""The app's manifest: one app in two transports, with the fewest scopes."""

from __future__ import annotations

import copy
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML  # which check-jsonschema brings along

from bot.playground.run import COMMAND
from bot.playground.standin import Fault, StandIn, text_of
from bot.slack.app.manifest import SCOPES, AddressError, manifest
from bot.slack.inbound.shortcuts import CHECK_ORDER
from tests.conftest import Clock, World, settings_for
from tests.slack.conftest import DETAILS, ISSUED, Acts

ROOT = Path(__file__).parents[1]
# Slack's own schema is no part of the project: where it is, the manifests are held to all of it.
SCHEMA = Path(os.environ.get("SLACK_MANIFEST_SCHEMA", ROOT.parent / "shared/slack/manifest.schema.json"))
HTTP = manifest("https://desk.example.com")


def read(text: str) -> dict[str, Any]:
    found = YAML(typ="safe", pure=True).load(text)
    assert isinstance(found, dict)
    return found


def test_the_file_is_what_the_command_prints() -> None:
    assert (ROOT / "manifest.yml").read_text(encoding="utf-8") == manifest()


def refused(app: dict[str, Any]) -> list[str]:
    """Return what Slack would refuse of a manifest, by the rules that matter to this one.

    https://docs.slack.dev/reference/app-manifest
    """
    wrong = [f"unknown part {name}" for name in app.keys() - PARTS]
    shown, features, settings = app["display_information"], app["features"], app["settings"]
    commands, shortcuts = features["slash_commands"], features["shortcuts"]
    texts = [("name", shown["name"], 1, 35), ("description", shown["description"], 1, 140)]
    texts.append(("long_description", shown["long_description"], 175, 4_000))
    texts.append(("display_name", features["bot_user"]["display_name"], 1, 80))
    for command in commands:
        texts.append(("command", command["command"], 2, 32))
        texts.append(("description of a command", command["description"], 1, 2_000))
        texts.append(("usage_hint", command["usage_hint"], 1, 1_000))
    for shortcut in shortcuts:
        texts.append(("shortcut", shortcut["name"], 1, 24))
        texts.append(("callback_id", shortcut["callback_id"], 1, 255))
        texts.append(("description of a shortcut", shortcut["description"], 1, 150))
    wrong += [f"{what} of {len(text)}" for what, text, least, most in texts if not least <= len(text) <= most]
    if not re.fullmatch(r"#([0-9a-fA-F]{3}){1,2}", shown["background_color"]):
        wrong.append("a color that is none")
    wrong += [f"command {each['command']}" for each in commands if not each["command"].startswith("/")]
    wrong += [f"type {each['type']}" for each in shortcuts if each["type"] not in {"message", "global"}]
    scopes, events = app["oauth_config"]["scopes"]["bot"], settings["event_subscriptions"]["bot_events"]
    wrong += [
        f"{what} twice" for what, each in (("scope", scopes), ("event", events)) if len({*each}) < len(each)
    ]
    called = [settings["interactivity"], settings["event_subscriptions"]]
    urls = [each.get("request_url") for each in called] + [each.get("url") for each in commands]
    if not settings["socket_mode_enabled"]:
        wrong += ["nowhere to call" for url in urls if not str(url).startswith("https://")]
    return wrong


PARTS = {"_metadata", "display_information", "features", "oauth_config", "settings"}
SPOILED: dict[str, tuple[tuple[str | int, ...], Any]] = {
    "unknown part": (("feature",), {}),
    "name of 36": (("display_information", "name"), "x" * 36),
    "description of 141": (("display_information", "description"), "x" * 141),
    "long_description of 174": (("display_information", "long_description"), "x" * 174),
    "a color": (("display_information", "background_color"), "teal"),
    "display_name of 0": (("features", "bot_user", "display_name"), ""),
    "command certdesk": (("features", "slash_commands", 0, "command"), "certdesk"),
    "shortcut of 25": (("features", "shortcuts", 0, "name"), "x" * 25),
    "type channel": (("features", "shortcuts", 0, "type"), "channel"),
    "scope twice": (("oauth_config", "scopes", "bot"), ["commands", "commands"]),
    "event twice": (("settings", "event_subscriptions", "bot_events"), ["message.im", "message.im"]),
    "nowhere to call": (("settings", "interactivity", "request_url"), "http://desk.example.com"),
}


@pytest.mark.parametrize("text", [manifest(), HTTP], ids=["Socket Mode", "HTTP"])
def test_no_rule_that_matters_is_broken(text: str) -> None:
    assert refused(read(text)) == []


@pytest.mark.parametrize("what", SPOILED)
def test_each_rule_is_missed_where_it_is_broken(what: str) -> None:
    (*above, last), value = SPOILED[what]
    app = copy.deepcopy(read(HTTP))
    place: Any = app
    for name in above:
        place = place[name]
    place[last] = value
    [told] = refused(app)
    assert told.startswith(what)


@pytest.mark.skipif(not SCHEMA.exists(), reason=f"Slack's schema is not at {SCHEMA}")
@pytest.mark.parametrize("text", [manifest(), HTTP], ids=["Socket Mode", "HTTP"])
def test_slack_would_take_it(text: str, tmp_path: Path) -> None:
    file = tmp_path / "manifest.yml"
    file.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(SCHEMA), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_its_scopes_are_those_that_doctor_looks_for() -> None:
    assert set(read(manifest())["oauth_config"]["scopes"]["bot"]) == SCOPES


@pytest.fixture
async def exact(clock: Clock, tmp_path: Path) -> AsyncIterator[Acts]:
    """The bot in a Slack that grants the manifest's scopes and no more."""
    granted = {"bot_scopes": SCOPES, "commands": ["/certdesk"], "app_name": "certdesk"}
    async with StandIn.serving(**granted, clock=clock.epoch) as slack:
        world = World(slack, clock, settings_for(slack, tmp_path))
        await world.start()
        yield Acts(world)
        await world.stop()


async def test_its_scopes_carry_the_desk_to_the_claim_and_back(exact: Acts, clock: Clock) -> None:
    slack = exact.slack
    await exact.walk(ISSUED | {"provider": "sectigo", "fulfilled_on": "2026-11-10"})
    await exact.submit(**DETAILS)
    # nobody says whether the card and the notice arrived: both are looked for before they are sent again
    slack.inject("chat.postMessage", Fault.BROKEN_AFTER, times=2)
    await exact.press("hand_off")
    clock.forward(minutes=5)
    await exact.world.settle()
    await exact.press("claim", exact.channel()[0], user="ada")
    clock.forward(minutes=5)
    await exact.world.settle()
    assert f"<user:{slack.user('ada')}>" in text_of(exact.last())
    assert "C-1002" in await exact.write("new")
    assert slack.posted_twice("effect") == {}
    assert [call for call in slack.calls if call.error] == []
    asked = [call.args["channel"] for call in slack.calls if call.method == "conversations.history"]
    assert asked == [slack.channel("ssl-agents"), slack.im("rosa")]
    assert "users.info" in {call.method for call in slack.calls}
    assert slack.problems == []


def test_every_scope_says_why() -> None:
    lines = [
        line.strip() for line in manifest().splitlines() if any(f"- {scope}" in line for scope in SCOPES)
    ]
    assert len(lines) == len(SCOPES)
    assert all("#" in line for line in lines)


def test_both_are_the_same_app_but_for_the_transport() -> None:
    socket, http = read(manifest()), read(HTTP)
    assert socket["settings"].pop("socket_mode_enabled") is True
    assert http["settings"].pop("socket_mode_enabled") is False
    url = "https://desk.example.com/slack/events"
    assert http["settings"]["interactivity"].pop("request_url") == url
    assert http["settings"]["event_subscriptions"].pop("request_url") == url
    assert [command.pop("url") for command in http["features"]["slash_commands"]] == [url]
    assert http == socket


def test_the_playground_offers_its_command() -> None:
    [command] = read(manifest())["features"]["slash_commands"]
    assert command["command"] == COMMAND.command
    assert command["usage_hint"] == COMMAND.usage_hint


def test_what_the_bot_listens_to_is_there() -> None:
    app = read(manifest())
    assert app["features"]["app_home"]["home_tab_enabled"] is True
    assert [each["callback_id"] for each in app["features"]["shortcuts"]] == [CHECK_ORDER]
    assert set(app["settings"]["event_subscriptions"]["bot_events"]) == {
        "message.im",
        "app_home_opened",
        "app_mention",
        "member_joined_channel",
        "member_left_channel",
        "reaction_added",
        "reaction_removed",
        "app_uninstalled",
        "tokens_revoked",
    }


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://desk.example.com/", "https://desk.example.com/slack/events"),
        ("https://desk.example.com:8443/bots", "https://desk.example.com:8443/bots/slack/events"),
    ],
)
def test_an_address_is_taken_with_port_and_path(url: str, wanted: str) -> None:
    assert read(manifest(url))["settings"]["interactivity"]["request_url"] == wanted


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://desk.example.com",
        "desk.example.com",
        "https://",
        "https://desk.example.com?a=b",
        "https://desk.example.com#top",
        'https://desk.example.com/"',
        "https://desk.example.com/\nsettings: {}",
        "https://desk.example.com: x",
        "https://[::1",
        "https://desk.example.com:port",
        "https://dësk.example.com",
        "https://user:pass@desk.example.com",
    ],
)
def test_an_address_that_slack_could_not_call_is_refused(url: str) -> None:
    with pytest.raises(AddressError):
        manifest(url)
