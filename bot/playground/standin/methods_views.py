"""The methods of `views.*`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import Refusal
from .method import STRING, Arg, Ask, Method, Type
from .views import STACK_LIMIT, checked, opened, updated, view_json

if TYPE_CHECKING:
    from .model import View
    from .schema import Json

_VIEW = {"view": Arg(Type.JSON, required=True)}
_TRIGGER = {"trigger_id": Arg(required=True)}


def _open(ask: Ask) -> Json:
    trigger = ask.hub.triggers.look(ask.args["trigger_id"])
    body = checked(ask.hub.world, ask.args["view"], "modal")
    trigger.exchanged = True
    view = opened(ask.hub.world, trigger.user, body)
    ask.hub.world.set_stack(trigger.user, [view])
    return {"view": view_json(view)}


def _push(ask: Ask) -> Json:
    world = ask.hub.world
    trigger = ask.hub.triggers.look(ask.args["trigger_id"])
    body = checked(world, ask.args["view"], "modal")
    stack = world.stacks.get(trigger.user, [])
    if not stack:
        raise Refusal("not_found")
    if len(stack) >= STACK_LIMIT:
        raise Refusal("push_limit_reached")
    trigger.exchanged = True
    view = opened(world, trigger.user, body, below=stack[-1])
    world.set_stack(trigger.user, [*stack, view])
    return {"view": view_json(view)}


def _found(ask: Ask) -> View:
    view_id, external = ask.text("view_id"), ask.text("external_id")
    if not view_id and not external:
        said = ["missing required field: view_id [json-pointer:/]"]
        raise Refusal.because("invalid_arguments", said)
    for view in ask.hub.world.all_views():
        if view.id == view_id or (external and view.external_id == external):
            return view
    raise Refusal("not_found")


def _check_hash(ask: Ask, view: View) -> None:
    if ask.text("hash") and ask.text("hash") != view.hash:
        raise Refusal("hash_conflict")


def _update(ask: Ask) -> Json:
    view = _found(ask)
    body = checked(ask.hub.world, ask.args["view"], str(view.body["type"]), view.id)
    _check_hash(ask, view)
    new = updated(ask.hub.world, view, body)
    ask.hub.world.replace_view(new)
    return {"view": view_json(new)}


def _publish(ask: Ask) -> Json:
    world = ask.hub.world
    user = ask.user("user_id")
    if not ask.hub.manifest.home:
        raise Refusal("not_enabled")
    old = world.homes.get(user.id)
    body = checked(world, ask.args["view"], "home", old.id if old else "")
    if old:
        _check_hash(ask, old)
    new = updated(world, old, body) if old else opened(world, user.id, body)
    world.homes[user.id] = new
    world.ring()
    return {"view": view_json(new)}


METHODS = (
    Method("views.open", _open, {**_TRIGGER, **_VIEW}),
    Method("views.push", _push, {**_TRIGGER, **_VIEW}),
    Method("views.update", _update, {**_VIEW, "view_id": STRING, "external_id": STRING, "hash": STRING}),
    Method(
        "views.publish",
        _publish,
        {**_VIEW, "user_id": Arg(required=True), "hash": STRING},
    ),
)
