"""`certdesk ask`, as a person runs it: in a real process, with a pipe and in a real terminal."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

CERTDESK = [str(Path(sys.executable).with_name("certdesk")), "ask"]
SECTIGO = "opensrs\nreseller\nyes\nComodo\n3 days ago\nrosa\n1234567890\nwww.example.com\n"
CONTROLS = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CERTDESK_", "SLACK_"))}
    return kept | {"TERM": "xterm", "LC_ALL": "C.UTF-8"} | more


def ask(typed: str | bytes, columns: int = 80, **more: str) -> str:
    """Pipe lines into the interview and return what it prints; no word of error, and a good end."""
    raw = typed.encode() if isinstance(typed, str) else typed
    env = environment(COLUMNS=str(columns), **more)
    done = subprocess.run(CERTDESK, input=raw, capture_output=True, env=env, timeout=30, check=False)
    assert done.stderr == b""
    assert done.returncode == 0
    return done.stdout.decode()


@pytest.mark.long
@pytest.mark.parametrize("columns", [40, 80])
def test_a_whole_interview_from_a_pipe(columns: int) -> None:
    said = ask(SECTIGO, columns)
    assert "> Comodo" in said
    assert "Subject: Cancel Sectigo certificate www.example.com, order 1234567890" in said
    assert "change and a number" in said
    assert "\x1b" not in said
    assert [line for line in said.splitlines() if line != line.rstrip() and line != "> "] == []
    draft = said.partition("copy from here")[2].partition("to here")[0].splitlines()[1:]
    unbroken = [line for line in said.splitlines() if line not in draft]
    assert max(map(len, unbroken)) <= columns


@pytest.mark.long
def test_nonsense_is_answered_and_asked_on() -> None:
    said = ask("banana\n\n²\n" + "x" * 10_000 + "\n\ud7ff😀\n\u05e9\u05dc\u05d0\nopensrs\n")
    assert said.count("I can't take") == 5
    assert "Please choose or type an answer." in said
    assert "Question 2 of at most 6" in said


@pytest.mark.long
def test_bytes_that_are_no_text_and_controls_do_no_harm() -> None:
    said = ask(b"\xff\xfe\n\x1b]0;owned\x07\n\x00\nopensrs\n")
    assert "\x1b" not in said
    assert "Question 2 of at most 6" in said


@pytest.mark.long
def test_an_output_that_knows_only_ascii_is_no_error() -> None:
    assert "Question 2 of at most 6" in ask("opensrs\n", PYTHONIOENCODING="ascii")


@pytest.mark.long
def test_a_pasted_key_is_taken_in_whole_and_not_shown() -> None:
    key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEsecret\nmore\n-----END RSA PRIVATE KEY-----\n"
    said = ask(key + "opensrs\n")
    assert said.count("That was a private key.") == 1
    assert "secret" not in said
    assert "I can't take" not in said
    assert "Question 2 of at most 6" in said
    assert "secret" not in ask("-----BEGIN PRIVATE KEY-----MIIEsecret")


@pytest.mark.long
def test_a_doubtful_date_is_chosen_by_its_number() -> None:
    said = ask("opensrs\nreseller\nyes\nthawte\n03/11/2026\n2\n")
    assert re.search(r"1 +3 November 2026\n +2 +11 March 2026", said)
    assert "Fulfilled: Wed 11 March 2026" in said


@pytest.mark.long
def test_why_says_where_to_find_it() -> None:
    said = ask("opensrs\nreseller\nwhy\n")
    assert "Why this is asked:" in said
    assert "Where to find it" in said


@pytest.mark.long
def test_a_wish_and_a_question_about_the_question_are_answered() -> None:
    said = ask("I want a refund\nopensrs\nwhere do I find that?\n")
    assert said.count("Why this is asked") == 2
    assert "can't take" not in said


@pytest.mark.long
def test_an_answer_is_changed_details_added_and_another_order_begun() -> None:
    said = ask("opensrs\nreseller\nyes\nsectigo\ntoday\nskip\ndetails\nrosa\n1\na.example\n"
               "change 4\nthawte\nchange issued\nno\nanother\nback\n")  # fmt: skip
    for part in [
        "Common name: ________",
        "Common name: a.example",
        "Request access",
        "awaiting approval",
        "So far: Reseller",
    ]:
        assert part in said
        said = said.partition(part)[2]


@pytest.mark.long
def test_what_is_typed_after_the_answer_says_how_to_go_on() -> None:
    said = ask("other\nthanks\nchange 9\nchange ²\nagent\nhelp\nquit\nopensrs\n")
    assert said.count("That is the answer.") == 3
    assert "no agents' channel" in said
    assert said.rstrip().endswith("> quit")


PATIENCE, AGAIN = 60, 5  # seconds: until it is given up, and until a key is pressed again
SIZES = {"COLUMNS", "LINES"}  # would count more than the terminal's own


class Terminal:
    """A program in a pseudo-terminal, read as it comes."""

    def __init__(self, columns: int) -> None:
        self.pid, self.end = pty.fork()
        if self.pid == 0:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # a job in the background inherits it ignored
            kept = {name: value for name, value in environment().items() if name not in SIZES}
            os.execve(CERTDESK[0], CERTDESK, kept)  # noqa: S606  our own program
        fcntl.ioctl(self.end, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        self.said = ""

    def until(self, words: str) -> str:
        """Read until these words have come; returns all that came."""
        deadline = time.monotonic() + PATIENCE
        while words not in CONTROLS.sub("", self.said):
            assert time.monotonic() < deadline, self.said
            if select.select([self.end], [], [], 0.2)[0]:
                self.said += os.read(self.end, 65536).decode()
        said, self.said = CONTROLS.sub("", self.said), ""
        return said.replace("\r\n", "\n")

    def types(self, text: str) -> None:
        os.write(self.end, text.encode())

    def ends(self, pressing: str = "") -> int:
        """Return the exit status; press a key, as a person would, until a new line shows that it was heard.

        A Ctrl-C after that would kill what is about to end by itself.
        """
        deadline = time.monotonic() + PATIENCE
        pressed = 0.0
        while True:
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                os.close(self.end)
                return os.waitstatus_to_exitcode(status)
            if time.monotonic() > deadline:
                os.kill(self.pid, signal.SIGKILL)
            if pressing and "\n" not in self.said and time.monotonic() > pressed + AGAIN:
                pressed = time.monotonic()
                with contextlib.suppress(OSError):  # it has just gone
                    self.types(pressing)
            if select.select([self.end], [], [], 0.05)[0]:
                try:
                    self.said += os.read(self.end, 65536).decode()
                except OSError:
                    continue


@pytest.mark.long
@pytest.mark.parametrize("columns", [40, 80])
def test_a_person_at_a_terminal_answers_and_leaves(columns: int) -> None:
    terminal = Terminal(columns)
    terminal.until("> ")
    terminal.types("opensrs\r")
    terminal.until("> ")
    terminal.types("1\r")
    terminal.until("> ")
    terminal.types("2\r")
    said = terminal.until("start over, quit.") if columns > 40 else terminal.until("quit.")
    assert "awaiting" in said
    assert max(map(len, said.splitlines())) <= columns
    terminal.types("quit\r")
    assert terminal.ends() == 0


@pytest.mark.long
@pytest.mark.parametrize("key", ["\x03", "\x04"])
def test_ctrl_c_and_ctrl_d_leave_without_a_traceback(key: str) -> None:
    terminal = Terminal(80)
    terminal.until("> ")
    # Python's input() is deaf to a Ctrl-C in the instant before it reads: pressed again, it must do
    assert terminal.ends(pressing=key) == 0
    assert "Traceback" not in terminal.said
