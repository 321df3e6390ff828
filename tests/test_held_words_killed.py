"""Words that are held outlive a real process: asked about once and shown once, whenever it is killed."""

from __future__ import annotations

import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.playground.standin import Message, StandIn, text_of
from tests.test_serve import now, said, serving

__all__ = ["now"]

QUESTION = "Will the old certificate stop working?"
ASKED = "Which case is this about?"
DOUBTED = "marked as in doubt. Which case"
TO_TWO_CASES = ("hi", "opensrs", "agent", "new", "other")
LATER = 601_000  # milliseconds: more than the ten minutes for which words are held


async def say(slack: StandIn, *texts: str) -> None:
    """Write to the bot, each text once the one before it was answered."""
    for text in texts:
        before = len(said(slack))
        await slack.say("rosa", slack.im("rosa"), text)
        await slack.until(lambda before=before: len(said(slack)) > before)


def entries(slack: StandIn) -> list[str]:
    """Return where the words stand in the agents' channel."""
    return [text for message in slack.messages("ssl-agents") if QUESTION in (text := text_of(message))]


def question(slack: StandIn) -> Message:
    return next(m for m in slack.messages(slack.im("rosa")) if "A new case" in text_of(m))


async def held(slack: StandIn, folder: Path) -> None:
    """Let a process be killed that has asked which case some words are about."""
    async with serving(slack, folder) as served:
        await say(slack, *TO_TWO_CASES, QUESTION)
        await slack.until(lambda: any(ASKED in each for each in said(slack)))
        await served.stop(signal.SIGKILL)
    assert entries(slack) == []


def passes(folder: Path, milliseconds: int) -> None:
    """Let so much time have passed for what is held, and for what the dead process was sending."""
    with closing(sqlite3.connect(folder / "certdesk.db")) as database:
        database.execute("UPDATE words SET at = at - ?", [milliseconds])
        database.execute("UPDATE outbox SET lease_until = 1 WHERE lease_until > 0")
        database.commit()


async def choose(slack: StandIn, case: str) -> None:
    """Say which case the words are about."""
    asked = question(slack)
    buttons = (each for block in asked.blocks for each in block.get("elements", ()))
    action = next(each["action_id"] for each in buttons if case in str(each.get("text")))
    await slack.click("rosa", asked, action)
    await slack.until(lambda: any(f"Passed on to the agents with {case}" in each for each in said(slack)))
    await slack.until(lambda: ["in doubt" in each for each in entries(slack)] == [False], timeout=10)


def asked_and_told(slack: StandIn) -> int:
    """Return how many messages ask which case it is, or have asked it."""
    return sum(any(each in text for each in (ASKED, DOUBTED, "It is about")) for text in said(slack))


@pytest.mark.long
async def test_an_answer_after_a_kill_settles_what_was_held(now: StandIn, tmp_path: Path) -> None:
    await held(now, tmp_path)
    passes(tmp_path, 0)
    async with serving(now, tmp_path):
        await choose(now, "C-1001")
    assert asked_and_told(now) == 1


@pytest.mark.long
async def test_what_was_held_before_a_kill_is_shown_once_after_ten_minutes(
    now: StandIn, tmp_path: Path
) -> None:
    await held(now, tmp_path)
    passes(tmp_path, LATER)
    async with serving(now, tmp_path) as served:  # half a minute after its start it is sure of its clock
        await now.until(lambda: entries(now) != [] and DOUBTED in text_of(question(now)), timeout=80)
        await served.stop(signal.SIGKILL)
    assert ["in doubt" in each for each in entries(now)] == [True]
    passes(tmp_path, 0)
    async with serving(now, tmp_path):
        await choose(now, "C-1001")
    assert len(entries(now)) == 1
    assert asked_and_told(now) == 1
