"""The values of the outbox's columns: states of effects, kinds of merge keys, and paces."""

from __future__ import annotations

from typing import Final

QUEUED: Final = "queued"
LEASED: Final = "leased"
SENT: Final = "sent"
DEAD: Final = "dead"
MERGED: Final = "merged"
EXPIRED: Final = "expired"
DROPPED: Final = "dropped"
UNREADABLE: Final = "unreadable"  # the error of an effect whose row is damaged
OPEN: Final = (QUEUED, LEASED)
# Kinds of merge keys: for redrawing a message in the DM, the card, or an entry in its thread.
UPDATE: Final = "update"
DRAWN: Final = "card"
ENTRY: Final = "entry"
APART: Final = (DRAWN, ENTRY)  # once the message is posted, redrawing it waits for nothing else
AGENTS: Final = "agents"  # the pace of their channel; the line of each case is named by this and its number
FILES: Final = "files"  # the pace of files: one at a time in each process
LISTS: Final = "lists"  # the pace of order lists: two at a time in each process
