"""Find the known words that an unknown word may be a typo of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

SHORTEST: Final = 5


class Spelling:
    """Known words that are recognized with one typo: a letter missing, added or wrong, or two swapped.

    `real` are other words that look like a typo of a known one but are not.
    """

    def __init__(self, known: Iterable[str], real: Iterable[str] = ()) -> None:
        self._known = frozenset(word for word in known if len(word) >= SHORTEST)
        self._real = frozenset(real)
        self._near: dict[str, set[str]] = {}
        for word in self._known:
            for form in _shortened(word):
                self._near.setdefault(form, set()).add(word)

    def meant(self, word: str) -> frozenset[str]:
        """Return the known words that a word may be a typo of, or only itself if it is known."""
        if word in self._known:
            return frozenset({word})
        if len(word) < SHORTEST or word in self._real:
            return frozenset()
        near = {known for form in _shortened(word) for known in self._near.get(form, ())}
        return frozenset(known for known in near if _is_one_typo(word, known))


def _shortened(word: str) -> Iterator[str]:
    """Yield a word, and the word without each of its letters."""
    yield word
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]


def _is_one_typo(word: str, known: str) -> bool:
    if abs(len(word) - len(known)) > 1:
        return False
    start = 0
    while start < min(len(word), len(known)) and word[start] == known[start]:
        start += 1
    one, other = word[start:], known[start:]
    return (
        one[1:] == other[1:]
        or one[1:] == other
        or one == other[1:]
        or (len(one) > 1 and one[:2] == other[1::-1] and one[2:] == other[2:])
    )
