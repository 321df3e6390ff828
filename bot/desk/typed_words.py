"""What a person typed in one delivery."""

from __future__ import annotations

from bot.conversation.agent_moves import AskBack, Reassign
from bot.conversation.agent_moves import Reply as Answer
from bot.conversation.agent_words import Note, Outward
from bot.conversation.case_record import Place, Typed
from bot.conversation.clean_text import cleaned
from bot.conversation.events import EditedTicket, Provided, Said
from bot.desk.deliveries import Act, Due, Handle, Intent, Look, Mention, Rewrite, Start, Write


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
