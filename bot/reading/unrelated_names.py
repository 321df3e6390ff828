"""Detect names that are not the order's maker or seller, but those of senders, offices, documents, events."""

from __future__ import annotations

from bot.reading.clauses import Clause
from bot.reading.date_words import date_words
from bot.reading.grammar_matches import GrammarMatches
from bot.reading.languages import words
from bot.reading.tokens import Kind

_POSSESSIVE = "'s"
# Tables whose words may follow a name without making it the name of something else.
_AFTER_NAMES = (
    "after_names", "prepositions", "finite", "be", "toward", "and", "or", "contrast", "adverbs", "after_day",
    "subordinators", "own_voice", "asked_of", "asked_after", "leading", "cites", "indefinite", "plurals",
)  # fmt: skip
# Tables whose words may come before a bare name of the order's maker or seller.
_BEFORE_NAMES = (
    "before_names", "leading", "prepositions", "toward", "be", "finite", "state_verbs", "and", "or",
    "contrast", "definite", "indefinite", "possessive", "counts", "adverbs", "cites", "says", "adjectives",
    "yes", "no",
    "openers", "relative", "articles", "subordinators", "own_voice", "from", "around_days", "it", "plurals",
    "papers", "naming", "name_like", "noes", "greets", "interjections", "quantifiers", "day_leads",
)  # fmt: skip
_ENDING_BEFORE_NAMES = (
    "bought", "order_noun", "the_order", "request", "refusal", "correction", "document", "move", "undoing",
    "former", "negator", "hedge", "own_place", "host_noun", "want", "at_place",
)  # fmt: skip
_AFTER_NOUNS = ("prepositions", "toward", "and")
_ADJECTIVES = ("ed", "al", "ous", "ful", "less")
_ENDINGS = ("ed", "ing", "ly")


class UnrelatedNames:
    """Finds names that a text uses for others: who wrote, who was asked, whose office it is."""

    def __init__(self, grammar: GrammarMatches) -> None:
        self.grammar, self.text = grammar, grammar.text

    def is_unrelated(self, clause: Clause, start: int, end: int) -> bool:
        """Return whether a name is a sender's, is who was asked, or modifies another noun."""
        return (
            self._sent(clause, start)
            or self._lends_its_name(clause, start, end)
            or self._is_object_of_another_verb(clause, start)
        )

    def _is_object_of_another_verb(self, clause: Clause, start: int) -> bool:
        """Return whether a bare name is the object of an unrelated verb: *everybody recommends Sectigo*."""
        while start > clause.start and start - 1 in self.grammar.names:
            start -= 1
        if start == clause.start:
            return False
        before = self.text.tokens[start - 1]
        if before.kind is not Kind.WORD or before.norm.endswith(_ADJECTIVES):
            return False
        if before.norm in date_words().of_times:
            return False
        licensed = any(before.norm in words(table) for table in _BEFORE_NAMES)
        return not licensed and not any(self.grammar.ends(table, start) for table in _ENDING_BEFORE_NAMES)

    def _sent(self, clause: Clause, start: int) -> bool:
        """Return whether a name is that of a sender or of who was asked: *a mail from DigiCert*."""
        at = self.grammar.leading_up_to(clause, start)
        return any(
            self.grammar.ends("message_from", each) for each in range(at, start + 1) if each > clause.start
        )

    def _lends_its_name(self, clause: Clause, start: int, end: int) -> bool:
        """Return whether the name modifies another noun: *the Thawte office*, *Sectigo's newsletter is*."""
        said = self.text.tokens
        while end < clause.end and end in self.grammar.names:
            end += 1
        owned = end < clause.end and said[end].norm == _POSSESSIVE
        noun = end + owned
        if noun >= clause.end or self._may_follow(noun):
            return False
        named = noun in self.grammar.capital and (
            noun in self.grammar.strange or said[noun].norm.endswith(_ENDINGS)
        )
        if owned or named:
            return True  # *Thawte Bakery*
        if clause.has("bought") and said[noun].norm in words("shops"):
            return False
        after = said[noun + 1].norm if noun + 1 < clause.end else ""
        acts = after in words("finite")
        ends = not after or acts or any(after in words(table) for table in _AFTER_NOUNS)
        ends = ends and after not in words("indefinite")
        return ends and (acts or self._determined(clause, start))

    def _determined(self, clause: Clause, start: int) -> bool:
        while start > clause.start and start - 1 in self.grammar.names:
            start -= 1
        before = self.text.tokens[start - 1].norm if start > clause.start else ""
        return before in words("determiners")

    def is_role_modifier(self, clause: Clause, end: int) -> bool:
        """Return whether a role modifies another noun: *reseller hosting*, *our partner application*."""
        return end < clause.end and self.text.tokens[end].norm in words("called_after_roles")

    def _may_follow(self, at: int) -> bool:
        token = self.text.tokens[at]
        if token.kind is not Kind.WORD:
            return True
        if token.norm.endswith(_ENDINGS) and at not in self.grammar.capital:
            return True
        if any(token.norm in words(table) for table in _AFTER_NAMES):
            return True
        return any(
            self.grammar.begins(table, at)
            for table in ("order_noun", "own_place", "at_place", "request", "undoing")
        )
