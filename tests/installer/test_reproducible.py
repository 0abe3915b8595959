"""The same source gives the same bytes, whatever the times of its files."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


AT = 1795800000


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The tracked files in two folders, with other times, rights and order of writing."""
    names = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "-z"], check=True, capture_output=True, text=True
    ).stdout.split("\0")[:-1]
    places = []
    for turn, mode in (("một", 0o644), ("hai", 0o664)):
        place = tmp_path_factory.mktemp(turn) / f"bản {turn}"
        for name in sorted(names, reverse=turn == "hai"):
            target = place / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if not (ROOT / name).is_file():
                continue
            target.write_bytes((ROOT / name).read_bytes())
            target.chmod(mode | ((ROOT / name).stat().st_mode & 0o100))
            if turn == "hai":
                os.utime(target, (1_000_000_000, 1_000_000_000))
        places.append(place)
    return places


def script(system: str) -> Any:
    """The build of one system; both files are called ``build.py``."""
    spec = importlib.util.spec_from_file_location(
        f"build_{system}", ROOT / "installer" / system / "build.py"
    )
    assert spec
    assert spec.loader
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def built(place: Path, kind: str, out: Path) -> tuple[str, bytes]:
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(AT), "PYTHONPATH": str(place / "src")}
    subprocess.run(
        [sys.executable, place / "scripts" / "catalogue.py", "compile"],
        cwd=place, env=environment, check=True, capture_output=True,
    )  # fmt: skip
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", out],
        cwd=place, env=environment, check=True, capture_output=True,
    )  # fmt: skip
    (made,) = out.iterdir()
    return made.name, made.read_bytes()


def test_the_compiled_catalogue_does_not_say_when_it_was_made() -> None:
    import catalogue

    catalogue.compile_all()
    path = ROOT / "translations" / "vi" / "LC_MESSAGES" / "traffick_desk.mo"
    head = path.read_bytes().partition(b"POT-Creation-Date: ")[2]
    assert head.startswith(b"2000-01-01 00:00+0000\n")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_built_in_two_folders_it_is_the_same(tmp_path: Path, copies: list[Path], kind: str) -> None:
    one, two = (built(place, kind, tmp_path / str(n)) for n, place in enumerate(copies))
    assert one[0] == two[0]
    assert sha256(one[1]).hexdigest() == sha256(two[1]).hexdigest()
    assert str(copies[0]).encode() not in one[1]


@pytest.mark.slow
def test_a_package_of_a_small_tree_made_in_two_folders_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = ROOT / ".cache" / "build-env" / "bin" / "nfpm"
    if not tool.exists():
        pytest.skip("the builds' tools are not here (make installer-linux brings them)")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(AT))
    monkeypatch.setattr(sys, "executable", str(tool.with_name("python")))
    build = script("linux")
    found = []
    for turn, names in (("một", "abc"), ("hai", "cab")):
        work = tmp_path / turn
        tree = work / "versions" / "1"
        tree.mkdir(parents=True)
        for name in names:
            (tree / name).write_text(name * 5000)
        (tree / "traffick-desk").write_text("#!/bin/sh\n")
        (tree / "traffick-desk").chmod(0o755)
        for name, value in {"WORK": work, "TREE": tree, "DIST": work / "dist"}.items():
            monkeypatch.setattr(build, name, value)
        top = build.stage()
        found.append(
            [sha256(made(top).read_bytes()).hexdigest() for made in (build.deb, build.archive)]
        )
    assert found[0] == found[1]


@pytest.mark.slow
def test_launchers_and_installer_of_a_small_tree_made_in_two_folders_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if any(shutil.which(tool) is None for tool in ("x86_64-w64-mingw32-gcc", "makensis")):
        pytest.skip("gcc-mingw-w64-x86-64 and nsis are not here")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(AT))
    monkeypatch.syspath_prepend(ROOT / "installer" / "windows")
    build = script("windows")
    found = []
    for turn, names in (("mot", "abc"), ("hai", "cab")):
        work = tmp_path / turn
        tree = work / "versions" / "1"
        tree.mkdir(parents=True)
        for name in names:
            (tree / name).write_text(name * 5000)
        build.parts.even(tree)
        for name, value in {"WORK": work, "TREE": tree, "DIST": work / "dist"}.items():
            monkeypatch.setattr(build, name, value)
        build.launchers(work / "launcher")
        build.parts.even(work / "launcher")
        made = [*sorted((work / "launcher").iterdir()), build.setup_program()]
        found.append({path.name: sha256(path.read_bytes()).hexdigest() for path in made})
    assert found[0] == found[1]
    assert {"traffick-desk.exe", "traffick-desk-cli.exe"} <= set(found[0])


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
