"""Read a text as the answer to the one question that was asked: a bare date, choice, number or host."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from bot.reading.clauses import Clause, Text
from bot.reading.date_expression import DateExpression
from bot.reading.host_names import host_name
from bot.reading.languages import words
from bot.reading.mentions import Force, Mention
from bot.reading.tokens import Kind, folded
from policy.facts import Value
from policy.vocabulary import DetailKind, DetailSpec, FactKind, FactSpec, token_of_choice

SHORTEST_ORDER_NUMBER = 4  # digits
_KINDS: Mapping[DetailKind, Kind] = {
    DetailKind.HOST: Kind.HOST,
    DetailKind.EMAIL: Kind.EMAIL,
    DetailKind.DIGITS: Kind.NUMBER,
}


def fact_answers(
    text: Text,
    spec: FactSpec,
    days: Sequence[DateExpression],
    other_dates: Collection[int],
    said: Sequence[Mention],
) -> Iterator[Mention]:
    """Yield what answers the question about a fact.

    `other_dates` are the tokens where dates of other events begin; `said` is what the text states by itself.
    """
    if any(mention.fact == spec.id and mention.force is not Force.DENIED for mention in said):
        return
    if spec.kind is FactKind.DAY:
        for day in days:
            if day.start not in other_dates:
                exact = day.exact and not text.clause(day.start).has("hedge")
                yield Mention(spec.id, day.start, day.end, Force.STATED, days=day.days, exact=exact)
        return
    yield from _choices(text, spec)


def detail_answers(text: Text, spec: DetailSpec, said: Sequence[Mention]) -> Iterator[Mention]:
    """Yield what answers the question about a detail: every token of its kind, unless the text names it."""
    kind = _KINDS.get(spec.kind)
    if kind is None or any(mention.fact == spec.id for mention in said):
        return
    for at, token in enumerate(text.tokens):
        if token.kind is not kind and not (kind is Kind.NUMBER and token.kind is Kind.DAY):
            continue
        value = host_name(token.norm) if kind is Kind.HOST else token.norm
        if kind is Kind.NUMBER and not (token.norm.isdecimal() and len(token.norm) >= SHORTEST_ORDER_NUMBER):
            continue
        if value is not None:
            yield Mention(spec.id, at, at + 1, Force.STATED, value=value)


def _choices(text: Text, spec: FactSpec) -> Iterator[Mention]:
    """Yield the choices that make up a whole clause, or a yes or no where the fact is true or false."""
    spoken = _spoken(spec)
    for clause in text.clauses:
        pieces = [at for at in range(clause.start, clause.end) if text.tokens[at].kind is not Kind.MARK]
        said = " ".join(text.tokens[at].norm for at in pieces)
        while said not in spoken and len(pieces) > 1 and text.tokens[pieces[0]].norm in words("leading"):
            pieces = pieces[1:]
            said = " ".join(text.tokens[at].norm for at in pieces)
        if said in spoken:
            yield Mention(spec.id, pieces[0], pieces[-1] + 1, Force.STATED, value=spoken[said])
        elif set(spec.choices) == {True, False} and (yes := _yes(text, clause)) is not None:
            yield Mention(spec.id, clause.start, clause.start + 1, Force.STATED, value=yes)


def _spoken(spec: FactSpec) -> dict[str, Value]:
    by_token = {token_of_choice(choice): choice for choice in spec.choices}
    ids = {token.replace("_", " "): choice for token, choice in by_token.items()}
    return ids | {folded(word): by_token[token] for word, token in spec.spoken().items()}


def _yes(text: Text, clause: Clause) -> bool | None:
    said = [token.norm for token in text.tokens[clause.start : clause.end] if token.kind is Kind.WORD]
    whole = " ".join(said)
    if not said:
        return None
    if whole.startswith(tuple(words("undecided"))):
        return None
    if said[0] in words("yes") or whole in words("yes"):
        return True
    return False if said[0] in words("no") or whole in words("no") else None
