"""Where ids, tokens and secrets come from: the system's randomness, or a seed, so that a run repeats."""

from __future__ import annotations

import base64
import random
from typing import TypeAlias

Seed: TypeAlias = int | str


class Ids:
    """Random values: the system's own without a seed, with one the same ones in the same order."""

    def __init__(self, seed: Seed | None) -> None:
        self._random = random.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311

    def hex(self, count: int) -> str:
        """Return so many random bytes as hexadecimal digits."""
        return self._random.randbytes(count).hex()

    def text(self, count: int) -> str:
        """Return so many random bytes as text that may stand in a URL."""
        return base64.urlsafe_b64encode(self._random.randbytes(count)).rstrip(b"=").decode()

    def below(self, end: int) -> int:
        """Return a random number from 0 to before the end."""
        return self._random.randrange(end)
