"""Serve the open pages: send each page every change over its WebSocket, and do what people do there."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

import aiohttp
from aiohttp import web

from . import inputs, page_faults, page_state
from .encoding import compact, parse
from .errors import StandInError
from .model import File, Message, Try, User, View

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from .faults import Faults
    from .hub import Hub
    from .people import People
    from .schema import Json

COALESCE_SECONDS: Final = 0.02
MAX_FILE_BYTES: Final = 30_000_000


class Page:
    """Serves all open pages, each over a WebSocket."""

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
            "react": self._react,
            "shortcut": self._shortcut,
            "dismiss_notice": self._dismiss,
            "fault": self._fault,
            "clear_faults": self._clear_faults,
        }

    def _people_here(self) -> list[User]:
        return [user for user in self._world.users.values() if not user.is_bot and not user.deleted]

    async def info(self, _request: web.Request) -> web.StreamResponse:
        """Return the people one may act as, and the faults that can be injected."""
        users = [page_state.person(user) for user in self._people_here()]
        first = users[0]["id"] if users else None
        tries = [self._try(each) for each in self._hub.manifest.tries]
        found = {"users": users, "default": first, "faults": page_faults.catalog(), "tries": tries}
        return web.json_response(found)

    def _try(self, each: Try) -> Json:
        user = self._world.user(each.user).id if each.user else ""
        channel = self._world.channel(each.channel).id if each.channel else ""
        return {
            "label": each.label,
            "about": each.about,
            "does": each.does.value,
            "text": each.text,
            "user": user,
            "channel": channel,
        }

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """Serve one page until it disconnects."""
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

    async def put_file(self, request: web.Request) -> web.StreamResponse:
        """Store somebody's file, which is not shared in any conversation yet."""
        user = self._world.users.get(request.query.get("as", ""))
        if user is None or user.is_bot:
            return web.Response(status=404, text="there is nobody of that id to act as")
        data = bytearray()
        async for chunk in request.content.iter_any():
            data += chunk
            if len(data) > MAX_FILE_BYTES:
                return web.Response(status=413, text="the playground takes files of up to 30 MB")
        name = request.query.get("name") or "file"
        kind = {"mimetype": request.query["type"]} if request.query.get("type") else {}
        file = self._people.store(user.id, name, bytes(data), **kind)
        return web.json_response({"id": file.id, "name": file.name})

    async def get_file(self, request: web.Request) -> web.StreamResponse:
        """Return a file to somebody who may see it, with headers that keep a browser from running it."""
        user, file = request.query.get("as", ""), self._world.files.get(request.match_info["file"])
        if file is None or not any(user in self._world.channels[where].members for where, _ in file.shares):
            return web.Response(status=404, text="there is no such file")
        headers = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
        return web.Response(body=file.data, content_type=file.mimetype, headers=headers)

    async def close(self) -> None:
        """Close every page's connection."""
        for socket in list(self._sockets):
            await socket.close()

    async def _send_states(self, socket: web.WebSocketResponse, user: User) -> None:
        changed = self._world.subscribe()
        try:
            while not socket.closed:
                changed.clear()
                await socket.send_str(compact(page_state.state(self._hub, self._faults, user)))
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
        files = [self._own_file(user, file) for file in asked.get("files", [])]
        await self._people.say(user.id, asked["channel"], asked["text"], asked.get("thread_ts"), files)

    def _own_file(self, user: User, key: str) -> File:
        found = self._world.files.get(key)
        if found is None or found.user != user.id:
            raise StandInError("that file is gone")
        return found

    async def _edit(self, user: User, asked: Json) -> None:
        await self._people.edit(user.id, asked["channel"], asked["ts"], asked["text"])

    async def _delete(self, user: User, asked: Json) -> None:
        await self._people.delete(user.id, asked["channel"], asked["ts"])

    async def _react(self, user: User, asked: Json) -> None:
        do = self._people.react if asked["on"] else self._people.unreact
        await do(user.id, self._message(user, asked), asked["name"])

    async def _shortcut(self, user: User, asked: Json) -> None:
        await self._people.shortcut(user.id, asked["callback_id"], self._message(user, asked))

    async def _home(self, user: User, asked: Json) -> None:
        await self._people.open_home(user.id, "messages" if asked.get("tab") == "messages" else "home")

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
        return self._message(user, container)

    def _message(self, user: User, asked: Json) -> Message:
        channel = self._world.channel(asked["channel"])
        seen = self._world.visible(channel.id, user.id) if user.id in channel.members else ()
        for message in seen:
            if message.ts == asked["ts"]:
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
