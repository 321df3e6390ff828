"""Generate ids, tokens and secrets, from the system's randomness or from a seed that repeats a run."""

from __future__ import annotations

import base64
import random
from typing import TypeAlias

Seed: TypeAlias = int | str


class Ids:
    """Random values; with a seed, the same values in the same order each time."""

    def __init__(self, seed: Seed | None) -> None:
        self._random = random.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311

    def hex(self, count: int) -> str:
        """Return random bytes as hexadecimal digits, two for each byte."""
        return self._random.randbytes(count).hex()

    def text(self, count: int) -> str:
        """Return random bytes as text that is safe in a URL."""
        return base64.urlsafe_b64encode(self._random.randbytes(count)).rstrip(b"=").decode()

    def below(self, end: int) -> int:
        """Return a random number that is at least 0 and less than `end`."""
        return self._random.randrange(end)
