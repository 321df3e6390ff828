"""The playground begins with six cases in the queue, each as old as it says, and a Start button."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import clock
from bot.playground.run import furnish, opened
from bot.playground.samples import SAMPLES, EarlierClock
from bot.playground.standin import text_of
from bot.settings import read

pytestmark = pytest.mark.long
CARDS = ["Resolved: refunded", "has it", "Waiting", "has it", "🚨", "Waiting"]


async def test_six_cases_of_different_ages_and_states_and_a_start_button(tmp_path: Path) -> None:
    past = EarlierClock.for_samples()
    async with opened(read({}), tmp_path, 0, past.now, past.ticks) as playground:
        slack = playground.slack
        await furnish(slack, playground.bot, past)
        cards = [m for m in slack.messages("ssl-agents") if not m.is_reply]
        assert [word in text_of(card) for word, card in zip(CARDS, cards, strict=True)] == [True] * len(
            SAMPLES
        )
        ages = [clock.now().timestamp() - float(card.ts) for card in cards]
        wanted = [sample.age.total_seconds() for sample in SAMPLES]
        assert all(abs(age - each) < 60 for age, each in zip(ages, wanted, strict=True))
        assert abs((clock.now() - past.now()).total_seconds()) < 1
        [start] = [m for m in slack.messages("ssl-support") if m.by_app]
        assert "Start" in str(start.blocks)
