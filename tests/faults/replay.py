"""Replay what the receipts keep, in order, through the pure conversation: it must give the stored cases.

Receipts say when and of which case something was wanted, in which order. Who wanted it, the address that a
result can be shared through, and which of the events without fields it was, they do not keep; those are taken
from what the stand-in delivered under the same key, which must be what the receipt says as far as it says it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.conversation.case import Case, Surface
from bot.conversation.derive import Rules
from bot.conversation.events import Claimed, Event, Now, Opened, PastedKey, Said
from bot.conversation.people import Origin, Remembered
from bot.conversation.reading import normalized
from bot.conversation.step import Step, begin, remember, step
from bot.desk import words
from bot.desk.coding import record
from bot.desk.desk import RESPONSE_URL_LIVES
from bot.desk.intents import Act, Claim, Delivery, Intent, Start, Write
from bot.desk.moments import EASTERNMOST
from bot.slack import payloads


@dataclass(frozen=True)
class Row:
    """A receipt that belongs to a case."""

    key: str
    event: str
    case: int
    at: datetime


def deliveries(sent: list[Any], home: str) -> dict[str, Delivery]:
    """Return what the stand-in delivered, by the receipts' keys."""
    found: dict[str, Delivery] = {}
    for one in sent:
        read = {
            "slash_commands": payloads.command,
            "block_actions": payloads.block_action,
            "view_submission": payloads.submission,
        }.get("slash_commands" if one.name.startswith("/") else one.name, payloads.direct_message)
        incoming = read(one.payload, home)
        if isinstance(incoming, payloads.Incoming):
            found[incoming.delivery.key] = incoming.delivery
    return found


class Replay:
    """The cases as a fold over the receipts."""

    def __init__(self, rules: Rules, sent: Mapping[str, Delivery]) -> None:
        self.rules, self.sent = rules, sent
        self.cases: dict[int, Case] = {}
        self.known: dict[object, Remembered] = {}

    def take(self, row: Row) -> None:
        """Do what a receipt says."""
        at = row.at
        now = Now(at, at.astimezone(UTC).date(), at.astimezone(EASTERNMOST).date())
        if row.key not in self.sent:
            return  # on its way when somebody lost patience
        intent, case = self.sent[row.key].intent, self.cases.get(row.case)
        if record(intent) != row.event:
            return  # another event than the one that was delivered: the case will differ
        after = self._begin(row, intent, now) if case is None else self._go_on(row, case, intent, now)
        if after is not None and after.case != case:
            self.cases[row.case] = after.case
            if not isinstance(intent, Claim):
                self.known[after.case.person] = remember(after.case)

    def _begin(self, row: Row, intent: Intent, now: Now) -> Step:
        person = self.sent[row.key].person
        surface = intent.surface if isinstance(intent, Start) else Surface.DM
        known = self.known.get(person, Remembered())
        origin = self._origin(row, intent)
        alike = isinstance(intent, Start) and intent.alike
        return begin(self.rules, row.case, person, surface, now, remembered=known, origin=origin, alike=alike)

    def _origin(self, row: Row, intent: Intent) -> Origin | None:
        sent = self.sent[row.key].intent
        if not isinstance(intent, Start) or not isinstance(sent, Start) or intent.channel is None:
            return None
        return Origin(
            intent.channel, sent.response_url, row.at + RESPONSE_URL_LIVES if sent.response_url else None
        )

    def _go_on(self, row: Row, case: Case, intent: Intent, now: Now) -> Step | None:
        match intent:
            case Start():
                case = replace(case, origin=self._origin(row, intent) or case.origin)
                return step(self.rules, case, Opened(), now)
            case Act(revision=revision) if revision == case.revision - 1:
                return None
            case Act(event=event, revision=revision):
                stale = revision is not None and revision != case.revision
                return step(self.rules, case, Opened() if stale else event, now)
            case Claim():
                return step(self.rules, case, Claimed(self.sent[row.key].person), now)
            case Write(text):
                return step(self.rules, case, _said(text), now)
        return None


def _said(text: str | None) -> Event:
    if text is None:
        return PastedKey()
    return words.COMMANDS.get(normalized(text).rstrip("?").strip(), Said(text))
