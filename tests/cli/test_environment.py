"""Commands and the environment: each reads what it needs, and says what is wrong with that in a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run

DECIDED = '{"facts": {"program": "trustico", "account": "retail"}, "today": "2026-11-23"}\n'
BROKEN = {
    "SLACK_BOT_TOKEN": "a user's token",
    "SLACK_APP_TOKEN": "none",
    "SLACK_SIGNING_SECRET": "short",
    "SLACK_API_URL": "slack.example",
    "CERTDESK_AGENTS_CHANNEL": "#agents",
    "CERTDESK_DATABASE_URL": "mysql://x",
    "CERTDESK_POLICY_DIR": "/no/such",
    "CERTDESK_TEMPLATES_DIR": "/no/such",
    "CERTDESK_LOG_LEVEL": "loud",
}
POLICY, TEMPLATES, DATABASE = "CERTDESK_POLICY_DIR", "CERTDESK_TEMPLATES_DIR", "CERTDESK_DATABASE_URL"

# a free port: another playground may run on this machine
PLAYGROUND = ("playground", "--no-browser", "--port", "0", "--empty")


@pytest.mark.parametrize(
    ("arguments", "needs"),
    [
        (("manifest",), ()),
        (("decide",), (POLICY,)),
        (("ask",), (POLICY, TEMPLATES)),
        (("policy", "check"), (POLICY, TEMPLATES)),
        (("db", "upgrade"), (DATABASE,)),
        (("outbox", "list"), (DATABASE,)),
    ],
    ids=lambda value: " ".join(value) if value and value[0].islower() else "",
)
def test_a_command_reads_only_what_it_needs(
    certdesk: Run, tmp_path: Path, arguments: tuple[str, ...], needs: tuple[str, ...]
) -> None:
    right = BROKEN | dict.fromkeys(needs, str(tmp_path))
    if DATABASE in needs:
        right[DATABASE] = f"sqlite:///{tmp_path / 'x.db'}"
    done = certdesk(*arguments, typed=DECIDED, **right)
    assert (done.status, done.err) == (0, "")
    assert done.out


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (("decide",), {POLICY}),
        (("ask",), {POLICY, TEMPLATES}),
        (("policy", "check"), {POLICY, TEMPLATES}),
        (("db", "upgrade"), {DATABASE}),
        (("outbox", "list"), {DATABASE}),
        (PLAYGROUND, {"CERTDESK_LOG_LEVEL", POLICY, TEMPLATES}),
        (("serve",), {*BROKEN} - {"SLACK_SIGNING_SECRET"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_a_command_needs_and_is_wrong_is_named_in_a_line(
    certdesk: Run, tmp_path: Path, arguments: tuple[str, ...], names: set[str]
) -> None:
    good = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "SLACK_API_URL": "http://127.0.0.1:9/",
        DATABASE: f"sqlite:///{tmp_path / 'x.db'}",
    }
    for name in sorted(names):
        done = certdesk(*arguments, **good | {name: BROKEN[name]})
        assert done.status == 2, name
        assert done.err.startswith(f"certdesk: {name} is missing or not right. Put there: "), done.err
        assert BROKEN[name] not in done.err
        assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        (
            {DATABASE: "sqlite:////dev/null/x.db"},
            "/dev/null cannot be made (File exists); look at",
        ),
        ({DATABASE: "sqlite:////"}, "the database cannot be opened"),
        ({DATABASE: "postgresql+psycopg://a@[::1/x"}, "CERTDESK_DATABASE_URL is missing or not right"),
        ({DATABASE: "postgresql+psycopg://a@b:port/x"}, "CERTDESK_DATABASE_URL is missing or not right"),
    ],
)
def test_a_database_that_cannot_be_opened_is_a_line(
    certdesk: Run, variables: dict[str, str], words: str
) -> None:
    done = certdesk("db", "upgrade", **variables)
    assert done.status == 2
    assert words in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    "text", [b"{{ nope", b"\xff\xfe", b"{{ unheard_of }}"], ids=["open", "bytes", "name"]
)
@pytest.mark.parametrize("arguments", [("ask",), ("serve",), PLAYGROUND], ids=" ".join)
def test_a_broken_template_is_named(
    certdesk: Run, tmp_path: Path, arguments: tuple[str, ...], text: bytes
) -> None:
    (tmp_path / "questions").mkdir()
    (tmp_path / "questions" / "program.md").write_bytes(text)
    slack = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SLACK_API_URL": "http://127.0.0.1:9/"}
    done = certdesk(*arguments, CERTDESK_TEMPLATES_DIR=str(tmp_path), **slack)
    assert done.status == 2
    assert "the templates cannot be used.\n" in done.err
    assert "questions/program.md" in done.err
    assert "Traceback" not in done.err


def test_a_broken_policy_is_named(certdesk: Run, tmp_path: Path) -> None:
    (tmp_path / "opensrs.toml").write_text("id = ", encoding="utf-8")
    for arguments in (("ask",), ("decide",)):
        done = certdesk(*arguments, CERTDESK_POLICY_DIR=str(tmp_path))
        assert done.status == 2
        assert "the policy files cannot be used.\n" in done.err
        assert "opensrs.toml" in done.err


@pytest.mark.parametrize("option", ["--host", "--metrics-host"])
@pytest.mark.parametrize("host", ["a..b", "no-such-host.invalid"])
def test_a_host_that_is_none_is_said_with_its_option(certdesk: Run, option: str, host: str) -> None:
    http = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "0123456789abcdef"}
    ports = ("--port", "0", "--metrics-port", "0" if option == "--host" else "9")
    done = certdesk("serve", option, host, *ports, **http, SLACK_API_URL="http://127.0.0.1:9/")
    assert done.status == 2
    assert f"cannot listen on {host}" in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    "url", ["", "http://desk.example.com", "https://", 'https://a/"', "https://a\nb: c", "https://a?b=c"]
)
def test_an_address_that_slack_cannot_call_is_a_sentence(certdesk: Run, url: str) -> None:
    done = certdesk("manifest", "--url", url)
    assert (done.status, done.out) == (2, "")
    assert "--url takes an https address such as https://desk.example.com" in done.err
