"""Find every mention of a fact in a text: choices, names, dates and states, each with its force."""

from __future__ import annotations

from bot.reading.choice_statements import ChoiceStatements
from bot.reading.date_statements import DateStatements
from bot.reading.mentions import Force, Mention
from bot.reading.name_statements import NameStatements
from bot.reading.parsed_texts import ParsedText
from bot.reading.statement_context import StatementContext


class Statements:
    """Finds what a text says about each fact, before contradictions are resolved."""

    def __init__(self, parsed: ParsedText, asked: str | None = None) -> None:
        context = StatementContext(parsed, asked)
        self._names, self._choices = NameStatements(context), ChoiceStatements(context)
        self._days = DateStatements(context)

    @property
    def dates_of_other_events(self) -> set[int]:
        """Return the first tokens of dates that belong to other events; complete after `all`."""
        return self._days.of_other_events

    def all(self) -> list[Mention]:
        """Return every mention of a fact."""
        programs = {at for found in self._names.named_programs() for at in range(found.start, found.end)}
        mentions = [*self._names.programs(), *self._names.products()]
        mentions += [*self._choices.in_phrases(), *self._choices.alone(programs), *self._choices.of_several()]
        events = self._days.events.all()
        dated = [*self._days.dated(events)]
        mentions += [*dated, *self._days.implied(events, dated)]
        return [mention for mention in mentions if mention.force is not Force.PASSED_OVER]
