"""The page's side: what one person may see, sent after each change, and what they do."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

import aiohttp
from aiohttp import web

from . import inputs, page_faults
from .errors import StandInError
from .model import ChannelKind, Message, User, View
from .wire import compact, parse
from .world import TEAM, TEAM_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from .faults import Faults
    from .hub import Hub
    from .people import People
    from .schema import Json

COALESCE_SECONDS: Final = 0.02


class Page:
    """One WebSocket per open page."""

    def __init__(self, hub: Hub, people: People, faults: Faults) -> None:
        self._hub = hub
        self._world = hub.world
        self._people = people
        self._faults = faults
        self._sockets: set[web.WebSocketResponse] = set()
        self._acts: dict[str, Callable[[User, Json], Coroutine[Any, Any, object]]] = {
            "slash": self._slash,
            "post": self._post,
            "action": self._action,
            "submit": self._submit,
            "close": self._close,
            "home": self._home,
            "edit": self._edit,
            "delete": self._delete,
            "dismiss_notice": self._dismiss,
            "fault": self._fault,
            "clear_faults": self._clear_faults,
        }

    def _people_here(self) -> list[User]:
        return [user for user in self._world.users.values() if not user.is_bot]

    async def info(self, _request: web.Request) -> web.StreamResponse:
        """Tell whom one may act as, and what can be made to go wrong."""
        users = [_person(user) for user in self._people_here()]
        first = users[0]["id"] if users else None
        return web.json_response({"users": users, "default": first, "faults": page_faults.catalog()})

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """Serve one page until it goes."""
        user = self._world.users.get(request.query.get("as", ""))
        if user is None or user.is_bot:
            return web.Response(status=404, text="there is nobody of that id to act as")
        socket = web.WebSocketResponse(max_msg_size=2**20)
        await socket.prepare(request)
        self._sockets.add(socket)
        sender = asyncio.create_task(self._send_states(socket, user))
        doing: set[asyncio.Task[None]] = set()
        try:
            async for message in socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    task = asyncio.create_task(self._do(socket, user, message.data))
                    doing.add(task)
                    task.add_done_callback(doing.discard)
        finally:
            self._sockets.discard(socket)
            tasks = [sender, *doing]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return socket

    async def close(self) -> None:
        """Close every page's connection."""
        for socket in list(self._sockets):
            await socket.close()

    async def _send_states(self, socket: web.WebSocketResponse, user: User) -> None:
        changed = self._world.subscribe()
        try:
            while not socket.closed:
                changed.clear()
                await socket.send_str(compact(self.state(user)))
                await changed.wait()
                await asyncio.sleep(COALESCE_SECONDS)
        except ConnectionError:
            return
        finally:
            self._world.unsubscribe(changed)

    async def _do(self, socket: web.WebSocketResponse, user: User, data: str) -> None:
        number, error = None, None
        try:
            asked = parse(data)
            number = asked["id"]
            await self._acts[asked["do"]](user, asked)
        except StandInError as refused:
            error = str(refused)
        except (KeyError, TypeError, ValueError, AttributeError):
            error = "the stand-in does not understand that"
        if not socket.closed:
            answer = {"type": "reply", "id": number, "ok": error is None, "error": error}
            await socket.send_str(compact(answer))

    # what one sees

    def state(self, user: User) -> Json:
        """Return all that one person may see."""
        channels = [c for c in self._world.channels.values() if user.id in c.members]
        home = self._world.homes.get(user.id)
        return {
            "type": "state",
            "me": _person(user),
            "team": {"name": TEAM_NAME},
            "users": {other.id: _other(other) for other in self._world.users.values()},
            "channels": [self._channel(c.id, user) for c in channels],
            "messages": {
                c.id: [self._message(m) for m in self._world.visible(c.id, user.id)] for c in channels
            },
            "view": self._view(user),
            "home": {"blocks": home.blocks, "view_id": home.id} if home else None,
            "commands": self._commands(user),
            "notices": [{"id": key, "text": text} for key, text in self._world.notices.get(user.id, [])],
            "faults": page_faults.shown(self._faults),
            "now": self._world.clock(),
            "error": None,
        }

    def _commands(self, user: User) -> list[Json]:
        if user.team != TEAM:
            return []
        return [
            {"command": c.command, "description": c.description, "usage_hint": c.usage_hint}
            for c in self._hub.commands
        ]

    def _channel(self, channel_id: str, viewer: User) -> Json:
        channel = self._world.channels[channel_id]
        seen = [message.ts for message in self._world.visible(channel_id, viewer.id)]
        im = channel.kind is ChannelKind.IM
        return {
            "id": channel.id,
            "name": self._world.users[self._world.bot].real_name if im else channel.name,
            "kind": str(channel.kind),
            "topic": channel.topic,
            "with": self._world.bot if im else None,
            "last_ts": seen[-1] if seen else None,
        }

    def _message(self, message: Message) -> Json:
        return {
            "ts": message.ts,
            "user": message.user,
            "text": message.text,
            "blocks": message.blocks,
            "edited": message.edited is not None,
            "ephemeral": message.ephemeral,
            "thread_ts": message.thread_ts if message.is_reply else None,
            "reply_count": len(self._world.thread(message.channel, message.ts)),
            "state": {"values": message.values},
        }

    def _view(self, user: User) -> Json | None:
        view = self._world.top(user.id)
        if view is None:
            return None
        return {
            "id": view.id,
            "hash": view.hash,
            "title": view.body["title"],
            "submit": view.body.get("submit"),
            "close": view.body.get("close"),
            "blocks": view.blocks,
            "state": {"values": view.values},
            "errors": view.errors,
            "depth": len(self._world.stacks[user.id]),
        }

    # what one does

    async def _slash(self, user: User, asked: Json) -> None:
        await self._people.slash(
            user.id,
            asked["channel"],
            asked["command"],
            asked.get("text", ""),
            asked.get("thread_ts"),
        )

    async def _post(self, user: User, asked: Json) -> None:
        await self._people.say(user.id, asked["channel"], asked["text"], asked.get("thread_ts"))

    async def _edit(self, user: User, asked: Json) -> None:
        await self._people.edit(user.id, asked["channel"], asked["ts"], asked["text"])

    async def _delete(self, user: User, asked: Json) -> None:
        await self._people.delete(user.id, asked["channel"], asked["ts"])

    async def _home(self, user: User, _asked: Json) -> None:
        await self._people.open_home(user.id, "home")

    async def _dismiss(self, user: User, asked: Json) -> None:
        kept = [one for one in self._world.notices.get(user.id, []) if one[0] != asked["notice"]]
        self._world.notices[user.id] = kept
        self._world.ring()

    async def _fault(self, _user: User, asked: Json) -> None:
        page_faults.inject(self._faults, asked)

    async def _clear_faults(self, _user: User, _asked: Json) -> None:
        self._faults.clear()

    def _where(self, user: User, container: Json) -> Message | View:
        if container["type"] == "view":
            found = self._world.find_view(container["view_id"])
            if found is None or found.user != user.id:
                raise StandInError("that view is closed")
            return found
        channel = self._world.channel(container["channel"])
        seen = self._world.visible(channel.id, user.id) if user.id in channel.members else ()
        for message in seen:
            if message.ts == container["ts"]:
                return message
        raise StandInError("that message is gone")

    def _entered(self, user: User, where: Message | View, values: Json) -> Message | View:
        for block_id, actions in values.items():
            for action_id, given in actions.items():
                try:
                    _, element = inputs.find(where.blocks, action_id, block_id=block_id)
                except StandInError:
                    continue
                where = self._people.enter(where, block_id, element, inputs.raw_of(element, given))
        return self._where(user, _container(where))

    async def _action(self, user: User, asked: Json) -> None:
        where = self._where(user, asked["container"])
        where = self._entered(user, where, asked.get("state", {}).get("values", {}))
        action = asked["action"]
        value = action.get("value") if action.get("type") == "button" else None
        block, element = inputs.find(
            where.blocks, asked["action_id"], value=value, block_id=asked["block_id"]
        )
        raw: object = None
        if element["type"] == "overflow":
            raw = action["selected_option"]["value"]
        elif element["type"] != "button":
            raw = inputs.raw_of(element, action)
        await self._people.act(user.id, where, block, element, raw)

    async def _submit(self, user: User, asked: Json) -> None:
        view = self._where(user, {"type": "view", "view_id": asked["view_id"]})
        view = self._entered(user, view, asked.get("values", {}))
        if isinstance(view, View):
            await self._people.submit(user.id, view)

    async def _close(self, user: User, asked: Json) -> None:
        view = self._where(user, {"type": "view", "view_id": asked["view_id"]})
        if isinstance(view, View):
            await self._people.close(user.id, view)


def _container(where: Message | View) -> Json:
    if isinstance(where, View):
        return {"type": "view", "view_id": where.id}
    return {"type": "message", "channel": where.channel, "ts": where.ts}


def _person(user: User) -> Json:
    return {"id": user.id, "name": user.real_name, "color": f"#{user.color}", "role": user.role}


def _other(user: User) -> Json:
    return {
        "id": user.id,
        "name": user.real_name,
        "color": f"#{user.color}",
        "is_bot": user.is_bot,
        "external": user.team != TEAM,
    }
