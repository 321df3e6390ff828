"""What people do in Slack: every act that a driver or the page can make, with what a client refuses."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from . import inputs
from .errors import Refusal, StandInError
from .files import file_info, mimetype_of
from .model import File, Message, User, View
from .payloads import command_payload, home_event, interaction, on_message, on_view, shortcut_payload
from .responses import after_submission, respond
from .tickets import ResponseUrl
from .transport import Kind
from .views import STATE_FIELDS, view_json
from .wire import escape, is_emoji_name
from .world import TEAM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .courier import Delivery
    from .hub import Hub
    from .model import Channel
    from .schema import Json

TROUBLE: Final = "We had some trouble connecting. Try again?"


class People:
    """Acts of people, each by the user's and channel's id."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._world = hub.world

    def _member(self, user: str, channel: str) -> tuple[User, Channel]:
        found = self._world.channel(channel)
        if user not in found.members:
            raise StandInError(f"{user} is not in {channel}")
        return self._world.users[user], found

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

    def store(self, user: str, name: str, data: bytes, **about: Any) -> File:  # noqa: ANN401
        """Put a file into Slack, where it stands in no conversation yet."""
        kind, mode = about.pop("mimetype", mimetype_of(name)), about.pop("mode", "hosted")
        made = int(self._world.clock())
        return self._world.store(
            File(self._world.next_id("F0"), name, user, made, data, kind, mode, more=about)
        )

    async def say(
        self, user: str, channel: str, text: str, thread_ts: str | None, files: Sequence[File] = ()
    ) -> str:
        """Post a message and return its timestamp, once the app has acknowledged it or failed to."""
        who, where = self._member(user, channel)
        if where.archived:
            raise StandInError(f"{channel} is archived")
        message = Message(
            channel=where.id,
            ts=self._world.next_ts(),
            user=who.id,
            text=self._typed(text),
            blocks=tuple(self._typed_blocks(text)),
            thread_ts=self._root(where.id, thread_ts),
            files=tuple(file.id for file in files),
        )
        for file in files:
            self._world.store(replace(file, shares=(*file.shares, (where.id, message.ts))))
        self._world.put(message)
        await self._hub.tell_posted(message)
        await self._hub.tell_mentioned(message)
        return message.ts

    def _root(self, channel: str, thread_ts: str | None) -> str | None:
        """Return the message on which a thread hangs: whoever answers a reply writes into the same thread."""
        at = self._world.messages[channel].get(thread_ts or "")
        return at.thread_ts if at is not None and at.is_reply else thread_ts

    def _typed(self, text: str) -> str:
        """Return what somebody typed in Slack's markup: the app's name after an at sign names it."""
        return f"<@{self._world.bot}>".join(map(escape, self._around_name(text)))

    def _typed_blocks(self, text: str) -> list[Json]:
        """Return the block that Slack's client makes of what a person typed."""
        elements: list[Json] = []
        for number, part in enumerate(self._around_name(text)):
            elements += [{"type": "user", "user_id": self._world.bot}] if number else []
            elements += [{"type": "text", "text": part}] if part else []
        section = {"type": "rich_text_section", "elements": elements}
        return [{"type": "rich_text", "block_id": "typed", "elements": [section]}] if elements else []

    def _around_name(self, text: str) -> list[str]:
        """Return what stands before, between and after the places that name the app."""
        name = re.escape(self._world.users[self._world.bot].name)
        return re.split(rf"(?<![\w.@])@{name}(?![\w-])", text)

    def _own(self, user: str, channel: str, ts: str) -> Message:
        found = self._world.messages[self._world.channel(channel).id].get(ts)
        if found is None or found.user != user:
            raise StandInError(f"{user} has no message {ts} in {channel}")
        return found

    async def edit(self, user: str, channel: str, ts: str, text: str) -> Delivery | None:
        """Change an own message."""
        before = self._own(user, channel, ts)
        message = replace(
            before,
            edited=self._world.next_ts(),
            text=self._typed(text),
            blocks=tuple(self._typed_blocks(text)),
        )
        self._world.put(message)
        told = await self._hub.tell_changed(message, before)
        return await self._hub.tell_mentioned(message, before) or told

    async def unfurl(self, channel: str, ts: str, preview: Json) -> Delivery | None:
        """Let Slack add a link preview to a message, which arrives as `message_changed`."""
        before = self._world.messages[channel][ts]
        message = self._world.put(replace(before, attachments=(*before.attachments, preview)))
        return await self._hub.tell_changed(message, before)

    async def delete(self, user: str, channel: str, ts: str) -> Delivery | None:
        """Delete an own message."""
        before = self._own(user, channel, ts)
        self._world.remove(before.channel, ts)
        told = await self._hub.tell_deleted(before)
        for file in before.files:
            self._world.files.pop(file, None)
        return told

    async def act(
        self, user: str, where: Message | View, block: Json, element: Json, raw: object
    ) -> Delivery:
        """Use an element of a message or view; `raw` is what was chosen or entered, None for a button."""
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

    def _response_url(self, user: str, message: Message, kind: str = "actions") -> str:
        thread = message.thread_ts if message.is_reply else None
        target = ResponseUrl(message.channel, user, self._world.clock(), message.ts, thread)
        return self._hub.response_urls.issue(kind, target)

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

    def enter(self, where: Message | View, block_id: str, element: Json, raw: object) -> Message | View:
        """Return the message or view with what was entered; remembered unless it has changed meanwhile."""
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
        """Return what was entered, with ids where people or channels were chosen by name."""
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
        """Leave a modal by its close button."""
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

    async def react(self, user: str, message: Message, name: str) -> Delivery | None:
        """Give a message a reaction."""
        self._reactable(message, name)
        if (name, user) in message.reactions:
            raise StandInError(f"{user} has given {name!r} already")
        self._world.put(replace(message, reactions=(*message.reactions, (name, user))))
        return await self._hub.tell_reacted("reaction_added", user, message, name)

    async def unreact(self, user: str, message: Message, name: str) -> Delivery | None:
        """Take a reaction back."""
        self._reactable(message, name)
        if (name, user) not in message.reactions:
            raise StandInError(f"{user} has not given {name!r}")
        left = tuple(reaction for reaction in message.reactions if reaction != (name, user))
        self._world.put(replace(message, reactions=left))
        return await self._hub.tell_reacted("reaction_removed", user, message, name)

    def _reactable(self, message: Message, name: str) -> None:
        if not is_emoji_name(name):
            raise StandInError(f"no emoji is called {name!r}")
        if message.ephemeral or self._world.channels[message.channel].archived:
            raise StandInError("there are no reactions to ephemeral messages, nor in archived channels")

    async def join(self, user: str, channel: Channel, inviter: str | None) -> Delivery | None:
        """Let somebody join a channel, or be invited."""
        channel.members.add(user)
        self._world.ring()
        return await self._hub.tell_moved("member_joined_channel", self._world.users[user], channel, inviter)

    async def leave(self, user: str, channel: Channel) -> Delivery | None:
        """Let somebody leave a channel."""
        channel.members.discard(user)
        self._world.ring()
        return await self._hub.tell_moved("member_left_channel", self._world.users[user], channel, None)
