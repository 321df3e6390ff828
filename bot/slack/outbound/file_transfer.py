"""The bytes of files, from Slack and back to Slack: streamed, in bounded memory, never on disk.

A file is read twice. The first reading decides whether it may be passed on; the second goes straight into an
upload, which is completed only if both readings had the same bytes. Slack discards uploads that are not
completed. The token goes to Slack's own hosts only: redirects are not followed.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import IO, Any, Final

import aiohttp

from bot.conversation.files import LARGEST, File, FileKind, WhyNot, why_not
from bot.reading.file_kinds import FileForm, FormWatcher
from bot.reading.private_keys import KeyScanner
from bot.reading.workbook_files import WorkbookWatcher
from bot.slack.inbound import files
from bot.slack.outbound.errors import DOWNLOAD, STATUS, UNREADABLE, UPLOAD, Course
from bot.slack.outbound.response_urls import FILES, is_at, origins
from bot.slack.outbound.web_api import LIMITED, OK, REDIRECTS, CallError, WebApi, rest

CHUNK: Final = 64 * 1024
SECONDS: Final = aiohttp.ClientTimeout(total=60, connect=10, sock_read=20)
GONE: Final = frozenset({"file_not_found", "file_deleted"})
MISSING_SCOPE: Final = "missing_scope"
_HTML: Final = "text/html"
_NOT_FOUND: Final = 404
_UNFIT: Final = {FileForm.ARCHIVE: WhyNot.ARCHIVE, FileForm.OTHER: WhyNot.KIND}


@dataclass(frozen=True, slots=True)
class Looked:
    """What the first reading of a file found: its length and digest, and why it is not passed on.

    `whole` is the content if it is short enough to be read.
    """

    size: int
    digest: bytes
    why: WhyNot | None
    whole: bytes | None = None


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a copy goes: a channel, a thread in it, and the message with it."""

    channel: str
    thread: str | None
    comment: str


class FileTransfer:
    """Read files from Slack and share copies of them, with the session of a Web API client."""

    def __init__(self, client: WebApi) -> None:
        self._client = client
        self._origins = origins(FILES, client.base_url)

    async def find(self, file: File) -> File:
        """Return a file with all that Slack says about it, if its reference lacks that. Raises CallError."""
        if file.kind is not FileKind.UNTOLD and file.url:
            return file
        try:
            told = (await self._client.files_info(file=file.id)).get("file")
        except CallError as error:
            if error.code in GONE:
                return File(file.id, file.name, FileKind.GONE)
            raise
        found = files.file(told) if isinstance(told, dict) else None
        if found is None or found.kind is FileKind.UNTOLD:
            return File(file.id, file.name, FileKind.GONE)
        return found

    async def inspect(self, file: File, keep: int = 0) -> Looked:
        """Read a file once; content of up to `keep` octets is returned. Raises CallError."""
        why = why_not(file) or (None if is_at(file.url, self._origins) else WhyNot.NO_FILE)
        if why is not None:
            return Looked(0, b"", why)
        scanner, watcher, digest, kept, size = KeyScanner(), FormWatcher(), hashlib.sha256(), bytearray(), 0
        inside, workbook = KeyScanner(), WorkbookWatcher()

        def see(chunk: bytes) -> bool:
            watcher.feed(chunk)
            digest.update(chunk)
            return scanner.feed(chunk) or any(map(inside.feed, workbook.feed(chunk)))

        try:
            async with self._download(file) as chunks:
                async for chunk in chunks:
                    size += len(chunk)
                    if size > LARGEST:
                        return Looked(size, b"", WhyNot.TOO_LARGE)
                    if size <= keep:
                        kept += chunk
                    if await asyncio.to_thread(see, chunk):
                        return Looked(size, b"", WhyNot.KEY)
        except FileGoneError:
            return Looked(0, b"", WhyNot.GONE)
        if await asyncio.to_thread(lambda: scanner.close() or inside.close()):
            return Looked(size, b"", WhyNot.KEY)
        _check_whole(file, size)
        unfit = None if workbook.close() else _UNFIT.get(watcher.close()) if size else WhyNot.EMPTY
        return Looked(size, digest.digest(), unfit, bytes(kept) if size <= keep else None)

    async def fetch(self, file: File, into: IO[bytes]) -> WhyNot | None:
        """Read a file's bytes into another one; returns why there are none. Raises CallError."""
        why = why_not(file) or (None if is_at(file.url, self._origins) else WhyNot.NO_FILE)
        if why is not None:
            return why
        size = 0
        try:
            async with self._download(file) as chunks:
                async for chunk in chunks:
                    size += len(chunk)
                    if size > LARGEST:
                        return WhyNot.TOO_LARGE
                    await asyncio.to_thread(into.write, chunk)
        except FileGoneError:
            return WhyNot.GONE
        _check_whole(file, size)
        into.flush()
        into.seek(0)
        return None if size else WhyNot.EMPTY

    async def upload(self, name: str, content: IO[bytes], to: Destination) -> None:
        """Share a file of our own. Raises CallError."""
        size = content.seek(0, os.SEEK_END)
        content.seek(0)
        started = await self._client.files_getUploadURLExternal(filename=name, length=size)
        address, key = started.get("upload_url"), str(started.get("file_id"))
        if not isinstance(address, str) or not is_at(address, self._origins):
            raise CallError(UPLOAD, UNREADABLE, Course.AGAIN)
        await self._post_bytes(address, _chunks(content), size)
        await self._client.files_completeUploadExternal(
            files=[{"id": key, "title": name}],
            channel_id=to.channel,
            thread_ts=to.thread,
            initial_comment=to.comment,
        )

    async def copy(
        self, file: File, looked: Looked, to: Destination, begun: Callable[[str], Awaitable[None]]
    ) -> None:
        """Share a copy of a file that was looked at. Raises CallError.

        `begun` is told the copy's id before anybody can see it.
        """
        started = await self._client.files_getUploadURLExternal(filename=file.name, length=looked.size)
        address, key = started.get("upload_url"), str(started.get("file_id"))
        if not isinstance(address, str) or not is_at(address, self._origins):
            raise CallError(UPLOAD, UNREADABLE, Course.AGAIN)
        await begun(key)
        await self._upload(file, looked, address)
        await self._client.files_completeUploadExternal(
            files=[{"id": key, "title": file.name}],
            channel_id=to.channel,
            thread_ts=to.thread,
            initial_comment=to.comment,
        )

    async def is_shared(self, copy: str, channel: str) -> bool | None:
        """Tell whether a copy is in a channel; None if that is not known yet. Raises CallError."""
        try:
            told: Any = (await self._client.files_info(file=copy)).get("file")
        except CallError as error:
            if error.code in GONE:
                return False
            raise
        listed = [told.get(name) for name in ("channels", "groups", "ims")] if isinstance(told, dict) else []
        return True if any(isinstance(each, list) and channel in each for each in listed) else None

    async def _upload(self, file: File, looked: Looked, address: str) -> None:
        """Send a file's bytes to an upload address; they must be those that were looked at."""
        digest, length = hashlib.sha256(), 0

        async def again() -> AsyncGenerator[bytes]:
            nonlocal length
            async with self._download(file) as chunks:
                async for chunk in chunks:
                    digest.update(chunk)
                    length += len(chunk)
                    if length > looked.size:
                        raise CallError(DOWNLOAD, UNREADABLE, Course.AGAIN)
                    yield chunk
            if digest.digest() != looked.digest:
                raise CallError(DOWNLOAD, UNREADABLE, Course.AGAIN)

        await self._post_bytes(address, again(), looked.size)
        if digest.digest() != looked.digest:  # the answer came before everything was sent
            raise CallError(UPLOAD, UNREADABLE, Course.AGAIN)

    async def _post_bytes(self, address: str, body: AsyncGenerator[bytes], size: int) -> None:
        """Send bytes to an upload address. Raises CallError, and what reading them raises."""
        headers = {"Content-Length": str(size), "Content-Type": "application/octet-stream"}
        try:
            async with self._session.post(
                address,
                data=body,
                headers=headers,
                allow_redirects=False,
                timeout=SECONDS,
                proxy=self._client.proxy,
            ) as response:
                await response.content.read(CHUNK)
                _check_status(UPLOAD, response)
        except CallError as error:
            self._client.note(error)
            raise
        except FileGoneError:
            raise
        except Exception as error:
            raise self._told(UPLOAD, error) from error
        finally:
            await body.aclose()

    @asynccontextmanager
    async def _download(self, file: File) -> AsyncIterator[AsyncIterator[bytes]]:
        """Yield a file's bytes. Raises CallError or FileGoneError."""
        headers = {"Authorization": f"Bearer {self._client.token}", "Accept-Encoding": "identity"}
        try:
            async with self._session.get(
                file.url, headers=headers, allow_redirects=False, timeout=SECONDS, proxy=self._client.proxy
            ) as response:
                _check_status(DOWNLOAD, response)
                _check_signed_in(file, response)
                yield response.content.iter_chunked(CHUNK)
        except CallError as error:
            self._client.note(error)
            raise
        except (FileGoneError, GeneratorExit, asyncio.CancelledError):
            raise
        except Exception as error:
            raise self._told(DOWNLOAD, error) from error

    def _told(self, method: str, error: Exception) -> CallError:
        """Return an error as a failed call, and tell the operator."""
        told = CallError(method, type(error).__name__, Course.PASSES)
        self._client.note(told)
        return told

    @property
    def _session(self) -> aiohttp.ClientSession:
        if self._client.session is None:
            raise RuntimeError("files are passed on with the session that all calls share")
        return self._client.session


async def _chunks(content: IO[bytes]) -> AsyncGenerator[bytes]:
    while chunk := await asyncio.to_thread(content.read, CHUNK):
        yield chunk


class FileGoneError(Exception):
    """Slack no longer has the file."""


def _check_status(method: str, response: aiohttp.ClientResponse) -> None:
    """Raise CallError or FileGoneError unless Slack took the request."""
    status = response.status
    if status == LIMITED:
        raise CallError(method, "ratelimited", Course.PASSES, rest(response.headers))
    if method == DOWNLOAD and status in REDIRECTS:  # to the sign-in page
        raise CallError(method, MISSING_SCOPE, Course.WAITS)
    if method == DOWNLOAD and status == _NOT_FOUND:
        raise FileGoneError
    if status != OK:
        raise CallError(method, f"{STATUS}{status}", Course.AGAIN)


def _check_signed_in(file: File, response: aiohttp.ClientResponse) -> None:
    """Raise CallError if Slack shows its sign-in page, which it does with status 200."""
    if response.content_type != _HTML:
        return
    if file.mimetype != _HTML or (file.size and response.content_length not in (None, file.size)):
        raise CallError(DOWNLOAD, MISSING_SCOPE, Course.WAITS)


def _check_whole(file: File, size: int) -> None:
    """Raise CallError if the content is not as long as Slack says the file is."""
    if file.size and size != file.size:
        raise CallError(DOWNLOAD, UNREADABLE, Course.AGAIN)
