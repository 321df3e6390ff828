"""The transaction that every surface goes through, and the outbox that sends what it queued."""
