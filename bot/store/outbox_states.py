"""The words in the columns of the outbox: states of effects, kinds of merge keys, paces."""

from __future__ import annotations

from typing import Final

QUEUED: Final = "queued"
LEASED: Final = "leased"
SENT: Final = "sent"
DEAD: Final = "dead"
MERGED: Final = "merged"
EXPIRED: Final = "expired"
DROPPED: Final = "dropped"
UNREADABLE: Final = "unreadable"  # why an effect is dead whose row is damaged
OPEN: Final = (QUEUED, LEASED)
# The kinds of merge keys: of what redraws a message of the DM, the card, an entry in its thread.
UPDATE: Final = "update"
DRAWN: Final = "card"
ENTRY: Final = "entry"
APART: Final = (DRAWN, ENTRY)  # once the message stands, its redrawing waits for nothing else
AGENTS: Final = (
    "agents"  # the pace of their channel; each case has a line there, named by this and its number
)
FILES: Final = "files"  # the pace of files: one at a time in each process
LISTS: Final = "lists"  # the pace of order lists: two at a time in each process
