from __future__ import annotations

from pathlib import Path

from bot.slack import errors


def test_the_docs_show_the_table_of_the_code() -> None:
    shown = (Path(__file__).parent.parent / "docs" / "slack-errors.md").read_text(encoding="utf-8")
    assert shown == errors.page()


def test_each_code_stands_once_and_says_what_to_do() -> None:
    assert len(errors.BY_CODE) == len(errors.MEANINGS)
    assert all(meaning.means and meaning.advice for meaning in errors.MEANINGS)
