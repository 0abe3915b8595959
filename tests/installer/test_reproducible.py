"""The same source gives the same bytes, whatever the times of its files."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_built_twice_it_is_the_same(tmp_path: Path, kind: str) -> None:
    found = []
    for turn in ("one", "two"):
        # Times of files must not get in: the newest of them is another one now.
        os.utime(ROOT / "src" / "traffick_desk" / "edition.py")
        subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", tmp_path / turn],
            cwd=ROOT,
            env={**os.environ, "SOURCE_DATE_EPOCH": "1795800000"},
            check=True,
            capture_output=True,
        )
        (built,) = (tmp_path / turn).iterdir()
        found.append((built.name, sha256(built.read_bytes()).hexdigest()))
    assert found[0] == found[1]


def test_the_list_of_a_tree_names_every_file_and_its_order_is_not_that_of_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import parts

    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795800000")
    lists = []
    for turn, names in (("one", "abc"), ("two", "cab")):
        tree = tmp_path / turn
        tree.mkdir()
        for name in names:
            (tree / name).write_text(name)
        parts.describe(tree, "linux-x64")
        lists.append((tree / "files.json").read_bytes())
        assert {p.stat().st_mtime for p in tree.iterdir()} == {1795800000}
    assert lists[0] == lists[1]
    assert b"program.json" in lists[0]


def test_the_lock_gives_each_platform_what_it_needs_and_every_hash() -> None:
    import parts

    windows = parts.locked(parts.WINDOWS)
    assert "sqlcipher3==" in windows
    for entry in windows.split("\n\n"):
        assert "--hash=sha256:" in entry
    assert "://" not in windows
    assert "#" not in windows
