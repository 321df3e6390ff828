"""The words for the conversation's enums, each list in a file of its own."""

from __future__ import annotations

from typing import Any, Final

from bot.conversation.files import WhyNot
from bot.conversation.handoff import Outcome, Standing
from bot.conversation.reminder_kinds import FOR_AGENTS, FOR_REQUESTER, Reminder
from bot.reading.order_list_failures import Failure
from bot.reading.pasted_certificates import Note
from bot.render.labels import Words
from policy.decision import Verdict
from policy.vocabulary import Draft

OUTCOMES: Final = Words("words/outcomes.md", Outcome)
OUTCOMES_TOLD: Final = Words("words/outcomes_told.md", Outcome)  # to the requester
STANDINGS: Final = Words("words/standings.md", Standing)
OUTCOME_BUTTONS: Final = Words("cards/outcomes.md", Outcome)
STANDINGS_LISTED: Final = Words(
    "notices/standings.md", tuple(each for each in Standing if each is not Standing.NEW)
)
REMINDERS: Final = Words(
    "words/reminders.md", tuple(each for each in Reminder if each in FOR_REQUESTER | FOR_AGENTS)
)
CERTIFICATE_NOTES: Final = Words("words/certificate_notes.md", Note)
LIST_FAILURES: Final = Words("lists/failures.md", Failure)
WHY_NOT: Final = Words("words/why_not.md", WhyNot)
VERDICTS_LISTED: Final = Words("lists/verdicts.md", Verdict)
VERDICTS_LATER: Final = Words("words/verdicts_later.md", Verdict)
TICKET_REQUESTS: Final = Words("tickets/ticket_requests.md", Verdict)
MESSAGE_REQUESTS: Final = Words("tickets/message_requests.md", Verdict)

REQUESTS: Final = {Draft.TICKET: TICKET_REQUESTS, Draft.MESSAGE: MESSAGE_REQUESTS}  # by the kind of draft
EVERY: Final[tuple[Words[Any], ...]] = (
    OUTCOMES,
    OUTCOMES_TOLD,
    OUTCOME_BUTTONS,
    STANDINGS,
    STANDINGS_LISTED,
    REMINDERS,
    CERTIFICATE_NOTES,
    LIST_FAILURES,
    WHY_NOT,
    VERDICTS_LATER,
    VERDICTS_LISTED,
    *REQUESTS.values(),
)
