"""Libraries compiled ahead: without their docstrings, otherwise as they were."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPT = ROOT / "installer" / "windows" / "compile_tree.py"
SOURCE = '''"""A library's words."""
from __future__ import annotations

LIMIT: int = 3


class Thing:
    """Only words."""


async def wait():
    """Only words."""


def ask(n):
    """Say it."""
    "not a docstring"
    assert n < LIMIT, "too many"
    return ask.__doc__, n


def plain():
    return "a text that is returned"
'''


def compiled(tmp_path: Path, how: str) -> Path:
    folder = tmp_path / how / "site"
    (folder / "library").mkdir(parents=True)
    (folder / "library" / "__init__.py").write_text(SOURCE)
    (folder / "library" / "template.py").write_text("${not python}\n")
    done = subprocess.run(
        [sys.executable, "-I", SCRIPT, folder, how], check=True, capture_output=True, text=True
    )
    assert "site/library/template.py is not compiled" in done.stdout
    return folder


def said(folder: Path, code: str) -> str:
    return subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(folder)!r}); {code}"],
        check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip


def test_the_compiled_form_stands_alone_and_keeps_assertions(tmp_path: Path) -> None:
    folder = compiled(tmp_path, "instead")
    assert not (folder / "library" / "__init__.py").exists()
    code = "import library as l; print(l.__doc__, l.Thing.__doc__, l.wait.__doc__, l.ask(1), l.plain())"
    assert said(folder, code) == "None None None (None, 1) a text that is returned"
    with pytest.raises(subprocess.CalledProcessError) as refused:
        said(folder, "import library; library.ask(3)")
    assert "too many" in refused.value.stderr
    assert b"A library's words" not in (folder / "library" / "__init__.pyc").read_bytes()


def test_our_own_keeps_its_source_and_its_words(tmp_path: Path) -> None:
    folder = compiled(tmp_path, "keep")
    assert (folder / "library" / "__init__.py").read_text() == SOURCE
    assert len(list((folder / "library" / "__pycache__").iterdir())) == 1
    assert said(folder, "import library; print(library.__doc__)") == "A library's words."


def test_made_twice_in_two_places_it_is_the_same(tmp_path: Path) -> None:
    one = compiled(tmp_path / "một", "instead") / "library" / "__init__.pyc"
    two = compiled(tmp_path / "hai", "instead") / "library" / "__init__.pyc"
    assert one.read_bytes() == two.read_bytes()
    assert str(tmp_path).encode() not in one.read_bytes()
