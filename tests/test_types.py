"""What the types forbid: a note among agents cannot be passed to what sends to a requester."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAD = """
from bot.conversation.agent_moves import AskBack, Reply
from bot.conversation.agent_words import Note, Outward
from bot.conversation.effects import SendWords
from bot.conversation.thread_entries import Moved
from bot.conversation.people import Person
from bot.slack.blocks.parts import Message
from bot.slack.outbound.posting import Poster
from bot.slack.blocks.thread import ThreadMessage
from bot.store import Queued

ada = Person("T1", "T1", "U1")


async def send(poster: Poster, queued: Queued, message: Message, under: ThreadMessage) -> None:
    await poster.in_dm(queued, ada, {sent})


Reply({said})
AskBack({said})
SendWords(ada, 1001, ada, {said})
Moved("reassign", ada, ada, {noted})
"""
RIGHT = {"sent": "message", "said": 'Outward("Hello")', "noted": 'Note("he always does")'}
WRONG = {
    "a note as a reply": ({"said": 'Note("he always does")'}, 3),
    "a plain text as a reply": ({"said": '"Hello"'}, 3),
    "a reply as a note": ({"noted": 'Outward("Hello")'}, 1),
    "a message of the thread to the requester": ({"sent": "under"}, 1),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What mypy says of all of them in one run, by file."""
    folder = tmp_path_factory.mktemp("types")
    for number, (words, _) in enumerate(WRONG.values()):
        (folder / f"wrong{number}.py").write_text(HEAD.format(**(RIGHT | words)))
    (folder / "right.py").write_text(HEAD.format(**RIGHT))
    files = sorted(map(str, folder.glob("*.py")))
    ran = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", *files],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line for line in ran.stdout.splitlines() if ": error:" in line]
    return {Path(file).stem: [line for line in lines if Path(file).name in line] for file in files}


@pytest.mark.long
def test_what_is_right_is_taken(found: dict[str, list[str]]) -> None:
    assert found["right"] == []


@pytest.mark.parametrize(("number", "what"), [*enumerate(WRONG)], ids=WRONG)
def test_what_is_wrong_is_refused(found: dict[str, list[str]], number: int, what: str) -> None:
    _, count = WRONG[what]
    assert len(found[f"wrong{number}"]) == count, found[f"wrong{number}"]
    assert all("[arg-type]" in line for line in found[f"wrong{number}"])
