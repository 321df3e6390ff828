"""The methods of `files.*`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .errors import Refusal
from .files import file_info, mimetype_of
from .method import STRING, Arg, Ask, Method, Type
from .model import File, Message

if TYPE_CHECKING:
    from .files import Ticket
    from .model import Channel
    from .schema import Json

MAX_BYTES = 1024**3


def _begin(ask: Ask) -> Json:
    length = int(ask.args["length"])
    if length <= 0:
        raise Refusal("missing_argument")
    if length > MAX_BYTES:
        raise Refusal("file_upload_size_restricted")
    address, ticket = ask.hub.uploads.begin(ask.text("filename"), length)
    return {"upload_url": address, "file_id": ticket.id}


def _complete(ask: Ask) -> Json:
    channel = _destination(ask)
    wanted = ask.args["files"]
    if not isinstance(wanted, list) or not wanted or not all(isinstance(one, dict) for one in wanted):
        raise Refusal("invalid_arguments")
    tickets = [_taken(ask, one) for one in wanted]
    ids = tuple(ticket.id for ticket in tickets)
    shares = _share(ask, channel, ids) if channel is not None else ()
    for ticket in tickets:
        ask.hub.world.store(_file(ask, ticket, shares))
    return {"files": [{"id": ticket.id, "title": ticket.name} for ticket in tickets]}


def _destination(ask: Ask) -> Channel | None:
    if not ask.text("channel_id"):
        return None
    channel = ask.channel(name="channel_id")
    if channel.archived or ask.hub.world.bot not in channel.members:
        raise Refusal("not_in_channel")
    return channel


def _taken(ask: Ask, one: dict[str, Any]) -> Ticket:
    ticket = ask.hub.uploads.take(str(one.get("id")))
    if ticket is None:
        raise Refusal("file_not_found")
    return ticket


def _file(ask: Ask, ticket: Ticket, shares: tuple[tuple[str, str], ...]) -> File:
    world = ask.hub.world
    return File(
        ticket.id,
        ticket.name,
        world.bot,
        int(world.clock()),
        ticket.data or b"",
        mimetype_of(ticket.name),
        shares=shares,
    )


def _share(ask: Ask, channel: Channel, ids: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    world = ask.hub.world
    message = Message(
        channel=channel.id,
        ts=world.next_ts(),
        user=world.bot,
        text=ask.text("initial_comment"),
        thread_ts=ask.args.get("thread_ts"),
        by_app=True,
        files=ids,
    )
    world.put(message)
    ask.hub.courier.later(ask.hub.tell_posted(message))
    return ((channel.id, message.ts),)


def _known(ask: Ask) -> File:
    found = ask.hub.world.files.get(ask.text("file"))
    if found is None:
        raise Refusal("file_not_found")
    return found


def _info(ask: Ask) -> Json:
    return {"file": file_info(ask.hub.world, _known(ask))}


def _delete(ask: Ask) -> Json:
    file, world = _known(ask), ask.hub.world
    if file.user != world.bot:
        raise Refusal("cant_delete_file")
    del world.files[file.id]
    for channel, ts in file.shares:
        message = world.messages[channel].get(ts)
        if message is not None:
            left = tuple(one for one in message.files if one != file.id)
            world.put(replace(message, files=left)) if left or message.text else world.remove(channel, ts)
    return {}


_FILE = {"file": Arg(required=True, missing="file_not_found")}

METHODS = (
    Method(
        "files.getUploadURLExternal",
        _begin,
        {
            "filename": Arg(required=True),
            "length": Arg(Type.INTEGER, required=True, missing="missing_argument"),
            "alt_txt": STRING,
            "snippet_type": STRING,
        },
        ("files:write",),
    ),
    Method(
        "files.completeUploadExternal",
        _complete,
        {
            "files": Arg(Type.JSON, required=True),
            "channel_id": STRING,
            "thread_ts": STRING,
            "initial_comment": STRING,
        },
        ("files:write",),
    ),
    Method("files.info", _info, _FILE, ("files:read",)),
    Method("files.delete", _delete, _FILE, ("files:write",)),
)
