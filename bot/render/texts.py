"""Screens in words: the same texts for Slack and the terminal, each from its template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import Any, Final, TypeVar

from bot.conversation.answer_tokens import Asked, day_of, token_of
from bot.conversation.clean_text import LONGEST_TYPED
from bot.conversation.interview import Answer, Change, program_in
from bot.conversation.problems import Problem, Trouble
from bot.conversation.screens import Question, ReadBack, Reason, Result, Settled, Understood
from bot.render import contexts_answers as a
from bot.render import contexts_notices as n
from bot.render import contexts_problems as p
from bot.render.contexts_lines import Line
from bot.render.document import Document, to_plain
from bot.render.environment import NOTHING, Context, Renderer
from bot.render.labels import Labels, QuestionText, Words, read_question, unnamed
from bot.render.move_texts import MoveText, MoveWords, move_words
from bot.render.result_text import ResultText
from bot.render.word_lists import CERTIFICATE_NOTES
from policy import Policy
from policy.facts import PROGRAM, Detail, Fact
from policy.vocabulary import DetailKind, DetailSpec, FactKind, Means

E = TypeVar("E", bound=Enum)
L = TypeVar("L", bound=Labels)

LINES_KEPT: Final = 2_000
EXPLANATION: Final = " — "  # the rest of a label is only for choosing
_OF_DAYS: Final = frozenset(
    {Trouble.DATE_AMBIGUOUS, Trouble.DATE_INEXACT, Trouble.DATE_LONG_AGO, Trouble.DATE_HINTED}
)
_ANY_DETAIL: Final = DetailSpec(Detail("any"), DetailKind.TEXT)


class Texts:
    """Everything that certdesk says. `command` is the slash command as people type it."""

    def __init__(self, renderer: Renderer, policy: Policy, command: str = "/certdesk") -> None:
        self.renderer = renderer
        self.policy = policy
        self.command = command
        self._words: dict[str, Mapping[Any, str]] = {}
        self._labels: dict[str, Labels] = {}
        self._kept_line = lru_cache(LINES_KEPT)(lambda line: to_plain(self.say(line)))
        self._buttons: dict[tuple[str, bool], str] = {}
        self._last: tuple[Result, ResultText] | None = None
        self._nearest: dict[tuple[str | None, ...], str] = {}
        self._asking: dict[tuple[Asked, bool, str | None], QuestionText] = {}

    def say(self, context: Context) -> Document:
        """Return the text of a context's template."""
        return self.renderer.render(context)

    def line_of(self, context: Context) -> str:
        """Return a template's single line, without formatting; nothing that was typed is kept."""
        return self._kept_line(context) if isinstance(context, Line) else to_plain(self.say(context))

    def words(self, words: Words[E]) -> Mapping[E, str]:
        """Return the words for an enum, read once. Raises TemplateError if one is missing."""
        if words.file not in self._words:
            self._words[words.file] = words.read(self.renderer.render_as(words.file, NOTHING))
        return self._words[words.file]

    def labels(self, kind: type[L]) -> L:
        """Return a screen's labels, read once. Raises TemplateError if one is missing."""
        found = self._labels.get(kind.file)
        if not isinstance(found, kind):
            found = self.renderer.labels(kind)
            self._labels[kind.file] = found
        return found

    def move(self, move: str, text: MoveText) -> MoveWords:
        """Return a move's words. Raises TemplateError if the file lacks what the move needs."""
        return move_words(self.renderer, move, text)

    def button(self, move: str, *, waiting: bool = False) -> str:
        """Return the label of a move's button, read once; `waiting`: nobody has the case yet."""
        key = (move, waiting)
        if key not in self._buttons:
            self._buttons[key] = self.move(move, MoveText(waiting=waiting)).button
        return self._buttons[key]

    def nearest(self, folder: str, program: str | None, *names: str) -> str:
        """Return the most specific template that exists: the program's own, else the shared one.

        `names` go from the most specific to the most general.
        """
        key = (folder, program, *names)
        if key not in self._nearest:
            own = [f"{folder}/{program}/{names[0]}.md"] if program else []
            tried = [*own, *(f"{folder}/{name}.md" for name in names)]
            self._nearest[key] = next((each for each in tried if self.renderer.has(each)), tried[-1])
        return self._nearest[key]

    # --- answers in words

    def asking(self, asked: Asked, program: str | None = None) -> QuestionText:
        """Return the words of a question about a fact or a detail, the program's own if it has any.

        What no file declares any more is called by its id.
        """
        key = (asked, isinstance(asked, Fact), program)
        if key not in self._asking:
            folder = "questions" if isinstance(asked, Fact) else "questions/details"
            file = self.nearest(folder, program, asked)
            known = self.renderer.has(file)
            text = read_question(file, self.renderer.render_as(file, NOTHING)) if known else unnamed(asked)
            self._asking[key] = text
        return self._asking[key]

    def label(self, fact: Fact, token: str, program: str | None = None) -> str:
        """Return an answer in words; a program is called by its own name."""
        if fact == PROGRAM and token in self.policy.programs:
            return self.policy.programs[token].name
        labels = dict(self.asking(fact, program).labels)
        if token in labels:
            return labels[token]
        found = day_of(token)
        return self.renderer.calendar.weekday_day(found) if found is not None else token

    def short(self, fact: Fact, token: str, program: str | None = None) -> str:
        """Return an answer in few words: the label up to its explanation."""
        return self.label(fact, token, program).partition(EXPLANATION)[0]

    def line(self, answer: Answer, program: str | None = None) -> a.Line:
        """Return an answer as a line of a list."""
        name = self.asking(answer.fact, program).name
        return a.Line(name, self.short(answer.fact, answer.token, program))

    def lines(self, answers: Sequence[Answer]) -> list[a.Line]:
        """Return answers as lines of a list, in the words of the program that they name."""
        program = program_in(answers)
        return [self.line(answer, program) for answer in answers]

    def choices(self, question: Question) -> list[tuple[str, str]]:
        """Return a question's choices, as tokens with their labels."""
        program = program_in(question.answers)
        return [(token, self.label(question.fact, token, program)) for token in question.choices]

    def value(self, asked: Asked, given: str, program: str | None = None) -> str:
        """Return an answer or a detail in few words."""
        return self.short(asked, given, program) if isinstance(asked, Fact) else given

    def settled(self, screen: Settled) -> tuple[a.AnsweredLine, ...]:
        """Return what is left of a question: each answer with what was asked, and what it was before."""
        before, program = {change.of: change.before for change in screen.changes}, screen.program
        given: list[tuple[Asked, str | None]] = [(each.fact, each.token) for each in screen.answers]
        given += screen.details
        given += [(change.of, None) for change in screen.changes if change.after is None]
        return tuple(self._answered(asked, value, before.get(asked), program) for asked, value in given)

    def _answered(
        self, asked: Asked, given: str | None, before: str | None, program: str | None
    ) -> a.AnsweredLine:
        now, was = (None if each is None else self.value(asked, each, program) for each in (given, before))
        return a.AnsweredLine(self.asking(asked, program).question, now, was)

    def changed(self, change: Change, program: str | None = None) -> a.ChangedLine:
        """Return a changed answer as a line of a list."""
        before = self.value(change.of, change.before, program)
        after = None if change.after is None else self.value(change.of, change.after, program)
        return a.ChangedLine(self.asking(change.of, program).name, before, after)

    def read_back(self, read: ReadBack) -> Document:
        """Return what was read in a text."""
        said = self.words(CERTIFICATE_NOTES)
        items, notes = tuple(map(self._understood, self.told(read))), tuple(said[note] for note in read.notes)
        return self.say(n.ReadBack(items, read.orders, notes, bool(read.each)))

    def told(self, read: ReadBack) -> tuple[Understood, ...]:
        """Return what is said about what was read, except what goes without saying."""
        facts = self.policy.facts(read.program)
        said = {(str(each.of), each.value) for each in read.items}
        implied = {
            (other, token_of(value))
            for fact, spec in facts.items()
            if spec.kind is FactKind.DAY and fact in {str(each.of) for each in read.items}
            for other, value in spec.implies
        }
        return tuple(each for each in read.items if (str(each.of), each.value) not in implied & said)

    def _understood(self, each: Understood) -> n.ReadItem:
        name = self.asking(each.of).name
        if isinstance(each.of, Detail):
            kind = (self.policy.details().get(each.of) or _ANY_DETAIL).kind
            bare = kind in (DetailKind.HOST, DetailKind.EMAIL)
            return n.ReadItem(None if bare else name, each.value, order=each.offered)
        spec = self.policy.spec(each.of)
        value = self.short(each.of, each.value)
        if each.offered:
            return n.ReadItem(name, value if each.hint else each.words, unsure=True, hint=each.hint)
        if spec is None or spec.kind is FactKind.DAY or set(spec.choices) == {True, False}:
            return n.ReadItem(name, value, hint=each.hint)
        product = each.words if spec.means is Means.LEVEL else ""
        return n.ReadItem(product or None, value, product=bool(product))

    # --- what is wrong, and why it is asked

    def problem(self, problem: Problem, question: Question | None = None) -> Document:
        """Return what is wrong with what was typed, and what is accepted."""
        return self.say(self._problem(problem, question))

    def because(self, reason: Reason) -> Document:
        """Return why something is asked."""
        source = reason.citation
        if source is None:
            return self.say(a.Because(reason.says, None, None, silent=False))
        return self.say(a.Because(reason.says, source.title, source.section, source.silent))

    def meant(self, problem: Problem) -> list[tuple[str, str]]:
        """Return what may have been meant: what to type for it, and its words."""
        if problem.kind in _OF_DAYS:
            return [(token, self.renderer.calendar.day(date.fromisoformat(token))) for token in problem.meant]
        if problem.kind is Trouble.UNSURE and isinstance(problem.field, Fact):
            return [(token, self.short(problem.field, token)) for token in problem.meant]
        return [(name, name) for name in problem.meant]

    def _problem(self, problem: Problem, question: Question | None) -> Context:
        meant = tuple(words for _, words in self.meant(problem))
        match problem.kind:
            case Trouble.NOT_A_CHOICE:
                return p.NotAChoice(problem.typed, self._accepted(question))
            case Trouble.NAME_NOT_KNOWN:
                return p.NameNotKnown(problem.typed, meant)
            case Trouble.NAME_AMBIGUOUS:
                return p.NameAmbiguous(problem.typed, meant)
            case Trouble.NOT_A_DATE:
                return p.NotADate(problem.typed)
            case Trouble.DATE_AMBIGUOUS:
                return p.DateAmbiguous(problem.typed, meant)
            case Trouble.DATE_LONG_AGO:
                return p.DateLongAgo(meant)
            case Trouble.DATE_HINTED:
                return p.DateHinted(meant)
            case Trouble.DATE_INEXACT:
                return p.DateInexact(problem.typed, meant)
            case Trouble.UNSURE:
                return p.Unsure(problem.typed, meant)
            case Trouble.DATE_IN_FUTURE:
                return p.DateInFuture(question.latest if question else date.max)
            case Trouble.TOO_LONG:
                return n.TooLong(problem.length, LONGEST_TYPED)
            case kind:
                return p.SIMPLE_PROBLEMS[kind]()

    def _accepted(self, question: Question | None) -> str:
        if question is None:
            return ""
        program = program_in(question.answers)
        return ", ".join(self.short(question.fact, token, program) for token in question.choices)

    # --- the answer

    def headline(self, result: Result) -> str:
        """Return an answer in one line."""
        return self.result(result).headline

    def result(self, result: Result) -> ResultText:
        """Return an answer in words."""
        if self._last is None or self._last[0] != result:
            self._last = (result, ResultText(self, result))  # a message uses its answer several times
        return self._last[1]

    def draft(self, result: Result) -> str | None:
        """Return the ticket or message to send, as the person edited it or as it is drafted."""
        return self.result(result).draft
