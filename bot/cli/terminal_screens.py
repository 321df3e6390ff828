"""Screens in the terminal: the same words as in Slack, laid out as text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rich.console import Console, RenderableType
from rich.panel import Panel
from rich.rule import Rule
from rich.segment import Segment, Segments
from rich.table import Table
from rich.text import Text

from bot.conversation.interview import program_in
from bot.conversation.problems import Problem, Trouble
from bot.conversation.screens import Details, Question, ReadBack, Result, Screen, TicketEditor
from bot.render.contexts_lines import GivenSoFar, GoOn, Progress
from bot.render.document import Document
from bot.render.labels import QuestionText
from bot.render.screen_labels import TerminalLabels
from bot.render.terminal import to_terminal
from bot.render.texts import Texts
from policy.vocabulary import FactKind

MAX_RULE_WIDTH: Final = 60
CHOSEN_BY_NUMBER: Final = frozenset({Trouble.DATE_AMBIGUOUS, Trouble.DATE_HINTED})


class Drawing:
    """Draws screens on a console."""

    def __init__(self, texts: Texts, console: Console) -> None:
        self._texts = texts
        self._labels = texts.labels(TerminalLabels)
        self._out = console

    def show(self, screen: Screen | TicketEditor) -> None:
        """Show a screen, or only what is to be said about the one that is shown already."""
        if not isinstance(screen, TicketEditor) and screen.read is not None:
            self._document(self._texts.read_back(screen.read))
        match screen:
            case Question(problem=Problem() as problem, read=ReadBack()):
                self._question(screen)
                self._problem(problem, screen)
            case Question(problem=Problem() as problem):
                self._problem(problem, screen)
            case Question(why=True):
                self._document(self._texts.because(screen.reason))
                self._where(self._texts.asking(screen.fact, program_in(screen.answers)))
            case Question():
                self._question(screen)
            case Details():
                self._details(screen)
            case Result(problem=Problem() as problem):
                self._problem(problem)
            case Result():
                self._result(screen)
            case TicketEditor(result=result):
                self._result(result)

    def help(self) -> None:
        """Say what can be typed."""
        self.note(self._labels.help)

    def answered(self) -> None:
        """Say what can be typed when there is an answer and nothing is asked."""
        self.note(self._labels.answered)

    def note(self, words: str) -> None:
        """Print a remark about the conversation itself, dimmed."""
        self._put(Text(words, "dim"))

    def _document(self, document: Document | None) -> None:
        if document is not None and document.blocks:
            self._put(to_terminal(document))

    def _problem(self, problem: Problem, question: Question | None = None) -> None:
        self._document(self._texts.problem(problem, question))
        if problem.kind in CHOSEN_BY_NUMBER:
            self._numbered(words for _, words in self._texts.meant(problem))

    def _question(self, screen: Question) -> None:
        self._out.print()
        self.note(self._texts.line_of(Progress(screen.number, screen.of)))
        program = program_in(screen.answers)
        self._asked(self._texts.asking(screen.fact, program))
        if screen.kind is FactKind.DAY:
            self.note(self._labels.date)
        else:
            self._numbered(label for _, label in self._texts.choices(screen))
        if screen.chosen is not None:
            self.note(self._texts.line_of(GivenSoFar(self._texts.short(screen.fact, screen.chosen, program))))

    def _asked(self, words: QuestionText) -> None:
        self._put(Text(words.question, "bold"))
        self._document(words.hint)

    def _where(self, words: QuestionText) -> None:
        if words.where.blocks:
            self._out.print()
            self._out.print(Text(self._labels.where, "bold"))
            self._document(words.where)

    def _details(self, screen: Details) -> None:
        if screen.problems:
            self._problem(screen.problems[0])
            return
        missing = screen.left
        words = self._texts.asking(missing[0], program_in(screen.result.answers))
        self._out.print()
        if screen.begins:
            self._put(Text(self._texts.headline(screen.result), "bold green"))
            self.note(self._labels.details)
            self._out.print()
        self._asked(words)
        self._document(words.where)
        if offered := dict(screen.values).get(missing[0]):
            self.note(self._texts.line_of(GivenSoFar(offered)))

    def _result(self, screen: Result) -> None:
        words = self._texts.result(screen)
        self._out.print()
        self._out.print(Panel(Text(words.headline, "bold"), expand=False))
        for part in (words.verdict, words.changes, words.advice, words.steps):
            if part is not None and part.blocks:
                self._document(part)
                self._out.print()
        if words.draft:
            self._draft(words.draft)
        self._document(words.why)
        self._out.print()
        self._numbered(f"{line.name}: {line.value}" for line in self._texts.lines(screen.answers))
        self.note(self._texts.line_of(GoOn(bool(screen.missing or screen.details))))

    def _draft(self, draft: str) -> None:
        """Print a text for copying: no line of it is broken or indented."""
        self._rule(self._labels.copy_from)
        self._out.print(Text(draft), soft_wrap=True)
        self._rule(self._labels.copy_to)
        self._out.print()

    def _rule(self, words: str) -> None:
        width = min(self._out.width, MAX_RULE_WIDTH)
        self._out.print(Rule(Text(words, "dim"), style="dim", align="left"), width=width)

    def _numbered(self, lines: Iterable[str]) -> None:
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(justify="right", min_width=4, no_wrap=True)
        grid.add_column()
        for number, line in enumerate(lines, start=1):
            grid.add_row(Text(str(number)), Text(line))
        self._put(grid)

    def _put(self, drawn: RenderableType) -> None:
        """Print without the spaces with which rich pads every line: they would be copied too."""
        for line in self._out.render_lines(drawn, pad=False):
            while line and not line[-1].text.strip():
                line.pop()
            if line:
                text, style, control = line.pop()
                line.append(Segment(text.rstrip(), style, control))
            self._out.print(Segments([*line, Segment.line()]), end="")
