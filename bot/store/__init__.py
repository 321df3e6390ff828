"""Cases, receipts, outbox and messages in a database, SQLite or PostgreSQL."""

from bot.store.migrate import MigrationError
from bot.store.store import Store
from bot.store.unit import CARD, KnownPerson, Posted, Queued, Receipt, RevisionLostError, Unit

__all__ = [
    "CARD",
    "KnownPerson",
    "MigrationError",
    "Posted",
    "Queued",
    "Receipt",
    "RevisionLostError",
    "Store",
    "Unit",
]
