"""What a certificate answers: its maker, level and name, and that it was issued. Its first day is a hint.

It never tells the program or the supplier's order ID. Only the policies in it make its level certain.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from bot.conversation.answer_tokens import token_of
from bot.conversation.interview import Lead
from bot.conversation.readings import Reading
from bot.reading.host_names import ascii_host_name
from bot.reading.inspected_certificates import Inspected
from bot.reading.pasted_certificates import notes_of, pasted_in
from policy import Policy
from policy.facts import Detail, Fact, Value
from policy.vocabulary import DetailKind, FactKind, Means

_WWW: Final = "www."


def of_certificate(policy: Policy, told: Inspected, program: Value | None) -> Reading:
    """Return what a certificate answers by itself: nothing where it is for no host."""
    if told.is_for_no_host:
        return Reading(pasted=True, notes=notes_of(told, policy.vocabulary))
    tokens = {
        fact: token_of(policy.counts_as(fact, value, program) or value) for fact, value in told.facts.items()
    }
    leads: tuple[Lead, ...] = ()
    issued = policy.vocabulary.meaning(Means.ISSUED)
    if issued is not None and told.leaf is not None and not told.self_signed:
        tokens[issued.id] = token_of(value=True)
        leads = tuple(_hint(policy, issued.id, told))
    host, name = _host_detail(policy), _name_of(told)
    details = {host: name} if host is not None and name is not None else {}
    return Reading(tokens, details, leads, pasted=True, notes=notes_of(told, policy.vocabulary))


def pasted_answers(policy: Policy, text: str, today: date, program: Value | None) -> Reading:
    """Return what a certificate in a text answers; nothing where there is none."""
    pasted = pasted_in(text, policy.vocabulary, today)
    return of_certificate(policy, pasted.told, program) if pasted is not None else Reading()


def joined(policy: Policy, words: Reading, told: Inspected, program: Value | None) -> Reading:
    """Return what a text and the certificate beside it say together.

    If they contradict each other, nobody can tell which order is meant, and it is asked. The day that the
    writer names wins.
    """
    found = of_certificate(policy, told, program)
    differing = {fact for fact, token in found.tokens.items() if words.tokens.get(fact, token) != token}
    tokens = {**words.tokens, **found.tokens}
    spoken = {*words.tokens, *(lead.fact for lead in words.leads)}
    return replace(
        words,
        tokens={fact: token for fact, token in tokens.items() if fact not in differing},
        details={**found.details, **words.details},
        leads=(*words.leads, *(lead for lead in found.leads if lead.fact not in spoken)),
        pasted=True,
        notes=found.notes,
    )


def _hint(policy: Policy, issued: Fact, told: Inspected) -> list[Lead]:
    """Return a certificate's first day, for the fact that is the day of issue."""
    if told.not_before is None or told.begins_later:
        return []
    token = told.not_before.isoformat()
    return [
        Lead(fact, (token,), token, hint=True)
        for fact, spec in policy.vocabulary.facts.items()
        if spec.kind is FactKind.DAY and (issued, True) in spec.implies
    ]


def _host_detail(policy: Policy) -> Detail | None:
    """Return the detail that identifies an order by its host name."""
    specs = policy.vocabulary.details.items()
    return next((detail for detail, spec in specs if spec.kind is DetailKind.HOST and spec.identifies), None)


def _name_of(told: Inspected) -> str | None:
    """Return the name that a certificate is for: its common name, or the one that its names agree on."""
    if told.self_signed:
        return None
    names = {each.removeprefix(_WWW) for each in told.sans}
    name = told.name or (next(iter(names)) if len(names) == 1 else None)
    return ascii_host_name(name) if name is not None else None
