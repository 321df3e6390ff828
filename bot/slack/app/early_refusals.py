"""Refuse deliveries by the first bytes of their requests, before they are parsed.

While more comes than can be done, most of it is refused, and parsing it all would take the time of what is
let in. Only what is plainly one request from Slack is refused here; anything else is left to the parser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.slack.app.admission import Admission, Caller

ANSWER: Final = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n"
LARGEST_HEAD: Final = 8 * 1024
_END: Final = b"\r\n\r\n"
_LENGTH: Final = re.compile(rb"\r\ncontent-length: ?([0-9]{1,6})(?=\r\n)", re.IGNORECASE)
_SIGNED: Final = re.compile(rb"\r\nx-slack-signature: ?v0=[0-9a-f]{64}\r\n", re.IGNORECASE)
_EVENT: Final = re.compile(rb"\r\ncontent-type: ?application/json\r\n", re.IGNORECASE)
# With these headers a request may end elsewhere, or need another answer.
_FRAMING: Final = re.compile(
    rb"\r\n(?:transfer-encoding|content-length|connection|expect|upgrade)[ \t]*:", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class EarlyRefusals:
    """Decide which requests to one path are refused."""

    admission: Admission
    path: str

    def length(self, data: bytes) -> int:
        """Return the length of the refused request that begins `data`, 0 if none is refused.

        Some of it may not have arrived yet. A refusal is counted.
        """
        if not self.admission.is_full(Caller.EVENT):
            return 0
        end = data.find(_END, 0, LARGEST_HEAD)
        if end < 0 or not data.startswith(b"POST %s HTTP/1.1\r\n" % self.path.encode()):
            return 0
        head = data[: end + 2]
        length = _LENGTH.search(head)
        plain = len(_FRAMING.findall(head)) == 1 and head.count(b"\n") == head.count(b"\r\n")
        if length is None or not plain or _SIGNED.search(head) is None:
            return 0
        caller = Caller.EVENT if _EVENT.search(head) else Caller.PERSON
        return 0 if self.admission.lets_in(caller) else end + len(_END) + int(length[1])
