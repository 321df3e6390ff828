"""Find the details of an order (host names, numbers, email addresses, usernames) by the words near them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from bot.reading.clauses import Text
from bot.reading.host_names import host_name
from bot.reading.languages import hosts, words
from bot.reading.lexicon import Tag
from bot.reading.mentions import Force, Mention
from bot.reading.phrases import Hit
from bot.reading.scope import Scope
from bot.reading.tokens import Kind, Token
from policy.facts import Detail
from policy.vocabulary import DetailKind, DetailSpec

NEAR: Final = 8  # tokens between a detail and the words that name it
PAIR: Final = 2
LONGEST_NAME: Final = 64
_CONTINUING: Final = (":", "(", ")", "-", "=", ",", "\n")
_DIGITS: Final = re.compile(r"[0-9]{1,20}")
_NAME: Final = re.compile(r"[^\s<>\"'`|,;:()=]{1,64}")


class Details:
    """Finds the details that a text states; `called` are the matches of the words that name them."""

    def __init__(self, raw: str, text: Text, scope: Scope, called: Sequence[Hit[Tag]]) -> None:
        self.raw = raw
        self.text = text
        self.scope = scope
        self.called = called
        self._called_at = {at for hit in called for at in range(hit.start, hit.end)}

    def find(self, specs: Sequence[DetailSpec]) -> Iterator[Mention]:
        """Yield each mention of a detail."""
        for spec in specs:
            hits = [hit for hit in self.called if hit.tag.name == spec.id]
            match spec.kind:
                case DetailKind.HOST:
                    yield from self._hosts(spec.id, hits)
                case DetailKind.DIGITS:
                    yield from self._numbers(spec.id, hits)
                case DetailKind.EMAIL:
                    yield from self._addresses(spec.id, hits)
                case DetailKind.NAME:
                    yield from self._names(spec.id, hits)
                case DetailKind.TEXT:
                    pass

    # --- Hosts ---

    def _hosts(self, detail: Detail, hits: Sequence[Hit[Tag]]) -> Iterator[Mention]:
        found = [
            (at, name)
            for at, token in enumerate(self.text.tokens)
            if token.kind is Kind.HOST and at not in self.scope.names and (name := host_name(token.norm))
            if not _of_slack(name)
        ]
        called = {at for at, _ in found if self._is_called(at, hits)}
        for at, name in found:
            if called and at not in called and not self._is_correction(max(called), at):
                continue
            force = self._force(at)
            if force is Force.STATED and at not in called and self._is_other_host(at):
                force = Force.PASSED_OVER
            yield Mention(detail, at, at + 1, force, self.text.clause(at).quoted, name)

    def _is_correction(self, first: int, at: int) -> bool:
        """Return whether a token corrects what was said before: *edit: I meant b.example*."""
        corrections = self.scope.hits("correction")
        return any(first < hit.start < at and at - hit.end <= PAIR for hit in corrections)

    def _is_called(self, at: int, hits: Sequence[Hit[Tag]]) -> bool:
        clause = self.text.clause(at)
        return any(hit.end <= at and at - hit.end <= NEAR and self._together(hit, at) for hit in hits) or any(
            hit.start == at + 1 and hit.start < clause.end for hit in hits
        )

    def _is_other_host(self, at: int) -> bool:
        clause = self.text.clause(at)
        return any(self.text.tokens[each].norm in words("not_the_host") for each in range(clause.start, at))

    # --- Numbers ---

    def _numbers(self, detail: Detail, hits: Sequence[Hit[Tag]]) -> Iterator[Mention]:
        for hit in hits:
            yield from self._after(detail, hit, self._digits_at)

    def _digits_at(self, at: int) -> tuple[str, int] | None:
        token = self.text.tokens[at]
        if token.kind not in (Kind.NUMBER, Kind.DAY) or not _DIGITS.fullmatch(token.norm):
            return None
        following = self.text.tokens[at + 1] if at + 1 < len(self.text.tokens) else None
        if following is not None and not following.spaced and following.kind in (Kind.WORD, Kind.NUMBER):
            return None
        if following is not None and following.kind is Kind.NUMBER and len(following.norm) > 2:  # noqa: PLR2004
            return None  # a number in groups, or two numbers
        return (token.norm, at + 1) if len(token.norm) > 3 else None  # noqa: PLR2004

    # --- Addresses ---

    def _addresses(self, detail: Detail, hits: Sequence[Hit[Tag]]) -> Iterator[Mention]:
        for hit in hits:
            yield from self._after(detail, hit, self._address_at)
            yield from self._before(detail, hit)

    def _address_at(self, at: int) -> tuple[str, int] | None:
        token = self.text.tokens[at]
        return (token.norm, at + 1) if token.kind is Kind.EMAIL else None

    def _before(self, detail: Detail, hit: Hit[Tag]) -> Iterator[Mention]:
        """Read *jo@example.com is the technical contact*."""
        clause = self.text.clause(hit.start)
        ahead = any(self._address_at(at) for at in range(hit.end, min(hit.end + NEAR, clause.end)))
        for at in range(hit.start - 1, max(clause.start, hit.start - NEAR) - 1, -1):
            token = self.text.tokens[at]
            if token.kind is Kind.EMAIL and not ahead:
                yield Mention(detail, at, at + 1, self._force(at), clause.quoted, token.norm)
                return
            if token.norm not in words("leading") | words("be") | words("asked_of"):
                return

    # --- Names ---

    def _names(self, detail: Detail, hits: Sequence[Hit[Tag]]) -> Iterator[Mention]:
        for hit in hits:
            yield from self._after(detail, hit, self._name_at, near=5)

    def _name_at(self, at: int) -> tuple[str, int] | None:
        """Return the name that begins at a token, in lower case, and where it ends, or None."""
        token = self.text.tokens[at]
        if token.kind not in (Kind.WORD, Kind.NUMBER, Kind.HOST) or at in self._called_at:
            return None
        found = _NAME.match(self.raw, token.start)
        if found is None:
            return None
        name = found[0].rstrip(".!?*_~")
        end = at + 1
        while end < len(self.text.tokens) and self.text.tokens[end].start < token.start + len(name):
            end += 1
        if len(name) < 2 or len(name) > LONGEST_NAME or name.isdigit():  # noqa: PLR2004
            return None
        return name.lower(), end

    def alone(self, detail: Detail) -> Iterator[Mention]:
        """Yield a name that is a clause by itself: *rosa*, *it's rosa-hosting*, but not *that's unfair*."""
        for clause in self.text.clauses:
            at, said = clause.start, [self.text.tokens[each].norm for each in range(clause.start, clause.end)]
            while at < clause.end and self.text.tokens[at].norm in words("leading") | words("be"):
                at += 1
            is_said = at == clause.start or words("be").intersection(said[: at - clause.start])
            found = self._name_at(at) if at < clause.end and is_said else None
            if found is not None and found[0] in words("interjections") | words("openers"):
                continue  # *no, it was GeoTrust*
            if found is not None and found[1] == clause.end and (at == clause.start or _is_made_up(found[0])):
                yield Mention(detail, at, found[1], Force.STATED, clause.quoted, found[0])

    # --- Values after the words that name them ---

    def _after(
        self, detail: Detail, hit: Hit[Tag], read: Callable[[int], tuple[str, int] | None], near: int = NEAR
    ) -> Iterator[Mention]:
        """Yield the value that follows the words for a detail, or each of several alternatives."""
        clause = self.text.clause(hit.start)
        at, passed = hit.end, 0
        found: list[tuple[str, int, int]] = []
        last = clause.end
        while at < len(self.text.tokens) and passed <= near:
            if at >= last:
                follows = self.text.clauses[clause.number + 1 : clause.number + 2]
                if not follows or found or clause.closed not in _CONTINUING:
                    break
                clause = follows[0]
                at, last = clause.start, clause.end
                continue
            token = self.text.tokens[at]
            value = None if token.kind is Kind.MARK else read(at)
            if value is not None and (read != self._name_at or self._is_name(hit, at, value[0])):
                found.append((value[0], at, value[1]))
                at = value[1]
                if (
                    at < last
                    and self.text.tokens[at].norm in words("or") | words("and")
                    and read != self._name_at
                ):
                    at += 1
                    continue
                break
            named = at in self.scope.names and self._value_follows(at + 1)
            if found or (token.kind is not Kind.MARK and not named and token.norm not in words("filling")):
                break
            passed += token.kind is not Kind.MARK
            at += 1
        if found and read == self._digits_at:
            ahead = range(at, min(at + NEAR, len(self.text.tokens)))
            right = next((each for each in ahead if self._digits_at(each)), None)
            if right is not None and self._is_correction(at - 1, right) and (said := self._digits_at(right)):
                found.append((said[0], right, said[1]))
        for value_, start, end in found:
            yield Mention(detail, start, end, self._force(hit.start), self.text.clause(start).quoted, value_)

    def _value_follows(self, at: int) -> bool:
        """Return whether the value comes next, as after *our username at OpenSRS is*."""
        return at < len(self.text.tokens) and self.text.tokens[at].norm in words("tells")

    def _is_name(self, hit: Hit[Tag], at: int, name: str) -> bool:
        """Return whether a word is a name rather than part of the sentence."""
        if name in words("filling") | words("asked_of") | words("or") or name in words("not_a_name"):
            return False
        if at in self.scope.names and self.text.of[at] != self.text.of[hit.start]:
            return False  # *our reseller account, it's a PositiveSSL*
        between = [self.text.tokens[each].norm for each in range(hit.end, at)]
        marked = any(norm in words("naming") or norm in (":", "=", "#", '"', "'") for norm in between)
        start = self.text.tokens[at].start
        coded = start > 0 and self.raw[start - 1] in "`*_\"'"
        odd = any(not each.isalpha() for each in name)
        labeled = (
            self.text.clause(hit.start).closed in (":", "(") and self.text.of[at] != self.text.of[hit.start]
        )
        last = at + 1 == self.text.clause(at).end
        return marked or coded or odd or labeled or (not between and last and at in self.scope.strange)

    def _together(self, hit: Hit[Tag], at: int) -> bool:
        """Return whether a host is in the same clause as the words, or in the clause that they introduce."""
        first, second = self.text.of[hit.start], self.text.of[at]
        if first == second:
            return not any(
                self.text.tokens[each].kind is Kind.EMAIL for each in range(hit.end, at)
            ) and not self._other_noun(hit, at)
        label = self.text.clauses[first].closed in (":", "(", ",", "-", "\n")
        return second == first + 1 and label and self.text.clauses[first].end - hit.end <= 2  # noqa: PLR2004

    def _other_noun(self, hit: Hit[Tag], at: int) -> bool:
        return any(self.text.tokens[each].norm in words("not_the_host") for each in range(hit.end, at))

    def _force(self, at: int) -> Force:
        clause = self.text.clause(at)
        if self.scope.negation(at, words("name_fillers")) is not None:
            return Force.DENIED
        if any(not hit.tag.startswith("x") for hit in clause.marks.get("hedge", ())) and clause.has("hedge"):
            return Force.DOUBTED
        return Force.STATED


def _is_made_up(name: str) -> bool:
    """Return whether a name is not an ordinary word: it has a digit, a hyphen or the like."""
    return not name.isalpha()


def _of_slack(host: str) -> bool:
    return any(host == own or host.endswith(f".{own}") for own in hosts()["slack"])


def is_host(token: Token, *, linked: bool, known: frozenset[str]) -> bool:
    """Return whether a token that looks like a host is one, not a file or two unspaced sentences."""
    labels = token.norm.split(".")
    ending = labels[-1]
    if linked:
        return True
    if ending in hosts()["files"] and ending != "zip":
        return False
    country = len(ending) == PAIR
    if not country and ending not in hosts()["endings"] and not ending.startswith("xn--"):
        return False
    return not (
        len(labels) == PAIR
        and ending in hosts()["words"]
        and (labels[0] in known or ending in ("is", "it", "in", "the"))
    )
