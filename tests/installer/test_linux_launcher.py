"""The launcher of Linux: which version it starts, whatever the pointer files say."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

LAUNCHER = Path(__file__).resolve().parent.parent.parent / "installer" / "linux" / "launcher"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a shell script of Linux")


def version(home: Path, number: int) -> None:
    folder = home / "versions" / str(number)
    folder.mkdir(parents=True)
    start = folder / "traffick-desk"
    start.write_text(f'#!/bin/sh\necho "{number} $TRAFFICK_DESK_HOME $*"\n')
    start.chmod(0o755)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    found = tmp_path / "chương trình mới"
    for number in (3, 4):
        version(found, number)
    shutil.copy(LAUNCHER, found / "traffick-desk")
    (found / "current").write_text("4\n")
    (found / "previous").write_text("3\n")
    return found


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A folder that every user may enter, which those of pytest are not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def start(home: Path, *arguments: str, **more: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [str(home / "traffick-desk"), *arguments],
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "HOME": str(home.parent), **more},
        check=False,
    )
    return done.returncode, done.stdout.strip(), done.stderr


def test_the_current_version_gets_the_arguments_as_they_are(home: Path) -> None:
    code, out, err = start(home, "list", "a b", "ấ")
    assert (code, err) == (0, "")
    assert out == f"4 {home} list a b ấ"


@pytest.mark.parametrize(
    "text", ["", "x\n", "../../etc\n", "99\n", "4 5\n", "12345678901\n", "-1\n"]
)
def test_a_pointer_that_points_nowhere_means_the_version_before(home: Path, text: str) -> None:
    (home / "current").write_text(text)
    assert start(home)[1].startswith("3 ")


def test_a_link_to_it_works(home: Path, tmp_path: Path) -> None:
    link = tmp_path / "bin"
    link.mkdir()
    (link / "traffick-desk").symlink_to(home / "traffick-desk")
    assert start(link)[1] == f"4 {home}"


def test_nothing_whole_is_said_in_words(home: Path) -> None:
    shutil.rmtree(home / "versions")
    code, out, err = start(home)
    assert (code, out) == (3, "")
    assert "Your data is safe" in err
    assert "an toàn" in err


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs another user")
def test_a_package_of_the_system_and_versions_of_the_officer(home: Path, open_place: Path) -> None:
    """Run as a user who may not write where the package lies."""
    own = open_place / "own"
    home = home.replace(open_place / "package")
    version(own / "traffick-desk" / "program", 6)
    officer = own / "traffick-desk" / "program"

    def as_user() -> str:
        done = subprocess.run(
            [str(home / "traffick-desk")],
            capture_output=True,
            text=True,
            env={"PATH": os.environ["PATH"], "XDG_DATA_HOME": str(own)},
            check=True,
            user=65534,
        )
        return done.stdout.split()[0]

    assert as_user() == "4", "nothing of the officer's yet"
    (officer / "current").write_text("6\n")
    (officer / "highest").write_text("6\n")
    assert as_user() == "6"
    (officer / "current").write_text("4\n")
    assert as_user() == "4", "gone back to what the package brought"
    (officer / "current").write_text("6\n")
    version(home, 8)
    (home / "current").write_text("8\n")
    assert as_user() == "8", "the package is newer than all that was in use"
