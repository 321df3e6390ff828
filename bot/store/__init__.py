"""Cases, receipts, outbox and messages in a database, SQLite or PostgreSQL."""

from bot.store.case_record import Kept
from bot.store.cases import VersionLostError
from bot.store.database_errors import AWAY
from bot.store.dead_letters import Letter
from bot.store.delays import NOBODY, Overdue, Stuck
from bot.store.migrate import MigrationError
from bot.store.outbox import Order
from bot.store.outbox_due import (
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
)
from bot.store.outbox_leases import Ended, Queued
from bot.store.people import KnownPerson
from bot.store.places import CARD
from bot.store.receipts import Receipt, Taken
from bot.store.store import Site, Store
from bot.store.unit import Unit

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
