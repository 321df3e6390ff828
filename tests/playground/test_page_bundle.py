"""The committed page is what its sources build."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "bot" / "playground" / "page"
STATIC = PAGE / "static"
BUILT = ["THIRD-PARTY-LICENSES.txt", "app.js", "index.html"]
RECIPE = ["build.mjs", "package-lock.json", "package.json", "tsconfig.json"]
INSTALL_SECONDS = 60


def sources() -> list[Path]:
    return sorted(
        [PAGE / name for name in RECIPE] + [path for path in (PAGE / "src").rglob("*") if path.is_file()],
        key=lambda path: path.relative_to(PAGE).as_posix(),
    )


def hash_of_sources() -> str:
    digest = hashlib.sha256()
    for path in sources():
        content = path.read_bytes()
        digest.update(f"{path.relative_to(PAGE).as_posix()}\n{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def header() -> str:
    return (STATIC / "app.js").read_text("utf-8").split("*/", 1)[0]


def test_the_header_names_the_hash_of_the_sources() -> None:
    named = re.search(r"sources sha256: ([0-9a-f]{64})", header())
    assert named, header()
    assert named[1] == hash_of_sources(), "the sources changed: run `node build.mjs` in bot/playground/page"


def test_the_header_names_the_pinned_versions() -> None:
    pinned = json.loads((PAGE / "package.json").read_text("utf-8"))["dependencies"]
    for name, version in pinned.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), f"{name} is not pinned exactly"
        assert f"{name} {version}" in header()


def test_the_lock_file_names_no_registry() -> None:
    lock = json.loads((PAGE / "package-lock.json").read_text("utf-8"))
    resolved = {name for name, package in lock["packages"].items() if "resolved" in package}
    assert resolved == set()
    unchecked = {name for name, package in lock["packages"].items() if name and "integrity" not in package}
    assert unchecked == set()


def test_the_page_loads_nothing_from_elsewhere() -> None:
    page = (STATIC / "index.html").read_text("utf-8")
    assert "default-src 'none'" in page
    assert re.findall(r"<script[^>]*>", page) == ['<script src="./app.js">']
    assert not re.search(r"""(?:src|href|url\()=?["']?https?://""", page)
    assert "@import" not in page


def test_every_bundled_package_has_its_license() -> None:
    text = (STATIC / "THIRD-PARTY-LICENSES.txt").read_text("utf-8")
    for name in ("react", "react-dom", "scheduler", "slack-blocks-to-jsx", "@yozora/*", "tailwindcss"):
        assert re.search(rf"^{re.escape(name)} ", text, re.MULTILINE), name


def test_no_machine_shows_in_the_bundle() -> None:
    for name in BUILT:
        text = (STATIC / name).read_text("utf-8")
        assert str(ROOT) not in text
        assert "node_modules/" not in text
        assert "sourceMappingURL" not in text


@pytest.mark.long
def test_building_again_gives_the_same_bytes(tmp_path: Path) -> None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        pytest.skip("Node is not here, so the page cannot be built again")
    for path in sources():
        copy = tmp_path / "page" / path.relative_to(PAGE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    install = [npm, "ci", "--omit=dev", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline"]
    try:
        done = subprocess.run(
            [*install, "--fetch-retries=0", "--fetch-timeout=10000"],
            cwd=tmp_path / "page",
            capture_output=True,
            text=True,
            timeout=INSTALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        pytest.skip(f"npm did not bring the page's packages within {INSTALL_SECONDS} s")
    if done.returncode:
        pytest.skip(f"npm cannot bring the page's packages here: {done.stderr.strip()[-300:]}")
    subprocess.run(
        [node, "build.mjs", str(tmp_path / "built")], cwd=tmp_path / "page", check=True, timeout=60
    )
    for name in BUILT:
        assert (tmp_path / "built" / name).read_bytes() == (STATIC / name).read_bytes(), name
