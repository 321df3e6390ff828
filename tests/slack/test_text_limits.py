"""Every text that questions and answers draw, counted by Slack's reference and by no table of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from bot.render.kept import KeptRenderer
from bot.settings import Settings
from bot.slack.blocks.answer_checks import drawn
from bot.slack.blocks.parts import Json, Message
from bot.texts import texts_of
from policy.reachable import one_per_wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policy import Policy

# docs.slack.dev, reference of Block Kit: what a text may be long, by the type that holds it and its key.
CHARACTERS: Final = {
    ("button", "text"): 75,
    ("button", "url"): 3000,
    ("button", "value"): 2000,
    ("header", "text"): 150,
    ("input", "hint"): 2000,
    ("input", "label"): 2000,
    ("option", "description"): 75,
    ("option", "text"): 75,
    ("option", "value"): 150,
    ("plain_text_input", "initial_value"): 3000,
    ("section", "text"): 3000,
    ("view", "callback_id"): 255,
    ("view", "close"): 24,
    ("view", "private_metadata"): 3000,
    ("view", "submit"): 24,
    ("view", "title"): 24,
}
ANYWHERE: Final = {"action_id": 255, "block_id": 255, "placeholder": 150}
MANY: Final = {
    ("actions", "elements"): 25,
    ("context", "elements"): 10,
    ("message", "blocks"): 50,
    ("overflow", "options"): 5,
    ("radio_buttons", "options"): 10,
    ("section", "fields"): 10,
    ("static_select", "options"): 100,
    ("view", "blocks"): 100,
}
MESSAGE: Final = 13_000

Counted = tuple[str, int, int]


def counted(holder: str, thing: Json) -> Iterator[Counted]:
    """Yield each text and list that Slack limits: where it is, how long it is, how long it may be."""
    for key, value in thing.items():
        inner = value.get("text") if isinstance(value, dict) and "text" in value else value
        most = CHARACTERS.get((holder, key), ANYWHERE.get(key))
        if most is not None and isinstance(inner, str):
            yield f"{holder}.{key}", len(inner), most
        if (most := MANY.get((holder, key))) is not None:
            yield f"{holder}.{key}", len(value), most
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                yield from counted("option" if "option" in key else each.get("type", key), each)


def texts_in(thing: Json) -> int:
    """Return the characters of all texts in a block."""
    own = thing["text"] if isinstance(thing.get("text"), str) else ""
    inner = (each for value in thing.values() for each in (value if isinstance(value, list) else [value]))
    return len(own) + sum(texts_in(each) for each in inner if isinstance(each, dict))


def of(look: Message | Json) -> Iterator[Counted]:
    if isinstance(look, Message):
        yield from counted("message", {"blocks": look.blocks})
        yield "message", texts_in({"blocks": look.blocks}), MESSAGE
        yield "message.text", len(look.text), 40_000
    else:
        yield from counted("view", look)


@pytest.mark.long
def test_no_text_of_a_question_or_an_answer_is_over_a_limit(core: Policy) -> None:
    looks = list(drawn(texts_of(Settings({}), core, KeptRenderer), core, one_per_wording(core)))
    texts = [text for look in looks for text in of(look)]
    assert not {text for text in texts if text[1] > text[2]}, f"of {len(texts)}, in {len(looks)} looks"
    limited = {f"{holder}.{key}" for holder, key in (*CHARACTERS, *MANY)}
    assert limited - {where for where, *_ in texts} == {"button.url", "option.description", "section.fields"}


def test_the_count_sees_what_is_too_long() -> None:
    title = {"type": "plain_text", "text": "W" * 25}
    view: Json = {"type": "modal", "title": title, "blocks": [{"type": "divider", "block_id": "w" * 256}]}
    assert list(of(view)) == [("view.title", 25, 24), ("view.blocks", 1, 100), ("divider.block_id", 256, 255)]
