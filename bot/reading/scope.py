"""Tell with what force words are said: stated, denied, doubted, asked, or of something else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from bot.reading.clauses import Clause, Text
from bot.reading.languages import words
from bot.reading.mentions import Force
from bot.reading.phrases import Hit
from bot.reading.tokens import Kind

NEAR: Final = 4
FAR: Final = 7
_QUOTES: Final = ("-", '"', "'")
_SPEECH_MARKS: Final = ('"', "\u201c", "\u201d", "\u201e", "\u00ab", "\u00bb")


class Scope:
    """The grammar of a text.

    `names` are the tokens that belong to names of products or programs, `strange` words that no table knows.
    """

    def __init__(
        self, text: Text, hits: Sequence[Hit[str]], names: Collection[int], strange: Collection[int] = ()
    ) -> None:
        self.text = text
        self.names = names
        self._strange = strange
        self._hits: dict[str, list[Hit[str]]] = {}
        for hit in hits:
            self._hits.setdefault(hit.tag, []).append(hit)
        self._ends = {table: {hit.end: hit for hit in found} for table, found in self._hits.items()}
        self._starts = {table: {hit.start: hit for hit in found} for table, found in self._hits.items()}
        self._excused = {at for hit in self._hits.get("not_negator", ()) for at in range(hit.start, hit.end)}
        self._hearsay = self._regions()
        self._speech = self._spoken_by_others()

    # --- What is asked about words ---

    def of_name(self, start: int, end: int) -> Force:
        """Return the force of a name or level."""
        clause = self.text.clause(start)
        if self._elsewhere(clause, start, end):
            return Force.PASSED_OVER
        if self.negation(start, words("name_fillers")) is not None or self._denied_after(clause, end):
            return Force.DENIED
        if self._supposed(clause, start):
            return Force.PASSED_OVER
        if self._asked(clause, start, end, of_state=False):
            return Force.ASKED
        if self._doubted(clause, start, of_state=False):
            return Force.DOUBTED
        return Force.STATED

    def of_voice(self, start: int, end: int) -> Force:
        """Return the force of a phrase such as *we are a reseller*."""
        clause = self.text.clause(start)
        if start in self._speech:
            return Force.PASSED_OVER  # *he writes: "I am the owner"* tells who he is, not who writes
        inside = [at for at in range(start, end) if self._negator_at(at)]
        if inside or self.negation(start, words("name_fillers")) is not None:
            return Force.DENIED
        if self._supposed(clause, start):
            return Force.PASSED_OVER
        if self._former(start, end):
            return Force.DOUBTED
        if self._asked(clause, start, end, of_state=False) or self._inverted(clause, start, end):
            return Force.ASKED
        return Force.DOUBTED if self._doubted(clause, start, of_state=True) else Force.STATED

    def of_state(self, start: int, end: int) -> Force:
        """Return the force of a state or an event of the certificate."""
        clause = self.text.clause(start)
        if self.of_other_thing(clause, start, end):
            return Force.PASSED_OVER
        if self._before("should", start, 2):
            return Force.DOUBTED
        negation = self.negation(start, words("negation_fillers"))
        if self._before("planned", start, 1) or (negation is None and self._not_yet(clause, start)):
            return Force.PASSED_OVER
        if self._wanted(clause, start):
            return Force.PASSED_OVER
        if negation is not None or self._denied_after(clause, end):
            return Force.DOUBTED if self._doubted(clause, start, of_state=True) else Force.DENIED
        if self._asked(clause, start, end, of_state=True) or self._asked_when(clause, start):
            return Force.ASKED
        if self._supposed(clause, start):
            return Force.PASSED_OVER
        return Force.DOUBTED if self._doubted(clause, start, of_state=True) else Force.STATED

    def negation(self, start: int, fillers: Collection[str]) -> int | None:
        """Return the token of the word that denies what begins at `start`, None where none does."""
        first = self.text.clause(start).start
        at = start - 1
        while at >= first:
            token = self.text.tokens[at]
            if self._negator_at(at):
                return at
            if (hit := self._ends.get("negator", {}).get(at + 1)) and hit.start not in self._excused:
                return hit.start
            if token.kind is Kind.MARK or token.norm in fillers or at in self.names:
                at -= 1
                continue
            return None
        return None

    def hearsay(self, start: int) -> bool:
        """Say whether somebody else is said to say what stands at a token."""
        return start in self._hearsay

    def past(self, start: int) -> bool:
        """Say whether a state is one that was."""
        return self._before("past", start, 1)

    def former(self, start: int, end: int) -> bool:
        """Say whether words tell of what used to be."""
        return self._former(start, end)

    def hits(self, table: str) -> Sequence[Hit[str]]:
        """Return where the words of a table of the grammar stand."""
        return self._hits.get(table, [])

    def ends(self, table: str, at: int) -> bool:
        """Say whether a word of a table ends right before a token."""
        return at in self._ends.get(table, {})

    def within(self, table: str, at: int) -> bool:
        """Say whether a token is part of a word of a table."""
        return any(hit.start <= at < hit.end for hit in self.text.clause(at).marks.get(table, ()))

    def begins(self, table: str, at: int) -> bool:
        """Say whether a word of a table begins at a token."""
        return at in self._starts.get(table, {})

    # --- Negation ---

    def _negator_at(self, at: int) -> bool:
        hit = self._starts.get("negator", {}).get(at)
        return hit is not None and hit.end == at + 1 and at not in self._excused

    def _denied_after(self, clause: Clause, end: int) -> bool:
        """Find the denial that German puts after the word, as in *ausgestellt wurde noch nichts*."""
        for at in range(end, min(end + NEAR, clause.end)):
            hit = self._starts.get("right_negator", {}).get(at)
            if hit is not None and hit.end == clause.end:
                return True
        return False

    # --- Something else ---

    def _elsewhere(self, clause: Clause, start: int, end: int) -> bool:
        """Say whether a name is where somebody goes, what is wanted, or what is compared with."""
        return (
            self._destination(clause, start)
            or (self._compared(clause, start) and not self._in_panel(clause, start, end))
            or (self._wished(clause, start) and not self._request_after(clause, end))
            or self.begins("own_business", end)
            or any(self.begins("stays", at) for at in range(end, min(end + 2, clause.end)))
        )

    def _destination(self, clause: Clause, start: int) -> bool:
        if self._adjacent("destination", clause, start):
            return True
        at = self._over(clause, start)
        if at <= clause.start or self.text.tokens[at - 1].norm not in words("toward"):
            return False
        sentence = self.text.sentence(clause)
        moved = [
            hit for each in sentence if each.number <= clause.number for hit in each.marks.get("move", ())
        ]
        after = any(hit.start >= start for hit in clause.marks.get("move_after", ()))
        return after or any(0 <= at - hit.end <= FAR * 2 for hit in moved)

    def _compared(self, clause: Clause, start: int) -> bool:
        wishes = {at for hit in clause.marks.get("want", ()) for at in range(hit.start, hit.end)}
        found = [hit for hit in clause.marks.get("compare", ()) if hit.start not in wishes]
        if any(hit.end <= start <= hit.end + FAR for hit in found) or clause.has("comparing"):
            return True
        following = self._neighbor(clause, 1)
        habit = following is not None and following.opened in words("relative") and following.has("comparing")
        opening = self._opening(clause)
        precedent = start == opening and clause.has("back_then") and clause.has("deals")
        return habit or precedent or self.begins("back_then", opening)

    def _in_panel(self, clause: Clause, start: int, end: int) -> bool:
        """Say whether a name is whose panel something is in: *two instead of one in the OpenSRS panel*."""
        if not self.begins("own_place", end):
            return False
        first = max(clause.start, self._over(clause, start) - 1)
        leading = [at for at in range(first, start) if self.text.tokens[at].norm in words("prepositions")]
        return bool(leading) and not self.ends("compare", leading[-1])

    def _adjacent(self, table: str, clause: Clause, start: int) -> bool:
        """Say whether a word of a table stands before, with nothing but articles and names between."""
        at = self._over(clause, start)
        return any(
            self.ends(table, each) for each in range(at, start + 1) if each >= clause.start and each > 0
        ) and not (at == start and not self.ends(table, start))

    def _wished(self, clause: Clause, start: int) -> bool:
        """Say whether a name is what somebody wants, and not what they want no more."""
        if not self._adjacent("want", clause, start):
            return False
        found = [hit for hit in clause.marks.get("want", ()) if hit.end <= start]
        if not found:
            return False
        refused = any(
            hit.end <= found[-1].start + 1 and found[-1].start - hit.end <= 1
            for table in ("negator", "not_negator", "former", "refusal")
            for hit in clause.marks.get(table, ())
        )
        definite = any(self.text.tokens[at].norm in words("definite") for at in range(found[-1].end, start))
        return not (refused and definite)

    def _over(self, clause: Clause, start: int) -> int:
        """Return the first of the articles, adjectives and names that lead up to a token."""
        at = start
        while at > clause.start and start - at < FAR:
            before = self.text.tokens[at - 1]
            chained = before.norm in words("from") and at - 2 >= clause.start and (at - 2) in self.names
            if self._says_what_it_is(at - 1, clause):
                break
            if chained or before.norm in words("leading") or (at - 1) in self.names or before.norm in _QUOTES:
                at -= 1
            else:
                break
        return at

    def _says_what_it_is(self, at: int, clause: Clause) -> bool:
        """Say whether a token is the verb of *it's a …*, which begins something new."""
        said = self.text.tokens
        verb = said[at].norm in words("be") and at > clause.start
        return verb and said[at - 1].norm in words("it") and at - 1 >= clause.start

    def _request_after(self, clause: Clause, end: int) -> bool:
        after = range(end, min(end + FAR, clause.end))
        return any(self.begins(table, at) for table in ("request", "undoing") for at in after)

    def _supposed(self, clause: Clause, start: int) -> bool:
        """Say whether a clause begins with *if*, or tells what would be."""
        previous = self._neighbor(clause, -1)
        role = previous is not None and clause.opened in words("role_leads") and previous.has("hypothetical")
        if clause.has("hypothetical") or role:
            return True
        opening = self._opening(clause)
        if opening >= start or not self.begins("condition", opening):
            return False
        if opening and self.text.tokens[opening - 1].norm in words("asks_if"):
            return False
        return not any(hit.start < start for hit in clause.marks.get("request", ()))

    def _opening(self, clause: Clause) -> int:
        """Return the first token of a clause that is more than a greeting or an *and*."""
        at = clause.start
        while at < clause.end - 1 and (
            self.text.tokens[at].norm in words("openers") or self.text.tokens[at].kind is Kind.MARK
        ):
            at += 1
        return at

    # --- Questions ---

    def _asked(self, clause: Clause, start: int, end: int, *, of_state: bool) -> bool:
        opening = self._opening(clause)
        whole = {
            self.text.tokens[at].norm for at in range(clause.start, clause.end) if at not in range(start, end)
        }
        alone = whole <= words("leading")
        if alone and clause.closed == "?" and len(self.text.sentence(clause)) == 1:
            return True
        embedded = self.begins("whether", opening) and opening < start and not self._closed_by_comma(clause)
        related = clause.number > 0 and self.text.tokens[clause.start].norm in words("relative")
        inverted = self.begins("ask", opening) and opening < start and (self.text.asks(clause) or of_state)
        inverted = inverted and not (related and self._neighbor(clause, -1) is not None)
        previous = self._neighbor(clause, -1)
        introduced = previous is not None and previous.has("ask") and previous.end - previous.start <= NEAR
        if introduced and self.text.asks(clause):  # est-ce que, cut in two
            opening, inverted = clause.start, True
        if inverted and any(hit.start < start for hit in clause.marks.get("not_negator", ())):
            return False
        if not embedded and not inverted:
            return self._told_as_question(clause, start, end, of_state=of_state)
        if (
            embedded
            and not inverted
            and not any(self.text.tokens[at].norm in words("be") for at in range(opening, start))
        ):
            return False
        leading = (self._starts.get(table, {}).get(opening) for table in ("whether", "ask"))
        begin = next((hit.end for hit in leading if hit), opening + 1)
        subject = self.text.tokens[begin].norm
        if inverted and not self.text.asks(clause) and not self._asks_of(subject):
            return False
        if not of_state and self._is_whose(clause, begin, start, end):
            return False
        between = range(begin, start)
        if len(between) > FAR or not all(self._may_stand_between(at) for at in between):
            return False
        if of_state:
            return True
        return not self._is_subject(clause, start, end) and all(
            self._may_follow(at) for at in range(end, clause.end)
        )

    @staticmethod
    def _asks_of(subject: str) -> bool:
        """Say whether a verb and this word ask even without a mark: *is it issued*, not *has been issued*."""
        return subject in words("asked_of") and subject not in words("participles")

    def _is_whose(self, clause: Clause, begin: int, start: int, end: int) -> bool:
        """Say whether a question is of a name's certificate: *is our GeoTrust cert (a.example) an EV?*."""
        definite = begin == start - 1 and self.text.tokens[begin].norm in words("definite")
        noun = self._starts.get("order_noun", {}).get(end)
        return definite and noun is not None and not (noun.end == clause.end and clause.closed == "?")

    def _is_subject(self, clause: Clause, start: int, end: int) -> bool:
        """Say whether a name is what is asked about, as in *is this GeoTrust cert EV?*."""
        before = self.text.tokens[start - 1].norm if start > clause.start else ""
        after = next((at for at in range(end, clause.end) if at in self.names), None)
        joined = after is not None and not any(
            self.text.tokens[at].norm in words("or") for at in range(end, after)
        )
        return before in words("definite") and joined

    def _may_stand_between(self, at: int) -> bool:
        token = self.text.tokens[at]
        return (
            at in self.names
            or token.kind in (Kind.MARK, Kind.HOST)
            or token.norm in words("articles") | words("asked_of")
            or self._negator_at(at)
        )

    def _may_follow(self, at: int) -> bool:
        token = self.text.tokens[at]
        return (
            at in self.names
            or token.kind is Kind.MARK
            or token.norm in words("asked_of") | words("asked_after")
        )

    def _told_as_question(self, clause: Clause, start: int, end: int, *, of_state: bool) -> bool:
        """Say whether a statement is a question by its mark alone: *the certificate is issued already?*."""
        if clause.closed != "?" or clause.opened in words("relative"):
            return False
        rest = [self.text.tokens[at].norm for at in range(end, clause.end)]
        if rest and (of_state or not words("asked_after").issuperset(rest)):
            return False
        subject = range(self._opening(clause), start)
        if not all(self._may_stand_between(at) for at in subject):
            return False
        before = [self.text.tokens[at].norm for at in subject]
        return bool(before) and (
            before[-1] in words("be") | words("adverbs")
            if of_state
            else not words("be").isdisjoint(before) and before[0] not in words("be")
        )

    def _closed_by_comma(self, clause: Clause) -> bool:
        return clause.closed == "," and self.text.clauses[clause.number - 1].sentence != clause.sentence

    def _inverted(self, clause: Clause, start: int, end: int) -> bool:
        """Say whether a sentence of its own asks just this: *are we a partner?*."""
        del end
        return clause.closed == "?" and self.begins("ask", start)

    def _asked_when(self, clause: Clause, start: int) -> bool:
        return any(
            hit.start < start and hit.start <= clause.start + 2 for hit in clause.marks.get("ask_when", ())
        )

    # --- Doubt ---

    def _doubted(self, clause: Clause, start: int, *, of_state: bool) -> bool:
        if start in self._hearsay and (of_state or self._predicate(clause, start)):
            return True
        if self._adjacent("should", clause, start) or self.begins("or_not", start + 1):
            return True
        for hit in clause.marks.get("hedge", ()):
            if any(hit.end <= other.start < start for other in clause.marks.get("correction", ())):
                continue  # *I think it's Sectigo, no wait, definitely QuickSSL*
            between = range(min(hit.end, start), max(hit.start, start))
            if not any(self.begins("request", at) for at in between):
                return True
        following = self._neighbor(clause, 1)
        if following is not None and following.has("hedge", "tag") and self._only(following, "hedge", "tag"):
            if following.has("hedge"):
                return True
            return self.text.asks(clause) and (of_state or clause.end - start <= NEAR)
        previous = self._neighbor(clause, -1)
        return previous is not None and previous.has("hedge") and self._only(previous, "hedge")

    def _neighbor(self, clause: Clause, step: int) -> Clause | None:
        number = clause.number + step
        if not 0 <= number < len(self.text.clauses):
            return None
        other = self.text.clauses[number]
        return other if other.sentence == clause.sentence else None

    def _only(self, clause: Clause, *tables: str) -> bool:
        """Say whether a clause is hardly more than a word of these tables."""
        covered = {
            at for table in tables for hit in clause.marks.get(table, ()) for at in range(hit.start, hit.end)
        }
        rest = [at for at in range(clause.start, clause.end) if at not in covered]
        if any(at in self.names or self.text.tokens[at].kind in (Kind.HOST, Kind.DAY) for at in rest):
            return False
        return len(rest) <= 2  # noqa: PLR2004

    def _predicate(self, clause: Clause, start: int) -> bool:
        """Say whether a name is what somebody says something is."""
        at = start
        while at > clause.start and (
            self.text.tokens[at - 1].norm in words("articles")
            or (at - 1) in self.names
            or self.text.tokens[at - 1].norm in _QUOTES
        ):
            at -= 1
        before = self.text.tokens[at - 1].norm if at > clause.start else ""
        return (
            before in words("be")
            or at == clause.start
            or before in words("says")
            or before in words("toward")
        )

    def _regions(self) -> set[int]:
        """Return the tokens that somebody else is said to say."""
        said: set[int] = set()
        for hit in self._hits.get("hearsay", ()):
            clause = self.text.clause(hit.start)
            sentence = self.text.sentence(clause)
            end = clause.end
            for each in sentence:
                if each.number > clause.number:
                    own = self.text.tokens[each.start].norm in words("own_voice")
                    if each.opened in words("contrast") or each.has("document") or own:
                        break
                    end = each.end
            said.update(range(hit.end, end))
            if hit.end >= clause.end and clause.number and hit.start - clause.start <= 1:
                previous = self.text.clauses[clause.number - 1]
                if previous.sentence == clause.sentence:
                    said.update(range(previous.start, previous.end))
        return said

    def _spoken_by_others(self) -> set[int]:
        """Return the tokens in quotation marks that somebody else is said to say."""
        marks = [at for at, token in enumerate(self.text.tokens) if token.norm in _SPEECH_MARKS]
        spans = (range(begin, end) for begin, end in zip(marks[::2], marks[1::2], strict=False))
        return {
            at
            for span in spans
            if span.start in self._hearsay or span.start + 1 in self._hearsay
            for at in span
        }

    # --- States ---

    def of_other_thing(self, clause: Clause, start: int, end: int) -> bool:
        """Say whether it is an invoice, a refund or the like that was issued."""
        if self.begins("order_noun", end) and not self.begins("no_certificate", end + 1):
            return False  # *money for the unissued cert*
        nouns, certificates = self._starts.get("no_certificate", {}), self._starts.get("the_order", {})
        subjects = {**nouns, **self._starts.get("other_subject", {})}
        for at in range(start - 1, max(clause.start, start - FAR) - 1, -1):
            joined = at == start - 1 and not self._of_paper(clause, at)
            placed = at in self.names and self._is_object(clause, at) and not joined
            if at in certificates or (at in self.names and not placed) or self._cites(at):
                break
            if at in subjects and not self._is_object(clause, at):
                return True
        if self._strange_subject(clause, start) or self._strange_object(clause, start, end):
            return True
        after = range(end, min(end + NEAR, clause.end))
        for at in after:
            if at in nouns and self.text.tokens[at].norm not in words("checking"):
                return True
            if self.text.tokens[at].norm not in words("leading") | words("asked_of"):
                break
        return False

    def _of_paper(self, clause: Clause, at: int) -> bool:
        """Say whether an invoice or the like stands before a name, which may be what was issued."""
        before = range(max(clause.start, at - FAR), at)
        return any(self.text.tokens[each].norm in words("papers") for each in before)

    def _strange_subject(self, clause: Clause, start: int) -> bool:
        """Say whether a noun that no table knows is what is so: *the handbook is installed*."""
        said, at = self.text.tokens, start - 1
        while at > clause.start and (said[at].norm in words("adverbs") or self._negator_at(at)):
            at -= 1
        if at <= clause.start or said[at].norm not in words("state_verbs"):
            return False
        while at > clause.start and said[at].norm in words("state_verbs") | words("adverbs"):
            at -= 1
        if at not in self._strange or said[at].norm.endswith("ly") or self._is_object(clause, at):
            return False
        known = {*self._starts.get("the_order", ()), *self.names}
        leading = range(at - 1, max(clause.start, at - NEAR) - 1, -1)
        return bool(leading) and not any(each in known for each in leading)

    def _strange_object(self, clause: Clause, start: int, end: int) -> bool:
        """Say whether such a noun is what somebody completed or delivered: *completed the repair*."""
        said = self.text.tokens
        passive = start > clause.start and said[start - 1].norm in words("state_verbs")
        article = end + 1 < clause.end and said[end].norm in words("definite") | words("indefinite")
        return article and not passive and end + 1 in self._strange

    def _cites(self, at: int) -> bool:
        return self.text.tokens[at].norm in words("cites")

    def _is_object(self, clause: Clause, at: int) -> bool:
        """Say whether a noun stands after a preposition, as in *the cert for our site*."""
        leading = range(at - 1, max(clause.start, at - NEAR) - 1, -1)
        for each in leading:
            if self.text.tokens[each].norm in words("prepositions"):
                return True
            if self.text.tokens[each].norm not in words("leading"):
                return False
        return False

    def _before(self, table: str, start: int, most: int) -> bool:
        """Say whether a word of a table stands before, with few fillers between."""
        clause = self.text.clause(start)
        at, passed = start, 0
        while at > clause.start and passed <= most:
            if self.ends(table, at):
                return True
            norm = self.text.tokens[at - 1].norm
            if norm not in words("adverbs"):
                passed += 1
                if norm not in words("negation_fillers"):
                    return False
            at -= 1
        return self.ends(table, at) and at >= clause.start and at > 0 and passed <= most

    def _not_yet(self, clause: Clause, start: int) -> bool:
        if self.past(start):
            return False
        return any(clause.start <= hit.start and hit.end <= start for hit in clause.marks.get("not_yet", ()))

    def _wanted(self, clause: Clause, start: int) -> bool:
        """Say whether an event is one that somebody wants: *needs it issued*, *didn't want it issued*."""
        for hit in clause.marks.get("want", ()):
            between = range(hit.end, start)
            if (
                hit.end <= start
                and len(between) <= NEAR
                and all(self._may_stand_between(at) for at in between)
            ):
                return True
        return False

    def _former(self, start: int, end: int) -> bool:
        clause = self.text.clause(start)
        return any(hit.start <= end for hit in clause.marks.get("former", ()))


def grammar(hits: Iterable[Hit[str]]) -> list[Hit[str]]:
    """Return the hits in the order of the text."""
    return sorted(hits, key=lambda hit: (hit.start, hit.end))
