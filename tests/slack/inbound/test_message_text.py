"""Every kind of message that a person sends is words: links, people, emoji, rich text, what is forwarded.

https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from __future__ import annotations

import pytest

from bot.desk.deliveries import Write
from bot.slack.inbound.slack_text import as_words
from tests.slack.inbound.samples import ABSENT, Json, changed, intent_of
from tests.slack.inbound.test_messages import BOT, MESSAGE, PRIVATE_KEY, WRITTEN_AT, read


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("a &lt;b&gt; &amp;amp;", "a <b> &amp;"),
        ("<http://www.example.com|www.example.com>", "www.example.com"),
        ("<mailto:a@example.com|a@example.com>", "a@example.com"),
        ("<https://example.com/x>", "https://example.com/x"),
        (
            "<https://files.example.net/a?id=987|my order page>",
            "my order page (https://files.example.net/a?id=987)",
        ),
        ("<https://evil.example|shop.example.com>", "shop.example.com (https://evil.example)"),
        ("<https://Shop.example.com/|https://shop.example.com>", "https://shop.example.com"),
        ("<https://a.example/?a=1&amp;b=2|R&amp;D>", "R&D (https://a.example/?a=1&b=2)"),
        ("<mailto:rosa@example.com|Rosa Diaz>", "Rosa Diaz (rosa@example.com)"),
        ("<mailto:rosa@example.com>", "rosa@example.com"),
        ("<tel:+34911234567|+34 911 234 567>", "+34 911 234 567"),
        ("<tel:+34911234567|my desk>", "my desk (+34911234567)"),
        ("<sip:rosa@example.com|call me>", "call me (sip:rosa@example.com)"),
        ("ask <@U0ADA> or <@U0BEN|ben>", "ask @U0ADA or @ben"),
        ("<@U0BOT> Sectigo", "Sectigo"),
        ("<@U0BOT|certdesk>: Sectigo", "Sectigo"),
        ("thanks, <@U0BOT>", "thanks"),
        ("does <@U0BOT> know?", "does @certdesk know?"),
        ("see <#C0SUPPORT|ssl-support>, <#C0OTHER|> and <#C0MORE>", "see #ssl-support, #C0OTHER and #C0MORE"),
        (
            "<!subteam^S0SSL|@ssl-team> <!subteam^S0SSL> <!here> <!channel|channel>",
            "@ssl-team @S0SSL @here @channel",
        ),
        ("on <!date^1392734382^{date_num}|2014-02-18>", "on 2014-02-18"),
        ("&lt;@U0ADA&gt; &lt;https://a.example|b&gt;", "<@U0ADA> <https://a.example|b>"),
        ("a <b> and 2001:db8:a::1", "a <b> and 2001:db8:a::1"),
    ],
)
def test_what_slack_made_of_a_text_is_undone(sent: str, typed: str) -> None:
    assert as_words(sent, BOT) == typed


SECTION: Json = {"type": "rich_text_section"}
EMOJI: Json = {"type": "emoji", "name": "rotating_light", "unicode": "1f6a8"}
THUMB: Json = {"type": "emoji", "name": "+1", "unicode": "1f44d-1f3fc", "skin_tone": 3}
OWN_EMOJI: Json = {"type": "emoji", "name": "acme"}


def rich(*elements: Json) -> list[Json]:
    return [{"type": "rich_text", "elements": list(elements)}]


SHARED: Json = {
    "is_share": True,
    "is_msg_unfurl": True,
    "author_id": "U0ADA",
    "from_url": "https://x.slack.com/archives/C1/p1",
    "text": "Order 123 &amp; 124\nis wrong",
    "fallback": "[Nov 3] ada: Order 123",
}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"subtype": "thread_broadcast", "thread_ts": WRITTEN_AT, "root": {"text": "Question"}}, "hi"),
        ({"subtype": "me_message"}, "hi"),
        (
            {"attachments": [SHARED]},
            "hi\n> Order 123 & 124\n> is wrong\n> https://x.slack.com/archives/C1/p1",
        ),
        (
            {"text": "", "attachments": [SHARED | {"text": ABSENT}]},
            "> [Nov 3] ada: Order 123\n> https://x.slack.com/archives/C1/p1",
        ),
        (
            {
                "text": "",
                "attachments": [
                    {
                        "is_share": True,
                        "message_blocks": [
                            {
                                "message": {
                                    "blocks": rich(
                                        SECTION | {"elements": [{"type": "text", "text": "a < b"}]}
                                    )
                                }
                            }
                        ],
                    }
                ],
            },
            "> a < b",
        ),
        ({"attachments": [{"from_url": "https://a.example/", "title": "A preview"}]}, "hi"),
        (
            {"text": "", "attachments": [{"from_url": "https://a.example/", "title": "Order"}]},
            "Order (https://a.example/)",
        ),
        (
            {
                "text": ":rotating_light: :+1::skin-tone-3: :acme:",
                "blocks": rich(SECTION | {"elements": [EMOJI, THUMB, OWN_EMOJI]}),
            },
            "\N{POLICE CARS REVOLVING LIGHT} \N{THUMBS UP SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-3} :acme:",
        ),
        (
            {
                "text": ":x:",
                "blocks": rich(SECTION | {"elements": [EMOJI | {"name": "x", "unicode": "d800"}]}),
            },
            ":x:",
        ),
        (
            {
                "text": "",
                "blocks": rich(
                    SECTION
                    | {
                        "elements": [
                            {"type": "text", "text": "1 < 2 "},
                            {"type": "link", "url": "https://a.example", "text": "page"},
                            {"type": "user", "user_id": "U0ADA"},
                        ]
                    },
                    {
                        "type": "rich_text_list",
                        "elements": [
                            SECTION | {"elements": [{"type": "text", "text": "one"}]},
                            SECTION | {"elements": [EMOJI]},
                        ],
                    },
                    {
                        "type": "rich_text_quote",
                        "elements": [
                            {"type": "channel", "channel_id": "C1"},
                            {"type": "broadcast", "range": "here"},
                            {"type": "usergroup", "usergroup_id": "S1"},
                        ],
                    },
                    {"type": "rich_text_preformatted", "elements": [{"type": "date", "fallback": "Feb 18"}]},
                ),
            },
            (
                "1 < 2 page (https://a.example)@U0ADA\n\N{BULLET} one\n"
                "\N{BULLET} \N{POLICE CARS REVOLVING LIGHT}\n> #C1@here@S1\nFeb 18"
            ),
        ),
    ],
)
def test_every_kind_of_message_is_words(changes: Json, said: str) -> None:
    forwarded = [
        {name: value for name, value in each.items() if value is not ABSENT}
        for each in changes.get("attachments", [])
    ]
    inside = {f"event.{name}": value for name, value in changes.items()} | (
        {"event.attachments": forwarded} if forwarded else {}
    )
    done = intent_of(read(changed(MESSAGE, inside)))
    assert isinstance(done, Write)
    assert done.text == said


def test_a_key_in_a_forwarded_message_is_none_to_keep() -> None:
    shared = {"event.attachments": [SHARED | {"text": PRIVATE_KEY}]}
    assert intent_of(read(changed(MESSAGE, shared))) == Write(None, ended=True)
