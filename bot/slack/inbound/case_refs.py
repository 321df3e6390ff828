"""Which case a payload is about, as its button, menu, date picker or form says."""

from __future__ import annotations

from bot.slack.blocks.ids import Ref, read_ref
from bot.slack.inbound.fields import part, text
from bot.slack.inbound.incoming import Payload


def clicked(body: Payload) -> Payload:
    """Return the first action of a payload; Slack sends one."""
    found = body.get("actions")
    first = found[0] if isinstance(found, list) and found else None
    return first if isinstance(first, dict) else {}


def ref_of_click(click: Payload) -> Ref | None:
    """Return what a click is about: from the button's value, the menu's option, or the date picker's id."""
    if picked := text(click, "selected_date"):
        _, _, about = text(click, "action_id").partition(":")
        return read_ref(f"{about}.{picked}")
    option = click.get("selected_option")
    return read_ref(text(option if isinstance(option, dict) else click, "value"))


def ref_of_view(view: Payload) -> Ref | None:
    """Return what a modal is about."""
    return read_ref(text(view, "private_metadata"))


def case_of(body: Payload) -> int | None:
    """Return the number of the case that a payload is about, as far as it can be told; for the log."""
    ref = ref_of_click(clicked(body)) or ref_of_view(part(body, "view"))
    return ref.case if ref else None
