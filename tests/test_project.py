"""What the project promises of its own files."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import traffick_desk

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-build.lock")


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_host_and_no_path_and_pins_every_file_by_its_hash(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*(-|/|\.)(?!-hash)", text.replace("--hash", ""), re.MULTILINE)
    pinned = re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", text, re.MULTILINE)
    blocks = re.split(r"^(?=[a-z0-9._-]+==)", text, flags=re.MULTILINE)[1:]
    assert len(pinned) == len(blocks) > 15
    assert all("--hash=sha256:" in block for block in blocks)


def test_every_dependency_is_in_the_lock() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    locked = (ROOT / "requirements.lock").read_text("utf-8").lower()
    for dependency in project["project"]["dependencies"]:
        name = re.split(r"[<>=!~\[ ]", dependency, maxsplit=1)[0].lower().replace("_", "-")
        assert f"\n{name}==" in f"\n{locked}", name


def test_the_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["version"] == traffick_desk.__version__


def test_what_is_shipped_is_named_with_its_licence() -> None:
    notice = (ROOT / "NOTICE").read_text("utf-8")
    for part in ("Liberation Serif", "vietnamadminunits", "CLDR", "PySide6", "SQLCipher"):
        assert part in notice
    assert (ROOT / "resources" / "fonts" / "OFL.txt").exists()
    assert (ROOT / "LICENSE").read_text("utf-8").lstrip().startswith("Apache License")


def test_only_the_builds_have_their_own_tools() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    build = (ROOT / "requirements-build.lock").read_text("utf-8").lower()
    shipped = (ROOT / "requirements.lock").read_text("utf-8").lower()
    for dependency in project["dependency-groups"]["build"]:
        name = re.split(r"[<>=]", dependency, maxsplit=1)[0].lower()
        assert f"\n{name}==" in f"\n{build}", name
        assert f"\n{name}==" not in f"\n{shipped}", name


def test_every_stand_in_of_the_smoke_test_is_named_and_none_is_on_a_list_of_what_is_shipped() -> (
    None
):
    smoke = (ROOT / "installer" / "windows" / "smoke.py").read_text("utf-8")
    build = (ROOT / "installer" / "windows" / "build.py").read_text("utf-8")
    from windows.wine import standins

    assert set(standins.NAMES) == {"icuuc.dll", "mscms.dll", "bcryptprimitives.dll"}
    assert "shipped & set(standins.NAMES)" in smoke
    assert "standins" not in build
    for tree in (ROOT / "build").glob("*/versions/*"):
        found = {path.name.lower() for path in tree.rglob("*.dll")}
        assert not found & set(standins.NAMES), tree
