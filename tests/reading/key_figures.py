"""Print how many forms of private keys are recognized, and how many harmless texts are mistaken for one.

Run it as `python -m tests.reading.key_figures`; 10 MB each of random base64, hex and binary data take a
minute.
"""

from __future__ import annotations

import base64
import sys
import time
import warnings
from random import Random

from bot.reading.private_keys import KeyScanner, form_of
from tests.reading import keys
from tests.reading.texts import harmless

LARGE = 10_000_000  # random bytes
CHUNK = 65_536


def chance(seed: int) -> dict[str, bytes]:
    """Return 10 MB of each kind."""
    octets = Random(seed).randbytes(LARGE)  # noqa: S311
    return {
        "base64 in lines": base64.encodebytes(octets)[:LARGE],
        "base64 in one line": base64.b64encode(octets)[:LARGE],
        "hex": octets[: LARGE // 2].hex().encode(),
        "octets": octets,
    }


def holds(file: bytes) -> bool:
    scanner = KeyScanner()
    for at in range(0, len(file), CHUNK):
        scanner.feed(file[at : at + CHUNK])
    return scanner.close()


def main(seed: int = 7) -> None:
    say = sys.stdout.write
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        contents = [*keys.cases()]
        pieces = [*keys.pieces()]
        texts = [*harmless()]
    known = sum(form_of(content) is not None for _, _, content in contents)
    forms = {form for form, _, _ in contents}
    wrappings = {how for _, how, _ in contents}
    say(f"recognized: {known} of {len(contents)} ({len(forms)} forms, {len(wrappings)} wrappings)\n")
    say(f"pieces recognized alone: {sum(form_of(p) is not None for *_, p in pieces)} of {len(pieces)}\n")
    say(f"false alarms: {sum(form_of(text) is not None for *_, text in texts)} of {len(texts)} texts\n")
    for what, file in chance(seed).items():
        began = time.process_time()
        say(f"false alarm in {LARGE // 10**6} MB of random {what}: {holds(file)}")
        say(f" ({time.process_time() - began:.1f} s)\n")


if __name__ == "__main__":
    main()
