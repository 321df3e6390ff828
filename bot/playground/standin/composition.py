"""Block Kit's composition objects: text, options, confirmation dialogs."""

from __future__ import annotations

from .schema import Arr, Bool, Obj, Str, Tagged

ID_LIMIT = 255
OPTIONS_LIMIT = 100
OPTION_TEXT_LIMIT = 75
OPTION_VALUE_LIMIT = 150


def _text(limit: int, only: str = "") -> Tagged:
    kinds = {
        "plain_text": Obj(
            required={"type": Str(), "text": Str(limit, min=1)},
            optional={"emoji": Bool()},
        ),
        "mrkdwn": Obj(
            required={"type": Str(), "text": Str(limit, min=1)},
            optional={"verbatim": Bool()},
        ),
    }
    title = f"text of 1 to {limit} characters"
    return Tagged(title, kinds, only=frozenset({only} if only else ()))


def plain(limit: int) -> Tagged:
    """Return the shape of a `plain_text` object of at most `limit` characters."""
    return _text(limit, "plain_text")


def rich(limit: int) -> Tagged:
    """Return the shape of a `plain_text` or `mrkdwn` object of at most `limit` characters."""
    return _text(limit)


def option(text: Tagged, *, url: bool = False) -> Obj:
    """Return the shape of an option whose label has this shape."""
    optional = {"description": text}
    return Obj(
        required={"text": text, "value": Str(OPTION_VALUE_LIMIT, min=1)},
        optional=optional | ({"url": Str(3000, form="URL")} if url else {}),
    )


PLAIN_OPTION = option(plain(OPTION_TEXT_LIMIT))
RICH_OPTION = option(rich(OPTION_TEXT_LIMIT))
OVERFLOW_OPTION = option(plain(OPTION_TEXT_LIMIT), url=True)
OPTION_GROUP = Obj(required={"label": plain(75), "options": Arr(PLAIN_OPTION, 1, OPTIONS_LIMIT)})

CONFIRM = Obj(
    required={"title": plain(100), "text": rich(300), "confirm": plain(30), "deny": plain(30)},
    optional={"style": Str(choices=("primary", "danger"))},
)

DISPATCH = Obj(
    optional={
        "trigger_actions_on": Arr(Str(choices=("on_enter_pressed", "on_character_entered")), 1, 2),
    },
)

FILTER = Obj(
    optional={
        "include": Arr(Str(choices=("im", "mpim", "private", "public")), 1),
        "exclude_external_shared_channels": Bool(),
        "exclude_bot_users": Bool(),
    },
)
SLACK_FILE = Obj(optional={"url": Str(), "id": Str()})

TABLES = {
    "option": PLAIN_OPTION,
    "option (radio buttons, checkboxes)": RICH_OPTION,
    "option (overflow)": OVERFLOW_OPTION,
    "option group": OPTION_GROUP,
    "confirm": CONFIRM,
    "dispatch_action_config": DISPATCH,
    "filter": FILTER,
    "slack_file": SLACK_FILE,
}
