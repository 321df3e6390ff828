"""The transaction that every delivery goes through, and the outbox that sends what it queued."""
