"""What one transaction can read and write."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from bot.store import redaction
from bot.store.accounts import Accounts
from bot.store.agents import Agents
from bot.store.case_lists import CaseLists, ShownOf, shown_in
from bot.store.case_record import CaseRecord
from bot.store.cases import Cases
from bot.store.dead_letters import DeadLetters
from bot.store.delays import Delays
from bot.store.files import CaseFiles
from bot.store.history import History
from bot.store.outbox import Outbox
from bot.store.outbox_leases import Leases
from bot.store.people import KnownPerson, People
from bot.store.places import Places
from bot.store.receipts import Receipts
from bot.store.refusals import Refusals
from bot.store.reminders import Reminders
from bot.store.weekly import Weekly


class Unit:
    """One transaction's view of the database. Not to be used after the transaction."""

    def __init__(self, connection: Connection, *, reading: bool = False) -> None:
        self._connection = connection
        self.people = People(connection, reading=reading)
        self.cases = Cases(connection, self.people, reading=reading)
        self.receipts = Receipts(connection, self.cases)
        self.outbox = Outbox(connection)
        self.has_redacted = False

    @property
    def leases(self) -> Leases:
        """Return the leases: what is being sent, and by whom."""
        return Leases(self._connection)

    @property
    def dead_letters(self) -> DeadLetters:
        """Return what could not be sent."""
        return DeadLetters(self._connection)

    @property
    def delays(self) -> Delays:
        """Return what is late, and who was told."""
        return Delays(self._connection)

    @property
    def places(self) -> Places:
        """Return where the messages of cases are in Slack."""
        return Places(self._connection, self.outbox)

    def accounts(self, installation: str) -> Accounts:
        """Return what Slack said about the user ids of an installation."""
        return Accounts(self._connection, installation)

    @property
    def agents(self) -> Agents:
        """Return who is an agent."""
        return Agents(self._connection)

    @property
    def refusals(self) -> Refusals:
        """Return the requests that were refused."""
        return Refusals(self._connection)

    @property
    def reminders(self) -> Reminders:
        """Return the reminders that are waiting."""
        return Reminders(self._connection)

    def case_lists(self, installation: str) -> CaseLists:
        """Return the lists of cases that people of an installation see."""
        return CaseLists(self._connection, installation)

    def weekly(self, installation: str) -> Weekly:
        """Return the week's numbers of an installation."""
        return Weekly(self._connection, installation)

    @property
    def record(self) -> CaseRecord:
        """Return what requesters wrote about their cases."""
        return CaseRecord(self._connection)

    @property
    def files(self) -> CaseFiles:
        """Return the files of cases."""
        return CaseFiles(self._connection)

    @property
    def history(self) -> History:
        """Return the audit trail."""
        return History(self._connection)

    def shown_in(self, conversation: str) -> list[ShownOf]:
        """Return the cases that were shown in a DM, the latest first."""
        return shown_in(self._connection, conversation)

    def redact_record(self, known: KnownPerson, keys: Collection[str]) -> None:
        """Remove the text of some of a person's deliveries from the records of their cases."""
        self.has_redacted = True
        redaction.redact_record(self._connection, known.id, keys)

    def redact(
        self, pieces: dict[str, str], bare: dict[str, str], known: KnownPerson, since: datetime
    ) -> set[int]:
        """Remove the pieces of a private key from a person's receipts, cases and messages.

        `pieces` are the texts of deliveries by key, `bare` is what their receipts are to keep. Returns the
        numbers of the cases that this changed; each must be loaded again.
        """
        self.has_redacted = True
        return redaction.redact(self._connection, [*pieces.values()], bare, known.id, since)
