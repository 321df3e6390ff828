"""Bodies of requests that are not proven yet: read once, up to a limit in bytes and seconds.

All of them together may hold `HELD` bytes. Beyond that the oldest is dropped: Slack's bodies arrive within
milliseconds, so the oldest comes from somebody who sends slowly on purpose.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from typing import Final

from starlette.types import Receive

from bot.slack.app.signing import Proof, Refusal
from bot.slack.inbound.oversize import EDGE, FARTHEST, LARGEST, Remains

BODY_SECONDS: Final = 10.0
HELD: Final = 32 * 1024 * 1024


class Bodies:
    """Read many bodies at once."""

    def __init__(self, held: int = HELD, seconds: float = BODY_SECONDS) -> None:
        self._most = held
        self._seconds = seconds
        self._total = 0
        self._held: dict[asyncio.Timeout, int] = {}  # oldest first

    async def read(self, receive: Receive, proof: Proof) -> bytes | Remains | Refusal:
        """Return a proven body, what is kept of a proven one that is too large, or why there is neither."""
        body = _Body(proof)
        try:
            async with asyncio.timeout(self._seconds) as deadline:
                try:
                    async for piece in pieces(receive):
                        if not body.take(piece):
                            return Refusal.TOO_LARGE
                        self._note(deadline, len(body.kept))
                finally:
                    self._total -= self._held.pop(deadline, 0)
        except TimeoutError:
            return Refusal.TOO_SLOW
        except ConnectionError:
            return Refusal.ABANDONED
        return body.proven() if proof.holds() else Refusal.FORGED

    def _note(self, deadline: asyncio.Timeout, size: int) -> None:
        """Note how much a body holds, and drop the oldest if all together hold too much."""
        self._total += size - self._held.get(deadline, 0)
        self._held[deadline] = size
        while self._total > self._most:
            oldest = next(iter(self._held))
            self._total -= self._held.pop(oldest)
            oldest.reschedule(0)  # ends its wait at once, as if it had timed out


async def pieces(receive: Receive) -> AsyncIterator[bytes]:
    """Yield a body as it comes. Raises ConnectionError if the sender leaves before its end."""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError
        more = message.get("more_body", False)
        yield message.get("body", b"")


class _Body:
    """What has arrived of one body: all of it, or the ends of one that is too large."""

    def __init__(self, proof: Proof) -> None:
        self.kept = bytearray()
        self._proof = proof
        self._length = 0
        self._tail = b""
        self._digest = hashlib.sha256()

    def take(self, piece: bytes) -> bool:
        """Take the next piece; returns whether the body is still worth reading."""
        before, self._length = self._length, self._length + len(piece)
        if self._length > FARTHEST:
            return False
        self._proof.add(piece)
        if self._length <= LARGEST:
            self.kept += piece
            return True
        if before <= LARGEST:  # it has just become too large
            self._digest.update(self.kept)
            self._tail = bytes(self.kept[-EDGE:])
            self.kept = (self.kept + piece[:EDGE])[:EDGE]
        self._digest.update(piece)
        self._tail = (self._tail + piece)[-EDGE:]
        return True

    def proven(self) -> bytes | Remains:
        """Return the body, if the proof holds."""
        if self._length <= LARGEST:
            return bytes(self.kept)
        ends = bytes(self.kept) + b"\n" + self._tail
        return Remains(self._length, self._digest.hexdigest(), ends.decode("utf-8", "replace"))
