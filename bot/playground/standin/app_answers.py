"""Check and carry out the app's answers to commands, submissions and response URLs, as strictly as Slack."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from .errors import Refusal
from .methods_chat import TEXT_LIMIT, read_blocks
from .model import Message, View
from .views import STACK_LIMIT, checked, opened, updated, values_of

if TYPE_CHECKING:
    from .hub import Hub
    from .schema import Json
    from .triggers import ResponseUrl

FIELDS: Final = frozenset(
    {
        "text",
        "blocks",
        "response_type",
        "replace_original",
        "delete_original",
        "thread_ts",
        "mrkdwn",
        "unfurl_links",
        "unfurl_media",
        "metadata",
    },
)
ACTION_FIELDS: Final = {
    "errors": frozenset({"response_action", "errors"}),
    "update": frozenset({"response_action", "view"}),
    "push": frozenset({"response_action", "view"}),
    "clear": frozenset({"response_action"}),
}


async def respond(hub: Hub, target: ResponseUrl, body: object) -> None:
    """Carry out a command's answer or a post to a response URL, or refuse it."""
    if isinstance(body, str):
        body = {"text": body}
    if not isinstance(body, dict) or set(body) - FIELDS:
        raise Refusal("invalid_payload")
    original = hub.world.messages[target.channel].get(target.message_ts or "")
    if body.get("delete_original"):
        await _delete(hub, original)
        return
    message = _message(hub, target, body)
    if body.get("replace_original") and original is not None:
        await _replace(hub, original, message)
        return
    hub.world.put(message)
    hub.courier.later(hub.tell_posted(message))


async def _delete(hub: Hub, original: Message | None) -> None:
    if original is None:
        raise Refusal("message_not_found")
    if not original.by_app:
        raise Refusal("cant_delete_message")
    hub.world.remove(original.channel, original.ts)
    hub.courier.later(hub.tell_deleted(original))


async def _replace(hub: Hub, original: Message, new: Message) -> None:
    if not original.by_app:
        raise Refusal("cant_update_message")
    changed = replace(
        original,
        text=new.text,
        blocks=new.blocks,
        values=new.values,
        edited=None if original.ephemeral else new.ts,
    )
    hub.world.put(changed)
    hub.courier.later(hub.tell_changed(changed, original))


def _message(hub: Hub, target: ResponseUrl, body: Json) -> Message:
    kind = body.get("response_type", "ephemeral")
    text, blocks = body.get("text", ""), body.get("blocks")
    if kind not in {"ephemeral", "in_channel"}:
        raise Refusal("invalid_response_type")
    if not isinstance(text, str):
        raise Refusal("invalid_payload")
    if len(text) > TEXT_LIMIT:
        raise Refusal("msg_too_long")
    ready = [] if blocks is None else read_blocks(hub.world, blocks)
    if not text.strip() and not ready:
        raise Refusal("no_text")
    return Message(
        channel=target.channel,
        ts=hub.world.next_ts(),
        user=hub.world.bot,
        text=text,
        blocks=tuple(ready),
        thread_ts=body.get("thread_ts", target.thread_ts),
        metadata=body.get("metadata"),
        viewer=target.user if kind == "ephemeral" else None,
        by_app=True,
        values=values_of(ready, {}),
    )


def after_submission(hub: Hub, view: View, answer: object) -> None:
    """Carry out the answer to a submission: close, update or push modals, or show errors.

    Raises:
        Refusal: the answer is refused, with the reason; the person's modal stays as it is.
    """
    if answer in (None, "", {}):
        _close_top(hub, view)
        return
    if not isinstance(answer, dict):
        raise Refusal("invalid_response")
    action = answer.get("response_action")
    if action not in ACTION_FIELDS or set(answer) != ACTION_FIELDS[action]:
        raise Refusal("invalid_response_action")
    match action:
        case "errors":
            _show_errors(hub, view, answer["errors"])
        case "clear":
            hub.world.set_stack(view.user, [])
        case "update":
            body = checked(hub.world, answer["view"], "modal", view.id)
            hub.world.replace_view(updated(hub.world, hub.world.find_view(view.id) or view, body))
        case _:
            _push(hub, view, answer["view"])


def _close_top(hub: Hub, view: View) -> None:
    stack = hub.world.stacks.get(view.user, [])
    hub.world.set_stack(view.user, [other for other in stack if other.id != view.id])


def _show_errors(hub: Hub, view: View, errors: object) -> None:
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or set(errors) - inputs:
        raise Refusal("invalid_errors_block_id")
    if not all(isinstance(text, str) and text for text in errors.values()):
        raise Refusal("invalid_errors_text")
    hub.world.replace_view(replace(hub.world.find_view(view.id) or view, errors=errors))


def _push(hub: Hub, view: View, new: object) -> None:
    stack = hub.world.stacks.get(view.user, [])
    body = checked(hub.world, new, "modal")
    if len(stack) >= STACK_LIMIT:
        raise Refusal("push_limit_reached")
    hub.world.set_stack(view.user, [*stack, opened(hub.world, view.user, body, below=view)])
