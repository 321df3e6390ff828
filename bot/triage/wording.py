"""Put an answer into words for a list: verdict, route and reason, each short enough for a cell."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from bot.reading.order_list_answers import Outcome
from bot.reading.order_list_facts import Trouble, Unreadable
from bot.render import contexts_lists as c
from bot.render.screen_labels import ListColumns
from bot.render.texts import Texts
from bot.render.word_lists import VERDICTS_LISTED
from policy.decision import Ask, Decision
from policy.facts import PROGRAM, Facts

OF_COLUMN: Final[dict[Trouble, type[c.NoDay]]] = {
    Trouble.NO_DAY: c.NoDay,
    Trouble.DAY_TO_COME: c.DayToCome,
    Trouble.NOT_A_CHOICE: c.NotAChoice,
    Trouble.NOT_A_PRODUCT: c.NotAProduct,
    Trouble.CONTRADICTION: c.Contradiction,
}
OF_ROW: Final[dict[Trouble, type[c.TooManyCells | c.OpenQuote | c.TooLong | c.KeyInRow]]] = {
    Trouble.TOO_MANY_CELLS: c.TooManyCells,
    Trouble.OPEN_QUOTE: c.OpenQuote,
    Trouble.TOO_LONG: c.TooLong,
    Trouble.PRIVATE_KEY: c.KeyInRow,
}


class WordedAnswer(NamedTuple):
    """An answer in words, one field for each answer column; `route` and `verdict` are "" if undecided."""

    route: str
    verdict: str
    last_day: date | None
    days_left: int | None
    why: str


class Wording:
    """Puts answers into words; each reason is rendered once."""

    def __init__(self, texts: Texts, today: date) -> None:
        self._texts, self._today = texts, today
        self._verdicts = texts.words(VERDICTS_LISTED)
        self.columns = texts.labels(ListColumns)
        self._why: dict[Unreadable | tuple[str, object], str] = {}

    def said(self, facts: Facts, outcome: Outcome) -> WordedAnswer:
        """Return an answer in words."""
        match outcome:
            case Decision():
                last_day = outcome.refund.last_day
                left = (last_day - self._today).days if last_day is not None else -1
                program = outcome.policy.id if outcome.policy is not None else None
                why = self._texts.policy.rule(program, outcome.refund.rule).says
                route = outcome.cancellation.route.replace("_", " ")
                verdict = self._verdicts[outcome.refund.verdict]
                return WordedAnswer(route, verdict, last_day, left if left >= 0 else None, why)
            case Ask(fact=fact):
                return WordedAnswer("", "", None, None, self._open(str(facts.get(PROGRAM, "")), fact))
            case Unreadable():
                return WordedAnswer("", "", None, None, self.why(outcome))

    def why(self, unreadable: Unreadable) -> str:
        """Return why a row cannot be read."""
        if unreadable not in self._why:
            of_column = OF_COLUMN.get(unreadable.trouble)
            context = OF_ROW[unreadable.trouble]() if of_column is None else of_column(unreadable.column)
            self._why[unreadable] = " ".join(self._texts.line_of(context).split())
        return self._why[unreadable]

    def _open(self, program: str, fact: object) -> str:
        key = (program, fact)
        if key not in self._why:
            known = program if program in self._texts.policy.programs else None
            name = self._texts.asking(fact, known).name  # type: ignore[arg-type] # a fact, as it was asked
            self._why[key] = " ".join(self._texts.line_of(c.StillOpen(name)).split())
        return self._why[key]
