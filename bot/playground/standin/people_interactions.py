"""What people do that the app answers: slash commands, clicks, modals, shortcuts, the Home tab."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from . import inputs
from .app_answers import after_submission, respond
from .encoding import escape
from .errors import Refusal, StandInError
from .files import file_info
from .model import Message, User, View
from .payloads import command_payload, home_event, interaction, on_message, on_view, shortcut_payload
from .transport import Kind
from .triggers import ResponseUrl
from .views import STATE_FIELDS, view_json
from .world import TEAM

if TYPE_CHECKING:
    from .courier import Delivery
    from .schema import Json
from .people_base import PeopleBase

TROUBLE: Final = "We had some trouble connecting. Try again?"


class InteractionActions(PeopleBase):
    """What people do that sends the app an interaction or a command."""

    async def slash(
        self, user: str, channel: str, command: str, text: str, thread_ts: str | None
    ) -> Delivery:
        """Send a slash command."""
        who, where = self._member(user, channel)
        self._offered(who, command, thread_ts)
        target = ResponseUrl(where.id, who.id, self._world.clock())
        url = self._hub.response_urls.issue("commands", target)
        trigger = self._hub.triggers.issue(who.id)
        body = command_payload(
            self._world,
            who,
            where,
            command=command,
            text=escape(text),
            trigger_id=trigger,
            response_url=url,
        )
        delivery = await self._hub.courier.send(Kind.COMMAND, body)
        if not delivery.acked:
            self._world.notice(user, f'{command} failed with the error "{delivery.error}"')
            return delivery
        if delivery.response in (None, "", {}):
            return delivery
        return await self._judged(user, delivery, respond(self._hub, target, delivery.response))

    def _offered(self, user: User, command: str, thread_ts: str | None) -> None:
        known = [item.command for item in self._hub.manifest.commands]
        if known and command not in known:
            raise StandInError(f"{command} is not a valid command")
        if user.team != TEAM:
            raise StandInError(f"{command} is not offered to people of other workspaces")
        if thread_ts is not None:
            raise StandInError(f"{command} is not supported in threads. Sorry!")

    async def _judged(self, user: str, delivery: Delivery, doing: Any) -> Delivery:  # noqa: ANN401 - a coroutine
        try:
            await doing
        except Refusal as refusal:
            self._world.problems.append(f"{delivery.name}: the app's answer is refused: {refusal.answer()}")
            self._world.notice(user, TROUBLE)
            return replace(delivery, error=refusal.code)
        return delivery

    async def act(
        self, user: str, where: Message | View, block: Json, element: Json, raw: object
    ) -> Delivery:
        """Use an element of a message or view; `raw` is the choice or entry, None for a button."""
        if block["type"] == "input" and not block.get("dispatch_action"):
            raise StandInError(f"{element['action_id']!r} tells the app nothing until the view is submitted")
        if element["type"] in STATE_FIELDS:
            where = self.enter(where, block["block_id"], element, raw)
        who = self._world.users[user]
        body = interaction(self._world, "block_actions", who)
        body["actions"] = [self._action(where, block, element, raw)]
        if isinstance(where, View):
            body |= on_view(where)
            body["trigger_id"] = self._hub.triggers.issue(user, where.id)
        else:
            body |= on_message(self._world, where)
            body["trigger_id"] = self._hub.triggers.issue(user)
            body["response_url"] = self._response_url(user, where)
        return await self._interact(user, body)

    def _action(self, where: Message | View, block: Json, element: Json, raw: object) -> Json:
        action: Json = {
            "type": element["type"],
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "action_ts": self._world.next_ts(),
        }
        if element["type"] == "button":
            kept = {key: element[key] for key in ("text", "value", "style") if key in element}
            return action | kept
        if element["type"] == "overflow":
            return action | {"selected_option": inputs.choose(element, raw)}
        name = STATE_FIELDS[element["type"]][0]
        return action | {name: where.values[block["block_id"]][element["action_id"]][name]}

    def _response_url(self, user: str, message: Message, kind: str = "actions") -> str:
        thread = message.thread_ts if message.is_reply else None
        target = ResponseUrl(message.channel, user, self._world.clock(), message.ts, thread)
        return self._hub.response_urls.issue(kind, target)

    def enter(self, where: Message | View, block_id: str, element: Json, raw: object) -> Message | View:
        """Return the message or view with an entry, and store it unless it has changed in the meantime."""
        ours = {element["action_id"]: inputs.entry(element, self._meant(element, raw))}
        values = {**where.values, block_id: {**where.values.get(block_id, {}), **ours}}
        if isinstance(where, View):
            errors = {key: text for key, text in where.errors.items() if key != block_id}
            view = replace(where, values=values, errors=errors)
            now = self._world.find_view(where.id)
            if now is not None and now.hash == where.hash:
                self._world.replace_view(view)
            return view
        message = replace(where, values=values)
        current = self._world.messages[where.channel].get(where.ts)
        if current is not None and current.edited == where.edited:
            self._world.put(message)
        return message

    def _meant(self, element: Json, raw: object) -> object:
        """Return what was entered, with names of people and channels replaced by ids."""
        kind = STATE_FIELDS[element["type"]][0].removeprefix("selected_").removesuffix("s")
        if kind == "file" and isinstance(raw, list):
            found = [self._world.files.get(str(file)) if isinstance(file, str) else file for file in raw]
            return [file_info(self._world, file) for file in found if file is not None]
        if kind not in {"user", "channel", "conversation"} or not raw:
            return raw
        find = self._world.user if kind == "user" else self._world.channel
        return [find(one).id for one in raw] if isinstance(raw, list) else find(str(raw)).id

    async def _interact(self, user: str, body: Json) -> Delivery:
        delivery = await self._hub.courier.send(Kind.INTERACTION, body)
        if not delivery.acked:
            self._world.notice(user, TROUBLE)
        elif delivery.response not in (None, "", {}):
            self._world.problems.append(f"{delivery.name}: takes no answer, got {delivery.response!r}")
            return replace(delivery, error="invalid_response")
        return delivery

    async def submit(self, user: str, view: View) -> Delivery:
        """Submit a modal, and show the person what the app answers."""
        if "submit" not in view.body:
            raise StandInError(f"the view {view.title!r} has no submit button")
        wrong = inputs.unfinished(view)
        if wrong:
            self._world.replace_view(replace(view, errors=wrong))
            raise StandInError(f"Slack's client does not send it: {wrong}")
        body = interaction(self._world, "view_submission", self._world.users[user])
        body |= {
            "trigger_id": self._hub.triggers.issue(user, view.id),
            "view": view_json(view),
            "response_urls": [],
        }
        delivery = await self._hub.courier.send(Kind.INTERACTION, body)
        if not delivery.acked:
            self._world.notice(user, TROUBLE)
            return delivery
        try:
            after_submission(self._hub, view, delivery.response)
        except Refusal as refusal:
            self._world.problems.append(f"view_submission: the app's answer is refused: {refusal.answer()}")
            self._world.notice(user, TROUBLE)
            return replace(delivery, error=refusal.code)
        return delivery

    async def close(self, user: str, view: View) -> Delivery | None:
        """Close a modal with its close button."""
        stack = self._world.stacks.get(user, [])
        cleared = bool(view.body.get("clear_on_close"))
        self._world.set_stack(user, [] if cleared else [other for other in stack if other.id != view.id])
        if not view.body.get("notify_on_close"):
            return None
        body = interaction(self._world, "view_closed", self._world.users[user])
        body |= {"view": view_json(view), "is_cleared": cleared}
        return await self._interact(user, body)

    async def open_home(self, user: str, tab: str) -> Delivery | None:
        """Open the app's home or messages tab."""
        if "app_home_opened" not in self._hub.manifest.subscriptions:
            return None
        return await self._hub.courier.event(home_event(self._world, self._world.users[user], tab))

    async def shortcut(self, user: str, callback_id: str, message: Message | None) -> Delivery:
        """Run a global shortcut, or one on a message."""
        who = self._world.users[user]
        self._has_shortcut(who, callback_id, message)
        body = shortcut_payload(self._world, who, callback_id, message)
        body["trigger_id"] = self._hub.triggers.issue(user)
        if message:
            body["response_url"] = self._response_url(user, message, "app")
        return await self._interact(user, body)

    def _has_shortcut(self, user: User, callback_id: str, message: Message | None) -> None:
        known = [(item.callback_id, item.on_message) for item in self._hub.manifest.shortcuts]
        if known and (callback_id, message is not None) not in known:
            where = "a message" if message else "no message"
            raise StandInError(f"there is no shortcut {callback_id!r} on {where}")
        if user.team != TEAM:
            raise StandInError(f"{callback_id!r} is not offered to people of other workspaces")
        if message is not None and message.ephemeral:
            raise StandInError("there are no shortcuts on a message that only one person sees")
