"""Commands that a person can type in the DM. Anything else is an answer or a problem."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from bot.conversation.answer_tokens import token_of
from bot.conversation.case import Case
from bot.conversation.events import AskedForPerson, AskedWhy, Event, PastedKey, Said, StartedOver, WentBack
from bot.conversation.typed_answers import as_command
from bot.reading.intents import Intent
from bot.reading.interruptions import asks_for_person, wants_back, wants_question_again
from bot.reading.lexicon import lexicon
from bot.reading.sentences import Read, read
from bot.reading.thanks import is_thanks
from policy import Policy
from policy.vocabulary import Means

COMMANDS: Final[dict[str, Event]] = {
    "back": WentBack(),
    "go back": WentBack(),
    "why": AskedWhy(),
    "why do you ask": AskedWhy(),
    "start over": StartedOver(),
    "restart": StartedOver(),
    "agent": AskedForPerson(),
    "person": AskedForPerson(),
    "human": AskedForPerson(),
    "hand to an agent": AskedForPerson(),
}
NOT_ISSUED: Final = token_of(value=False)
HELP: Final = frozenset({"help", "help me", "commands"})
CASES: Final = frozenset(
    {"cases", "my cases", "list", "list cases", "list my cases", "show cases", "show my cases", "status"}
)
NEW: Final = frozenset({"new", "start", "new case"})
CASE: Final = re.compile(r"c ?-? ?([0-9]{1,12})")


def command_of(text: str, *, with_agents: bool = False) -> Event | None:
    """Return the command in a text, None if it is none. There are many ways to ask for a person.

    To agents who have the case already, these are words like any other.
    """
    said = as_command(text)
    if said in COMMANDS:
        return COMMANDS[said]
    return AskedForPerson() if not with_agents and asks_for_person(text) else None


def opening_words(text: str, message: str, at: str = "") -> Said | None:
    """Return the words with which a text opens a case, None if it is only a command to open one."""
    is_command = as_command(text) in NEW or command_of(text) is not None
    return None if is_command else Said(text, message, at)


def is_only_thanks(policy: Policy, text: str) -> bool:
    """Tell whether a text is only thanks or the like, which change nothing."""
    return is_thanks(text, lexicon(policy, None).names.pieces)


def tells_of_leak(policy: Policy, text: str, today: date, case: Case | None) -> bool:
    """Tell whether a text reports a leaked private key, unless its certificate was never issued."""
    return says_leaked(policy, read(policy, text, today, case.program if case else None), case)


def says_leaked(policy: Policy, meant: Read, case: Case | None) -> bool:
    """Tell whether a reading reports a leaked private key of a certificate that may have been issued."""
    if meant.intent is not Intent.KEY_COMPROMISE:
        return False
    specs = policy.facts(case.program if case else None)
    for fact in (fact for fact, spec in specs.items() if spec.means is Means.ISSUED):
        answered = case.interview.token(fact) if case else None
        if meant.facts.get(fact) is False or answered == NOT_ISSUED:
            return False
    return True


def event_of(text: str | None, message: str, at: str, *, with_agents: bool = False) -> Event:
    """Return what a text in the DM means while a question is open; None stands for a private key."""
    if text is None:
        return PastedKey(message)
    command = command_of(text, with_agents=with_agents)
    if command is None and not with_agents:
        command = _about_question(text)
    return command or Said(text, message, at)


def _about_question(text: str) -> Event | None:
    """Return what a text means that does not answer the open question but is about it."""
    if wants_question_again(text):
        return AskedWhy()
    return WentBack() if wants_back(text) else None
