"""The tables. Migrations build them (`bot/store/migrations`); a test checks that the two agree."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite numbers rows only in an INTEGER key; PostgreSQL needs more room.
_Key: Final = BigInteger().with_variant(Integer, "sqlite")

# Times are epoch milliseconds, UTC: the same integer on every engine.

# A person is a user id in an installation; `team` is for showing. `kind` (NULL: not known) and `name` are
# what Slack says about the id, which may be a bot's. It may be asked again at `ask_at`; `failures` counts the
# failed lookups since the last answer.
people: Final = Table(
    "people",
    metadata,
    Column("id", _Key, primary_key=True, autoincrement=True),
    Column("installation", String(32), nullable=False),
    Column("team", String(32), nullable=False),
    Column("user", String(32), nullable=False),
    Column("zone", String(64)),
    Column("zone_offset", Integer),
    Column("dm_channel", String(32)),
    Column("remembered", Text),
    Column("kind", String(16)),
    Column("name", String(80)),
    Column("ask_at", BigInteger, nullable=False, server_default="0"),
    Column("failures", Integer, nullable=False, server_default="0"),
    UniqueConstraint("installation", "user"),
    sqlite_autoincrement=True,
)

# `revision` is what buttons carry; `version` counts every write of the row, and a writer names the one it
# loaded. What lists are sorted by is kept beside the state: where the case stands and since when (NULL before
# the handover), who has it, the last day of its refund window (YYYY-MM-DD), and `calm`, which is 0 for an
# urgent case, so that one index has urgent ones first, then the oldest.
cases: Final = Table(
    "cases",
    metadata,
    Column("id", _Key, primary_key=True, autoincrement=True),
    Column("person_id", _Key, ForeignKey("people.id"), nullable=False),
    Column("surface", String(16), nullable=False),
    Column("stage", String(16), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("version", Integer, nullable=False, server_default="0"),
    Column("standing", String(32), nullable=False, server_default="new"),
    Column("owner_id", _Key, ForeignKey("people.id")),
    Column("deadline", String(10)),
    Column("calm", Integer, nullable=False, server_default="1"),
    Column("since", BigInteger),
    Index("ix_cases_person_id_changed_at", "person_id", "changed_at"),
    Index("ix_cases_standing_changed_at", "standing", "changed_at"),
    Index("ix_cases_owner_id_standing", "owner_id", "standing"),
    Index("ix_cases_standing_calm", "standing", "calm", "since"),
    sqlite_autoincrement=True,
)

# What a delivery was, redacted, and whose. `case_version` is the version of the case that it made, if any: in
# this order the receipts of a case are everything that happened to it.
receipts: Final = Table(
    "receipts",
    metadata,
    Column("key", String(255), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("event", Text, nullable=False),
    Column("case_id", _Key, ForeignKey("cases.id")),
    Column("received_at", BigInteger, nullable=False),
    Column("person_id", _Key, ForeignKey("people.id")),
    Column("case_version", Integer),
    Index("ix_receipts_received_at", "received_at"),
    Index("ix_receipts_person_id_received_at", "person_id", "received_at"),
    Index("ix_receipts_case_id", "case_id"),
)

# What is to be sent to Slack. `conversation` is the line in which effects keep their order, `pace` the
# channel whose pace they wait for, `wanted_at` decides which of its lines comes next; `merge_key` lets a
# later redrawing of a message replace an earlier one. A lease is the right to send until `lease_until`;
# `fence` numbers the leases, so that a process that lost one cannot write down what came of it. `unsure`: a
# lease ran out, so the effect may have been sent. `set_at` is when `due_at` or `lease_until` was set: if it
# is in the future, the clock that set them was wrong, and neither counts.
outbox: Final = Table(
    "outbox",
    metadata,
    Column("id", _Key, primary_key=True, autoincrement=True),
    Column("case_id", _Key, ForeignKey("cases.id")),
    Column("conversation", String(100), nullable=False),
    Column("effect", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("queued_at", BigInteger, nullable=False),
    Column("done_at", BigInteger),
    Column("error", Text),
    Column("effect_id", String(40)),
    Column("merge_key", String(64)),
    Column("pace", String(100)),
    Column("wanted_at", BigInteger, nullable=False, server_default="0"),
    Column("lease_until", BigInteger, nullable=False, server_default="0"),
    Column("fence", Integer, nullable=False, server_default="0"),
    Column("unsure", Integer, nullable=False, server_default="0"),
    Column("expires_at", BigInteger),
    Column("set_at", BigInteger, nullable=False, server_default="0"),
    Index("ix_outbox_state_due_at", "state", "due_at"),
    Index("ix_outbox_state_done_at", "state", "done_at"),
    Index("uq_outbox_effect_id", "effect_id", unique=True),
    Index("ix_outbox_conversation_id", "conversation", "id"),
    Index("ix_outbox_case_id", "case_id"),
    sqlite_autoincrement=True,
)

# Effects that do not get through. `refused_at`: since when Slack has refused one with a code that may pass.
# `notice`: the effect that told somebody so, 0 if there is nobody to tell.
delays: Final = Table(
    "delays",
    metadata,
    Column("outbox_id", _Key, ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True),
    Column("refused_at", BigInteger),
    Column("notice", BigInteger),
    Index("ix_delays_notice", "notice"),
)

# Where the messages of a case are in Slack, by slot.
messages: Final = Table(
    "messages",
    metadata,
    Column("case_id", _Key, ForeignKey("cases.id"), primary_key=True),
    Column("slot", String(32), primary_key=True),
    Column("channel", String(32), nullable=False),
    Column("ts", String(32), nullable=False),
    Index("ix_messages_channel_ts", "channel", "ts"),
)

# The people in the agents' channel, according to Slack. Nobody else is an agent, and no bot is here.
agents: Final = Table(
    "agents",
    metadata,
    Column("installation", String(32), primary_key=True),
    Column("user", String(32), primary_key=True),
    Column("seen_at", BigInteger, nullable=False),
)

# Reminders: what is to happen to a case once, at a moment.
reminders: Final = Table(
    "reminders",
    metadata,
    Column("id", _Key, primary_key=True, autoincrement=True),
    Column("case_id", _Key, ForeignKey("cases.id"), nullable=False),
    Column("reminder", String(32), nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    UniqueConstraint("case_id", "reminder", "due_at"),
    Index("ix_reminders_state_due_at", "state", "due_at"),
    sqlite_autoincrement=True,
)

# Who did what, and when. Rows are only added, which triggers enforce (migration 0006; a migration that
# rebuilds this table must rebuild them): a row is deleted with its case, or loses a person who is erased. A
# row that never had a person is what time did.
history: Final = Table(
    "history",
    metadata,
    Column("id", _Key, primary_key=True, autoincrement=True),
    Column("case_id", _Key, ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    Column("person_id", _Key, ForeignKey("people.id")),
    Column("what", String(48), nullable=False),
    Column("standing", String(32), nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("ix_history_case_id_id", "case_id", "id"),
    Index("ix_history_at", "at"),
    Index("ix_history_person_id", "person_id"),
    sqlite_autoincrement=True,
)

# The record of a case: what its requester wrote, in order. `message` is the key of the delivery that brought
# it, `place` where it was typed, `taken_as` what became of it, `opening` the slot of the entry in the card's
# thread that shows it. A row without text was deleted, or held a private key. A message that is held or in
# doubt has a row for each case that it may be about.
words: Final = Table(
    "words",
    metadata,
    Column("id", _Key, primary_key=True, autoincrement=True),
    Column("case_id", _Key, ForeignKey("cases.id"), nullable=False),
    Column("person_id", _Key, ForeignKey("people.id"), nullable=False),
    Column("message", String(255), nullable=False),
    Column("place", String(16), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("taken_as", String(16), nullable=False),
    Column("text", Text),
    Column("edited_at", BigInteger),  # microseconds
    Column("deleted_at", BigInteger),
    Column("opening", String(32)),
    Index("ix_words_case_id_id", "case_id", "id"),
    Index("ix_words_message", "message"),
    Index("ix_words_person_id", "person_id"),
    Index(
        "ix_words_held",
        "at",
        sqlite_where=text("taken_as = 'held'"),
        postgresql_where=text("taken_as = 'held'"),
    ),
    sqlite_autoincrement=True,
)

# Files of a case, by reference; `person_id`: whose case it is. `message` is the key of the delivery that
# brought one, `file` its id at Slack, `told` what Slack said about it, `stage` whether agents have it, `copy`
# the id of the copy being made, to look for it if nobody knows whether it was made.
files: Final = Table(
    "files",
    metadata,
    Column("id", _Key, primary_key=True, autoincrement=True),
    Column("case_id", _Key, ForeignKey("cases.id"), nullable=False),
    Column("person_id", _Key, ForeignKey("people.id"), nullable=False),
    Column("message", String(255), nullable=False),
    Column("file", String(32), nullable=False),
    Column("told", Text, nullable=False),
    Column("stage", String(16), nullable=False),
    Column("copy", String(32)),
    Column("at", BigInteger, nullable=False),
    Index("ix_files_case_id_id", "case_id", "id"),
    Index("ix_files_message", "message"),
    Index("ix_files_person_id", "person_id"),
    sqlite_autoincrement=True,
)

# Why requests were last refused, by likely cause: see `refusals.py`.
refusals: Final = Table(
    "refusals",
    metadata,
    Column("cause", String(16), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("number", Integer, nullable=False),
    Column("seconds_off", Integer),
    Column("believed_at", BigInteger),
)

# What is left of purged cases: how many of what in which month (YYYY-MM).
tallies: Final = Table(
    "tallies",
    metadata,
    Column("month", String(7), primary_key=True),
    Column("what", String(48), primary_key=True),
    Column("number", Integer, nullable=False),
)
