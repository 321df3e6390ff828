"""Find the names of programs, sellers and products in a text: where an order was placed, and for what."""

from __future__ import annotations

from collections.abc import Iterator

from bot.reading.clauses import Clause
from bot.reading.languages import words
from bot.reading.lexicon import Mark
from bot.reading.mentions import Force, Mention
from bot.reading.product_names import NameMatch
from bot.reading.statement_context import StatementContext
from bot.reading.tokens import Kind
from policy.facts import OTHER, PROGRAM, Value


class NameStatements:
    """Finds the programs, sellers and products that a text names, each with its force."""

    def __init__(self, context: StatementContext) -> None:
        self.context = context
        self.text, self.scope = context.text, context.scope

    def programs(self) -> Iterator[Mention]:
        """Yield each place where the order may have been placed."""
        this_order = any(self.text.clause(found.start).has("this_order") for found in self.named_programs())
        for found in self.context.found:
            programs = {dict(name.facts)[PROGRAM] for name in found.names if name.get(PROGRAM) is not None}
            if not programs:
                continue
            force = self._place_force(
                found, sure=OTHER not in programs, brand=len(programs) < len(found.names)
            )
            clause = self.text.clause(found.start)
            weak = (clause.has("accounts") and not clause.has("bought")) or (
                this_order and not clause.has("this_order")
            )
            yield Mention(
                PROGRAM, found.start, found.end, force, clause.quoted, next(iter(programs)), weak=weak
            )
        yield from self._unknown_places()

    def named_programs(self) -> Iterator[NameMatch]:
        """Yield the names of places that are stated as such."""
        for found in self.context.found:
            named = any(name.get(PROGRAM) is not None for name in found.names)
            if named and self._place_force(found, sure=True, brand=False) is Force.STATED:
                yield found

    def _place_force(self, found: NameMatch, *, sure: bool, brand: bool) -> Force:
        """Return the force of a place of purchase; unless `sure`, words must say that it is one."""
        force = self.scope.of_name(found.start, found.end)
        clause = self.text.clause(found.start)
        own = force is Force.PASSED_OVER and self.scope.begins("own_business", found.end)
        if own and (clause.has("bought") or self.text.tokens[clause.start].norm in words("greets")):
            force = Force.STATED  # bought on its website, or a letter to its support
        if force in (Force.DOUBTED, Force.ASKED) and self._has_role(clause):
            force = Force.STATED  # the role is in doubt, not the place
        moved = clause.has("move") and not sure
        if self.scope.former(found.start, found.end) or moved or self._of_something_else(clause, found):
            return Force.PASSED_OVER
        if force is Force.STATED and not sure and not self._is_place(clause, found, brand=brand):
            return Force.PASSED_OVER
        return force

    def _of_something_else(self, clause: Clause, found: NameMatch) -> bool:
        """Return whether the seller is named for its domain business, an offer or a call, not the order."""
        if any(self.scope.begins(table, found.end) for table in ("would_do", "approaches")):
            return True
        if clause.has("order_noun", "bought") or self.scope.begins("own_place", found.end):
            return False
        return any(
            self.text.tokens[at].norm in words("domain_business") for at in range(clause.start, found.start)
        )

    def _has_role(self, clause: Clause) -> bool:
        return any(
            hit.tag.mark is Mark.CHOICE
            and self.text.of[hit.start] == clause.number
            and (spec := self.context.spec(hit.tag.name)) is not None
            and spec.means is None
            and not spec.where_asked
            for hit in self.context.hits
        )

    def _is_place(self, clause: Clause, found: NameMatch, *, brand: bool) -> bool:
        start = found.start
        while start > clause.start and self.text.tokens[start - 1].norm in words("leading"):
            start -= 1
        alone = found.end - found.start == clause.end - clause.start
        named = self.scope.ends("bought_at", start) or self.scope.begins("at_place", found.end)
        named = named or (clause.has("bought") and self.scope.ends("host_noun", found.start))
        elsewhere = clause.has("hosting") and not clause.has("bought")
        return (named and not elsewhere) or (alone and not brand)

    def _unknown_places(self) -> Iterator[Mention]:
        """Yield sellers that no file lists: *bought it from Strato*."""
        taken = {at for found in self.context.found for at in range(found.start, found.end)}
        for hit in self.scope.hits("bought_from"):
            at = hit.end
            while at < len(self.text.tokens) and self.text.tokens[at].norm in words("articles") | {",", "("}:
                at += 1
            end = at
            while end < len(self.text.tokens) and end - at < 3 and self._is_own_name(end, taken):  # noqa: PLR2004
                end += 1
            clause = self.text.clause(hit.start)
            if self.text.tokens[at - 1].norm in words("noun_articles") and end - at == 1:
                continue  # *bei der Konkurrenz*: a German noun, not a name
            if end > at and clause.has("bought") and self.text.of[at] - clause.number <= 1:
                force = self.scope.of_name(at, end)
                yield Mention(PROGRAM, at, end, force, self.text.clause(at).quoted, OTHER, weak=True)

    def _is_own_name(self, at: int, taken: set[int]) -> bool:
        token = self.text.tokens[at]
        if token.kind is Kind.NUMBER and not token.spaced:
            return True
        if token.kind is not Kind.WORD or at in taken or at in self.context.in_days:
            return False
        said = self.context.raw[token.start : token.end]
        return (
            said[:1].isupper()
            and len(said) > 2  # noqa: PLR2004
            and not self.context.raw.isupper()
            and token.norm not in self.context.lexicon.known | words("leading") | words("asked_of")
        ) or (not token.spaced and said.isalpha() and at > 0 and self.text.tokens[at - 1].kind is Kind.NUMBER)

    def products(self) -> Iterator[Mention]:
        """Yield the maker and level of each product; a name that two makers use leaves the maker open."""
        makers = self._makers()
        for found in self.context.found:
            names = [name for name in found.names if name.get(PROGRAM) is None]
            if len(names) < len(found.names) and (self._as_place(found) or self._is_hosting(found)):
                continue
            if not names or self.scope.begins("maker_role", found.end):
                continue
            force = self.scope.of_name(found.start, found.end)
            quoted = self.text.clause(found.start).quoted
            maker = self.context.lexicon.maker.id if self.context.lexicon.maker else None
            if len(names) > 1 and makers:
                fitting = [name for name in names if name.get(maker) in makers]
                names = fitting if len(fitting) == 1 else names
            facts = {fact for name in names for fact, _ in name.facts}
            for fact in facts:
                values = {value for name in names if (value := name.get(fact)) is not None}
                certain = len(values) == 1 and all(name.get(fact) is not None for name in names)
                if certain:
                    yield Mention(fact, found.start, found.end, force, quoted, next(iter(values)))
                elif fact == maker and force is not Force.DENIED:
                    doubted = Force.DOUBTED if force is Force.STATED else force
                    yield Mention(fact, found.start, found.end, doubted, quoted, alternatives=tuple(values))

    def _is_hosting(self, found: NameMatch) -> bool:
        clause = self.text.clause(found.start)
        return clause.has("hosting") and not clause.has("bought", "the_order")

    def _as_place(self, found: NameMatch) -> bool:
        clause = self.text.clause(found.start)
        return self._is_place(clause, found, brand=True)

    def _makers(self) -> set[Value]:
        """Return the makers that are named by themselves, not by a product."""
        maker = self.context.lexicon.maker.id if self.context.lexicon.maker else None
        level = self.context.lexicon.level.id if self.context.lexicon.level else None
        return {
            value
            for found in self.context.found
            for name in found.names
            if len(found.names) == 1 and name.get(level) is None and (value := name.get(maker)) is not None
            if self.scope.of_name(found.start, found.end) in (Force.STATED, Force.DOUBTED)
        }
