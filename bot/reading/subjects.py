"""Decide whether a state or event is of the certificate or order, or of something else.

A word in the position of a noun that no table lists as a word for certificates or orders is something else.
"""

from __future__ import annotations

from bot.reading.clauses import Clause
from bot.reading.date_words import date_words
from bot.reading.grammar_matches import FAR, NEAR, GrammarMatches
from bot.reading.languages import words
from bot.reading.tokens import Kind

# Words that are not nouns, or stand for an order.
_NOT_OTHER_NOUNS = (
    "subjects", "it", "own_voice", "new_subject", "relative", "and", "or", "contrast", "prepositions",
    "adverbs", "yes", "no", "cites", "finite", "be", "openers", "subordinators", "definite", "indefinite",
    "counts", "no_subjects",
)  # fmt: skip
_OTHER_NOUNS = ("no_certificate", "other_subject", "other_goods", "other_certificate")
_CLITIC = "'"
_OWNING = "'s"


class Subjects:
    """Finds what the states and events of a text belong to."""

    def __init__(self, grammar: GrammarMatches) -> None:
        self.grammar, self.text = grammar, grammar.text

    def are_other(self, clause: Clause, start: int, end: int) -> bool:
        """Return whether a state is of something else, by its subject, its object or the noun after it."""
        if self._order_object(clause, end):
            return False  # *the customer was issued a Sectigo certificate*
        return (
            self._other_subject(clause, start)
            or self._other_object(clause, start, end)
            or self._before_other_noun(clause, start, end)
        )

    def of_a_kind(self, clause: Clause, start: int, end: int) -> bool:
        """Return whether a state defines a kind of order: *all pending orders*, *everything issued*."""
        said = self.text.tokens
        if any(said[at].norm in words("whatever") for at in range(clause.start, start)):
            return True
        before = said[start - 1].norm if start > clause.start else ""
        at = end
        while at < clause.end and at in self.grammar.names:
            at += 1
        plural = at < clause.end and said[at].norm in words("plurals")
        if plural and before in words("any_of") | words("prepositions"):
            return True
        opening = self.grammar.opening(clause)
        which = said[opening].norm in words("which_of") and opening + 1 < clause.end
        asked = which and said[opening + 1].norm in words("plurals") | words("many_of")
        return asked or (before in words("plurals") and self._is_any(clause, start - 1))

    def _is_any(self, clause: Clause, at: int) -> bool:
        return at > clause.start and self.text.tokens[at - 1].norm in words("any_of")

    # --- Before it ---

    def _other_subject(self, clause: Clause, start: int) -> bool:
        """Return whether the subject cannot be a certificate: *the handbook is installed*."""
        said, at = self.text.tokens, start - 1
        passive = said[start].norm in words("state_verbs") | words("moves_itself")
        while at >= clause.start and (self._leads_to_state(at) or self.grammar.negates(at)):
            passive = passive or said[at].norm in words("state_verbs")
            at -= 1
        if at < clause.start or said[start].kind is Kind.MARK:
            return False
        before = said[clause.start - 1].norm if clause.start else ""
        if self._is_relative(clause) and before in words("whatever") | words("whole"):
            return True  # *everything that is pending*
        if said[at].norm in words("pronouns") or (at == clause.start and said[at].norm in words("relative")):
            antecedent = self._antecedent(clause, at)
            return antecedent is not None and self._is_other(*antecedent)
        if self._is_relative(clause):
            antecedent = self._antecedent(clause, clause.start)
            return antecedent is not None and self._is_other(*antecedent)
        return self._is_other(clause, self._head(clause, at) if passive else at, passive=passive)

    def _is_relative(self, clause: Clause) -> bool:
        """Return whether a clause is a relative clause; in German, by its verb at the end."""
        first, last = self.text.tokens[clause.start].norm, self.text.tokens[clause.end - 1].norm
        if first in words("relative_articles"):
            return clause.opened == "," and last in words("state_verbs")
        return first in words("relative_things") and clause.opened in (first, ",")

    def _is_other(self, clause: Clause, at: int, *, passive: bool = True) -> bool:
        said = self.text.tokens
        if at > clause.start and said[at].kind is Kind.NUMBER and at - 1 in self.grammar.strange:
            at -= 1  # *port 443*
        if at >= clause.start and self._is_again(clause, at):
            return True
        if at < clause.start or self._may_be_order(at) or self.grammar.negates(at):
            return False
        if _CLITIC in said[at].norm or (at > clause.start and said[at - 1].norm in words("it_has")):
            return False  # *n'est*; *its*, written for *it's*
        if any(self.grammar.within(table, at) for table in _OTHER_NOUNS):
            return True
        if at in self.grammar.strange and passive and at > clause.start and not said[at].norm.endswith("ly"):
            return True
        return self._is_noun(clause, at, passive=passive)

    def _is_again(self, clause: Clause, at: int) -> bool:
        """Return whether a certificate is a reissued one, whose date is not the order's."""
        again = words("again") & {
            self.text.tokens[each].norm for each in range(max(clause.start, at - 2), at)
        }
        return bool(again) and self._is_order_noun(at)

    def _antecedent(self, clause: Clause, at: int) -> tuple[Clause, int] | None:
        """Return the noun that a pronoun stands for, and its clause, if it is not the order's, else None."""
        if clause.number == 0:
            return None
        before = self.text.clauses[clause.number - 1]
        if self.text.tokens[at].norm in words("relative"):
            noun = self._head(before, before.end - 1)
            ordered = self._may_be_order(before.end - 1) or self._may_be_order(noun)
            return None if before.sentence != clause.sentence or ordered else (before, noun)
        free = [each for each in range(before.start, before.end) if not self.grammar.is_object(before, each)]
        if any(each in self.grammar.names or self._is_order_noun(each) for each in free):
            return None
        noun_ = next((each for each in free if self._is_other_thing(before, each)), None)
        return None if noun_ is None else (before, noun_)

    def _is_other_thing(self, clause: Clause, at: int) -> bool:
        """Return whether a noun is another thing that its clause begins with, or that somebody bought."""
        known = any(self.grammar.begins(table, at) for table in _OTHER_NOUNS)
        if known and self.text.tokens[at].norm in words("checking") | words("never_issued"):
            return False
        return (known and self._is_first(clause, at)) or (
            (known or at in self.grammar.strange) and self._is_bought(clause, at)
        )

    def _is_first(self, clause: Clause, at: int) -> bool:
        said, verbs = self.text.tokens, words("finite") | words("own_voice") | words("prepositions")
        if any(said[each].norm in verbs for each in range(clause.start, at)):
            return False
        after = range(at, clause.end)
        return any(said[each].norm in words("finite") and said[each].norm != _OWNING for each in after)

    def _is_bought(self, clause: Clause, at: int) -> bool:
        """Return whether a noun is something somebody bought: *got a router*."""
        while at > clause.start and self.text.tokens[at - 1].norm in words("leading") | words("adjectives"):
            at -= 1
        return self.grammar.ends("bought", at)

    def _leads_to_state(self, at: int) -> bool:
        norm = self.text.tokens[at].norm
        return norm in words("adverbs") | words("state_verbs") and norm not in words("it")

    def _head(self, clause: Clause, at: int) -> int:
        """Return the head noun of the phrase that ends at a token: *cert* in *the cert for our shop*."""
        said = self.text.tokens
        for leading in range(at - 1, max(clause.start, at - FAR), -1):
            if said[leading].norm in words("prepositions"):
                return self._head(clause, leading - 1)
            if said[leading].norm not in words("leading") and leading not in self.grammar.strange:
                break
        return at

    def _is_order_noun(self, at: int) -> bool:
        other = self.grammar.within("other_certificate", at)
        return self.grammar.begins("order_noun", at) and not other

    def _may_be_order(self, at: int) -> bool:
        """Return whether a token can stand for the order or certificate."""
        token = self.text.tokens[at]
        if token.kind is not Kind.WORD or at in self.grammar.names:
            return True
        if self.grammar.begins("the_order", at) or self.grammar.begins("order_noun", at):
            return not self.grammar.within("other_certificate", at)
        return token.norm in date_words().of_times or any(
            token.norm in words(table) for table in _NOT_OTHER_NOUNS
        )

    def _is_noun(self, clause: Clause, at: int, *, passive: bool) -> bool:
        """Return whether a word is in the position of a noun: after an article, or alone before a verb."""
        first, said, articles = at, self.text.tokens, words("determiners") | words("definite")
        articles |= words("indefinite") | words("possessive")
        while first > clause.start and first > at - NEAR:
            before = said[first - 1]
            if before.norm in articles:
                return True
            if self._may_be_order(first - 1):
                return False  # *the certificate itself was issued*
            first -= 1
        return first == clause.start and (passive or (first == at and self._is_event(at)))

    def _is_event(self, at: int) -> bool:
        """Return whether a word that begins a clause is its subject: *checkout completed*."""
        word = self.text.tokens[at].norm
        if word.endswith(("ly", "ing")) or word in words("checking"):
            return False
        return at in self.grammar.strange or self.grammar.begins("other_day", at)

    # --- After it ---

    def _other_object(self, clause: Clause, start: int, end: int) -> bool:
        """Return whether the object is something else: *completed the repair*."""
        said, at = self.text.tokens, end
        if start > clause.start and said[start - 1].norm in words("state_verbs"):
            return False
        if end - start > 1 and said[end - 1].norm in words("prepositions") | words("since"):
            return False  # *live on the server*
        while at < clause.end and said[at].norm in words("given_to"):
            at += 1
        if at >= clause.end:
            return False
        if said[at].norm not in words("definite") | words("indefinite") | words("quantifiers"):
            acts = start == clause.start or said[start - 1].norm in words("actors")
            ends = at + 1 >= clause.end or said[at + 1].norm in words("prepositions") | words("and")
            return acts and ends and at in self.grammar.strange and not said[at].norm.endswith("ly")
        at += 1
        while at + 1 < clause.end and said[at].norm in words("adjectives"):
            at += 1
        return at < clause.end and not self._may_be_order(at) and said[at].norm not in words("times_of_day")

    def _order_object(self, clause: Clause, end: int) -> bool:
        """Return whether the object is a certificate: *was issued a Sectigo certificate*."""
        if end >= clause.end or self.text.tokens[end].norm not in words("definite") | words("indefinite"):
            return False
        near = range(end + 1, min(end + NEAR, clause.end))
        return any(at in self.grammar.names or self._is_order_noun(at) for at in near)

    def _before_other_noun(self, clause: Clause, start: int, end: int) -> bool:
        """Return whether a state describes the noun after it, or people: *the live stream*, *we live in*."""
        said = self.text.tokens
        persons = words("own_voice") | words("actors")
        if said[start].norm in words("dwelling") and start > clause.start and said[start - 1].norm in persons:
            return True  # *we live in Berlin*
        if end < clause.end and said[end - 1].norm in words("efforts"):
            ours = any(self.grammar.begins("the_order", at) for at in range(clause.start, end))
            return self.text.tokens[end].norm in words("on") and not ours  # *we are working on it*
        if end >= clause.end or start == clause.start or end not in self.grammar.strange:
            return False
        if self.text.tokens[start - 1].norm not in words("determiners"):
            return False
        return not self.text.tokens[end].norm.endswith("ly")
