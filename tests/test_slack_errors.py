from __future__ import annotations

from pathlib import Path

from bot.slack.outbound import errors


def test_the_docs_show_the_table_of_the_code() -> None:
    shown = (Path(__file__).parent.parent / "docs" / "slack-errors.md").read_text(encoding="utf-8")
    assert shown == errors.page()


def test_each_code_says_what_it_means_and_what_to_do() -> None:
    assert all(meaning.means and meaning.advice for meaning in errors.BY_CODE.values())


def test_the_docs_name_every_code_of_every_method() -> None:
    sections = errors.page().split("\n## ")
    of_every = next(section for section in sections if section.startswith("Every method"))
    assert all(f"| `{code}` |" in of_every for code in errors.KNOWN.every)
    for method in errors.METHODS.values():
        section = next(section for section in sections if section.startswith(f"`{method.name}`"))
        assert all(f"| `{code}` |" in section for code in method.codes), method.name


def test_what_is_dead_at_once_is_a_closed_list() -> None:
    never = {code for code, each in errors.BY_CODE.items() if each.course is errors.Course.NEVER}
    passing = {"restricted_action", "ekm_access_denied", "not_in_channel", "is_archived", "ratelimited"}
    assert not never & passing
    assert errors.course_of("a_code_of_next_year") is not errors.Course.NEVER
