"""Whatever people type, and wherever: it comes out as the literal text it was, and never does anything.

Every call, acknowledgment and post through a response URL that the bot makes is looked through.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest

from bot.playground.standin import text_of
from bot.playground.standin.seam import Outcome, Passage, Proceed, Way
from bot.playground.standin.transport import Kind
from tests.conftest import World
from tests.slack.conftest import AGENTS, DETAILS, ISSUED, REQUESTER, SUPPORT, Acts

MARK = "zq7"
SECTIGO = ISSUED | {"provider": "sectigo", "fulfilled_on": "2026-11-10"}

# As a keyboard can type it; each is one line of at most 80 characters, so that it is shown back whole.
TYPED = {
    "a mention": "<@U0123ABC> zq7",
    "a mention by name": "@ben @here @everyone zq7",
    "everyone": "<!channel> <!here|zq7> <!everyone>",
    "a group": "<!subteam^S0123ABC|zq7>",
    "a channel": "<#C0123ABC|zq7>",
    "a date": "<!date^0^{date_long}^https://zq7.example|zq7>",
    "a link": "<https://zq7.example/|zq7>",
    "an address": "https://zq7.example/?a=1&b=2 www.zq7.example a@zq7.example",
    "Slack's formatting": "*zq7* _zq7_ ~zq7~ `zq7` >zq7",
    "a code block": "```zq7```",
    "Markdown": "# **zq7** [zq7](https://zq7.example) ![zq7](x) __zq7__ | zq7 |",
    "an emoji": ":skull: :zq7:",
    "HTML": "<b>zq7</b> &amp; &lt;zq7&gt; <script>zq7</script>",
    "a template's expression": "{{ 7*7 }} {{ zq7 }} {{ ''.__class__ }} {{ typed }}",
    "a template's statement": "{% for x in (1,) %}zq7{% endfor %} {# zq7 #} {% raw %}",
    "a format": "%s %(zq7)s {0} {zq7.__class__} $zq7 ${zq7}",
    "SQL": "'; DROP TABLE cases; -- zq7",
    "JSON": '"}]}, {"type": "mrkdwn", "text": "zq7"}, {"a": "\\u0000',
    "a button's value": "1001.2.program=opensrs zq7",
}
# what is typed -> what is left of it
UNFIT = {
    "a terminal's colors": ("\x1b[31mzq7\x07\x08", "[31mzq7"),
    "a NUL": ("zq7\x00zq7", "zq7zq7"),
    "lines": ("zq7\r\nzq7\n\n\nzq7\x0bzq7\u2028zq7", "zq7 zq7 zq7zq7 zq7"),
    "right to left": ("zq7 \u202egpj.exe\u202c \u2066zq7\u2069", "zq7 gpj.exe zq7"),
    "a placeholder of ours": ("\U000f5a3c0000000000000000000\U000f5a3d zq7", "0000000000000000000 zq7"),
}
# As Slack sends what a person chose from a menu while typing: unescaped; and as it is shown, in words.
SENT = {
    "a mention": ("<@{ben}> zq7", "@ben zq7"),
    "a channel": ("<#C0123ABC|zq7>", "#zq7"),
    "everyone": ("<!channel> zq7", "@channel zq7"),
    "an emoji": (":skull: zq7", ":skull: zq7"),
}
# What passes for a username, and so goes into tickets, cards and buttons.
USERNAMES = ("*zq7*", "{{zq7}}", "{%zq7%}", "@channel-zq7", ":zq7:", "&amp;zq7", "#zq7")
USERNAMES += ("[zq7](//zq7.example)", "https://zq7.example", "\u05d0\u05d1zq7")

AS_JSON = {"blocks", "view", "body", "metadata"}  # what may come as JSON within JSON
UNFIT_CHARACTERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\U000f5a3c\U000f5a3d]")
OURS = re.compile(r"<@U[A-Z0-9]+>|<#C[A-Z0-9]+>|<!date\^\d+\^[^<>]*>")


@dataclass
class Spy:
    """Keeps all that the bot says, however it says it."""

    said: list[object] = field(default_factory=list)

    async def __call__(self, passage: Passage, proceed: Proceed) -> Outcome:
        outcome = await proceed()
        self.said.append(outcome.body if passage.way is Way.DELIVERY else dict(passage.content))
        return outcome


def pieces(value: object, where: str = "", kind: str = "") -> Iterator[tuple[str, str, str, object]]:
    """Yield every string that the bot sent: under which name, in which type of thing, and that thing."""
    match value:
        case dict():
            own = str(value.get("type", kind))
            for name, inner in value.items():
                whole = json.loads(inner) if isinstance(inner, str) and name in AS_JSON else inner
                if isinstance(whole, str):
                    yield name, own, whole, value
                else:
                    yield from pieces(whole, name, own)
        case list():
            for inner in value:
                yield from pieces(inner, where, kind)
        case str():
            yield where, kind, value, None


def faults(said: object) -> list[str]:
    """Return where something typed came out otherwise than as literal text."""
    found = []
    for name, kind, text, thing in pieces(said):
        if UNFIT_CHARACTERS.search(text):
            found.append(f"{name} of {kind} holds what steers a screen: {text!r}")
        if kind in {"mrkdwn", "markdown", "broadcast", "usergroup", "link", "emoji", "color"}:
            found.append(f"there is a {kind}: {text!r}")
        if name == "text" and kind == "":
            left = OURS.sub("", text)
            if "<" in left or ">" in left:
                found.append(f"the fallback is not escaped: {text!r}")
        elif MARK in text.casefold() and not _literal(name, kind, thing):
            found.append(f"{name} of {kind} is no literal text: {text!r}")
    return found


def _literal(name: str, kind: str, thing: object) -> bool:
    """Tell whether this is a place where Slack shows a text as it is, or does not show it."""
    if not isinstance(thing, dict):
        return False
    if name == "text" and kind == "plain_text":
        return thing["emoji"] is False
    if name == "text" and kind == "text":  # what our templates make bold is whole, with all its stars
        plain = set(thing.get("style", {})) <= {"code", "strike"}
        return plain or any(
            whole in thing["text"] for whole in (*USERNAMES, "zq7.example")
        )  # a domain, as it was read
    if name.startswith("detail-") or name == "ticket":
        return True  # an error under a field, which Slack shows as it is
    return (name, kind) in {("initial_value", "plain_text_input"), ("value", "button")}


@pytest.fixture
def spy(acts: Acts) -> Spy:
    spy = Spy()
    acts.slack.faults.append(spy)
    return spy


async def at_every_place(acts: Acts) -> None:
    """Bring one person to each place in the DM: a choice, a date, an order ID, a common name."""
    for user in ("dan", "lea", "mia"):
        person = acts.slack.add_user(user, role="requester")
        acts.slack.world.open_im(person.id)
    dates = ("hi", "opensrs", "reseller", "yes", "sectigo")
    for user, words in (
        (REQUESTER, ("hi",)),
        ("dan", dates),
        ("lea", (*dates, "2026-11-10", "acme")),
        ("mia", (*dates, "2026-11-10", "acme", "1234567890")),
    ):
        for word in words:
            await acts.write(word, user)


UNDERSTOOD = {"a link", "an address", "a button's value"}  # a common name is read in them, or a program
EXPECTED = {name: (text, text) for name, text in TYPED.items()} | UNFIT


@pytest.mark.long
async def test_what_is_typed_into_the_dm_is_shown_back_as_it_is(acts: Acts, spy: Spy) -> None:
    await at_every_place(acts)
    for name, (text, literal) in EXPECTED.items():
        acts.world.clock.forward(minutes=1)
        for user in (REQUESTER, "dan"):
            said = await acts.write(text, user)
            assert literal in said or name in UNDERSTOOD, name
        for user in ("lea", "mia"):
            assert await acts.write(text, user), name
        assert faults(spy.said) == []
        spy.said.clear()


async def test_what_slack_makes_of_typed_text_is_shown_as_text(acts: Acts, spy: Spy) -> None:
    await acts.write("hi")
    event = next(
        d.payload for d in acts.slack.deliveries if d.name == "message" and "bot_id" not in d.payload["event"]
    )
    for number, (text, words) in enumerate(SENT.values()):
        raw = text.format(ben=acts.slack.user("ben"))
        sent = copy.deepcopy(event)
        sent["event"] |= {"text": raw, "ts": f"9.{number}"}
        assert (await acts.slack.courier.send(Kind.EVENT, sent | {"event_id": f"Ev{number}"})).acked
        await acts.world.settle()
        assert words in "\n".join(map(text_of, acts.dm()[-2:]))  # after two misses the question stands below
    assert faults(spy.said) == []


async def test_what_is_typed_after_the_command_is_shown_back_as_it_is(acts: Acts, spy: Spy) -> None:
    for name, (text, literal) in EXPECTED.items():
        if name == "lines" or name in UNDERSTOOD:
            continue  # a command is one line, and what is understood opens a case
        acts.world.clock.forward(minutes=1)
        await acts.command(text)
        told = text_of(acts.channel(SUPPORT, REQUESTER)[-1])
        cleaned = UNFIT_CHARACTERS.sub("", literal)
        assert cleaned[:20] in UNFIT_CHARACTERS.sub("", told.replace("\ufffd", "")), name
    assert faults(spy.said) == []


async def test_what_is_typed_into_the_details_is_refused_or_kept_as_it_is(acts: Acts, spy: Spy) -> None:
    await acts.walk(SECTIGO)
    for name, (text, _) in EXPECTED.items():
        acts.world.clock.forward(minutes=1)
        view = await acts.submit(**dict.fromkeys(DETAILS, text))
        assert {"detail-supplier_order_id", "detail-common_name"} <= set(view.errors), name
        assert faults(spy.said) == []
        spy.said.clear()


@pytest.mark.parametrize("username", USERNAMES)
async def test_a_strange_username_goes_everywhere_as_it_is(acts: Acts, spy: Spy, username: str) -> None:
    view = await acts.walk(SECTIGO)
    view = await acts.submit(**DETAILS | {"reseller_username": username})
    assert username in text_of(view)
    await acts.press("share")
    await acts.press("hand_off")
    await acts.press("claim", acts.channel(AGENTS)[0], user="ada")
    assert username in text_of(acts.channel(AGENTS)[0])
    assert any(username in text_of(message) for message in acts.dm())
    assert not any(username in text_of(message) for message in acts.channel(SUPPORT))
    for said in ("new", "opensrs", "reseller", "yes", "sectigo", "2026-11-10"):
        await acts.write(said)
    await acts.press(f"Use {username}"[:75], acts.last())
    assert any(f"{username}" in text_of(message) for message in acts.dm()[-2:])
    assert faults(spy.said) == []


async def test_a_ticket_written_by_hand_goes_everywhere_as_it_is(acts: Acts, spy: Spy) -> None:
    text = "\n".join([*TYPED.values(), *(typed for typed, _ in UNFIT.values())])
    await acts.walk({"program": "other"})
    await acts.press("edit")
    view = await acts.submit(ticket=text)
    for literal in TYPED.values():
        assert literal in text_of(view)
    await acts.press("share")
    await acts.press("hand_off")
    await acts.command("cases")
    assert TYPED["everyone"] in text_of(acts.channel(AGENTS)[0])
    assert MARK not in "".join(map(text_of, acts.channel(SUPPORT)))
    await acts.press("start_over")
    await acts.answer({"program": "trustico", "account": "retail"})
    assert "Out of date" in "".join(map(text_of, acts.dm()))
    assert faults(spy.said) == []


NAMES = [TYPED[name] for name in ("a mention", "everyone", "a link", "Slack's formatting", "HTML")]


async def test_names_of_people_and_channels_go_nowhere(world: World) -> None:
    acts = Acts(world)
    spy = Spy()
    acts.slack.faults.append(spy)
    for number, text in enumerate(NAMES):
        user = acts.slack.add_user(f"u{number}", real_name=text, role="requester")
        acts.slack.world.open_im(user.id)
        acts.slack.world.users[user.id] = replace(user, name=text)
        channel = acts.slack.add_channel(f"c{number}", [user.id, acts.slack.bot_user], topic=text)
        channel.name = text
        await acts.command("new", user=user.id, channel=channel.id)
        await acts.submit(user.id, program="other")
        await acts.press("share", user=user.id)
        await acts.press("hand_off", user=user.id)
        await acts.write("cases", user.id)
    assert len(acts.channel(AGENTS)) == len(NAMES)
    assert not any(MARK in str(said) for said in spy.said)
    assert faults(spy.said) == []
