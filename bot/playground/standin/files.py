"""Files: uploads in progress, and how payloads describe files."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from .model import ChannelKind, File
from .world import TEAM

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .schema import Json
    from .world import World

SIGN_IN: Final = "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body></body></html>"
UNKNOWN: Final = "application/octet-stream"
_SHARED: Final = {ChannelKind.PUBLIC: "public", ChannelKind.PRIVATE: "private", ChannelKind.IM: "private"}
_LISTED: Final = {ChannelKind.PUBLIC: "channels", ChannelKind.PRIVATE: "groups", ChannelKind.IM: "ims"}


@dataclass(slots=True)
class Ticket:
    """An upload in progress: the file's id, name and length, and the bytes received so far."""

    id: str
    name: str
    length: int
    data: bytes | None = None


class Uploads:
    """The uploads in progress, by the last part of their address."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._open: dict[str, Ticket] = {}

    def begin(self, name: str, length: int) -> tuple[str, Ticket]:
        """Start an upload; return its address and its ticket."""
        ticket = Ticket(self._world.next_id("F0"), name, length)
        secret = self._world.ids.text(18)
        self._open[secret] = ticket
        return f"{self._world.base}/upload/v1/{secret}", ticket

    def at(self, secret: str) -> Ticket | None:
        """Return the upload at an address, or None."""
        return self._open.get(secret)

    def take(self, file: str) -> Ticket | None:
        """Return a complete upload and remove it, or None if there is none."""
        for secret, ticket in self._open.items():
            if ticket.id == file and ticket.data is not None and len(ticket.data) == ticket.length:
                return self._open.pop(secret)
        return None


def mimetype_of(name: str) -> str:
    """Return the MIME type that a file's name suggests."""
    return mimetypes.guess_type(name)[0] or UNKNOWN


def file_json(world: World, file: File) -> Json:
    """Return a file as payloads show it; in a message, one of another workspace has only its id."""
    if file.more.get("file_access") == "check_file_info":
        return {"id": file.id, "created": file.created, "user": file.user, **file.more}
    return file_info(world, file)


def file_info(world: World, file: File) -> Json:
    """Return everything that Slack says about a file."""
    kept = f"{world.base}/files-pri/{TEAM}-{file.id}"
    more = {key: value for key, value in file.more.items() if key != "file_access"}
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.name,
        "mimetype": file.mimetype,
        "filetype": file.name.rpartition(".")[2].lower() if "." in file.name else "",
        "user": file.user,
        "size": len(file.data),
        "mode": file.mode,
        "is_external": False,
        "external_type": "",
        "is_public": False,
        "url_private": f"{kept}/{quote(file.name)}",
        "url_private_download": f"{kept}/download/{quote(file.name)}",
        "permalink": f"{world.base}/files/{file.user}/{file.id}/{quote(file.name)}",
        "file_access": "visible",
        **_shares(world, file),
        **more,
    }


def _shares(world: World, file: File) -> Json:
    listed: dict[str, list[str]] = {"channels": [], "groups": [], "ims": []}
    shared: dict[str, dict[str, list[Mapping[str, str]]]] = {}
    for channel, ts in file.shares:
        kind = world.channels[channel].kind
        listed[_LISTED[kind]].append(channel)
        shared.setdefault(_SHARED[kind], {}).setdefault(channel, []).append({"ts": ts})
    return {**listed, "shares": shared}
