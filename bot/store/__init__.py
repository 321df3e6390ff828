"""Cases, receipts, outbox and messages in a database, SQLite or PostgreSQL."""

from bot.store.case_record import Kept
from bot.store.delays import NOBODY, Overdue, Stuck
from bot.store.migrate import MigrationError
from bot.store.outbox import (
    AGENTS,
    DEAD,
    DRAWN,
    DROPPED,
    ENTRY,
    EXPIRED,
    FILES,
    LEASED,
    LISTS,
    MERGED,
    QUEUED,
    SENT,
    UNREADABLE,
    UPDATE,
    Clocks,
    Ended,
    Letter,
    Order,
    Queued,
)
from bot.store.places import CARD
from bot.store.store import Site, Store
from bot.store.trouble import AWAY
from bot.store.unit import KnownPerson, Receipt, Taken, Unit, VersionLostError

__all__ = [
    "AGENTS",
    "AWAY",
    "CARD",
    "DEAD",
    "DRAWN",
    "DROPPED",
    "ENTRY",
    "EXPIRED",
    "FILES",
    "LEASED",
    "LISTS",
    "MERGED",
    "NOBODY",
    "QUEUED",
    "SENT",
    "UNREADABLE",
    "UPDATE",
    "Clocks",
    "Ended",
    "Kept",
    "KnownPerson",
    "Letter",
    "MigrationError",
    "Order",
    "Overdue",
    "Queued",
    "Receipt",
    "Site",
    "Store",
    "Stuck",
    "Taken",
    "Unit",
    "VersionLostError",
]
