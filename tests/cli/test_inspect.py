"""`certdesk inspect` as another program calls it: files in, JSON Lines out, an exit status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bot.reading.certificates import LARGEST
from tests.cli.conftest import Done, Run
from tests.reading import certificates as c

LEAF = c.leaf()
KEY = c.key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
NOTHING = {
    "provider": None,
    "validation": None,
    "common_name": None,
    "sans": [],
    "not_before": None,
    "expired": False,
    "is_private_key": False,
    "leaf_sha256": None,
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lines(done: Done) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.out.splitlines()]


def test_each_file_is_answered_in_order_with_every_key(certdesk: Run, folder: Path) -> None:
    (folder / "shop.pem").write_bytes(c.pem(*reversed(c.chain())))
    (folder / "note.txt").write_text("nothing in here")
    done = certdesk("inspect", "note.txt", "shop.pem", "--today", "2027-11-04")
    assert (done.status, done.err) == (0, "")
    note, shop = lines(done)
    assert note == {"file": "note.txt", "kind": "none", **NOTHING}
    assert [*note] == [*shop]
    sha256 = shop.pop("leaf_sha256")
    assert len(sha256) == len(LEAF.fingerprint(hashes.SHA256()).hex())
    assert shop == {
        "file": "shop.pem",
        "kind": "chain",
        "provider": "sectigo",
        "validation": "dv",
        "common_name": c.HOSTS[0],
        "sans": [*c.HOSTS],
        "not_before": "2026-11-03",
        "expired": True,
        "is_private_key": False,
    }


def test_of_a_private_key_only_that_is_told(certdesk: Run, folder: Path) -> None:
    (folder / "key.pem").write_bytes(KEY)
    (folder / "both.pem").write_bytes(c.pem(LEAF) + KEY)
    done = certdesk("inspect", "key.pem", "both.pem")
    assert lines(done) == [
        {"file": "key.pem", "kind": "private_key", "is_private_key": True},
        {"file": "both.pem", "kind": "bundle", "is_private_key": True},
    ]
    assert "PRIVATE" not in done.out + done.err


def test_a_file_that_cannot_be_read_is_a_sentence_and_the_others_are_answered(
    certdesk: Run, folder: Path
) -> None:
    (folder / "large.pem").write_bytes(bytes(LARGEST + 1))
    (folder / "shop.der").write_bytes(c.der(LEAF))
    done = certdesk("inspect", "gone.pem", ".", "large.pem", "a\0b", "shop.der")
    assert done.status == 1
    assert [line["kind"] for line in lines(done)] == ["none", "none", "none", "none", "certificate"]
    assert lines(done)[0] == {"file": "gone.pem", "kind": "none", **NOTHING}
    said = done.err.splitlines()
    assert [line.split(" cannot be read: ")[0] for line in said] == [
        "certdesk: gone.pem",
        "certdesk: .",
        "certdesk: large.pem",
        "certdesk: a\0b",
    ]
    assert "more than 2 MB" in said[2]


def test_standard_input_is_read_too(certdesk: Run) -> None:
    done = certdesk("inspect", "-", typed=c.pem(LEAF).decode())
    assert [(line["file"], line["kind"]) for line in lines(done)] == [("-", "certificate")]


@pytest.mark.parametrize("day", ["yesterday", "2026-11-31", "23.11.2026", ""])
def test_a_day_that_is_none_is_refused(certdesk: Run, day: str) -> None:
    done = certdesk("inspect", "shop.pem", "--today", day)
    assert (done.status, done.out) == (2, "")
    assert "--today" in done.err
