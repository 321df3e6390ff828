"""What is recorded of a delivery: its receipt, what was typed in it, names in place of user ids."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from bot.conversation.agent_moves import AskBack, Reassign
from bot.conversation.agent_moves import Reply as Answer
from bot.conversation.agent_words import Note, Outward
from bot.conversation.case_record import Place, Typed
from bot.conversation.clean_text import cleaned
from bot.conversation.events import EditedTicket, Provided, Said
from bot.desk.deliveries import Act, Due, Handle, Intent, Look, Mention, Rewrite, Start, Write
from bot.store import Unit
from bot.store.coding import Coding

REDACTED: Final = "redacted"
_INTENT: Final = Coding[Intent | Due](Intent | Due)
_NAMED: Final = re.compile(r"(?<![\w@])@([UW][A-Z0-9]{2,20})(?![\w])")


def record(intent: Intent | Due) -> str:
    """Return an intent as a receipt keeps it: with a response URL replaced."""
    if isinstance(intent, Start) and intent.response_url:
        intent = replace(intent, response_url=REDACTED)
    return _INTENT.dump(intent)


def try_recorded(event: str) -> Intent | Due | None:
    """Return the intent of a receipt, None if it is damaged or of another version."""
    return _INTENT.try_load(event)


def words_of(intent: Intent | Due) -> str:
    """Return what a person typed, or chose from suggestions, as far as it is kept."""
    match intent:
        case (
            Write(text=str(words)) | Mention(text=str(words)) | Rewrite(text=str(words)) | Start(words=words)
        ):
            return words
        case Act(event=Said(text=words) | EditedTicket(text=words)) | Look(unclear=words):
            return words
        case Act(event=Provided(details=details)):
            return "\n".join(value for _, value in details)
        case Handle(move=Answer(words=Outward(words)) | AskBack(words=Outward(words))):
            return words
        case Handle(move=Reassign(note=Note(words))):
            return words
        case _:
            return ""


def typed_in(intent: Intent) -> Typed | None:
    """Return what a requester typed, for the record of a case; None if they clicked or typed nothing."""
    match intent:
        case Write(text, at, thread, files=files):
            place = Place.MESSAGE if thread is None else Place.THREAD
            return Typed(cleaned(text) if text is not None else None, place, at, files)
        case Mention(text=str(text), files=files) if text or files:
            return Typed(cleaned(text), Place.CHANNEL, files=files)
        case Act(event=Provided() | EditedTicket()):
            words = cleaned(words_of(intent))
            return Typed(words, Place.FORM) if words else None
        case Start(words=words, files=files) if words or files:
            return Typed(cleaned(words), Place.MESSAGE, files=files)
        case _:
            return None


def with_names(unit: Unit, installation: str, intent: Intent) -> Intent:
    """Return what somebody wrote, with names in place of the user ids that are known."""
    match intent:
        case Write(text=str(text)) | Mention(text=str(text)) | Rewrite(text=str(text)):
            users = set(_NAMED.findall(text))
            names = unit.accounts(installation).names(users) if users else {}
            words = _NAMED.sub(lambda found: f"@{names.get(found[1], found[1])}", text)
            return replace(intent, text=words) if words != text else intent
        case _:
            return intent
