"""What a text gives to an interview."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.conversation.interview import Lead
from bot.conversation.problems import Problem
from bot.conversation.screens import OneOrder
from bot.reading.pasted_certificates import Note
from bot.reading.sentences import Words
from policy.facts import Detail, Fact


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text gives: certain answers and details, days that it leaves open, a bare order number.

    `problem` is what is wrong with it as the answer to the question, None if it is one. `orders` are the
    names of several different orders, `each` is what it says about each. `found` are the words for all this.
    `pasted`: it contains a certificate, and `notes` are to be said about it.
    """

    tokens: Mapping[Fact, str] = field(default_factory=dict)
    details: Mapping[Detail, str] = field(default_factory=dict)
    leads: tuple[Lead, ...] = ()
    offered: Mapping[Detail, str] = field(default_factory=dict)
    problem: Problem | None = None
    orders: tuple[str, ...] = ()
    each: tuple[OneOrder, ...] = ()
    found: tuple[Words, ...] = ()
    pasted: bool = False
    notes: tuple[Note, ...] = ()
